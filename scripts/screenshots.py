"""Takes the pictures of README and docs/ from a running hub in a real browser.

`python3 scripts/screenshots.py [--out DIR] [--all]`, after `python3 scripts/test.py` has set things
up. With `--all` also the cards and the compact density, for reviewing the page.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from email.message import Message
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from websockets.sync.client import ClientConnection, connect

import commands
import environment

ARGUMENTS: Final = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SIZES: Final = {"wide": (1280, 800), "phone": (390, 844)}

NEWCOMERS: Final = ("Library", "Garage", "Night shift", "Roof")
TALK: Final = [
    ("Front desk", "Good morning. The power is back, the line to town is **not**."),
    ("Front desk", "Everything here works without it: this room, the files, the printer list."),
    ("Kitchen", "Lunch at 12:30 for the field team, 13:00 for everyone else."),
    ("Field team", "Back at noon. Readings so far:\n\n```\nnorth  4.2\nsouth  3.9\n```"),
    ("סדנה", "המחרטה פנויה אחרי עשר. מי צריך אותה היום?"),
    ("Kitchen", "Somebody left a *very* full lunch box in the fridge. Blue lid."),
    ("Field team", "That is ours. Please save it."),
    ("Front desk", "Room list and the map are at http://192.168.1.5/ for today."),
]
ANSWERED: Final = {6: 7}
"""Which of them answers which event; the second event is the topic."""


def main(arguments: list[str]) -> None:
    """Start a hub on a folder of its own, fill it, take every picture, stop it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=commands.ROOT / "docs")
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args(arguments)
    out: Path = options.out
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [str(environment.PYTHON), str(commands.ROOT / "launcher.py"), "--no-window"]
        command += ["--port", "0", "--rooms", folder, "--set", "message_rate=0"]
        command += ["--set", "announce=false"]
        hub = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert hub.stdout is not None
            found = re.search(r"http://\S+?:\d+", hub.stdout.readline())
            assert found is not None, "the hub did not start"
            with contextlib.ExitStack() as room, sync_playwright() as playwright:
                people = [room.enter_context(_stay(found[0], x)) for x in _fill(found[0])]
                _do(people[1], do="react", room="general", of=8, text="👍")
                _do(people[2], do="react", room="general", of=8, text="👍")
                _do(people[0], do="react", room="general", of=7, text="😄")
                for n in (3, 4):
                    _do(people[0], do="pin", room="general", of=n)
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
                    args=[*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
                )
                newcomers = iter(NEWCOMERS)
                for scheme in ("light", "dark"):
                    for size in SIZES:
                        name = next(newcomers)
                        page = _take(browser, found[0], scheme, size, name, out, people[1])
                        if options.all:
                            _take_cards(page, f"{size}-{scheme}", out)
                        page.context.close()
                browser.close()
        finally:
            hub.terminate()
            hub.wait(10)


def _fill(base: str) -> list[str]:
    """Post the conversation; returns the speakers' tokens by name."""
    tokens = {name: _enter(base, name) for name in dict.fromkeys(name for name, _ in TALK)}
    for place, (name, text) in enumerate(TALK):
        answered = {"re": ANSWERED[place]} if place in ANSWERED else {}
        _say(base, "general", tokens[name], text, **answered)
        if not place:
            change = {"do": "topic", "text": "Everything about today"}
            bearer = f"Bearer {tokens[name]}"
            _post(f"{base}/api/rooms/general", change, Authorization=bearer)
    for room in ("kitchen", "field-notes", "workshop"):
        _say(base, room, tokens["Front desk"], f"This is where {room} talks.")
    return list(tokens.values())


@contextlib.contextmanager
def _stay(base: str, token: str) -> Iterator[ClientConnection]:
    """Be in the room, as somebody with it on their screen is; what they are told is not read."""
    url = f"ws{base.removeprefix('http')}/api/live"
    with connect(url, ping_interval=None, close_timeout=1) as live:
        _do(live, do="hello", token=token)
        _do(live, do="join", room="general")
        yield live


def _do(live: ClientConnection, **command: str | int) -> None:
    live.send(json.dumps({**command, "key": secrets.token_hex(8)}))


def _enter(base: str, name: str) -> str:
    """Come in under a name; gives the session's token."""
    cookie: str = _post(f"{base}/api/session", {"name": name})["Set-Cookie"]
    return cookie.partition("=")[2].partition(";")[0]


def _say(base: str, room: str, token: str, text: str, **more: int) -> None:
    body: dict[str, str | int] = {"msg": text, **more}
    _post(f"{base}/api/chat/{room}", body, Authorization=f"Bearer {token}")


def _post(address: str, body: Mapping[str, str | int], **headers: str) -> Message:
    kind = {"Content-Type": "application/json", **headers}
    asked = urllib.request.Request(address, json.dumps(body).encode(), kind)
    with urllib.request.urlopen(asked) as answer:
        told: Message = answer.headers
        return told


def _take(
    browser: Browser,
    base: str,
    scheme: str,
    size: str,
    name: str,
    out: Path,
    elsewhere: ClientConnection,
) -> Page:
    """The gate and a room; gives the page, with the room on it."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id="UTC",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto(f"{base}/general")
    page.get_by_text("people are here").wait_for()
    _shot(page, out / f"join-{size}-{scheme}.png")
    page.goto(f"{base}/kitchen")
    page.get_by_role("textbox", name="Your name").fill(name)
    page.get_by_role("button", name="Join").click()
    page.get_by_role("log").get_by_text("This is where kitchen talks").wait_for()
    page.goto(f"{base}/general")
    page.get_by_role("log").get_by_text("Please save it").wait_for()
    page.mouse.move(width / 2, 0)
    _do(elsewhere, do="say", room="kitchen", text="The soup is on.")
    page.wait_for_timeout(2000)
    _shot(page, out / f"room-{size}-{scheme}.png")
    return page


def _take_cards(page: Page, kind: str, out: Path) -> None:
    """What lies over the page when it is asked for, and the compact density."""
    wide = kind.startswith("wide")

    def button(name: str) -> Locator:
        return page.get_by_role("button", name=name)

    if not wide:
        button("Rooms").first.click()
    button("Find or make a room").click()
    _shot(page, out / f"rooms-{kind}.png")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("log").get_by_role("button", name="Kitchen", exact=True).last.click()
    _shot(page, out / f"person-{kind}.png")
    page.keyboard.press("Escape")
    button("All 2").click()
    _shot(page, out / f"pins-{kind}.png")
    page.keyboard.press("Escape")
    page.evaluate("document.documentElement.dataset.density = 'compact'")
    _shot(page, out / f"compact-{kind}.png")


def _shot(page: Page, file: Path) -> None:
    page.wait_for_timeout(300)
    page.screenshot(path=file)
    print(file)


if __name__ == "__main__":
    main(sys.argv[1:])
