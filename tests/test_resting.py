"""The record of a room at rest: all that lists and permissions need, and nothing that is stale."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from hub import public
from hub.activity import read_state
from hub.hub import Hub
from hub.protocol.commands import Archive, Close, Say, Slow, Title, Topic, Writer
from hub.resting import STAMP, Resting, moment_of, record_of, title_of
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
        if kind in ("private", "announcements"):
            await hub.change_room(room, author, Title(room=room.name, text="Really"))
            await hub.change_room(room, author, Archive(room=room.name))
        if kind in ("public", "announcements"):
            await hub.change_room(room, author, Close(room=room.name))
        record = await at_rest(room)
        resting = Resting(room.name, record)
        assert vars(resting.rules) == vars(room.rules)
        assert (resting.moment, resting.present) == (room.moment, 0)
        for other in (hub.author(anna), hub.author(mira), None):
            open_ = to_builtins(public.room_entry(hub, room, other))
            assert (
                to_builtins(public.room_entry(hub, resting, other))
                | {x: open_[x] for x in ("read", "unread") if x in open_}
                == open_
            )
            who = other and other.who
            assert resting.permissions.may_see(who) == room.permissions.may_see(who)
        assert public.hosted_room(resting) == public.hosted_room(room)
        assert title_of(room.name, record) == room.rules.title
        assert moment_of(record) == room.moment

    run(test)


def test_unread_counts_are_told_where_they_are_known_without_the_file(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        room, _, mira = await made(hub, "public")
        resting = Resting(room.name, await at_rest(room))
        assert resting.read_state(mira) is None, "what came after them"
        hub.seen(mira, room, room.last)
        assert resting.read_state(mira) == read_state(room, mira) == (1, 0)
        late, _ = await enter(hub, "late")
        late.made = resting.moment / 1000 + 1
        assert resting.read_state(late) == read_state(room, late) == (1, 0)
        late.made = resting.moment / 1000  # at the same moment: it counts as new
        assert read_state(room, late) == (0, 1)
        assert resting.read_state(late) is None

    run(test)


def test_in_a_hidden_room_nothing_counts_as_read_for_having_come_later(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        room, anna, mira = await made(hub, "direct")
        await hub.post(room.name, hub.author(anna), Say(room=room.name, text="Psst"))
        resting = Resting(room.name, await at_rest(room))
        mira.made = resting.moment / 1000 + 1
        assert read_state(room, mira) == (0, 1)
        assert resting.read_state(mira) is None

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
