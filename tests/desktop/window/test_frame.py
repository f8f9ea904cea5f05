"""A window of pywebview: what keeps it from appearing, and what asks it to close."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from hub.desktop.window import frame, toolkit
from hub.desktop.window.frame import Frame
from hub.desktop.window.menu import Item, Submenu
from tests.desktop.window.pywebview import FakeWebView, show
from tests.patience import PATIENCE

Make = Callable[[FakeWebView], Frame]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes a window on a toolkit that is given."""
    monkeypatch.setattr(toolkit, "background", lambda: "#fcfaf6")

    def make(fake: FakeWebView) -> Frame:
        monkeypatch.setitem(sys.modules, "webview", fake)
        return Frame("<p>Hello</p>", {"width": 800})

    return make


def test_one_that_does_not_appear_is_given_up(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeWebView(lambda fake: fake.destroyed.wait(PATIENCE))
    monkeypatch.setattr(toolkit, "end_loop", fake.destroyed.set)
    monkeypatch.setattr(frame, "WINDOW_SECONDS", 0.01)
    window = make(fake)
    assert window.run() == "the window did not appear in 0 s"
    assert fake.destroyed.is_set(), "the toolkit's loop was ended"
    assert not window.appears()


def test_the_old_engine_of_windows_is_refused(make: Make) -> None:
    answers = []

    def main_loop(fake: FakeWebView) -> None:
        for renderer in ("edgechromium", "mshtml"):
            fake.renderer = renderer
            answers.append(next(handler() for handler in fake.initialized))

    assert make(FakeWebView(main_loop)).run() == "WebView2 is not installed"
    assert answers == [True, False]


def test_it_has_the_menus_that_are_given(make: Make) -> None:
    def chosen() -> None:
        """Nothing comes of it."""

    groups = [[Item("Rooms", chosen), Item("Share", chosen)], [Item("Quit", chosen)]]
    fake = FakeWebView(show)
    assert make(fake).run([Submenu("Hearth", groups)], private_mode=False) is None
    lines = [("Rooms", chosen), ("Share", chosen), "a line", ("Quit", chosen)]
    assert fake.options["menu"] == [("Hearth", lines)]
    assert fake.options["private_mode"] is False
    assert fake.created["width"] == 800


def test_one_that_is_closed_before_it_is_there_closes_as_it_appears(make: Make) -> None:
    def main_loop(fake: FakeWebView) -> None:
        assert not fake.destroyed.is_set()
        show(fake)

    fake = FakeWebView(main_loop)
    window = make(fake)
    window.close()
    assert window.run() is None
    assert fake.destroyed.is_set()


def test_macos_asks_a_window_where_it_means_the_program(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make(FakeWebView(show))

    def applicationShouldTerminate_() -> bool:
        return window.is_quitting()

    for system, quits in (("darwin", True), ("linux", False)):
        monkeypatch.setattr(sys, "platform", system)
        assert applicationShouldTerminate_() is quits
        assert not window.is_quitting()
