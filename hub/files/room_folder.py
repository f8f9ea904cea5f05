"""The folder of a room's files: ordinary files with readable names.

Waits for the disk. Follows no link, and replaces nothing that is there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterable
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import Final

from hub.files.safe_names import folded, is_plain, numbered
from hub.store import disk

# What systems say of a drive without hard links; of Windows' own answers Python makes EINVAL.
_NO_LINKS: Final = {
    errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV,
    errno.EINVAL,
}  # fmt: skip


class RoomFolder:
    """`path` is the folder, made with its first file; a `private` one is for its owner alone."""

    def __init__(self, path: Path, *, private: bool = False) -> None:
        self.path = disk.extended(path)  # names are long, and there is a room's before them
        self._private = private
        self._taken: set[str] | None = None  # names that are there, folded
        self._numbers: dict[str, int] = {}  # the last number that each name was given, folded
        self._changing = Lock()  # a folder is not removed while a file is put into it

    @property
    def listed(self) -> bool:
        """Whether it is known which names are taken."""
        return self._taken is not None

    def choose(self, name: str, others: Iterable[str] = ()) -> str:
        """The name that the next file of this safe name is to have: with a number if it is taken.

        It is not given again, nor are `others`, which are read where it is not `listed`: a message
        may bear a file that is gone. Raises OSError where the folder cannot be read.
        """
        with self._changing:
            if self._taken is None:
                check_no_link(self.path)
                there = os.listdir(self.path) if self.path.exists() else []
                self._taken = {folded(x) for x in (*there, *others)}
            return self._choose(name, self._taken)

    def _choose(self, name: str, taken: set[str]) -> str:
        key = folded(name)
        number = self._numbers.get(key, 0)
        while True:
            number += 1
            free = name if number == 1 else numbered(name, number)
            if folded(free) not in taken:
                self._numbers[key] = number
                taken.add(folded(free))
                return free

    def place(self, part: Path, name: str) -> None:
        """Move a file, which lasts, into the folder, on stable storage.

        Raises FileExistsError where somebody else has taken the name, and OSError.
        """
        with self._changing:
            try:
                self._place(part, name)
            except FileExistsError:
                raise
            except OSError:  # nobody knows which names are taken now
                self._taken = None
                self._numbers.clear()
                raise

    def _place(self, part: Path, name: str) -> None:
        there = os.lstat(part)
        check_no_link(self.path)
        made = not self.path.exists()
        if made:
            self.path.mkdir(0o700 if self._private else 0o777)
        if there.st_nlink == 1:  # else it is another room's file as well
            os.chmod(part, self.path.stat().st_mode & 0o666 | 0o600)
        to = self.path / name
        linked = _link(part, to)
        try:
            disk.sync_folder(self.path)
            if made:
                disk.sync_folder(self.path.parent)
        except OSError:
            with contextlib.suppress(OSError):
                disk.remove(to) if linked else disk.replace(to, part)
            raise
        # Only now, as a power cut may keep this and not that. A start removes one that is left.
        with contextlib.suppress(OSError):
            disk.remove(part)

    def adopt(self, name: str, wanted: str, others: Iterable[str]) -> str:
        """Have a file that somebody put here last under the safe name `wanted`, or that with a
        number where it is one of `others`, which messages bear; gives the name.

        One that is called so already keeps its name, and is not moved. Raises OSError.
        """
        others = [*others]
        if folded(wanted) not in {folded(x) for x in others}:
            with self._changing, contextlib.suppress(FileExistsError):
                check_no_link(self.path)
                self._move(name, wanted)
                if self._taken is not None:
                    self._taken.add(folded(wanted))
                return wanted
        while True:
            free = self.choose(wanted, others)
            with self._changing, contextlib.suppress(FileExistsError):
                self._move(name, free)
                return free

    def _move(self, name: str, to: str) -> None:
        """Raises FileExistsError where another file has the name `to`, on some system."""
        if name != to and not self._is_second(name, to):
            path, new = self.path / name, self.path / to
            if _is_one(path, new) or _link(path, new):
                self._drop(name, to)
        disk.sync_folder(self.path)

    def _is_second(self, name: str, to: str) -> bool:
        """Whether the system takes one name in both writings. Raises FileExistsError as above."""
        alike = [x for x in os.listdir(self.path) if x != name and folded(x) == folded(to)]
        one = _is_one(self.path / name, self.path / to)
        if alike and not (one and alike == [to]):
            raise FileExistsError(errno.EEXIST, "another file has this name", to)
        return one and not alike

    def _drop(self, name: str, kept: str) -> None:
        """Take one of a file's two names away; where that fails, the other. Raises OSError."""
        try:
            disk.remove(self.path / name)
        except OSError:
            with contextlib.suppress(OSError):
                disk.remove(self.path / kept)
            raise

    def has(self, part: Path, name: str) -> bool:
        """Whether a file, of which this was the part, is under this name.

        It lasts there then, and a part that is there as well is removed. Raises OSError.
        """
        check_no_link(self.path)
        to = self.path / name
        if not to.is_file() or disk.is_link(to):
            return False
        if os.path.lexists(part) and not os.path.samefile(part, to):
            return False
        disk.sync_folder(self.path)
        disk.sync_folder(self.path.parent)
        disk.remove(part)
        return True

    def open(self, name: str) -> int:
        """Open a file to be read; gives its descriptor. Raises OSError: Unfit for a link."""
        check_no_link(self.path)
        if not is_plain(name):  # a history that somebody else wrote may hold any
            raise disk.Unfit(errno.EINVAL, "no file can be called so", name)
        return disk.open_file(self.path / name, os.O_RDONLY)

    def open_whole(self, name: str, size: int) -> FileIO:
        """Open a file that has to have so many bytes. Raises OSError where it has others."""
        file = FileIO(self.open(name))
        if os.fstat(file.fileno()).st_size != size:
            file.close()
            raise FileNotFoundError(errno.ENOENT, "it has another size", name)
        return file

    def is_whole(self, name: str, size: int) -> bool:
        """Whether there is a file of this name, and no link, that has so many bytes."""
        try:
            there = os.lstat(self.path / name)
            sound = stat.S_ISREG(there.st_mode) and not disk.is_link(self.path)
        except OSError:
            return False
        return sound and there.st_size == size

    def copy(self, name: str, to: Path, size: int) -> None:
        """Have the same file under another path too, or a copy of it, which lasts.

        Raises FileNotFoundError where it is gone, or has another size, and OSError.
        """
        with self.open_whole(name, size) as file:
            try:
                os.link(self.path / name, to, follow_symlinks=False)
                return
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
            try:
                with open(to, "xb") as copied:
                    shutil.copyfileobj(file, copied, disk.BLOCK)
                    copied.flush()
                    disk.sync_file(copied.fileno())
            except BaseException:
                with contextlib.suppress(OSError):
                    disk.remove(to)
                raise

    def remove(self, name: str) -> int:
        """Take a file away if it is there, and the folder if it was the last.

        Gives how many bytes it had. Its name is given to no other file before `free`. Raises
        OSError.
        """
        with self._changing:
            there = self._is_there() and is_plain(name)
            return self._remove(self.path / name) if there else 0

    def free(self, name: str) -> None:
        """The name of a file that was removed may be given again."""
        with self._changing:
            if self._taken is not None:
                self._taken.discard(folded(name))
            self._numbers.clear()

    def _remove(self, path: Path) -> int:
        size = path.lstat().st_size if os.path.lexists(path) else 0
        disk.remove(path)
        disk.sync_folder(self.path)
        with contextlib.suppress(OSError):
            os.rmdir(self.path)
        return size

    def _is_there(self) -> bool:
        return self.path.is_dir() and not disk.is_link(self.path)


def rooms_in(files: Path) -> list[str]:
    """What the folder of all rooms' files has, in order; nothing if it is gone. Raises OSError."""
    try:
        return sorted(os.listdir(files))
    except FileNotFoundError:
        return []


def check_no_link(folder: Path) -> None:
    """Raises Unfit where a link is in a folder's place: it may lead anywhere."""
    if disk.is_link(folder):
        raise disk.Unfit(errno.EINVAL, "it is a link, and Hearth follows none", str(folder))


def _is_one(path: Path, other: Path) -> bool:
    """Whether both are there, and one file."""
    try:
        return os.path.samestat(path.lstat(), other.lstat())
    except FileNotFoundError:
        return False


def make_own(folder: Path) -> None:
    """Make a folder for this user alone if it is missing. Raises OSError: Unfit for a link."""
    check_no_link(folder)
    folder.mkdir(0o700, exist_ok=True)


def _link(part: Path, to: Path) -> bool:
    """Give a file a second name, which is free; False where it has only that name then.

    Raises FileExistsError, OSError.
    """
    try:
        os.link(part, to)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A drive without links: the name is taken first, as to move would replace what is there.
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            disk.replace(part, to)
        except OSError:
            disk.remove(to)
            raise
        return False
    return True
