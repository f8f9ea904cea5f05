"""Files that have been in a room for as long as files stay there."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from hub import file_expiry
from hub.errors import Refused
from hub.file_expiry import DAY, FileExpiry
from hub.files.upload import DOOMED
from hub.hub import Hub
from hub.protocol.commands import Erase, Issued, Keep
from hub.protocol.sent_file import SentFile
from hub.room import Room
from hub.room_rules import Author
from tests.on_hub import RunOnHub, enter_as_host, run_on


@pytest.fixture
def run(tmp_path: Path) -> RunOnHub:
    return run_on(tmp_path / "rooms")


class Place:
    """A room with files, of which a host decides how long they stay."""

    def __init__(self, hub: Hub, author: Author) -> None:
        self.hub = hub
        self.author = author
        self._ids = 0

    async def send(self, *sizes: int) -> list[str]:
        """Say a message with files of so many bytes; gives their ids."""
        files = []
        for size in sizes:
            id_ = f"f{self._ids}"
            self._ids += 1
            path = self.path(id_)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(bytes(size))
            files.append(SentFile(id=id_, name=id_, size=size, type="t", sha256="0" * 64))
        await self.hub.post("a", self.author, Issued(room="a", text="x", sent=files))
        return [file.id for file in files]

    def path(self, id_: str) -> Path:
        return self.hub.folder.files / "a" / id_

    async def keep(self, days: int = 0, bytes_: int = 0) -> None:
        await self.hub.post("a", self.author, Keep(room="a", days=days, bytes=bytes_))

    async def room(self) -> Room:
        return await self.hub.rooms.room("a")

    async def expire(self, days: float = 0) -> list[Any]:
        """Look once, so many days from now; gives what the history says of it."""
        room = await self.room()
        before = room.last
        hub = self.hub

        expiry = FileExpiry(
            hub.folder, hub.rooms, hub.attachments, asyncio.get_running_loop().create_future(),
            lambda: time.time() + days * DAY,
        )  # fmt: skip
        expiry.stop()
        await expiry.expire()
        lines = b"".join(room.blocks(before + 1, room.last)).splitlines()
        return [json.loads(line) for line in lines]

    def left(self) -> list[str]:
        """The files that are on the disk."""
        folder = self.hub.folder.files / "a"
        return sorted(x.name for x in folder.iterdir()) if folder.exists() else []


async def place_on(hub: Hub) -> Place:
    host, _ = await enter_as_host(hub)
    return Place(hub, hub.author(host))


def test_files_go_after_days_and_the_history_says_so(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        place = await place_on(hub)
        await place.send(1, 2)
        await place.send(3)
        await place.keep(days=30)
        hub.attachments.space.used = 6
        assert await place.expire(29.9) == []
        assert place.left() == ["f0", "f1", "f2"]
        (event,) = await place.expire(30.1)
        assert (event["do"], event["ids"], event["by"]) == ("expire", ["f0", "f1", "f2"], "Hearth")
        assert "who" not in event
        assert place.left() == []
        assert hub.attachments.space.used == 0
        assert not list(hub.keys.items(DOOMED))
        assert await place.expire(31) == []

    run(test)


def test_the_oldest_go_where_there_are_too_many_bytes(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        place = await place_on(hub)
        for size in (100, 20, 3):
            await place.send(size)
        await place.keep(bytes_=123)
        assert await place.expire() == []
        await place.send(1)
        (event,) = await place.expire()
        assert event["ids"] == ["f0"]
        await place.keep(bytes_=4)
        assert [x["ids"] for x in await place.expire()] == [["f1"]]
        assert place.left() == ["f2", "f3"]

    run(test)


def test_nothing_goes_where_nobody_said_so(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        place = await place_on(hub)
        await place.send(1)
        assert await place.expire(10_000) == []
        await place.keep(days=1)
        await place.keep()
        assert await place.expire(10_000) == []
        assert place.left() == ["f0"]

    run(test)


def test_the_message_stays_and_shows_what_expired(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        place = await place_on(hub)
        await place.send(100, 1)
        before = hub.folder.room_file("a").read_bytes()
        await place.keep(bytes_=1)
        await place.expire()
        room = await place.room()
        shown = json.loads(b"".join(room.blocks(1, 1)))
        assert shown["text"] == "x"
        assert [file.get("expired") for file in shown["files"]] == [True, None]
        assert hub.folder.room_file("a").read_bytes().startswith(before)
        assert room.index.file("f0") is None
        assert room.index.has_expired("f0")
        assert not room.index.has_expired("f1")

    run(test)


def test_it_is_still_known_after_a_restart(run: RunOnHub) -> None:
    async def expire(hub: Hub) -> None:
        place = await place_on(hub)
        await place.send(100, 1)
        await place.keep(bytes_=1)
        await place.expire()

    async def look(hub: Hub) -> None:
        room = await hub.rooms.room("a")
        assert (room.rules.keep_days, room.rules.keep_bytes) == (0, 1)
        assert room.index.has_expired("f0")
        assert list(room.index.files) == [1]

    run(expire)
    run(look)


def test_many_files_go_in_batches(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub) -> None:
        monkeypatch.setattr(file_expiry, "BATCH", 2)
        place = await place_on(hub)
        await place.send(1, 1, 1)
        await place.send(1, 1)
        await place.keep(days=1)
        told = await place.expire(2)
        assert [x["ids"] for x in told] == [["f0", "f1"], ["f2", "f3"], ["f4"]]
        assert place.left() == []

    run(test)


def test_a_file_stays_until_the_history_says_so(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        place = await place_on(hub)
        await place.send(1)
        await place.keep(days=1)
        room = await place.room()
        with monkeypatch.context() as broken:

            def refuse(*_: object) -> None:
                raise Refused("disk_full", "There is no room.", 507)

            broken.setattr(room, "take", refuse)
            assert await place.expire(2) == []
        assert place.left() == ["f0"]
        assert not list(hub.keys.items(DOOMED)), "and it stays after the next start, too"
        assert len(await place.expire(2)) == 1

    run(test)


def test_a_crash_after_the_event_is_made_good_at_the_next_start(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(hub: Hub) -> None:
        place = await place_on(hub)
        await place.send(1)
        await place.keep(days=1)

        async def nothing(*_: object) -> None:
            pass

        monkeypatch.setattr(hub.attachments, "remove", nothing)
        assert len(await place.expire(2)) == 1
        assert place.left() == ["f0"]

    async def start(hub: Hub) -> None:
        await hub._file_keeping.settled
        assert not (hub.folder.files / "a" / "f0").exists()
        assert not list(hub.keys.items(DOOMED))

    run(crash)
    run(start)


def test_a_crash_before_the_event_changes_nothing(run: RunOnHub) -> None:
    async def crash(hub: Hub) -> None:
        place = await place_on(hub)
        await place.send(1)
        room = await place.room()
        await hub.attachments.doom("a", room.index.files[1])

    async def start(hub: Hub) -> None:
        await hub._file_keeping.settled
        assert (hub.folder.files / "a" / "f0").exists()
        assert not list(hub.keys.items(DOOMED))

    run(crash)
    run(start)


def test_a_removed_message_has_no_expired_files(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        place = await place_on(hub)
        await place.send(1)
        await place.keep(days=1)
        await place.expire(2)
        await hub.post("a", place.author, Erase(room="a", of=1))
        index = (await place.room()).index
        assert not index.has_expired("f0")
        assert index.expired == {}

    run(test)


def test_files_in_a_history_made_by_hand_end_nothing(run: RunOnHub) -> None:
    """Of two messages that bear the same id, the later one has the file."""

    async def test(hub: Hub) -> None:
        place = await place_on(hub)
        await place.send(1)
        place._ids = 0
        await place.send(1)
        await place.keep(days=1)
        assert [x["ids"] for x in await asyncio.wait_for(place.expire(2), 20)] == [["f0"]]

    run(test)


def test_a_time_that_is_none_keeps_its_files() -> None:
    for at in ("", "yesterday", "9" * 30):
        assert file_expiry._time(at) is None
    assert file_expiry._time("1970-01-02T00:00:00.000Z") == DAY


def test_a_hub_looks_by_itself(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_expiry, "LOOK_SECONDS", 0.01)

    async def test(hub: Hub) -> None:
        place = await place_on(hub)
        await place.send(1, 1)
        await place.keep(bytes_=1)
        async with asyncio.timeout(20):
            while place.left() != ["f1"]:
                await asyncio.sleep(0.01)

    run(test)
