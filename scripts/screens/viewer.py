"""A page in a browser, by what somebody does in it; takes pictures of what it shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, Locator, Page

from screens.guest import Guest
from screens.talk import Cast

SIZES: Final = {"wide": (1280, 800), "phone": (390, 844)}
PATIENCE: Final = 8_000
"""Milliseconds for anything to appear."""
REST: Final = 350
"""Milliseconds after which nothing moves any more."""


class Viewer:
    """`cast` are the people in the hub; the page is a new one for each screen."""

    def __init__(self, context: BrowserContext, cast: Cast, size: str, direction: str) -> None:
        self.cast = cast
        self.phone = size == "phone"
        self.page: Page = context.new_page()
        self._context = context
        self._size = size
        self._direction = direction

    # -- what somebody does ----------------------------------------------------------------

    def open(self, room: str = "general", *, seen: bool = True) -> None:
        """Open a room; `seen` waits until its messages are there."""
        self.page.goto(f"{self.cast.me.base}/{room}")
        self.page.evaluate("dir => { document.documentElement.dir = dir }", self._direction)
        if seen:
            self.log.get_by_role("article").last.wait_for()

    def press(self, *names: str | re.Pattern[str] | Locator) -> None:
        """Tap or click one button after the other."""
        for name in names:
            target = name if isinstance(name, Locator) else self.button(name)
            target.tap() if self.phone else target.click()

    def menu(self, text: str, *names: str) -> None:
        """Open what can be done with a message, and press these in it."""
        row = self.row(text)
        row.focus()
        row.press("Enter")
        for name in names:
            self.press(self.dialog("Message actions").get_by_role("button", name=name, exact=True))

    def rooms(self) -> None:
        """Bring the list of rooms in, where it is a drawer."""
        if self.phone:
            self.press(re.compile("^Rooms"))
            self.page.wait_for_timeout(REST)

    def people(self) -> None:
        """Bring the list of people in, where it is a drawer."""
        if self.phone:
            self.press(re.compile("^People here"))
            self.page.wait_for_timeout(REST)

    def you(self, *names: str) -> None:
        """Open the card about oneself, and press what begins with these in it."""
        self.rooms()
        self.press(re.compile("^You: "))
        for name in names:
            self.press(self.dialog().get_by_role("button", name=re.compile(f"^{name}")))

    def type(self, text: str) -> None:
        self.message.focus()
        self.page.keyboard.type(text)

    def be(self, guest: Guest | None) -> None:
        """Be somebody else from the next page on, or a stranger."""
        self._context.clear_cookies()
        if guest:
            cookie = {"name": guest.cookie, "value": guest.token, "url": guest.base}
            self._context.add_cookies([cookie])  # type: ignore[list-item]

    # -- what somebody sees ----------------------------------------------------------------

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True).first

    def dialog(self, name: str | None = None) -> Locator:
        return self.page.get_by_role("dialog", name=name, exact=True).last

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def message(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    def row(self, text: str) -> Locator:
        said = self.page.locator(".text").filter(has_text=text)
        return self.log.get_by_role("article").filter(has=said).last

    # -- pictures --------------------------------------------------------------------------

    def shoot(self, name: str, out: Path) -> None:
        """Take the screen in both schemes, from right to left in one.

        Raises ValueError where something is wider than the screen.
        """
        self.page.wait_for_timeout(REST)
        rtl = self._direction == "rtl"
        for scheme in ("light",) if rtl else ("light", "dark"):
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            file = out / f"{name}-{self._size}-{'rtl' if rtl else scheme}.png"
            self.page.screenshot(path=file)
            print(file, flush=True)
        wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            raise ValueError(f"it is {wider} px wider than the screen")

    def close(self) -> None:
        self.page.close()


Screen = Callable[[Viewer], None]
"""How to get to a screen from a page that is blank."""
