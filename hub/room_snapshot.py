"""What is known of a room's history, as bytes that are kept beside its file.

A start then reads only what came since. No text of a message is in it. It is checked before it is
believed: its own sum, and its checkpoint against the file.
"""

from __future__ import annotations

import sys
from typing import Final
from zlib import crc32

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from hub import __version__
from hub.room import Room
from hub.room_index import KEYS, IndexState
from hub.room_rules import RulesState
from hub.store.checkpoint import Checkpoint, line_sum
from hub.store.offsets import SparseOffsets
from hub.unread import UnreadState

FORMAT: Final = 4
"""Of these bytes; another one is not read, nor is that of another Hearth, which may know more."""
_HEAD: Final = f"hearth {__version__} index {FORMAT} {sys.byteorder} ".encode()
_SUM: Final = len("00000000\n")


class RoomSnapshot(Struct, array_like=True, frozen=True):
    """The checkpoint of a file, and the room as its lines up to there made it."""

    id: str
    crlf: bool
    line: int
    crc: int
    last: int
    end: int
    offsets: tuple[bytes, bytes]
    at: str | None
    index: IndexState
    rules: RulesState
    unread: UnreadState

    @property
    def checkpoint(self) -> Checkpoint:
        """A new one at each call. Raises ValueError where it cannot be one."""
        offsets = SparseOffsets()
        offsets.load(self.offsets, self.last, self.end)
        return Checkpoint(self.id, self.crlf, self.line, self.crc, offsets)

    def restore(self, room: Room) -> None:
        """Make a new room what this one was. Raises ValueError, IndexError."""
        room.index.load(self.index)
        room.rules.load(self.rules)
        room.unread.load(self.unread)
        room.at = self.at

    def agrees(self, other: RoomSnapshot) -> bool:
        """Whether both are of the same lines, of which texts may have been taken out meanwhile.

        Times are not compared, as they depend on which was noted first.
        """
        return self._compared() == other._compared()

    def _compared(self) -> RoomSnapshot:
        return replace(self, crc=0, unread=replace(self.unread, timed=0, times=b""))


_decoder = msgspec.msgpack.Decoder(RoomSnapshot)


def taken(room: Room) -> RoomSnapshot | None:
    """The snapshot of a room to which nothing is being saved; what it knows of the latest alone
    is cut to that.

    None for an empty room and one whose file is to be read as a whole each time, as something is
    wrong with it. Raises Refused (503) where it cannot be read.
    """
    history = room.history
    found = history.located(history.last)
    if found is None or not isinstance(history.offsets, SparseOffsets):
        return None
    room.unread.forget_before(history.last - KEYS + 1)
    return RoomSnapshot(
        id=history.id,
        crlf=history.crlf,
        line=found[0],
        crc=line_sum(found[1]),
        last=history.last,
        end=history.size,
        offsets=history.offsets.dump(),
        at=room.at,
        index=room.index.dump(after=history.last - KEYS),
        rules=room.rules.dump(),
        unread=room.unread.dump(),
    )


def dump(snapshot: RoomSnapshot) -> bytes:
    """A snapshot as the bytes of its file."""
    data = msgspec.msgpack.encode(snapshot)
    return b"%b%08x\n%b" % (_HEAD, crc32(data), data)


def load(data: bytes) -> RoomSnapshot:
    """The snapshot in the bytes of its file. Raises ValueError where there is none in them."""
    head, body = data[: len(_HEAD) + _SUM], memoryview(data)[len(_HEAD) + _SUM :]
    if head != b"%b%08x\n" % (_HEAD, crc32(body)):
        raise ValueError("it is damaged, or of another version of Hearth or kind of computer")
    return _decoder.decode(body)
