"""Who has read how far: which rooms are small, who is shown, and what is told live."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from hub import account, reads
from hub.access import read_marks
from hub.access.people import Person
from hub.hub import Hub
from hub.protocol.commands import Invite, Remove, Say
from hub.reads import SMALL, ReadMark
from hub.room import Room
from hub.room_rules import Author
from tests.fakes import FakeClient
from tests.on_hub import enter, refusal, run_on


class Place:
    """A hub that tells of marks when the test says so."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def person(self, name: str) -> Person:
        return self.hub.people.named(name) or self.hub.people.enter(name)[0]

    async def room(self, name: str = "tea", says: str = "writer", count: int = 5) -> Room:
        """The room, in which somebody says something so many times."""
        author = self.hub.author(self.person(says))
        for _ in range(count):
            await self.hub.post(name, author, Say(room=name, text="x"))
        return await self.hub.rooms.room(name)

    async def private(self, *members: str) -> Room:
        """A private room of the first of these people with the others."""
        owner = self.hub.author(self.person(members[0]))
        room = await self.hub.make("private", "Plans", owner)
        for name in members[1:]:
            invite = Invite(room=room.name, whom=self.person(name).who)
            await self.hub.change_room(room, owner, invite)
        return room

    def read(self, name: str, room: Room, n: int) -> None:
        self.hub.seen(self.person(name), room, n)

    def connect(self, name: str, room: Room) -> FakeClient:
        client = FakeClient(self.person(name))
        self.hub.clients.add(client)
        client.join(room)
        return client

    async def asked(self, name: str, room: Room) -> dict[str, int] | None:
        """How far the others have read, by name, as this person is told."""
        marks = await self.hub.reads.of_room(room, self.person(name))
        return None if marks is None else {mark.name: mark.n for mark in marks}

    def prefer(self, name: str, **patch: Any) -> None:
        person = self.person(name)
        self.hub.preferences.change(person.who, patch)
        self.hub.reads.changed(person)

    async def turn(self) -> None:
        """Let the next turn come."""
        assert not self.rests, "there is nothing to tell"
        turns = self.hub.reads._turns
        turns.stop()
        await turns._take()

    @property
    def rests(self) -> bool:
        return self.hub.reads._turns._timer is None


Test = Callable[[Place], Coroutine[Any, Any, None]]
Run = Callable[[Test], None]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("hub.turns.TURN_SECONDS", 3600)
    return lambda test: run_on(tmp_path / "rooms")(lambda hub: test(Place(hub)))


def told(client: FakeClient) -> list[dict[str, int] | None]:
    """What it was told live: how far by name, or None for a room that is not small any more."""
    lines = client.told("reads")
    return [{x["name"]: x["n"] for x in y["reads"]} if "reads" in y else None for y in lines]


# -- which rooms are small -----------------------------------------------------------------


def test_a_public_room_is_small_while_few_have_read_it(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        expected = {}
        for n in range(SMALL - 1):
            place.read(f"guest {n:02}", room, 1 + n % 5)
            expected[f"guest {n:02}"] = 1 + n % 5
        assert await place.asked("writer", room) == expected
        place.read("writer", room, 5)
        assert await place.asked("writer", room) == expected
        place.read("one more", room, 1)
        assert await place.asked("writer", room) is None
        place.hub.people.remove(place.person("guest 00"))
        del expected["guest 00"]
        assert await place.asked("writer", room) == {"one more": 1} | expected

    run(test)


def test_a_public_room_that_is_crowded_is_not_small(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        place.read("anna", room, 1)
        clients = [place.connect(f"guest {n}", room) for n in range(SMALL + 1)]
        assert await place.asked("writer", room) is None
        room.leave(clients[0])
        assert await place.asked("writer", room) == {"anna": 1}

    run(test)


def test_a_private_room_is_small_by_its_members(run: Run) -> None:
    async def test(place: Place) -> None:
        members = [f"guest {n}" for n in range(SMALL)]
        room = await place.private(*members)
        place.read("guest 1", room, 3)
        assert await place.asked("guest 0", room) == {"guest 1": 3}
        owner = place.hub.author(place.person("guest 0"))
        invite = Invite(room=room.name, whom=place.person("late").who)
        await place.hub.change_room(room, owner, invite)
        assert await place.asked("guest 0", room) is None

    run(test)


def test_a_room_for_two_is_small(run: Run) -> None:
    async def test(place: Place) -> None:
        mira = place.person("mira")
        room = await place.hub.direct(place.hub.author(place.person("naor")), mira.who)
        place.read("mira", room, 1)
        assert await place.asked("naor", room) == {"mira": 1}
        assert await place.asked("mira", room) == {}

    run(test)


def test_it_is_found_out_once_however_many_ask(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_marks, "SLICE", 1)

    async def test(place: Place) -> None:
        room = await place.room()
        place.read("anna", room, 1)
        looked = []
        in_slices = place.hub.reads._marks.in_slices

        def look(name: str) -> Any:
            looked.append(name)
            yield from in_slices(name)
            place.read("meanwhile", room, 2)

        monkeypatch.setattr(place.hub.reads._marks, "in_slices", look)
        asked = [place.asked("writer", room) for _ in range(10)]
        assert await asyncio.gather(*asked) == [{"anna": 1, "meanwhile": 2}] * 10
        assert await place.asked("writer", room) == {"anna": 1, "meanwhile": 2}
        assert looked == ["tea"]

    run(test)


# -- who is shown --------------------------------------------------------------------------


def test_who_switched_it_off_is_neither_shown_nor_told(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        place.read("anna", room, 2)
        place.read("bela", room, 3)
        place.prefer("anna", reads=False)
        assert await place.asked("writer", room) == {"bela": 3}
        asked = place.hub.reads.of_room(room, place.person("anna"))
        assert await refusal(asked) == (403, "reads_off")
        asked_one = place.hub.reads.of_message(room, 1, None, place.person("anna"))
        assert await refusal(asked_one) == (403, "reads_off")
        place.prefer("anna", reads=None)
        assert await place.asked("writer", room) == {"anna": 2, "bela": 3}
        assert await place.asked("anna", room) == {"bela": 3}

    run(test)


def test_who_is_banned_or_gone_is_not_shown(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        for name in ("anna", "bela", "carl"):
            place.read(name, room, 1)
        place.hub.people.ban(place.person("anna"), True)
        place.hub.people.remove(place.person("bela"))
        assert await place.asked("writer", room) == {"carl": 1}

    run(test)


def test_who_was_removed_from_a_private_room_is_not_shown(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.private("owner", "anna", "bela")
        place.read("anna", room, 2)
        place.read("bela", room, 3)
        assert await place.asked("owner", room) == {"anna": 2, "bela": 3}
        owner = place.hub.author(place.person("owner"))
        remove = Remove(room=room.name, whom=place.person("anna").who)
        await place.hub.change_room(room, owner, remove)
        assert await place.asked("owner", room) == {"bela": 3}
        one = await place.hub.reads.of_message(room, 1, None, place.person("owner"))
        assert ([x.name for x in one.people], one.count, one.of) == (["bela"], 1, 1)
        asked = place.hub.reads.of_room(room, place.person("anna"))
        assert await refusal(asked) == (404, "no_such_room")
        asked_one = place.hub.reads.of_message(room, 1, None, place.person("anna"))
        assert await refusal(asked_one) == (404, "no_such_room")

    run(test)


def test_all_of_it_is_there_after_a_restart(tmp_path: Path) -> None:
    run = run_on(tmp_path / "rooms")

    async def first(hub: Hub) -> None:
        place = Place(hub)
        room = await place.room()
        place.read("anna", room, 2)
        place.read("bela", room, 3)
        place.prefer("bela", reads=False)

    async def second(hub: Hub) -> None:
        place = Place(hub)
        assert await place.asked("writer", await hub.rooms.room("tea")) == {"anna": 2}

    run(first)
    run(second)


# -- one message ---------------------------------------------------------------------------


def test_who_has_read_a_message(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        for n, name in enumerate(("zoe", "Bela", "anna", "carl", "dora"), 1):
            place.read(name, room, n)
        place.prefer("dora", reads=False)
        author = place.person("carl").who
        one = await place.hub.reads.of_message(room, 2, author, place.person("anna"))
        assert ([x.name for x in one.people], one.count, one.of) == (["Bela"], 1, 2)
        assert one.people[0].who == place.person("Bela").who

    run(test)


def test_of_many_who_have_read_it_some_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "NAMED", 3)

    async def test(place: Place) -> None:
        room = await place.room()
        for n in range(SMALL + 5):
            place.read(f"guest {n}", room, 2 if n % 5 else 1)
        one = await place.hub.reads.of_message(room, 2, None, place.person("writer"))
        assert (len(one.people), one.count, one.of) == (3, SMALL, SMALL + 5)

    run(test)


def test_members_who_have_read_nothing_are_counted(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.private("owner", "anna", "bela")
        place.read("anna", room, 3)
        one = await place.hub.reads.of_message(room, 2, None, place.person("owner"))
        assert ([x.name for x in one.people], one.count, one.of) == (["anna"], 1, 2)

    run(test)


# -- what is told live ---------------------------------------------------------------------


def test_others_in_the_room_are_told_once_a_turn(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        anna, bela = place.connect("anna", room), place.connect("bela", room)
        await place.asked("anna", room)
        for n in (1, 2, 3):
            place.read("bela", room, n)
        place.read("bela", room, 2)
        assert told(anna) == []
        await place.turn()
        assert anna.told("reads") == [
            {
                "do": "reads",
                "room": "tea",
                "reads": [{"who": place.person("bela").who, "name": "bela", "n": 3}],
            }
        ]
        assert (told(bela), place.rests) == ([], True)
        place.read("anna", room, 1)
        place.read("bela", room, 4)
        await place.turn()
        assert told(bela) == [{"anna": 1, "bela": 4}]
        assert told(anna) == [{"bela": 3}, {"anna": 1, "bela": 4}]

    run(test)


def test_who_asks_in_the_room_is_told_of_all_and_then_of_changes(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        place.read("bela", room, 2)
        anna = place.connect("anna", room)
        place.hub.reads.follow(room, anna)
        place.hub.reads.follow(room, anna)
        await asyncio.gather(*place.hub.reads._following.values())
        who = place.person("bela").who
        mark = {"who": who, "name": "bela", "n": 2}
        told_all = {"do": "reads", "room": "tea", "all": True, "reads": [mark]}
        assert anna.told("reads") == [told_all]
        place.read("bela", room, 3)
        await place.turn()
        assert anna.told("reads")[1:] == [
            {"do": "reads", "room": "tea", "reads": [mark | {"n": 3}]}
        ]

    run(test)


def test_who_asks_in_a_large_room_is_told_so(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        for n in range(SMALL + 1):
            place.read(f"guest {n}", room, 1)
        anna = place.connect("anna", room)
        place.hub.reads.follow(room, anna)
        await asyncio.gather(*place.hub.reads._following.values())
        assert anna.told("reads") == [{"do": "reads", "room": "tea"}]

    run(test)


def test_who_may_not_know_asks_in_vain(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        place.read("bela", room, 2)
        anna, outside = place.connect("anna", room), FakeClient(place.person("fay"))
        place.prefer("anna", reads=False)
        visitor = FakeClient(place.hub.people.visit("visitor")[0])
        program = FakeClient(place.person("carl"))
        program.author = place.hub.author(program.person, bot=True)
        nobody = FakeClient(place.person("dora"))
        nobody.author = Author("dora")
        gone = place.connect("emil", room)
        for client in (visitor, program, nobody):
            client.join(room)
        clients = (anna, outside, visitor, program, nobody, gone)
        for client in clients:
            place.hub.reads.follow(room, client)
        room.leave(gone)
        await asyncio.gather(*place.hub.reads._following.values())
        assert [client.told("reads") for client in clients] == [[]] * 6

    run(test)


def test_it_is_told_by_a_timer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.turns.TURN_SECONDS", 0.01)

    async def test(place: Place) -> None:
        room = await place.room()
        anna = place.connect("anna", room)
        await place.asked("anna", room)
        for n in (1, 2):
            place.read("bela", room, n)
            async with asyncio.timeout(30):
                while len(told(anna)) < n:
                    await asyncio.sleep(0.005)
        assert told(anna) == [{"bela": 1}, {"bela": 2}]

    run(test)


def test_of_rooms_that_nobody_asked_for_nothing_is_told(run: Run) -> None:
    async def test(place: Place) -> None:
        room, private = await place.room(), await place.private("owner", "anna")
        clients = [place.connect("anna", room), place.connect("anna", private)]
        place.read("bela", room, 1)
        place.read("owner", private, 1)
        assert place.rests
        assert [told(client) for client in clients] == [[], []]

    run(test)


def test_neither_programs_nor_who_switched_it_off_are_told(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        anna, bela = place.connect("anna", room), place.connect("bela", room)
        visitor = FakeClient(place.hub.people.visit("visitor")[0])
        program = FakeClient(place.person("carl"))
        program.author = place.hub.author(program.person, bot=True)
        nobody = FakeClient(place.person("dora"))
        nobody.author = Author("dora")
        for client in (visitor, program, nobody):
            client.join(room)
        place.prefer("bela", reads=False)
        await place.asked("anna", room)
        place.read("carl", room, 1)
        await place.turn()
        assert told(anna) == [{"carl": 1}]
        assert [told(x) for x in (bela, visitor, program, nobody)] == [[]] * 4

    run(test)


def test_the_switch_is_told_at_once_both_ways(run: Run) -> None:
    async def test(place: Place) -> None:
        room, other = await place.room(), await place.room("other")
        anna, elsewhere = place.connect("anna", room), place.connect("anna", other)
        place.read("bela", room, 3)
        for each in (room, other):
            await place.asked("anna", each)
        place.prefer("bela", reads=False)
        await place.turn()
        assert anna.told("reads")[0]["reads"] == [
            {"who": place.person("bela").who, "name": "", "n": 0}
        ]
        place.read("bela", room, 4)
        await place.turn()
        assert told(anna)[1:] == [{"": 0}]
        place.prefer("bela", reads=True)
        await place.turn()
        assert told(anna)[2:] == [{"bela": 4}]
        assert told(elsewhere) == []

    run(test)


def test_a_change_of_the_preference_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.turns.TURN_SECONDS", 3600)

    async def test(hub: Hub) -> None:
        place = Place(hub)
        room = await place.room()
        anna = place.connect("anna", room)
        token = (await enter(hub, "bela"))[1]
        place.read("bela", room, 3)
        await place.asked("anna", room)
        await account.change_preferences(hub, token, {"other": 1})
        assert place.rests
        await account.change_preferences(hub, token, {"reads": False})
        await place.turn()
        assert told(anna) == [{"": 0}]
        await account.rename(hub, token, "nora")
        await account.change_preferences(hub, token, {"reads": None})
        await place.turn()
        assert told(anna) == [{"": 0}, {"nora": 3}]

    run_on(tmp_path / "rooms")(test)


def test_a_room_that_is_small_no_more_is_told_of_once(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room()
        anna = place.connect("anna", room)
        await place.asked("anna", room)
        for n in range(SMALL + 1):
            place.read(f"guest {n}", room, 1)
        await place.turn()
        assert told(anna) == [None]
        place.read("guest 1", room, 2)
        assert place.rests

    run(test)


def test_a_private_room_that_is_small_no_more_is_told_of(run: Run) -> None:
    async def test(place: Place) -> None:
        members = [f"guest {n}" for n in range(SMALL)]
        room = await place.private(*members)
        first = place.connect("guest 0", room)
        await place.asked("guest 0", room)
        invite = Invite(room=room.name, whom=place.person("late").who)
        await place.hub.change_room(room, first.author, invite)
        place.read("guest 1", room, 1)
        await place.turn()
        assert told(first) == [None]

    run(test)


def test_many_rooms_are_told_in_slices(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "SLICE", 2)

    async def test(place: Place) -> None:
        rooms = [await place.room(f"room{n}") for n in range(5)]
        clients = [place.connect("anna", room) for room in rooms]
        for room in rooms:
            await place.asked("anna", room)
            place.read("bela", room, 1)
        telling = asyncio.create_task(place.turn())
        await asyncio.sleep(0)
        assert 0 < sum(map(len, map(told, clients))) < 5
        await telling
        assert [told(client) for client in clients] == [[{"bela": 1}]] * 5

    run(test)


def test_marks_name_who_they_are_of() -> None:
    assert ReadMark("p_1", "anna", 3) == ReadMark(who="p_1", name="anna", n=3)
