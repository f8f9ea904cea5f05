"""What the menus of the window and of the tray do outside the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.desktop import browser, file_manager, login_item
from hub.desktop.hosts_menu import HostsMenu
from hub.folder import Folder


class Around:
    """The window, the service and the closing around a menu, which record what they are asked."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.is_started = True
        self.is_paused = False

    def run(self, script: str) -> None:
        self.done.append(script)

    def to_front(self, url: str | None) -> None:
        self.done.append(("front", url))

    def page_for(self, way: str) -> str:
        return f"http://127.0.0.1:5000/general#ticket={way}"

    def switch_pause(self) -> None:
        self.is_paused = not self.is_paused

    def forget(self) -> None:
        self.done.append("forget")

    def quit(self) -> None:
        self.done.append("quit")


def menu_in(path: Path) -> tuple[HostsMenu, Any, Folder]:
    folder, around = Folder.open(path / "rooms"), Around()
    parts: list[Any] = [around] * 3
    return HostsMenu(folder, *parts), around, folder


def test_what_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    menu, around, folder = menu_in(tmp_path)
    monkeypatch.setattr(file_manager, "open_path", around.done.append)
    monkeypatch.setattr(browser, "system_browser", around.done.append)
    menu.to_page("1 + 1")
    menu.to_front()
    menu.open_folder()
    menu.open_log()
    menu.open_browser()
    menu.quit()
    page = folder.hub / "open.html"
    assert around.done == [
        "1 + 1", ("front", None), folder.path, folder.log_file, page.as_uri(), "quit",
    ]  # fmt: skip
    assert "#ticket=browser" in page.read_text(), "whoever sits there is the host there too"
    around.is_started = False
    around.done.clear()
    menu.open_browser()
    assert around.done == [], "there is nothing to open yet"


def test_to_share_it_shows_the_page_first(tmp_path: Path) -> None:
    menu, around, _ = menu_in(tmp_path)
    menu.share()
    front, script = around.done
    assert front == ("front", None)
    assert "hearth-show-invite" in script


def test_the_end_of_a_pause_is_told(tmp_path: Path) -> None:
    menu, around, _ = menu_in(tmp_path)
    menu.switch_pause()
    assert menu.is_paused()
    assert around.done == [], "hosts see a notice that stays"
    menu.switch_pause()
    assert not menu.is_paused()
    assert "Others can come in again." in around.done[0]


def test_it_asks_again_and_says_so(tmp_path: Path) -> None:
    menu, around, _ = menu_in(tmp_path)
    menu.ask_again()
    forgot, script = around.done
    assert forgot == "forget"
    assert "hearth-notice" in script


def test_it_switches_the_start_at_login_and_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on: list[Path] = []
    monkeypatch.setattr(login_item, "is_on", lambda: bool(on))
    monkeypatch.setattr(login_item, "turn_on", on.append)
    monkeypatch.setattr(login_item, "turn_off", on.clear)
    menu, around, folder = menu_in(tmp_path)
    menu.switch_login()
    assert on == [folder.path]
    assert menu.starts_at_login()
    menu.switch_login()
    assert on == []
    assert not menu.starts_at_login()

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(login_item, "turn_on", full)
    menu.switch_login()
    for script, words in zip(
        around.done, ("From now on", "no longer", "No space left"), strict=True
    ):
        assert "hearth-notice" in script
        assert words in script
