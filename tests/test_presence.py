"""Who is told to be in a room, and when."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from hub import presence as module
from hub.presence import Presence
from hub.room_rules import Author

ANNA = Author("anna", "p_1")
BELA = Author("bela", "p_2")
GUEST = Author("guest")


class Place:
    """A room's presence, which is broadcast when the test says so."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.here = Presence("a", lambda line: self.told.append(json.loads(line)))

    def come(self, *authors: Author) -> None:
        for author in authors:
            self.here.come(author)

    def go(self, *authors: Author) -> None:
        for author in authors:
            self.here.go(author)

    def greeting(self) -> Any:
        return json.loads(self.here.greeting())

    def broadcast(self) -> list[Any]:
        """What is broadcast once the time for it has come."""
        timer = self.here._timer
        assert timer is not None, "there is nothing to tell"
        timer.cancel()
        self.here._tell()
        told, self.told = self.told, []
        return told


Test = Callable[[Place], Coroutine[Any, Any, None]]
Run = Callable[[Test], None]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(module, "HERE_SECONDS", 3600)

    def run(test: Test) -> None:
        async def main() -> None:
            await test(Place())

        asyncio.run(main())

    return run


def shown(*authors: Author) -> list[dict[str, str]]:
    return [{"name": x.name, "who": x.id} for x in authors]


def change(count: int, came: list[Any], left: list[str]) -> dict[str, Any]:
    return {"do": "here", "room": "a", "came": came, "left": left, "count": count}


def test_those_who_came_are_told_together(run: Run) -> None:
    async def test(place: Place) -> None:
        place.come(ANNA, BELA, GUEST)
        assert place.told == []
        assert place.broadcast() == [change(3, shown(ANNA, BELA, GUEST), [])]

    run(test)


def test_it_is_told_by_a_timer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HERE_SECONDS", 0.01)

    async def test(place: Place) -> None:
        for n, author in enumerate((ANNA, BELA), 1):
            place.come(author)
            async with asyncio.timeout(30):
                while len(place.told) < n:
                    await asyncio.sleep(0.005)

    run(test)


def test_a_person_is_here_until_the_last_connection_has_left(run: Run) -> None:
    async def test(place: Place) -> None:
        place.come(ANNA, ANNA, BELA)
        assert place.here.count == 2
        place.broadcast()
        place.go(ANNA)
        assert place.here.count == 2
        assert place.broadcast() == []
        place.go(ANNA)
        assert place.here.count == 1
        assert place.broadcast() == [change(1, [], ["p_1"])]

    run(test)


def test_whoever_comes_and_leaves_between_two_broadcasts_is_not_told(run: Run) -> None:
    async def test(place: Place) -> None:
        place.come(ANNA)
        place.broadcast()
        place.come(BELA)
        place.go(BELA)
        assert place.broadcast() == []

    run(test)


def test_a_newcomer_is_told_who_is_here(run: Run) -> None:
    async def test(place: Place) -> None:
        place.come(ANNA, GUEST)
        assert place.greeting() == {
            "do": "here", "room": "a", "count": 2, "people": shown(ANNA, GUEST),
        }  # fmt: skip

    run(test)


def test_somebody_whom_only_a_newcomer_was_told_of_is_told_to_have_left(run: Run) -> None:
    async def test(place: Place) -> None:
        place.come(ANNA)
        place.broadcast()
        place.come(BELA)
        place.greeting()
        place.go(BELA)
        assert place.broadcast() == [change(1, [], ["p_2"])]
        place.come(BELA)
        place.go(BELA)
        assert place.broadcast() == []

    run(test)


def test_a_new_name_is_told_as_if_somebody_came(run: Run) -> None:
    async def test(place: Place) -> None:
        place.come(ANNA)
        place.broadcast()
        place.here.renamed("p_1", "Anna B.")
        place.here.renamed("p_9", "Nobody")
        assert place.broadcast() == [change(1, [{"name": "Anna B.", "who": "p_1"}], [])]
        place.go(ANNA)
        assert place.here.count == 0

    run(test)


def test_nobody_is_told_of_somebody_who_is_not_here(run: Run) -> None:
    async def test(place: Place) -> None:
        place.here.renamed("p_9", "Nobody")
        assert place.here._timer is None

    run(test)


def test_of_a_crowd_only_the_number_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CROWD", 2)

    async def test(place: Place) -> None:
        place.come(ANNA, BELA)
        assert place.broadcast() == [change(2, shown(ANNA, BELA), [])]
        place.come(GUEST)
        assert place.greeting() == {"do": "here", "room": "a", "count": 3}
        assert place.broadcast() == [{"do": "here", "room": "a", "count": 3}]
        place.go(GUEST)
        assert place.broadcast() == [
            {"do": "here", "room": "a", "count": 2, "people": shown(ANNA, BELA)}
        ], "all of them, as nobody knows who is left"
        place.go(BELA)
        assert place.broadcast() == [change(1, [], ["p_2"])]

    run(test)
