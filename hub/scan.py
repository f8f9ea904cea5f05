"""A room's file as it is opened: read once, each line checked, its end mended."""

from __future__ import annotations

import errno
import logging
import os
import re
import secrets
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from zlib import crc32

from hub import disk, protocol
from hub.errors import Refused
from hub.protocol import SEAL

log = logging.getLogger(__name__)

READ_ONLY: Final = "It was opened only to be read."
"""Why a file that was opened without repair is closed for writing."""

MOST_LOST: Final = 1 << 22
"""So many numbers may be missing in one place; one that jumps further is taken for damage."""

_SAY: Final = b',"do":"say",'
_SEAL: Final = re.compile(rb',"crc":"[0-9a-f]{8}"}')


class Scan:
    """What was found in the file of `room` at `path`; takes and raises as History.open does.

    `fd` is open on it, -1 where there is none; `id` is the room's; `closed` tells why the file
    is not to be written, or is None. `at[n - 1]` is where the line of n begins, -1 where it is
    lost, and one more entry where the next line will begin. `pieces` has (where, length) of
    each n that is no whole line; with `holes` the next number does not tell where a line ends.
    `damage` are the sentences that tell what was wrong, `places` the byte of each.
    """

    def __init__(
        self, path: Path, room: str, aside: Path, note: Callable[[bytes], None], repair: bool
    ) -> None:
        self.path = path
        self.room = room
        self.fd = -1
        self.id = ""
        self.closed: str | None = None
        self.at = array("q", [0])
        self.pieces: dict[int, tuple[int, int]] = {}
        self.holes = False
        self.damage: list[str] = []
        self.places: list[int] = []
        self._aside = aside
        self._note = note
        self._start = protocol.line_start(room)
        self._bad: list[tuple[int, bytes]] = []  # damaged stretches that no good line follows yet
        try:
            _refuse_special(path)
            self._open(repair)
            if self.fd >= 0:
                self._read()
        except BaseException as error:
            if self.fd >= 0:
                os.close(self.fd)
            if isinstance(error, OSError):
                why = f"The file {path.name} cannot be read: {error.strerror or error}."
                raise Refused("room_closed", why, 503) from error
            raise

    def _open(self, repair: bool) -> None:
        try:
            self.fd = disk.open_file(self.path, os.O_RDWR if repair else os.O_RDONLY)
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise
            self.fd = disk.open_file(self.path, os.O_RDONLY)
            self.closed = f"The file {self.path.name} is read-only."
        else:
            if not repair:
                self.closed = READ_ONLY
            elif not os.fstat(self.fd).st_mode & 0o222:
                self.closed = f"The file {self.path.name} is marked read-only."

    def _read(self) -> None:
        """Find each line's place, check it, note what is no message."""
        start, at, bad = self._start, self.at, self._bad
        del at[:]
        with open(self.fd, "rb", buffering=1 << 20, closefd=False) as file:
            where = self._take_header(file.readline())
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
                        self._note(line)
                else:
                    self._take_odd(where, line)
                expected = start + b"%d," % (len(at) + 1)
                where += len(line)
        at.append(self._end_well(where))

    def _take_header(self, line: bytes) -> int:
        """Read the first line; gives where the events begin."""
        if line.startswith(self._start):
            self._tell("the header is missing", 0)
            return 0
        if line and not protocol.intact(line.rstrip(b"\n") + b"\n"):
            first = line.find(self._start)  # it may have lost no more than its newline
            if first > 0:
                line = line[:first]
            self._bad.append((0, line))
        elif line:
            try:
                header = protocol.header_of(line)
            except ValueError:  # whole, and not as any Hearth until now wrote it
                header = protocol.Header(protocol.FORMAT + 1, self.room)
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

    def _take_odd(self, where: int, line: bytes) -> None:
        """Look closer at a line that is not simply the next one."""
        bad, taken = self._bad, 0  # up to where in the line all is said
        again = False
        for n, begin, length in self._good_pieces(line):
            if n <= len(self.at):
                self._tell(f"message {n} stands twice; the first one counts", where + begin)
                again = self.holes = True
                continue
            if bad or begin > taken:
                at = bad[0][0] if bad else where + taken
                self._tell(f"damaged near byte {at}", at)
                self.holes = True
            bad.clear()
            self._lose_until(n, where + taken)
            self.at.append(where + begin)
            piece = line[begin : begin + length].rstrip(b"\n")
            if length != len(line):
                self.pieces[n] = (where + begin, len(piece))
                self.holes = True
            if _SAY not in piece:
                self._note(piece + b"\n")
            taken, again = begin + length, False
        if not again and (not taken or line[taken:].strip(b"\n")):
            bad.append((where + taken, line[taken:]))

    def _good_pieces(self, line: bytes) -> Iterator[tuple[int, int, int]]:
        """The whole events inside a stretch, as (n, begin, length); a final newline counts.

        Only a checksum ends an event, and only what begins nearest before it can be whole: no
        text holds the beginning of a line, as quotes in texts are escaped.
        """
        after = 0
        for seal in _SEAL.finditer(line):
            begin = line.rfind(self._start, after, seal.start())
            piece = line[begin : seal.end()] + b"\n"
            n = _number(piece, self._start) if begin >= 0 and protocol.intact(piece) else None
            if n is not None and n <= len(self.at) + MOST_LOST:
                yield n, begin, len(piece) - (line[seal.end() : seal.end() + 1] != b"\n")
            after = seal.end()

    def _lose_until(self, n: int, where: int) -> None:
        missing = n - 1 - len(self.at)
        if missing > 0:
            self._tell(
                f"{missing} messages before number {n} cannot be read and are skipped", where
            )
            self.holes = True
            self.at.extend(array("q", [-1]) * missing)

    def _end_well(self, size: int) -> int:
        """Deal with the end of the file, where no good line follows; gives the new size.

        What has no newline is torn: it is kept aside and cut off. A good last line that lacks
        only its newline is completed. A damaged line that does end in a newline may have been
        told to people under its number, so it stays and its number is not given again.
        """
        bad = self._bad
        if bad and not bad[-1][1].endswith(b"\n"):
            size, torn = bad.pop()
            self._keep_aside(size, torn)
            if self.closed is None:
                os.ftruncate(self.fd, size)
                disk.sync_file(self.fd)
        if size and disk.pread(self.fd, 1, size - 1) != b"\n":
            size = self._complete(size)
        if bad:
            self._tell(f"damaged near byte {bad[0][0]}", bad[0][0])
            events = [line for where, line in bad if where]
            most = len(self.at) + max(sum(line.startswith(b"{") for line in events), bool(events))
            numbers = [_number(line, self._start) or most for line in events]
            likely = [n for n in numbers if len(self.at) < n <= most]
            self._lose_until(max(likely, default=most) + 1, bad[0][0])
        return size

    def _complete(self, size: int) -> int:
        """Give the file's last line its newline; gives the new size."""
        if self.closed is not None:
            self._tell("the last line lacks its end", size)
            if self.at:
                self.pieces[len(self.at)] = (self.at[-1], size - self.at[-1])
                self.holes = True
            return size
        self._tell("the last line lacked its end; it is whole again", size)
        disk.pwrite(self.fd, b"\n", size)
        disk.sync_file(self.fd)
        self.pieces.pop(len(self.at), None)
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
