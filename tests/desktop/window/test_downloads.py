"""Where downloads go; tests/desktop/test_window_habits.py saves one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hub.desktop.window import downloads
from hub.desktop.window.remembered import Memory


@pytest.mark.skipif(sys.platform != "linux", reason="asks GLib for the user's folders")
def test_the_last_folder_is_offered_as_long_as_it_is_there(tmp_path: Path) -> None:
    glib = pytest.importorskip("gi.repository.GLib", reason="needs PyGObject")
    assert downloads.first_folder(str(tmp_path)) == tmp_path
    system = glib.get_user_special_dir(glib.UserDirectory.DIRECTORY_DOWNLOAD)
    usual = system if system and Path(system).is_dir() else glib.get_home_dir()
    for gone in (None, "", str(tmp_path / "gone")):
        assert downloads.first_folder(gone) == Path(usual)


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_elsewhere_pywebview_asks(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    downloads.ask_where(None, Memory(None))
