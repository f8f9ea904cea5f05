"""A disk in a file, whose power can be cut: what was not synced is gone then."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2
"""The file system's log in memory is lost too, as it is when the power fails.

Request and flag are those of linux/fs/ext4/ext4.h, and in fs/xfs/libxfs/xfs_fs.h the same.
"""


class FileSystem(NamedTuple):
    """`least` is the size of the smallest disk, in MiB."""

    make: tuple[str, ...]
    mount: tuple[str, ...]
    least: int


FILE_SYSTEMS = {
    "ext4": FileSystem(("mkfs.ext4", "-q", "-F", "-m", "0"), ("-t", "ext4", "-o", "loop"), 0),
    "ext4 writeback": FileSystem(
        ("mkfs.ext4", "-q", "-F", "-m", "0"), ("-t", "ext4", "-o", "loop,data=writeback"), 0
    ),
    "xfs": FileSystem(("mkfs.xfs", "-q", "-f"), ("-t", "xfs", "-o", "loop,nouuid"), 300),
}
"""ext4 writes data before the size of its file; "writeback" and xfs may leave anything there."""


class NoDisk(Exception):
    """There is no root, there are no loop devices, or there is no such file system."""


class Disk:
    """`path` is where it is mounted. End it with `close`."""

    def __init__(self, folder: Path, megabytes: int, kind: str = "ext4") -> None:
        if os.geteuid():
            raise NoDisk("only root can mount")
        self._kind = FILE_SYSTEMS[kind]
        if shutil.which(self._kind.make[0]) is None:
            raise NoDisk(f"there is no {self._kind.make[0]}")
        folder.mkdir()
        self.path = folder / "mounted"
        self.path.mkdir()
        self._image = folder / "image"
        with self._image.open("wb") as image:
            image.truncate(max(megabytes, self._kind.least) << 20)
        _run(*self._kind.make, self._image)
        self.mount()

    def mount(self) -> None:
        _run("mount", *self._kind.mount, self._image, self.path)

    def remount(self) -> None:
        """Give the power back. Whoever used the disk must have ended.

        What is mounted is a copy: another program's mount namespace may hold on to the first.
        """
        self.unmount()
        before = self._image
        self._image = before.with_name(before.name + "-")
        _run("cp", "--sparse=always", before, self._image)
        before.unlink()
        self.mount()

    def cut(self) -> None:
        """Cut the power: nothing more reaches the disk, and every later write fails with EIO."""
        import fcntl

        fd = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(fd, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(fd)

    def unmount(self) -> None:
        """The system may take a moment to see that who used it has ended."""
        for _ in range(50):
            if _tried("umount", self.path):
                return
            time.sleep(0.1)
        _run("umount", "--lazy", self.path)

    @contextmanager
    def read_only(self, folder: Path) -> Iterator[None]:
        """Let nothing be written into one of its folders for as long as the block takes."""
        _run("mount", "--bind", folder, folder)
        try:
            _run("mount", "-o", "remount,bind,ro", folder)
            yield
        finally:
            _run("umount", "--lazy", folder)

    def close(self) -> None:
        if self.path.is_mount():
            self.unmount()
        self._image.unlink(missing_ok=True)


def _run(*command: str | Path) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise NoDisk(ended.stderr.strip())


def _tried(*command: str | Path) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
