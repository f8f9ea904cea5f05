"""The first line of a room's file: which room, which format, which history it is."""

from __future__ import annotations

from typing import Final, NamedTuple

from hub.errors import Refused
from hub.protocol import events

HEADER: Final = 1 << 16
"""Most bytes of a header."""
WRONG_BYTES: Final = 4
"""A first line with more wrong bytes than these is another file's text, not a damaged header."""

_BOM: Final = b"\xef\xbb\xbf"


class NoHeader(Refused):
    """The file does not begin as a room's history does: it may be anything."""


class FoundHeader(NamedTuple):
    """`end` is the byte at which the events begin; `closed` says why the file is not written."""

    end: int
    id: str = ""
    closed: str | None = None
    crlf: bool = False
    damaged: bool = False


def find_header(data: bytes, size: int, room: str, file: str) -> FoundHeader:
    """Read the header of `room` in `data`, the first HEADER bytes of a file of `size` bytes.

    A header with a few wrong bytes is damaged; one that was cut off before any event is as if
    the file were empty. Raises Refused (503) where the file, called `file`, is not this room's:
    what anybody put there is neither shown nor written to.
    """
    skip = len(_BOM) if data.startswith(_BOM) else 0
    line, newline, _ = data[skip:].partition(b"\n")
    end = skip + len(line) + len(newline)
    if events.intact(line.removesuffix(b"\r") + b"\n"):
        header, closed = _checked(line, room, file)
        return FoundHeader(end, header.id, closed, line.endswith(b"\r"))
    usual = events.header_start(room)
    first_event = line.find(events.line_start(room))
    cut_off = not newline and first_event < 0 and len(data) == size
    if cut_off and _one_begins_the_other(line.rstrip(b"\0"), usual):
        return FoundHeader(0)
    wrong = sum(a != b for a, b in zip(line, usual, strict=False))
    if wrong + max(0, len(usual) - len(line)) > WRONG_BYTES:
        raise _no_header(file)
    # It may have lost no more than its newline.
    return FoundHeader(skip + first_event if first_event > 0 else end, damaged=True)


def _checked(line: bytes, room: str, file: str) -> tuple[events.Header, str | None]:
    """The header of an intact line, and why nothing may be written after it."""
    try:
        header = events.header_of(line)
    except ValueError:
        found = _room_of_event(line)
        if found == room:
            raise _no_header(file) from None
        # Else it is intact, and no version until now wrote it so.
        header = events.Header(events.FORMAT + 1, found or room)
    if header.room != room:
        raise Refused(
            "room_closed",
            f"The file {file} holds the history of the room {header.room}: "
            f"name it {header.room}.jsonl again.",
            503,
        )
    if header.hearth > events.FORMAT:
        return header, f"A newer Hearth wrote {file}, so it is only read."
    return header, None


def _no_header(file: str) -> NoHeader:
    return NoHeader(
        "room_closed",
        f"The file {file} does not begin as a room's history does, so it is neither"
        " shown nor changed. Whoever runs this Hearth is told by --check what to do.",
        503,
    )


def _one_begins_the_other(data: bytes, whole: bytes) -> bool:
    return data.startswith(whole) or whole.startswith(data)


def _room_of_event(line: bytes) -> str | None:
    """The room that a line names if it is an event's."""
    try:
        members = events.members_of(line)
    except ValueError:
        return None
    room = members.get("room")
    return room if isinstance(room, str) and "n" in members else None
