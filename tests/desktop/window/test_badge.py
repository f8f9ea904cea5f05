"""The number of unread messages on the program's icon."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from hub.desktop.window import badge, taskbar
from tests.desktop import cocoa
from tests.desktop.cocoa import Recorder


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("(3) general · Hearth", 3),
        ("(120) anna wrote", 120),
        ("• general · Hearth", 0),
        ("general (3) · Hearth", 0),
        ("(x) general · Hearth", 0),
        ("Hearth", 0),
        ("", 0),
    ],
)
def test_the_title_of_the_page_tells_it(title: str, count: int) -> None:
    assert badge.unread_of(title) == count


def test_docks_of_linux_are_told_over_the_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gi.repository.GLib", reason="needs PyGObject")
    monkeypatch.setattr(sys, "platform", "linux")
    bus = Recorder()
    native = Recorder(get_application=Recorder(get_dbus_connection=bus))
    for count in (3, 0):
        badge.show(native, count)
        _, path, interface, signal, told = bus.given("emit_signal")[-1]
        assert (path, interface) == (badge.ENTRY_PATH, badge.ENTRY)
        assert signal == "Update"
        assert told.unpack() == (
            "application://hearth.desktop",
            {"count": count, "count-visible": count > 0},
        )
    badge.show(Recorder(get_application=Recorder()), 3)  # without a bus


def test_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    shown: list[Any] = []
    monkeypatch.setattr(taskbar, "overlay", lambda *given: shown.append(given))
    native: Any = type("Form", (), {"Handle": Recorder(ToInt64=77)})
    badge.show(native, 3)
    assert shown == [(77, 3)]


def test_on_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    tile = Recorder()
    cocoa.installed(monkeypatch, NSApp=Recorder(dockTile=tile))
    badge.show(None, 3)
    badge.show(None, 0)
    assert tile.given("setBadgeLabel_") == [("3",), (None,)]
