"""What the menu of the tray's icon offers."""

from __future__ import annotations

from hub.desktop.tray.entries import entries
from tests.desktop.chosen import Chosen


def test_every_line_does_what_it_says() -> None:
    chosen = Chosen()
    lines = [line for group in entries(chosen, window=True) for line in group]
    for line in lines:
        line.choose()
    assert dict(zip([line.label for line in lines], chosen.done, strict=True)) == {
        "Open Hearth": "front",
        "Share…": "share",
        "Pause for Others": "pause",
        "Start at Login": "login",
        "Ask Again on Closing": "ask",
        "Open the Hub's Folder": "folder",
        "Show the Log": "log",
        "Quit": "quit",
    }


def test_two_lines_have_a_check_mark_that_follows_the_hub() -> None:
    chosen = Chosen()
    marked = {
        line.label: line.is_on
        for group in entries(chosen, window=True)
        for line in group
        if line.is_on
    }
    assert {label: is_on() for label, is_on in marked.items()} == {
        "Pause for Others": False,
        "Start at Login": True,
    }
    chosen.paused, chosen.at_login = True, False
    assert [is_on() for is_on in marked.values()] == [True, False]


def test_without_a_window_there_is_nothing_to_close() -> None:
    groups = entries(Chosen(), window=False)
    labels = [line.label for group in groups for line in group]
    assert "Ask Again on Closing" not in labels
    assert len(labels) == 7
