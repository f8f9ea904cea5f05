"""What is known of a room's file up to one of its lines, so that reading goes on behind it."""

from __future__ import annotations

from typing import Final, NamedTuple
from zlib import crc32

from hub.protocol import events
from hub.store import disk
from hub.store.header import HEADER, FoundHeader
from hub.store.offsets import SparseOffsets
from hub.store.salvage import number_of

SUMMED: Final = 1 << 16
"""Most bytes of a line that its sum is of: the last ones."""


class Outdated(Exception):
    """A file does not hold what its checkpoint says, or has gaps: it is to be read as a whole."""


class Checkpoint(NamedTuple):
    """`offsets` are of all lines up to here, of which the last begins at the byte `line`.

    `id` is that of the file's header, `crc` the sum of the last line; with `crlf` lines end in
    CRLF.
    """

    id: str
    crlf: bool
    line: int
    crc: int
    offsets: SparseOffsets

    def check(self, fd: int, size: int, room: str, header: FoundHeader) -> None:
        """Check the file `fd` of `room`, of `size` bytes. Raises Outdated, OSError."""
        end = self.offsets.end
        start = self.offsets.span(1, 1, 0).begin
        if (header.id, header.end) != (self.id, start) or header.damaged or size < end:
            raise Outdated
        head = disk.pread(fd, HEADER, self.line)
        if number_of(head, events.line_start(room)) != self.offsets.last:
            raise Outdated
        begin = max(self.line, end - SUMMED - len(b"\r\n"))
        line = disk.pread(fd, end - begin, begin)
        if not line.endswith(b"\n") or line_sum(line) != self.crc:
            raise Outdated


def line_sum(line: bytes) -> int:
    """The sum of a line, whatever its line end is."""
    return crc32(line.rstrip(b"\r\n")[-SUMMED:])
