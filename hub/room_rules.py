"""What a room is besides its messages: its kind, whose it is, who is in it, who may write.

Made of the room's own events and of nothing else. Knows no disk and no socket.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from hub.errors import Refused
from hub.names import shows
from hub.protocol.commands import (
    Archive,
    Close,
    Erase,
    Invite,
    Owner,
    Pin,
    React,
    Remove,
    Slow,
    Title,
    Topic,
    Writer,
    Writing,
)
from hub.protocol.events import Event

PRIVATE: Final = "private-"
DIRECT: Final = "dm-"
TITLE_LENGTH: Final = 64


class Author(NamedTuple):
    """Who writes: `who` is missing for a name that nobody has proved; `address` is whence."""

    name: str
    who: str | None = None
    host: bool = False
    bot: bool = False
    address: str | None = None

    @property
    def id(self) -> str:
        return self.who or f"name:{self.name}"


def hidden(room: str) -> bool:
    """Whether a room of this name is one that only those in it may know of."""
    return room.startswith((PRIVATE, DIRECT))


def no_such_room() -> Refused:
    """What everybody hears of a hidden room that they are not in, there or not."""
    return Refused("no_such_room", "There is no such room.", 404)


class RoomRules:
    """`kind` is "public", "announcements", "private" or "direct"; `clock` gives seconds."""

    def __init__(self, room: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.kind = "public"
        self.title = room
        self.topic = ""
        self.owner: str | None = None
        self.members: dict[str, str] = {}  # who -> the name under which they were invited
        self.writers: dict[str, str] = {}
        self.archived = False
        self.closed = False
        self.slow = 0
        self._clock = clock
        self._said: dict[str, float] = {}

    def note(self, event: Event) -> None:
        """Take in an event that was saved."""
        whom, name = event.whom or "", event.name or ""
        match event.do:
            case "make":
                self._note_make(event)
            case "title" | "topic":
                setattr(self, event.do, event.text or "")
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
            case "archive":
                self.archived = not event.off
            case "close":
                self.closed = not event.off
            case "slow":
                self.slow = event.seconds or 0

    def _note_make(self, event: Event) -> None:
        self.kind, self.title, self.owner = event.kind or "public", event.text or "", event.who
        if hidden(event.room):
            self.members = {event.who or "": event.by}
            if event.whom:
                self.members[event.whom] = event.name or ""

    def admits(self, room: str, who: str | None) -> bool:
        """Whether somebody may know of the room at all."""
        return not hidden(room) or (who is not None and who in self.members)

    def may_write(self, author: Author) -> bool:
        """Whether somebody may say something, apart from slow mode."""
        if self.archived or (self.closed and not author.host):
            return False
        return self.kind != "announcements" or author.host or author.who in self.writers

    def check(self, command: Writing, author: Author) -> None:
        """Raises Refused where the author may not do this here."""
        match command:
            case Title() | Archive() | Owner() | Invite() | Remove():
                self._check_owners(command, author)
            case Writer() | Close() | Slow():
                self._check_hosts(command, author)
            case Topic():
                if author.who is None:
                    raise Refused("unverified", "Join with your name first.", 403)
                if self.kind in ("private", "announcements"):
                    self._owns(author)
                elif not self.may_write(author):
                    raise _shut()
            case React():
                if self.archived or (self.closed and not author.host):
                    raise _shut()
            case Erase():
                if self.archived:
                    raise _shut()
            case _:
                self._may_say(command, author)

    def said(self, author: Author) -> None:
        """Start the wait of slow mode for this author."""
        if self.slow:
            self._said[_source(author)] = self._clock()

    def _check_owners(self, command: Writing, author: Author) -> None:
        if isinstance(command, Invite | Remove | Owner) and self.kind != "private":
            raise Refused("not_private", "Only a private room has invited people.", 403)
        if not (isinstance(command, Remove) and command.whom == author.who):
            self._owns(author)
        elif author.who == self.owner:
            raise Refused("owner", "Hand the room over before you leave it.", 422)
        if isinstance(command, Remove | Owner) and command.whom not in self.members:
            raise Refused("not_a_member", "They are not in this room.", 422)
        if isinstance(command, Title):
            check_title(command.text)

    def _check_hosts(self, command: Writing, author: Author) -> None:
        match command:
            case Writer():
                allowed = author.host and self.kind == "announcements"
            case Close():
                allowed = author.host and not hidden_kind(self.kind)
            case _:
                allowed = author.host or (self.owner is not None and author.who == self.owner)
        if not allowed:
            raise Refused("forbidden", "Only a host may do that here.", 403)

    def _owns(self, author: Author) -> None:
        if self.kind == "announcements" and author.host:
            return
        if self.owner is None or author.who != self.owner or self.kind == "direct":
            raise Refused("not_owner", "Only whose room it is may do that.", 403)

    def _may_say(self, command: Writing, author: Author) -> None:
        if self.archived or (self.closed and not author.host):
            raise _shut()
        if not self.may_write(author):
            raise Refused("may_not_write", "Only chosen people write here.", 403)
        if self.slow and not author.host and not isinstance(command, Pin):
            wait = self._said.get(_source(author), -1e9) + self.slow - self._clock()
            if wait > 0:
                raise Refused(
                    "slow", "This room is in slow mode. Wait a moment.", 429, round(wait, 1)
                )


def check_title(text: str) -> None:
    """Raises Refused (422) for a title that a room cannot have."""
    if len(text) > TITLE_LENGTH or not shows(text):
        raise Refused(
            "title_invalid", f"A title has 1 to {TITLE_LENGTH} letters, and all of them show.", 422
        )


def hidden_kind(kind: str) -> bool:
    return kind in ("private", "direct")


def _source(author: Author) -> str:
    """Whom slow mode slows: a program that proves no name has as many names as it likes."""
    return author.who or author.address or author.id


def _shut() -> Refused:
    return Refused("room_shut", "Nothing more can be said in this room.", 403)
