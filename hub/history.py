"""One room's history: a text file that is appended to, paged by number and repaired.

Knows lines, numbers and the disk; not what an event means, who is listening, or threads.
`write`, `sync` and `blank` are called by one thread; pages may be read from any other.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import time
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final
from zlib import crc32

from hub import disk, protocol
from hub.errors import Refused
from hub.protocol import SEAL

log = logging.getLogger(__name__)

BLOCK: Final = 1 << 18
"""How many bytes a reader takes from the file at a time."""

READ_ONLY: Final = "It was opened only to be read."
"""Why a history that was opened without repair is closed for writing."""

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SAY: Final = b',"do":"say",'


class History:
    """The lines of one room, each under its number.

    `last` is the highest number on stable storage (0 for an empty room), `damage` the
    sentences that tell what was wrong with the file when it was opened, `places` the byte at
    which each of them applies, `closed` the reason why nothing more can be written, or None.
    """

    def __init__(self, path: Path, room: str, aside: Path) -> None:
        self.path = path
        self.room = room
        self.id = ""
        self.damage: list[str] = []
        self.places: list[int] = []
        self.mode = 0o644  # of a file that is yet to be made
        self.closed: str | None = None
        self._aside = aside
        self._start = protocol.line_start(room)
        self._fd = -1
        # [n - 1] is where the line of n begins, or -1 where it is lost; one more entry at the
        # end is where the next line will begin. It only ever grows, by one step that no reader
        # can see half done, and only over what is on stable storage.
        self._at = array("q", [0])
        self._pieces: dict[int, tuple[int, int]] = {}  # n -> (where, length): not a whole line
        self._holes = False
        self._written: list[int] = []  # where the lines written since the last sync end

    @property
    def last(self) -> int:
        return len(self._at) - 1

    @property
    def _size(self) -> int:
        return self._at[-1]

    @classmethod
    def open(
        cls,
        path: Path,
        room: str,
        aside: Path,
        note: Callable[[bytes], None] = lambda line: None,
        *,
        repair: bool = True,
    ) -> History:
        """Open the history of `room` at `path`; a file that is not there is an empty room.

        `note` is called with every line that is not a plain message, in order. A torn end is
        copied into the folder `aside` and cut off; what is damaged in the middle stays in the
        file, is skipped, and is told in `damage`. Without `repair` nothing is changed: the
        file is only read, even while a hub writes to it.
        Raises Refused (503, "room_closed") where the file cannot be read at all.
        """
        history = cls(path, room, aside)
        try:
            _refuse_special(path)
            if repair:
                history._open(os.O_RDWR)
            else:
                history._open(os.O_RDONLY)
                history.closed = READ_ONLY
        except FileNotFoundError:
            return history
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise _unreadable(path, error) from error
            history._open_to_read()
        else:
            if repair and not os.fstat(history._fd).st_mode & 0o222:
                history.closed = f"The file {path.name} is marked read-only."
        try:
            history._scan(note)
        except OSError as error:
            raise _unreadable(path, error) from error
        return history

    def close(self) -> None:
        """Let go of the file; where another program took it away, what it held is kept aside."""
        if self._fd >= 0:
            if self.closed is None and self._gone():
                log.error("Another program replaced or removed %s.%s", self.path, self._rescue())
            os.close(self._fd)
            self._fd = -1

    # -- reading ---------------------------------------------------------------------------

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
        out. Raises OSError where the file cannot be read.
        """
        while first <= last:
            until = self._reach(first, last)
            block = self._read(first, until)
            if block:
                yield block
            first = until + 1

    def lines(self, first: int, last: int) -> Iterator[bytes]:
        """The same, a line at a time, each with its newline."""
        for block in self.blocks(first, last):
            for line in block.split(b"\n")[:-1]:
                yield line + b"\n"

    def line(self, n: int) -> bytes | None:
        """The line of `n`, or None where there is none or it is lost."""
        if not 1 <= n <= self.last:
            return None
        return self._read(n, n) or None

    def lost(self, first: int, last: int) -> list[int]:
        """Which numbers from `first` to `last` cannot be read."""
        if not self._holes:
            return []
        return [n for n in range(first, last + 1) if self._at[n - 1] < 0]

    def _reach(self, first: int, last: int) -> int:
        """The last number up to which one block from `first` goes."""
        if self._holes:
            return min(last, first + 255)
        end = self._at[first - 1] + BLOCK
        if self._at[last] <= end:
            return last
        return max(first, bisect_right(self._at, end, first, last) - 1)

    def _read(self, first: int, last: int) -> bytes:
        if self._holes:
            return b"".join(self._read_one(n) for n in range(first, last + 1))
        start = self._at[first - 1]
        return disk.pread(self._fd, self._at[last] - start, start)

    def _read_one(self, n: int) -> bytes:
        """One line of a file with holes, where the next number does not tell the end."""
        if n in self._pieces:
            where, length = self._pieces[n]
            return disk.pread(self._fd, length, where) + b"\n"
        where = self._at[n - 1]
        if where < 0:
            return b""
        taken = b""
        while (end := taken.find(b"\n")) < 0:
            more = disk.pread(self._fd, 4096 + len(taken), where + len(taken))
            if not more:
                return b""
            taken += more
        return taken[: end + 1]

    # -- writing ---------------------------------------------------------------------------

    def write(self, lines: Sequence[bytes]) -> None:
        """Put lines, numbered on from `last`, at the end of the file; `sync` makes them last.

        Raises Refused: 507 "disk_full" where there is no room (nothing is kept, and it may
        be tried again), 503 "room_closed" where the file cannot be written any more.
        """
        self._ready()
        try:
            if self._size == 0:
                self._begin()
            self._still_ours()
            disk.pwrite(self._fd, b"".join(lines), self._size)
        except OSError as error:
            raise self._failed(error) from error
        end = self._size
        for line in lines:
            end += len(line)
            self._written.append(end)

    def sync(self) -> None:
        """Wait until what was written is on stable storage; `count_in` then shows it to readers.

        Raises Refused as `write` does. The first failure is the last: the kernel may have
        dropped what it could not write, so the file is not written again until a restart.
        """
        self._ready()
        try:
            disk.sync_file(self._fd)
        except OSError as error:
            self.closed = _why_closed(self.path, error)
            raise self._failed(error) from error

    def count_in(self) -> None:
        """Let readers see what was synced: called by whoever hands it out, before it does."""
        self._at.extend(array("q", self._written))
        self._written.clear()

    def blank(self, numbers: Sequence[int]) -> None:
        """Take the text out of these lines, in place and on stable storage.

        Lines that are lost or already empty are passed over. Raises Refused as `sync` does.
        """
        self._ready()
        changed = False
        try:
            for n in numbers:
                line = self.line(n)
                if line is None or not protocol.members_of(line).get("text"):
                    continue
                where = self._pieces[n][0] if n in self._pieces else self._at[n - 1]
                disk.pwrite(self._fd, protocol.blanked(line), where)
                changed = True
            if changed:
                disk.sync_file(self._fd)
        except OSError as error:
            self.closed = self.closed or _why_closed(self.path, error)
            raise Refused("room_closed", self.closed, 503) from error

    def _ready(self) -> None:
        if self.closed is not None:
            raise Refused("room_closed", self.closed, 503)

    def _begin(self) -> None:
        """Give an empty file its header; its name and header last before any line does."""
        made = self._fd < 0
        if made:
            self._open(os.O_RDWR | os.O_CREAT | os.O_EXCL)
        header = protocol.Header(
            protocol.FORMAT, self.room, secrets.token_hex(8), protocol.moment(time.time())
        )
        line = protocol.line_of(header)
        try:
            disk.pwrite(self._fd, line, 0)
            disk.sync_file(self._fd)
            disk.sync_folder(self.path.parent)
        except OSError:
            if made:
                self.close()
                self.path.unlink(missing_ok=True)
            raise
        self.id = header.id
        self._at[0] = len(line)

    def _still_ours(self) -> None:
        """Refuse to write over what another program did to the file since we last wrote."""
        if self._gone():
            what, kept = "replaced or removed", self._rescue()
        elif os.fstat(self._fd).st_size != self._size:
            what, kept = "changed", ""
        else:
            return
        self.closed = (
            f"Another program {what} {self.path.name}. "
            f"Nothing more is written to it until Hearth is started again.{kept}"
        )
        log.error("%s", self.closed)
        raise Refused("room_closed", self.closed, 503)

    def _gone(self) -> bool:
        """Whether our file is no longer the one that bears its name."""
        try:
            return not os.path.samestat(os.fstat(self._fd), os.stat(self.path))
        except FileNotFoundError:
            return True

    def _rescue(self) -> str:
        """Copy our file into `aside` if it has no name any more; gives a sentence to tell then.

        The system drops it with our descriptor, and with it what was told to be saved. A file
        that was only moved is left where it is.
        """
        if os.fstat(self._fd).st_nlink:
            return ""
        try:
            kept = self._aside / f"{self.path.stem}-{self.last}-{secrets.token_hex(4)}.jsonl"
            starts = range(0, self._size, BLOCK)
            disk.keep(kept, (disk.pread(self._fd, min(BLOCK, self._size - x), x) for x in starts))
        except OSError as error:
            return f" What it held could not be kept: {error.strerror}."
        return f" What it held is kept as {kept.name} in {self._aside.name}."

    def _failed(self, error: OSError) -> Refused:
        """Cut back to the last line that lasts, and say what the senders are told."""
        self._written.clear()
        if self._fd >= 0:
            try:
                os.ftruncate(self._fd, self._size)
            except OSError as worse:
                self.closed = self.closed or _why_closed(self.path, worse)
        if error.errno in _FULL and self.closed is None:
            return Refused(
                "disk_full", "The hub's disk is full, so this was not saved. Try again later.", 507
            )
        self.closed = self.closed or _why_closed(self.path, error)
        log.error("%s", self.closed)
        return Refused("room_closed", self.closed, 503)

    # -- opening and repair ----------------------------------------------------------------

    def _open(self, flags: int) -> None:
        self._fd = disk.open_file(self.path, flags, self.mode)

    def _open_to_read(self) -> None:
        try:
            self._open(os.O_RDONLY)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        self.closed = f"The file {self.path.name} is read-only."

    def _scan(self, note: Callable[[bytes], None]) -> None:
        """Read the file once: find each line's place, check it, note what is no message."""
        start, at = self._start, self._at
        bad: list[tuple[int, bytes]] = []
        del at[:]
        with open(self._fd, "rb", buffering=1 << 20, closefd=False) as file:
            where = self._take_header(file.readline(), bad)
            file.seek(where)
            expected = start + b"1,"
            for line in file:
                if (
                    line.startswith(expected)
                    and line[-SEAL:] == b',"crc":"%08x"}\n' % crc32(line[:-SEAL])
                    and not bad
                ):
                    at.append(where)
                    if _SAY not in line:
                        note(line)
                else:
                    self._take_odd(bad, where, line, note)
                expected = start + b"%d," % (len(at) + 1)
                where += len(line)
        where = self._end_well(where, bad)
        at.append(where)

    def _take_header(self, line: bytes, bad: list[tuple[int, bytes]]) -> int:
        """Read the first line; gives where the events begin."""
        if line.startswith(self._start):
            self._tell("the header is missing", 0)
            return 0
        if line and not protocol.intact(line.rstrip(b"\n") + b"\n"):
            first = line.find(self._start)  # it may have lost no more than its newline
            if first > 0:
                line = line[:first]
            bad.append((0, line))
        elif line:
            header = protocol.header_of(line)
            if header.room != self.room:
                raise Refused(
                    "room_closed",
                    f"The file {self.path.name} holds the history of the room {header.room}: "
                    f"name it {header.room}.jsonl again.",
                    503,
                )
            if header.hearth > protocol.FORMAT:
                self.closed = f"A newer Hearth wrote {self.path.name}, so it is only read."
            self.id = header.id
            if not line.endswith(b"\n"):
                return self._complete(len(line))
        return len(line)

    def _take_odd(
        self,
        bad: list[tuple[int, bytes]],
        where: int,
        line: bytes,
        note: Callable[[bytes], None],
    ) -> None:
        """Look closer at a line that is not simply the next one.

        `bad` holds the damaged stretches that no good line follows yet.
        """
        again = False
        for n, begin, length in self._good_pieces(line):
            if n <= len(self._at):
                self._tell(f"message {n} stands twice; the first one counts", where + begin)
                again = self._holes = True
                continue
            if bad or begin:
                at = bad[0][0] if bad else where
                self._tell(f"damaged near byte {at}", at)
            bad.clear()
            self._lose_until(n, where)
            self._at.append(where + begin)
            piece = line[begin : begin + length].rstrip(b"\n")
            if begin or length != len(line):
                self._pieces[n] = (where + begin, len(piece))
                self._holes = True
            if _SAY not in piece:
                note(piece + b"\n")
            rest = line[begin + length :]
            if rest.strip(b"\n"):
                self._take_odd(bad, where + begin + length, rest, note)
            return
        if not again:
            bad.append((where, line))

    def _good_pieces(self, line: bytes) -> Iterator[tuple[int, int, int]]:
        """The whole events inside a stretch, as (n, begin, length); a final newline counts."""
        begin = line.find(self._start)
        while begin >= 0:
            end = line.find(b'"}', begin)
            while end >= 0:
                piece = line[begin : end + 2] + b"\n"
                if protocol.intact(piece):
                    n = _number(piece, self._start)
                    if n is not None:
                        yield n, begin, len(piece) - (line[end + 2 : end + 3] != b"\n")
                    break
                end = line.find(b'"}', end + 1)
            begin = line.find(self._start, begin + 1)

    def _lose_until(self, n: int, where: int) -> None:
        missing = n - 1 - len(self._at)
        if missing > 0:
            self._tell(
                f"{missing} messages before number {n} cannot be read and are skipped", where
            )
            self._holes = True
            self._at.extend([-1] * missing)

    def _end_well(self, size: int, bad: list[tuple[int, bytes]]) -> int:
        """Deal with the end of the file, where no good line follows; gives the new size.

        What has no newline is torn: it is kept aside and cut off. A good last line that lacks
        only its newline is completed. A damaged line that does end in a newline may have been
        told to people under its number, so it stays and its number is not given again.
        """
        if bad and not bad[-1][1].endswith(b"\n"):
            size, torn = bad.pop()
            self._keep_aside(size, torn)
            if self.closed is None:
                os.ftruncate(self._fd, size)
                disk.sync_file(self._fd)
        if size and disk.pread(self._fd, 1, size - 1) != b"\n":
            size = self._complete(size)
        if bad:
            self._tell(f"damaged near byte {bad[0][0]}", bad[0][0])
            events = [line for where, line in bad if where]
            most = len(self._at) + max(sum(line.startswith(b"{") for line in events), bool(events))
            numbers = [_number(line, self._start) or most for line in events]
            likely = [n for n in numbers if len(self._at) < n <= most]
            self._lose_until(max(likely, default=most) + 1, bad[0][0])
        return size

    def _complete(self, size: int) -> int:
        """Give the file's last line its newline; gives the new size."""
        if self.closed is not None:
            self._tell("the last line lacks its end", size)
            if self._at:
                self._pieces[len(self._at)] = (self._at[-1], size - self._at[-1])
                self._holes = True
            return size
        self._tell("the last line lacked its end; it is whole again", size)
        disk.pwrite(self._fd, b"\n", size)
        disk.sync_file(self._fd)
        self._pieces.pop(len(self._at), None)
        return size + 1

    def _keep_aside(self, where: int, torn: bytes) -> None:
        if self.closed is not None:
            self._tell(f"the last {len(torn)} bytes are torn", where)
            return
        name = f"{self.path.stem}-{where}-{secrets.token_hex(4)}.torn"
        self._tell(f"the last {len(torn)} bytes were torn; they are kept in {name}", where)
        disk.keep(self._aside / name, [torn])

    def _tell(self, what: str, where: int) -> None:
        self.damage.append(what)
        self.places.append(where)
        if self.closed != READ_ONLY:
            log.warning("%s: %s", self.path.name, what)


def _number(line: bytes, start: bytes) -> int | None:
    """The number of a line that begins as a line of this room does."""
    if not line.startswith(start):
        return None
    digits = line[len(start) : line.find(b",", len(start))]
    return int(digits) if digits.isdigit() and len(digits) < 17 else None


def _refuse_special(path: Path) -> None:
    """Only an ordinary file is a history: opening a pipe would wait for ever."""
    if not path.is_file() and (path.exists() or path.is_symlink()):
        raise Refused(
            "room_closed", f"{path.name} in the hub's folder is not a file. Move it away.", 503
        )


def _unreadable(path: Path, error: OSError) -> Refused:
    why = error.strerror or str(error)
    return Refused("room_closed", f"The file {path.name} cannot be read: {why}.", 503)


def _why_closed(path: Path, error: OSError) -> str:
    return (
        f"Writing to {path.name} failed: {error.strerror or error}. Nothing more is written "
        "to this room until Hearth is started again; the other rooms go on."
    )
