"""Closing and quitting beside a real tray, with peers of another network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from proof import Running
from tests.desktop.conftest import NO_BUS, Start, leaves_nothing
from tests.desktop.screen import Screen
from tests.desktop.session_bus import SessionBus, Tray
from tests.e2e.test_lan import HOST, joined
from tests.patience import until
from tests.program import HEARTH

PEER = """
import sys
sys.path[:0] = ["."]
from websockets.exceptions import ConnectionClosed
from tests.talk import Talk
with Talk(sys.argv[1], {"Origin": sys.argv[1].replace("ws", "http").partition("/api")[0]}) as talk:
    talk.hello("mira")
    print("in", flush=True)
    try:
        talk.quiet(60)
    except ConnectionClosed as closed:
        print(closed.rcvd.code, flush=True)
"""
"""Somebody on another computer, who says when they are in, and why they are no longer."""


@pytest.fixture
def peers(namespaces: Callable[[], str]) -> Iterator[tuple[str, Callable[[Running], Peer]]]:
    """The network of the hub, and how somebody comes in from another one."""
    host, peer = namespaces(), namespaces()
    joined(host, peer)
    came: list[Peer] = []

    def come(hub: Running) -> Peer:
        came.append(Peer(peer, hub.address.rpartition(":")[2]))
        return came[-1]

    yield host, come
    for each in came:
        each.process.kill()
        each.process.communicate()


class Peer:
    def __init__(self, namespace: str, port: str) -> None:
        inside = ("ip", "netns", "exec", namespace, sys.executable, "-c", PEER)
        self.process = subprocess.Popen(
            [*inside, f"ws://{HOST}:{port}/api/live"], stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert self.says() == "in"

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def hub_windows(screen: Screen) -> int:
    return len(screen.windows())


def until_open(screen: Screen, count: int, otherwise: str) -> None:
    until(lambda: hub_windows(screen) == count, otherwise)
    screen.rests()


def closing(rooms: Path) -> object:
    try:
        return json.loads((rooms / "hub" / "window.json").read_text())["closing"]
    except (OSError, ValueError):
        return None


def opened(start: Start, screen: Screen, bus: SessionBus, rooms: Path) -> tuple[Running, Tray]:
    """A hub whose window goes on in the tray when it closes, as somebody once chose."""
    (rooms / "hub").mkdir()
    (rooms / "hub" / "window.json").write_text('{"closing":"keep"}')
    tray = bus.has_tray()
    hub = start(*HEARTH, environment=screen.environment, bus=bus.environment)
    screen.raise_window("Hearth")
    screen.until_painted()
    tray.item()
    return hub, tray


def test_it_goes_on_in_the_tray_until_somebody_quits(
    start: Start,
    screen: Screen,
    bus: SessionBus,
    rooms: Path,
    temporary: Path,
    peers: tuple[str, Callable[[Running], Peer]],
) -> None:
    namespace, come = peers
    tray = bus.has_tray()
    hub = start(
        "ip", "netns", "exec", namespace, *HEARTH,
        environment=screen.environment, bus=bus.environment,
    )  # fmt: skip
    screen.raise_window("Hearth")
    screen.until_painted()
    tray.item()

    for _ in range(3):
        screen.close_window("Hearth")  # an impatient hand
    until_open(screen, 2, "nobody was asked, or more than once")
    screen.press("Escape")
    until_open(screen, 1, "Escape did not leave the window")
    screen.close_window("Hearth")
    until_open(screen, 2, "nobody was asked again")
    screen.press("Return")  # "Keep It Running"
    until_open(screen, 0, "the window was not hidden")
    until(lambda: closing(rooms) == "keep", "the answer was not remembered")
    guest = come(hub)

    tray.does("click")
    until_open(screen, 1, "the icon did not bring it back")
    screen.close_window("Hearth")
    until_open(screen, 0, "it was asked a second time")
    tray.does("choose", "Pause for Others")
    assert guest.says() == "1013"
    assert tray.does("read", "ToolTip")[3] == "paused for others"
    tray.does("choose", "Pause for Others")
    come(hub)

    for _ in range(2):
        tray.does("choose", "Quit")
    until_open(screen, 1, "nobody was told that somebody is connected, or more than once")
    screen.press("Escape")
    until_open(screen, 0, "the question did not go")
    assert hub.process.poll() is None
    tray.does("choose", "Quit")
    until_open(screen, 1, "nobody was told again")
    screen.press("Return")
    assert hub.ended() == 0
    leaves_nothing(temporary)


def test_a_window_comes_back_as_the_tray_ends_and_closing_ends_it_then(
    start: Start, screen: Screen, bus: SessionBus, rooms: Path, temporary: Path
) -> None:
    hub, tray = opened(start, screen, bus, rooms)
    screen.close_window("Hearth")
    until_open(screen, 0, "the window was not hidden")
    tray.close()
    until_open(screen, 1, "it did not come back as the tray ended")
    screen.close_window("Hearth")
    assert hub.ended() == 0, "without a tray it ends"
    leaves_nothing(temporary)


def test_a_window_is_hidden_again_as_the_tray_comes_back_and_ends_with_its_session(
    start: Start, screen: Screen, bus: SessionBus, rooms: Path, temporary: Path
) -> None:
    """A desktop that locks its screen may take its tray away meanwhile."""
    hub, tray = opened(start, screen, bus, rooms)
    with another_window(screen):
        screen.close_window("Hearth")
        until(lambda: "Hearth" not in screen.windows(), "the window was not hidden")
        tray.close()
        until(lambda: "Hearth" in screen.windows(), "it did not come back")
        assert screen.has_keyboard("Source"), "it took the keyboard"
        bus.has_tray().item()
        until(lambda: "Hearth" not in screen.windows(), "it was not hidden again")
        bus.close()
        assert hub.ended() == 0, "a session that ends does not end it in order"
    leaves_nothing(temporary)


@contextmanager
def another_window(screen: Screen) -> Iterator[None]:
    """A window of another program, which has the keyboard."""
    process = subprocess.Popen(
        [sys.executable, "tests/desktop/file_source.py", "file:///nothing", "both"],
        env={**screen.environment, **NO_BUS}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        screen.raise_window("Source")
        yield
    finally:
        process.kill()
        process.wait()


def test_to_share_shows_the_page_and_what_a_signal_ends_is_not_asked(
    start: Start, screen: Screen, bus: SessionBus, rooms: Path, temporary: Path
) -> None:
    hub, tray = opened(start, screen, bus, rooms)
    screen.say_first("Naor", "Hello", lambda: (rooms / "general.jsonl").exists())
    screen.close_window("Hearth")
    until_open(screen, 0, "the window was not hidden")
    tray.does("choose", "Share…")
    until_open(screen, 1, "the window did not come back")
    screen.changes(lambda: screen.press("Escape"), "there was no card to close")
    screen.close_window("general · Hearth")
    until_open(screen, 0, "the window was not hidden again")
    hub.stop()
    leaves_nothing(temporary)


def test_a_page_in_a_browser_has_the_icon_too(
    start: Start, screen: Screen, bus: SessionBus, tmp_path: Path, temporary: Path
) -> None:
    """Without a window and a terminal, nothing else would end it."""
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> {opened}\n')
    browser.chmod(0o755)
    tray = bus.has_tray()
    hub = start(
        *HEARTH, "--browser",
        environment={**screen.environment, "BROWSER": f"{browser} %s"}, bus=bus.environment,
    )  # fmt: skip
    tray.item()
    until(opened.exists, "the browser was not opened")
    tray.does("choose", "Open Hearth")
    until(lambda: len(opened.read_text().splitlines()) == 2, "it was not opened again")
    tray.does("choose", "Pause for Others")
    assert tray.does("read", "ToolTip")[3] == "paused for others"
    tray.does("choose", "Quit")
    assert hub.ended() == 0
    leaves_nothing(temporary)
