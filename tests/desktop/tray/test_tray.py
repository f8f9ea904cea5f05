"""Each system has its own tray."""

from __future__ import annotations

import sys

import pytest

from hub.desktop.tray.tray import tray
from tests.desktop.chosen import Chosen


@pytest.mark.parametrize(
    ("system", "kind"),
    [("linux", "StatusNotifier"), ("win32", "NotifyIcon"), ("darwin", "StatusItem")],
)
def test_the_one_of_the_system(monkeypatch: pytest.MonkeyPatch, system: str, kind: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    made = tray(Chosen(), None, lambda: "", lambda: None)
    assert type(made).__name__ == kind
    assert not made.is_there, "nothing is shown yet"
