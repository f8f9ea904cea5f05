"""What clients are told about rooms that they have not joined."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from hub import activity as module
from hub.access.people import Person
from hub.activity import read_state, seen_line
from hub.config import Settings
from hub.folder import Folder
from hub.hub import Hub
from hub.protocol.commands import Erase, Invite, Look, Owner, Remove, Say, Topic, Watch, Writer
from hub.room import Room
from tests.fakes import FakeClient


class Place:
    """A hub whose activity is told when the test says so."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def person(self, name: str) -> Person:
        return self.hub.people.named(name) or self.hub.people.enter(name)[0]

    def connect(self, name: str, *joined: Room) -> FakeClient:
        client = FakeClient(self.person(name))
        self.hub.clients.add(client)
        for room in joined:
            client.join(room)
        return client

    async def room(self, name: str) -> Room:
        return await self.hub.rooms.room(name)

    async def say(self, name: str, room: str) -> None:
        await self.hub.post(room, self.hub.author(self.person(name)), Say(room=room, text="x"))

    async def change(self, name: str, room: Room, command: Any, **members: Any) -> None:
        author = self.hub.author(self.person(name))
        await self.hub.change_room(room, author, command(room=room.name, **members))

    async def private(self, owner: str, *members: str) -> Room:
        room = await self.hub.make("private", "Plans", self.hub.author(self.person(owner)))
        for name in members:
            await self.change(owner, room, Invite, whom=self.person(name).who)
        return room

    async def tell(self) -> None:
        """Let the next turn come."""
        turns = self.hub._activity._turns
        assert turns._timer is not None, "there is nothing to tell"
        turns.stop()
        await turns._take()


Test = Callable[[Place], Coroutine[Any, Any, None]]
Run = Callable[[Test], None]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("hub.turns.TURN_SECONDS", 3600)

    def run(test: Test) -> None:
        async def main() -> None:
            hub = Hub(Folder.open(tmp_path / "rooms"), Settings(message_rate=0))
            try:
                await test(Place(hub))
            finally:
                await hub.stop()

        asyncio.run(main())

    return run


def rooms_told(client: FakeClient) -> list[str]:
    return [line["room"] for line in client.told("room")]


def test_activity_is_told_once_for_many_messages_and_only_outside_the_room(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room("a")
        inside, outside = place.connect("anna", room), place.connect("bela")
        for _ in range(3):
            await place.say("carl", "a")
        assert rooms_told(outside) == []
        await place.tell()
        assert outside.told("room") == [
            {"do": "room", "room": "a", "last": 3, "said": 3, "at": room.at, "topic": ""}
        ]
        assert rooms_told(inside) == []
        await place.change("carl", room, Topic, text="Tea")
        await place.tell()
        assert outside.told("room")[1:] == [
            {"do": "room", "room": "a", "last": 4, "said": 3, "at": room.at, "topic": "Tea"}
        ]
        await place.change("carl", room, Look, icon="🍵", tint="green")
        await place.tell()
        told = outside.told("room")[-1]
        assert (told["icon"], told["tint"]) == ("🍵", "green")
        assert "closed" not in told
        await place.change("carl", room, Topic, text="Tea time")
        room.rules.closed = True
        await place.tell()
        assert outside.told("room")[-1]["closed"] is True

    run(test)


def test_activity_is_told_by_a_timer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.turns.TURN_SECONDS", 0.01)

    async def test(place: Place) -> None:
        outside = place.connect("bela")
        for n in range(2):
            await place.say("carl", "a")
            async with asyncio.timeout(30):
                while len(outside.told("room")) <= n:
                    await asyncio.sleep(0.005)

    run(test)


def test_a_client_in_some_of_the_rooms_is_told_of_the_others(run: Run) -> None:
    async def test(place: Place) -> None:
        inside = place.connect("anna", await place.room("a"), await place.room("c"))
        everywhere = place.connect("bela", *[await place.room(x) for x in "abc"])
        outside = place.connect("carl")
        for name in "abc":
            await place.say("dora", name)
        await place.tell()
        assert (rooms_told(inside), rooms_told(everywhere)) == (["b"], [])
        assert rooms_told(outside) == ["a", "b", "c"]
        assert len(outside.texts) == 1

    run(test)


def test_everybody_who_is_told_the_same_is_sent_the_same_bytes(run: Run) -> None:
    async def test(place: Place) -> None:
        joined = await place.room("a")
        outside = [place.connect(f"guest {n}") for n in range(5)]
        inside = [place.connect(f"member {n}", joined) for n in range(5)]
        for name in "abc":
            await place.say("dora", name)
        await place.tell()
        for clients in (outside, inside):
            assert len({id(client.texts[-1]) for client in clients}) == 1

    run(test)


def test_a_hidden_room_is_told_to_its_members_alone(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.private("anna", "bela")
        await place.tell()
        inside = place.connect("anna", room)
        phone, laptop, other = (place.connect(x) for x in ("bela", "bela", "carl"))
        await place.say("anna", room.name)
        await place.tell()
        for client in (phone, laptop):
            [told] = client.told("room")
            assert (told["room"], told["kind"], told["title"]) == (room.name, "private", "Plans")
        assert rooms_told(inside) == rooms_told(other) == []
        await place.say("anna", room.name)
        await place.say("anna", "a")
        await place.tell()
        assert sorted(rooms_told(phone)[1:]) == sorted(["a", room.name])
        assert rooms_told(inside) == rooms_told(other) == ["a"]

    run(test)


def test_whoever_is_invited_or_removed_is_told_at_once(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.private("anna")
        bela, carl = place.connect("bela"), place.connect("carl")
        await place.change("anna", room, Invite, whom=bela.person.who)
        assert rooms_told(bela) == [room.name]
        bela.join(room)
        await place.change("anna", room, Remove, whom=bela.person.who)
        assert bela.told("gone") == [{"do": "gone", "room": room.name}]
        assert bela not in room.listeners
        await place.tell()
        assert rooms_told(bela) == [room.name], "and hears no more of it"
        assert carl.heard == []

    run(test)


def test_whoever_is_given_a_room_is_told_at_once(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.private("anna", "bela")
        bela = place.connect("bela")
        await place.change("anna", room, Owner, whom=bela.person.who)
        assert rooms_told(bela) == [room.name]

    run(test)


def test_the_other_of_two_people_hears_of_their_room_as_of_any_activity(run: Run) -> None:
    async def test(place: Place) -> None:
        bela = place.connect("bela")
        room = await place.hub.direct(place.hub.author(place.person("anna")), bela.person.who)
        assert bela.heard == []
        await place.tell()
        assert rooms_told(bela) == [room.name]

    run(test)


def test_members_are_parted_from_a_deleted_room_and_hear_no_more_of_it(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.private("anna", "bela")
        anna, bela, carl = (place.connect(x) for x in ("anna", "bela", "carl"))
        anna.join(room)
        await place.say("carl", "a")
        await place.hub.delete(room, place.hub.author(anna.person))
        for client in (anna, bela):
            assert client.told("gone") == [{"do": "gone", "room": room.name}]
        assert room.listeners == {}
        await place.tell()
        assert rooms_told(anna) == rooms_told(bela) == ["a"]
        assert carl.told("gone") == []

    run(test)


def test_removed_messages_are_told_once(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room("a")
        outside = place.connect("bela")
        await place.say("anna", "a")
        await place.change("anna", room, Erase, of=1)
        await place.tell()
        await place.say("anna", "a")
        await place.tell()
        assert [line.get("erased") for line in outside.told("room")] == [[[2, 1]], None]

    run(test)


async def busy(place: Place, number: int) -> list[str]:
    """So many rooms in which somebody spoke, in that order."""
    names = [f"busy{n}" for n in range(number)]
    for name in names:
        await place.say("dora", name)
    return names


def test_of_many_rooms_everybody_is_told_in_turns(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROOMS", 2)

    async def test(place: Place) -> None:
        outside = place.connect("bela")
        names = await busy(place, 5)
        for told in (2, 4):
            await place.tell()
            assert rooms_told(outside) == names[:told]
            await place.say("dora", names[0])  # it has had its turn, and waits for its next one
        await place.tell()
        assert rooms_told(outside) == [*names, names[0]]
        assert place.hub._activity._turns._timer is None

    run(test)


def test_watched_rooms_are_told_as_soon_as_they_move(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROOMS", 1)

    async def test(place: Place) -> None:
        watching, outside = place.connect("anna"), place.connect("bela")
        hidden = await place.private("carl")
        await place.tell()
        place.hub.watch(watching, Watch(["Busy3", "nowhere", hidden.name]))
        await busy(place, 4)
        await place.say("carl", hidden.name)
        await place.tell()
        assert sorted(rooms_told(watching)) == ["busy0", "busy3"]
        assert rooms_told(outside) == ["busy0"]
        place.hub.watch(watching, Watch(["busy0"]))
        await place.tell()
        assert sorted(rooms_told(watching)) == ["busy0", "busy1", "busy3"]

    run(test)


def test_whoever_begins_to_watch_is_told_what_others_wait_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROOMS", 1)

    async def test(place: Place) -> None:
        inside = place.connect("anna", await place.room("busy2"))
        outside = place.connect("bela")
        await busy(place, 3)
        await place.tell()
        assert rooms_told(inside) == rooms_told(outside) == ["busy0"]
        for client in (inside, outside):
            place.hub.watch(client, Watch(["busy0", "busy1", "busy2", "quiet"]))
        assert rooms_told(inside) == ["busy0", "busy1"]
        assert sorted(rooms_told(outside)) == ["busy0", "busy1", "busy2"]
        assert len(outside.texts) == 2

    run(test)


def test_a_removal_is_told_whenever_the_room_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOMS", 1)
    monkeypatch.setattr(module, "ERASED", 2)

    async def test(place: Place) -> None:
        watching, outside = place.connect("anna"), place.connect("bela")
        place.hub.watch(watching, Watch(["busy1"]))
        await busy(place, 2)
        room = await place.room("busy1")
        for _ in range(3):
            await place.say("dora", "busy1")
            await place.change("dora", room, Erase, of=room.last)
        await place.tell()
        await place.tell()
        for client in (watching, outside):
            told = [line for line in client.told("room") if line["room"] == "busy1"]
            assert told[-1]["erased"] == [[5, 4], [7, 6]]

    run(test)


def test_whoever_begins_to_watch_is_told_what_was_removed_by_then(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line with the last number and without a removal before it would be one unread too many."""
    monkeypatch.setattr(module, "ROOMS", 1)

    async def test(place: Place) -> None:
        watching = place.connect("anna")
        await busy(place, 2)
        await place.tell()  # busy1 has to wait
        await place.change("dora", await place.room("busy1"), Erase, of=1)
        place.hub.watch(watching, Watch(["busy1"]))
        told = [line for line in watching.told("room") if line["room"] == "busy1"]
        assert [(line["last"], line["erased"]) for line in told] == [(2, [[2, 1]])]

    run(test)


def test_whoever_is_made_a_writer_is_told_what_was_removed_by_then(run: Run) -> None:
    async def test(place: Place) -> None:
        person = place.person("anna")
        person.host = True
        room = await place.hub.make("announcements", "News", place.hub.author(person), "news")
        await place.change("anna", room, Say, text="x")
        await place.tell()
        await place.change("anna", room, Erase, of=2)
        bela = place.connect("bela")
        await place.change("anna", room, Writer, whom=bela.person.who)
        assert [line["erased"] for line in bela.told("room")] == [[[3, 2]]]

    run(test)


def test_many_clients_are_told_in_slices(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLICE", 2)

    async def test(place: Place) -> None:
        clients = [place.connect(f"guest {n}") for n in range(5)]
        await place.say("dora", "a")
        telling = asyncio.create_task(place.tell())
        await asyncio.sleep(0)
        assert [len(rooms_told(client)) for client in clients] == [1, 0, 0, 0, 0]
        await telling
        assert [len(rooms_told(client)) for client in clients] == [1] * 5

    run(test)


def test_turns_go_on_after_one_that_failed(run: Run) -> None:
    async def test(place: Place) -> None:
        broken, outside = place.connect("anna"), place.connect("bela")

        def fail(text: bytes) -> None:
            raise ZeroDivisionError

        broken.put = fail  # type: ignore[method-assign]
        await place.say("dora", "a")
        with pytest.raises(ZeroDivisionError):
            await place.tell()
        del broken.put
        await place.say("dora", "a")
        await place.tell()
        assert rooms_told(outside) == ["a"]

    run(test)


def test_a_turn_is_longer_where_more_are_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.turns.TURN_EACH", 3600)

    async def test(place: Place) -> None:
        place.connect("anna")
        place.connect("bela")
        await place.say("dora", "a")
        timer = place.hub._activity._turns._timer
        assert timer is not None
        assert timer.when() > asyncio.get_running_loop().time() + 7000

    run(test)


def test_speakers_are_told_their_own_count_after_the_line_for_all(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room("a")
        anna, phone, bela = (place.connect(x) for x in ("anna", "anna", "bela"))
        carl = place.connect("carl", room)
        for name in ("anna", "bela", "carl"):
            await place.say(name, "a")
        await place.tell()
        for client in (anna, phone, bela):
            told = [line for line in client.heard if line["do"] in ("room", "seen")]
            assert [line["do"] for line in told] == ["room", "seen"]
            assert (told[0]["last"], told[0]["said"]) == (3, 3)
            assert told[1] == {
                "do": "seen", "room": "a", "read": 0, "last": 3, "said": 3, "unread": 2,
            }  # fmt: skip
        assert carl.told("seen") == []
        await place.say("carl", "a")
        await place.tell()
        assert len(anna.told("seen")) == 1, "said nothing since"

    run(test)


def test_whoever_spoke_and_was_removed_is_told_no_count(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.private("anna", "bela")
        bela = place.connect("bela")
        await place.say("bela", room.name)
        await place.change("anna", room, Remove, whom=bela.person.who)
        await place.tell()
        assert bela.told("seen") == []

    run(test)


def read_marks(client: FakeClient) -> list[int]:
    return [line["read"] for line in client.told("seen")]


def test_other_devices_are_told_what_was_read_unless_they_said_so(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.room("a")
        phone, tablet, laptop = (place.connect("anna", room) for _ in range(3))
        other = place.connect("bela", room)
        for _ in range(5):
            await place.say("carl", "a")
        place.hub.seen(phone.person, room, 4, by=phone)
        place.hub.seen(tablet.person, room, 5, by=tablet)
        place.hub.seen(phone.person, room, 99, by=phone)  # as far as there is
        place.hub.seen(laptop.person, room, 3, by=laptop)
        assert [read_marks(x) for x in (phone, tablet, laptop)] == [[], [], []], "not yet"
        place.hub._activity._tell_seen()
        assert [read_marks(x) for x in (phone, tablet, laptop)] == [[], [], [5]]
        assert laptop.told("seen")[0]["unread"] == 0
        place.hub.seen(laptop.person, room, 2, by=laptop)
        place.hub._activity._tell_seen()
        assert [read_marks(x) for x in (phone, tablet, laptop, other)] == [[], [], [5], []]
        await place.say("carl", "a")
        place.hub.seen(phone.person, room, 6)  # over HTTP, by none of them
        place.hub._activity._tell_seen()
        assert [read_marks(x) for x in (phone, tablet, laptop, other)] == [[6], [6], [5, 6], []]

    run(test)


def test_what_was_read_is_told_by_a_timer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEEN_SECONDS", 0.01)

    async def test(place: Place) -> None:
        room = await place.room("a")
        phone, laptop = place.connect("anna", room), place.connect("anna")
        for n in (1, 2):
            await place.say("carl", "a")
            place.hub.seen(phone.person, room, n, by=phone)
            async with asyncio.timeout(30):
                while len(read_marks(laptop)) < n:
                    await asyncio.sleep(0.005)

    run(test)


def test_whoever_was_removed_meanwhile_is_not_told_what_they_read(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.private("anna", "bela")
        phone, laptop = place.connect("bela", room), place.connect("bela")
        await place.say("anna", room.name)
        place.hub.seen(phone.person, room, 2, by=phone)
        await place.change("anna", room, Remove, whom=phone.person.who)
        place.hub._activity._tell_seen()
        assert read_marks(laptop) == []

    run(test)


def test_what_was_said_before_somebody_came_counts_as_read_in_public_rooms(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say("anna", "a")
        hidden = await place.private("anna")
        await place.say("anna", hidden.name)
        await asyncio.sleep(0.01)
        mira = place.person("mira")
        await asyncio.sleep(0.01)
        room = await place.room("a")
        assert read_state(room, mira) == (1, 0)
        await place.say("anna", "a")
        assert read_state(room, mira) == (1, 1)
        assert b'"read":1,"last":2,"said":2,"unread":1' in seen_line(room, mira)
        place.hub.people.read_up_to(mira, "a", 2)
        assert read_state(room, mira) == (2, 0)
        assert read_state(hidden, mira) == (0, 1), "whoever is invited may read all of it"

    run(test)


def test_a_room_is_held_until_all_is_told_of_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOMS", 1)

    async def test(place: Place) -> None:
        rooms = [await place.room(name) for name in ("a", "b")]
        holds = place.hub._activity.holds
        assert not any(map(holds, rooms))
        for room in rooms:
            await place.say("carl", room.name)
        assert all(map(holds, rooms))
        await place.tell()
        assert [holds(room) for room in rooms] == [False, True], "its turn has yet to come"
        await place.tell()
        assert not any(map(holds, rooms))

    run(test)
