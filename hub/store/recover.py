"""A room's file as it is opened: read once, each line checked, its end mended."""

from __future__ import annotations

import errno
import logging
import os
import re
import secrets
from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

from hub.errors import Refused, stopping, too_much_open
from hub.protocol import events
from hub.protocol.events import FORMAT, SEAL, Header
from hub.store import disk

log = logging.getLogger(__name__)

READ_ONLY: Final = "It was opened only to be read."
"""Why a file that was opened without repair is closed for writing."""

BLOCK: Final = 1 << 19
"""How many bytes are read at a time; between two blocks a stop is noticed."""
HELD: Final = 1 << 22
"""How many bytes without a newline are held in memory; a longer line is read in pieces."""
HEADER: Final = 1 << 16
"""So long, in bytes, is a header at most."""
MOST_LOST: Final = 1 << 22
"""So many numbers may be missing in one file; a line that jumps further is taken for damage."""
TOLD: Final = 100
"""So many damaged places are told one by one."""
LOGGED: Final = 5
"""So many of them in the log."""
ODD_BYTES: Final = 4
"""A header is damaged, and not another file's text, where no more bytes than these are wrong."""

_SAY: Final = b',"do":"say",'
SEAL_END: Final = re.compile(rb',"crc":"[0-9a-f]{8}"}')
_END: Final = 1 - SEAL  # where in a line without its newline the checksum begins
_BOM: Final = b"\xef\xbb\xbf"


class _Piece(NamedTuple):
    """A whole event: its number, where it begins and ends, its line where it is no message."""

    n: int
    begin: int
    end: int
    event: bytes


class NoHeader(Refused):
    """A file that does not begin as a room's history does: it may be anything."""


class Scan:
    """What was found in the file of `room` at `path`; takes and raises as History.open does.

    `fd` is open on it, -1 where there is none; `id` is the room's; `closed` tells why the file
    is not to be written, or is None. `at[n - 1]` is where the line of n begins, -1 where it is
    lost, and one more entry where the next line will begin. With `holes` the next number does
    not tell where a line ends; with `returns` lines end in CRLF. `damage` are the sentences that
    tell what was wrong, the first TOLD of them, `places` the byte of each; `untold` counts others.

    Memory: 8 bytes a number, and a few times HELD, whatever is in the file.
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
    ) -> None:
        self.path = path
        self.room = room
        self.fd = -1
        self.id = ""
        self.closed: str | None = None
        self.at = array("q", [0])
        self.holes = False
        self.returns = False
        self.damage: list[str] = []
        self.places: list[int] = []
        self.untold = 0
        self._aside = aside
        self._note = note
        self._open_file = open_file
        self._stopped = stopped
        self._start = events.line_start(room)
        self._lost = 0
        # Of damaged stretches that no good line follows yet:
        self._bad: list[int] = []  # where the first of them begins, or nothing
        self._events = 0  # how many may have been events, by their newlines
        self._objects = 0  # how many of these look like one
        self._numbers = array("q")  # the numbers that these bear
        self._unnumbered = False  # whether one bears none
        try:
            self._open(repair)
            if self.fd >= 0:
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
            elif not os.fstat(self.fd).st_mode & 0o222:
                self.closed = f"The file {self.path.name} is marked read-only."

    def _read(self) -> None:
        """Find each line's place, check it, note what is no message."""
        del self.at[:]
        size, torn = self._take_lines(self._take_header())
        self.at.append(self._end_well(size, torn))
        more = self.untold + len(self.damage) - LOGGED
        if more > 0 and self.closed != READ_ONLY:
            log.warning("%s: %d places are damaged in all", self.path.name, more + LOGGED)

    def _take_lines(self, where: int) -> tuple[int, int]:
        """Take every line from `where` on; gives where the file ends, and its torn end begins."""
        start, at, bad = self._start, self.at, self._bad
        expected = start + b"%d," % (len(at) + 1)
        rest = b""
        while block := self._block(where + len(rest)):
            lines = (rest + block).split(b"\n")
            rest = lines.pop()
            for line in lines:
                if (
                    line.startswith(expected)
                    and line[_END:] == b',"crc":"%08x"}' % crc32(line[:_END])
                    and not bad
                ):
                    at.append(where)
                    if _SAY not in line:
                        self._note(line + b"\n")
                else:
                    self._take_other(where, line)
                expected = start + b"%d," % (len(at) + 1)
                where += len(line) + 1
            if len(rest) > HELD:
                rest = b""
                where, torn = self._take_long(where)
                if torn < where:
                    return where, torn
                expected = start + b"%d," % (len(at) + 1)
        end = where + len(rest)
        if rest:
            where = self._take_odd(where, end, self._good_pieces(where, rest), False)
        return end, where

    def _block(self, where: int) -> bytes:
        if self._stopped():
            raise stopping()
        return disk.pread(self.fd, BLOCK, where)

    # -- the first line --------------------------------------------------------------------

    def _take_header(self) -> int:
        """Read the first line; gives where the events begin.

        Raises Refused where the file is not this room's: what anybody put there is neither shown
        nor written to. A header with a few wrong bytes is damage, and told as such.
        """
        data = self._block(0)[:HEADER]
        skip = len(_BOM) if data.startswith(_BOM) else 0
        line, newline, _ = data[skip:].partition(b"\n")
        end = skip + len(line) + len(newline)
        if events.intact(line.removesuffix(b"\r") + b"\n"):
            self._read_header(line)
            self.returns = line.endswith(b"\r")
            return end
        usual = events.header_start(self.room)
        first = line.find(self._start)
        cut_off = not newline and first < 0 and len(data) == os.fstat(self.fd).st_size
        if cut_off and _begins(line.rstrip(b"\0"), usual):
            return 0
        odd = sum(a != b for a, b in zip(line, usual, strict=False))
        if odd + max(0, len(usual) - len(line)) > ODD_BYTES:
            raise self._not_ours()
        self._bad.append(0)
        return skip + first if first > 0 else end  # it may have lost no more than its newline

    def _read_header(self, line: bytes) -> None:
        try:
            header = events.header_of(line)
        except ValueError:
            room = _room_of(line)
            if room == self.room:
                raise self._not_ours() from None
            # Else it is whole, and not as any Hearth until now wrote it.
            header = Header(FORMAT + 1, room or self.room)
        if header.room != self.room:
            raise Refused(
                "room_closed",
                f"The file {self.path.name} holds the history of the room {header.room}: "
                f"name it {header.room}.jsonl again.",
                503,
            )
        if header.hearth > FORMAT:
            self.closed = f"A newer Hearth wrote {self.path.name}, so it is only read."
        self.id = header.id

    def _not_ours(self) -> Refused:
        return NoHeader(
            "room_closed",
            f"The file {self.path.name} does not begin as a room's history does, so it is neither"
            " shown nor changed. Whoever runs this Hearth is told by --check what to do.",
            503,
        )

    # -- what is not simply the next line --------------------------------------------------

    def _take_other(self, where: int, line: bytes) -> None:
        """Take a line, given without its newline, that ends in CRLF or is odd."""
        if line.endswith(b"\r"):
            self.returns = True
            line = line[:-1]
            expected = self._start + b"%d," % (len(self.at) + 1)
            if line.startswith(expected) and events.intact(line + b"\n") and not self._bad:
                self.at.append(where)
                if _SAY not in line:
                    self._note(line + b"\n")
                return
        self._take_odd(where, where + len(line), self._good_pieces(where, line), True)

    def _take_odd(self, where: int, end: int, pieces: Iterable[_Piece], ended: bool) -> int:
        """Take a stretch in which these whole events are.

        `end` is that of the stretch without its newline, which it has where `ended`. Gives where
        in it that begins in which nothing was found.
        """
        bad, taken = self._bad, where
        again = False
        for n, begin, until, event in pieces:
            if n <= len(self.at):
                self._tell(f"message {n} stands twice; the first one counts", begin)
                again = self.holes = True
                continue
            if bad or begin > taken:
                at = bad[0] if bad else taken
                self._tell(f"damaged near byte {at}", at)
                self.holes = True
            self._forgive()
            self._lose_until(n, taken)
            self.at.append(begin)
            if (begin, until) != (where, end):
                self.holes = True
            if event:
                self._note(event)
            taken, again = until, False
        if ended and not again and (taken < end or taken == where):
            self._add_bad(taken, end)
        return end if again else taken

    def _good_pieces(self, where: int, data: bytes) -> Iterator[_Piece]:
        """The whole events inside a stretch that begins at `where`.

        Only a checksum ends an event, and only what begins nearest before it can be whole: no
        text holds the beginning of a line, as quotes in texts are escaped.
        """
        after = 0
        for seal in SEAL_END.finditer(data):
            begin = data.rfind(self._start, after, seal.start())
            line = data[begin : seal.end()] + b"\n"
            n = self._likely_number(line) if begin >= 0 and events.intact(line) else None
            if n is not None:
                yield _Piece(n, where + begin, where + seal.end(), b"" if _SAY in line else line)
            after = seal.end()

    def _likely_number(self, line: bytes) -> int | None:
        """The number of a whole line, unless it jumps too far."""
        n = _number(line, self._start)
        return n if n is not None and n <= len(self.at) + MOST_LOST - self._lost else None

    def _add_bad(self, where: int, end: int) -> None:
        """Note that nothing can be read from `where` to `end`, where a newline stands."""
        if not self._bad:
            self._bad.append(where)
        if where in (0, end):  # the header, or an empty line: that was no event
            return
        head = disk.pread(self.fd, min(end - where, HEADER), where)
        self._events += 1
        self._objects += head.startswith(b"{")
        n = _number(head, self._start)
        if n is None:
            self._unnumbered = True
        elif n > len(self.at):
            self._numbers.append(n)

    def _forgive(self) -> None:
        """A good line follows: what is damaged before it takes no numbers."""
        self._bad.clear()
        self._events = self._objects = 0
        del self._numbers[:]
        self._unnumbered = False

    # -- a line that is too long to be held ------------------------------------------------

    def _take_long(self, where: int) -> tuple[int, int]:
        """Take the line at `where` in pieces; gives where the next begins, and the torn end.

        A whole one is a message, and needs no noting: other commands are far shorter.
        """
        end, ending, whole = self._measure(where)
        n = self._likely_number(disk.pread(self.fd, HEADER, where)) if whole else None
        pieces = self._far_pieces(where, end) if n is None else [_Piece(n, where, end, b"")]
        torn = self._take_odd(where, end, pieces, ending > 0)
        return end + ending, end + ending if ending else torn

    def _measure(self, where: int) -> tuple[int, int, bool]:
        """Where the line ends, how long its line end is (0 at the file's end), if it is intact."""
        crc, tail, found, full = 0, b"", -1, True
        while found < 0 and (block := self._block(where)):
            found = block.find(b"\n")
            part = block if found < 0 else block[:found]
            tail += part
            crc, tail = crc32(tail[:-SEAL], crc), tail[-SEAL:]
            where += len(part)
            if found < 0 and not part.strip(b"\0"):
                full, where = False, disk.data_from(self.fd, where)
        line = tail.removesuffix(b"\r") if found >= 0 else tail
        self.returns |= len(line) < len(tail)
        whole = full and line[_END:] == b',"crc":"%08x"}' % crc32(line[:_END], crc)
        return where - (len(tail) - len(line)), (found >= 0) + len(tail) - len(line), whole

    def _far_pieces(self, where: int, end: int) -> Iterator[_Piece]:
        """As _good_pieces, of a stretch that is too long to be held."""
        held = b""  # what stands at `where`
        while where + len(held) < end and (block := self._block(where + len(held))):
            if not block.strip(b"\0"):
                where, held = disk.data_from(self.fd, where + len(held) + len(block)), b""
                continue
            held = (held + block)[: end - where]
            done = 0
            for piece in self._good_pieces(where, held):
                yield piece
                done = piece.end - where
            going_on = held.rfind(self._start, done)  # the next event may have begun here
            if going_on < 0 or len(held) - going_on > HELD:
                going_on = max(done, len(held) - len(self._start))
            where, held = where + going_on, held[going_on:]

    # -- its end, and what is told ---------------------------------------------------------

    def _lose_until(self, n: int, where: int) -> None:
        missing = n - 1 - len(self.at)
        if missing > 0:
            which = "1 message" if missing == 1 else f"{missing} messages"
            verb = "is" if missing == 1 else "are"
            self._tell(f"{which} before number {n} cannot be read and {verb} skipped", where)
            self.holes = True
            self._lost += missing
            self.at.extend(array("q", [-1]) * missing)

    def _end_well(self, size: int, torn: int) -> int:
        """Deal with the end of the file, where no good line follows; gives the new size.

        What has no newline, from `torn` on, is kept aside and cut off. A good last line that
        lacks only its newline is completed. A damaged line that does end in a newline may have
        been told to people under its number, so it stays and its number is not given again.
        """
        bad = self._bad
        if torn < size:
            self._keep_aside(torn, size)
            size = torn
            if self.closed is None:
                os.ftruncate(self.fd, size)
                disk.sync_file(self.fd)
        if size and disk.pread(self.fd, 1, size - 1) != b"\n":
            size = self._complete(size)
        if bad:
            self._tell(f"damaged near byte {bad[0]}", bad[0], always=True)
            self.holes = True
            most = len(self.at) + max(self._objects, bool(self._events))
            likely = [n for n in self._numbers if n <= most]
            last = most if self._unnumbered else max(likely, default=most)
            self._lose_until(last + 1, bad[0])
        return size

    def _complete(self, size: int) -> int:
        """Give the file's last line its newline; gives the new size."""
        if self.closed is not None:
            self._tell("the last line lacks its end", size, always=True)
            self.holes = True
            return size
        self._tell("the last line lacked its end; it is whole again", size, always=True)
        disk.pwrite(self.fd, b"\n", size)
        disk.sync_file(self.fd)
        return size + 1

    def _keep_aside(self, where: int, size: int) -> None:
        torn = size - where
        if self.closed is not None:
            which = "last byte is" if torn == 1 else f"last {torn} bytes are"
            self._tell(f"the {which} torn", where, always=True)
            return
        name = f"{self.path.stem}-{where}-{secrets.token_hex(4)}.torn"
        disk.keep(self._aside / name, self.fd, where, size)
        which = "byte was torn; it is" if torn == 1 else f"{torn} bytes were torn; they are"
        self._tell(f"the last {which} kept in {name}", where, always=True)

    def _tell(self, what: str, where: int, *, always: bool = False) -> None:
        """Note what is wrong; a file may be wrong in a million places, and nobody reads them."""
        told = len(self.damage)
        if told < TOLD or always:
            self.damage.append(what)
            self.places.append(where)
            if self.closed != READ_ONLY and (told < LOGGED or always):
                log.warning("%s: %s", self.path.name, what)
        else:
            self.untold += 1


def _number(line: bytes, start: bytes) -> int | None:
    """The number of a line that begins as a line of this room does."""
    if not line.startswith(start):
        return None
    digits = line[len(start) : line.find(b",", len(start))]
    return int(digits) if digits.isdigit() and len(digits) < 17 else None


def _begins(data: bytes, whole: bytes) -> bool:
    """Whether one of the two is how the other begins."""
    return data.startswith(whole) or whole.startswith(data)


def _room_of(line: bytes) -> str | None:
    """The room of an event's line."""
    try:
        members = events.members_of(line)
    except ValueError:
        return None
    room = members.get("room")
    return room if isinstance(room, str) and "n" in members else None
