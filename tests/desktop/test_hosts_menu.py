"""What the window's menu does outside its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.desktop import browser, file_manager, login_item
from hub.desktop.hosts_menu import HostsMenu
from hub.folder import Folder


class Service:
    is_started = True

    def page_for(self, way: str) -> str:
        return f"http://127.0.0.1:5000/general#ticket={way}"


class Shutdown:
    was_set = False

    def set(self) -> None:
        self.was_set = True


def test_what_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder.open(tmp_path / "rooms")
    opened: list[Any] = []
    monkeypatch.setattr(file_manager, "open_path", opened.append)
    monkeypatch.setattr(browser, "system_browser", opened.append)
    service: Any = Service()
    shutdown: Any = Shutdown()
    menu = HostsMenu(folder, opened.append, service, shutdown)
    menu.to_page("1 + 1")
    menu.open_folder()
    menu.open_log()
    menu.open_browser()
    page = folder.hub / "open.html"
    assert opened == ["1 + 1", folder.path, folder.log_file, page.as_uri()]
    assert "#ticket=browser" in page.read_text(), "whoever sits there is the host there too"
    service.is_started = False
    menu.open_browser()
    assert len(opened) == 4, "there is nothing to open yet"
    menu.quit()
    assert shutdown.was_set


def test_it_switches_the_start_at_login_and_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder.open(tmp_path / "rooms")
    told: list[str] = []
    on: list[Path] = []
    monkeypatch.setattr(login_item, "is_on", lambda: bool(on))
    monkeypatch.setattr(login_item, "turn_on", on.append)
    monkeypatch.setattr(login_item, "turn_off", on.clear)
    unused: Any = None
    menu = HostsMenu(folder, told.append, unused, unused)
    menu.switch_login()
    assert on == [folder.path]
    menu.switch_login()
    assert on == []

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(login_item, "turn_on", full)
    menu.switch_login()
    for script, words in zip(told, ("From now on", "no longer", "No space left"), strict=True):
        assert "hearth-notice" in script
        assert words in script
