"""What systems do differently about a file's bytes, and about having them on stable storage."""

from __future__ import annotations

import contextlib
import errno
import ntpath
import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

TRIES: Final = 20
"""How often Windows is asked again, 0.05 s apart, for a file that somebody else reads."""

if sys.platform == "darwin":
    import fcntl

    def sync_file(fd: int) -> None:
        """Wait until the file is on stable storage; macOS's fsync leaves it in the drive's cache.

        Drives that cannot be told to flush (network shares, exFAT) have fsync and no more.
        Raises OSError where the data could not be written.
        """
        try:
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
        except OSError as error:
            if error.errno in (errno.EIO, errno.ENOSPC, errno.EDQUOT):
                raise
            os.fsync(fd)

elif hasattr(os, "fdatasync"):
    sync_file = os.fdatasync
else:
    sync_file = os.fsync


def sync_read(fd: int) -> None:
    """Wait until a file that is open to be read is on stable storage.

    Windows does that for whoever may write it alone, and whoever wrote it has closed it by then.
    Raises OSError.
    """
    if os.name != "nt":
        sync_file(fd)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on stable storage; Windows has no such call."""
    if os.name == "nt":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def extended(path: Path) -> Path:
    """An absolute path as Windows takes it with more than 260 characters; elsewhere as it is."""
    return Path(extended_name(str(path))) if os.name == "nt" and path.is_absolute() else path


def extended_name(path: str) -> str:
    """The same in text: behind the prefix there is no '.', '..' or '/', which would mean names."""
    path = ntpath.normpath(path)
    if path.startswith("\\\\?\\"):
        return path
    return "\\\\?\\UNC" + path[1:] if path.startswith("\\\\") else "\\\\?\\" + path


class Unfit(OSError):
    """A file that Hearth neither reads nor writes: a link, no regular file, or far too large."""


NONE_LEFT: Final = {errno.EMFILE, errno.ENFILE}
"""What the system says where no descriptor is left."""
BLOCK: Final = 1 << 18
"""How many bytes are copied at a time."""

_sees_links = hasattr(os, "O_NOFOLLOW")
_SAFELY: Final = sum(
    getattr(os, flag, 0)
    for flag in ("O_BINARY", "O_CLOEXEC", "O_NOINHERIT", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY")
)


def open_file(path: Path, flags: int, mode: int = 0o644) -> int:
    """Open a regular file as the bytes that it is, for this program alone; gives its descriptor.

    Never follows a link in the place of the file, and never waits, as opening a pipe would.
    Raises Unfit, before anything is opened, for what is not a regular file.
    """
    there = None
    try:
        there = os.lstat(path)
    except FileNotFoundError:
        pass
    if there is not None:
        check_regular(path, there)
    try:
        fd = os.open(path, flags | _SAFELY, mode)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):  # it became a link just now
            raise _unfit(path, _LINK) from error
        raise
    try:
        opened = os.fstat(fd)
        check_regular(path, opened)
        if there is not None and not _sees_links and not os.path.samestat(there, opened):
            raise _unfit(path, _LINK)
    except BaseException:
        os.close(fd)
        raise
    return fd


def replace(new: Path, path: Path) -> None:
    """Put the new file in the place of the old one."""
    _patiently(lambda: os.replace(new, path))


def write_atomically(path: Path, data: bytes, mode: int = 0o600, *, synced: bool = True) -> None:
    """Replace a file such that it holds either all of the old or all of the new, on stable storage.

    Not `synced`, nobody waits for the disk, and a power cut may leave anything there. Only one
    thread may write a given file. Raises OSError, and the old file is then unchanged.
    """
    new = path.with_name(f".{path.name}.new")
    remove(new)
    fd = open_file(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            if synced:
                sync_file(file.fileno())
        replace(new, path)
    except BaseException:
        remove(new)
        raise
    if synced:
        sync_folder(path.parent)


def append(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Add bytes to the end of a file, made if it is missing; they are on stable storage then.

    Raises OSError, and some of the bytes may be in the file nevertheless.
    """
    new = not path.exists()
    fd = open_file(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, mode)
    with os.fdopen(fd, "ab", buffering=0) as file:
        while data:
            data = data[file.write(data) or 0 :]
        sync_file(fd)
    if new:
        sync_folder(path.parent)


def remove(path: Path) -> None:
    """Take a file's name away, if it is there. On Windows this program must not hold it open."""
    with contextlib.suppress(FileNotFoundError):
        _patiently(lambda: os.unlink(path))


def _patiently(step: Callable[[], None]) -> None:
    """Windows refuses to move a file while anybody reads it, a virus scanner for one."""
    for _ in range(TRIES if sys.platform == "win32" else 0):
        with contextlib.suppress(PermissionError):
            return step()
        time.sleep(0.05)
    return step()


def read_file(path: Path, most: int) -> bytes:
    """All of a regular file. Raises OSError, of which Unfit where it has more than `most` bytes."""
    with open(open_file(path, os.O_RDONLY), "rb") as file:
        # Not by `read(most + 1)`: Windows touches all of a buffer, however little comes into it.
        if os.fstat(file.fileno()).st_size <= most:
            data = file.read()
            if len(data) <= most:
                return data
    raise _unfit(path, f"it is larger than {most >> 10:,} KiB")


_LINK: Final = "it is a link, and Hearth follows none"


def check_regular(path: Path, there: os.stat_result) -> None:
    """Raises Unfit where what is there, as lstat tells, is a link or no file."""
    if stat.S_ISLNK(there.st_mode):
        raise _unfit(path, _LINK)
    if not stat.S_ISREG(there.st_mode):
        what = "a folder" if stat.S_ISDIR(there.st_mode) else "a pipe or a device"
        raise _unfit(path, f"it is not a file but {what}")


def _unfit(path: Path, why: str) -> Unfit:
    return Unfit(errno.EINVAL, why, str(path))


def is_link(path: Path) -> bool:
    """Whether there is a link in the place of a file or folder; under Windows a junction too."""
    try:
        there = os.lstat(path)
    except OSError:
        return False
    junction = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)
    return stat.S_ISLNK(there.st_mode) or (
        junction is not None and getattr(there, "st_reparse_tag", 0) == junction
    )


def data_from(fd: int, where: int) -> int:
    """Where at or after `where` a file holds data again; `where` where the system cannot tell."""
    if hasattr(os, "SEEK_DATA"):
        try:
            return os.lseek(fd, where, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # there is nothing but a hole up to the end
                return max(where, os.fstat(fd).st_size)
    return where


def copy_part(path: Path, fd: int, start: int, end: int, mode: int = 0o600) -> None:
    """Copy a part of an open file into a file that is not there yet, and make its folder.

    It is on stable storage then; what is nothing but NULs takes no room there.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(open_file(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        where = start
        while where < end and (block := pread(fd, min(BLOCK, end - where), where)):
            if block.strip(b"\0"):
                file.seek(where - start)
                file.write(block)
                where += len(block)
            else:
                where = max(where + len(block), data_from(fd, where + len(block)))
        file.truncate(min(where, end) - start)
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
