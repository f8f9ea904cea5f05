"""A start that failed is seen by whoever started it."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from hub.desktop import browser, console, display, failure

REASON = "The folder /home/naor/rooms is full."
PAGE = f"<h1>Hearth could not start</h1><p>{REASON}"


@pytest.fixture(autouse=True)
def _nobody_sees_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(console, "is_seen", lambda: False)
    monkeypatch.setattr(display, "missing", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser opened."""
    urls: list[str] = []
    monkeypatch.setattr(browser, "system_browser", lambda url: not urls.append(url))
    return urls


def test_a_window_shows_it_where_there_can_be_one(opened: list[str]) -> None:
    shown: list[str] = []
    failure.tell(REASON, PAGE, lambda page: not shown.append(page))
    assert shown == [PAGE]
    assert opened == []


def test_without_a_window_the_browser_shows_it(opened: list[str]) -> None:
    failure.tell(REASON, PAGE, lambda page: False)
    file = Path(unquote(urlsplit(opened[0]).path))
    try:
        assert file.read_text("utf-8") == PAGE
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    finally:
        file.unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has its own dialog")
@pytest.mark.parametrize("program", ["zenity", "kdialog", "xmessage"])
def test_where_no_page_can_be_written_a_dialog_shows_it(
    opened: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    told = tmp_path / "told"
    (tmp_path / program).write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {told}\n')
    (tmp_path / program).chmod(0o755)
    monkeypatch.setattr(failure.tempfile, "mkstemp", _full)
    failure.tell(REASON, PAGE, lambda page: False)
    assert opened == []
    assert re.search(f"^(--text=)?{re.escape(REASON)}$", told.read_text(), re.MULTILINE)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has its own dialog")
def test_what_wraps_no_lines_is_given_short_ones(
    opened: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    (tmp_path / "xmessage").write_text(f'#!/bin/sh\nprintf "%s" "$4" > {told}\n')
    (tmp_path / "xmessage").chmod(0o755)
    monkeypatch.setattr(failure.tempfile, "mkstemp", _full)
    monkeypatch.setattr(sys, "platform", "linux")
    reason = "The folder /home/naor/rooms is full, and so is every other one. " * 3
    failure.tell(reason.strip(), PAGE, lambda page: False)
    lines = told.read_text().splitlines()
    assert " ".join(lines) == reason.strip()
    assert max(len(line) for line in lines) <= failure.WIDTH


def test_where_nothing_can_show_it_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "system_browser", lambda url: False)
    monkeypatch.setattr(failure.tempfile, "mkstemp", _full)
    monkeypatch.setattr(sys, "platform", "linux")
    failure.tell(REASON, PAGE, lambda page: False)


@pytest.mark.parametrize("lacks", ["a terminal is seen", "no display"])
def test_nothing_is_shown_where_nobody_would_see_it(
    monkeypatch: pytest.MonkeyPatch, opened: list[str], lacks: str
) -> None:
    if lacks == "no display":
        monkeypatch.setattr(display, "missing", lambda: "there is no display")
    else:
        monkeypatch.setattr(console, "is_seen", lambda: True)
    shown: list[str] = []
    failure.tell(REASON, PAGE, lambda page: not shown.append(page))
    assert (shown, opened) == ([], [])


def _full(*_: str) -> tuple[int, str]:
    raise OSError(28, os.strerror(28))
