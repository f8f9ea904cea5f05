"""The lines of a ledger's file: keys and their values, one line a change.

A line is an object of keys with their new values, null for a key that is gone, and is sealed as the
lines of rooms are. Before the lines that are saved together stands a head with the number of that
batch. As each batch is on stable storage before the next is written, a line that cannot be read is
damaged where a head follows, and torn where none does: then nobody was told that it is saved. What
is not used yet is newlines, so that the file seldom has to grow, which takes a sync of its own. A
copy that was made meanwhile may have such newlines in place of lines; these count as torn too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from msgspec import Raw

from hub.keys import Keys, Value
from hub.protocol import events
from hub.store import disk
from hub.store.damage import Damage

FORMAT: Final = 1
"""The version in a ledger's header."""
BLOCK: Final = 1 << 19
"""Bytes that are read at a time."""
LONGEST: Final = 1 << 24
"""Most bytes of a line that is held to be read; a longer one is damaged."""
SECTOR: Final = 512
"""Bytes that programs which copy files read at once, or a multiple of it."""
COPIED: Final = 1 << 17
"""Most bytes of a copy that were appended while it was made."""

_members: Final = msgspec.json.Decoder(dict[str, Raw])


class Newer(Exception):
    """A newer Hearth wrote the ledger."""


def line_of(changes: Mapping[str, Value]) -> bytes:
    """The line of one change of keys."""
    values = {key: None if value is None else Raw(value) for key, value in changes.items()}
    return events.sealed(events.encode(values))


def lines_of(keys: Keys, some: Iterable[str]) -> bytes:
    """A line for each of these keys with its value of now, but for those that are gone."""
    lines = []
    for key in some:
        value = keys.get(key)
        if value is not None:
            lines.append(line_of({key: value}))
    return b"".join(lines)


def header() -> bytes:
    """The first line of the file."""
    return events.sealed(b'{"ledger":%d}' % FORMAT)


def head(batch: int) -> bytes:
    """The line before a batch."""
    return events.sealed(b'{"batch":%d}' % batch)


class Found:
    """What a ledger's file holds: read with `take`, block by block, and `finish`.

    `size` is up to where it is whole; what comes after that, up to `end`, is torn.
    """

    def __init__(self, name: str) -> None:
        self.keys = Keys()
        self.size = self.end = 0
        self.batch = 0
        self.damage = Damage(name)
        self._at = 0  # where the line begins that is read next
        self._rest = b""
        self._too_long = False  # its beginning was passed over
        self._blank: int | None = None  # where newlines begin that are not used, or lost lines
        self._unread: int | None = None  # where the first unread line of this batch begins
        self._gap: int | None = None  # where newlines begin that end with a sector, before a line
        self._after: list[dict[str, Raw]] = []  # what follows it, which counts with the next head

    def take(self, block: bytes) -> None:
        """Read the next block. Raises Newer."""
        lines = (self._rest + block).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            self._line(line + b"\n")
        if len(self._rest) > LONGEST:
            self._pass_over(len(self._rest))
            self._rest, self._too_long = b"", True

    def finish(self) -> None:
        """There is no more."""
        if self._rest:
            self._pass_over(len(self._rest))
        if self.end == 0:
            self.damage.note("empty", 0)
        elif self._unread == 0:  # it does not even begin as a ledger: that was no torn write
            self._count()
            self.size = self.end
        self._after.clear()
        self.damage.sum_up()

    @property
    def as_copied(self) -> int | None:
        """Where what can be read ends if this was copied while a hub appended to it, else None.

        A program that copies a file reads it piece by piece: what was not used yet in one piece may
        have been used in the next one. The lines at the end are not whole then.
        """
        likely = self.damage.places[:1] == [self._gap] and self._blank is not None
        return self._gap if likely and self.end - (self._gap or 0) < COPIED else None

    def _line(self, line: bytes) -> None:
        if line == b"\n" and not self._too_long:
            if self._blank is None:
                self._blank = self._at
            self._at += 1
            return
        if self._blank is not None and self._unread is None:
            self._unread = self._blank
            if self._gap is None and self._at % SECTOR == 0:
                self._gap = self._blank
        self._blank = None
        members = None if self._too_long else _read(line)
        self._too_long = False
        if members is None:
            self._pass_over(len(line))
            return
        head = members.get("batch")
        if head is not None:
            self._count()
            self.batch = _number(head)
        elif "ledger" in members:
            if _number(members["ledger"]) > FORMAT:
                raise Newer
        elif self._unread is not None:
            self._after.append(members)
        else:
            self._apply(members)
        self._at = self.end = self._at + len(line)
        if self._unread is None:
            self.size = self._at

    def _pass_over(self, size: int) -> None:
        if self._unread is None:
            self._unread = self._at
        self._at = self.end = self._at + size

    def _count(self) -> None:
        """What could not be read is damaged, and what follows it counts."""
        if self._unread is not None:
            self.damage.note(f"damaged near byte {self._unread}", self._unread)
            for members in self._after:
                self._apply(members)
            self._after.clear()
            self._unread = None

    def _apply(self, members: dict[str, Raw]) -> None:
        del members["crc"]
        for key, raw in members.items():
            value = bytes(raw)
            self.keys.take(key, None if value == b"null" else value)


def _number(raw: Raw) -> int:
    """0 for what is none."""
    digits = bytes(raw)
    return int(digits) if digits.isdigit() else 0


def _read(line: bytes) -> dict[str, Raw] | None:
    if not events.intact(line):
        line = line.removesuffix(b"\r\n") + b"\n"  # an editor may have done that
        if not events.intact(line):
            return None
    try:
        return _members.decode(line)
    except (ValueError, RecursionError):
        return None


def read(fd: int, name: str, *, logged: bool = True) -> Found:
    """Read the whole of a ledger's open file. Raises Newer, OSError."""
    found = _found(fd, name, None, logged=False)
    if found.damage.places:
        end = found.end
        found = _found(fd, name, found.as_copied, logged=logged)
        found.end = end
    return found


def _found(fd: int, name: str, end: int | None, *, logged: bool) -> Found:
    found, where = Found(name), 0
    found.damage.logged = logged
    while block := disk.pread(fd, BLOCK if end is None else min(BLOCK, end - where), where):
        found.take(block)
        where += len(block)
    found.finish()
    return found
