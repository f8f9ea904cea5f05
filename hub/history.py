"""One room's history: a text file that is appended to and paged by number.

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

from hub import disk, protocol
from hub.errors import Refused
from hub.scan import Scan

log = logging.getLogger(__name__)

BLOCK: Final = 1 << 18
"""How many bytes a reader takes from the file at a time."""

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class History:
    """The lines of one room, each under its number.

    `last` is the highest number on stable storage (0 for an empty room), `damage` the
    sentences that tell what was wrong with the file when it was opened, `places` the byte at
    which each of them applies, `closed` the reason why nothing more can be written, or None.
    """

    def __init__(self, aside: Path, found: Scan) -> None:
        self.path, self.room, self.id = found.path, found.room, found.id
        self.damage, self.places, self.closed = found.damage, found.places, found.closed
        self.mode = 0o644  # of a file that is yet to be made
        self._aside = aside
        self._fd = found.fd
        # What Scan says of it. It only ever grows, by one step that no reader can see half done,
        # and only over what is on stable storage.
        self._at = found.at
        self._pieces, self._holes = found.pieces, found.holes
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
        return cls(aside, Scan(path, room, aside, note, repair))

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
                try:
                    if line is None or not protocol.members_of(line).get("text"):
                        continue
                    blanked = protocol.blanked(line)
                except ValueError as odd:
                    log.error("%s: message %d keeps its text: %s", self.path.name, n, odd)
                    continue
                where = self._pieces[n][0] if n in self._pieces else self._at[n - 1]
                disk.pwrite(self._fd, blanked, where)
                changed = True
            if changed:
                disk.sync_file(self._fd)
        except OSError as error:
            self.closed = self.closed or _why_closed(self.path, error)
            raise Refused("room_closed", self.closed, 503) from error

    def wipe(self) -> None:
        """Take out of the file what it held, as somebody may hold on to it, then the file away.

        Nothing can be read or written any more. Raises Refused (503) where the text may still be
        there; an empty file that cannot be removed is told in the log.
        """
        emptied = False
        try:
            if self._fd >= 0:
                os.ftruncate(self._fd, 0)
                disk.sync_file(self._fd)
                emptied = True
                disk.let_go(self._fd)  # Windows removes nothing that is open
            disk.remove(self.path)
        except OSError as error:
            log.error("%s cannot be removed: %s", self.path, error)
            if not emptied:
                raise Refused(
                    "not_deleted",
                    f"{self.path.name} cannot be removed ({error.strerror}), and what was said is "
                    "still in it. Ask the host to remove that file.",
                    503,
                ) from error

    def _ready(self) -> None:
        if self.closed is not None:
            raise Refused("room_closed", self.closed, 503)

    def _begin(self) -> None:
        """Give an empty file its header; its name and header last before any line does."""
        made = self._fd < 0
        if made:
            self._fd = disk.open_file(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, self.mode)
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
                disk.remove(self.path)
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
                "disk_full", "The disk of this Hearth is full. Nothing was saved: try later.", 507
            )
        self.closed = self.closed or _why_closed(self.path, error)
        log.error("%s", self.closed)
        return Refused("room_closed", self.closed, 503)


def _why_closed(path: Path, error: OSError) -> str:
    return (
        f"Writing to {path.name} failed: {error.strerror or error}. Nothing more is written "
        "to this room until Hearth is started again; the other rooms go on."
    )
