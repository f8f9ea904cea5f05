"""How large the page is drawn."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest

from hub.desktop.window import zoom
from hub.desktop.window.remembered import Memory
from tests.desktop.window.webview2 import Event, Form


@pytest.mark.parametrize(
    ("now", "by", "then"),
    [
        (1.0, 1, 1.1), (1.1, 1, 1.25), (1.0, -1, 0.9), (3.0, 1, 3.0), (0.5, -1, 0.5),
        (1.3, 1, 1.5), (1.3, -1, 1.25), (2.5, 0, 1.0), (9.0, 1, 3.0), (0.1, -1, 0.5),
    ],
)  # fmt: skip
def test_a_step(now: float, by: int, then: float) -> None:
    assert zoom.step(now, by) == then


def test_on_windows_the_view_zooms_and_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    memory = Memory(tmp_path / "window.json")
    memory.change(zoom=1.25)
    form = Form()
    form.webview.ZoomFactor = 1.0
    form.webview.ZoomFactorChanged = Event()
    zoom.follow(form, memory)
    form.has_core(Settings=types.SimpleNamespace(AreBrowserAcceleratorKeysEnabled=False))
    assert form.webview.CoreWebView2.Settings.AreBrowserAcceleratorKeysEnabled
    assert form.webview.ZoomFactor == 1.25
    form.webview.ZoomFactor = 2.0
    form.webview.ZoomFactorChanged.happens()
    assert memory.value.zoom == 2.0


def test_on_macos_keys_with_command_zoom(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    heard: list[Any] = []
    kit: Any = types.ModuleType("AppKit")
    kit.NSEventModifierFlagCommand, kit.NSEventMaskKeyDown = 1 << 20, 1 << 10
    kit.NSEvent = types.SimpleNamespace(
        addLocalMonitorForEventsMatchingMask_handler_=lambda mask, handler: heard.append(handler)
    )
    monkeypatch.setitem(sys.modules, "AppKit", kit)
    monkeypatch.setattr(sys, "platform", "darwin")
    memory = Memory(tmp_path / "window.json")
    now = [0.0]
    later: list[Any] = []
    helper: Any = types.ModuleType("PyObjCTools")
    helper.AppHelper = types.SimpleNamespace(callLater=lambda _, call: later.append(call))
    monkeypatch.setitem(sys.modules, "PyObjCTools", helper)
    views: list[Any] = [types.SimpleNamespace()]  # until the first page has come
    view = types.SimpleNamespace(setPageZoom_=lambda zoom: now.__setitem__(0, zoom))
    zoom.follow(types.SimpleNamespace(contentView=lambda: views[-1]), memory)
    later[0]()
    assert now[0] == 0.0
    views.append(view)
    later[0]()
    assert now[0] == 1.0

    def press(key: str, flags: int) -> bool:
        """Whether somebody else hears it."""
        event = types.SimpleNamespace(
            charactersIgnoringModifiers=lambda: key, modifierFlags=lambda: flags
        )
        return heard[0](event) is event

    assert press("+", 0)
    assert press("x", 1 << 20)
    assert now[0] == 1.0
    assert not press("+", 1 << 20)
    assert now[0] == memory.value.zoom == 1.1
    assert not press("0", 1 << 20)
    assert now[0] == memory.value.zoom == 1.0
