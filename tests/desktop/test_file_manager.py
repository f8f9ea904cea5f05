"""Folders and files in the programs that the system has for them."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path

import pytest

from hub.desktop import file_manager
from tests.patience import until


@pytest.mark.skipif(sys.platform != "linux", reason="the program is called so on Linux")
def test_a_folder_opens_by_the_systems_own_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {told}.new && mv {told}.new {told}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    folder = tmp_path / "ein Ordner"
    assert file_manager.open_path(folder)
    until(told.exists, "nothing was opened")
    assert told.read_text() == str(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a function for it")
def test_without_that_program_the_browser_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(webbrowser, "open", lambda url: not opened.append(url))
    assert file_manager.open_path(tmp_path)
    assert opened == [tmp_path.as_uri()]


def test_where_nothing_opens_it_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(url: str) -> bool:
        raise webbrowser.Error

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(webbrowser, "open", fails)
    assert not file_manager.open_path(tmp_path)


def test_on_windows_the_shell_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "startfile", opened.append, raising=False)
    assert file_manager.open_path(tmp_path)
    assert opened == [tmp_path]
