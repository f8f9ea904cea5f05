"""Reads a file that somebody put into a room's folder by hand: what it is, and if it stays so.

Waits for the disk, but for `reading` and `keeping`, which do that on threads. Follows no link.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import unicodedata
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from hub.errors import Refused
from hub.files.change_time import change_time_ns
from hub.files.kinds import media_type
from hub.files.picture_size import HEAD_BYTES, shown_size
from hub.files.receiving import not_kept
from hub.files.room_folder import RoomFolder, check_no_link
from hub.files.safe_names import folded, safe_name
from hub.protocol.sent_file import SentFile
from hub.store import disk

STEP_BYTES: Final = 1 << 25
"""Bytes that are read at a time; between two steps uploads have the thread."""
_SYSTEMS_OWN: Final = frozenset("desktop.ini ehthumbs.db thumbs.db".split())

OnThread = Callable[..., Coroutine[Any, Any, Any]]


class Entry(NamedTuple):
    """A file in a folder: its name as the system has it, its bytes, and when it was last changed,
    in seconds since 1970.
    """

    name: str
    size: int
    at: float


class Shared(NamedTuple):
    """A file as its message bears it, and when it came to have its present place and bytes, in
    seconds since 1970.
    """

    file: SentFile
    since: float


def names_in(folder: Path) -> list[str]:
    """The names in a folder that people may have put there. None where a link is in its place."""
    try:
        check_no_link(folder)
        names = os.listdir(folder)
    except OSError:
        return []
    return [x for x in names if not x.startswith(".") and x.casefold() not in _SYSTEMS_OWN]


def others_of(names: Iterable[str], known: set[str], most: int) -> list[str]:
    """Those of these names, at most so many, that are none of the `known` ones."""
    return list(islice((x for x in names if composed(x) not in known), most))


def entries_of(folder: Path, names: Iterable[str], known: Iterable[str]) -> list[Entry]:
    """The regular files of these names, but for those that are `known` ones in another writing, or
    under a second name: a crash may have left that.
    """
    known = [*known]
    others = {folded(name): name for name in known}
    borne: set[tuple[int, int]] | None = None
    found = []
    for name in names:
        try:
            there = (folder / name).lstat()
            disk.check_regular(folder / name, there)
            if others and (other := others.get(folded(shown_name(name)))) is not None:
                with contextlib.suppress(FileNotFoundError):
                    if os.path.samestat(there, (folder / other).lstat()):
                        continue
        except OSError:
            continue
        if there.st_nlink > 1:
            borne = _places(folder, known) if borne is None else borne
            if (there.st_dev, there.st_ino) in borne:
                continue
        found.append(Entry(name, there.st_size, there.st_mtime))
    return found


def is_borne(folder: Path, name: str, known: Iterable[str]) -> bool:
    """Whether the file of this name is one of the `known` ones, be it under a second name."""
    known = {*known}
    if composed(name) in known:
        return True
    try:
        there = (folder / name).lstat()
    except OSError:
        return False
    return there.st_nlink > 1 and (there.st_dev, there.st_ino) in _places(folder, known)


def _places(folder: Path, names: Iterable[str]) -> set[tuple[int, int]]:
    """What tells the files of these names from others, as far as they are there."""
    places = set()
    for name in names:
        with contextlib.suppress(OSError, ValueError):
            there = (folder / name).lstat()
            places.add((there.st_dev, there.st_ino))
    return places


def composed(name: str) -> str:
    """A name as Hearth chose it: some systems give it in another form."""
    return unicodedata.normalize("NFC", name)


def shown_name(name: str) -> str:
    """A name as the system has it, as a text; what is no text in it is replaced."""
    return os.fsencode(name).decode(errors="replace")


@asynccontextmanager
async def reading(folder: RoomFolder, name: str, on_thread: OnThread) -> AsyncIterator[Reading]:
    """Read all of the file of this name, in steps; it is closed at the end of the block.

    Raises Refused: 404 where it is not there, 409 where it was changed meanwhile, 422 for what is
    no regular file or cannot be read.
    """
    with _told(lambda _: True):
        read: Reading = await on_thread(Reading, folder, name)
    try:
        with _told(lambda _: True):
            while read.at < read.there.st_size:
                await on_thread(read.go_on)
        yield read
    finally:
        read.close()


async def keeping(read: Reading, id_: str, others: Iterable[str], on_thread: OnThread) -> Shared:
    """Give a file that was read a safe name if it has none; it lasts then. `others` are the names
    of the room's files that are not to be taken.

    Raises Refused as `reading` does, and 507.
    """
    with _told(lambda error: error.errno == errno.EIO):
        name = await on_thread(read.keep, others)
    return Shared(read.file(id_, name), read.changed_ns / 1e9)


@contextlib.contextmanager
def _told(is_unfit: Callable[[OSError], bool]) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise _not_there() from None
    except OSError as error:
        raise _unfit(error) if is_unfit(error) else not_kept(error) from error


class Reading:
    """`at` is how many of its bytes were read; `there` is how it was when it was opened, and
    `changed_ns` when it had been changed by then.

    Its name is one that the system gave: it leads nowhere else.
    """

    def __init__(self, folder: RoomFolder, name: str) -> None:
        self._folder = folder
        self._name = name
        check_no_link(folder.path)
        self._fd = disk.open_file(folder.path / name, os.O_RDONLY)
        self.there = os.fstat(self._fd)
        self.changed_ns = change_time_ns(self._fd)
        self.at = 0
        self._sum = hashlib.sha256()
        self._head = b""

    def go_on(self) -> None:
        end = min(self.at + STEP_BYTES, self.there.st_size)
        while self.at < end:
            block = disk.pread(self._fd, min(disk.BLOCK, end - self.at), self.at)
            if not block:
                raise changed()
            if len(self._head) < HEAD_BYTES:
                self._head += block[: HEAD_BYTES - len(self._head)]
            self._sum.update(block)
            self.at += len(block)

    def keep(self, others: Iterable[str]) -> str:
        """Have it last under a safe name, which is given, if it is still what was read."""
        self._check_same()
        if change_time_ns(self._fd) != self.changed_ns:  # its old time was set again
            raise changed()
        disk.sync_read(self._fd)
        self.close()  # Windows moves nothing that is open
        wanted = safe_name(shown_name(self._name))
        name = self._folder.adopt(self._name, wanted, others)
        try:
            self._check_same(name)
        except FileNotFoundError:
            raise changed() from None
        return name

    def _check_same(self, name: str = "") -> None:
        """Raises Refused where it has other bytes by now, or another file has its place."""
        placed = (self._folder.path / (name or self._name)).lstat()
        was = self.there.st_size, self.there.st_mtime_ns
        same = os.path.samestat(self.there, placed)
        if not same or (placed.st_size, placed.st_mtime_ns) != was:
            raise changed()

    def file(self, id_: str, name: str) -> SentFile:
        kind = media_type(name, "", self._head)
        width, height = shown_size(self._head, kind) or (None, None)
        return SentFile(
            id=id_, name=name, size=self.at, type=kind, sha256=self._sum.hexdigest(),
            width=width, height=height,
        )  # fmt: skip

    def close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def changed() -> Refused:
    """What is told of a file that somebody writes, or put another one in the place of."""
    return Refused(
        "file_changed", "This file was changed while it was read. Share it once it is whole.", 409
    )


def _not_there() -> Refused:
    return Refused("no_such_file", "There is no such file.", 404)


def _unfit(error: OSError) -> Refused:
    if isinstance(error, disk.Unfit):
        return Refused(
            "file_unfit", "Only ordinary files can be shared, not links or folders.", 422
        )
    return Refused("file_unfit", f"This file cannot be read: {error.strerror}.", 422)
