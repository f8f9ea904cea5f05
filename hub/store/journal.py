"""The journal: what all rooms saved lately, one batch after another, so that one sync saves it all.

Two files, the segments, of a fixed size and written in turns. A batch begins on a page of its
own, so that a torn write harms nothing that was told before. In it each room has a group: a head,
which says where in the room's file the group belongs, and then the very lines of that file. What
is not used is newlines. A segment is written anew once the rooms' files are synced; until then
hub/store/replay.py can put its lines back.

Called by one thread, the writer's.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from hub.protocol import events
from hub.store import disk
from hub.store.salvage import number_of

PAGE: Final = 4096
"""Bytes; a batch begins at a multiple of them."""
SIZE: Final = 1 << 21
"""Bytes of a segment: what is saved in half a second when very much is."""
NAMES: Final = ("journal-1", "journal-2")
"""The files of the two segments, in the hub's own folder."""
READ: Final = 1 << 26
"""Most bytes of a segment that are read, whatever wrote it."""

_LINE: Final = re.compile(rb"[^\n]+")


class Full(Exception):
    """The batch does not fit into what is left of the segment."""


class Group(NamedTuple):
    """Lines of one room, numbered without a gap, and the byte of its file where they begin.

    `id` is that of the file's header.
    """

    room: str
    id: str
    at: int
    lines: Sequence[bytes]


class Head(msgspec.Struct):
    """The line before the lines of a group: how many there are, and the number of the first.

    `turn` counts how often segments were begun.
    """

    room: str
    id: str
    at: int
    n: int
    lines: int
    turn: int


_head = msgspec.json.Decoder(Head)


class Segment:
    """One of the two files, made in its full size where it is missing. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._end = 0  # where the next batch begins
        self._fd = disk.open_file(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._is = os.fstat(self._fd)
            data = disk.pread(self._fd, SIZE, 0)
        except BaseException:
            self.close()
            raise
        # How much may be anything but newlines; all of a file that has another size.
        whole = len(data) == SIZE == self._is.st_size
        self._used = len(data.rstrip(b"\n")) if whole else SIZE

    def empty(self) -> None:
        """Fill what was used with newlines, on stable storage."""
        if self._used:
            disk.pwrite(self._fd, b"\n" * self._used, 0)
            os.ftruncate(self._fd, SIZE)
            disk.sync_file(self._fd)
        self._used = self._end = 0

    def begin(self) -> None:
        """Let the next batch take the place of the first."""
        self._end = 0

    def append(self, data: bytes) -> None:
        """Add a batch, on stable storage. Raises Full, and has written nothing then; OSError."""
        padded = data + b"\n" * (-len(data) % PAGE)
        if self._end + len(padded) > SIZE:
            raise Full
        if not os.path.samestat(os.lstat(self._path), self._is):
            raise OSError(errno.ESTALE, f"another program replaced {self._path.name}")
        self._used = max(self._used, self._end + len(padded))
        disk.pwrite(self._fd, padded, self._end)
        disk.sync_file(self._fd)
        self._end += len(padded)

    def numbers(self, room: str) -> Iterator[int]:
        """The numbers of a room's lines that are in it, even where it may be written anew."""
        if self._fd < 0:  # it is about to be removed
            return
        data = disk.pread(self._fd, self._used, 0)
        for found in re.finditer(re.escape(events.line_start(room)) + rb"(\d+),", data):
            yield int(found[1])

    def discard(self) -> None:
        """Take everything out, or else the whole file away. Raises OSError, and may be repeated."""
        try:
            if self._fd >= 0:
                self.empty()
                return
        except OSError:
            self.close()
        disk.remove(self._path)
        disk.sync_folder(self._path.parent)

    def close(self) -> None:
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)


class Journal:
    """The journal in a hub's own folder. Raises OSError where its files cannot be opened.

    With `needed`, what it holds is to be there at the next start: it is not written. Else what it
    holds, as `groups_of` gives it, must be in the rooms' files, and it is emptied.
    """

    def __init__(self, folder: Path, *, needed: bool = False) -> None:
        self.needed = needed
        self.writable = not needed
        self._turn = 1
        self._discarding = False
        self._segments: list[Segment] = []
        try:
            for name in NAMES:
                self._segments.append(Segment(folder / name))
            if not needed:
                self.empty()
                disk.sync_folder(folder)
        except BaseException:
            self.close()
            raise

    def append(self, groups: Iterable[Group]) -> None:
        """Save a batch, on stable storage. Raises OSError, and Full: `turn` makes room."""
        parts: list[bytes] = []
        for group in groups:
            parts.append(self._head(group))
            parts += group.lines
        self._segments[0].append(b"".join(parts))

    def turn(self) -> None:
        """Go on in the other segment: the files of all rooms that are in it are synced."""
        self._segments.reverse()
        self._segments[0].begin()
        self._turn += 1

    def holds(self, room: str, numbers: Sequence[int] | None = None) -> bool:
        """Whether it may hold any of these lines of a room, without numbers any. Raises OSError."""
        wanted = None if numbers is None else frozenset(numbers)
        return self._discarding or any(
            wanted is None or n in wanted
            for segment in self._segments
            for n in segment.numbers(room)
        )

    def empty(self) -> None:
        """Take everything out: the files of all rooms are synced. Raises OSError."""
        for segment in self._segments:
            segment.empty()

    def discard(self) -> None:
        """Write it no more, and leave nothing in it: the files of all rooms are synced.

        Raises OSError where something may be left: then it may be tried again.
        """
        self.writable = False
        self._discarding = True
        for segment in self._segments:
            segment.discard()
        self._discarding = False
        self.close()

    def end(self) -> None:
        """Close it; unless it is needed, empty it first. Raises OSError."""
        try:
            if not self.needed:
                self.discard()
        finally:
            self.close()

    def close(self) -> None:
        """Close it as it is."""
        for segment in self._segments:
            segment.close()

    def _head(self, group: Group) -> bytes:
        first = number_of(group.lines[0], events.line_start(group.room)) or 0
        head = Head(group.room, group.id, group.at, first, len(group.lines), self._turn)
        return events.sealed(events.encode(head))


def groups_of(folder: Path) -> Iterator[Group]:
    """The groups that the journal of a hub's own folder holds, in the order of their saving.

    A batch that was not written to its end may be given in part. Raises OSError.
    """
    found: list[tuple[int, list[Group]]] = []
    for name in NAMES:
        try:
            fd = disk.open_file(folder / name, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            if disk.pread(fd, PAGE, 0).strip(b"\n"):  # else it is empty, as after a stop in order
                found.append(_groups_in(disk.pread(fd, READ, 0)))
        finally:
            os.close(fd)
    for _, groups in sorted(found, key=lambda x: x[0]):
        yield from groups


def _groups_in(data: bytes) -> tuple[int, list[Group]]:
    """The turn of a segment and its groups.

    What an earlier turn left does not count, nor what a torn write did. Behind a page that cannot
    be read, a later batch can.
    """
    data = data.rstrip(b"\n") + b"\n"
    turn, groups, after = 0, [], 0
    while (begin := _LINE.search(data, after)) is not None:
        after = begin.end() + 1
        head = _head_of(data[begin.start() : after])
        if head is not None and turn in (0, head.turn):
            turn = head.turn
            lines, after = _lines_of(head, data, after)
            if lines:
                groups.append(Group(head.room, head.id, head.at, lines))
            if len(lines) == head.lines:
                continue
        after = -(-after // PAGE) * PAGE
    return turn, groups


def _head_of(line: bytes) -> Head | None:
    if events.intact(line):
        try:
            return _head.decode(line)
        except ValueError:
            pass
    return None


def _lines_of(head: Head, data: bytes, after: int) -> tuple[list[bytes], int]:
    """As many of a group's lines as stand at `after`, whole and in order; and where they end."""
    start = events.line_start(head.room)
    lines: list[bytes] = []
    while len(lines) < head.lines:
        end = data.find(b"\n", after) + 1
        line = data[after:end]
        if not events.intact(line) or number_of(line, start) != head.n + len(lines):
            break
        lines.append(line)
        after = end
    return lines, after
