"""Who may see a room, and who may do what in it: asked as a command comes in and as it is saved.

Decided by what the room is (RoomRules) and by who asks (Author). Whether a command fits what was
said, such as that the message meant is still there, is for the room to see.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeGuard, get_args

from hub.access.people import People
from hub.errors import Refused
from hub.protocol.commands import (
    Archive,
    Close,
    Edit,
    End,
    Erase,
    Invite,
    Issued,
    Keep,
    Look,
    Own,
    Owner,
    Pin,
    React,
    Remove,
    RoomChange,
    Say,
    Slow,
    Title,
    Topic,
    Vote,
    Writer,
    Writing,
)
from hub.protocol.events import Event
from hub.room_rules import Author, RoomRules

SPEECH: Final = frozenset([Say, Issued, Edit, React, Vote, Pin, Topic, Look, Title])
"""Commands that are refused to somebody who is muted."""

_ROOM_CHANGES: Final = frozenset(get_args(RoomChange))  # isinstance takes long with structs


def no_such_room() -> Refused:
    """What is told of a hidden room to everybody who is not in it, whether or not it exists."""
    return Refused("no_such_room", "There is no such room.", 404)


def changes_rules(command: Writing | Own) -> TypeGuard[RoomChange]:
    """Whether a command changes the room's rules, and so who may do what."""
    return type(command) in _ROOM_CHANGES


def check_muted(people: People, who: str | None, command: Writing | None = None) -> None:
    """Raises Refused (403) for a muted person, unless the command is not speech.

    `command` is left out for making a room.
    """
    if who is None or not (command is None or type(command) in SPEECH):
        return
    person = people.person(who)
    if person is not None and person.muted:
        wait = people.muted_for(person)
        if wait > 0:
            raise Refused("muted", "The host has muted you for a while.", 403, round(wait, 1))


def check_makes(people: People, author: Author) -> None:
    """Raises Refused (403) for an author who may not make any room."""
    if author.who is None or people.person(author.who) is None:
        raise _unverified()
    check_muted(people, author.who)


def check_announces(author: Author) -> None:
    """Raises Refused (403) for an author who may not make a room of announcements."""
    if not author.host:
        raise Refused("forbidden", "Only a host may make a room of announcements.", 403)


class Permissions:
    """The permissions in one room. `clock` gives seconds and never goes back."""

    def __init__(self, rules: RoomRules, clock: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._clock = clock
        self._last_said: dict[str, float] = {}  # by source, for slow mode

    # -- seeing ----------------------------------------------------------------------------

    def may_see(self, who: str | None) -> bool:
        """Whether a person, or somebody unverified, may know of the room at all."""
        return not self._rules.hidden or (who is not None and who in self._rules.members)

    def check_sees(self, who: str | None) -> None:
        """Raises Refused (404) for anybody who may not know of the room."""
        if not self.may_see(who):
            raise no_such_room()

    # -- doing -----------------------------------------------------------------------------

    def check(self, command: Writing, author: Author, original: Event | None = None) -> None:
        """Ask as a command comes in, from an author who may see the room.

        `original` is the event that an Edit, Erase or End is about, if there is one of that number.
        Raises Refused: 403, 422 for a member who cannot be meant, 429 in slow mode.
        """
        match command:
            case Say():
                self.check_writes(author)
                self._check_slow(author)
            case Edit():
                self.check_writes(author)
                self._check_slow(author)
                _check_own(author, original, "Only who wrote a message can change it.")
            case Pin():
                self.check_writes(author)
                if author.who is None:
                    raise _unverified()
            case React() | Vote() | End():
                self._check_marks(command, author, original)
            case Erase():
                if self._rules.archived:
                    raise _shut()
                if not author.host:
                    _check_own(author, original, "Only who wrote a message can remove it.")
            case Topic() | Look():
                self._check_topic(command, author)
            case Title() | Archive() | Owner() | Invite() | Remove():
                self._check_owners(command, author)
            case Writer() | Close() | Slow() | Keep():
                self._check_hosts(command, author)

    def check_again(self, command: Writing | Own, author: Author) -> None:
        """Ask as a command that came in earlier is about to be saved.

        Members may have been removed and the room handed over since. Raises Refused as `check`
        does, and 404. Nobody is asked about what the hub issues.
        """
        if not isinstance(command, Own):
            self.check_sees(author.who)
            if changes_rules(command):
                self.check(command, author)

    def check_deletes(self, author: Author) -> None:
        """Raises Refused (403) for an author who may not delete the room."""
        if self._rules.kind != "private" or author.who != self._rules.owner:
            raise _not_owner()

    def may_write(self, author: Author) -> bool:
        """Whether an author may say something, apart from slow mode."""
        try:
            self.check_writes(author)
        except Refused:
            return False
        return True

    def said(self, author: Author) -> None:
        """Start this author's wait in slow mode."""
        if self._rules.slow:
            self._last_said[_source(author)] = self._clock()

    @property
    def delays(self) -> bool:
        """Whether somebody has to wait in slow mode."""
        slow, now = self._rules.slow, self._clock()
        return slow > 0 and any(now - last < slow for last in self._last_said.values())

    def _check_open(self, author: Author) -> None:
        if self._rules.archived or (self._rules.closed and not author.host):
            raise _shut()

    def check_writes(self, author: Author) -> None:
        """Raises Refused (403) for an author who may not say anything here."""
        self._check_open(author)
        rules = self._rules
        if rules.kind == "announcements" and not author.host and author.who not in rules.writers:
            raise Refused("may_not_write", "Only chosen people write here.", 403)

    def _check_marks(
        self, command: React | Vote | End, author: Author, original: Event | None
    ) -> None:
        """Ask about what everybody may do who may not write, apart from ending others' polls."""
        self._check_open(author)
        if isinstance(command, Vote) and author.who is None:
            raise _unverified()
        if isinstance(command, End) and not author.host:
            _check_own(author, original, "Only who made a poll can end it.")

    def _check_slow(self, author: Author) -> None:
        if self._rules.slow and not author.host:
            last = self._last_said.get(_source(author), -1e9)
            wait = last + self._rules.slow - self._clock()
            if wait > 0:
                raise Refused(
                    "slow", "This room is in slow mode. Wait a moment.", 429, round(wait, 1)
                )

    def _check_topic(self, command: Topic | Look, author: Author) -> None:
        if author.who is None:
            raise _unverified()
        if isinstance(command, Look) and self._rules.kind == "direct":
            raise Refused("forbidden", "A direct conversation looks like who is in it.", 403)
        if self._rules.kind in ("private", "announcements"):
            self._check_owns(author)
        else:
            self._check_open(author)

    def _check_owners(self, command: Writing, author: Author) -> None:
        """Ask about what only the owner may do, apart from leaving."""
        rules = self._rules
        if isinstance(command, Invite | Remove | Owner) and rules.kind != "private":
            raise Refused("not_private", "Only a private room has invited people.", 403)
        if not (isinstance(command, Remove) and command.whom == author.who):
            self._check_owns(author)
        elif author.who == rules.owner:
            raise Refused("owner", "Hand the room over before you leave it.", 422)
        if isinstance(command, Remove | Owner) and command.whom not in rules.members:
            raise Refused("not_a_member", "They are not in this room.", 422)

    def _check_owns(self, author: Author) -> None:
        rules = self._rules
        if rules.kind == "announcements" and author.host:
            return
        if rules.owner is None or author.who != rules.owner or rules.kind == "direct":
            raise _not_owner()

    def _check_hosts(self, command: Writing, author: Author) -> None:
        """Ask about what only a host may do, apart from the owner's slow mode and files."""
        rules = self._rules
        match command:
            case Writer():
                allowed = author.host and rules.kind == "announcements"
            case Close():
                allowed = author.host and not rules.hidden
            case Keep():
                owns = rules.kind == "private" and author.who == rules.owner
                allowed = owns or (author.host and rules.kind != "direct")
            case _:
                allowed = author.host or (rules.owner is not None and author.who == rules.owner)
        if not allowed:
            raise Refused("forbidden", "Only a host may do that here.", 403)


def _check_own(author: Author, original: Event | None, otherwise: str) -> None:
    """Raises Refused (403): in the same words for what others wrote and for what is not there."""
    if author.who is None or original is None or original.who != author.who:
        raise Refused("not_yours", otherwise, 403)


def _source(author: Author) -> str:
    """Whom slow mode delays: an unverified author may have any number of names."""
    return author.who or author.address or author.id


def _unverified() -> Refused:
    return Refused("unverified", "Join with your name first.", 403)


def _not_owner() -> Refused:
    return Refused("not_owner", "Only whose room it is may do that.", 403)


def _shut() -> Refused:
    return Refused("room_shut", "Nothing more can be said in this room.", 403)
