"""Who is here, away or gone, and who is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from hub import account, attendance, presence
from hub.access.people import Person
from hub.access.statuses import Status
from hub.attendance import AWAY_SECONDS, REPORT_SECONDS
from hub.hub import Hub
from hub.room import Room
from tests.fakes import FakeClient
from tests.on_hub import enter, run_on


class Loop:
    """An event loop, the time of which is set on."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.skipped = 0.0

    def time(self) -> float:
        return self._loop.time() + self.skipped

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)


class Place:
    """A hub in which turns come when the test says so, and whose loop's time the test moves."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.attendance = hub.attendance
        self.attendance._loop = Loop(hub.attendance._loop)  # type: ignore[assignment]

    def person(self, name: str) -> Person:
        return self.hub.people.named(name) or self.hub.people.enter(name)[0]

    def connect(self, name: str, room: Room | None = None) -> FakeClient:
        client = FakeClient(self.person(name))
        self.hub.clients.add(client)
        self.attendance.came(client)
        if room is not None:
            self.attendance.entering(room, client)
            client.join(room)
        return client

    def leave(self, client: FakeClient) -> None:
        for name in tuple(client.joined):
            room = self.hub.rooms.open(name)
            assert room is not None
            client.part(room)
        self.hub.clients.remove(client)
        self.attendance.left(client)

    def passes(self, seconds: float) -> None:
        self.attendance._loop.skipped += seconds  # type: ignore[attr-defined]
        self.attendance._look.cancel()
        self.attendance._look_for_away()

    async def turn(self, client: FakeClient) -> list[Any]:
        """What a client is told of those it follows."""
        turns = self.attendance._turns
        before = len(client.told("person"))
        if turns._timer is not None:
            turns.stop()
            await turns._take()
        return client.told("person")[before:]

    async def shown(self, client: FakeClient) -> dict[str, Any]:
        """What a client is told of the people in its room, by name."""
        await asyncio.sleep(0.05)
        people: dict[str, Any] = {}
        for line in client.told("here"):
            for person in line.get("people", line.get("came", ())):
                people[person["name"]] = {
                    x: y for x, y in person.items() if x not in ("name", "who")
                }
        return people


Test = Callable[[Place], Coroutine[Any, Any, None]]
Run = Callable[[Test], None]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(presence, "HERE_SECONDS", 0.01)
    monkeypatch.setattr("hub.turns.TURN_SECONDS", 3600.0)
    monkeypatch.setattr(attendance, "LOOK_SECONDS", 3600.0)

    def run(test: Test) -> None:
        async def main(hub: Hub) -> None:
            await test(Place(hub))

        run_on(tmp_path)(main)

    return run


def test_who_touches_no_page_for_long_is_away(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.hub.rooms.room("tea")
        anna, bela = place.connect("anna", room), place.connect("bela", room)
        place.attendance.idle(anna, 0)
        assert await place.shown(bela) == {"anna": {}, "bela": {}}
        place.passes(AWAY_SECONDS + REPORT_SECONDS - 1)
        assert await place.shown(bela) == {"anna": {}, "bela": {}}
        place.passes(2)
        assert await place.shown(bela) == {"anna": {"away": True}, "bela": {}}
        newcomer = place.connect("carl", room)
        assert (await place.shown(newcomer))["anna"] == {"away": True}
        place.attendance.idle(anna, 1)
        assert (await place.shown(bela))["anna"] == {}

    run(test)


def test_a_page_may_say_itself_that_nobody_touched_it(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.hub.rooms.room("tea")
        anna = place.connect("anna", room)
        place.attendance.idle(anna, AWAY_SECONDS)
        assert await place.shown(anna) == {"anna": {"away": True}}
        place.attendance.idle(anna, 1e9)
        assert await place.shown(anna) == {"anna": {"away": True}}

    run(test)


def test_who_is_active_on_one_device_is_not_away(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.hub.rooms.room("tea")
        desk, phone = place.connect("anna", room), place.connect("anna", room)
        place.attendance.idle(desk, 0)
        place.passes(AWAY_SECONDS)
        place.attendance.idle(phone, 0)
        place.attendance.idle(desk, AWAY_SECONDS)
        assert await place.shown(desk) == {"anna": {}}
        place.passes(AWAY_SECONDS)
        place.attendance.idle(phone, AWAY_SECONDS)
        assert await place.shown(desk) == {"anna": {"away": True}}
        place.leave(phone)
        place.leave(desk)
        again = place.connect("anna", room)
        assert await place.shown(again) == {"anna": {}}, "who comes is here"

    run(test)


def test_a_status_is_shown_until_it_ends(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.hub.rooms.room("tea")
        anna, bela = place.connect("anna", room), place.connect("bela", room)
        place.attendance.set_status(anna.person.who, Status("Lunch", "🍜"))
        assert (await place.shown(bela))["anna"] == {"status": {"text": "Lunch", "emoji": "🍜"}}
        assert anna.told("status") == [{"do": "status", "status": {"text": "Lunch", "emoji": "🍜"}}]
        assert bela.told("status") == []
        ends = place.attendance._clock() + 0.1
        place.attendance.set_status(anna.person.who, Status("Soon back", until=ends))
        assert (await place.shown(bela))["anna"]["status"]["text"] == "Soon back"
        await asyncio.sleep(0.2)
        assert (await place.shown(bela))["anna"] == {}
        assert anna.told("status")[-1] == {"do": "status", "status": None}
        assert place.attendance.status_of(anna.person.who) is None

    run(test)


def test_followers_are_told_wherever_they_are(run: Run) -> None:
    async def test(place: Place) -> None:
        bela = place.connect("bela")
        anna = place.person("anna")
        place.attendance.follow(bela, frozenset([anna.who, "p_nobody", "<b>"]))
        assert bela.told("person") == [{"do": "person", "who": anna.who, "here": False}]
        client = place.connect("anna")
        assert await place.turn(bela) == [{"do": "person", "who": anna.who, "here": True}]
        place.attendance.set_status(anna.who, Status(busy=True))
        place.attendance.idle(client, AWAY_SECONDS)
        told = {"status": {"busy": True}, "away": True}
        assert await place.turn(bela) == [{"do": "person", "who": anna.who, "here": True, **told}]
        place.attendance.follow(bela, frozenset([bela.person.who]))
        place.attendance.set_status(anna.who, None)
        assert await place.turn(bela) == []
        place.leave(bela)
        assert place.attendance._followers == {}
        assert place.attendance._followed == {}

    run(test)


def test_only_who_writes_with_somebody_knows_when_they_were_here(run: Run) -> None:
    async def test(place: Place) -> None:
        anna, bela, carl = place.connect("anna"), place.connect("bela"), place.connect("carl")
        author = place.hub.author(bela.person)
        await place.hub.direct(author, anna.person.who)
        for client in (bela, carl):
            place.attendance.follow(client, frozenset([anna.person.who]))
        place.leave(anna)
        (to_bela,) = await place.turn(bela)
        assert to_bela["last"] == pytest.approx(place.attendance._clock(), abs=5)
        assert to_bela["here"] is False
        assert "last" not in carl.told("person")[-1]
        assert place.hub.people.person(anna.person.who).used == to_bela["last"]  # type: ignore[union-attr]

    run(test)


def test_who_hides_when_they_were_here_sees_it_of_nobody(run: Run) -> None:
    async def test(place: Place) -> None:
        anna, token = await enter(place.hub, "anna")
        bela, bela_token = await enter(place.hub, "bela")
        await place.hub.direct(place.hub.author(bela), anna.who)
        client = place.connect("bela")
        place.attendance.follow(client, frozenset([anna.who]))
        assert "last" in client.told("person")[-1]
        await account.change_preferences(place.hub, token, {"last_here": False})
        assert "last" not in (await place.turn(client))[-1]
        await account.change_preferences(place.hub, token, {"last_here": None})
        assert "last" in (await place.turn(client))[-1]
        await account.change_preferences(place.hub, bela_token, {"last_here": False})
        assert "last" not in client.told("person")[-1], "at once, as it is one's own"

    run(test)


def test_somebody_who_was_removed_meanwhile_may_leave(run: Run) -> None:
    async def test(place: Place) -> None:
        anna, bela = place.connect("anna"), place.connect("bela")
        place.attendance.follow(bela, frozenset([anna.person.who]))
        place.hub.people.remove(anna.person)
        place.leave(anna)
        assert await place.turn(bela) == [{"do": "person", "who": anna.person.who, "here": False}]

    run(test)


def test_when_visitors_left_is_not_kept(run: Run) -> None:
    async def test(place: Place) -> None:
        anna, bela = place.connect("anna"), place.connect("bela")
        place.hub.people.update(anna.person, visitor=True)
        place.leave(anna)
        place.leave(bela)
        assert list(place.attendance._left) == [bela.person.who]

    run(test)


def test_many_followers_are_told_in_slices(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attendance, "SLICE", 2)

    async def test(place: Place) -> None:
        anna = place.person("anna")
        followers = [place.connect(f"follower {number}") for number in range(5)]
        for client in followers:
            place.attendance.follow(client, frozenset([anna.who]))
        place.attendance.set_status(anna.who, Status("Hello"))
        await place.turn(followers[0])
        assert all(client.told("person")[-1]["status"] for client in followers)

    run(test)
