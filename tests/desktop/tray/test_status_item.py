"""The icon in macOS's menu bar, as AppKit's documentation has it."""

from __future__ import annotations

from typing import Any

import pytest

from hub.desktop.tray import status_item
from hub.desktop.tray.entries import Entry, entries
from hub.desktop.tray.status_item import StatusItem
from tests.desktop import cocoa
from tests.desktop.chosen import Chosen, broken_entries
from tests.desktop.cocoa import Recorder


class Menu(cocoa.Object):
    """NSMenu."""

    def __init__(self) -> None:
        self.lines: list[Any] = []
        self.delegate: Any = None

    def addItem_(self, line: Any) -> None:
        self.lines.append(line)

    def addItemWithTitle_action_keyEquivalent_(self, title: str, action: str, key: str) -> Any:
        line = Recorder(tag=len([x for x in self.lines if x != "-"]))
        self.lines.append(line)
        assert (action, key) == ("choose:", "")
        line.told["title"] = title
        return line

    def setDelegate_(self, delegate: Any) -> None:
        self.delegate = delegate


def shown(
    monkeypatch: pytest.MonkeyPatch, groups: list[list[Entry]], icon: Any = None
) -> tuple[StatusItem, Recorder, Recorder]:
    """An item that is shown, what AppKit has of it, and its button."""
    status_item._target_class.cache_clear()
    button = Recorder()
    item = Recorder(button=button)
    bar = Recorder(statusItemWithLength_=item)
    cocoa.installed(
        monkeypatch,
        NSStatusBar=Recorder(systemStatusBar=bar),
        NSVariableStatusItemLength=-1,
        NSImage=Recorder(alloc=Recorder(initWithContentsOfFile_=icon)),
        NSMenu=Menu,
        NSMenuItem=Recorder(separatorItem="-"),
    )
    shown = StatusItem(groups, "icon.png", lambda: "3 unread for you")
    assert not shown.is_there
    shown.show()
    assert shown.is_there
    return shown, item, button


def test_it_has_a_menu_whose_lines_do_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Chosen()
    picture = Recorder()
    _, item, button = shown(monkeypatch, entries(chosen, window=True), picture)
    assert button.given("setImage_") == [(picture,)]
    assert button.given("setToolTip_") == [("Hearth: 3 unread for you",)]
    ((menu,),) = item.given("setMenu_")
    assert [line if line == "-" else line.title() for line in menu.lines][:4] == [
        "Open Hearth", "Share…", "-", "Pause for Others",
    ]  # fmt: skip
    menu.delegate.choose_(menu.lines[3])
    assert chosen.done == ["pause"]
    menu.delegate.menuNeedsUpdate_(menu)
    assert menu.lines[3].given("setState_") == [(1,)]
    assert menu.lines[0].given("setState_") == []


def test_without_a_picture_it_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, button = shown(monkeypatch, entries(Chosen(), window=True))
    assert button.given("setTitle_") == [("Hearth",)]


def test_a_choice_that_fails_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _, item, _ = shown(monkeypatch, broken_entries())
    ((menu,),) = item.given("setMenu_")
    menu.delegate.choose_(menu.lines[0])
    assert "Open_it" in caplog.text


def test_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    status, _, button = shown(monkeypatch, entries(Chosen(), window=True))
    status.close()
    assert not status.is_there
    told = len(button.calls)
    status.changed()
    status.close()
    assert len(button.calls) == told, "nothing is told of one that is gone"
