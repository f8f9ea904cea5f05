"""What takes room among the files of a hub."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from hub import file_space
from hub.access.people import Person
from hub.config import Settings
from hub.errors import Refused
from hub.file_space import FileSpaces, leaving
from hub.hub import Hub
from hub.protocol.commands import Erase, Issued
from hub.protocol.sent_file import SentFile
from hub.room import Room
from hub.room_rules import Author
from tests.on_hub import RunOnHub, enter, run_on

LIMITED = replace(Settings(), message_rate=0, file_bytes=900, files_bytes=5000)


@pytest.fixture
def run(tmp_path: Path) -> RunOnHub:
    return run_on(tmp_path / "rooms")


async def send(hub: Hub, room: str, author: Author, *sizes: int, type_: str = "image/png") -> None:
    """Say a message with files of so many bytes."""
    folder = hub.folder.files / room
    folder.mkdir(exist_ok=True)
    found = await hub.rooms.find(room, author.who)
    files = [
        SentFile(id=id_, name=id_, size=size, type=type_, sha256="0" * 64)
        for id_, size in ((f"{found.last}-{n}", size) for n, size in enumerate(sizes))
    ]
    for file in files:  # the folder would go with its last one
        (folder / file.name).touch()
    line, _ = await hub.post(room, author, Issued(room=room, text="x", sent=files))
    assert b'"files":' in line


async def told(spaces: FileSpaces) -> Any:
    return to_builtins(await spaces.told())


async def people(hub: Hub) -> tuple[Person, Person]:
    return (await enter(hub, "anna"))[0], (await enter(hub, "bela"))[0]


def test_by_room_person_and_kind(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        anna, bela = await people(hub)
        private = (await hub.make("private", "Ours", hub.author(anna))).name
        await send(hub, "a", hub.author(anna), 1000, 200)
        await send(hub, "b", hub.author(bela), 50, type_="application/pdf")
        await send(hub, "b", Author("carl"), 7, type_="text/plain")
        await send(hub, private, hub.author(anna), 3, type_="video/mp4")
        hub.attachments.begin("a", "u", hub.author(bela), "x", "t", None).size = 9
        hub.attachments.space.used = 1269
        space = await told(FileSpaces(hub))
        assert space.pop("free") > 0
        assert space.pop("spare") > 0
        assert space == {
            "used": 1269,
            "most": 5000,
            "each": 900,
            "total": {"files": 5, "bytes": 1260},
            "hidden": {"files": 1, "bytes": 3},
            "unfinished": {"files": 1, "bytes": 0},
            "rooms": [
                {"room": "a", "files": 2, "bytes": 1200},
                {"room": "b", "files": 2, "bytes": 57},
            ],
            "people": [
                {"by": "anna", "who": anna.who, "files": 3, "bytes": 1203},
                {"by": "bela", "who": bela.who, "files": 1, "bytes": 50},
                {"by": "carl", "files": 1, "bytes": 7},
            ],
            "kinds": [
                {"kind": "image", "files": 2, "bytes": 1200},
                {"kind": "other", "files": 1, "bytes": 50},
                {"kind": "text", "files": 1, "bytes": 7},
                {"kind": "video", "files": 1, "bytes": 3},
            ],
        }

    run(test, LIMITED)


def test_nothing_was_sent(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        (hub.folder.files / "empty").mkdir()
        (hub.folder.files / "Not A Room").mkdir()
        space = await told(FileSpaces(hub))
        assert space["total"] == {"files": 0, "bytes": 0}
        assert [space[x] for x in ("rooms", "people", "kinds")] == [[], [], []]
        assert [room.name for room in hub.rooms] == [], "nothing is opened for it"

    run(test)


def test_after_a_restart_and_a_removal(run: RunOnHub) -> None:
    async def send_some(hub: Hub) -> None:
        anna, _ = await people(hub)
        await send(hub, "a", hub.author(anna), 10)
        await send(hub, "a", hub.author(anna), 20)

    async def count(hub: Hub) -> None:
        spaces = FileSpaces(hub)
        assert (await told(spaces))["total"] == {"files": 2, "bytes": 30}
        room = await hub.rooms.room("a")
        anna = hub.people.named("anna")
        assert anna is not None
        await hub.change_room(room, hub.author(anna), Erase(room="a", of=1))
        assert (await told(spaces))["total"] == {"files": 1, "bytes": 20}

    run(send_some)
    run(count)


def test_a_room_is_read_again_only_once_it_has_changed(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    counted = file_space._counted

    async def noted(room: Room, slices: Any) -> Any:
        read.append(room.name)
        return await counted(room, slices)

    async def test(hub: Hub) -> None:
        monkeypatch.setattr(file_space, "_counted", noted)
        anna, _ = await people(hub)
        for room in ("a", "b"):
            await send(hub, room, hub.author(anna), 10)
        spaces = FileSpaces(hub)
        assert (await told(spaces))["total"] == (await told(spaces))["total"]
        assert read == ["a", "b"]
        await send(hub, "b", hub.author(anna), 10)
        assert (await told(spaces))["total"] == {"files": 3, "bytes": 30}
        assert read == ["a", "b", "b"]

    run(test)


def test_those_who_ask_at_once_share_the_work(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        spaces = FileSpaces(hub)
        given_up = asyncio.ensure_future(spaces.told())
        others = asyncio.gather(*(spaces.told() for _ in range(5)))
        await asyncio.sleep(0)
        given_up.cancel()
        first, *rest = await others
        assert all(told is first for told in rest)
        assert await spaces.told() is not first

    run(test)


def test_others_have_their_turn_meanwhile(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub) -> None:
        anna, _ = await people(hub)
        for _ in range(20):
            await send(hub, "a", hub.author(anna), 10)
        monkeypatch.setattr("hub.room_lists.SLICE_SECONDS", 0.0)
        turns, telling = 0, asyncio.ensure_future(FileSpaces(hub).told())
        while not telling.done():
            turns += 1
            await asyncio.sleep(0)
        assert telling.result().total.files == 20
        assert turns > 20

    run(test)


def test_a_room_that_cannot_be_read_is_left_out(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        anna, _ = await people(hub)
        for room in ("a", "b"):
            await send(hub, room, hub.author(anna), 10)
        look = hub.rooms.look

        async def fails(name: str) -> Room:
            if name == "a":
                raise Refused("room_closed", "It cannot be read.", 503)
            return await look(name)

        monkeypatch.setattr(hub.rooms, "look", fails)
        assert [x["room"] for x in (await told(FileSpaces(hub)))["rooms"]] == ["b"]

    run(test)


def test_the_lists_are_bounded(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub) -> None:
        anna, _ = await people(hub)
        for n, room in enumerate("abc"):
            await send(hub, room, hub.author(anna), n + 1)
        monkeypatch.setattr(file_space, "LISTED", 2)
        space = await told(FileSpaces(hub))
        assert [x["room"] for x in space["rooms"]] == ["c", "b"]
        assert space["total"] == {"files": 3, "bytes": 6}

    run(test)


def test_where_nobody_knows_what_is_free(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub) -> None:
        monkeypatch.setattr(hub.attachments.space, "on_disk", lambda: None)
        assert not {"free", "spare"} & set(await told(FileSpaces(hub)))

    run(test)


def test_what_would_go(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        anna, _ = await people(hub)
        for size in (10, 20, 30):
            await send(hub, "a", hub.author(anna), size)
        room = await hub.rooms.room("a")
        for days, most, files, size in ((0, 0, 0, 0), (1, 0, 0, 0), (0, 50, 1, 10), (0, 1, 3, 60)):
            assert to_builtins(await leaving(room, days, most)) == {"files": files, "bytes": size}
        assert len(room.index.all_files()) == 3

    run(test)
