"""Reads the lines of one room's file by number, a page at a time, on any thread."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from functools import partial
from typing import Final

from hub.errors import Refused, too_much_open
from hub.protocol import events
from hub.store import disk
from hub.store.offsets import DenseOffsets, Span, SparseOffsets
from hub.store.open_files import File
from hub.store.salvage import CHECKSUM, number_of

BLOCK: Final = 1 << 16
"""Bytes that a reader takes from the file at a time."""
GAPS_LINES: Final = 256
"""Lines of a block in a file with gaps, where offsets do not tell how long it is."""
NEAR: Final = 1 << 11
"""Bytes before the place where a line is expected, from which on it is looked for."""

_NEWLINE: Final = 10


class Reader:
    """The lines of `room`. `offsets` only ever grow, over what is on stable storage.

    They are dense for a file with gaps, where the next offset does not tell where a line ends.
    With `crlf` lines may end in CRLF.
    """

    def __init__(self, room: str, offsets: SparseOffsets | DenseOffsets, crlf: bool) -> None:
        self.room = room
        self.crlf = crlf
        self.offsets = offsets
        self._start = events.line_start(room)
        self._file: File | None = None

    @property
    def last(self) -> int:
        """The highest number on stable storage; 0 for an empty room."""
        return self.offsets.last

    @property
    def has_gaps(self) -> bool:
        """Whether lines are lost, or something else stands between them."""
        return isinstance(self.offsets, DenseOffsets)

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
        out, and so is what is beyond the newest. Between two blocks nothing of them is held.
        Raises OSError where the file cannot be read.
        """
        offsets, first, last = self.offsets, max(first, 1), min(last, self.last)
        if isinstance(offsets, DenseOffsets):
            pages = range(first, last + 1, GAPS_LINES)
            return filter(None, map(partial(self._read_page, offsets, last), pages))
        spans = _spans(offsets, first, last)
        return filter(None, map(partial(self._read_part, first, last), spans))

    def lines(self, first: int, last: int) -> Iterator[bytes]:
        """The lines from `first` to `last` one at a time, each with its newline; raises OSError."""
        for block in self.blocks(first, last):
            for line in block.split(b"\n")[:-1]:
                yield line + b"\n"

    def line(self, n: int) -> bytes | None:
        """The line of `n`, or None where there is none or it is lost. Raises Refused (503)."""
        found = self.located(n)
        return None if found is None else found[1]

    def located(self, n: int) -> tuple[int, bytes] | None:
        """The byte at which the line of `n` begins, and the line; as `line`."""
        if not 1 <= n <= self.last:
            return None
        try:
            if isinstance(self.offsets, DenseOffsets):
                with self._opened() as fd:
                    line = self._read_one(fd, self.offsets, n)
                return (self.offsets.place(n), line) if line else None
            span = self.offsets.span(n, n, 0)
            data = self._read(span)
        except OSError as error:
            raise unreadable(error) from error
        at = self._find(data, span, n)
        if at < 0:
            return None
        line = data[at : data.find(b"\n", at)]
        return span.begin + at, line.removesuffix(b"\r") + b"\n"

    def lost(self, first: int, last: int) -> list[int]:
        """Which numbers from `first` to `last` cannot be read."""
        return self.offsets.lost(first, last) if isinstance(self.offsets, DenseOffsets) else []

    def _opened(self) -> File:
        file = self._file  # another thread may wipe it meanwhile
        if file is None:
            raise OSError(errno.ESTALE, "it was removed")
        return file

    # -- without gaps ----------------------------------------------------------------------

    def _read(self, span: Span) -> bytes:
        size = span.end - span.begin
        with self._opened() as fd:
            data = disk.pread(fd, size, span.begin)
        if len(data) < size:
            raise OSError(errno.EIO, "the file is shorter than it was")
        return data

    def _read_part(self, first: int, last: int, span: Span) -> bytes:
        """Of a span's lines those from `first` to `last`, told by the numbers that they bear.

        Another program may have damaged the file since it was opened.
        """
        data = self._read(span)
        begin = 0 if first <= span.n else self._find(data, span, first)
        end = len(data) if last >= span.until - 1 else self._find(data, span, last + 1)
        if begin < 0 or end < 0:
            data = b"".join(
                line + b"\n"
                for line in data.split(b"\n")
                if first <= (number_of(line, self._start) or 0) <= last
            )
        elif end - begin < len(data):
            data = data[begin:end]
        return data.replace(b"\r\n", b"\n") if self.crlf else data

    def _find(self, data: bytes, span: Span, n: int) -> int:
        """Where in a span's lines that of `n` begins, -1 where it does not.

        It is looked for first about where it is if all lines are as long.
        """
        head = b"%b%d," % (self._start, n)
        about = len(data) * (n - span.n) // (span.until - span.n) - NEAR
        at = data.find(head, max(0, about))
        if at < 0 < about:
            at = data.find(head)
        return at if at <= 0 or data[at - 1] == _NEWLINE else -1

    # -- with gaps -------------------------------------------------------------------------

    def _read_page(self, offsets: DenseOffsets, last: int, first: int) -> bytes:
        """Up to GAPS_LINES lines, from `first` on and not beyond `last`."""
        with self._opened() as fd:
            numbers = range(first, min(last + 1, first + GAPS_LINES))
            return b"".join(self._read_one(fd, offsets, n) for n in numbers)

    def _read_one(self, fd: int, offsets: DenseOffsets, n: int) -> bytes:
        """The line of `n`, where the next offset does not tell the end; nothing if it is lost."""
        where = offsets.place(n)
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


def _spans(offsets: SparseOffsets, first: int, last: int) -> Iterator[Span]:
    while first <= last:
        span = offsets.span(first, last, BLOCK)
        yield span
        first = span.until


def unreadable(error: OSError) -> Refused:
    """What the reader of a history is told where its file cannot be read."""
    if error.errno in disk.NONE_LEFT:
        return too_much_open()
    return Refused("room_closed", f"The history cannot be read: {error.strerror or error}.", 503)
