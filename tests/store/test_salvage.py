"""Whole events in damaged stretches and in lines that are too long to be held."""

import os
from pathlib import Path

import pytest

from hub.protocol import events
from hub.store import recover, salvage
from tests.growth import TIMES, growth
from tests.store.files import MIB, all_lines, filled, opened, peak, said

pytestmark = pytest.mark.usefixtures("quiet")


def test_a_newline_that_was_lost_joins_two_lines_that_are_both_served(path: Path) -> None:
    lines = filled(path, 4)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(lines[1] + lines[2], lines[1][:-1] + b"x" + lines[2]))
    room = opened(path)
    assert all_lines(room) == lines
    assert room.damage


@pytest.mark.parametrize("between", [b"", b"\0", b"\0\0junk"])
def test_lines_that_were_joined_into_one_are_all_there(path: Path, between: bytes) -> None:
    lines = filled(path, 3000)
    header = path.read_bytes().split(b"\n")[0] + b"\n"
    path.write_bytes(header + between.join(line[:-1] for line in lines) + b"\n")
    room = opened(path)
    assert all_lines(room) == lines


@pytest.mark.parametrize("text", ['"}', '{"room":"general","n":2,"}', ',"crc":"01234567"}'])
def test_a_damaged_line_takes_no_longer_than_it_is(path: Path, text: str) -> None:
    """Whatever it holds; and however often what looks like an event begins and ends in it."""
    header = events.line_of(events.Header(events.FORMAT, "general"))

    def work(size: int) -> None:
        path.write_bytes(header + said(1)[:-20] + text.encode() * size + b"\n" + said(2))
        room = opened(path)
        assert room.line(2) == said(2)
        room.close()

    assert growth(work, 500) < 4 * TIMES


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as if a line of 400 bytes were too long to be held."""
    monkeypatch.setattr(recover, "BLOCK", 130)
    monkeypatch.setattr(salvage, "HELD", 400)


JUNK = {
    "a long line": b"x" * 2000,
    "NULs": b"\0" * 2000,
    "beginnings of lines": b'{"room":"general","n":2,' * 90,
    "ends of lines": b',"crc":"01234567"}' * 100,
    "empty lines": b"\n" * 500,
    "returns": b"\r" * 2000,
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("place", [1, 2, 4, 5])
def test_long_lines_are_read_in_pieces_with_the_same_outcome(
    path: Path, monkeypatch: pytest.MonkeyPatch, junk: bytes, end: bytes, place: int
) -> None:
    filled(path, 4)
    lines = path.read_bytes().splitlines(keepends=True)
    there = b"".join([*lines[:place], junk + end, *lines[place:]])
    outcomes = []
    for block, held in ((1 << 20, 1 << 22), (130, 400)):
        monkeypatch.setattr(recover, "BLOCK", block)
        monkeypatch.setattr(salvage, "HELD", held)
        path.write_bytes(there)
        room = opened(path)
        kept = [x.read_bytes() for x in (path.parent / "torn").glob("*")]
        for file in (path.parent / "torn").glob("*"):
            file.unlink()
        damage = [text.partition("kept in")[0] for text in room.damage]
        outcomes.append((all_lines(room), damage, room.places, path.read_bytes(), kept))
        room.close()
    assert outcomes[0] == outcomes[1]
    assert outcomes[1][0] == lines[1:]


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_message_that_is_too_long_to_be_held_is_still_one(
    path: Path, small: None, end: bytes, lost: bool
) -> None:
    long = said(3 if lost else 2, "long " * 1000)
    filled(path, 1)
    path.write_bytes(path.read_bytes() + long[:-1] + end + (said(4 if lost else 3) if end else b""))
    room = opened(path)
    assert all_lines(room) == [said(1, "message 1"), long, *([said(4 if lost else 3)] * bool(end))]
    assert room.lost(1, room.last) == [2] * lost
    assert path.read_bytes().endswith(b"\n")


@pytest.mark.parametrize("between", [b"", b"\0", b"junk"])
def test_joined_lines_are_found_in_pieces(path: Path, small: None, between: bytes) -> None:
    lines = filled(path, 100)
    header = path.read_bytes().split(b"\n")[0] + b"\n"
    path.write_bytes(header + between.join(line[:-1] for line in lines) + b"\n")
    room = opened(path)
    assert all_lines(room) == lines
    room.write([said(101)])
    room.sync()
    room.close()
    assert all_lines(opened(path)) == [*lines, said(101)]


@pytest.mark.parametrize("repair", [True, False])
def test_a_file_with_a_huge_hole(path: Path, repair: bool) -> None:
    """20 GB of nothing at the end, and in the middle: neither memory nor disk is taken for it."""
    if not hasattr(os, "SEEK_DATA"):
        pytest.skip("this system does not tell where a file has holes")
    lines = filled(path, 2)
    os.truncate(path, 20 << 30)
    if path.stat().st_blocks * 512 > MIB:
        pytest.skip("this drive knows no holes")
    room, most = peak(path, repair=repair)
    assert all_lines(room) == lines
    assert most < 32 * MIB
    room.close()
    kept = [x.stat() for x in path.parent.glob("torn/*")]
    assert [x.st_size > 19 << 30 for x in kept] == [True] * repair
    assert all(x.st_blocks * 512 < MIB for x in kept)
    assert (path.stat().st_size < 1000) == repair
    with path.open("r+b") as file:
        file.seek(10 << 30)
        file.write(b"\n" + said(3))
        file.truncate()
    room, most = peak(path, repair=repair)
    assert all_lines(room) == [*lines, said(3)]
    assert most < 32 * MIB


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_one_line_of_many_megabytes_is_not_held(path: Path, end: bytes) -> None:
    lines = filled(path, 2)
    with path.open("ab") as file:
        for _ in range(100):
            file.write(b"junk" * (MIB // 4))
        file.write(end)
    room, most = peak(path)
    assert all_lines(room) == lines
    assert most < 32 * MIB
