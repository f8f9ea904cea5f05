"""A bounded number of open descriptors for the files of any number of rooms.

A file is opened when it is used, and the least recently used one is closed for it (LRU).
"""

from __future__ import annotations

import errno
import os
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import Final

from hub.store import disk

MOST: Final = 900
"""Files that are open at a time where the system has enough descriptors."""


class Replaced(OSError):
    """A file is no longer the one that it was when it was closed."""


class Files:
    """Shared by all rooms of a hub, on any thread. About `most` files are open at once."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.lock = RLock()
        self.opened: OrderedDict[File, None] = OrderedDict()
        """Those that are open, the least recently used one first."""

    def open(self, path: Path, flags: int, mode: int = 0o644) -> int:
        """Open a file as disk.open_file does, and close others where too many are open."""
        with self.lock:
            while len(self.opened) >= self.most and self._close_one():
                pass
            while True:
                try:
                    return disk.open_file(path, flags, mode)
                except OSError as error:
                    if error.errno not in disk.NONE_LEFT or not self._close_one():
                        raise

    def free(self, number: int) -> None:
        """Close up to `number` files that are not in use, to free their descriptors."""
        with self.lock:
            while number > 0 and self._close_one():
                number -= 1

    def _close_one(self) -> bool:
        """Close the least recently used file; False where all are in use."""
        for file in self.opened:
            if file.idle:
                file.suspend()
                return True
        return False


class File:
    """A file whose descriptor is open while it is used: `with file as fd`. Made with one.

    `size` gives what the file has at least: a shorter one, or another one of that name, is not
    opened again, and Replaced is raised. Raises OSError too where it cannot be opened.
    """

    def __init__(
        self, files: Files, path: Path, fd: int, flags: int, size: Callable[[], int]
    ) -> None:
        self.writes = self.synced = 0
        """A count that every write moves, and what it was when the last sync began."""
        self.identity = os.fstat(fd)
        """By which os.path.samestat knows it again."""
        self._files = files
        self._lock, self._opened = files.lock, files.opened
        self._path = path
        self._fd = fd
        self._flags = flags
        self._size = size
        self._users = 0
        self._ended = False
        with self._lock:
            self._opened[self] = None

    @property
    def idle(self) -> bool:
        return not self._users and not self.unsynced

    @property
    def unsynced(self) -> bool:
        """Whether writes are not synced: only the same descriptor reports their errors."""
        return self.writes != self.synced

    @property
    def suspended(self) -> bool:
        """Whether its descriptor is closed until the next use."""
        return self._fd < 0

    def __enter__(self) -> int:
        with self._lock:
            if self._fd < 0 or self._ended:
                self._fd = self._reopen()
                self._opened[self] = None
            else:
                self._opened.move_to_end(self)
            self._users += 1
            return self._fd

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._users -= 1
            if self._ended and not self._users:
                self.suspend()

    def _reopen(self) -> int:
        if self._ended:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        try:
            fd = self._files.open(self._path, self._flags)
        except (FileNotFoundError, disk.Unfit) as error:
            raise self._replaced() from error
        there = os.fstat(fd)
        if not os.path.samestat(there, self.identity) or there.st_size < self._size():
            os.close(fd)
            raise self._replaced()
        return fd

    def _replaced(self) -> Replaced:
        return Replaced(
            errno.ESTALE, f"another program replaced or removed {self._path.name}", str(self._path)
        )

    def suspend(self) -> None:
        """Close the descriptor until the next use."""
        with self._lock:
            if self._fd >= 0:
                fd, self._fd = self._fd, -1
                self._opened.pop(self, None)
                os.close(fd)

    def suspend_idle(self) -> bool:
        """Close the descriptor until the next use; False where it is in use or to be synced."""
        with self._lock:
            if not self.idle:
                return False
            self.suspend()
            return True

    def close(self) -> None:
        """Close it for good, as soon as nobody uses it any more."""
        with self._lock:
            self._ended = True
            if not self._users:
                self.suspend()
