"""The record of a room at rest: all that lists and permissions need, and nothing that is stale."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from hub import public, resting
from hub.activity import read_state
from hub.errors import Refused
from hub.hub import Hub
from hub.protocol.commands import Archive, Close, Erase, Look, Say, Slow, Title, Topic, Writer
from hub.resting import STAMP, Resting, moment_of, record_of, texts_of
from hub.store.history import History
from tests.on_hub import RunOnHub, enter, enter_as_host, run_on

ROOMS = {"public": "general", "private": "private-", "direct": "dm-", "announcements": "news"}


@pytest.fixture
def run(tmp_path: Path) -> RunOnHub:
    return run_on(tmp_path / "rooms")


async def made(hub: Hub, kind: str) -> tuple[Any, Any, Any]:
    """A room of a kind with all that its lists show, a host who is in it, and somebody else."""
    anna, _ = await enter_as_host(hub)
    mira, _ = await enter(hub, "mira")
    author = hub.author(anna)
    if kind == "public":
        await hub.post("general", author, Say(room="general", text="Hello"))
        room = await hub.rooms.room("general")
    elif kind == "direct":
        room = await hub.direct(author, mira.who)
    else:
        room = await hub.make(kind, "Plans", author, "news" if kind == "announcements" else None)
    return room, anna, mira


async def at_rest(room: Any) -> bytes:
    """Its record, once the file is synced."""
    async with asyncio.timeout(30):
        while (record := record_of(room)) is None:
            await asyncio.sleep(0.01)
    return record


@pytest.mark.parametrize("kind", ROOMS)
def test_a_room_at_rest_is_shown_as_when_it_is_open(run: RunOnHub, kind: str) -> None:
    async def test(hub: Hub) -> None:
        room, anna, mira = await made(hub, kind)
        author = hub.author(anna)
        if kind == "announcements":
            await hub.change_room(room, author, Writer(room=room.name, whom=mira.who))
        if kind != "direct":
            await hub.change_room(room, author, Slow(room=room.name, seconds=5))
            await hub.change_room(room, author, Topic(room=room.name, text="All of it"))
            await hub.change_room(room, author, Look(room=room.name, icon="🌱", tint="green"))
        if kind in ("private", "announcements"):
            await hub.change_room(room, author, Title(room=room.name, text="Really"))
            await hub.change_room(room, author, Archive(room=room.name))
        if kind in ("public", "announcements"):
            await hub.change_room(room, author, Close(room=room.name))
        record = await at_rest(room)
        at_rest_ = Resting(room.name, record)
        assert vars(at_rest_.rules) == vars(room.rules)
        assert (at_rest_.moment, at_rest_.present) == (room.moment, 0)
        for other in (hub.author(anna), hub.author(mira), None):
            open_ = to_builtins(public.room_entry(hub, room, other))
            assert (
                to_builtins(public.room_entry(hub, at_rest_, other))
                | {x: open_[x] for x in ("read", "unread") if x in open_}
                == open_
            )
            who = other and other.who
            assert at_rest_.permissions.may_see(who) == room.permissions.may_see(who)
        assert public.hosted_room(at_rest_) == public.hosted_room(room)
        assert texts_of(room.name, record) == (room.rules.title, room.rules.topic)
        assert moment_of(record) == room.moment

    run(test)


def states(room: Any, record: bytes, person: Any) -> list[tuple[int, int] | None]:
    """What is told of a person's unread messages at rest and open, which must not differ."""
    told, known = Resting(room.name, record).read_state(person), read_state(room, person)
    assert told in (None, known), (person.read, person.made)
    return [told, known]


def test_unread_counts_are_told_where_they_are_known_without_the_file(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        room, anna, mira = await made(hub, "public")
        for _ in range(3):
            await hub.post("general", hub.author(anna), Say(room="general", text="More"))
        record = await at_rest(room)
        mira.made = room.moment / 1000 + 1
        assert states(room, record, mira) == [(4, 0)] * 2, "they came after all of it"
        mira.made = 0.0
        assert states(room, record, mira) == [(0, 4)] * 2, "they were there before it"
        for n in range(5):
            mira.read["general"] = n
            assert states(room, record, mira) == [(n, 4 - n)] * 2
        anna.read["general"] = 2
        assert states(room, record, anna) == [None, (2, 0)], "some of it may be their own"
        anna.read["general"] = 4
        assert states(room, record, anna) == [(4, 0)] * 2
        await hub.change_room(room, hub.author(anna), Topic(room="general", text="All of it"))
        record = await at_rest(room)
        assert states(room, record, mira) == [None, (4, 0)], "what came is no message"
        mira.read["general"] = 5
        assert states(room, record, mira) == [(5, 0)] * 2

    run(test)


def test_whatever_is_told_of_unread_messages_is_right(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, told = random.Random(5), []
    monkeypatch.setattr(History, "suspend", lambda history: (1, 2))  # the disk is not the matter

    async def test(hub: Hub) -> None:
        people = [(await enter(hub, name))[0] for name in ("anna", "mira", "naor", "bela")]
        for number in range(60):
            room = await hub.rooms.room(f"r{number}")
            room._clock = lambda room=room: 1_760_000_000 + room.last * 10
            for _ in range(chance.randrange(1, 9)):
                author = hub.author(chance.choice(people[:3]))
                command: Any = Say(room=room.name, text="x")
                if chance.random() < 0.2:
                    command = Topic(room=room.name, text=str(room.last))
                elif chance.random() < 0.1:
                    command = Erase(room=room.name, of=1)
                with suppress(Refused):
                    await hub.change_room(room, author, command)
            if (record := record_of(room)) is None:
                continue
            for person in people:
                person.made = 1_760_000_000 + chance.randrange(-5, room.last * 10 + 15)
                told.append(states(room, record, person))
                person.read[room.name] = chance.randrange(room.last + 2)
                told.append(states(room, record, person))

    run(test)
    assert len(told) / 3 < sum(known is not None for known, _ in told) < len(told)


def test_of_many_authors_the_file_is_asked(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub) -> None:
        room, _, mira = await made(hub, "public")
        assert states(room, await at_rest(room), mira)[0] is not None
        monkeypatch.setattr(resting, "AUTHORS", 0)
        assert states(room, await at_rest(room), mira)[0] is None
        mira.read["general"] = 1
        assert states(room, await at_rest(room), mira)[0] == (1, 0)

    run(test)


def test_two_people_whom_one_number_stands_for(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "_short", lambda who: 5)

    async def test(hub: Hub) -> None:
        room, anna, mira = await made(hub, "public")
        for person in (anna, mira, anna):
            await hub.post("general", hub.author(person), Say(room="general", text="More"))
        record = await at_rest(room)
        for person in (anna, mira):
            for n in range(5):
                person.read["general"] = n
                assert states(room, record, person)[0] == ((4, 0) if n == 4 else None)

    run(test)


def test_in_a_hidden_room_nothing_counts_as_read_for_having_come_later(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        room, anna, mira = await made(hub, "direct")
        await hub.post(room.name, hub.author(anna), Say(room=room.name, text="Psst"))
        record = await at_rest(room)
        mira.made = room.moment / 1000 + 1
        assert states(room, record, mira) == [None, (0, 1)]
        mira.read[room.name] = 1
        assert states(room, record, mira) == [(1, 1)] * 2

    run(test)


Spoil = Callable[[Hub, Any], Coroutine[Any, Any, None]]


async def unsynced(hub: Hub, room: Any) -> None:
    room.history._file.writes += 1


async def closed(hub: Hub, room: Any) -> None:
    room.history.closed = "It failed."


async def damaged(hub: Hub, room: Any) -> None:
    room.history.damage.append("damaged near byte 5")


async def changed(hub: Hub, room: Any) -> None:
    with hub.folder.room_file(room.name).open("ab") as file:
        file.write(b"something else\n")


async def replaced(hub: Hub, room: Any) -> None:
    file = hub.folder.room_file(room.name)
    data = file.read_bytes()
    file.rename(file.with_suffix(".old"))
    file.write_bytes(data)


async def removed(hub: Hub, room: Any) -> None:
    hub.folder.room_file(room.name).unlink()


@pytest.mark.parametrize("spoil", [unsynced, closed, damaged, changed, replaced, removed])
def test_a_room_whose_file_does_not_tell_all_stays_open(run: RunOnHub, spoil: Spoil) -> None:
    async def test(hub: Hub) -> None:
        room, _, _ = await made(hub, "public")
        await at_rest(room)
        await spoil(hub, room)
        assert record_of(room) is None
        if spoil is unsynced:
            room.history._file.synced = room.history._file.writes

    run(test)


def test_a_room_in_which_nothing_was_said_has_none(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        assert record_of(await hub.rooms.room("empty")) is None

    run(test)


def test_a_record_begins_with_what_the_file_is(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        room, _, _ = await made(hub, "public")
        record = await at_rest(room)
        there = hub.folder.room_file("general").stat()
        assert record.startswith(STAMP.pack(there.st_size, there.st_mtime_ns))
        assert len(record) < 100, "it is kept for each of a hundred thousand"
        with pytest.raises(ValueError, match=r"truncated|Unexpected|invalid"):
            Resting("general", record[:-5])

    run(test)
