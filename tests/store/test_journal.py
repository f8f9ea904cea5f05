"""What the journal holds, as it was written and after any part of a write is missing."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.store import disk, journal
from hub.store.journal import NAMES, PAGE, Full, Group, Journal, groups_of
from tests.store.files import said
from tests.windows import another_program

SIZE = 8 * PAGE


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "SIZE", SIZE)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path)
    yield opened
    opened.close()


def group(first: int, count: int = 2, room: str = "general", at: int = 100) -> Group:
    return Group(room, "id", at, [said(n, f"no {n}", room) for n in range(first, first + count)])


def files(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in NAMES]


def test_a_new_journal_is_empty_and_for_its_owner_alone(tmp_path: Path, opened: Journal) -> None:
    assert files(tmp_path) == [b"\n" * SIZE] * 2
    assert list(groups_of(tmp_path)) == []
    if os.name == "posix":
        assert {stat.S_IMODE((tmp_path / x).stat().st_mode) for x in NAMES} == {0o600}


def test_no_journal_holds_nothing(tmp_path: Path) -> None:
    assert list(groups_of(tmp_path)) == []


def test_what_was_appended_is_there_in_its_order(tmp_path: Path, opened: Journal) -> None:
    batches = [[group(1), group(1, 1, "kitchen", 7)], [group(3, 3, at=900)], [group(6, 1, at=1300)]]
    for batch in batches:
        opened.append(batch)
    assert list(groups_of(tmp_path)) == [x for batch in batches for x in batch]


def test_a_name_in_any_script_is_told_again(tmp_path: Path, opened: Journal) -> None:
    there = group(1, room="\u05d7\u05d3\u05e8")
    opened.append([there])
    assert list(groups_of(tmp_path)) == [there]


def test_a_batch_is_synced_and_begins_on_a_page_of_its_own(
    tmp_path: Path, opened: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bytes] = []
    monkeypatch.setattr(
        disk, "sync_file", lambda fd: synced.append((tmp_path / NAMES[0]).read_bytes())
    )
    for first in (1, 3):
        opened.append([group(first)])
    assert [said(3, "no 3") in x for x in synced] == [False, True]
    assert synced[1].index(b'{"room":"general","id":', PAGE) == PAGE
    assert len(synced[1]) == SIZE


def test_a_batch_without_a_place_is_not_written(tmp_path: Path, opened: Journal) -> None:
    for at in range(8):
        opened.append([group(2 * at + 1)])
    before = files(tmp_path)
    with pytest.raises(Full):
        opened.append([group(17)])
    assert files(tmp_path) == before
    opened.turn()
    opened.append([group(17)])
    assert len(list(groups_of(tmp_path))) == 9
    with pytest.raises(Full):
        opened.append([Group("general", "id", 0, [said(19, "x" * SIZE)])])


def test_the_segments_take_turns(tmp_path: Path, opened: Journal) -> None:
    """What an earlier turn left behind a shorter one counts no more."""
    for at in range(5):
        opened.append([group(2 * at + 1)])
    for first in (11, 13):
        opened.turn()
        opened.append([group(first)])
    assert list(groups_of(tmp_path)) == [group(11), group(13)]
    assert said(9, "no 9") in (tmp_path / NAMES[0]).read_bytes()
    opened.append([group(15)])
    assert list(groups_of(tmp_path)) == [group(11), group(13), group(15)]


@pytest.mark.parametrize("left", [b"\n", b"\0", b"x"])
def test_every_prefix(tmp_path: Path, opened: Journal, left: bytes) -> None:
    """However much of the last write is missing, and whatever stands there instead."""
    there = [group(1, 3), group(1, 2, "kitchen"), group(4, 2)]
    opened.append(there[:2])
    opened.append(there[2:])
    file = tmp_path / NAMES[0]
    whole = file.read_bytes()
    lines = [line for x in there for line in x.lines]
    ends = [whole.index(line) + len(line) - (left == b"\n") for line in lines]
    for end in range(0, 2 * PAGE, 3):
        file.write_bytes(whole[:end] + left * (SIZE - end))
        found = [line for x in groups_of(tmp_path) for line in x.lines]
        assert found == lines[: sum(x <= end for x in ends)]


def test_every_page_of_a_batch_that_is_missing(tmp_path: Path, opened: Journal) -> None:
    opened.append([group(1, 100)])
    opened.turn()
    opened.turn()
    file = tmp_path / NAMES[0]
    before = file.read_bytes()
    opened.append([Group("general", "id", 100, [said(n, f"NO {n}") for n in range(101, 201)])])
    after = file.read_bytes()
    pages = [x for x in range(0, SIZE, PAGE) if before[x : x + PAGE] != after[x : x + PAGE]]
    assert len(pages) > 2
    old = [said(n, f"no {n}") for n in range(1, 101)]
    new = [said(n, f"NO {n}") for n in range(101, 201)]
    for page in pages:
        file.write_bytes(after[:page] + before[page : page + PAGE] + after[page + PAGE :])
        found = [line for x in groups_of(tmp_path) for line in x.lines]
        assert found in (old[: len(found)], new[: len(found)])


def test_lines_that_are_no_continuation_are_not_taken(tmp_path: Path, opened: Journal) -> None:
    """A head promises so many lines; others that happen to follow are an earlier batch's."""
    opened.append([group(1, 2)])
    file = tmp_path / NAMES[0]
    data = file.read_bytes()
    file.write_bytes(data.rstrip(b"\n") + b"\n" + said(3, "no 3") + data[-100:])
    assert list(groups_of(tmp_path)) == [group(1, 2)]
    file.write_bytes(data.replace(said(2, "no 2"), said(4, "no 4")))
    assert list(groups_of(tmp_path)) == [group(1, 1)]


def test_it_tells_what_it_holds_even_where_it_may_write_anew(
    tmp_path: Path, opened: Journal
) -> None:
    opened.append([group(1, 12)])
    opened.turn()
    assert opened.holds("general")
    assert opened.holds("general", [1])
    assert not opened.holds("general", [13, 14])
    assert not opened.holds("gen")
    assert not opened.holds("general", [])
    opened.empty()
    assert not opened.holds("general")
    assert files(tmp_path) == [b"\n" * SIZE] * 2
    opened.append([group(13)])
    assert list(groups_of(tmp_path)) == [group(13)]


def test_its_end_leaves_it_empty_and_what_is_kept_stays(tmp_path: Path) -> None:
    opened = Journal(tmp_path)
    opened.append([group(1)])
    kept = files(tmp_path)
    opened.close()
    again = Journal(tmp_path, needed=True)
    assert again.holds("general", [2])
    again.end()
    assert files(tmp_path) == kept
    Journal(tmp_path).end()
    assert files(tmp_path) == [b"\n" * SIZE] * 2


@pytest.mark.parametrize("size", [0, 1, SIZE - 1, SIZE + 1, 3 * SIZE])
def test_a_file_of_another_size_becomes_one_of_its_own(tmp_path: Path, size: int) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes(b"secret"[:size] + b"\n" * (size - 6))
    Journal(tmp_path).close()
    assert files(tmp_path) == [b"\n" * SIZE] * 2


def test_an_empty_journal_is_opened_without_a_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Journal(tmp_path).close()
    written: list[bytes] = []
    monkeypatch.setattr(disk, "pwrite", lambda fd, data, at: written.append(data))
    opened = Journal(tmp_path)
    opened.end()
    assert written == []


def test_it_is_discarded_by_whatever_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is emptied; where it cannot be, its file is removed, now or at the next attempt."""

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    opened = Journal(tmp_path)
    opened.append([group(1)])
    with monkeypatch.context() as patch:
        patch.setattr(disk, "sync_file", fails)
        patch.setattr(disk, "remove", fails)
        with pytest.raises(OSError, match="Input/output error"):
            opened.discard()
        assert not opened.writable
        assert opened.holds("general", [1]), "it may"
        synced: list[Path] = []
        patch.setattr(disk, "remove", os.unlink)
        patch.setattr(disk, "sync_folder", synced.append)
        opened.discard()
        assert synced == [tmp_path]
    assert not (tmp_path / NAMES[0]).exists()
    again = Journal(tmp_path)
    again.append([group(1)])
    again.discard()
    assert files(tmp_path) == [b"\n" * SIZE] * 2


def test_another_program_that_replaces_its_file_is_noticed(tmp_path: Path, opened: Journal) -> None:
    opened.append([group(1)])
    for change in (lambda x: x.write_bytes(b""), lambda x: None):
        file = tmp_path / NAMES[0]
        with another_program():
            file.unlink()
        change(file)
        with pytest.raises(OSError, match="replaced|No such file"):
            opened.append([group(3)])
        file.touch()


def test_behind_a_page_that_cannot_be_read_are_later_batches(
    tmp_path: Path, opened: Journal
) -> None:
    for first in (1, 3, 5):
        opened.append([group(first)])
    file = tmp_path / NAMES[0]
    data = bytearray(file.read_bytes())
    data[PAGE + 50] ^= 1
    file.write_bytes(data)
    assert list(groups_of(tmp_path)) == [group(1), group(5)]


def test_an_odd_id_hides_nothing(tmp_path: Path, opened: Journal) -> None:
    odd = Group("general", 'we"i\\rd', 100, [said(1)])
    opened.append([odd, group(2)])
    assert list(groups_of(tmp_path)) == [odd, group(2)]


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / NAMES[1]).mkdir()
    with pytest.raises(disk.Unfit):
        Journal(tmp_path)
    with pytest.raises(disk.Unfit):
        list(groups_of(tmp_path))


@pytest.mark.parametrize("call", ["pwrite", "sync_file", "sync_folder", "pread"])
def test_no_descriptor_is_left_open_where_it_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("what is open can only be asked under Linux")

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(disk, call, fails)
    before = set(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="Input/output error"):
        Journal(tmp_path)
    assert set(os.listdir("/proc/self/fd")) == before
