"""How much room there is for files: for one, for all of them, and what the disk keeps free."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from hub.errors import Refused

FREE_SHARE: Final = 10
"""One part of so many of the disk stays free,"""
FREE_BYTES: Final = 10 << 30
"""but no more than these bytes."""


class Space:
    """`file_bytes` and `files_bytes` are the settings, 0 for no limit; `folder` holds the files.

    `used` is how many bytes they have by now, and `counted` when those were counted that were
    there, in seconds since 1970. What is expected is counted before it comes.
    """

    def __init__(self, folder: Path, file_bytes: int, files_bytes: int) -> None:
        self.used = 0
        self.counted = 0.0
        self._folder = folder
        self._file_bytes = file_bytes
        self._files_bytes = files_bytes
        self._expected = 0

    @property
    def most(self) -> int:
        """How many bytes all files may have, 0 for no limit."""
        return self._files_bytes

    @property
    def each(self) -> int:
        """How many bytes one file may have, 0 for no limit."""
        return self._file_bytes

    def on_disk(self) -> tuple[int, int] | None:
        """How many bytes of the disk are free, and how many of these are to stay so.

        None where nobody knows.
        """
        try:
            disk = shutil.disk_usage(self._folder)
        except OSError:
            return None
        return disk.free, min(disk.total // FREE_SHARE, FREE_BYTES)

    def found(self, size: int, since: float) -> None:
        """A file of so many bytes has been there since then: now it is counted, if it came later
        than what was counted.
        """
        if since > self.counted:
            self.used += size

    def check_size(self, size: int) -> None:
        """Raises Refused (413) for a file that is larger than one may be."""
        if self._file_bytes and size > self._file_bytes:
            most = _told(self._file_bytes)
            raise Refused("file_too_large", f"A file can have at most {most} here.", 413)

    def expect(self, size: int) -> None:
        """Keep room for so many bytes. Raises Refused (507) where there is not so much."""
        self.check_room(size)
        self._expected += size

    def check_room(self, size: int) -> None:
        """Raises Refused (507) where there is no room for so many bytes."""
        wanted = self._expected + size
        if self._files_bytes and self.used + wanted > self._files_bytes:
            raise Refused(
                "files_full", "There is no room for more files here. Ask the host for it.", 507
            )
        there = self.on_disk()  # where nobody knows, to write tells more
        if there is not None and there[0] - wanted < there[1]:
            raise Refused("disk_full", "The disk of this Hearth is too full for this file.", 507)

    def came(self, size: int) -> None:
        """So many of the bytes that are expected are on the disk."""
        self._expected -= size
        self.used += size

    def release(self, size: int) -> None:
        """So many of the bytes that are expected do not come."""
        self._expected -= size

    def removed(self, size: int) -> None:
        """So many bytes are on the disk no more."""
        self.used = max(0, self.used - size)


def bytes_in(folder: Path) -> int:
    """How many bytes the files in a folder and in those below have; what cannot be read has none.

    Waits for the disk.
    """
    size = 0
    left = [os.fspath(folder)]
    while left:
        try:
            with os.scandir(left.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        left.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        size += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    return size


def _told(size: int) -> str:
    """A size in the unit in which people know it."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if size < 1024 or unit == "GiB":
            break
        size /= 1024  # type: ignore[assignment]
    return f"{size:.4g} {unit}"
