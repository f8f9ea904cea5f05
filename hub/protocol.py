"""The commands that come in, the events that go out, and the line that an event is.

Knows no room, no file and no socket. One event is one line of UTF-8 JSON; the same bytes
stand in the file, go over every socket and fill every history page.
"""

from __future__ import annotations

import json
import re
from time import gmtime, strftime
from typing import Annotated, Any, Final, TypeVar
from zlib import crc32

import msgspec
from msgspec import Meta, Struct

from hub.errors import Refused

T = TypeVar("T")

FORMAT: Final = 1
"""The version that the header of a room file bears."""

SEAL: Final = len(b',"crc":"00000000"}\n')
"""How many bytes of a line follow those that its checksum covers."""

Key = Annotated[str, Meta(min_length=1, max_length=128)]
Number = Annotated[int, Meta(ge=1, le=2**53)]
Cursor = Annotated[int, Meta(ge=0, le=2**53)]


class Command(Struct, tag_field="do", tag=str.lower):
    """What a client asks for; the class's name in lower case is its `do` on the wire."""


class Hello(Command):
    name: str | None = None
    token: str | None = None
    code: str | None = None


class InRoom(Command):
    room: str


class Join(InRoom):
    after: Cursor | None = None


class Leave(InRoom):
    pass


class Typing(InRoom):
    pass


class Seen(InRoom):
    n: Cursor


class Change(InRoom):
    """A command that becomes an event; `key` makes it safe to repeat."""


class Say(Change):
    text: str
    key: Key | None = None
    re: Number | None = None


class Topic(Change):
    text: str
    key: Key | None = None


class Edit(Change):
    of: Number
    text: str
    key: Key | None = None


class Erase(Change):
    of: Number
    key: Key | None = None


class React(Change):
    of: Number
    text: str
    key: Key | None = None


class Pin(Change):
    of: Number
    key: Key | None = None


class Make(Change):
    """The first event of a room that is not simply public; only the hub itself sends it."""

    kind: str
    text: str
    whom: str | None = None
    key: None = None


class Title(Change):
    text: str
    key: Key | None = None


class Invite(Change):
    whom: str
    key: Key | None = None


class Remove(Change):
    whom: str
    key: Key | None = None


class Owner(Change):
    whom: str
    key: Key | None = None


class Writer(Change):
    whom: str
    off: bool = False
    key: Key | None = None


class Archive(Change):
    off: bool = False
    key: Key | None = None


class Close(Change):
    off: bool = False
    key: Key | None = None


class Slow(Change):
    seconds: Annotated[int, Meta(ge=0, le=86400)]
    key: Key | None = None


Saying = Say | Topic | Edit | Erase | React | Pin
Running = Title | Invite | Remove | Owner | Writer | Archive | Close | Slow
"""What changes a room itself."""
Changing = Running | Topic | Edit | Erase | React | Pin
"""What may be asked of a room that is there."""
Writing = Saying | Running
AnyCommand = Hello | Join | Leave | Typing | Seen | Writing

COMMANDS: Final[tuple[type[Command], ...]] = (
    Hello, Join, Leave, Typing, Seen, Say, Topic, Edit, Erase, React, Pin,
    Title, Invite, Remove, Owner, Writer, Archive, Close, Slow,
)  # fmt: skip
_KNOWN: Final = {command.__name__.lower() for command in COMMANDS}


class _Unknown(Struct):
    do: str


_commands: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_unknown = msgspec.json.Decoder(_Unknown)


def labels(data: bytes) -> tuple[str | None, str | None]:
    """The key and the room that a line from a client bears, be it a sound command or not."""
    try:
        found = json.loads(data)  # reads what is not quite JSON too
        key, room = found.get("key"), found.get("room")
    except (ValueError, RecursionError, AttributeError):
        return None, None
    return _sound(key), _sound(room)


def _sound(text: object) -> str | None:
    return text if isinstance(text, str) and not re.search("[\ud800-\udfff]", text) else None


def command(data: bytes) -> AnyCommand | None:
    """Read one JSON line from a client.

    Gives the command, or None for a `do` that this hub does not know.
    Raises Refused (400, "malformed") for anything else.
    """
    try:
        return _commands.decode(data)
    except ValueError as error:
        try:
            if _unknown.decode(data).do not in _KNOWN:
                return None
        except (ValueError, RecursionError):
            pass
        raise Refused("malformed", f"That is not a command: {error}.") from None
    except RecursionError:
        raise Refused("malformed", "That is not a command: it is nested too deep.") from None


def changing(data: bytes, room: str) -> Changing | Seen:
    """The same for a command about a room that is there, over HTTP, where the path names it.

    Raises Refused: 400 "malformed", 422 "invalid".
    """
    try:
        members = _members.decode(data)
        command: Changing | Seen = msgspec.convert({**members, "room": room}, Changing | Seen)
        return command
    except msgspec.ValidationError as error:
        raise Refused("invalid", f"That is not a command for a room: {error}.", 422) from None
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", f"That is not JSON: {error}.", 400) from None


class Event(Struct, omit_defaults=True, kw_only=True):
    """One thing that happened in a room; the order of the members is the order in the line."""

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
    seconds: int | None = None
    of: int | None = None
    off: bool = False
    re: int | None = None
    key: str | None = None
    file: str | None = None


class Header(Struct, omit_defaults=True):
    """The first line of a room file."""

    hearth: int
    room: str
    id: str = ""
    made: str = ""


_encode = msgspec.json.Encoder().encode
_event = msgspec.json.Decoder(Event)
_header = msgspec.json.Decoder(Header)
_members = msgspec.json.Decoder(dict[str, Any])


def sealed(body: bytes) -> bytes:
    """The line of a JSON object: its checksum joined on as the last member, then a newline."""
    covered = body[:-1]
    return b'%b,"crc":"%08x"}\n' % (covered, crc32(covered))


def intact(line: bytes) -> bool:
    """Whether a line, its newline included, is what was once written."""
    return line[-SEAL:] == b',"crc":"%08x"}\n' % crc32(line[:-SEAL])


def line_of(event: Event | Header) -> bytes:
    return sealed(_encode(event))


def line_start(room: str) -> bytes:
    """How every event line of this room begins, up to its number."""
    return b'{"room":%b,"n":' % _encode(room)


def header_start(room: str) -> bytes:
    """How the header of this room begins."""
    return b'{"hearth":%d,"room":%b' % (FORMAT, _encode(room))


def event_of(line: bytes) -> Event:
    """The event of a line. Raises ValueError where the line is not one."""
    return _read(_event, line)


def header_of(line: bytes) -> Header:
    """The header of a line. Raises ValueError where the line is not one."""
    return _read(_header, line)


def members_of(line: bytes) -> dict[str, Any]:
    """All members of a line, the unknown ones too, without its checksum. Raises ValueError."""
    members = _read(_members, line)
    members.pop("crc", None)
    return members


def _read(decoder: msgspec.json.Decoder[T], line: bytes) -> T:
    try:
        return decoder.decode(line)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def plain(members: object) -> bytes:
    """JSON without a checksum: passing events, answers, pages."""
    return _encode(members)


def blanked(line: bytes) -> bytes:
    """The line of a message whose text was taken out, in exactly as many bytes.

    Every other member stays. Spaces before the checksum fill the room that the text left,
    so that the file changes in place and no other line moves.
    """
    members = members_of(line)
    members["text"] = ""
    members["erased"] = True
    body = _encode(members)
    room = len(line) - SEAL - (len(body) - 1)
    if room < 0:
        del members["erased"]
        body = _encode(members)
        room = len(line) - SEAL - (len(body) - 1)
    if room < 0:
        raise ValueError("the line is written more tightly than Hearth writes")
    return sealed(body[:-1] + b" " * room + b"}")


_second = -1
_prefix = ""


def moment(seconds: float) -> str:
    """A time in seconds since 1970 as the UTC text of an event, in milliseconds."""
    global _second, _prefix
    whole = int(seconds // 1)
    if whole != _second:
        _prefix = strftime("%Y-%m-%dT%H:%M:%S", gmtime(whole))
        _second = whole
    return f"{_prefix}.{int((seconds - whole) * 1000):03d}Z"
