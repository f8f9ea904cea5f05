"""What is kept of a room beside its file: the same as the file says, and none of its texts."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hub import room_opening, room_snapshot
from hub.protocol import events
from hub.protocol.commands import Edit, Erase, Look, Pin, React, Topic
from hub.protocol.events import Event
from hub.protocol.sent_file import SentFile
from hub.room import Room
from hub.room_opening import open_room
from hub.room_snapshot import RoomSnapshot, dump, load, taken
from hub.store import offsets
from hub.store.writer import Writer
from tests.histories import Talk, header
from tests.one_room import ANNA, HOST, NOBODY, Place, Run, run_in

NAME = "private-0123456789abcdef"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return run_in(tmp_path)


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    """Few keys are known, and entries of the index are near, so that short files have many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room_opening, "KEYS", 12)
        patch.setattr(room_snapshot, "KEYS", 12)
        patch.setattr(offsets, "SPAN", 500)
        yield


def opened(path: Path, **options: Any) -> Room:
    writer = Writer.__new__(Writer)  # nothing is written
    return open_room(path, path.stem, path.parent, writer, 0, lambda room, events: None, **options)


def snapshot_of(path: Path, **options: Any) -> RoomSnapshot:
    room = opened(path, **options)
    snapshot = taken(room)
    room.history.close()
    assert snapshot is not None
    return snapshot


def seen(room: Room) -> object:
    """All that a room answers, without looking into it."""
    shown = b"".join(room.blocks(1, room.last))
    unread = [room.unread.after(n, who) for n in range(room.last + 1) for who in ("p_anna", None)]
    keys = [
        room.index.with_key(who, f"k{n}")
        for n in range(room.last + 1)
        for who in ("p_anna", "p_bela")
    ]
    rules = msgspec.to_builtins(room.rules.dump())
    index = room.index
    return (
        shown, unread, room.unread.said, keys[-20:], rules, index.edits, list(index.erased),
        list(index.pins), index.replies.dump(), index.files, room.at, room.last, room.history.size,
    )  # fmt: skip


@given(st.integers(0, 1 << 32), st.integers(1, 90), st.integers(0, 60), st.booleans())
def test_a_snapshot_and_what_came_since_are_the_room(
    tmp_path_factory: pytest.TempPathFactory, seed: int, before: int, since: int, crlf: bool
) -> None:
    """However a file is read, the room is the same: whole, or on from any of its lines."""
    talk = Talk(NAME, random.Random(seed))
    path = tmp_path_factory.mktemp("any") / f"{NAME}.jsonl"
    end = b"\r\n" if crlf else b"\n"
    path.write_bytes((header(NAME) + talk.go_on(before)).replace(b"\n", end))
    snapshot = load(dump(snapshot_of(path)))
    with path.open("ab") as file:
        file.write(talk.go_on(since).replace(b"\n", end))
    data = path.read_bytes()
    one = opened(path, snapshot=snapshot)
    assert one.kept == snapshot.end
    left = path.read_bytes()
    path.write_bytes(data)
    whole = opened(path)
    assert whole.kept == 0
    assert path.read_bytes() == left, "other texts were taken out"
    assert seen(one) == seen(whole)
    again, of_whole = taken(one), taken(whole)
    assert again is not None
    assert of_whole is not None
    assert again.agrees(of_whole)
    assert replace(again, unread=of_whole.unread) == of_whole
    until = snapshot_of(path, until=snapshot.end, repair=False)
    assert until._compared() == snapshot._compared()
    for room in one, whole:
        room.history.close()


def test_a_room_that_was_talked_in_gives_what_its_file_gives(run: Run) -> None:
    async def test(place: Place) -> None:
        for n in range(20):
            await place.say(f"say {n}", (ANNA, HOST, NOBODY)[n % 3], key=f"k{n}")
        await place.do(Edit(room="a", of=1, text="edited"), ANNA)
        await place.do(Topic(room="a", text="A topic"), ANNA)
        await place.do(Look(room="a", icon="🌱", tint="green"), ANNA)
        for of in (3, 4, 3, 5):
            await place.do(React(room="a", of=of, text="👍"), ANNA)
        await place.do(Pin(room="a", of=5), HOST)
        await place.do(Erase(room="a", of=19), ANNA)
        await place.do(Erase(room="a", of=4), ANNA)
        await place.say("the last", ANNA)
        mine = taken(place.room)
        assert mine == taken(place.open())
        assert mine is not None

    run(test)


@pytest.mark.parametrize("crlf", [True, False])
@pytest.mark.parametrize("damaged", [True, False])
def test_files_are_known_again(tmp_path: Path, crlf: bool, damaged: bool) -> None:
    """Of the message that still is there, however the file is read."""
    path = tmp_path / "a.jsonl"
    lines = [header("a")]
    for n in (1, 2, 3):
        file = SentFile(id=f"f{n}", name=f"{n}.txt", size=n, type="text/plain", sha256="0" * 64)
        event = Event(room="a", n=n, at="2026-11-22T20:17:03.123Z", by="a", do="say", text="",
                      files=[file])  # fmt: skip
        lines += [b"junk\n"] * (damaged and n == 2) + [events.line_of(event)]
    erased = Event(room="a", n=4, at="2026-11-22T20:17:03.123Z", by="a", do="erase", of=2)
    data = b"".join([*lines, events.line_of(erased)])
    path.write_bytes(data.replace(b"\n", b"\r\n") if crlf else data)
    room = opened(path)
    assert {n: [x.name for x in files] for n, files in room.index.files.items()} == {
        1: ["1.txt"], 3: ["3.txt"],
    }  # fmt: skip
    assert b"2.txt" not in path.read_bytes()
    assert room.index.file("f2") is None
    if not damaged:
        snapshot = snapshot_of(path)
        again = opened(path, snapshot=load(dump(snapshot)))
        assert again.kept
        assert again.index.files == room.index.files
        assert again.index.file("f3") == room.index.file("f3") == (3, room.index.files[3][0])
        assert [x.id for x in again.index.all_files()] == ["f1", "f3"]


def test_no_text_of_a_message_is_in_it(tmp_path: Path) -> None:
    talk = Talk(NAME, random.Random(1))
    path = tmp_path / f"{NAME}.jsonl"
    path.write_bytes(header(NAME) + talk.go_on(500))
    data = dump(snapshot_of(path))
    assert b"secret" in path.read_bytes()
    assert b"secret" not in data
    assert b"xxx" not in data
    assert b"New plans" in data


def test_a_removal_since_takes_the_text_out_of_the_file(tmp_path: Path) -> None:
    """Also where its line is before the snapshot, and the crash came before it was taken out."""
    talk = Talk("a", random.Random(2))
    talk.go_on(1)
    talk.lines.append(talk._edit())
    path = tmp_path / "a.jsonl"
    path.write_bytes(header("a") + b"".join(talk.lines))
    snapshot = snapshot_of(path)
    with path.open("ab") as file:
        file.write(talk._erase())
    room = opened(path, snapshot=snapshot)
    assert room.kept
    assert b"secret" not in path.read_bytes()
    assert list(room.index.erased) == [1]
    assert room.unread.after(0, None) == 0


def test_an_empty_room_and_one_with_gaps_have_none(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    assert taken(opened(path)) is None
    path.write_bytes(header("a"))
    assert taken(opened(path)) is None
    lines = Talk("a", random.Random(3))
    path.write_bytes(header("a") + lines.go_on(3) + b"junk\n" + lines.go_on(3))
    room = opened(path)
    assert room.history.has_gaps
    assert taken(room) is None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_bytes(header("a") + Talk("a", random.Random(4)).go_on(60))
    return path


def test_damaged_ones_are_refused(file: Path) -> None:
    data = dump(snapshot_of(file))
    assert load(data) == snapshot_of(file)
    for at in range(0, len(data), 7):
        with pytest.raises(ValueError, match=r"."):
            load(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        with pytest.raises(ValueError, match=r"."):
            load(data[:at])
    with pytest.raises(ValueError, match=r"."):
        load(data + b"x")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (sys.byteorder.encode(), b"big" if sys.byteorder == "little" else b"little"),
        (b" index 4 ", b" index 3 "),
        (b"hearth 0", b"hearth 9"),
    ],
)
def test_those_of_others_are_refused(file: Path, old: bytes, new: bytes) -> None:
    """Of a computer with another byte order, of another format and of another Hearth."""
    data = dump(snapshot_of(file))
    assert data.count(old, 0, 60) == 1
    with pytest.raises(ValueError, match="another"):
        load(data.replace(old, new, 1))


def lies(snapshot: RoomSnapshot) -> list[RoomSnapshot]:
    """Snapshots with a good sum that cannot be true."""
    index = snapshot.index
    return [
        replace(snapshot, offsets=(b"", b"")),
        replace(snapshot, offsets=(snapshot.offsets[0], b"odd")),
        replace(snapshot, last=snapshot.last + 1),
        replace(snapshot, end=snapshot.end + 1),
        replace(snapshot, end=1 << 40),
        replace(snapshot, line=snapshot.line - 1),
        replace(snapshot, line=0),
        replace(snapshot, crc=snapshot.crc + 1),
        replace(snapshot, id="fedcba9876543210"),
        replace(snapshot, index=replace(index, sources=[])),
        replace(snapshot, index=replace(index, edits=(index.edits[0], b""))),
        replace(snapshot, index=replace(index, erased=b"odd")),
        replace(snapshot, unread=replace(snapshot.unread, skipped=b"odd")),
        replace(snapshot, unread=replace(snapshot.unread, owned=[])),
    ]


def test_what_cannot_be_true_is_not_believed(file: Path) -> None:
    true = snapshot_of(file)
    whole = seen(opened(file))
    for lie in lies(true):
        room = opened(file, snapshot=load(dump(lie)))
        assert room.kept == 0, lie
        assert seen(room) == whole
    assert opened(file, snapshot=true).kept


def test_one_that_is_newer_than_the_file_is_not_believed(file: Path) -> None:
    """The file came back from a copy, and has gone on since in another way."""
    old = file.read_bytes()
    talk = Talk("a", random.Random(4))
    talk.go_on(60)
    file.write_bytes(header("a") + b"".join(talk.lines) + talk.go_on(20))
    snapshot = snapshot_of(file)
    other = Talk("a", random.Random(4))
    other.go_on(60)
    other._chance.seed(5)
    file.write_bytes(old)
    assert opened(file, snapshot=snapshot).last == 60
    file.write_bytes(old + other.go_on(200))
    assert file.stat().st_size > snapshot.end
    room = opened(file, snapshot=snapshot)
    assert (room.last, room.kept) == (260, 0)


def test_snapshots_that_do_not_agree(file: Path) -> None:
    true = snapshot_of(file)
    rules = replace(true.rules, topic="Another")
    assert true.agrees(true)
    assert true.agrees(replace(true, crc=1, unread=replace(true.unread, times=b"", timed=3)))
    assert not true.agrees(replace(true, rules=rules))
    assert not true.agrees(replace(true, unread=replace(true.unread, said=1)))
    assert not true.agrees(replace(true, offsets=(b"", b"")))
