"""A file of which only a part has come: appended to, summed up, made to last.

All of it waits for the disk: one thread at a time calls it, and not the event loop's.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from pathlib import Path
from typing import Final

from hub.store import disk

BLOCK_BYTES: Final = 1 << 18
"""Bytes that are read at a time to be summed up."""
SYNC_BYTES: Final = 1 << 24
"""Bytes after which what came is made to last, so that a power cut costs no more than that."""


class PartFile:
    """`size` is how many bytes it has, `synced` how many of them last, and `was` how many there
    were before it was opened.

    `sum` is SHA-256 of all of them; it may be given where it is known from before.
    """

    def __init__(self, path: Path, size: int, sum_: hashlib._Hash | None = None) -> None:
        """Open the file, made if it is missing, and cut it to `size` bytes. Raises OSError.

        One that has fewer is as long as it is.
        """
        self.path = path
        self._fd = disk.open_file(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            there = os.fstat(self._fd).st_size
            if there > size:
                os.ftruncate(self._fd, size)
            self.was, self._lost = there, False
            self.size = self.synced = min(there, size)
            if sum_ is None or there < size:
                sum_ = hashlib.sha256()
                for at in range(0, self.size, BLOCK_BYTES):
                    sum_.update(disk.pread(self._fd, min(BLOCK_BYTES, self.size - at), at))
            self.sum: hashlib._Hash = sum_
        except BaseException:
            os.close(self._fd)
            raise

    def append(self, data: bytes) -> None:
        """Write more behind what is there. Raises OSError; then nothing of it lasts."""
        try:
            disk.pwrite(self._fd, data, self.size)
        except OSError:
            with contextlib.suppress(OSError):  # it is cut when it is opened again
                os.ftruncate(self._fd, self.size)
            raise
        self.sum.update(data)
        self.size += len(data)
        if self.size - self.synced >= SYNC_BYTES:
            self.sync()

    def sync(self) -> None:
        """Wait until all of it is on stable storage.

        Raises OSError; then it never is, as a system tells only once that it lost something.
        """
        if self._lost:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if self.size > self.synced or not self.size:
            try:
                disk.sync_file(self._fd)
            except OSError:
                self._lost = True
                raise
            self.synced = self.size

    def head(self, most: int) -> bytes:
        """Its first bytes."""
        return disk.pread(self._fd, most, 0)

    def close(self) -> bool:
        """Close it, with no more than what lasts; gives whether that is all of it."""
        whole = self.size == self.synced
        try:
            if not whole:
                self.size = self.synced
                with contextlib.suppress(OSError):  # it is cut when it is opened again
                    os.ftruncate(self._fd, self.size)
        finally:
            os.close(self._fd)
        return whole
