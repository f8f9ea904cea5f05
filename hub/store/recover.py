"""Recovery of a room's file after a crash: each line checked once, a torn end mended."""

from __future__ import annotations

import errno
import os
import re
import secrets
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from hub.errors import Refused, stopping, too_much_open
from hub.protocol import events
from hub.store import disk, salvage
from hub.store.checkpoint import Checkpoint, Outdated
from hub.store.damage import Damage, UnreadStretches
from hub.store.header import HEADER, find_header
from hub.store.offsets import DenseOffsets, SparseOffsets
from hub.store.salvage import Found, Salvage, checksummed, is_noted, number_of

READ_ONLY: Final = "It was opened only to be read."
"""Why a file that was opened without repair is closed for writing."""
BLOCK: Final = 1 << 16
"""Bytes that are read at a time; between two blocks a stop is noticed."""
MOST_LOST: Final = 1 << 22
"""Most numbers that may be missing in one file; a line that jumps further is damaged."""

_LINE_END: Final = re.compile(rb"\n")


class Recovery:
    """What was found in the file of `room` at `path`; takes and raises as History.open does.

    `fd` is open on it, -1 where there is none; `id` is the room's; `closed` tells why the file
    is not to be written, or is None. `offsets` are dense where the file has gaps; with `crlf`
    lines end in CRLF.

    Memory: 8 bytes a number in a file with gaps, far less in others, and a few times
    salvage.HELD, whatever is in the file.
    """

    def __init__(
        self,
        path: Path,
        room: str,
        aside: Path,
        note: Callable[[bytes], None],
        repair: bool,
        open_file: Callable[[Path, int], int] = disk.open_file,
        stopped: Callable[[], bool] = lambda: False,
        after: Checkpoint | None = None,
        until: int | None = None,
    ) -> None:
        self.path = path
        self.room = room
        self.fd = -1
        self.id = ""
        self.closed: str | None = None
        self.offsets: SparseOffsets | DenseOffsets = SparseOffsets()
        self.crlf = False
        self.damage = Damage(path.name)
        self._aside = aside
        self._note = note
        self._open_file = open_file
        self._stopped = stopped
        self._after = after
        self._until = until
        self._start = events.line_start(room)
        self._lost = 0
        self._unread = UnreadStretches()
        try:
            self._open(repair)
            if self.fd < 0 and after is not None:
                raise Outdated
            if self.fd >= 0:
                self._salvage = Salvage(self.fd, self._start, self._block, self._highest)
                self._read()
        except BaseException as error:
            if self.fd >= 0:
                os.close(self.fd)
            if isinstance(error, disk.Unfit):
                why = f"{path.name} in the hub's folder is no room: {error.strerror}. Move it away."
                raise Refused("room_closed", why, 503) from error
            if isinstance(error, OSError) and error.errno in disk.NONE_LEFT:
                raise too_much_open() from error
            if isinstance(error, OSError):
                why = f"The file {path.name} cannot be read: {error.strerror or error}."
                raise Refused("room_closed", why, 503) from error
            raise

    def _open(self, repair: bool) -> None:
        try:
            self.fd = self._open_file(self.path, os.O_RDWR if repair else os.O_RDONLY)
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise
            self.fd = self._open_file(self.path, os.O_RDONLY)
            self.closed = f"The file {self.path.name} is read-only."
        else:
            if not repair:
                self.closed = READ_ONLY
                self.damage.logged = False
            elif not os.fstat(self.fd).st_mode & 0o222:
                self.closed = f"The file {self.path.name} is marked read-only."

    def _read(self) -> None:
        """Find the offset of each line, check it, note what is no message."""
        size = os.fstat(self.fd).st_size
        header = find_header(self._block(0)[:HEADER], size, self.room, self.path.name)
        self.id, self.crlf = header.id, header.crlf
        self.closed = header.closed or self.closed
        if self._after is not None:
            self._after.check(self.fd, size, self.room, header)
            self.offsets, self.crlf = self._after.offsets, self._after.crlf
        else:
            self.offsets = SparseOffsets(header.end)
        if header.damaged:
            self._unread.begin(0)
        end, torn = self._read_lines(self.offsets.end)
        if torn < end:
            end = self._cut_torn_end(torn, end)
        if end and disk.pread(self.fd, 1, end - 1) != b"\n":
            end = self._end_last_line(end)
        self._number_unread_end()
        self.offsets.end = end
        self.damage.sum_up()

    def _read_lines(self, where: int) -> tuple[int, int]:
        """Read every line from `where` on; gives where the file ends, and its torn end begins."""
        start, unread = self._start, self._unread
        expected = self._next(where)
        rest = b""
        while block := self._block(where + len(rest)):
            lines = (rest + block).split(b"\n")
            rest = lines.pop()
            ends: list[int] = []  # of lines that are as they should be
            n = self.offsets.last
            for line in lines:
                end = where + len(line) + 1
                if line.startswith(expected) and checksummed(line) and unread.at is None:
                    ends.append(end)
                    n += 1
                    if is_noted(line):
                        self._note(line + b"\n")
                    expected = start + b"%d," % (n + 1)
                else:
                    self.offsets.add(ends)
                    ends.clear()
                    self._read_unexpected(where, line)
                    n = self.offsets.last
                    expected = self._next(end)
                where = end
            self.offsets.add(ends)
            if len(rest) > salvage.HELD:
                rest = b""
                where, torn = self._read_long(where)
                if torn < where:
                    return where, torn
                expected = self._next(where)
        end = where + len(rest)
        if rest:
            where = self._take(where, end, self._salvage.events(where, rest), 0)
        return end, where

    def _next(self, where: int) -> bytes:
        """How the next line begins, which is looked for at `where`."""
        if isinstance(self.offsets, DenseOffsets):
            self.offsets.end = where
        return self._start + b"%d," % (self.offsets.last + 1)

    def _block(self, where: int) -> bytes:
        if self._stopped():
            raise stopping()
        size = BLOCK if self._until is None else max(0, min(BLOCK, self._until - where))
        return disk.pread(self.fd, size, where)

    # -- what is not simply the next line --------------------------------------------------

    def _read_unexpected(self, where: int, line: bytes) -> None:
        """Read a line, given without its newline, that ends in CRLF or is not the next one."""
        line_end = 1
        if line.endswith(b"\r"):
            self.crlf = True
            line, line_end = line[:-1], 2
            if line.startswith(self._next(where)) and checksummed(line) and self._unread.at is None:
                self.offsets.add([where + len(line) + line_end])
                if is_noted(line):
                    self._note(line + b"\n")
                return
        self._take(where, where + len(line), self._salvage.events(where, line), line_end)

    def _read_long(self, where: int) -> tuple[int, int]:
        """Read a line too long to be held; gives where the next begins, and the torn end.

        An intact one is a message, and needs no noting: other commands are far shorter.
        """
        line = self._salvage.measure(where)
        self.crlf |= line.crlf
        n = self._salvage.number_at(where) if line.intact else None
        if n is None:
            events: Iterable[Found] = self._salvage.events_of_long(where, line.end)
        else:
            events = [Found(n, where, line.end, b"")]
        torn = self._take(where, line.end, events, line.line_end)
        after = line.end + line.line_end
        return after, after if line.line_end else torn

    def _take(self, where: int, end: int, events: Iterable[Found], line_end: int) -> int:
        """Take the whole events of a stretch into the index.

        `end` is that of the stretch without its line end, which has so many bytes. Gives where
        in it the part begins in which nothing was found.
        """
        taken = where
        repeated = False
        for n, begin, until, event in events:
            if n <= self.offsets.last:
                self._with_gaps()
                self.damage.note(f"message {n} stands twice; the first one counts", begin)
                repeated = True
                continue
            if self._unread.at is not None or begin > taken:
                at = taken if self._unread.at is None else self._unread.at
                self._with_gaps()
                self.damage.note(f"damaged near byte {at}", at)
            self._unread.clear()  # a good line follows, so what is damaged takes no numbers
            self._skip_to(n, taken)
            if (begin, until) != (where, end):
                self._with_gaps()
            self._put(n, begin, until + line_end)
            if event:
                self._note(event)
            taken, repeated = until, False
        if line_end and not repeated and (taken < end or taken == where):
            self._add_unread(taken, end)
        return end if repeated else taken

    def _put(self, n: int, begin: int, end: int) -> None:
        """Note where the line of `n` is, behind which the next one begins if there are no gaps."""
        if isinstance(self.offsets, DenseOffsets):
            self.offsets.put(n, begin)
        else:
            self.offsets.add([end])

    def _with_gaps(self) -> DenseOffsets:
        """The offsets as a file with gaps needs them. Raises Outdated behind a checkpoint."""
        if isinstance(self.offsets, DenseOffsets):
            return self.offsets
        if self._after is not None:
            raise Outdated
        self.offsets = self._dense(self.offsets)
        return self.offsets

    def _dense(self, offsets: SparseOffsets) -> DenseOffsets:
        """The dense form of offsets: the lines are found again by their ends."""
        places = array("q", [offsets.span(1, 1, 0).begin] if offsets.last else [])
        where = places[0] if places else offsets.end
        while where < offsets.end and (block := self._block(where)[: offsets.end - where]):
            places.extend(where + x.end() for x in _LINE_END.finditer(block))
            where += len(block)
        return DenseOffsets(places[: offsets.last], offsets.end)

    def _add_unread(self, where: int, end: int) -> None:
        """Note that nothing can be read from `where` to `end`, where a newline stands."""
        self._unread.begin(where)
        if where in (0, end):  # the header, or an empty line: that was no event
            return
        head = disk.pread(self.fd, min(end - where, HEADER), where)
        self._unread.add(head, number_of(head, self._start), self.offsets.last)

    def _highest(self) -> int:
        """The highest number that a line may bear now."""
        return self.offsets.last + MOST_LOST - self._lost

    def _skip_to(self, n: int, where: int) -> None:
        """Note that the events before number `n` are lost."""
        missing = n - 1 - self.offsets.last
        if missing > 0:
            self._with_gaps()
            which = "1 message" if missing == 1 else f"{missing} messages"
            verb = "is" if missing == 1 else "are"
            self.damage.note(f"{which} before number {n} cannot be read and {verb} skipped", where)
            self._lost += missing

    # -- the end of the file ---------------------------------------------------------------

    def _cut_torn_end(self, where: int, end: int) -> int:
        """Keep aside what has no newline, and cut it off; gives the new size."""
        torn = end - where
        if self.closed is not None:
            which = "last byte is" if torn == 1 else f"last {torn} bytes are"
            self.damage.note(f"the {which} torn", where, always=True)
            return where
        name = f"{self.path.stem}-{where}-{secrets.token_hex(4)}.torn"
        disk.copy_part(self._aside / name, self.fd, where, end)
        which = "byte was torn; it is" if torn == 1 else f"{torn} bytes were torn; they are"
        self.damage.note(f"the last {which} kept in {name}", where, always=True)
        os.ftruncate(self.fd, where)
        disk.sync_file(self.fd)
        return where

    def _end_last_line(self, end: int) -> int:
        """Give a whole last line the newline that it lacks; gives the new size."""
        if self.closed is not None:
            self._with_gaps()
            self.damage.note("the last line lacks its end", end, always=True)
            return end
        self.damage.note("the last line lacked its end; it is whole again", end, always=True)
        disk.pwrite(self.fd, b"\n", end)
        disk.sync_file(self.fd)
        return end + 1

    def _number_unread_end(self) -> None:
        """Skip the numbers that damaged lines at the end may bear.

        A damaged line that ends in a newline may have been shown to people under its number,
        so it stays in the file and its number is not given again.
        """
        if self._unread.at is not None:
            at = self._unread.at
            offsets = self._with_gaps()
            self.damage.note(f"damaged near byte {at}", at, always=True)
            last = self._unread.last_number(offsets.last)
            self._skip_to(last + 1, at)
            offsets.skip_to(last)
