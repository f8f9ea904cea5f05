"""The lock of the hub's folder, between two holders in one process."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from hub import folder_lock
from hub.folder_lock import FolderLock
from tests.windows import open_files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def acquire(file: Path) -> FolderLock | None:
    return FolderLock.acquire(os.open(file, os.O_RDWR | os.O_CREAT), file.parent)


def test_one_holder_at_a_time(file: Path) -> None:
    first = acquire(file)
    assert first is not None
    assert acquire(file) is None
    first.release()
    second = acquire(file)
    assert second is not None
    second.release()


@pytest.mark.skipif(os.name != "nt", reason="how Windows tells it, and Wine")
@pytest.mark.parametrize(
    ("number", "held"), [(errno.EACCES, True), (0, True), (errno.EINVAL, False)]
)
def test_why_a_lock_is_not_given(
    file: Path, monkeypatch: pytest.MonkeyPatch, number: int, held: bool
) -> None:
    def locking(fd: int, mode: int, count: int) -> None:
        raise OSError(number, "Error")

    monkeypatch.setattr(folder_lock.msvcrt, "locking", locking)
    if held:
        assert acquire(file) is None
    else:
        with pytest.raises(OSError, match="Error"):
            acquire(file)


def opened(file: Path) -> list[str]:
    """What this process has open in the folder."""
    return [x for x in open_files() if x.startswith(str(file.parent))]


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no open file")
def test_a_deleted_lock_file_does_not_let_a_second_holder_in(file: Path) -> None:
    first = acquire(file)
    assert first is not None
    file.unlink()
    assert acquire(file) is None
    first.release()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="does not show what is open")
def test_a_drive_whose_folders_cannot_be_locked(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of NFS: the lock of the file has to do."""
    real = folder_lock.fcntl.flock

    def flock(fd: int, operation: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{fd}"):
            raise OSError(errno.EBADF, "Bad file descriptor")
        real(fd, operation)

    monkeypatch.setattr(folder_lock.fcntl, "flock", flock)
    first = acquire(file)
    assert first is not None
    assert acquire(file) is None
    assert opened(file) == [str(file)]
    first.release()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="does not show what is open")
def test_no_descriptor_is_left_open(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = acquire(file)
    assert first is not None
    assert sorted(opened(file)) == [str(file.parent), str(file)]
    assert acquire(file) is None
    file.unlink()
    assert acquire(file) is None
    assert len(opened(file)) == 2
    first.release()
    assert opened(file) == []

    def refuse(fd: int) -> bool:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(folder_lock, "_lock_file", refuse)
    with pytest.raises(OSError, match="No locks available"):
        acquire(file)
    assert opened(file) == []
