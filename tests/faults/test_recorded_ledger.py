"""The power fails at every moment of a ledger's life, and any of what was not synced is missing."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from hub.keys import Keys
from hub.store import disk, ledger, ledger_file
from hub.store.ledger import Ledger
from hub.store.ledger_file import created, opened
from hub.store.writer import Writer
from tests.faults.recorded_disk import RecordedDisk, Renamed, Synced, Write

PUTS = 120


class Asked(NamedTuple):
    """So many changes were put."""

    count: int


class Told(NamedTuple):
    """So many changes were told to be saved."""

    count: int


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[RecordedDisk]:
    if not Path("/proc/self/fd").exists():
        pytest.skip("which file a descriptor is can only be asked under Linux")
    monkeypatch.setattr(ledger, "GROWTH", 3000)  # so that it is written anew
    monkeypatch.setattr(ledger, "SLICE", 3)
    monkeypatch.setattr(ledger_file, "GROWTH", 1500)
    monkeypatch.setattr(ledger, "INTERVAL", 0.002)
    yield RecordedDisk(monkeypatch, tmp_path)
    monkeypatch.undo()


def after(count: int) -> dict[str, bytes]:
    """What the keys hold after so many changes, of which each is of several keys."""
    items: dict[str, bytes] = {}
    for n in range(1, count + 1):
        for key, value in change(n).items():
            if value is None:
                items.pop(key, None)
            else:
                items[key] = value
    return items


def change(n: int) -> dict[str, bytes | None]:
    text = b'"%b"' % (b"%d" % n * (1 + n * 7 % 90))
    return {"first": b"%d" % n, f"k{n % 13}": text, f"k{n * 5 % 13}x": None if n % 3 else text,
            "last": b"%d" % n}  # fmt: skip


async def lived(path: Path, recorded: RecordedDisk, chance: random.Random) -> None:
    keys = Keys()
    file = created(path, keys)
    data = await asyncio.to_thread(path.read_bytes)
    recorded.log[:] = [Write(path, 0, data), Synced(path, 1)]
    writer = Writer(asyncio.get_running_loop())
    kept = Ledger(keys, file, writer)
    for n in range(1, PUTS + 1):
        recorded.log.append(Asked(n))
        keys.put({key: (keys.get(key), value) for key, value in change(n).items()})
        if chance.random() < 0.6:
            await kept.kept()
            recorded.log.append(Told(n))
        elif chance.random() < 0.3:
            await asyncio.sleep(0.004)
    await kept.end()
    recorded.log.append(Told(PUTS))
    await asyncio.to_thread(writer.stop)


def check_cuts(
    path: Path, recorded: RecordedDisk, monkeypatch: pytest.MonkeyPatch, seed: int, states: int
) -> None:
    """So many states of the disk for each moment."""
    chance = random.Random(seed)
    entries = tuple(recorded.log)
    monkeypatch.setattr(disk, "sync_file", lambda fd: None)  # it is not about this disk
    monkeypatch.setattr(disk, "sync_folder", lambda folder: None)
    for end in range(2, len(entries) + 1):
        for _ in range(states):
            shutil.rmtree(path.parent)
            path.parent.mkdir()
            for file, data in recorded.state(entries[:end], chance).items():
                file.write_bytes(data)
            check(path, entries[:end])


def check(path: Path, entries: Sequence[object]) -> None:
    asked = max((x.count for x in entries if isinstance(x, Asked)), default=0)
    told = max((x.count for x in entries if isinstance(x, Told)), default=0)
    before = None
    for _ in range(2):  # the second start finds what the first one left
        _, found = opened(path, path.parent / "torn")
        assert found.damage.sentences == [], "it is taken for damaged"
        count = int(found.keys.get("last") or b"0")
        assert count >= told, f"{told} was told, and {count + 1} is lost"
        assert count <= asked
        assert dict(found.keys.items("")) == after(count), f"{count} is not whole"
        assert before in (None, count)
        before = count


@pytest.mark.parametrize("seed", range(2))
def test_what_was_told_is_there_whenever_the_power_fails(
    tmp_path: Path, recorded: RecordedDisk, monkeypatch: pytest.MonkeyPatch, seed: int, states: int
) -> None:
    path = tmp_path / "hub" / "ledger.jsonl"
    path.parent.mkdir()
    asyncio.run(lived(path, recorded, random.Random(seed)))
    assert sum(isinstance(x, Renamed) for x in recorded.log) >= 2, "it was written anew"
    check_cuts(path, recorded, monkeypatch, seed, 3 * states)


@pytest.mark.parametrize("left_out", ["ledger.jsonl", ".ledger.jsonl.new", "of the folder"])
def test_a_sync_that_is_left_out_is_noticed(
    tmp_path: Path, recorded: RecordedDisk, monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    """The control of the test above: that what is appended, what is made anew, its name."""
    recorded.syncs_nothing = (left_out,)
    if left_out == "of the folder":
        monkeypatch.setattr(disk, "sync_folder", lambda folder: None)
    path = tmp_path / "hub" / "ledger.jsonl"
    path.parent.mkdir()
    asyncio.run(lived(path, recorded, random.Random(0)))
    with pytest.raises(AssertionError, match="is lost|is not whole|taken for damaged"):
        check_cuts(path, recorded, monkeypatch, 0, 3)
