"""The native window, with a toolkit of the tests' own."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub import __version__
from hub.desktop import console
from hub.desktop.window import geometry, native, own_pages, title, toolkit
from hub.desktop.window.menu import Item, Submenu
from hub.desktop.window.native import NativeWindow
from hub.errors import CannotStart
from hub.folder import Folder
from tests.desktop.window.pywebview import FakeWebView, WebViewException, show, show_and_load
from tests.patience import PATIENCE

PAGE = "http://127.0.0.1:5000/general"
TICKET = f"{PAGE}#ticket=x"


class Opened:
    """A native window that has closed again: why it could not open, and what was made of it."""

    def __init__(
        self,
        folder: Folder,
        fake: FakeWebView,
        begin: Callable[[], str],
        may_close: Callable[[bool], bool] = lambda quits: True,
    ) -> None:
        shutdown: Any = fake.shutdown
        self.window = fake.window = NativeWindow(folder.hub, PAGE, shutdown)
        menus = [Submenu("Hearth", [[Item("Quit", lambda: None)]])]

        def on_unread() -> None:
            fake.told += 1

        self.why = self.window.show(begin, folder.log_file, menus, may_close, on_unread)
        self.has_told = self.window.has_told
        assert not self.window.is_open, "the window is gone"
        assert fake.windows == [], "also for pywebview"
        assert fake.shutdown.callback is None
        assert shutdown.is_set() == (self.why is None), "the end of the window ends the hub"
        self.failure = self.window.failure


Open = Callable[..., Opened]


@pytest.fixture
def open_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Open:
    """Opens the native window on a toolkit that is given."""
    monkeypatch.setattr(toolkit, "missing", lambda: None)
    monkeypatch.setattr(toolkit, "background", lambda: "#fcfaf6")
    monkeypatch.setattr(geometry, "work_areas", list)
    monkeypatch.setattr(title, "name_program", lambda: None)
    monkeypatch.setattr(toolkit, "end_loop", lambda: sys.modules["webview"].destroyed.set())
    folder = Folder.open(tmp_path / "rooms")

    def open_(
        fake: FakeWebView,
        begin: Callable[[], str] = lambda: TICKET,
        may_close: Callable[[bool], bool] = lambda quits: True,
    ) -> Opened:
        monkeypatch.setitem(sys.modules, "webview", fake)
        return Opened(folder, fake, begin, may_close)

    return open_


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the window was asked to do that others do for it, each with what was given."""
    done: list[Any] = []
    for name in ("hide", "to_front", "show_behind", "hide_unused"):
        monkeypatch.setattr(
            native.visibility, name, lambda _, *given, name=name: done.append((name, given))
        )
    monkeypatch.setattr(native.web_view, "run", lambda _, script: done.append(("script", script)))
    return done


def test_it_opens_with_a_page_of_our_own_until_the_hub_serves(
    open_window: Open, tmp_path: Path
) -> None:
    started = threading.Event()

    def begin() -> str:
        assert started.wait(PATIENCE)
        return TICKET

    def main_loop(fake: FakeWebView) -> None:
        show(fake)
        assert "Hearth is starting" in fake.created["html"]
        assert fake.loaded == []
        started.set()
        assert fake.has_loaded.wait(PATIENCE)

    fake = FakeWebView(main_loop)
    opened = open_window(fake, begin)
    assert (opened.why, opened.failure) == (None, None)
    assert fake.loaded == [TICKET]
    assert fake.settings == {
        "ALLOW_DOWNLOADS": sys.platform != "linux",
        "OPEN_DEVTOOLS_IN_DEBUG": False,
        "OPEN_EXTERNAL_LINKS_IN_BROWSER": sys.platform != "win32",
    }
    assert fake.options["private_mode"] is False, "cookies are kept"
    assert fake.options["storage_path"] == str(tmp_path / "rooms" / "hub" / "window")
    assert [menu[0] for menu in fake.options["menu"]] == ["Hearth"]


@pytest.mark.parametrize(
    ("error", "shown", "told"),
    [
        (CannotStart("The disk is full."), "The disk is full.", "Hearth: The disk is full.\n"),
        (ZeroDivisionError("oh"), "ZeroDivisionError(&#x27;oh&#x27;)", ""),
    ],
)
def test_where_the_hub_does_not_start_the_window_says_why(
    open_window: Open, capsys: pytest.CaptureFixture[str], error: Exception, shown: str, told: str
) -> None:
    def begin() -> str:
        raise error

    fake = FakeWebView(show_and_load)
    opened = open_window(fake, begin)
    assert (opened.failure, opened.has_told) == (error, True)
    assert shown in fake.loaded[0]
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("answer", [True, False])
def test_whoever_closes_it_is_asked(open_window: Open, answer: bool) -> None:
    closed: list[bool] = []

    def main_loop(fake: FakeWebView) -> None:
        show_and_load(fake)
        closed.extend(handler() for handler in fake.closing)

    open_window(FakeWebView(main_loop), may_close=lambda quits: answer and not quits)
    assert closed == [answer]


def test_on_macos_the_end_of_the_program_is_no_closed_window(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def main_loop(fake: FakeWebView) -> None:
        show_and_load(fake)

        def applicationShouldTerminate_() -> None:
            for handler in fake.closing:
                handler()

        for system in ("darwin", "linux"):
            monkeypatch.setattr(sys, "platform", system)
            for handler in fake.closing:
                handler()
            applicationShouldTerminate_()

    def may_close(quits: bool) -> bool:
        asked.append(quits)
        return False

    open_window(FakeWebView(main_loop), may_close=may_close)
    assert asked == [False, True, False, False]


def test_a_page_that_says_why_it_did_not_start_closes_at_once(open_window: Open) -> None:
    closed: list[bool] = []

    def begin() -> str:
        raise CannotStart("The disk is full.")

    def main_loop(fake: FakeWebView) -> None:
        show_and_load(fake)
        closed.extend(handler() for handler in fake.closing)

    open_window(FakeWebView(main_loop), begin, lambda quits: False)
    assert closed == [True]


def test_a_hidden_window_is_there_and_comes_back(open_window: Open, moved: list[Any]) -> None:
    hidden: list[bool] = []

    def main_loop(fake: FakeWebView) -> None:
        show_and_load(fake)
        window = fake.window
        assert window.native == "the window"
        window.hide_again()
        window.hide()
        hidden.append(window.is_hidden and window.is_open)
        window.to_front(None)
        hidden.append(window.is_hidden)
        window.reappear()  # it is not hidden

    opened = open_window(FakeWebView(main_loop))
    assert hidden == [True, False]
    assert [x if isinstance(x, str) else x[0] for x in moved] == ["script", "hide", "to_front"]
    assert opened.window.native is None
    for use in (opened.window.hide, opened.window.reappear, opened.window.hide_again):
        use()
    opened.window.to_front(None)
    assert len(moved) == 3, "there is nothing to hide"


def test_nothing_is_recorded_once_it_is_hidden(open_window: Open, moved: list[Any]) -> None:
    def main_loop(fake: FakeWebView) -> None:
        show_and_load(fake)
        fake.window.hide()

    open_window(FakeWebView(main_loop))
    assert "hearth-end-recording" in moved[0][1]


def test_a_window_that_reappeared_is_hidden_again_unless_somebody_asked_for_it(
    open_window: Open, moved: list[Any]
) -> None:
    def main_loop(fake: FakeWebView) -> None:
        show_and_load(fake)
        window = fake.window
        for asked_for in (False, True):
            window.hide()
            window.reappear()
            if asked_for:
                window.to_front(None)
            window.hide_again()
            window.hide_again()

    open_window(FakeWebView(main_loop))
    assert [kind for kind, _ in moved] == [
        "script", "hide", "show_behind", "hide_unused",
        "script", "hide", "show_behind", "to_front",
    ]  # fmt: skip


def test_on_windows_the_number_comes_back_with_the_window(
    open_window: Open, moved: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    badges: list[Any] = []
    monkeypatch.setattr(native.badge, "show_later", lambda *given: badges.append(given))

    def main_loop(fake: FakeWebView) -> None:
        show_and_load(fake)
        for system, unread in (("linux", 3), ("win32", 0), ("win32", 3)):
            monkeypatch.setattr(sys, "platform", system)
            fake.window.unread = unread
            fake.window.to_front(None)

    open_window(FakeWebView(main_loop))
    assert badges == [("the window", 3)]
    assert len(moved) == 3


def test_on_macos_the_dock_brings_it_back(
    open_window: Open, moved: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def main_loop(fake: FakeWebView) -> None:
        monkeypatch.setattr(sys, "platform", "darwin")
        show_and_load(fake)

    monkeypatch.setattr(native.cocoa, "on_reopen", lambda then: then())
    open_window(FakeWebView(main_loop))
    assert [kind for kind, _ in moved] == ["to_front"]


def test_on_a_terminal_the_line_is_enough(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "is_seen", lambda: True)

    def begin() -> str:
        raise CannotStart("The disk is full.")

    fake = FakeWebView(lambda fake: show(fake) or fake.destroyed.wait(PATIENCE))
    opened = open_window(fake, begin)
    assert isinstance(opened.failure, CannotStart)
    assert opened.has_told
    assert fake.destroyed.is_set()
    assert fake.loaded == []


def test_the_window_is_furnished_before_it_is_shown(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: dict[str, tuple[Any, ...]] = {}
    for module, name in (
        (native.title, "follow"), (native.given_files, "give"), (native.web_view, "without_bridge"),
        (native.visibility, "follow"),
        (native.links, "keep_inside"), (native.context_menu, "offer"),
        (native.downloads, "ask_where"), (native.zoom, "follow"), (native.geometry, "follow"),
        (native.notifications, "allow"), (native.microphone, "allow"),
    ):  # fmt: skip
        key = f"{module.__name__.rpartition('.')[2]}.{name}"
        monkeypatch.setattr(module, name, lambda *given, key=key: done.setdefault(key, given))

    def main_loop(fake: FakeWebView) -> None:
        for handler in fake.before_show:
            handler()
        show_and_load(fake)

    open_window(FakeWebView(main_loop))
    assert len(done) == 11
    assert {given[0] for given in done.values()} == {"the window"}
    assert done["links.keep_inside"] == ("the window", PAGE)
    assert done["microphone.allow"] == ("the window", PAGE)
    assert done["notifications.allow"] == ("the window", PAGE, toolkit.icon())


def test_the_icon_bears_what_the_title_counts(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    badges: list[Any] = []
    follow: list[Any] = []
    monkeypatch.setattr(native.badge, "show", lambda *given: badges.append(given))
    monkeypatch.setattr(native.title, "follow", lambda _, then: follow.append(then))

    def main_loop(fake: FakeWebView) -> None:
        for handler in fake.before_show:
            handler()
        show_and_load(fake)
        titles = ("(2) general · Hearth", "(2) anna wrote", "general · Hearth", "Hearth")
        for text in titles:
            follow[0](text)

    fake = FakeWebView(main_loop)
    assert open_window(fake).window.unread == 0
    assert badges == [("the window", 2), ("the window", 0)], "only changes are told"
    assert fake.told == 2


def test_while_it_is_open_it_comes_to_the_front_and_runs_scripts(
    open_window: Open, moved: list[Any]
) -> None:
    kitchen = "http://127.0.0.1:5000/kitchen"

    def main_loop(fake: FakeWebView) -> None:
        show_and_load(fake)
        assert fake.window.is_open
        fake.window.to_front(None)
        fake.window.to_front(kitchen, "token")
        fake.window.run("1 + 1")

    window = open_window(FakeWebView(main_loop)).window
    assert moved == [
        ("to_front", (None, "")), ("to_front", (kitchen, "token")), ("script", "1 + 1"),
    ]  # fmt: skip
    window.to_front(kitchen)
    window.run("1 + 1")
    assert len(moved) == 3, "nothing is done with a window that has closed"


def test_a_window_that_lacks_something_has_the_rest(
    open_window: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise AttributeError("this view has none")

    done: list[str] = []
    for module, name in (
        (native.title, "follow"), (native.given_files, "give"), (native.web_view, "without_bridge"),
        (native.visibility, "follow"),
        (native.links, "keep_inside"), (native.context_menu, "offer"), (native.zoom, "follow"),
        (native.downloads, "ask_where"), (native.notifications, "allow"),
        (native.geometry, "follow"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, fails)
    monkeypatch.setattr(native.microphone, "allow", lambda *_: done.append("microphone"))

    def main_loop(fake: FakeWebView) -> None:
        for handler in fake.before_show:
            handler()
        show_and_load(fake)

    assert open_window(FakeWebView(main_loop)).why is None
    assert done == ["microphone"]
    assert caplog.text.count("the window lacks something") == 9


def test_closing_the_window_ends_a_start_that_goes_on(open_window: Open) -> None:
    """The window's end waits for it."""
    fake = FakeWebView(show)

    def begin() -> str:
        assert fake.shutdown.event.wait(PATIENCE)
        return ""

    opened = open_window(fake, begin)
    assert (opened.why, opened.failure, fake.loaded) == (None, None, [])


def test_a_stop_before_the_window_is_there_closes_it_as_it_appears(open_window: Open) -> None:
    def main_loop(fake: FakeWebView) -> None:
        assert fake.shutdown.callback is not None
        fake.shutdown.callback()
        assert not fake.destroyed.is_set(), "there is nothing to close yet"
        show(fake)
        assert fake.destroyed.is_set()

    assert open_window(FakeWebView(main_loop)).why is None


def test_after_a_stop_nothing_is_opened(open_window: Open) -> None:
    fake = FakeWebView(show)
    fake.shutdown.set()
    assert open_window(fake).why is None
    assert fake.created == {}


def test_a_failure_without_a_window_is_left_for_others_to_tell(
    open_window: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    def begin() -> str:
        raise CannotStart("The disk is full.")

    def main_loop(fake: FakeWebView) -> None:
        raise WebViewException("no toolkit")

    opened = open_window(FakeWebView(main_loop), begin)
    assert isinstance(opened.failure, CannotStart)
    assert not opened.has_told
    assert capsys.readouterr().err == ""


def test_the_marker_is_there_until_the_window_appears(open_window: Open, tmp_path: Path) -> None:
    marker = tmp_path / "rooms" / "hub" / "window-failed"
    seen = []

    def main_loop(fake: FakeWebView) -> None:
        seen.append(marker.exists())
        show(fake)
        seen.append(marker.exists())

    open_window(FakeWebView(main_loop))
    assert seen == [True, False]


def test_a_marker_that_was_left_is_told_and_nothing_is_opened(
    open_window: Open, tmp_path: Path
) -> None:
    marker = tmp_path / "rooms" / "hub" / "window-failed"
    marker.write_text(__version__)
    fake = FakeWebView(show)
    why = open_window(fake).why
    assert why is not None
    assert "failed at an earlier start" in why
    assert fake.created == {}
    assert marker.exists()


def test_a_system_without_web_view(open_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolkit, "missing", lambda: "there is none")
    fake = FakeWebView(show)
    assert (open_window(fake).why, fake.created) == ("there is none", {})
    assert not native.show_page("<p>Sorry</p>")


def test_a_window_that_cannot_be_opened_may_be_tried_again(
    open_window: Open, tmp_path: Path
) -> None:
    def main_loop(fake: FakeWebView) -> None:
        raise WebViewException("no toolkit")

    opened = open_window(FakeWebView(main_loop))
    assert opened.why == "the window could not be opened (no toolkit)"
    assert not (tmp_path / "rooms" / "hub" / "window-failed").exists()
    assert not native.show_page("<p>Sorry</p>")


def test_a_program_that_is_damaged_leaves_no_marker(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the window would not be tried once it is installed again."""

    def starting() -> str:
        raise CannotStart("ui.zip cannot be read")

    monkeypatch.setattr(own_pages, "starting", starting)
    fake = FakeWebView(show)
    with pytest.raises(CannotStart, match="ui.zip"):
        open_window(fake)
    assert fake.created == {}
    assert not (tmp_path / "rooms" / "hub" / "window-failed").exists()


def test_a_signal_before_it_appears_is_no_failure(open_window: Open) -> None:
    assert open_window(FakeWebView(lambda fake: fake.shutdown.set())).why is None


def test_a_page_alone_keeps_nothing(open_window: Open) -> None:
    fake = FakeWebView(show)
    open_window(fake)
    assert native.show_page("<p>Sorry</p>")
    assert fake.created["html"] == "<p>Sorry</p>"
    assert {"private_mode", "storage_path"}.isdisjoint(fake.options)
    assert fake.options["menu"] == []
