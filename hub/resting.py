"""What is known of a room at rest: a short record, from which lists and permissions are served.

A record is bytes: what tells whether the room's file is still the one that it was made of, when
something was last said, and the room's state.
"""

from __future__ import annotations

from struct import Struct as Layout
from typing import Final

from msgspec import Struct, field, msgpack

from hub.access.people import Person
from hub.permissions import Permissions
from hub.room import Room
from hub.room_rules import RoomRules

STAMP: Final = Layout("=qq")
"""How a record begins: the file's size in bytes, and when it was written in ns since 1970."""
_MOMENT: Final = Layout("=q")
MOMENT: Final = slice(STAMP.size, STAMP.size + _MOMENT.size)
"""The bytes of a record that say when something was last said, in ms since 1970."""


class _State(Struct, omit_defaults=True):
    last: int = field(name="n")
    said: int = field(name="s")
    at: str | None = field(default=None, name="a")
    title: str | None = field(default=None, name="t")  # unless it is the name
    kind: str = field(default="public", name="k")
    topic: str = field(default="", name="p")
    owner: str | None = field(default=None, name="o")
    members: dict[str, str] = field(default_factory=dict, name="m")
    writers: dict[str, str] = field(default_factory=dict, name="w")
    archived: bool = field(default=False, name="r")
    closed: bool = field(default=False, name="c")
    slow: int = field(default=0, name="l")


class _Title(Struct):
    title: str | None = field(default=None, name="t")


_titles: Final = msgpack.Decoder(_Title)
_decoder: Final = msgpack.Decoder(_State)
_encoder: Final = msgpack.Encoder()


class Resting:
    """A room at rest: what it has in common with Room bears the same names.

    Raises ValueError for a record that is none.
    """

    __slots__ = ("at", "last", "moment", "name", "permissions", "rules", "said")
    present: Final = 0

    def __init__(self, name: str, record: bytes) -> None:
        state = _decoder.decode(memoryview(record)[MOMENT.stop :])
        self.name, self.last, self.said, self.at = name, state.last, state.said, state.at
        self.moment = moment_of(record)
        rules = self.rules = RoomRules(name)
        rules.kind, rules.topic, rules.owner = state.kind, state.topic, state.owner
        rules.title = name if state.title is None else state.title
        rules.members, rules.writers = state.members, state.writers
        rules.archived, rules.closed, rules.slow = state.archived, state.closed, state.slow
        self.permissions = Permissions(rules)

    def read_state(self, person: Person) -> tuple[int, int] | None:
        """What hub.activity.read_state gives for the room, where that is known without its file.

        It is where they have read all of it, and where they came after all that was said.
        """
        read = person.read.get(self.name)
        if read is None and not self.rules.hidden and self.moment < int(person.made * 1000):
            read = self.last
        return (read, 0) if read is not None and read >= self.last else None


def record_of(room: Room) -> bytes | None:
    """The record of an open room, None for one that has to stay open.

    Its file's descriptor is closed until the next use.
    """
    stamp = room.history.suspend() if room.last else None
    if stamp is None:
        return None
    rules = room.rules
    state = _State(
        room.last, room.said, room.at, None if rules.title == room.name else rules.title,
        rules.kind, rules.topic, rules.owner, rules.members, rules.writers,
        rules.archived, rules.closed, rules.slow,
    )  # fmt: skip
    return STAMP.pack(*stamp) + _MOMENT.pack(room.moment) + _encoder.encode(state)


def moment_of(record: bytes) -> int:
    """When something was last said, in ms since 1970."""
    return int(_MOMENT.unpack(record[MOMENT])[0])


def title_of(name: str, record: bytes) -> str:
    """What a room is called, in less time than all of its record takes."""
    title = _titles.decode(memoryview(record)[MOMENT.stop :]).title
    return name if title is None else title
