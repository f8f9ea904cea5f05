"""The native window, with a toolkit of the tests' own."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest

import launcher
from hub import __version__
from hub.desktop import microphone, notifications, toolkit
from hub.desktop.show import RaisableWindow
from hub.folder import Folder
from tests.launching import SECONDS


class WebViewException(Exception):
    """Named as pywebview's."""


class Handlers:
    """An event of pywebview, to which `+=` adds a handler."""

    def __init__(self, handlers: list[Any]) -> None:
        self.handlers = handlers

    def __iadd__(self, handler: Any) -> Self:
        self.handlers.append(handler)
        return self


class Ending:
    """A Shutdown that hears no signals."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.callback: Callable[[], object] | None = None
        self.set, self.is_set = self.event.set, self.event.is_set

    def on_set(self, callback: Callable[[], object] | None) -> None:
        self.callback = callback


class FakeWebView:
    """pywebview, as far as the launcher uses it; `main_loop` is what happens within `start`."""

    WebViewException = WebViewException

    def __init__(self, main_loop: Callable[[FakeWebView], None]) -> None:
        self.settings: dict[str, bool] = {}
        self.renderer = "gtkwebkit2"
        self.opened: list[str] = []
        self.options: dict[str, Any] = {}
        self.shown: list[Callable[[], None]] = []
        self.initialized: list[Callable[[], bool]] = []
        self.before_show: list[Callable[[], None]] = []
        self.destroyed = threading.Event()
        self.shutdown = Ending()
        self._main_loop = main_loop

    def create_window(self, title: str, url: str, **_: Any) -> SimpleNamespace:
        self.opened.append(url)
        events = SimpleNamespace(
            shown=Handlers(self.shown),
            initialized=Handlers(self.initialized),
            before_show=Handlers(self.before_show),
        )
        return SimpleNamespace(
            title=title, events=events, destroy=self.destroyed.set, native="the window"
        )

    def start(self, **options: Any) -> None:
        self.options = options
        self._main_loop(self)


@pytest.fixture
def open_window(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[Callable[[FakeWebView], None]], tuple[FakeWebView, str | None]]:
    """Opens the native window, whose main loop is given; returns what native_window does."""
    monkeypatch.setattr(toolkit, "missing", lambda: None)
    monkeypatch.setattr(launcher, "work_area", lambda: None)
    folder = Folder.open(tmp_path / "rooms")

    def open_(main_loop: Callable[[FakeWebView], None]) -> tuple[FakeWebView, str | None]:
        fake = FakeWebView(main_loop)
        monkeypatch.setitem(sys.modules, "webview", fake)
        window = RaisableWindow("http://127.0.0.1:5000")
        shutdown: Any = fake.shutdown
        why = launcher.native_window(folder, "http://127.0.0.1:5000/general", window, shutdown)
        assert window.native is None, "the window is gone"
        assert shutdown.callback is None
        assert shutdown.is_set() == (why is None), "the end of the window is the end of the hub"
        return fake, why

    return open_


def show(fake: FakeWebView) -> None:
    for handler in fake.shown:
        handler()


def test_the_window_allows_downloads(open_window: Any, tmp_path: Path) -> None:
    fake, why = open_window(show)
    assert why is None
    assert fake.settings == {"ALLOW_DOWNLOADS": True, "OPEN_DEVTOOLS_IN_DEBUG": False}
    assert fake.opened == ["http://127.0.0.1:5000/general"]
    assert fake.options["private_mode"] is False, "cookies are kept"
    assert fake.options["storage_path"] == str(tmp_path / "rooms" / "hub" / "window")


def test_the_hubs_page_may_show_notifications_and_listen(
    open_window: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = []
    monkeypatch.setattr(notifications, "allow", lambda *given: allowed.append(given))
    monkeypatch.setattr(microphone, "allow", lambda *given: allowed.append(given))

    def main_loop(fake: FakeWebView) -> None:
        for handler in fake.before_show:
            handler()
        show(fake)

    open_window(main_loop)
    url = "http://127.0.0.1:5000/general"
    assert allowed == [("the window", url, toolkit.icon()), ("the window", url)]


def test_the_old_engine_of_windows_is_refused(open_window: Any) -> None:
    answers = []

    def main_loop(fake: FakeWebView) -> None:
        for renderer in ("edgechromium", "mshtml"):
            fake.renderer = renderer
            answers.append(fake.initialized[0]())
        show(fake)

    open_window(main_loop)
    assert answers == [True, False]


def test_the_marker_is_there_until_the_window_appears(open_window: Any, tmp_path: Path) -> None:
    marker = tmp_path / "rooms" / "hub" / "window-failed"
    seen = []

    def main_loop(fake: FakeWebView) -> None:
        seen.append(marker.exists())
        show(fake)
        seen.append(marker.exists())

    open_window(main_loop)
    assert seen == [True, False]


def test_a_marker_that_was_left_is_told_and_nothing_is_opened(
    open_window: Any, tmp_path: Path
) -> None:
    marker = tmp_path / "rooms" / "hub" / "window-failed"
    marker.write_text(__version__)
    fake, why = open_window(show)
    assert "failed at an earlier start" in why
    assert fake.opened == []
    assert marker.exists()


def test_a_system_without_web_view(open_window: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolkit, "missing", lambda: "there is none")
    fake, why = open_window(show)
    assert (why, fake.opened) == ("there is none", [])


def test_a_window_that_cannot_be_opened_may_be_tried_again(
    open_window: Any, tmp_path: Path
) -> None:
    def main_loop(fake: FakeWebView) -> None:
        raise WebViewException("no toolkit")

    _, why = open_window(main_loop)
    assert why == "the window could not be opened (no toolkit)"
    assert not (tmp_path / "rooms" / "hub" / "window-failed").exists()


def test_a_window_that_does_not_appear_is_given_up(
    open_window: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "WINDOW_SECONDS", 0.01)
    fake, why = open_window(lambda fake: fake.destroyed.wait(SECONDS))
    assert fake.destroyed.is_set()
    assert why == "the window did not appear in 0 s"


def test_a_signal_before_it_appears_is_no_failure(open_window: Any) -> None:
    _, why = open_window(lambda fake: fake.shutdown.set())
    assert why is None
