"""Hiding the window, and bringing it back; GTK's own is in tests/desktop/test_tray.py."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from hub.desktop.window import cocoa as own_cocoa
from hub.desktop.window import visibility, web_view
from tests.desktop import cocoa
from tests.desktop.cocoa import Recorder
from tests.desktop.window.webview2 import Event


def window(**native: Any) -> Recorder:
    made = Recorder()
    made.native = Recorder(**native)
    return made


def names(recorder: Recorder) -> list[str]:
    return [name for name, _ in recorder.calls]


@pytest.mark.parametrize(
    ("state", "asked"),
    [("Normal", ["show"]), ("Maximized", ["show"]), ("Minimized", ["show", "restore"])],
)
def test_on_windows_only_what_is_minimized_is_restored(
    monkeypatch: pytest.MonkeyPatch, state: str, asked: list[str]
) -> None:
    """To restore what is maximized would make it small."""
    monkeypatch.setattr(sys, "platform", "win32")
    shown = window()
    shown.native.WindowState = state
    visibility.to_front(shown, None, "")
    assert names(shown) == asked
    visibility.to_front(shown, "http://127.0.0.1:5000/kitchen", "")
    assert shown.given("load_url") == [("http://127.0.0.1:5000/kitchen",)]
    visibility.hide(shown)
    assert names(shown)[-1] == "hide"
    before = len(shown.calls)
    visibility.show_behind(shown)
    visibility.hide_unused(shown)
    assert len(shown.calls) == before, "its tray does not end"


def test_on_windows_it_is_known_whether_it_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    form: Any = type("Form", (), {"Visible": True, "VisibleChanged": Event()})
    told: list[bool] = []
    visibility.follow(form, told.append)
    for form.Visible in (False, True):
        form.VisibleChanged.happens()
    assert told == [True, False]


def test_on_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    cocoa.installed(monkeypatch)
    hidden: list[Any] = []
    monkeypatch.setattr(own_cocoa, "hide", hidden.append)
    for minimized, asked in ((False, ["show"]), (True, ["show", "restore"])):
        shown = window(isMiniaturized=minimized)
        visibility.to_front(shown, None, "")
        assert names(shown) == asked
    visibility.hide(shown)
    assert hidden == [shown.native]
    visibility.follow(shown.native, hidden.append)
    assert len(hidden) == 1


def test_what_gtk_is_asked_after_the_window_is_destroyed_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To show it would end the process."""
    glib = pytest.importorskip("gi.repository.GLib", reason="needs PyGObject")
    monkeypatch.setattr(sys, "platform", "linux")
    view = Recorder()
    monkeypatch.setattr(web_view, "webkit", lambda _: view)
    for application, asked in (
        (None, []),
        (
            "the program's",
            ["set_startup_id", "show_all", "deiconify", "present", "set_focus_on_map", "show_all",
             "set_focus_on_map", "is_active", "hide"],
        ),
    ):  # fmt: skip
        shown = window(get_application=application)
        visibility.to_front(shown, "http://127.0.0.1:5000/kitchen", "token")
        visibility.show_behind(shown)
        visibility.hide_unused(shown)
        assert names(shown.native) == [], "not on this thread"
        while glib.MainContext.default().iteration(False):
            pass
        assert [x for x in names(shown.native) if x != "get_application"] == asked
    assert view.given("load_uri") == [("http://127.0.0.1:5000/kitchen",)]


def test_a_window_that_somebody_uses_is_not_hidden_again(monkeypatch: pytest.MonkeyPatch) -> None:
    glib = pytest.importorskip("gi.repository.GLib", reason="needs PyGObject")
    monkeypatch.setattr(sys, "platform", "linux")
    shown = window(get_application="the program's", is_active=True)
    visibility.hide_unused(shown)
    while glib.MainContext.default().iteration(False):
        pass
    assert "hide" not in names(shown.native)
