"""What systems do differently about a file's bytes, and about having them on stable storage."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

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
