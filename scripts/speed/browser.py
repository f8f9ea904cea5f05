"""Chromium with a quarter of the processor, and the rooms that its page shows."""

from __future__ import annotations

import json
import os
import shutil
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from speed.outcomes import Absent
from speed.stage import Hub
from speed.websocket import Guest, await_text, come_in, frame

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

SLOWER: Final = 4
"""How many times slower the page's thread runs: a phone beside a computer."""
ARGUMENTS: Final = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PIECE: Final = 20
"""Messages under way at a time while a room is filled."""
PING, PONG = b"\x89\x00", b"\x8a\x80\0\0\0\0"
PARAGRAPH: Final = "The line to town is down, and everything here works without it. "


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, on any core; Absent where it or what drives it is missing."""
    try:
        from playwright.sync_api import sync_playwright  # only the tests' packages have it
    except ImportError:
        raise Absent("python3 scripts/test.py sets up what drives a browser") from None
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise Absent("no Chromium is installed")
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program,
                args=[*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
            )
            os.sched_setaffinity(0, ours)
            yield browser
            browser.close()
    finally:
        os.sched_setaffinity(0, ours)


def person(browser: Browser, hub: Hub, name: str) -> BrowserContext:
    """A browser with an empty cache in which somebody of this name is in already."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    address = hub.running.address
    asked = urllib.request.Request(
        f"{address}/api/session",
        json.dumps({"name": name}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        cookie, _, value = answer.headers["Set-Cookie"].partition(";")[0].partition("=")
    context.add_cookies([{"name": cookie, "value": value, "url": address}])
    return context


def slowed(page: Page) -> CDPSession:
    """Slow the page down from now on; gives the session that does it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return devtools


class Speakers:
    """A few people who talk in one room, one after the other."""

    def __init__(self, hub: Hub, room: str, people: int = 6) -> None:
        guests = [Guest(f"{room}-{number}", room) for number in range(people)]
        self._socks = [welcomed.sock for welcomed in come_in(hub.port, guests)]
        self._room = room
        self.said = 0

    def say(self) -> None:
        """Say the next message, and forget what was heard."""
        self._send()
        for sock in self._socks:
            with suppress(BlockingIOError):
                if PING in sock.recv(1 << 20, socket.MSG_DONTWAIT):
                    sock.sendall(PONG)

    def fill(self, messages: int) -> None:
        """Say so many, and wait until all are saved."""
        while self.said < messages:
            self._send()
            if self.said % PIECE == 0 or self.said == messages:
                for sock in self._socks:
                    await_text(sock, b'"key":"key-%d"' % self.said)

    def _send(self) -> None:
        self.said += 1
        command = {"do": "say", "room": self._room, "text": text(self._room, self.said)}
        sock = self._socks[self.said // 3 % len(self._socks)]
        sock.sendall(frame(json.dumps({**command, "key": f"key-{self.said}"}).encode()))

    def close(self) -> None:
        for sock in self._socks:
            sock.close()


def text(room: str, number: int) -> str:
    """What people say: mostly a line, now and then a list, code or a long paragraph."""
    words = f"{room} {number}. " + PARAGRAPH * (number % 3)
    if number % 11 == 0:
        return f"{words}\n\n- **north** 4.2\n- *south* 3.9\n- `east` 1.1"
    if number % 17 == 0:
        return f"{words}\n```\nnorth  4.2\nsouth  3.9\n```"
    return words + PARAGRAPH * 6 if number % 23 == 0 else words
