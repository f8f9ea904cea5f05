"""A question in a dialog of Windows and macOS; GTK's is asked in tests/desktop/test_tray.py."""

from __future__ import annotations

import ctypes
import sys
import types
from typing import Any

import pytest

from hub.desktop.window.question import Answer, Question
from tests.desktop import cocoa
from tests.desktop.cocoa import Recorder

OK, CANCEL, YES, NO = 1, 2, 6, 7
KEEP_FIRST = "Keep it?\n\nIt can go on.\n\nYes: Keep\nNo: Quit"


def question(answered: list[str], *labels: str) -> Question:
    def answer(label: str) -> Answer:
        return Answer(label, lambda: answered.append(label))

    return Question("Keep it?", "It can go on.", [answer(label) for label in labels])


@pytest.mark.parametrize(
    ("labels", "pressed", "comes"),
    [
        (("Keep", "Quit"), YES, ["Keep"]),
        (("Keep", "Quit"), NO, ["Quit"]),
        (("Keep", "Quit"), CANCEL, []),
        (("Quit",), OK, ["Quit"]),
        (("Quit",), CANCEL, []),
    ],
)
@pytest.mark.parametrize("is_visible", [True, False])
def test_on_windows(
    monkeypatch: pytest.MonkeyPatch,
    labels: tuple[str, ...],
    pressed: int,
    comes: list[str],
    is_visible: bool,
) -> None:
    shown: list[Any] = []

    def box(*given: Any) -> int:
        shown.append(given)
        return pressed

    monkeypatch.setattr(sys, "platform", "win32")
    user = types.SimpleNamespace(MessageBoxW=box)
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(user32=user), raising=False)
    monkeypatch.setitem(sys.modules, "System", types.SimpleNamespace(Action=lambda do: do))
    handle = types.SimpleNamespace(ToInt64=lambda: 77)
    form = types.SimpleNamespace(BeginInvoke=lambda do: do(), Handle=handle, Visible=is_visible)
    answered: list[str] = []
    question(answered, *labels).ask(form)
    assert answered == comes
    ((parent, text, title, _),) = shown
    assert (parent, title) == (77 if is_visible else None, "Hearth")
    assert text == (KEEP_FIRST if len(labels) == 2 else "Keep it?\n\nIt can go on.\n\nOK: Quit")


@pytest.mark.parametrize(("pressed", "comes"), [(1000, ["Keep"]), (1001, ["Quit"]), (1002, [])])
def test_on_macos(monkeypatch: pytest.MonkeyPatch, pressed: int, comes: list[str]) -> None:
    alert = Recorder(runModal=pressed)
    kind = Recorder(alloc=Recorder(init=alert))
    cocoa.installed(monkeypatch, NSAlert=kind, NSApp=Recorder())
    answered: list[str] = []
    question(answered, "Keep", "Quit").ask(None)
    assert answered == comes
    assert alert.given("setMessageText_") == [("Keep it?",)]
    assert alert.given("setInformativeText_") == [("It can go on.",)]
    assert alert.given("addButtonWithTitle_") == [("Keep",), ("Quit",), ("Cancel",)]


def test_an_answer_that_fails_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("it fails")

    kind = Recorder(alloc=Recorder(init=Recorder(runModal=1000)))
    cocoa.installed(monkeypatch, NSAlert=kind, NSApp=Recorder())
    Question("Keep it?", "It can go on.", [Answer("Keep", fail)]).ask(None)
    assert "an answer: Keep" in caplog.text
