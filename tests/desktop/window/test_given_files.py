"""Files for the page; tests/desktop/test_window_habits.py drops and pastes some."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hub.desktop.window import given_files


@pytest.mark.skipif(sys.platform != "linux", reason="asks GLib what a URI names")
def test_only_files_of_this_computer_are_given(tmp_path: Path) -> None:
    pytest.importorskip("gi.repository.GLib", reason="needs PyGObject")
    file = tmp_path / "ein Blatt ✓.txt"
    file.write_text("x")
    uris = [
        tmp_path.as_uri(),
        file.as_uri(),
        (tmp_path / "gone").as_uri(),
        "file://elsewhere.example/etc/hostname",
        "file:%%%",
        "https://example.org/",
        "",
    ]
    assert given_files.files_of(uris) == [str(file)]


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_elsewhere_the_view_gives_them(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert given_files.give(None) is None
