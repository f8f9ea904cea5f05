"""Somebody with a browser, who knows the page by what it shows: contract 5."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Route,
    WebSocket,
    expect,
)

from tests.patience import PATIENCE
from tests.serving import ROOT

_LOST = ("WebSocket connection to", "Failed to load resource: net::ERR_")
_ENDED = "WebSocket is closed before the connection is established"
"""A page that is closed while it connects once more, as on a machine that is busy."""


def _source(route: Route) -> None:
    path = ROOT / "ui" / urlsplit(route.request.url).path.partition("/sources/")[2]
    route.fulfill(path=path, content_type="text/javascript")


class Held:
    """Requests for `url` that wait until they are released; those after that go at once.

    A context holds those of its pages too."""

    def __init__(self, source: Page | BrowserContext, url: str | re.Pattern[str]) -> None:
        self._waiting: list[Route] = []
        self._released = False
        source.route(url, lambda route: self._hold(route))

    def _hold(self, route: Route) -> None:
        if self._released:
            route.continue_()
        else:
            self._waiting.append(route)

    def __len__(self) -> int:
        return len(self._waiting)

    def release(self) -> None:
        """Let go on what waits. Not by `unroute`, which handles it by itself meanwhile."""
        self._released = True
        for route in self._waiting:
            route.continue_()


TWO_FRAMES = """() => Promise.race([
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    new Promise((done) => setTimeout(done, 1000)),
])"""
"""In the page: until what was to be drawn is; a page in the background has no frames."""


class Visitor:
    """`faults` are the page's errors, breaches of its policy included; `strayed` the requests
    to anywhere but the hub; `expected` are parts of faults that a test brings about itself;
    `hosts` are where the hub is, as far as the test knows;
    `asked` are all addresses that went over the wire, those told as Referer included."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        context.set_default_timeout(PATIENCE * 1000)
        self.page = context.new_page()
        self.told: list[str] = []  # faults, some of which may be expected only after that
        self.strayed: list[str] = []
        self.asked: list[str] = []
        self.expected: tuple[str, ...] = ()
        self.hosts: set[str] = set()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("websocket", self._connected)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not self._expects(message.text):
            self.told.append(message.text)

    def _expects(self, fault: str) -> bool:
        return any(part in fault for part in (*self.expected, _ENDED))

    @property
    def faults(self) -> list[str]:
        return [fault for fault in self.told if not self._expects(fault)]

    def _asked(self, request: Request) -> None:
        self.asked.append(request.headers.get("referer", ""))
        self._check(request.url)

    def _connected(self, socket: WebSocket) -> None:
        self._check(socket.url)

    def _check(self, url: str) -> None:
        self.asked.append(urldefrag(url).url)
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc not in self.hosts:
            self.strayed.append(url)

    # -- what somebody does ----------------------------------------------------------------

    def open(self, url: str) -> None:
        self.hosts.add(urlsplit(url).netloc)
        self.page.goto(url)

    def module(self, path: str) -> str:
        """The address of a module of the page by itself, to be imported; `path` is below ui/."""
        self.page.route("**/sources/**", _source)
        return f"/sources/{path}"

    def join(self, name: str) -> None:
        self.page.get_by_role("textbox", name="Your name").fill(name)
        self.page.get_by_role("button", name="Join").click()
        self.is_in()

    def has_joined(self, url: str, name: str) -> None:
        """Join that hub before its page is opened, as somebody who came earlier: that is faster."""
        origin = urljoin(url, "/")[:-1]
        answer = self.context.request.post(
            f"{origin}/api/session", data={"name": name}, headers={"Origin": origin}
        )
        assert answer.status == 201, answer.text()

    def is_in(self) -> None:
        expect(self.message).to_be_visible()
        expect(self.page.get_by_text("Connected", exact=True)).to_be_attached()

    def say(self, text: str) -> None:
        self.message.fill(text)
        self.page.get_by_role("button", name="Send").click()

    def types(self, text: str) -> None:
        """As a person does, key by key."""
        self.message.focus()
        self.page.keyboard.type(text)

    def makes_private_room(self) -> str:
        """The name of a private room of their own; the page stays where it is."""
        room: str = self.page.evaluate(
            """() => fetch('/api/rooms', {
                method: 'POST', body: '{"kind":"private","title":"Tea"}',
                headers: { 'Content-Type': 'application/json' },
            }).then((answer) => answer.json()).then(({ room }) => room)"""
        )
        return room

    def expect_losses(self) -> None:
        """The hub is going to be away: the browser says so, and may."""
        self.expected = (*self.expected, *_LOST)

    def scroll_to_top(self) -> None:
        self.log.evaluate("log => { log.scrollTop = 0 }")

    def close(self) -> None:
        self.context.close()

    # -- what somebody sees ----------------------------------------------------------------

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def message(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message")

    def row(self, text: str) -> Locator:
        """The message with exactly this text."""
        whole = re.compile(f"^{re.escape(text)}$")
        shown = self.page.locator(".text").filter(has_text=whole)
        return self.log.get_by_role("article").filter(has=shown)

    def sees(self, text: str, seconds: float = PATIENCE) -> None:
        """A message is there once, and saved."""
        expect(self.row(text)).to_have_count(1, timeout=seconds * 1000)
        expect(self.row(text).get_by_text("Sending")).to_have_count(0, timeout=seconds * 1000)

    def all_is_saved(self) -> None:
        """Wait until the hub has what they said: it is shown before, in the frame after it."""
        self.page.evaluate(TWO_FRAMES)
        expect(self.page.locator(".msg.pending")).to_have_count(0)

    def rests(self) -> None:
        """Wait until what is shown of the messages moves no more."""
        places: list[tuple[float, float]] = []
        while len(places) < 5 or len(set(places[-5:])) > 1:
            assert len(places) < 300, places
            self.page.wait_for_timeout(100)
            place = self.log.evaluate("x => [x.scrollTop, x.scrollHeight]")
            places.append((place[0], place[1]))

    def from_bottom(self) -> float:
        """How many pixels of messages are below what is shown."""
        told: float = self.log.evaluate("x => x.scrollHeight - x.clientHeight - x.scrollTop")
        return told
