"""The window's title follows the page's."""

from __future__ import annotations

import sys

import pytest

from hub.desktop.window import title
from tests.desktop import cocoa
from tests.desktop.cocoa import Recorder
from tests.desktop.window.webview2 import Event, Form


def test_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    form = Form()
    told: list[str] = []
    title.follow(form, told.append)
    form.has_core(DocumentTitle="", DocumentTitleChanged=Event())
    core = form.webview.CoreWebView2
    for page, shown in (("(2) general · Hearth", "(2) general · Hearth"), ("", "Hearth")):
        core.DocumentTitle = page
        core.DocumentTitleChanged.happens()
        assert form.Text == shown
        assert told.pop() == page


def test_on_macos_once_the_view_is_in_its_window(monkeypatch: pytest.MonkeyPatch) -> None:
    title._observer_class.cache_clear()
    cocoa.installed(monkeypatch)
    view = Recorder(title="(2) general · Hearth")
    views = [object(), object(), view]
    native = Recorder()
    native.contentView = lambda: views.pop(0)
    told: list[str] = []
    title.follow(native, told.append)
    ((observer, key, _, _),) = view.given("addObserver_forKeyPath_options_context_")
    assert key == "title"
    observer.observeValueForKeyPath_ofObject_change_context_(key, view, {}, None)
    view.told["title"] = None
    observer.observeValueForKeyPath_ofObject_change_context_(key, view, {}, None)
    assert native.given("setTitle_") == [("(2) general · Hearth",), ("Hearth",)]
    assert told == ["(2) general · Hearth", ""]
    title.name_program()
