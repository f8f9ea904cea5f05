"""Opening the page in a browser."""

from __future__ import annotations

import os
import stat
import sys
import urllib.request
import webbrowser
from pathlib import Path

import pytest

from hub.desktop import browser

URL = "http://127.0.0.1:5000/general#ticket=secret"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called chromium, the only one there is, that records its arguments."""
    folder = tmp_path / "bin"
    folder.mkdir()
    file = folder / "chromium"
    file.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/told"\n')
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin" if os.name == "posix" else str(folder))
    monkeypatch.setattr(browser, "_PROGRAMS", ("chromium",))
    return folder


def test_the_redirect_page_keeps_the_ticket_off_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "open.html"
    address = browser.redirect_page(file, URL)
    assert address.startswith("file:///")
    assert "secret" not in address, "every user can read command lines"
    page = urllib.request.urlopen(address).read().decode()
    assert f"url={URL}" in page
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="starts a shell script")
def test_an_app_window_is_a_process(program: Path, tmp_path: Path) -> None:
    started = browser.app_window("file:///open.html", tmp_path / "profile")
    assert started is not None
    assert started.wait(60) == 0
    told = (program / "told").read_text().splitlines()
    assert "--app=file:///open.html" in told
    assert f"--user-data-dir={tmp_path / 'profile'}" in told
    assert ("--no-sandbox" in told) == (os.geteuid() == 0)


def test_no_app_window_without_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("finds browsers by their folder")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.app_window("file:///open.html", tmp_path / "profile") is None


@pytest.mark.skipif(os.name != "posix", reason="starts a shell script")
def test_a_browser_that_cannot_be_started(program: Path, tmp_path: Path) -> None:
    (program / "chromium").write_text("#!/no/such/shell\n")
    assert browser.app_window("file:///open.html", tmp_path / "profile") is None


def test_the_system_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def opens(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", opens)
    assert browser.system_browser(URL)
    assert opened == [URL]

    def broken(url: str) -> bool:
        raise webbrowser.Error(url)

    monkeypatch.setattr(webbrowser, "open", broken)
    assert not browser.system_browser(URL)
