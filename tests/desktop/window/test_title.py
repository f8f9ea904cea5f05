"""The window's title follows the page's."""

from __future__ import annotations

import sys

import pytest

from hub.desktop.window import title
from tests.desktop.window.webview2 import Event, Form


def test_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    form = Form()
    title.follow(form)
    form.has_core(DocumentTitle="", DocumentTitleChanged=Event())
    core = form.webview.CoreWebView2
    for page, shown in (("(2) general · Hearth", "(2) general · Hearth"), ("", "Hearth")):
        core.DocumentTitle = page
        core.DocumentTitleChanged.happens()
        assert form.Text == shown


def test_on_macos_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    title.follow(None)
    title.name_program()
