"""Locks a folder for one process, in a way that ends with the process however that ends."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FolderLock:
    """A lock that is held, by the descriptors that hold it, until `release`."""

    def __init__(self, file: int, folder: int) -> None:
        self._file = file
        self._folder = folder

    @classmethod
    def acquire(cls, file: int, folder: Path) -> FolderLock | None:
        """Lock `folder` by its lock file; None where another process holds it.

        `file` is the descriptor of the lock file, which this takes over. Raises OSError where the
        drive has no locks.
        """
        try:
            # The lock file may be deleted while it is locked, and the next start would make a new
            # one; so the folder itself is locked too.
            also = _lock_folder(folder) if _lock_file(file) else None
        except OSError:
            os.close(file)
            raise
        if also is None:
            os.close(file)
            return None
        return cls(file, also)

    def release(self) -> None:
        """Unlock the folder; called once."""
        _unlock_file(self._file)
        os.close(self._file)
        if self._folder >= 0:
            os.close(self._folder)


if sys.platform == "win32":
    _HELD = {errno.EACCES, 0}  # Windows says EACCES; Wine's C library fails and sets no number

    def _lock_file(fd: int) -> bool:
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno not in _HELD:
                raise
            return False
        return True

    def _unlock_file(fd: int) -> None:
        """Unlock, because Windows does so only some time after the file was closed."""
        os.lseek(fd, 0, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)

    def _lock_folder(path: Path) -> int | None:
        """Do nothing: an open file cannot be deleted."""
        return -1

else:

    def _lock_file(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock_file(fd: int) -> None:
        """Do nothing: the lock ends with the descriptor."""

    def _lock_folder(path: Path) -> int | None:
        """Return a descriptor that locks the folder, -1 where folders have no locks.

        None means that another process holds it.
        """
        fd = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return None
        except OSError:  # NFS locks no folders
            os.close(fd)
            return -1
        return fd
