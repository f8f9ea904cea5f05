"""What is known of a room at rest: a short record, from which lists and permissions are served.

A record is bytes: what tells whether the room's file is still the one that it was made of, when
something was last said, and the room's state.
"""

from __future__ import annotations

from struct import Struct as Layout
from typing import Final
from zlib import crc32

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


AUTHORS: Final = 16
"""Authors of a room whose latest messages are known while it rests, at most."""


class _State(Struct, omit_defaults=True):
    last: int = field(name="n")
    said: int = field(name="s")
    skipped: int = field(default=0, name="e")  # the latest event that is never unread
    own: dict[int, int] | None = field(default_factory=dict, name="u")  # by _short(who)
    timed: int = field(default=0, name="b")  # the event before the first whose time is known,
    first: int = field(default=0, name="f")  # and how long before the last that one was, in ms
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
    icon: str = field(default="", name="i")
    tint: str = field(default="", name="h")
    keep_days: int = field(default=0, name="d")
    keep_bytes: int = field(default=0, name="y")


class _Texts(Struct):
    title: str | None = field(default=None, name="t")
    topic: str = field(default="", name="p")


_texts: Final = msgpack.Decoder(_Texts)
_decoder: Final = msgpack.Decoder(_State)
_encoder: Final = msgpack.Encoder()


class Resting:
    """A room at rest: what it has in common with Room bears the same names.

    Raises ValueError for a record that is none.
    """

    __slots__ = ("_state", "at", "last", "moment", "name", "permissions", "rules", "said")
    present: Final = 0

    def __init__(self, name: str, record: bytes) -> None:
        state = self._state = _decoder.decode(memoryview(record)[MOMENT.stop :])
        self.name, self.last, self.said, self.at = name, state.last, state.said, state.at
        self.moment = moment_of(record)
        rules = self.rules = RoomRules(name)
        rules.kind, rules.topic, rules.owner = state.kind, state.topic, state.owner
        rules.title = name if state.title is None else state.title
        rules.members, rules.writers = state.members, state.writers
        rules.archived, rules.closed, rules.slow = state.archived, state.closed, state.slow
        rules.icon, rules.tint = state.icon, state.tint
        rules.keep_days, rules.keep_bytes = state.keep_days, state.keep_bytes
        self.permissions = Permissions(rules)

    def read_state(self, person: Person) -> tuple[int, int] | None:
        """What hub.activity.read_state gives for the room, None where that takes its file.

        It does not where they have read all of it, or up to where there is nothing but messages of
        others behind.
        """
        state, read = self._state, person.read.get(self.name)
        if read is None:
            read = 0 if self.rules.hidden else self._before(int(person.made * 1000))
        if read is None or read >= self.last:
            return None if read is None else (read, 0)
        if state.own is None or max(state.skipped, state.own.get(_short(person.who), 0)) > read:
            return None
        return read, self.last - read

    def _before(self, moment: int) -> int | None:
        """The number of the last event before a time in ms; None where only the file tells."""
        if self.moment < moment:
            return self.last
        return self._state.timed if moment <= self.moment - self._state.first else None


def record_of(room: Room) -> bytes | None:
    """The record of an open room, None for one that has to stay open.

    Its file's descriptor is closed until the next use.
    """
    stamp = room.history.suspend() if room.last else None
    if stamp is None:
        return None
    rules, unread = room.rules, room.unread
    timed, first = unread.earliest
    state = _State(
        room.last, room.said, unread.skipped,
        _shortened(unread.latest_own(AUTHORS)),
        timed, room.moment - first, room.at, None if rules.title == room.name else rules.title,
        rules.kind, rules.topic, rules.owner, rules.members, rules.writers,
        rules.archived, rules.closed, rules.slow, rules.icon, rules.tint,
        rules.keep_days, rules.keep_bytes,
    )  # fmt: skip
    return STAMP.pack(*stamp) + _MOMENT.pack(room.moment) + _encoder.encode(state)


def _shortened(own: dict[str, int] | None) -> dict[int, int] | None:
    """Numbers by what stands for a person; where that is the same for two, the higher one."""
    if own is None:
        return None
    numbers: dict[int, int] = {}
    for who, n in own.items():
        numbers[_short(who)] = max(n, numbers.get(_short(who), 0))
    return numbers


def _short(who: str) -> int:
    return crc32(who.encode())


def size_of(record: bytes) -> int:
    """How large the room's file is, in bytes."""
    return int(STAMP.unpack_from(record)[0])


def moment_of(record: bytes) -> int:
    """When something was last said, in ms since 1970."""
    return int(_MOMENT.unpack(record[MOMENT])[0])


def texts_of(name: str, record: bytes) -> tuple[str, str]:
    """A room's title and topic, in less time than all of its record takes."""
    texts = _texts.decode(memoryview(record)[MOMENT.stop :])
    return name if texts.title is None else texts.title, texts.topic
