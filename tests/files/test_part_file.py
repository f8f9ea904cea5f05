"""Parts of files: how much of them lasts, whatever the disk does."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import pytest

from hub.files import part_file
from hub.files.part_file import PartFile
from hub.store import disk
from tests.windows import has_mode


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "part"


def test_what_comes_is_appended_and_summed_up(path: Path) -> None:
    part = PartFile(path, 0)
    for piece in (b"one ", b"two"):
        part.append(piece)
    assert (part.size, part.synced, part.head(3)) == (7, 0, b"one")
    part.sync()
    assert part.close()
    assert (path.read_bytes(), part.synced) == (b"one two", 7)
    assert part.sum.digest() == hashlib.sha256(b"one two").digest()
    assert has_mode(path, 0o600)


@pytest.mark.parametrize("known", [True, False])
def test_it_goes_on_where_it_was(path: Path, known: bool) -> None:
    path.write_bytes(b"x" * 1000 + b"unknown")
    part = PartFile(path, 1000, hashlib.sha256(b"x" * 1000) if known else None)
    assert (part.size, part.was, path.stat().st_size) == (1000, 1007, 1000)
    part.append(b"y")
    assert part.sum.digest() == hashlib.sha256(b"x" * 1000 + b"y").digest()
    part.sync()
    part.close()


def test_one_that_lost_some_is_as_long_as_it_is(path: Path) -> None:
    path.write_bytes(b"short")
    part = PartFile(path, 1000, hashlib.sha256(b"x" * 1000))
    assert (part.size, part.was) == (5, 5)
    assert part.sum.digest() == hashlib.sha256(b"short").digest()
    part.close()


def test_what_does_not_last_is_cut_off(path: Path) -> None:
    part = PartFile(path, 0)
    part.append(b"lasts")
    part.sync()
    part.append(b" does not")
    assert not part.close()
    assert (path.read_bytes(), part.size) == (b"lasts", 5)


def test_much_is_synced_as_it_comes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_file, "SYNC_BYTES", 10)
    part = PartFile(path, 0)
    part.append(b"x" * 9)
    assert part.synced == 0
    part.append(b"x" * 3)
    assert part.synced == 12
    part.close()


def test_a_full_disk_keeps_nothing_of_a_piece(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = PartFile(path, 0)
    part.append(b"before")
    write = disk.pwrite

    def full(fd: int, data: bytes, at: int) -> None:
        write(fd, data[:3], at)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "pwrite", full)
        with pytest.raises(OSError, match="No space"):
            part.append(b"piece")
    assert path.read_bytes() == b"before"
    part.append(b" and after")
    part.sync()
    assert part.close()
    assert path.read_bytes() == b"before and after"
    assert part.sum.digest() == hashlib.sha256(b"before and after").digest()


def test_what_a_sync_lost_is_not_believed_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux tells only once that a page could not be written."""
    part = PartFile(path, 0)
    part.append(b"lasts")
    part.sync()

    def broken(fd: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    part.append(b" is lost")
    with monkeypatch.context() as patch:
        patch.setattr(disk, "sync_file", broken)
        with pytest.raises(OSError, match="Input/output"):
            part.sync()
    with pytest.raises(OSError, match="Input/output"):
        part.sync()
    assert not part.close()
    assert path.read_bytes() == b"lasts"


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    path.symlink_to(other)
    with pytest.raises(disk.Unfit):
        PartFile(path, 0)
    assert other.read_bytes() == b"mine"
