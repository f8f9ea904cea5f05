"""Every cut and every flip: a damaged file always opens, and the damage is found."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.protocol.events import Event, line_of
from hub.store import disk
from hub.store.history import History

COUNT = 50


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Every repair is told in the log; here there are thousands of them."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here is about the disk, and thousands of syncs would wear it."""
    monkeypatch.setattr(disk, "sync_file", lambda fd: None)
    monkeypatch.setattr(disk, "sync_folder", lambda folder: None)


class File:
    """A room's file of so many messages, and what it is after damage."""

    def __init__(self, folder: Path, count: int = COUNT) -> None:
        self.path = folder / "a.jsonl"
        self.aside = folder / "torn"
        self.lines = [line(n) for n in range(1, count + 1)]
        room = self.open()
        room.write(self.lines)
        room.sync()
        room.close()
        self.whole = self.path.read_bytes()
        self.header = len(self.whole) - sum(map(len, self.lines))

    def open(self) -> History:
        return History.open(self.path, "a", self.aside)

    def kept(self) -> list[bytes]:
        """What was cut off and kept aside since this was last asked."""
        if not self.aside.exists():
            return []
        found = []
        for file in self.aside.iterdir():
            found.append(file.read_bytes())
            file.unlink()
        return found


def line(n: int, text: str = "") -> bytes:
    at = "2026-11-22T20:17:03.123Z"
    return line_of(Event(room="a", n=n, at=at, by="m", do="say", text=text or f"no {n}"))


def all_of(room: History) -> list[bytes]:
    return list(room.lines(1, room.last))


def goes_on(file: File, room: History, expected: list[bytes]) -> None:
    """Writing goes on after the damage, and the next start finds the same."""
    after = line(room.last + 1, "after")
    room.write([after])
    room.sync()
    room.close()
    again = file.open()
    assert all_of(again) == [*expected, after]
    again.close()


def test_every_cut_of_the_last_three_lines(tmp_path: Path) -> None:
    file = File(tmp_path)
    for cut in range(len(file.whole) - sum(map(len, file.lines[-3:])), len(file.whole) + 1):
        file.path.write_bytes(file.whole[:cut])
        room = file.open()
        there = file.whole[:cut]
        tail = there[there.rfind(b"\n") + 1 :]
        complete = tail != b"" and tail + b"\n" in file.lines  # it lacks only its end
        expected = file.lines[: there.count(b"\n") - 1 + complete]
        assert all_of(room) == expected, cut
        assert bool(room.damage) == bool(tail), cut
        assert file.kept() == ([tail] if tail and not complete else []), cut
        goes_on(file, room, expected)
        assert file.kept() == []


def test_nuls_at_the_end(tmp_path: Path, nuls: int) -> None:
    """A power cut leaves NULs where a file had grown but what was in it had not arrived."""
    file = File(tmp_path, 5)
    powers = {1 << power for power in range(14)}
    counts = {*powers, *(x + 1 for x in powers), *(x - 1 for x in powers)}
    counts |= set(range(1, 8193, max(1, 8192 // nuls)))
    for count in sorted(counts & set(range(1, 8193))):
        file.path.write_bytes(file.whole + b"\0" * count)
        room = file.open()
        assert all_of(room) == file.lines, count
        assert room.damage, count
        assert file.kept() == [b"\0" * count], count
        goes_on(file, room, file.lines)


@pytest.mark.parametrize("size", [1, 100, 512, 4096])
def test_nuls_in_the_middle(tmp_path: Path, size: int) -> None:
    """A block of the file was never written, but what follows it was."""
    file = File(tmp_path, 100)
    for start in range(file.header, len(file.whole), 97):
        end = min(start + size, len(file.whole))
        file.path.write_bytes(file.whole[:start] + b"\0" * (end - start) + file.whole[end:])
        room = file.open()
        assert room.damage
        starts, where = [], file.header
        for each in file.lines:
            starts.append(where)
            where += len(each)
        # Of a line that only lost its newline the rest is whole.
        touched = {
            each
            for each, begin in zip(file.lines, starts, strict=True)
            if begin < end and start < begin + len(each) - 1
        }
        assert all_of(room) == [each for each in file.lines if each not in touched]
        numbers = room.last
        goes_on(file, room, all_of(room))
        assert numbers <= 100
        file.kept()


def test_every_flipped_bit(tmp_path: Path, flips: int) -> None:
    file = File(tmp_path)
    bits = 8 * len(file.whole)
    step = max(1, bits // flips)
    while step > 1 and step % 2 == 0:  # such that in the end every bit of a byte has its turn
        step += 1
    fd = file.path.open("r+b", buffering=0)
    for bit in range(0, bits, step):
        where = bit // 8
        fd.seek(where)
        fd.write(bytes([file.whole[where] ^ 1 << bit % 8]))
        _flipped(file, where)
        if file.path.stat().st_size == len(file.whole):
            fd.seek(where)
            fd.write(file.whole[where : where + 1])
        else:  # the last newline was hit, and so the file was repaired
            file.kept()
            fd.truncate(0)
            fd.seek(0)
            fd.write(file.whole)
    fd.close()
    assert file.path.read_bytes() == file.whole


def _flipped(file: File, where: int) -> None:
    """The damage is found, at most one message is lost, and the others are served."""
    room = file.open()
    assert room.damage, where
    assert room.last == COUNT, where
    got = all_of(room)
    if got != file.lines:
        lost = room.lost(1, COUNT)
        assert len(lost) == 1, where
        n = lost[0]
        assert got == file.lines[: n - 1] + file.lines[n:], where
        begin = file.header + sum(map(len, file.lines[: n - 1]))
        assert begin <= where < begin + len(file.lines[n - 1]), where
    room.close()
