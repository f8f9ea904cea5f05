"""Whether there is a display."""

from __future__ import annotations

import ctypes
import socket
import sys
import tempfile

import pytest

from hub.desktop import display


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="always has a display")
def test_the_reason_why_nothing_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert display.missing() == "there is no display"
    monkeypatch.setenv("DISPLAY", ":99999")
    assert display.missing() == "the display :99999 does not answer"
    monkeypatch.setenv("WAYLAND_SOCKET", "7")
    assert display.missing() is None, "a program that starts others hands them its own"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="always has a display")
def test_a_compositor_that_is_gone_is_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """GTK would end the process; so did Hearth in a terminal that had outlived its desktop."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_SOCKET", raising=False)
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
        assert display.missing() == "the display wayland-0 does not answer"
        with socket.socket(socket.AF_UNIX) as compositor:
            compositor.bind(f"{folder}/wayland-0")
            compositor.listen()
            assert display.missing() is None
            monkeypatch.setenv("WAYLAND_DISPLAY", f"{folder}/wayland-0")
            monkeypatch.delenv("XDG_RUNTIME_DIR")
            assert display.missing() is None
            monkeypatch.chdir(folder)
            monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
            assert display.missing() == "the display wayland-0 does not answer"
            monkeypatch.setenv("WAYLAND_DISPLAY", f"{folder}/wayland-0")
        assert display.missing() == f"the display {folder}/wayland-0 does not answer"


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
