"""How the hub is shown, from the native window down to nothing."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from hub.desktop.show import RaisableWindow
from tests.conftest import Launch
from tests.running import ask, opened_by, recording_browser


class Window:
    """A native window that records what it is asked."""

    def __init__(self) -> None:
        self.is_open = False
        self.asked: list[tuple[str | None, str]] = []

    def to_front(self, url: str | None, activation: str) -> None:
        self.asked.append((url, activation))


def test_raising_the_window_goes_to_the_room_that_was_asked_for() -> None:
    window = RaisableWindow()
    window.base = "http://127.0.0.1:5000"
    assert not window.show("kitchen"), "there is no window yet"
    opened: list[str] = []
    window.open_app_window = lambda url: not opened.append(url)
    native: Any = Window()
    for window.native in (None, native):
        opened.clear()
        assert window.show("kitchen")
        assert window.show(None)
        assert opened == ["http://127.0.0.1:5000/kitchen", "http://127.0.0.1:5000/general"]
    native.is_open = True
    assert window.show(None)
    assert native.asked == [(None, "")], "it stays in its room"
    assert window.show("café", "token")
    assert native.asked[1:] == [("http://127.0.0.1:5000/caf%C3%A9", "token")]
    assert len(opened) == 2


def test_without_a_display_it_serves_and_says_why(launch: Launch) -> None:
    started = launch(window=True)
    started.ready()
    started.complains("there is no display")
    assert ask(started.port, "GET", "/api/health")[0] == 200
    assert started.stop() == 0
    assert len(started.complaint.strip().splitlines()) == 1


def test_a_display_that_does_not_answer(launch: Launch) -> None:
    started = launch(window=True, environment={"DISPLAY": ":99999"})
    started.ready()
    started.complains("does not answer")
    assert ask(started.port, "GET", "/api/health")[0] == 200
    assert started.stop() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs a display that need not answer")
def test_the_browser_gets_a_private_page_with_a_ticket(launch: Launch, tmp_path: Path) -> None:
    environment, told = recording_browser(tmp_path)
    started = launch("--browser", "kitchen", window=True, environment=environment)
    url = started.ready()
    page = Path(told().removeprefix("file://"))
    assert page.stat().st_mode & 0o077 == 0, "the ticket in it is for the owner only"
    ticket = re.search(f'url={re.escape(url)}#ticket=([^"]+)"', page.read_text())
    assert ticket
    status, me = ask(started.port, "POST", "/api/ticket", {"ticket": ticket[1]})
    assert (status, me["host"]) == (200, True)
    assert started.stop() == 0
    assert started.complaint == ""
    assert opened_by(tmp_path) == ["a browser on this computer"], "there was no window"
