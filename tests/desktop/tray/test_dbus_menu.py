"""The menu that a desktop draws: its lines, their looks, and what comes of a click."""

from __future__ import annotations

from typing import Any

import pytest

from hub.desktop.tray.dbus_menu import DBusMenu
from hub.desktop.tray.entries import entries
from tests.desktop.chosen import Chosen, broken_entries

pytest.importorskip("gi.repository.GLib", reason="needs PyGObject")


def answer_of(menu: DBusMenu, name: str, given: tuple[Any, ...]) -> Any:
    """The answer to a call; what was chosen by it is done."""
    answer, chosen = menu.call(name, given)
    for entry in chosen:
        entry.chosen()
    return answer


def test_the_layout_has_all_lines_with_what_divides_them() -> None:
    menu = DBusMenu(entries(Chosen(), window=True))
    revision, (root, looks, lines) = answer_of(menu, "GetLayout", (0, -1, [])).unpack()
    assert (revision, root, looks) == (1, 0, {"children-display": "submenu"})
    assert [number for number, _, _ in lines] == list(range(1, 12))
    assert [looks.get("label", "-") for _, looks, _ in lines] == [
        "Open Hearth", "Share…", "-", "Pause for Others", "Start at Login",
        "Ask Again on Closing", "-",
        "Open the Hub's Folder", "Show the Log", "-", "Quit",
    ]  # fmt: skip
    assert lines[2][1] == {"type": "separator"}
    assert lines[3][1] == {
        "label": "Pause for Others", "toggle-type": "checkmark", "toggle-state": 0,
    }  # fmt: skip
    assert lines[4][1]["toggle-state"] == 1
    assert answer_of(menu, "GetLayout", (0, 0, [])).unpack()[1][2] == [], "no deeper than asked"
    assert answer_of(menu, "GetLayout", (4, -1, [])).unpack()[1][2] == [], "a line has none inside"


def test_a_line_is_told_by_itself() -> None:
    chosen = Chosen()
    menu = DBusMenu(entries(chosen, window=True))
    chosen.paused = True
    told = answer_of(menu, "GetGroupProperties", ([4, 99], [])).unpack()[0]
    assert [(number, looks["toggle-state"]) for number, looks in told] == [(4, 1)]
    everything = answer_of(menu, "GetGroupProperties", ([], [])).unpack()[0]
    assert [number for number, _ in everything] == list(range(12))
    assert answer_of(menu, "GetProperty", (1, "label")).unpack() == ("Open Hearth",)
    assert answer_of(menu, "GetProperty", (1, "no such thing")).unpack() == ("",)
    assert answer_of(menu, "AboutToShow", (0,)).unpack() == (True,)
    assert answer_of(menu, "AboutToShowGroup", ([0, 4, 99],)).unpack() == ([0], [99])


def test_a_click_chooses_and_nothing_else_does() -> None:
    chosen = Chosen()
    menu = DBusMenu(entries(chosen, window=True))
    assert answer_of(menu, "Event", (11, "hovered", "", 0)) is None
    for number in (0, 3, 99, -1):
        answer_of(menu, "Event", (number, "clicked", "", 0))
    assert chosen.done == []
    answer_of(menu, "Event", (11, "clicked", "", 0))
    errors = answer_of(menu, "EventGroup", ([(2, "clicked", "", 0), (99, "clicked", "", 0)],))
    assert errors.unpack() == ([99],)
    assert chosen.done == ["quit", "share"]


def test_a_choice_is_made_after_the_answer() -> None:
    """It may end the program, and the desktop would wait for its answer."""
    chosen = Chosen()
    _, entries_ = DBusMenu(entries(chosen, window=True)).call("Event", (11, "clicked", "", 0))
    assert [entry.label for entry in entries_] == ["Quit"]
    assert chosen.done == []


def test_a_choice_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    menu = DBusMenu(broken_entries())
    answer_of(menu, "Event", (1, "clicked", "", 0))
    assert "Open_it" in caplog.text
    assert answer_of(menu, "GetProperty", (1, "label")).unpack() == ("Open__it & all",), (
        "no key of it"
    )


def test_its_properties() -> None:
    menu = DBusMenu([])
    names = ("Version", "Status", "TextDirection", "IconThemePath")
    assert [menu.read(name).unpack() for name in names] == [3, "normal", "ltr", []]
