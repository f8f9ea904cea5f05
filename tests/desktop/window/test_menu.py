"""What the window's menu offers."""

from __future__ import annotations

import re
import sys

import pytest

from hub.desktop.window.menu import menus
from tests.desktop.chosen import Chosen
from tests.launching import ROOT


def choose_all() -> dict[str, str]:
    """What each item does, by its label."""
    chosen = Chosen()
    found = {}
    for submenu in menus(chosen):
        for item in [each for group in submenu.groups for each in group]:
            item.choose()
            found[item.label] = chosen.done.pop()
            assert chosen.done == []
    return found


def test_every_item_does_what_it_says() -> None:
    found = choose_all()
    plain = {label: done for label, done in found.items() if "dispatchEvent" not in done}
    assert plain == {
        "Open in Browser": "browser",
        "Open the Hub's Folder": "folder",
        "Show the Log": "log",
        "Pause for Others": "pause",
        "Switch Start at Login": "login",
        "Ask Again on Closing": "ask",
        "Quit": "quit",
    }
    assert set(found) - set(plain) == {"Rooms…", "Share…", "Help", "About Hearth"}
    assert '"face": "rooms"' in found["Rooms…"]


def test_gtk_can_make_an_action_of_every_label() -> None:
    """pywebview makes its name of them, and GTK ends the program for a colon or a bracket."""
    assert [label for label in choose_all() if not re.fullmatch(r"[\w '…]+", label)] == []


def test_what_is_asked_of_the_page_is_an_action_of_it() -> None:
    actions = (ROOT / "ui" / "parts" / "actions.js").read_text("utf-8")
    for done in choose_all().values():
        for name in re.findall(r"CustomEvent\('hearth-([\w-]+)'", done):
            assert re.search(rf"^    '?{name}'?: ", actions, re.MULTILINE), name


def test_macos_has_quit_and_about_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert {"Quit", "About Hearth"}.isdisjoint(choose_all())
