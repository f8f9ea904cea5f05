"""Whether there is a display."""

from __future__ import annotations

import ctypes
import sys

import pytest

from hub.desktop import display


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="always has a display")
def test_the_reason_why_nothing_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert display.missing() == "there is no display"
    monkeypatch.setenv("DISPLAY", ":99999")
    assert display.missing() == "the display :99999 does not answer"
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert display.missing() is None


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_a_system_that_always_has_a_display(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    assert display.missing() is None


def test_a_system_without_the_library_of_x(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toolkit then has to find out by itself."""

    def refuse(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", refuse)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":99999")
    assert display.missing() is None
