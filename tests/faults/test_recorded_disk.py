"""The power fails at every moment of a conversation, and any of what was not synced is missing."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from hub.protocol.events import Event, intact, line_of
from hub.store import commit, disk, journal, offsets
from hub.store.checkpoint import Checkpoint, Outdated, line_sum
from hub.store.history import History
from hub.store.journal import NAMES
from hub.store.offsets import SparseOffsets
from hub.store.replay import open_journal
from hub.store.writer import Writer
from tests.faults.recorded_disk import RecordedDisk, Synced

ROOMS = ("a", "b", "c")


class Asked(NamedTuple):
    """A batch was given to the writer, with the numbers of messages to be erased."""

    room: str
    erased: set[int]


class Kept(NamedTuple):
    """What a snapshot has of a file up to a line that was told, whether or not that is synced."""

    room: str
    point: Checkpoint

    @classmethod
    def of(cls, history: History) -> Kept:
        found = history.located(history.last)
        assert found is not None
        there = history.offsets
        assert isinstance(there, SparseOffsets)
        copied = SparseOffsets()
        copied.load(there.dump(), there.last, there.end)
        return cls(
            history.room, Checkpoint(history.id, False, found[0], line_sum(found[1]), copied)
        )


class Told(NamedTuple):
    """A batch was told to be saved."""

    room: str
    lines: list[bytes]
    erased: set[int]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[RecordedDisk]:
    if not Path("/proc/self/fd").exists():
        pytest.skip("which file a descriptor is can only be asked under Linux")
    monkeypatch.setattr(journal, "SIZE", 1 << 15)  # bytes: so that segments are filled
    monkeypatch.setattr(commit, "SECONDS", 0.004)  # so that files are synced behind
    monkeypatch.setattr(offsets, "SPAN", 2000)
    yield RecordedDisk(monkeypatch, tmp_path)
    monkeypatch.undo()


class Conversation:
    """Three rooms in which a hub's writer saves batches, as rooms give them to it."""

    def __init__(self, folder: Path, recorded: RecordedDisk, chance: random.Random) -> None:
        self.folder = folder
        self._recorded = recorded
        self._chance = chance
        (folder / "hub").mkdir(parents=True)

    async def run(self, batches: int) -> None:
        opened, _ = open_journal(self.folder / "hub", self._file, self.folder / "torn")
        assert opened is not None
        writer = Writer(asyncio.get_running_loop(), 16, opened)
        await asyncio.gather(*(self._talk(writer, room, batches) for room in ROOMS))
        await asyncio.to_thread(writer.stop)

    async def _talk(self, writer: Writer, room: str, batches: int) -> None:
        history = History.open(self._file(room), room, self.folder / "torn")
        for _ in range(batches):
            count = self._chance.randrange(1, 5)
            lines = [self._line(room, n) for n in range(history.last + 1, history.last + count + 1)]
            erased = set()
            if history.last and self._chance.random() < 0.1:
                erased.add(self._chance.randrange(1, history.last + 1))
            self._recorded.log.append(Asked(room, erased))
            await self._saved(writer, history, lines, sorted(erased))
            self._recorded.log.append(Told(room, lines, erased))
            if self._chance.random() < 0.3:
                self._recorded.log.append(Kept.of(history))
            await asyncio.sleep(self._chance.choice((0, 0, 0.001, 0.003)))

    async def _saved(
        self, writer: Writer, history: History, lines: list[bytes], erased: list[int]
    ) -> None:
        saved = asyncio.get_running_loop().create_future()
        writer.append(history, lines, erased, saved.set_result)
        assert await saved is None
        history.publish()

    def _line(self, room: str, n: int) -> bytes:
        text = secret(room, n) + "x" * self._chance.randrange(900)
        at = "2026-11-22T20:17:03.123Z"
        return line_of(Event(room=room, n=n, at=at, by="m", do="say", text=text))

    def _file(self, room: str) -> Path:
        return self.folder / f"{room}.jsonl"


def secret(room: str, n: int) -> str:
    return f"{room}/{n}/"


class After:
    """What must be true of the folder at `path` after a power cut: `entries` came before it."""

    def __init__(self, path: Path, entries: Sequence[object]) -> None:
        self.path = path
        self.lines: dict[str, list[bytes]] = {room: [] for room in ROOMS}
        self.asked: dict[str, set[int]] = {room: set() for room in ROOMS}
        self.erased: set[str] = set()
        self.kept: dict[str, Kept] = {}
        self.believed = 0
        """How often what was kept fitted a file."""
        for entry in entries:
            if isinstance(entry, Asked):
                self.asked[entry.room] |= entry.erased
            elif isinstance(entry, Kept):
                self.kept[entry.room] = entry
            elif isinstance(entry, Told):
                self.lines[entry.room] += entry.lines
                self.erased |= {secret(entry.room, n) for n in entry.erased}

    def check(self) -> None:
        self._check_erased()
        before: dict[str, list[bytes]] = {}
        for _ in range(2):  # the second start finds what the first one left
            opened, failed = open_journal(self.path / "hub", self._file, self.path / "torn")
            assert failed == {}
            assert opened is not None
            opened.close()
            now = {room: self._check_room(room) for room in ROOMS}
            assert before in ({}, now)
            before = now
        self._check_erased()
        self._check_torn()

    def _check_erased(self) -> None:
        held = b"".join(x.read_bytes() for x in self.path.rglob("*") if x.is_file())
        assert [x for x in self.erased if x.encode() in held] == []

    def _check_torn(self) -> None:
        """What was being erased is not copied aside, where nothing would erase it again."""
        torn = b"".join(x.read_bytes() for x in (self.path / "torn").glob("*"))
        for room, numbers in self.asked.items():
            assert [n for n in numbers if secret(room, n).encode() in torn] == []

    def _check_kept(self, room: str, lines: list[bytes]) -> None:
        """Where a start believes what was kept, it finds the same lines as one that does not."""
        if room not in self.kept:
            return
        point = self.kept[room].point
        there = SparseOffsets()
        there.load(point.offsets.dump(), point.offsets.last, point.offsets.end)
        try:
            history = History.open(
                self._file(room), room, self.path, after=point._replace(offsets=there)
            )
        except Outdated:
            return
        self.believed += 1
        assert history.last == len(lines)
        for n, line in enumerate(lines, 1):
            assert history.line(n) == line or n in self.asked[room]
        history.close()

    def _check_room(self, room: str) -> list[bytes]:
        history = History.open(self._file(room), room, self.path / "torn")
        told = self.lines[room]
        assert history.closed is None
        assert history.last >= len(told), f"of {room}, {history.last + 1} is lost"
        there = [history.line(n) or b"" for n in range(1, history.last + 1)]
        for n, (line, found) in enumerate(zip(told, there, strict=False), 1):
            # The power may fail while a text is overwritten, which leaves no whole line.
            blanked = not found or (intact(found) and b'"text":""' in found)
            is_erased = n in self.asked[room] and blanked
            assert found == line or is_erased, f"of {room}, {n} is another"
        history.close()
        self._check_kept(room, there)
        return there

    def _file(self, room: str) -> Path:
        return self.path / f"{room}.jsonl"


def talked(folder: Path, recorded: RecordedDisk, seed: int) -> None:
    conversation = Conversation(folder, recorded, random.Random(seed))
    asyncio.run(conversation.run(batches=25))


def check_cuts(
    folder: Path, recorded: RecordedDisk, monkeypatch: pytest.MonkeyPatch, seed: int, states: int
) -> int:
    """So many states of the disk for each moment of the conversation; gives how often what was
    kept of a file fitted it.
    """
    believed = 0
    chance = random.Random(seed)
    entries = tuple(recorded.log)
    monkeypatch.setattr(disk, "sync_file", lambda fd: None)  # it is not about this disk
    for end in range(len(entries) + 1):
        for _ in range(states):
            shutil.rmtree(folder)
            (folder / "hub").mkdir(parents=True)
            for path, data in recorded.state(entries[:end], chance).items():
                path.write_bytes(data)
            after = After(folder, entries[:end])
            after.check()
            believed += after.believed
    return believed


@pytest.mark.parametrize("seed", range(2))
def test_what_was_told_is_there_whenever_the_power_fails(
    tmp_path: Path, recorded: RecordedDisk, monkeypatch: pytest.MonkeyPatch, seed: int, states: int
) -> None:
    talked(tmp_path / "rooms", recorded, seed)
    assert sum(isinstance(x, Told) for x in recorded.log) == 75
    assert len([x for x in recorded.log if isinstance(x, Synced) and x.path.suffix]) > 10
    assert check_cuts(tmp_path / "rooms", recorded, monkeypatch, seed, states) > 100


@pytest.mark.parametrize("left_out", ["journal", "behind"])
def test_a_sync_that_is_left_out_is_noticed(
    tmp_path: Path, recorded: RecordedDisk, monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    """The control of the test above: that of the journal, and those of the files later."""
    if left_out == "journal":
        recorded.syncs_nothing = NAMES
    else:
        monkeypatch.setattr(History, "sync_behind", lambda history: None)
    talked(tmp_path / "rooms", recorded, 0)
    with pytest.raises(AssertionError, match="is lost|is another"):
        check_cuts(tmp_path / "rooms", recorded, monkeypatch, 0, 1)
