"""What a room is besides its messages: its kind, owner, members, writers and switches.

Made of the room's own events and of nothing else. Knows no disk and no socket.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from msgspec import Struct

from hub.protocol.events import Event

PRIVATE: Final = "private-"
"""How the names of private rooms begin."""
DIRECT: Final = "dm-"
"""How the names of the rooms of two people begin."""


class Author(NamedTuple):
    """Who writes. `who` is missing for an unverified name; `address` is where it comes from."""

    name: str
    who: str | None = None
    host: bool = False
    bot: bool = False
    address: str | None = None

    @property
    def id(self) -> str:
        """The same for all that they write; Event.author_id is it too."""
        return self.who or f"name:{self.name}"


def direct_name(one: str, other: str) -> str:
    """The name of the room of two people."""
    pair = "\n".join(sorted((one, other)))
    return DIRECT + hashlib.sha256(pair.encode()).hexdigest()[:24]


def hidden(room: str) -> bool:
    """Whether only its members may know of the room of this name."""
    return room.startswith((PRIVATE, DIRECT))


class RulesState(Struct, array_like=True, frozen=True):
    """What RoomRules knows, member by member."""

    kind: str
    title: str
    topic: str
    owner: str | None
    members: dict[str, str]
    writers: dict[str, str]
    archived: bool
    closed: bool
    slow: int
    icon: str
    tint: str
    keep_days: int
    keep_bytes: int


class RoomRules:
    """`kind` is "public", "announcements", "private" or "direct"; `slow` is in seconds; `icon` and
    `tint`, a colour's name, are how the room looks in lists, "" where nobody has said. Files stay
    for `keep_days`, and the newest up to `keep_bytes`, 0 for no end.

    `members` (of hidden rooms) and `writers` (of announcements) are the ids of people, each with
    the name under which they were added.
    """

    def __init__(self, room: str) -> None:
        self.hidden = hidden(room)
        self.kind = "public"
        self.title = room
        self.topic = ""
        self.owner: str | None = None
        self.members: dict[str, str] = {}
        self.writers: dict[str, str] = {}
        self.archived = False
        self.closed = False
        self.slow = 0
        self.icon = ""
        self.tint = ""
        self.keep_days = 0
        self.keep_bytes = 0

    def note(self, event: Event) -> None:
        """Take in an event that was saved; one that says nothing of this is passed over."""
        whom, name = event.whom or "", event.name or ""
        match event.do:
            case "make":
                self._note_make(event)
            case "title" | "topic":
                setattr(self, event.do, event.text or "")
            case "look":
                self.icon, self.tint = event.icon or "", event.tint or ""
            case "invite":
                self.members[whom] = name
            case "remove":
                self.members.pop(whom, None)
            case "owner":
                self.owner = whom
            case "writer" if event.off:
                self.writers.pop(whom, None)
            case "writer":
                self.writers[whom] = name
            case "archive" | "close":
                setattr(self, f"{event.do}d", not event.off)
            case "slow":
                self.slow = event.seconds or 0
            case "keep":
                self.keep_days, self.keep_bytes = event.days or 0, event.bytes or 0

    def _note_make(self, event: Event) -> None:
        self.kind, self.title, self.owner = event.kind or "public", event.text or "", event.who
        if self.hidden:
            self.members = {event.who or "": event.by}
            if event.whom:
                self.members[event.whom] = event.name or ""

    # -- kept beside the file --------------------------------------------------------------

    def dump(self) -> RulesState:
        """All of it."""
        return RulesState(
            self.kind, self.title, self.topic, self.owner, self.members.copy(),
            self.writers.copy(), self.archived, self.closed, self.slow, self.icon, self.tint,
            self.keep_days, self.keep_bytes,
        )  # fmt: skip

    def load(self, state: RulesState) -> None:
        """Be what `dump` gave."""
        self.kind, self.title, self.topic, self.owner = (
            state.kind, state.title, state.topic, state.owner,
        )  # fmt: skip
        self.members, self.writers = state.members.copy(), state.writers.copy()
        self.archived, self.closed, self.slow = state.archived, state.closed, state.slow
        self.icon, self.tint = state.icon, state.tint
        self.keep_days, self.keep_bytes = state.keep_days, state.keep_bytes
