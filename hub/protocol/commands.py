"""Commands: what a client may ask for, and how a line from a client is decoded."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Final, get_args

import msgspec
from msgspec import Meta, Struct

from hub.errors import Refused
from hub.protocol.origin import Origin
from hub.protocol.polls import ANSWERS, Poll
from hub.protocol.sent_file import MOST_FILES, FileId, SentFile

Key = Annotated[str, Meta(min_length=1, max_length=128)]
"""Chosen by the sender: a command that is repeated with its key is carried out once."""
Number = Annotated[int, Meta(ge=1, le=2**53)]
"""The number of an event in its room."""
Cursor = Annotated[int, Meta(ge=0, le=2**53)]
"""The number of the last event that a client has; 0 is before all of them."""

WATCHED: Final = 100
"""Most rooms that one client may watch."""
KEPT_DAYS: Final = 3650
"""Most days for which a room can have files stay."""
FOLLOWED: Final = 200
"""Most people that one client may follow."""
Id = Annotated[str, Meta(max_length=64)]
"""The id of a person, whether or not there is one."""


class Command(Struct, tag_field="do", tag=str.lower):
    """What a client asks for; on the wire, `do` is the name of the class in lower case."""


class Hello(Command):
    """`rooms_tag` is that of the list of rooms that the client has: is it still the present one?"""

    name: str | None = None
    token: str | None = None
    code: str | None = None
    rooms_tag: str | None = None


class Watch(Command):
    """Which public rooms a client shows, without having joined them: it hears first of these."""

    rooms: Annotated[list[str], Meta(max_length=WATCHED)]


class Follow(Command):
    """Of whom a client shows whether they are here, wherever they are: it is told of changes."""

    people: Annotated[list[Id], Meta(max_length=FOLLOWED)]


class Idle(Command):
    """How many seconds ago somebody last touched a page, or a key."""

    seconds: Annotated[float, Meta(ge=0, le=1e9)]


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


class Reads(InRoom):
    """Asks how far others have read, of somebody who is in the room."""


class Change(InRoom):
    """A command that is saved as an event; `key` makes it safe to repeat."""


class Say(Change):
    """`to` says who is meant by `@name` in the text: each name as written, and the person's id.

    With `poll`, `text` is the question. `files` are ids of files that the sender has sent to the
    room before; the text may be empty then.
    """

    text: str
    key: Key | None = None
    re: Number | None = None
    to: dict[str, str] | None = None
    poll: Poll | None = None
    files: Annotated[list[FileId], Meta(max_length=MOST_FILES)] | None = None


class Issued(Say, tag="say"):
    """A message with what only the hub can know: where it was sent on from, and what the files are
    whose ids it bears.
    """

    fwd: Origin | None = None
    sent: list[SentFile] | None = None


class Topic(Change):
    text: str
    key: Key | None = None


class Look(Change):
    """How the room looks in lists: an emoji or a letter, and a colour's name; "" for neither."""

    icon: str = ""
    tint: str = ""
    key: Key | None = None


class Edit(Change):
    of: Number
    text: str
    key: Key | None = None
    to: dict[str, str] | None = None


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


class Vote(Change):
    """Numbers of answers, the first one is 1; none of them takes an earlier vote back."""

    of: Number
    choice: Annotated[list[int], Meta(max_length=ANSWERS)]
    key: Key | None = None


class End(Change):
    """Ends a poll."""

    of: Number
    key: Key | None = None


class Make(Change):
    """The first event of a room that is not a plain public one; only the hub issues it."""

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


class Keep(Change):
    """How long files stay in the room: for so many days, and the newest up to so many bytes; 0 for
    no end.
    """

    days: Annotated[int, Meta(ge=0, le=KEPT_DAYS)] = 0
    bytes: Annotated[int, Meta(ge=0, le=2**53)] = 0
    key: Key | None = None


class Expire(Change):
    """Files, by their ids, have been here for as long as files stay; only the hub issues it."""

    ids: list[FileId]
    key: None = None


MessageChange = Say | Topic | Look | Edit | Erase | React | Pin | Vote | End
"""Changes to what is said in a room."""
RoomChange = Title | Invite | Remove | Owner | Writer | Archive | Close | Slow | Keep
"""Changes to the room itself."""
AnyChange = RoomChange | Topic | Look | Edit | Erase | React | Pin | Vote | End
"""All changes to a room that exists, but new messages."""
Writing = MessageChange | RoomChange
Own = Make | Expire
"""What only the hub issues."""
AnyCommand = Hello | Watch | Follow | Idle | Join | Leave | Typing | Seen | Reads | Writing

COMMANDS: Final[tuple[type[Command], ...]] = get_args(AnyCommand)
_KNOWN: Final = {command.__name__.lower() for command in COMMANDS}


class _Named(Struct):
    do: str


_command: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_named = msgspec.json.Decoder(_Named)
_members = msgspec.json.Decoder(dict[str, Any])


def decode(data: bytes) -> AnyCommand | None:
    """Decode one JSON line from a client; None for a `do` that this hub does not know.

    Raises Refused: 400 "malformed".
    """
    try:
        return _command.decode(data)
    except ValueError as error:
        try:
            if _named.decode(data).do not in _KNOWN:
                return None
        except (ValueError, RecursionError):
            pass
        raise Refused("malformed", f"That is not a command: {error}.") from None
    except RecursionError:
        raise Refused("malformed", "That is not a command: it is nested too deep.") from None


def decode_change(data: bytes, room: str) -> AnyChange | Seen:
    """Decode a command that came over HTTP, where the path names the room.

    Raises Refused: 400 "malformed", 422 "invalid".
    """
    try:
        members = _members.decode(data)
        command: AnyChange | Seen = msgspec.convert({**members, "room": room}, AnyChange | Seen)
        return command
    except msgspec.ValidationError as error:
        raise Refused("invalid", f"That is not a command for a room: {error}.", 422) from None
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", f"That is not JSON: {error}.", 400) from None


def labels(data: bytes) -> tuple[str | None, str | None]:
    """The key and the room of a line, as far as they can be read: to label its refusal with."""
    try:
        found = json.loads(data)  # more lenient than msgspec
        key, room = found.get("key"), found.get("room")
    except (ValueError, RecursionError, AttributeError):
        return None, None
    return _text(key), _text(room)


def _text(label: object) -> str | None:
    """A label that is a string and can be sent as UTF-8."""
    return label if isinstance(label, str) and not re.search("[\ud800-\udfff]", label) else None
