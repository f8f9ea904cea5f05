"""What answers a message, and what it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub import thread_view
from hub.errors import Refused
from hub.protocol import events
from hub.protocol.commands import Edit, Erase, Topic
from hub.protocol.events import Event
from hub.thread_view import answered_by, answers_to, shown
from tests.histories import header
from tests.one_room import Place, Run, run_in


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return run_in(tmp_path)


def texts(lines: list[bytes]) -> list[Any]:
    return [msgspec.json.decode(line)["text"] for line in lines]


def test_a_thread_is_what_comes_above_and_below(run: Run) -> None:
    async def test(place: Place) -> None:
        for re in (None, 1, 2, None, 3, 1, 3):
            await place.say(f"{re}", re=re)
        for _ in range(2):
            room = place.room
            assert await answers_to(room, 1) == [2, 3, 5, 6, 7]
            assert await answers_to(room, 3) == [5, 7]
            assert await answers_to(room, 4) == []
            assert answered_by(room, 5) == [1, 2, 3]
            assert answered_by(room, 1) == []
            place.open()

    run(test)


def test_what_is_shown_is_edited_and_gaps_stay(run: Run) -> None:
    async def test(place: Place) -> None:
        for re in (None, 1, 1):
            await place.say("x", re=re)
        await place.do(Edit(room="a", of=2, text="better"))
        await place.do(Erase(room="a", of=3))
        await place.do(Topic(room="a", text="y"))
        assert texts(shown(place.room, [1, 2, 3, 4, 6, 9])) == ["x", "better", ""]

    run(test)


def test_both_are_bounded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread_view, "ABOVE", 3)
    monkeypatch.setattr(thread_view, "BELOW", 4)

    async def test(place: Place) -> None:
        for n in range(9):
            await place.say("x", re=n or None)
        assert answered_by(place.room, 9) == [6, 7, 8], "the nearest"
        assert await answers_to(place.room, 1) == [2, 3, 4, 5]

    run(test)


@pytest.mark.parametrize("re", [3, 4, 5, 0, -1, 99])
def test_a_file_in_which_messages_answer_themselves_ends(run: Run, re: int, tmp_path: Path) -> None:
    """As somebody may have changed it by hand."""
    lines = [
        Event(room="a", n=n, at="2026-11-22T20:17:03.123Z", by="x", do="say", text="x", re=answered)
        for n, answered in enumerate((None, 1, re, 3, 4), 1)
    ]
    (tmp_path / "a.jsonl").write_bytes(header("a") + b"".join(map(events.line_of, lines)))

    async def test(place: Place) -> None:
        assert await answers_to(place.room, 3) == [4, 5]
        assert answered_by(place.room, 3) == []
        assert answered_by(place.room, 5) == [3, 4]
        assert await answers_to(place.room, 1) == [2]

    run(test)


def test_an_event_of_a_later_hearth_is_not_shown(run: Run, tmp_path: Path) -> None:
    odd = events.sealed(b'{"room":"a","n":1,"at":5,"by":"x","do":"say","text":1}')
    (tmp_path / "a.jsonl").write_bytes(header("a") + odd)

    async def test(place: Place) -> None:
        assert shown(place.room, [1]) == []
        assert answered_by(place.room, 1) == []

    run(test)


def test_a_file_that_cannot_be_read_is_told_of(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(place: Place) -> None:
        await place.say("x")

        def fail(*_: object) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr("hub.store.disk.pread", fail)
        with pytest.raises(Refused) as why:
            shown(place.room, [1])
        assert why.value.code == "room_closed"

    run(test)
