"""The file of a ledger, appended to by one thread and written anew beside it by another."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Final
from zlib import crc32

from hub.keys import Keys
from hub.store import disk
from hub.store.ledger_lines import BLOCK, Found, head, header, lines_of, read

log = logging.getLogger(__name__)

GROWTH: Final = 1 << 17
"""The file ends at a multiple of so many bytes, with newlines that are written over."""

SLICE: Final = 128
"""Keys that are encoded at a time, for some tenths of a millisecond."""

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Stopped(Exception):
    """Writing all anew was ended before it was done."""


class LedgerFile:
    """The file of a ledger that was read, or made: by `opened` or `created`.

    `append` and `adopt` are called by one thread, the writer's; `write_beside` by any other, one at
    a time. Where it is not `sound`, what was told to be saved may not last, or not be found again:
    it is not appended to until it was written anew.
    """

    def __init__(self, path: Path, size: int, batch: int, whole: int, *, sound: bool = True):
        self.path = path
        self.size = size  # of what it holds
        self._whole = whole  # with what is not used yet
        self.sound = sound
        self.stopping = False
        self._batch = batch
        self._fd = -1
        self._identity: os.stat_result | None = None
        self._new = _beside(path)
        self._new_size = self._new_batch = 0

    def write_whole(self, keys: Keys) -> None:
        """Write all keys anew, on stable storage. Raises OSError."""
        self.write_beside(lines_of(keys, some) for some in keys.in_slices(SLICE))
        self.adopt(b"")

    def append(self, lines: bytes) -> None:
        """Save a batch of lines, on stable storage. Raises OSError."""
        data = head(self._batch + 1) + lines
        fd = self._open()
        end = self.size + len(data)
        room = b"" if end <= self._whole else b"\n" * (GROWTH - end % GROWTH)
        whole = max(self._whole, end + len(room))
        try:
            disk.pwrite(fd, data + room, self.size)
        except OSError as error:
            whole = os.fstat(fd).st_size
            if not room or whole < end or error.errno not in _FULL:
                self._cut_back(fd, error)
                raise
        try:
            disk.sync_file(fd)
        except OSError:  # the system may have dropped what it could not write
            self.sound = False
            raise
        self.size = end
        self._whole = whole
        self._batch += 1

    def write_beside(self, slices: Iterable[bytes]) -> None:
        """Write lines of all keys to a new file beside it. Raises OSError, Stopped."""
        disk.remove(self._new)
        fd = disk.open_file(self._new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            try:
                size = batch = 0
                for lines in chain([header()], slices):
                    if self.stopping:
                        raise Stopped
                    batch += 1
                    data = lines + head(batch)
                    disk.pwrite(fd, data, size)
                    size += len(data)
                disk.sync_file(fd)
                self._new_size, self._new_batch = size, batch
            finally:
                os.close(fd)
        except BaseException:
            disk.remove(self._new)
            raise

    def adopt(self, lines: bytes) -> None:
        """Take the new file in place of the old one, once it has these lines too. Raises OSError.

        They are those of all changes since the new one was begun.
        """
        try:
            fd = disk.open_file(self._new, os.O_WRONLY)
            try:
                data = head(self._new_batch + 1) + lines
                disk.pwrite(fd, data, self._new_size)
                disk.sync_file(fd)
                identity = os.fstat(fd)
            finally:
                os.close(fd)
            self._close()  # Windows replaces nothing that is open
            disk.replace(self._new, self.path)
        except BaseException:
            disk.remove(self._new)
            raise
        self._identity = identity
        self.size = self._whole = self._new_size + len(data)
        self._batch = self._new_batch + 1
        self.sound = False  # until its name is on stable storage
        disk.sync_folder(self.path.parent)
        self.sound = True

    def close(self) -> None:
        """Close it. Where it is sound, heads show that what is before them was saved.

        There are two, as one may be damaged together with the end of the last line. Each is saved
        on its own: the second alone would show that the first was lost.
        """
        try:
            if self.sound:
                self.append(b"")
                self.append(b"")
                os.ftruncate(self._open(), self.size)
                self._whole = self.size
        finally:
            self._close()

    def _open(self) -> int:
        """Its descriptor. Raises OSError, also where it is not as it was left."""
        try:
            if self._fd < 0:
                self._fd = disk.open_file(self.path, os.O_RDWR)
                if self._identity is None:
                    self._identity = os.fstat(self._fd)
            there = os.lstat(self.path)
            assert self._identity is not None
            if there.st_size == self._whole and os.path.samestat(there, self._identity):
                return self._fd
        except FileNotFoundError:
            pass
        except OSError as error:
            self.sound = self.sound and error.errno in disk.NONE_LEFT
            raise
        self.sound = False
        raise OSError(errno.ESTALE, f"another program changed or removed {self.path.name}")

    def _cut_back(self, fd: int, error: OSError) -> None:
        """Take off the file what a failed write may have left."""
        try:
            os.ftruncate(fd, self.size)
            self._whole = self.size
            self.sound = error.errno in _FULL
        except OSError:
            self.sound = False

    def _close(self) -> None:
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)


def created(path: Path, keys: Keys) -> LedgerFile:
    """Make a ledger's file that holds these keys, on stable storage. Raises OSError."""
    lines = [lines_of(keys, some) for some in keys.in_slices(SLICE)]
    data = b"".join((header(), *lines, head(1)))
    disk.write_atomically(path, data)
    return LedgerFile(path, len(data), 1, len(data))


def opened(path: Path, aside: Path) -> tuple[LedgerFile, Found]:
    """Open a ledger's file and read it, after a crash too.

    A torn end is cut off and kept in the folder `aside`; a damaged file is copied there, and is not
    sound. Raises Newer, and OSError: FileNotFoundError where there is none.
    """
    fd = disk.open_file(path, os.O_RDWR)
    try:
        found = read(fd, path.name)
        size = os.fstat(fd).st_size
        damaged = bool(found.damage.places)
        if damaged:
            _keep(path, fd, 0, size, aside)
        elif found.size < found.end:
            _keep(path, fd, found.size, found.end, aside)
            os.ftruncate(fd, found.size)
            disk.sync_file(fd)
            size = found.size
    finally:
        os.close(fd)
    disk.remove(_beside(path))
    return LedgerFile(path, found.size, found.batch, size, sound=not damaged), found


def _keep(path: Path, fd: int, start: int, end: int, aside: Path) -> None:
    """Copy a part of the file, in a file whose name comes from it: once, however often."""
    checksum, where = 0, start
    while where < end and (block := disk.pread(fd, min(BLOCK, end - where), where)):
        checksum = crc32(block, checksum)
        where += len(block)
    what = "damaged" if start == 0 else "torn"
    kept = aside / f"{path.stem}-{start}-{checksum:08x}.{what}"
    disk.remove(kept)  # an earlier start may have been cut off in it
    disk.copy_part(kept, fd, start, end)
    log.error("%s is %s; %d bytes of it are kept as %s", path.name, what, end - start, kept.name)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")
