"""Finds whole events in a part of a room's file that is damaged, or too long to be held."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple
from zlib import crc32

from hub.protocol import events
from hub.protocol.events import SEAL
from hub.store import disk
from hub.store.header import HEADER

HELD: Final = 1 << 22
"""Most bytes without a newline that are held in memory; a longer line is read in pieces."""
CHECKSUM: Final = re.compile(rb',"crc":"[0-9a-f]{8}"}')
"""How every line ends."""
MESSAGE: Final = b',"do":"say",'
REPLY: Final = b',"re":'
FILES: Final = b',"files":'
"""What the line of a message holds, that of one which answers another, and that of one with files;
no text does, as quotes in texts are escaped.
"""

_UNCOVERED: Final = 1 - SEAL  # where in a line without its newline the checksum begins


class Found(NamedTuple):
    """A whole event: its number, the bytes from `begin` to `end`, its line if it is to be noted."""

    n: int
    begin: int
    end: int
    event: bytes


class Measured(NamedTuple):
    """A line: where it ends, how many bytes its line end has (0 at the end of the file)."""

    end: int
    line_end: int
    crlf: bool
    intact: bool


def checksummed(line: bytes, crc: int = 0) -> bool:
    """Whether a line, given without its newline, ends in its checksum.

    `crc` is the checksum of what came before, where `line` is only the end of a line.
    """
    return line[_UNCOVERED:] == b',"crc":"%08x"}' % crc32(line[:_UNCOVERED], crc)


def is_noted(line: bytes) -> bool:
    """Whether more has to be known of a line than where it is: of all but plain messages."""
    return MESSAGE not in line or REPLY in line or FILES in line


class Salvage:
    """Reads the file `fd` of a room whose lines begin with `start`.

    `block` gives the bytes at a place, at most some hundred KiB of them; `most` the highest
    number that a line may bear now.
    """

    def __init__(
        self, fd: int, start: bytes, block: Callable[[int], bytes], most: Callable[[], int]
    ) -> None:
        self._fd = fd
        self._start = start
        self._block = block
        self._most = most

    def events(self, where: int, data: bytes) -> Iterator[Found]:
        """The whole events in `data`, which stands at the byte `where` of the file.

        Only a checksum ends an event, and only what begins nearest before it can be whole: no
        text holds the beginning of a line, as quotes in texts are escaped.
        """
        after = 0
        for checksum in CHECKSUM.finditer(data):
            begin = data.rfind(self._start, after, checksum.start())
            line = data[begin : checksum.end()] + b"\n"
            n = self.number(line) if begin >= 0 and events.intact(line) else None
            if n is not None:
                event = line if is_noted(line) else b""
                yield Found(n, where + begin, where + checksum.end(), event)
            after = checksum.end()

    def events_of_long(self, where: int, end: int) -> Iterator[Found]:
        """The whole events between two bytes that are too far apart to be held."""
        held = b""  # what stands at `where`
        while where + len(held) < end and (block := self._block(where + len(held))):
            if not block.strip(b"\0"):
                where, held = disk.data_from(self._fd, where + len(held) + len(block)), b""
                continue
            held = (held + block)[: end - where]
            done = 0
            for found in self.events(where, held):
                yield found
                done = found.end - where
            rest = held.rfind(self._start, done)  # the next event may have begun here
            if rest < 0 or len(held) - rest > HELD:
                rest = max(done, len(held) - len(self._start))
            where, held = where + rest, held[rest:]

    def measure(self, where: int) -> Measured:
        """Measure the line that begins at `where`, without holding it."""
        crc, tail, newline, no_hole = 0, b"", -1, True
        while newline < 0 and (block := self._block(where)):
            newline = block.find(b"\n")
            part = block if newline < 0 else block[:newline]
            tail += part
            crc, tail = crc32(tail[:-SEAL], crc), tail[-SEAL:]
            where += len(part)
            if newline < 0 and not part.strip(b"\0"):
                no_hole, where = False, disk.data_from(self._fd, where)
        line = tail.removesuffix(b"\r") if newline >= 0 else tail
        cr = len(tail) - len(line)
        return Measured(where - cr, (newline >= 0) + cr, cr > 0, no_hole and checksummed(line, crc))

    def number_at(self, where: int) -> int | None:
        """The number of the line that begins at `where`, as `number` gives it."""
        return self.number(disk.pread(self._fd, HEADER, where))

    def number(self, line: bytes) -> int | None:
        """The number of a line, unless it is too high to be one."""
        n = number_of(line, self._start)
        return n if n is not None and n <= self._most() else None


def number_of(line: bytes, start: bytes) -> int | None:
    """The number of a line that begins with `start`, as every line of its room does."""
    if not line.startswith(start):
        return None
    digits = line[len(start) : line.find(b",", len(start))]
    return int(digits) if digits.isdigit() and len(digits) < 17 else None
