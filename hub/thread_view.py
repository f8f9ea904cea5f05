"""What answers a message, directly or through others, and what it answers: a view of `re`."""

from __future__ import annotations

import asyncio
from typing import Final

from hub.protocol import events
from hub.room import Room
from hub.room_view import event_at, shown_blocks
from hub.store.reader import unreadable

ABOVE: Final = 100
"""Messages above one that are shown, the nearest: each costs a look into the file."""
BELOW: Final = 100_000
"""Answers that are counted, at most."""


async def answers_to(room: Room, n: int) -> list[int]:
    """The numbers of all that answers message `n`, in order; at most BELOW."""
    found: list[int] = []
    for part in room.index.replies.below(n):
        found += part
        if len(found) >= BELOW:
            break
        await asyncio.sleep(0)  # others have their turn
    return sorted(found)[:BELOW]


def answered_by(room: Room, n: int) -> list[int]:
    """The numbers of what message `n` answers, directly or through others, the root first.

    At most ABOVE. May be called on any thread. Raises Refused (503) where the file cannot be read.
    """
    found: list[int] = []
    while len(found) < ABOVE:
        event = event_at(room.history, n)
        above = event.re if event is not None and event.do == "say" else None
        if above is None or not 0 < above < n:  # as a file that was changed by hand may have it
            break
        found.append(n := above)
    return found[::-1]


def shown(room: Room, numbers: list[int]) -> list[bytes]:
    """The JSON of those of these messages that can be read, as they are shown.

    May be called on any thread. Raises Refused (503) where the file cannot be read.
    """
    found: list[bytes] = []
    try:
        for n in numbers:
            lines = b"".join(shown_blocks(room.history, room.index, n, n)).splitlines()
            found += [line for line in lines if _is_message(line)]
    except OSError as error:
        raise unreadable(error) from error
    return found


def _is_message(line: bytes) -> bool:
    try:
        return events.event_of(line).do == "say"
    except ValueError:  # a later Hearth's kind of event
        return False
