"""Snapshots of rooms: when they are written, what is done where one does not fit, and the end."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hub import room_snapshot, snapshot_keeper
from hub.errors import Refused
from hub.folder import Folder
from hub.protocol.commands import Make, Say
from hub.room import Room
from hub.rooms import Rooms
from hub.snapshot_keeper import SnapshotKeeper
from hub.store import disk
from hub.store.open_files import Files
from hub.store.writer import Writer
from tests.histories import Talk, header
from tests.one_room import ANNA, HOST, Ear, Told
from tests.patience import PATIENCE
from tests.windows import another_program, has_mode

PRIVATE = "private-0123456789abcdef"
Test = Callable[[Rooms], Coroutine[Any, Any, None]]
Run = Callable[[Test], None]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms are large from some kilobytes on, and what is done in the background begins at once."""
    monkeypatch.setattr(snapshot_keeper, "LEAST", 1000)
    monkeypatch.setattr(snapshot_keeper, "GROWTH", 4000)
    monkeypatch.setattr(snapshot_keeper, "REST", 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


@pytest.fixture
def run(folder: Folder) -> Run:
    """Run a test with the rooms of the folder, from a start to a stop in order."""

    def run(test: Test) -> None:
        async def main() -> None:
            writer = Writer(asyncio.get_running_loop())
            rooms = Rooms(folder, writer, 0, lambda room, events: None, Files(), {})
            try:
                await test(rooms)
            finally:
                rooms.stop()
                await asyncio.to_thread(writer.stop)
                await rooms.keep()
                for room in rooms:
                    room.history.close()

        asyncio.run(main())

    return run


def fill(folder: Folder, count: int = 100, room: str = "a") -> Talk:
    talk = Talk(room, random.Random(1))
    folder.room_file(room).write_bytes(header(room) + talk.go_on(count))
    return talk


async def nothing(rooms: Rooms) -> None:
    await rooms.all_known()


async def until(true: Callable[[], object]) -> None:
    """Wait for what is done in the background."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


async def say(room: Room, text: str = "secret words") -> None:
    told = Told()
    room.take(Say(room=room.name, text=text), HOST, told)
    await told.outcome


def keep(folder: Folder, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Have a snapshot of the whole of each room."""
    with monkeypatch.context() as patch:
        patch.setattr(snapshot_keeper, "GROWTH", 0)
        run(nothing)
    assert list(folder.index.iterdir())


def flip(path: Path) -> None:
    """Damage a line in the middle, and leave the size as it is."""
    data = bytearray(path.read_bytes())
    data[data.index(b'"n":40,') + 3] ^= 1
    path.write_bytes(data)


# -- when they are written ---------------------------------------------------------------------


def test_a_stop_in_order_keeps_large_rooms(folder: Folder, run: Run) -> None:
    async def talk(rooms: Rooms) -> None:
        room = await rooms.room("a")
        for _ in range(10):
            await say(room)
        await say(await rooms.room("small"))

    async def again(rooms: Rooms) -> None:
        room = await rooms.room("a")
        assert room.kept == room.history.size == folder.room_file("a").stat().st_size
        await say(room)

    async def more(rooms: Rooms) -> None:
        room = await rooms.room("a")
        assert (room.last, room.kept) == (11, room.history.size)

    run(talk)
    assert [x.name for x in folder.index.iterdir()] == ["a.index"]
    assert has_mode(folder.index_file("a"), 0o600)
    assert b"secret" not in folder.index_file("a").read_bytes()
    run(again)
    before = folder.index_file("a").stat().st_ino
    run(more)
    assert folder.index_file("a").stat().st_ino == before, (
        "nothing was said, and it was written again"
    )


def test_a_room_that_was_read_whole_is_kept_at_once(folder: Folder, run: Run) -> None:
    async def test(rooms: Rooms) -> None:
        room = await rooms.room("a")
        assert room.kept == 0
        snapshot = room_snapshot.load(folder.index_file("a").read_bytes())
        assert snapshot == room_snapshot.taken(room)

    fill(folder)
    run(test)


def test_a_room_that_grows_is_kept_now_and_then(folder: Folder, run: Run) -> None:
    async def test(rooms: Rooms) -> None:
        room = await rooms.room("a")
        first = await grown(folder, room)
        assert rooms._snapshots.read("a") is not None
        second = await grown(folder, room)
        whole = await asyncio.to_thread(folder.room_file("a").read_bytes)
        assert 4000 < first < second <= len(whole)
        assert {whole[first - 1 : first], whole[second - 1 : second]} == {b"\n"}

    run(test)


async def grown(folder: Folder, room: Room) -> int:
    """Talk in a room until there is another snapshot; gives the byte up to which it goes."""
    before = snapshot_end(folder)
    while room.history.size - before <= 4000:
        await say(room)
    await until(lambda: snapshot_end(folder) > before)
    return snapshot_end(folder)


def snapshot_end(folder: Folder) -> int:
    try:
        return room_snapshot.load(folder.index_file("a").read_bytes()).end
    except (FileNotFoundError, PermissionError):  # on Windows, as it is replaced
        return 0


def test_one_that_grew_from_the_one_before_is_what_the_file_says(folder: Folder, run: Run) -> None:
    async def test(rooms: Rooms) -> None:
        room = await rooms.room("a")
        assert room.kept
        await grown(folder, room)

    async def whole(rooms: Rooms) -> None:
        room = await rooms.room("a")
        assert room.kept == 0
        assert room_snapshot.load(followed).agrees(
            room_snapshot.load(folder.index_file("a").read_bytes())
        )

    fill(folder)
    run(nothing)
    run(test)
    followed = folder.index_file("a").read_bytes()
    folder.index_file("a").unlink()
    run(whole)


def test_rooms_whose_files_are_not_sound_are_not_kept(folder: Folder, run: Run) -> None:
    fill(folder)
    flip(folder.room_file("a"))
    fill(folder, room="read-only")
    folder.room_file("read-only").chmod(0o444)
    run(nothing)
    run(nothing)
    assert not folder.index.exists()


def test_a_stop_takes_no_longer_than_it_may(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder)
    monkeypatch.setattr(snapshot_keeper, "GROWTH", 1 << 30)
    monkeypatch.setattr(snapshot_keeper, "STOP_SECONDS", -1.0)
    run(nothing)
    assert not folder.index.exists()


def test_the_largest_room_is_kept_first(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for count, name in ((30, "c"), (90, "a"), (60, "b")):
        fill(folder, count, name)
    written = []
    write = disk.write_atomically

    def noted(path: Path, *more: Any, **options: Any) -> None:
        written.append(path.stem)
        write(path, *more, **options)

    monkeypatch.setattr(snapshot_keeper, "GROWTH", 1 << 30)
    monkeypatch.setattr(disk, "write_atomically", noted)
    run(nothing)
    assert written == ["a", "b", "c", folder.catalog_file.stem]


# -- where they cannot be written or read ------------------------------------------------------


def test_a_full_disk_keeps_nobody_from_talking(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    def full(path: Path, *more: Any, **options: Any) -> None:
        tries.append(path)
        raise OSError(28, "No space left on device")

    async def test(rooms: Rooms) -> None:
        room = await rooms.room("a")
        while room.history.size <= 4000:
            await say(room)
        await until(lambda: tries)
        await say(room)
        await say(room)
        assert len(tries) == 1, "it is not tried again before it has grown"

    monkeypatch.setattr(disk, "write_atomically", full)
    run(test)
    assert tries == 2 * [folder.index_file("a")] + [folder.catalog_file]
    assert "a.index cannot be written" in caplog.text


def test_a_crash_while_it_is_written_leaves_the_one_before(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(rooms: Rooms) -> None:
        await say(await rooms.room("a"))

    def crash(*_: object) -> None:
        raise OSError(5, "the power failed")

    fill(folder)
    run(nothing)
    before = folder.index_file("a").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(disk, "replace", crash)
        run(talk)
    assert folder.index_file("a").read_bytes() == before
    folder.index.joinpath(".a.index.new").write_bytes(b"half of i")

    async def again(rooms: Rooms) -> None:
        room = await rooms.room("a")
        assert (room.last, room.kept) == (101, len_before)
        await say(room)

    len_before = room_snapshot.load(before).end
    run(again)
    assert [x.name for x in folder.index.iterdir()] == ["a.index"]


def test_what_cannot_be_taken_keeps_no_room_and_no_stop_from_its_end(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    errors = iter([Refused("room_closed", "It cannot be read.", 503), ZeroDivisionError()])

    def broken(room: Room) -> None:
        raise next(errors)

    async def test(rooms: Rooms) -> None:
        assert (await rooms.room("a")).last == 100

    fill(folder)
    monkeypatch.setattr(room_snapshot, "taken", broken)
    run(test)
    assert [x.message for x in caplog.records] == ["It cannot be read.", "a cannot be kept"]
    assert not folder.index.exists()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def nuls(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def missing(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [empty, torn, nuls, a_folder, a_pipe, a_link, missing])
def test_a_room_is_read_whole_where_its_snapshot_cannot_be_read(
    folder: Folder, run: Run, harm: Callable[[Path], None]
) -> None:
    async def test(rooms: Rooms) -> None:
        room = await rooms.room("a")
        assert (room.last, room.kept) == (100, 0)

    fill(folder)
    run(nothing)
    harm(folder.index_file("a"))
    run(test)


def test_something_else_in_the_place_of_their_folder(
    folder: Folder, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    fill(folder)
    folder.index.write_bytes(b"")
    run(nothing)
    assert folder.index.read_bytes() == b""
    assert "cannot be written" in caplog.text


# -- rooms that go -----------------------------------------------------------------------------


async def private(rooms: Rooms) -> Room:
    room, told = await rooms.room(PRIVATE), Told()
    room.take(Make(room=PRIVATE, kind="private", text="Plans"), HOST, told)
    await told.outcome
    return room


def test_a_deleted_room_loses_its_snapshot_first_and_has_no_other(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(rooms: Rooms) -> None:
        room = await private(rooms)
        while room.history.size <= 4000:
            await say(room)
        await until(folder.index_file(PRIVATE).exists)
        wipe = room.history.wipe

        def wiped() -> None:
            assert not folder.index_file(PRIVATE).exists()
            wipe()

        monkeypatch.setattr(room.history, "wipe", wiped)
        late = room_snapshot.taken(room)
        await rooms.delete(room)
        rooms._snapshots._write(PRIVATE, late)
        assert not folder.index_file(PRIVATE).exists()
        await private(rooms)
        rooms._snapshots._write(PRIVATE, late)
        assert not folder.index_file(PRIVATE).exists(), "it is another room"
        deleted.append(room)

    deleted: list[Room] = []
    run(test)
    assert deleted


def test_a_room_is_deleted_also_where_its_snapshot_cannot_be(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    remove = disk.remove

    def refused(path: Path) -> None:
        if path.suffix == ".index":
            raise PermissionError(13, "Permission denied")
        remove(path)

    async def test(rooms: Rooms) -> None:
        monkeypatch.setattr(disk, "remove", refused)
        await rooms.delete(await rooms.room("a"))
        assert not folder.room_file("a").exists()

    fill(folder)
    run(test)
    assert "a.index cannot be removed" in caplog.text


def test_snapshots_of_files_that_were_taken_away_go(folder: Folder, run: Run) -> None:
    fill(folder)
    fill(folder, room="b")
    run(nothing)
    folder.room_file("b").unlink()
    (folder.index / "notes.txt").write_bytes(b"mine")

    async def test(rooms: Rooms) -> None:
        await until(lambda: not folder.index_file("b").exists())

    run(test)
    assert sorted(x.name for x in folder.index.iterdir()) == ["a.index", "notes.txt"]


# -- the check ---------------------------------------------------------------------------------


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rooms whose check has ended."""
    ended: list[str] = []
    check = SnapshotKeeper._check

    def noted(keeper: SnapshotKeeper, name: str) -> None:
        check(keeper, name)
        ended.append(name)

    monkeypatch.setattr(SnapshotKeeper, "_check", noted)
    return ended


def test_a_sound_room_is_checked_and_nothing_is_said(
    folder: Folder, run: Run, checks: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def test(rooms: Rooms) -> None:
        room = await rooms.room("a")
        await until(lambda: checks)
        assert rooms.get("a") is room

    fill(folder)
    run(nothing)
    with caplog.at_level(logging.WARNING):
        run(test)
    assert checks == ["a"]
    assert caplog.messages == []
    assert folder.index_file("a").exists()


def test_damage_in_the_middle_is_told_as_at_an_opening(
    folder: Folder, run: Run, checks: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def test(rooms: Rooms) -> None:
        room = await rooms.room("a")
        assert room.kept
        await until(lambda: rooms.get("a") not in (room, None))
        anew = await rooms.room("a")
        assert (anew.kept, anew.history.lost(1, anew.last)) == (0, [40])
        await say(anew)
        assert anew.last == 101

    fill(folder)
    run(nothing)
    flip(folder.room_file("a"))
    data = folder.room_file("a").read_bytes()
    with caplog.at_level(logging.WARNING):
        run(test)
        told = list(caplog.messages)
        caplog.clear()
        folder.room_file("a").write_bytes(data)
        run(nothing)
    assert told == caplog.messages != []
    assert not folder.index_file("a").exists()


@pytest.mark.parametrize("large", [True, False])
def test_damage_in_a_file_that_a_start_did_not_open_is_told(
    folder: Folder, run: Run, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch, large: bool,
) -> None:  # fmt: skip
    """A disk may damage a file without a change of its size and time."""

    async def test(rooms: Rooms) -> None:
        assert rooms.get("a") is None, "it is at rest"
        await until(lambda: rooms.get("a"))
        room = await rooms.room("a")
        assert (room.kept, room.history.lost(1, room.last)) == (0, [40])
        assert rooms.get("b") is None, "nothing is wrong with that one"

    if not large:
        monkeypatch.setattr(snapshot_keeper, "LEAST", 1 << 20)
        monkeypatch.setattr(snapshot_keeper, "GROWTH", 1 << 20)
    path = folder.room_file("a")
    fill(folder)
    fill(folder, room="b")
    run(nothing)
    assert folder.index_file("a").exists() is large
    before = path.stat()
    flip(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    run(test)
    assert "a.jsonl: damaged near byte" in caplog.text
    assert "b.jsonl" not in caplog.text


def test_files_that_a_start_did_not_open_are_checked_one_after_the_other(
    folder: Folder, run: Run, checks: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def test(rooms: Rooms) -> None:
        await until(lambda: len(checks) == 3)

    for name in ("a", "b", "c"):
        fill(folder, room=name)
    run(nothing)
    run(test)
    assert checks == ["a", "b", "c"]
    assert caplog.messages == []


def test_a_room_with_somebody_in_it_stays_as_it_is(
    folder: Folder, run: Run, checks: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def test(rooms: Rooms) -> None:
        room = await rooms.room("a")
        room.join(Ear(ANNA))
        await until(lambda: caplog.messages)
        assert rooms.get("a") is room
        await say(room)

    async def next_start(rooms: Rooms) -> None:
        room = await rooms.room("a")
        assert (room.kept, room.last, room.history.lost(1, 101)) == (0, 101, [40])

    fill(folder)
    run(nothing)
    flip(folder.room_file("a"))
    with caplog.at_level(logging.WARNING):
        run(test)
        told = list(caplog.messages)
        caplog.clear()
        assert not folder.index_file("a").exists()
        run(next_start)
    assert told == caplog.messages != []


@pytest.mark.parametrize("same_file", [True, False])
def test_a_file_that_another_program_changed_is_not_taken_for_the_room(
    folder: Folder, run: Run, checks: list[str], same_file: bool
) -> None:
    """An older copy takes its place: what was said since must not be given its numbers again."""

    async def test(rooms: Rooms) -> None:
        rooms._snapshots._checked.add("a")  # it is checked further down
        room = await rooms.room("a")
        if not same_file:
            with another_program():
                path.unlink()
        path.write_bytes(older)
        rooms._snapshots._put(0, lambda: rooms._snapshots._check("a"))
        await until(lambda: checks)
        assert rooms.get("a") is room
        with pytest.raises(Refused, match="Another program"):
            await say(room)

    talk = fill(folder)
    path = folder.room_file("a")
    older = header("a") + b"".join(talk.lines[:60])
    run(nothing)
    run(test)
    assert checks == ["a"]


def test_a_snapshot_of_something_else_is_found(
    folder: Folder, run: Run, checks: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """It has a good sum and fits the file's last line, and yet it is not true."""

    async def test(rooms: Rooms) -> None:
        room = await rooms.room("a")
        assert room.rules.topic == "A lie"
        await until(lambda: rooms.get("a") not in (room, None))
        assert (await rooms.room("a")).rules.topic != "A lie"
        assert room_snapshot.load(path.read_bytes()).agrees(true)

    fill(folder)
    run(nothing)
    path = folder.index_file("a")
    true = room_snapshot.load(path.read_bytes())
    path.write_bytes(room_snapshot.dump(replace(true, rules=replace(true.rules, topic="A lie"))))
    run(test)
    assert "a.jsonl: what was kept of it is of something else" in caplog.text


def test_a_text_that_is_taken_out_meanwhile_is_no_damage(
    folder: Folder, run: Run, checks: list[str], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """The first reading finds half of a line written, the second all of it."""
    reread = SnapshotKeeper._reread

    def mended(keeper: SnapshotKeeper, *asked: Any) -> Any:
        found = reread(keeper, *asked)
        folder.room_file("a").write_bytes(data)
        return found

    async def test(rooms: Rooms) -> None:
        room = await rooms.room("a")
        await until(lambda: checks)
        assert rooms.get("a") is room

    fill(folder)
    run(nothing)
    data = folder.room_file("a").read_bytes()
    flip(folder.room_file("a"))
    monkeypatch.setattr(SnapshotKeeper, "_reread", mended)
    run(test)
    assert caplog.messages == []
    assert folder.index_file("a").exists()


def test_a_stop_ends_a_check(
    folder: Folder, run: Run, checks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = []
    pause = SnapshotKeeper._pause

    def noted(keeper: SnapshotKeeper) -> bool:
        paused.append(1)
        return pause(keeper)

    async def test(rooms: Rooms) -> None:
        await rooms.room("a")
        await until(lambda: paused)

    fill(folder)
    run(nothing)
    monkeypatch.setattr(SnapshotKeeper, "_pause", noted)
    monkeypatch.setattr(snapshot_keeper, "STEP", 0.0)
    monkeypatch.setattr(snapshot_keeper, "PAUSE", 1e6)
    monkeypatch.setattr(snapshot_keeper, "MOST_PAUSE", 1e6)
    run(test)
    assert checks == ["a"]
    assert len(paused) == 1
    assert folder.index_file("a").exists()


def test_a_room_that_is_gone_by_then_is_not_checked(
    folder: Folder, run: Run, checks: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def test(rooms: Rooms) -> None:
        keeper = rooms._snapshots
        keeper._put(1, lambda: keeper._check("a"))
        await until(lambda: checks)
        assert await asyncio.to_thread(keeper._reread, "b", 100) is None

    folder.room_file("b").mkdir()
    run(test)
    assert checks == ["a"]
