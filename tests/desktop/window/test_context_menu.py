"""The menu of a right click; tests/desktop/test_window_habits.py opens it on Linux."""

from __future__ import annotations

import sys
import types

import pytest

from hub.desktop.window import context_menu
from tests.desktop.window.webview2 import Form


def test_windows_shows_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    form = Form()
    context_menu.offer(form, "http://127.0.0.1:5000/", None)
    form.has_core(Settings=types.SimpleNamespace(AreDefaultContextMenusEnabled=False))
    assert form.webview.CoreWebView2.Settings.AreDefaultContextMenusEnabled


def test_macos_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    context_menu.offer(None, "http://127.0.0.1:5000/", None)
