"""What comes of it when somebody closes the window, or quits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.desktop.window import toolkit
from hub.desktop.window.closing import Closing
from hub.desktop.window.question import Question
from hub.desktop.window.remembered import Memory


class Shutdown:
    def __init__(self) -> None:
        self.was_set = False

    def set(self) -> None:
        self.was_set = True

    def is_set(self) -> bool:
        return self.was_set


class Window:
    """A hub's window, whose hub has so many `peers`, on a desktop with or without a tray."""

    def __init__(self, folder: Path, peers: int | None, *, tray: bool, serves: bool) -> None:
        self.native: Any = "native"
        self.hidden = self.raised = 0
        self.asked: list[Question] = []
        self.peers = peers
        self.tray = tray
        self.memory = Memory(folder / "window.json")
        self.shutdown = Shutdown()
        shutdown: Any = self.shutdown
        self.closing = Closing(
            self.memory, self, shutdown, lambda: serves, lambda: self.peers, lambda: self.tray
        )

    def hide(self) -> None:
        self.hidden += 1

    def to_front(self, url: str | None) -> None:
        assert url is None
        self.raised += 1

    def answer(self, label: str) -> None:
        """Somebody answers the last question so."""
        next(x for x in self.asked.pop().answers if x.label == label).then()

    @property
    def state(self) -> tuple[int, int, bool]:
        """How often it was hidden, how many questions wait, and whether Hearth ends."""
        return self.hidden, len(self.asked), self.shutdown.was_set


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions are kept by the window above which they are asked."""
    monkeypatch.setattr(Question, "ask", lambda question, native: native.asked.append(question))


def window(
    folder: Path, peers: int | None = 0, *, tray: bool = True, serves: bool = True
) -> Window:
    made = Window(folder, peers, tray=tray, serves=serves)
    made.native = made
    return made


def test_the_first_time_somebody_is_asked_and_the_answer_is_remembered(tmp_path: Path) -> None:
    first = window(tmp_path)
    assert not first.closing.may_close()
    assert first.state == (0, 1, False)
    first.answer("Keep It Running")
    assert first.state == (1, 0, False)
    assert not first.closing.may_close()
    assert first.state == (2, 0, False)
    first.memory.save()
    later = window(tmp_path, peers=7)
    assert not later.closing.may_close()
    assert later.state == (1, 0, False)
    later.closing.forget()
    assert not later.closing.may_close()
    assert later.state == (1, 1, False)
    later.answer("Quit")
    assert later.state == (1, 0, True)
    later.memory.save()
    last = window(tmp_path)
    assert last.closing.may_close(), "nobody is connected"
    assert last.state == (0, 0, False)


def test_who_cancels_is_asked_again(tmp_path: Path) -> None:
    shown = window(tmp_path)
    for asked in (1, 2):
        assert not shown.closing.may_close()
        assert shown.state == (0, asked, False)
    assert shown.asked[0] is not shown.asked[1]


def test_a_question_that_is_open_is_brought_to_the_front(tmp_path: Path) -> None:
    shown = window(tmp_path, 3)
    shown.closing.may_close()
    shown.asked[0].is_open = True
    shown.closing.may_close()
    shown.closing.quit()
    assert shown.asked == [shown.asked[0]] * 3


def test_a_tray_that_ended_since_hides_nothing(tmp_path: Path) -> None:
    shown = window(tmp_path)
    shown.closing.may_close()
    shown.tray = False
    shown.answer("Keep It Running")
    assert shown.state == (0, 0, False)
    assert shown.raised == 0


def test_a_tray_that_ends_at_that_moment_leaves_no_hidden_window(tmp_path: Path) -> None:
    shown = window(tmp_path)
    shown.memory.change(closing="keep")
    there = iter([True, True, False])
    shown.closing._has_tray = lambda: next(there)
    assert not shown.closing.may_close()
    assert (shown.hidden, shown.raised) == (1, 1)


def test_without_a_tray_it_never_hides(tmp_path: Path) -> None:
    shown = window(tmp_path, tray=False)
    shown.memory.change(closing="keep")
    assert shown.closing.may_close()
    shown.peers = 2
    assert not shown.closing.may_close()
    assert shown.state == (0, 1, False)
    assert shown.asked[0].title == "Quit Hearth?"
    shown.answer("Quit")
    assert shown.state == (0, 0, True)
    assert shown.closing.may_close()


@pytest.mark.parametrize(
    ("peers", "told"),
    [
        (1, "1 person is connected."),
        (30, "30 people are connected."),
        (None, "Others may be connected."),
    ],
)
def test_who_quits_is_told_how_many_are_connected(
    tmp_path: Path, peers: int | None, told: str
) -> None:
    shown = window(tmp_path, peers)
    shown.closing.quit()
    assert shown.state == (0, 1, False)
    assert told in shown.asked[0].text
    shown.answer("Quit")
    assert shown.shutdown.was_set


def test_the_first_question_tells_it_too(tmp_path: Path) -> None:
    for peers, told in ((0, "this computer. "), (1, "; 1 person is connected now. ")):
        shown = window(tmp_path, peers)
        shown.closing.may_close()
        assert told in shown.asked[0].text


def test_nobody_is_asked_where_nobody_is_connected(tmp_path: Path) -> None:
    shown = window(tmp_path)
    shown.closing.quit()
    assert shown.state == (0, 0, True)


@pytest.mark.parametrize("tray", [True, False])
def test_a_hub_that_does_not_serve_closes_at_once(tmp_path: Path, tray: bool) -> None:
    shown = window(tmp_path, 3, tray=tray, serves=False)
    assert shown.closing.may_close()
    shown.closing.quit()
    assert shown.state == (0, 0, True)


def test_a_signal_closes_it_without_a_question(tmp_path: Path) -> None:
    shown = window(tmp_path, 3)
    shown.shutdown.set()
    assert shown.closing.may_close()
    assert shown.asked == []


def test_a_window_that_is_gone_asks_nothing(tmp_path: Path) -> None:
    shown = window(tmp_path, 3)
    shown.native = None
    shown.closing.quit()
    assert shown.state == (0, 0, False)


def test_a_session_that_ends_is_not_held_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = window(tmp_path, 3)
    monkeypatch.setattr(toolkit, "session_ends", lambda: True)
    assert shown.closing.may_close()
    assert shown.closing.may_close(True)
    assert shown.state == (0, 0, False)


def test_who_ends_the_program_closes_no_window(tmp_path: Path) -> None:
    shown = window(tmp_path, 3)
    shown.memory.change(closing="keep")
    assert not shown.closing.may_close(True)
    assert shown.state == (0, 1, False)
    assert shown.asked[0].title == "Quit Hearth?"
    shown.peers = 0
    assert not shown.closing.may_close(True), "it ends in order, and the window with it"
    assert shown.state == (0, 1, True)
