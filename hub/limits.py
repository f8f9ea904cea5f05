"""The rate limits of one hub: how often people and addresses may do what costs others something.

Each is a token bucket for each person or address. Passwords have theirs in hub.access.passwords,
guesses at codes in hub.access.admission, and connections in hub.web.wire.connection_limits.
"""

from __future__ import annotations

import math
from typing import Final

from hub.access.rate_limit import RateLimit
from hub.config import Settings
from hub.errors import Refused
from hub.room_rules import Author

BURST_SECONDS: Final = 2.0
"""Seconds of the message rate that may be spent at once."""
UNVERIFIED_SHARE: Final = 32.0
"""The message rate of all unverified names of one address, in message rates of one person."""
TYPING_SECONDS: Final = 1.0
"""Seconds between two notices that somebody is typing in a room."""
INVITE_RATE: Final = 1.0
"""Invitation sheets (addresses and QR codes) a second for one address."""
INVITE_BURST: Final = 30
"""Invitation sheets at once for one address."""
NEW_ROOM_RATE: Final = 0.1
"""New rooms a second from one address."""
NEW_ROOM_BURST: Final = 1000
"""New rooms at once from one address."""
CHANGE_RATE: Final = 0.2
"""Changes a second of one person's account, and rooms that they make."""
CHANGE_BURST: Final = 30
"""Changes at once of one person's account, and rooms that they make."""
PREFERENCES_RATE: Final = 2.0
"""Changes a second of one person's preferences: a page gathers what is changed quickly."""
PREFERENCES_BURST: Final = 60
"""Changes at once of one person's preferences."""
JOIN_RATE: Final = 1.0
"""New people a second from one address."""
JOIN_BURST_SHARE: Final = 4
"""New people at once from one address, for each connection that it may have."""


class Limits:
    """`message_rate` and `connections_per_address` are the settings; 0 lifts what follows them."""

    def __init__(self, settings: Settings) -> None:
        rate, joins = settings.message_rate, settings.connections_per_address

        def unless_lifted(per_second: float) -> float:
            return per_second if rate else 0.0

        self.messages = RateLimit(rate, BURST_SECONDS * rate)
        """By author. Each message is a disk write, and a socket write for each listener."""
        shared = UNVERIFIED_SHARE * rate
        self.unverified = RateLimit(shared, BURST_SECONDS * shared)
        """By address. A program that proves no name has as many names as it likes."""
        self.new_rooms = RateLimit(unless_lifted(NEW_ROOM_RATE), NEW_ROOM_BURST)
        """By address. Each room is a file for ever."""
        self.changes = RateLimit(unless_lifted(CHANGE_RATE), CHANGE_BURST)
        """By person. Each writes the whole people file, or makes a room that others see."""
        self.preferences = RateLimit(unless_lifted(PREFERENCES_RATE), PREFERENCES_BURST)
        """By person. Each is a line of the ledger, and a message to their other pages."""
        self.joins = RateLimit(min(joins, JOIN_RATE), JOIN_BURST_SHARE * joins)
        """By address. Each new person takes a name for weeks."""
        self.invites = RateLimit(unless_lifted(INVITE_RATE), INVITE_BURST)
        """By address. QR codes take the processor long to draw."""
        self.typing = RateLimit(1 / TYPING_SECONDS, 1)
        """By person and room. Each notice is a socket write for each listener."""

    def check_message(self, author: Author, *, new_room: bool) -> None:
        """Raises Refused (429) for an author, or an address, that writes too fast.

        `new_room` says that the message would make its room.
        """
        wait = self.messages.take(author.id)
        if not wait and author.who is None and author.address is not None:
            wait = self.unverified.take(author.address)
        if not wait and new_room:
            wait = self.new_rooms.take(author.address or author.id)
        _check(wait)

    def check_new_room(self, author: Author) -> None:
        """Raises Refused (429) where too many rooms are made from one address."""
        _check(self.new_rooms.take(author.address or author.id))

    def check_invite(self, address: str) -> None:
        """Raises Refused (429) where an address asks for invitations too often."""
        _check(self.invites.take(address))

    def may_tell_typing(self, who: str, room: str) -> bool:
        """Whether others in a room may be told now that this person is typing."""
        return not self.typing.take(f"{room} {who}")

    def check_change(self, who: str) -> None:
        """Raises Refused (429) for a person who changes rooms or their account too often."""
        wait = self.changes.take(who)
        if wait:
            raise Refused("too_fast", "That was too often. Wait a moment.", 429, math.ceil(wait))

    def check_preferences(self, who: str) -> None:
        """Raises Refused (429) for a person who changes their preferences too often."""
        _check(self.preferences.take(who))

    def check_join(self, address: str) -> None:
        """Raises Refused (429) where too many new people come from one address."""
        wait = self.joins.take(address)
        if wait:
            raise Refused(
                "too_many", "Too many new people from one place. Wait a moment.", 429, wait
            )


def _check(wait: float) -> None:
    """Raises Refused (429) where there is something to wait for; tells it in 1/100 seconds."""
    if wait:
        wait = math.ceil(wait * 100) / 100
        raise Refused("too_fast", "That was too fast. Wait a moment, then go on.", 429, wait)
