"""The rooms of a folder: opened, found for somebody, listed, let go of and deleted."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hub import open_rooms as module
from hub.errors import Refused
from hub.folder import Folder
from hub.protocol.commands import Invite, Make, Say, Writing
from hub.protocol.events import Event, line_of
from hub.room import Room
from hub.room_rules import Author
from hub.rooms import Rooms
from hub.store import disk
from hub.store.history import History
from hub.store.open_files import File, Files
from hub.store.writer import Writer
from tests.on_hub import refusal
from tests.patience import PATIENCE

ANNA = Author("anna", "p_1")
BELA = Author("bela", "p_2")
HIDDEN = "private-0123456789abcdef"


class Told:
    def __init__(self) -> None:
        self.outcome: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def saved(self, line: bytes, new: bool, broadcast: bool) -> None:
        self.outcome.set_result(line)

    def refused(self, why: Refused) -> None:
        self.outcome.set_exception(why)


class Place:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.writer = Writer(asyncio.get_running_loop())
        self.changed: list[tuple[str, int]] = []
        self.rooms = Rooms(folder, self.writer, 0, self.note, Files(), {})

    def note(self, room: Room, events: Sequence[Event]) -> None:
        self.changed += [(room.name, event.n) for event in events]

    async def do(
        self, room: Room, command: Writing | Make, author: Author = ANNA, name: str | None = None
    ) -> None:
        told = Told()
        room.take(command, author, told, name)
        await told.outcome

    async def say(self, name: str) -> Room:
        room = await self.rooms.room(name)
        await self.do(room, Say(room=name, text="x"))
        return room

    async def listed(self, who: str | None = None) -> list[str]:
        await self.rooms.all_known()
        return list(self.rooms.visible_to(who))

    async def private(self, name: str = HIDDEN) -> Room:
        room = await self.rooms.room(name)
        await self.do(room, Make(room=name, kind="private", text="Plans"))
        return room


Test = Callable[[Place], Coroutine[Any, Any, None]]
Run = Callable[[Test], None]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


@pytest.fixture
def run(folder: Folder) -> Run:
    def run(test: Test) -> None:
        async def main() -> None:
            place = Place(folder)
            try:
                await test(place)
            finally:
                place.rooms.stop()
                await asyncio.to_thread(place.writer.stop)
                for room in place.rooms:
                    room.history.close()

        asyncio.run(main())

    return run


def fill(folder: Folder, room: str, count: int = 2) -> None:
    """A room's file with this many messages, and for a hidden room the event that makes it."""
    history = History.open(folder.room_file(room), room, folder.torn)
    more: dict[str, Any] = {"room": room, "at": "2026-01-01T00:00:00.000Z", "by": "anna"}
    events = [
        Event(n=n, who="p_1", do="say", text="x", **more) for n in range(1, count + 1)
    ]  # fmt: skip
    if room == HIDDEN:
        events[0] = Event(n=1, who="p_1", do="make", kind="private", text="Plans", **more)
    history.write([line_of(event) for event in events])
    history.sync()
    history.publish()
    history.close()


# -- opened -----------------------------------------------------------------------------------


def test_rooms_of_the_folder_are_listed_by_name(
    folder: Folder, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("b", "a"):
        fill(folder, name)
    (folder.path / "Not A Room.jsonl").touch()
    (folder.path / "broken.jsonl").mkdir()
    (folder.path / "empty.jsonl").touch()

    async def test(place: Place) -> None:
        await place.say("c")
        assert await place.listed() == ["a", "b", "c"]
        assert place.changed == [("c", 1)]

    run(test)
    assert "Not A Room.jsonl is not a room's file name" in caplog.text
    assert "broken" in caplog.text


def test_a_room_that_breaks_in_opening_leaves_the_others(
    folder: Folder, run: Run, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        fill(folder, name)
    open_ = module.open_room

    def opened(path: Path, name: str, *more: Any, **options: Any) -> Room:
        if name == "a":
            raise ZeroDivisionError
        return open_(path, name, *more, **options)

    async def test(place: Place) -> None:
        assert await place.listed() == ["b"]

    monkeypatch.setattr(module, "open_room", opened)
    with caplog.at_level(logging.ERROR):
        run(test)
    assert "a.jsonl cannot be opened" in caplog.text


def test_a_large_room_is_opened_once_and_on_a_thread(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, "a", 5)
    monkeypatch.setattr(module, "SMALL", 100)
    threads: list[str] = []
    open_ = module.open_room

    def opened(*arguments: Any, **options: Any) -> Room:
        threads.append(threading.current_thread().name)
        return open_(*arguments, **options)

    monkeypatch.setattr(module, "open_room", opened)

    async def test(place: Place) -> None:
        assert place.rooms.open("a") is None
        assert place.rooms.find_at_once("a", "p_1") is None
        assert place.rooms.get("a") is None
        one, two = await asyncio.gather(place.rooms.room("a"), place.rooms.room("a"))
        assert one is two
        assert place.rooms.open("a") is one
        assert place.rooms.get("a") is one
        assert one.last == 5
        assert len(threads) == 1
        assert threads[0] != threading.main_thread().name

    run(test)


def test_a_room_that_cannot_be_read_is_refused_and_the_others_go_on(
    folder: Folder, run: Run
) -> None:
    (folder.path / "bad.jsonl").mkdir()

    async def test(place: Place) -> None:
        assert (await refusal(place.rooms.find("bad", "p_1")))[0] == 503
        assert (await refusal(place.rooms.find_existing("bad")))[0] == 503
        await place.say("good")

    run(test)


def test_a_room_that_cannot_be_read_and_that_nobody_waits_for_is_no_error_of_ours(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (folder.path / "bad.jsonl").mkdir()
    monkeypatch.setattr(module, "SMALL", -1)

    async def test(place: Place) -> None:
        waiting = asyncio.create_task(place.rooms.room("bad"))
        place.rooms.stop()  # nor does what opens all rooms
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        async with asyncio.timeout(30):
            while place.rooms._opening:
                await asyncio.sleep(0.005)

    run(test)
    gc.collect()
    assert "never retrieved" not in caplog.text


def test_rooms_that_are_not_there_are_not_kept(run: Run) -> None:
    async def test(place: Place) -> None:
        for n in range(50):
            assert await place.rooms.find_existing(f"r{n}") is None
        assert list(place.rooms) == []

    run(test)


def test_only_a_room_without_messages_and_listeners_is_let_go(run: Run) -> None:
    class Listener:
        author = ANNA

        def put(self, text: bytes) -> None:
            pass

    async def test(place: Place) -> None:
        quiet, listener = await place.rooms.room("quiet"), Listener()
        quiet.join(listener)
        place.rooms.let_go(quiet)
        assert place.rooms.get("quiet") is quiet
        quiet.leave(listener)
        quiet.preparing += 1
        place.rooms.let_go(quiet)
        assert place.rooms.get("quiet") is quiet
        quiet.preparing -= 1
        place.rooms.let_go(quiet)
        assert place.rooms.get("quiet") is None
        assert await place.rooms.find_existing("quiet") is None
        busy = await place.rooms.room("busy")
        saving = asyncio.create_task(place.do(busy, Say(room="busy", text="x")))
        await asyncio.sleep(0)
        place.rooms.let_go(busy)
        await saving
        place.rooms.let_go(busy)
        assert place.rooms.get("busy") is busy
        another = await place.rooms.room("quiet")
        place.rooms.let_go(quiet)
        assert place.rooms.get("quiet") is another

    run(test)


def test_no_room_is_opened_after_a_stop(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, "a", 5)
    monkeypatch.setattr(module, "SMALL", 0)

    async def test(place: Place) -> None:
        place.rooms.stop()
        assert await refusal(place.rooms.room("a")) == (503, "stopping")
        with pytest.raises(asyncio.CancelledError):
            await place.rooms.all_known()

    run(test)


# -- for somebody -----------------------------------------------------------------------------


def test_a_hidden_room_is_found_by_its_members_alone(folder: Folder, run: Run) -> None:
    fill(folder, HIDDEN)

    async def test(place: Place) -> None:
        rooms = place.rooms
        assert await place.listed("p_1") == [HIDDEN]
        assert await place.listed("p_2") == await place.listed() == []
        room = await rooms.find(HIDDEN, "p_1")
        assert rooms.find_at_once(HIDDEN, "p_1") is room
        assert await rooms.find_existing(HIDDEN, "p_1") is room
        for who in ("p_2", None):
            with pytest.raises(Refused) as refused:
                rooms.find_at_once(HIDDEN, who)
            assert refused.value.code == "no_such_room"
            assert await refusal(rooms.find(HIDDEN, who)) == (404, "no_such_room")
            assert await refusal(rooms.find_existing(HIDDEN, who)) == (404, "no_such_room")
        await place.do(room, Invite(room=HIDDEN, whom="p_2"), name="bela")
        assert await rooms.find(HIDDEN, "p_2") is room

    run(test)


def test_a_hidden_room_that_does_not_exist_is_refused_and_not_looked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(place: Place) -> None:
        rooms = place.rooms
        await rooms.all_known()
        looked: list[str] = []
        find = place.folder.room_file
        monkeypatch.setattr(place.folder, "room_file", lambda x: looked.append(x) or find(x))
        for find_it in (rooms.find(HIDDEN, "p_1"), rooms.find_existing(HIDDEN, "p_1")):
            assert await refusal(find_it) == (404, "no_such_room")
        with pytest.raises(Refused):
            rooms.find_at_once(HIDDEN, "p_1")
        assert looked == [], "the time that this takes would tell it from one that exists"
        assert list(rooms) == []

    run(test)


def test_a_hidden_room_is_found_before_all_are_open(folder: Folder, run: Run) -> None:
    fill(folder, HIDDEN)

    async def test(place: Place) -> None:
        assert (await place.rooms.find(HIDDEN, "p_1")).last == 2

    run(test)


def test_a_hidden_room_that_cannot_be_read_says_so(folder: Folder, run: Run) -> None:
    (folder.path / f"{HIDDEN}.jsonl").mkdir()

    async def test(place: Place) -> None:
        await place.rooms.all_known()
        assert (await refusal(place.rooms.find(HIDDEN, "p_1")))[0] == 503

    run(test)


# -- deleted ----------------------------------------------------------------------------------


@contextmanager
def slow_wipe(room: Room) -> Iterator[None]:
    """Deleting the room comes to no end within."""
    may_go_on, wipe = threading.Event(), room.history.wipe

    def waited() -> None:
        assert may_go_on.wait(PATIENCE)
        wipe()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(room.history, "wipe", waited)
        try:
            yield
        finally:
            may_go_on.set()


async def deletion(place: Place, room: Room) -> asyncio.Task[None]:
    """The deletion of a room, once it is under way."""
    deleting = asyncio.create_task(place.rooms.delete(room))
    while place.rooms.get(room.name) is not None:
        await asyncio.sleep(0.01)
    return deleting


def test_a_deleted_room_is_found_by_nobody(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.private()
        with slow_wipe(room):
            deleting = await deletion(place, room)
            assert await refusal(place.rooms.find(HIDDEN, "p_1")) == (404, "no_such_room")
        await deleting
        assert await refusal(place.rooms.find(HIDDEN, "p_1")) == (404, "no_such_room")
        assert await place.listed("p_1") == []
        assert not place.folder.room_file(HIDDEN).exists()

    run(test)


def test_a_room_that_is_being_deleted_is_not_opened_again_while_others_are_opened(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, "large")
    monkeypatch.setattr(module, "SMALL", 0)
    may_go_on, open_ = threading.Event(), module.open_room

    def opened(*arguments: Any, **options: Any) -> Room:
        if arguments[1] == "large":
            assert may_go_on.wait(PATIENCE)
        return open_(*arguments, **options)

    monkeypatch.setattr(module, "open_room", opened)

    async def test(place: Place) -> None:
        try:
            room = await place.private()
            with slow_wipe(room):
                deleting = await deletion(place, room)
                assert await refusal(place.rooms.find(HIDDEN, "p_1")) == (404, "no_such_room")
                assert place.rooms.get(HIDDEN) is None
            await deleting
        finally:
            may_go_on.set()
        assert await place.listed("p_1") == ["large"]

    run(test)


def test_nothing_is_written_to_a_deleted_room(run: Run) -> None:
    """Whoever found it before it was deleted may still send to it."""

    async def test(place: Place) -> None:
        room = await place.private()
        with slow_wipe(room):
            deleting = await deletion(place, room)
            told = await refusal(place.do(room, Say(room=HIDDEN, text="secret")))
            assert told == (503, "room_closed")
        await deleting
        told = await refusal(place.do(room, Say(room=HIDDEN, text="secret")))
        assert told == (503, "room_closed")
        assert not place.folder.room_file(HIDDEN).exists()

    run(test)


def test_a_deletion_is_on_stable_storage_before_it_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(place: Place) -> None:
        room = await place.private()
        steps: list[str] = []
        remove, sync_folder = disk.remove, disk.sync_folder

        def removed(path: Path) -> None:
            remove(path)
            steps.append(f"remove {path.name}")

        def synced(path: Path) -> None:
            sync_folder(path)
            steps.append(f"sync {path.name}")

        monkeypatch.setattr(disk, "remove", removed)
        monkeypatch.setattr(disk, "sync_folder", synced)
        await place.rooms.delete(room)
        assert steps[0] == f"remove {HIDDEN}.index"
        assert steps[1:] == [f"remove {HIDDEN}.jsonl", f"sync {place.folder.path.name}"]

    run(test)


def test_a_room_that_cannot_be_deleted_is_still_not_written(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "The file is in use")

    async def test(place: Place) -> None:
        room = await place.private()
        closed: list[str] = []
        with monkeypatch.context() as broken:
            broken.setattr(disk, "remove", refused)
            broken.setattr(os, "ftruncate", refused)
            broken.setattr(room.history, "close", lambda: closed.append(room.name))
            assert await refusal(place.rooms.delete(room)) == (503, "not_deleted")
        assert closed == [HIDDEN]
        told = await refusal(place.do(room, Say(room=HIDDEN, text="x")))
        assert told == (503, "room_closed")

    run(test)


def test_a_room_that_is_elsewhere_too_stays_as_it_was(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal cannot be emptied of it: the room is there, and may be deleted later."""

    async def test(place: Place) -> None:
        room = await place.private()
        gone: list[str] = []

        def still_there(history: History) -> None:
            raise Refused("not_deleted", "It is still there.", 503)

        with monkeypatch.context() as patch:
            patch.setattr(place.writer._commit, "forget", still_there)
            told = await refusal(place.rooms.delete(room, lambda: gone.append("first")))
            assert told == (503, "not_deleted")
        assert place.rooms.get(HIDDEN) is room
        await place.do(room, Say(room=HIDDEN, text="x"))
        await place.rooms.delete(room, lambda: gone.append("second"))
        assert gone == ["second"]
        assert await refusal(place.rooms.delete(room)) == (404, "no_such_room")

    run(test)


def test_a_room_is_opened_anew_in_its_place_unless_it_is_in_use(run: Run) -> None:
    async def test(place: Place) -> None:
        room = await place.say("a")
        told = Told()
        room.take(Say(room="a", text="x"), ANNA, told)
        assert not place.rooms._open_anew("a"), "something is being saved"
        await told.outcome
        assert place.rooms._open_anew("a")
        assert place.rooms.get("a") is None
        assert place.rooms._open_anew("a"), "it is being opened"
        anew = await place.rooms.room("a")
        assert (anew.last, anew is room) == (2, False)
        with pytest.raises(Refused, match="read anew"):
            await place.do(room, Say(room="a", text="x"))
        await place.do(anew, Say(room="a", text="x"))
        assert place.rooms._open_anew("nothing")
        assert await place.rooms.find_existing("nothing") is None
        place.rooms.stop()
        assert not place.rooms._open_anew("a")

    run(test)


def test_a_room_of_which_some_is_in_the_journal_alone_is_left_as_it_is(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(place: Place) -> None:
        room = await place.say("a")
        monkeypatch.setattr(File, "unsynced", True)
        assert not place.rooms._open_anew("a")
        assert place.rooms.get("a") is room

    run(test)
