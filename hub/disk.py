"""What systems do differently about a file's bytes, and about having them on stable storage."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

TRIES: Final = 20
"""How often Windows is asked again, 0.05 s apart, for a file that somebody else reads."""

if sys.platform == "darwin":
    import fcntl

    def sync_file(fd: int) -> None:
        """Wait until the file is on stable storage (macOS's fsync leaves it in the drive)."""
        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)

elif hasattr(os, "fdatasync"):
    sync_file = os.fdatasync
else:
    sync_file = os.fsync


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on stable storage; Windows has no such call."""
    if os.name == "nt":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def open_file(path: Path, flags: int, mode: int = 0o644) -> int:
    """Open a file as the bytes that it is, for this program alone; gives its descriptor."""
    return os.open(path, flags | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0), mode)


def replace(new: Path, path: Path) -> None:
    """Put the new file in the place of the old one."""
    _patiently(lambda: os.replace(new, path))


def remove(path: Path) -> None:
    """Take a file's name away, if it is there. On Windows this program must not hold it open."""
    with contextlib.suppress(FileNotFoundError):
        _patiently(lambda: os.unlink(path))


def let_go(fd: int) -> None:
    """Close the file behind a descriptor, and keep the descriptor, which reads as empty then.

    Another thread may still read by it, and must not come upon the next file that is opened.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        os.dup2(nothing, fd, inheritable=False)
    finally:
        os.close(nothing)


def _patiently(step: Callable[[], None]) -> None:
    """Windows refuses to move a file while anybody reads it, a virus scanner for one."""
    for _ in range(TRIES if sys.platform == "win32" else 0):
        with contextlib.suppress(PermissionError):
            return step()
        time.sleep(0.05)
    return step()


def keep(path: Path, blocks: Iterable[bytes]) -> None:
    """Make a file that is not there yet, and its folder; it is on stable storage then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb") as file:
        file.writelines(blocks)
        file.flush()
        sync_file(file.fileno())
    sync_folder(path.parent)


if sys.platform != "win32":
    pread = os.pread

    def pwrite(fd: int, data: bytes, offset: int) -> None:
        """Write all of `data` at a place in the file."""
        while data:
            done = os.pwrite(fd, data, offset)
            data = data[done:]
            offset += done

else:  # Windows has no positioned reads and writes; one lock keeps the two steps together
    from threading import Lock

    _seeking = Lock()

    def pread(fd: int, length: int, offset: int) -> bytes:
        with _seeking:
            os.lseek(fd, offset, os.SEEK_SET)
            return os.read(fd, length)

    def pwrite(fd: int, data: bytes, offset: int) -> None:
        with _seeking:
            os.lseek(fd, offset, os.SEEK_SET)
            while data:
                data = data[os.write(fd, data) :]
