"""Reads the lines of one room's file by number, a page at a time, on any thread."""

from __future__ import annotations

import errno
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import starmap
from typing import Final

from hub.errors import Refused, too_much_open
from hub.protocol import events
from hub.store import disk
from hub.store.open_files import File
from hub.store.salvage import CHECKSUM

BLOCK: Final = 1 << 16
"""Bytes that a reader takes from the file at a time."""
GAPS_LINES: Final = 256
"""Lines of a block in a file with gaps, where offsets do not tell how long it is."""


class Reader:
    """`offsets[n - 1]` is the byte at which the line of n begins, -1 where it is lost.

    One more entry tells where the next line will begin. They only ever grow, by one step that no
    reader can see half done, and only over what is on stable storage. With `gaps` the next offset
    does not tell where a line ends; with `crlf` lines may end in CRLF.
    """

    def __init__(self, offsets: array[int], gaps: bool, crlf: bool) -> None:
        self.crlf = crlf
        self._offsets = offsets
        self._gaps = gaps
        self._file: File | None = None

    @property
    def last(self) -> int:
        """The highest number on stable storage; 0 for an empty room."""
        return len(self._offsets) - 1

    @property
    def _size(self) -> int:
        return self._offsets[-1]

    def reopen(self) -> None:
        """Open the file again if its descriptor was given to another one. Raises Refused (503)."""
        if self._file is not None:
            try:
                with self._file:
                    pass
            except OSError as error:
                raise unreadable(error) from error

    def page(
        self, after: int | None = None, before: int | None = None, limit: int | None = None
    ) -> tuple[int, int]:
        """The numbers (first, last) of a page; first > last where it is empty.

        A `limit` with `after` gives the first events that follow it, without it the last that
        there are. All are counts of events.
        """
        first, last = (after or 0) + 1, self.last
        if before is not None:
            last = min(last, before - 1)
        if limit is not None and last - first + 1 > limit:
            if after is None:
                first = last - limit + 1
            else:
                last = first + limit - 1
        return first, last

    def blocks(self, first: int, last: int) -> Iterator[bytes]:
        """The lines from `first` to `last`, both included, as blocks of whole lines.

        A block is about BLOCK bytes, or one line where a line is longer. Lost lines are left
        out. Between two blocks nothing of them is held. Raises OSError where the file cannot be
        read.
        """
        return filter(None, starmap(self._read, self._spans(first, last)))

    def lines(self, first: int, last: int) -> Iterator[bytes]:
        """The lines from `first` to `last` one at a time, each with its newline; raises OSError."""
        for block in self.blocks(first, last):
            for line in block.split(b"\n")[:-1]:
                yield line + b"\n"

    def line(self, n: int) -> bytes | None:
        """The line of `n`, or None where there is none or it is lost. Raises Refused (503)."""
        if not 1 <= n <= self.last:
            return None
        try:
            return self._read(n, n) or None
        except OSError as error:
            raise unreadable(error) from error

    def lost(self, first: int, last: int) -> list[int]:
        """Which numbers from `first` to `last` cannot be read."""
        if not self._gaps:
            return []
        return [n for n in range(first, last + 1) if self._offsets[n - 1] < 0]

    def _spans(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        while first <= last:
            until = self._reach(first, last)
            yield first, until
            first = until + 1

    def _reach(self, first: int, last: int) -> int:
        """The last number up to which one block from `first` goes."""
        if self._gaps:
            return min(last, first + GAPS_LINES - 1)
        end = self._offsets[first - 1] + BLOCK
        if self._offsets[last] <= end:
            return last
        return max(first, bisect_right(self._offsets, end, first, last) - 1)

    def _read(self, first: int, last: int) -> bytes:
        file = self._file  # another thread may wipe it meanwhile
        if file is None:
            raise OSError(errno.ESTALE, "it was removed")
        with file as fd:
            if self._gaps:
                return b"".join(self._read_one(fd, n) for n in range(first, last + 1))
            start = self._offsets[first - 1]
            size = self._offsets[last] - start
            block = disk.pread(fd, size, start)
        if len(block) < size:
            raise OSError(errno.EIO, "the file is shorter than it was")
        return block.replace(b"\r\n", b"\n") if self.crlf else block

    def _read_one(self, fd: int, n: int) -> bytes:
        """One line of a file with gaps, where the next number does not tell the end."""
        where = self._offsets[n - 1]
        if where < 0:
            return b""
        taken = b""
        while more := disk.pread(fd, 4096 + len(taken), where + len(taken)):
            taken += more
            for checksum in CHECKSUM.finditer(taken):
                line = taken[: checksum.end()] + b"\n"
                if events.intact(line):
                    return line
        return b""


def unreadable(error: OSError) -> Refused:
    """What the reader of a history is told where its file cannot be read."""
    if error.errno in disk.NONE_LEFT:
        return too_much_open()
    return Refused("room_closed", f"The history cannot be read: {error.strerror or error}.", 503)
