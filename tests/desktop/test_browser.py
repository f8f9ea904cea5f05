"""How the page is opened where there is no native window."""

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
    """A program called chromium, the only one there is, that writes down what it is given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    file = folder / "chromium"
    file.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/told"\n')
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin" if os.name == "posix" else str(folder))
    monkeypatch.setattr(browser, "_PROGRAMS", ("chromium",))
    return folder


def test_a_door_leads_to_the_page_and_hides_the_ticket(tmp_path: Path) -> None:
    file = tmp_path / "open.html"
    address = browser.door(file, URL)
    assert address.startswith("file:///")
    assert "secret" not in address, "everybody can read a command line"
    page = urllib.request.urlopen(address).read().decode()
    assert f"url={URL}" in page
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="starts a shell script")
def test_an_app_window_is_a_process_of_its_own(program: Path, tmp_path: Path) -> None:
    started = browser.app_window("file:///open.html", tmp_path / "profile")
    assert started is not None
    assert started.wait(60) == 0
    told = (program / "told").read_text().splitlines()
    assert "--app=file:///open.html" in told
    assert f"--user-data-dir={tmp_path / 'profile'}" in told
    assert ("--no-sandbox" in told) == (os.geteuid() == 0)


def test_without_a_browser_there_is_no_app_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform != "linux":
        pytest.skip("knows where browsers are by their folder")
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


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="has always something to show on")
def test_why_nothing_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert browser.display() == "there is no display"
    monkeypatch.setenv("DISPLAY", ":99999")
    assert browser.display() == "the display :99999 does not answer"
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert browser.display() is None
