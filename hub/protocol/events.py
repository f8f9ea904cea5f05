"""Events, and the lines that hold them.

One event is one line of UTF-8 JSON, sealed with a checksum. The same bytes stand in the history
file, go over every socket and fill every page of history.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar
from zlib import crc32

import msgspec
from msgspec import Struct

from hub.protocol.origin import Origin
from hub.protocol.polls import Poll
from hub.protocol.sent_file import SentFile

T = TypeVar("T")

FORMAT: Final = 1
"""The version in the header of a room's file."""

SEAL: Final = len(b',"crc":"00000000"}\n')
"""Bytes at the end of a line that its checksum does not cover."""


class Event(Struct, omit_defaults=True, kw_only=True):
    """One thing that happened in a room; a line holds its members in this order."""

    room: str
    n: int
    at: str
    by: str
    who: str | None = None
    bot: bool = False
    do: str
    kind: str | None = None
    whom: str | None = None
    name: str | None = None
    text: str | None = None
    icon: str | None = None
    tint: str | None = None
    seconds: int | None = None
    days: int | None = None
    bytes: int | None = None
    ids: list[str] | None = None
    of: int | None = None
    off: bool = False
    re: int | None = None
    to: dict[str, str] | None = None
    key: str | None = None
    file: str | None = None
    poll: Poll | None = None
    files: list[SentFile] | None = None
    choice: list[int] | None = None
    fwd: Origin | None = None

    @property
    def author_id(self) -> str:
        """The Author.id of who did it."""
        return self.who or f"name:{self.by}"


class Header(Struct, omit_defaults=True):
    """The first line of a room's file."""

    hearth: int
    room: str
    id: str = ""
    made: str = ""


encode: Final = msgspec.json.Encoder().encode
"""JSON without a checksum, as bytes: for what is sent but not kept, and for answers."""

_event = msgspec.json.Decoder(Event)
_header = msgspec.json.Decoder(Header)
_members = msgspec.json.Decoder(dict[str, Any])


def sealed(body: bytes) -> bytes:
    """Turn a JSON object into a line: append its checksum as the last member, and a newline."""
    covered = body[:-1]
    return b'%b,"crc":"%08x"}\n' % (covered, crc32(covered))


def intact(line: bytes) -> bool:
    """Whether the checksum of a line, its newline included, is right."""
    return line[-SEAL:] == b',"crc":"%08x"}\n' % crc32(line[:-SEAL])


def line_of(event: Event | Header) -> bytes:
    """Encode and seal an event or a header."""
    return sealed(encode(event))


def line_start(room: str) -> bytes:
    """What every event line of this room begins with, up to the number."""
    return b'{"room":%b,"n":' % encode(room)


def header_start(room: str) -> bytes:
    """What the header of this room begins with."""
    return b'{"hearth":%d,"room":%b' % (FORMAT, encode(room))


def event_of(line: bytes) -> Event:
    """Decode an event. Raises ValueError for a line that is not one."""
    return _decoded(_event, line)


def header_of(line: bytes) -> Header:
    """Decode a header. Raises ValueError for a line that is not one."""
    return _decoded(_header, line)


def members_of(line: bytes) -> dict[str, Any]:
    """All members of a line but its checksum, including unknown ones. Raises ValueError."""
    members = _decoded(_members, line)
    members.pop("crc", None)
    return members


def _decoded(decoder: msgspec.json.Decoder[T], line: bytes) -> T:
    try:
        return decoder.decode(line)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def has_content(line: bytes) -> bool:
    """Whether a line bears what goes once its message is removed: a text, or files."""
    members = members_of(line)
    return bool(members.get("text") or members.get("files"))


def blanked(line: bytes) -> bytes:
    """The line of a message without its text, whom that meant and its files, in as many bytes.

    All other members stay. Spaces before the checksum take up what the text leaves free, so that
    the file can be changed in place. Raises ValueError where the line has no spare byte.
    """
    members = members_of(line)
    members["text"] = ""
    members["erased"] = True
    members.pop("to", None)
    members.pop("poll", None)
    members.pop("files", None)
    body = encode(members)
    spare = len(line) - SEAL - (len(body) - 1)
    if spare < 0:
        del members["erased"]
        body = encode(members)
        spare = len(line) - SEAL - (len(body) - 1)
    if spare < 0:
        raise ValueError("the line is written more tightly than Hearth writes")
    return sealed(body[:-1] + b" " * spare + b"}")
