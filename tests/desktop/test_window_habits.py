"""What people expect of any desktop program's window, done in Hearth's own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from proof import Running
from tests.desktop.conftest import Start, events
from tests.desktop.screen import Screen
from tests.patience import until
from tests.program import HEARTH

LINK = 0xB24314
"""The colour of a link."""
MESSAGES = (300, 200, 620, 480)
"""Where the messages are, in a window that fills the screen: left, top, width and height."""
SOFT = 0x685C54
DOWNLOAD = (690, 600, 40, 80)
"""Where the arrow is that downloads a file, and its colour."""
MIDDLE = (590, 420)
SOURCE_AT = (1060, 650)


@contextmanager
def source_of(screen: Screen, file: Path, what: str) -> Iterator[None]:
    """Another program's window, out of which `file` can be dragged, with `what` to paste."""
    command = [sys.executable, "tests/desktop/file_source.py", file.as_uri(), what]
    process = subprocess.Popen(command, env=screen.environment, stderr=subprocess.DEVNULL)
    try:
        until(lambda: screen.window("Source"), "the other program did not come up")
        time.sleep(0.5)  # until the clipboard is its own
        yield
    finally:
        process.kill()
        process.wait()


def joins(screen: Screen, hub: Running, text: str) -> None:
    screen.raise_window("Hearth")
    screen.until_painted()
    screen.say_first("Naor", text, lambda: texts(hub))


def texts(hub: Running, room: str = "general") -> list[object]:
    return [event["text"] for event in events(hub, room) if event["do"] == "say"]


def remembered(rooms: Path) -> dict[str, object]:
    try:
        told: dict[str, object] = json.loads((rooms / "hub" / "window.json").read_text())
    except (OSError, ValueError):
        return {}
    return told


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def test_links_go_to_the_browser_and_a_download_where_the_person_says(
    start: Start, screen: Screen, tmp_path: Path, rooms: Path
) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> {opened}\n')
    browser.chmod(0o755)
    hub = start(*HEARTH, environment={**screen.environment, "BROWSER": f"{browser} %s"})
    joins(screen, hub, "https://example.org/x")
    until(lambda: "general · Hearth" in screen.windows(), "the title does not follow the page")

    screen.rests()
    place = until(lambda: screen.find(LINK, MESSAGES), "no link is drawn")
    link = (place[0] + 5, place[1] - 4)  # the line below it was found
    screen.click(*link)
    until(lambda: lines(opened) == ["https://example.org/x"], "the browser was not opened")
    screen.click(*link, button=3)
    time.sleep(1)  # until the menu has the keyboard
    screen.press("Down")
    screen.press("Return")
    until(lambda: len(lines(opened)) == 2, "its first line does not open the link")
    assert lines(opened)[1] == "https://example.org/x"

    sent = b"These are notes\n" * 3
    address = f"{hub.address}/api/files/general/notes.bin?username=mira"
    request = urllib.request.Request(address, sent, method="PUT")
    urllib.request.urlopen(request, timeout=60).close()
    screen.rests()
    target = tmp_path / "kept here" / "my notes.bin"
    target.parent.mkdir()
    arrow = until(lambda: screen.find(SOFT, DOWNLOAD), "no file is drawn")
    screen.click(*arrow)
    screen.raise_window("Save File")
    screen.press("ctrl+a")
    screen.type(str(target))
    screen.press("Return")
    until(lambda: target.exists() and target.read_bytes() == sent, "it was not saved")
    until(lambda: remembered(rooms).get("downloads") == str(target.parent), "the folder is forgot")
    assert len(lines(opened)) == 2


def test_files_are_dropped_and_pasted(
    start: Start, screen: Screen, tmp_path: Path, rooms: Path
) -> None:
    notes = tmp_path / "notes of today.txt"
    notes.write_text("These are notes\n")
    hub = start(*HEARTH, environment=screen.environment)
    joins(screen, hub, "Hello")
    files = rooms / "files" / "general"

    def sends(what: str, count: int) -> None:
        """Sends what was added, once the page shows it."""
        screen.rests()
        screen.press("Return")
        until(lambda: len(texts(hub)) == count, f"{what} was not sent")

    with source_of(screen, notes, "picture"):
        screen.drag(SOURCE_AT, MIDDLE)
        screen.raise_window("Hearth")
        sends("the dropped file", 2)
        assert (files / notes.name).read_text() == "These are notes\n"
        screen.press("ctrl+v")
        sends("the picture", 3)
    for what, count in (("files", 4), ("both", 5)):
        with source_of(screen, notes, what):
            screen.raise_window("Hearth")
            screen.press("ctrl+v")
            sends(what, count)
    with source_of(screen, notes, "names"):  # which a page elsewhere may have put there
        screen.raise_window("Hearth")
        screen.press("ctrl+v")
        screen.rests()
        screen.type("nothing else")
        sends("the rest", 6)
    names = sorted(path.name for path in files.iterdir())
    assert names == ["Pasted picture.png", "notes of today (2).txt", "notes of today.txt"]
    assert texts(hub) == ["Hello", "", "", "", "only text", "nothing else"]


def test_size_place_zoom_and_login_are_kept_and_the_menu_reaches_the_page(
    start: Start, screen: Screen, rooms: Path
) -> None:
    hub = start(*HEARTH, environment=screen.environment)
    joins(screen, hub, "Hello")
    screen.put("Hearth", (150, 90, 900, 600))
    screen.press("ctrl+plus")
    screen.press("ctrl+plus")
    screen.press("ctrl+minus")
    until(lambda: remembered(rooms).get("zoom") == 1.1, "the zoom was not kept")
    until(lambda: place_of(rooms)[2:] == (900, 600), "the size was not kept")
    where = screen.place("Hearth")
    hub.kill()  # not even closed

    hub = start(*HEARTH, environment=screen.environment)
    until(lambda: "general · Hearth" in screen.windows(), "one has to log in anew")
    screen.raise_window("Hearth")
    assert screen.place("Hearth") == where
    screen.rests()

    def shares() -> None:
        """By the second line of the window's first menu."""
        for key in ("F10", "Down", "Down", "Return"):
            screen.press(key)
            time.sleep(0.3)

    screen.changes(shares, "the menu did not open the card for sharing")
    screen.changes(lambda: screen.press("Escape"), "the card did not close")
    screen.press("ctrl+0")
    until(lambda: remembered(rooms).get("zoom") == 1.0, "the zoom was not taken back")
    screen.close_window("Hearth")
    assert hub.ended(within=30) == 0
    assert place_of(rooms)[2:] == (900, 600)


def place_of(rooms: Path) -> tuple[int, ...]:
    place = remembered(rooms).get("place")
    return tuple(place[name] for name in ("x", "y", "width", "height")) if place else (0,) * 4
