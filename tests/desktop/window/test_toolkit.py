"""Whether the native window's toolkit can be used."""

from __future__ import annotations

import ctypes
import os
import sys
import types
from pathlib import Path

import pytest

from hub import __version__
from hub.desktop.window import toolkit
from hub.desktop.window.toolkit import FailureMarker
from hub.errors import CannotStart
from tests.desktop import cocoa
from tests.desktop.cocoa import Recorder
from tests.launching import ROOT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "window-failed"


def test_a_marker_that_stays_prevents_the_next_attempt(file: Path) -> None:
    assert FailureMarker(file).failed_before() is None
    FailureMarker(file).set()
    why = FailureMarker(file).failed_before()
    assert why is not None
    assert str(file) in why
    FailureMarker(file).clear()
    assert FailureMarker(file).failed_before() is None
    FailureMarker(file).clear()


def test_another_version_tries_again(file: Path) -> None:
    file.write_text("0.0.1")
    assert FailureMarker(file).failed_before() is None


def test_a_marker_that_cannot_be_written(file: Path) -> None:
    file.mkdir()
    with pytest.raises(CannotStart, match="window-failed"):
        FailureMarker(file).set()


@pytest.mark.skipif(os.name != "posix", reason="needs pipes and links among files")
def test_a_link_or_pipe_is_no_marker(file: Path) -> None:
    other = file.with_name("other")
    other.write_text(__version__)
    file.symlink_to(other)
    assert FailureMarker(file).failed_before() is None
    file.unlink()
    os.mkfifo(file)
    assert FailureMarker(file).failed_before() is None


def test_no_png_icon_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert toolkit.icon() == str(ROOT / "ui" / "icon-192.png")
    monkeypatch.setattr(sys, "platform", "win32")
    assert toolkit.icon() is None


def test_a_system_without_web_view(monkeypatch: pytest.MonkeyPatch) -> None:
    def require_version(name: str, version: str) -> None:
        raise ValueError(f"Namespace {name} not available")

    gi = types.ModuleType("gi")
    gi.require_version = require_version  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setitem(sys.modules, "gi", gi)
    assert toolkit.missing() == "WebKitGTK 4.1 is not installed"
    monkeypatch.setitem(sys.modules, "gi", None)
    assert toolkit.missing() == "WebKitGTK 4.1 is not installed"
    for platform in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", platform)
        assert toolkit.missing() is None


def test_a_system_of_which_only_the_description_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The executable brings along those of all libraries, whether the system has them or not."""

    def get_major_version() -> int:
        raise RuntimeError("Could not locate webkit_get_major_version")  # GLib's is one

    gi, repository = types.ModuleType("gi"), types.ModuleType("gi.repository")
    gi.require_version = lambda name, version: None  # type: ignore[attr-defined]
    repository.WebKit2 = types.SimpleNamespace(  # type: ignore[attr-defined]
        get_major_version=get_major_version
    )
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setitem(sys.modules, "gi", gi)
    monkeypatch.setitem(sys.modules, "gi.repository", repository)
    assert toolkit.missing() == "WebKitGTK 4.1 is not installed"
    repository.WebKit2.get_major_version = lambda: 2
    assert toolkit.missing() is None


def test_the_end_of_a_session_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert not toolkit.session_ends()
    monkeypatch.setattr(sys, "platform", "win32")
    for ends in (0, 1):
        user = types.SimpleNamespace(GetSystemMetrics=lambda number, ends=ends: ends)
        monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(user32=user), raising=False)
        assert toolkit.session_ends() is bool(ends)
    quits = Recorder(), Recorder(attributeDescriptorForKeyword_="logout")
    for event, ends in ((None, False), (quits[0], False), (quits[1], True)):
        manager = Recorder(sharedAppleEventManager=Recorder(currentAppleEvent=event))
        cocoa.installed(monkeypatch, NSAppleEventManager=manager)
        assert toolkit.session_ends() is ends
