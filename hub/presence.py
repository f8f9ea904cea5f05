"""Who is in one room: counted by person, and told to all of them in batches.

Knows no listener: it is given a way to broadcast.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Final

from hub.protocol import events
from hub.room_rules import Author

CROWD: Final = 200
"""The most people whose names a room tells; of more it tells only how many they are."""
HERE_SECONDS: Final = 0.25
"""Least seconds between two broadcasts of who came and left."""
HERE_EACH: Final = 2.5e-4
"""Seconds between them for each person who is here: some 50 times what it takes to tell one."""

_Shown = tuple[str, Mapping[str, object] | None]
"""A name, and what stands beside it."""


class Presence:
    """`broadcast` is called with a JSON line for everybody who is here.

    Lives on the event loop that runs when somebody comes.
    """

    def __init__(self, room: str, broadcast: Callable[[bytes], None]) -> None:
        self._room = room
        self._broadcast = broadcast
        self._here: dict[str, tuple[str, int]] = {}  # Author.id -> name, number of connections
        self._signs: dict[str, Mapping[str, object]] = {}  # what stands beside names
        self._told: dict[str, _Shown] = {}  # by Author.id, as of the last broadcast
        self._greeted: set[str] = set()  # those whom only newcomers have been told of since
        self._timer: asyncio.TimerHandle | None = None

    @property
    def count(self) -> int:
        """How many people are here."""
        return len(self._here)

    def people(self, most: int) -> list[str]:
        """The ids of people who are here, at most so many; not of those who have none."""
        return [x for x in islice(self._here, most) if not x.startswith("name:")]

    def come(self, author: Author) -> None:
        """Count in a connection of somebody; the others are told soon."""
        self._here[author.id] = author.name, self._here.get(author.id, ("", 0))[1] + 1
        self._changed()

    def go(self, author: Author) -> None:
        """Count out a connection of somebody, who came as this author."""
        name, connections = self._here.pop(author.id)
        if connections > 1:
            self._here[author.id] = name, connections - 1
        else:
            self._signs.pop(author.id, None)
        self._changed()

    def show(self, who: str, sign: Mapping[str, object]) -> None:
        """Show something beside the name of somebody who is here or about to come."""
        before = self._signs.pop(who, {})
        if sign:
            self._signs[who] = sign
        if sign != before and who in self._here and self.count <= CROWD:
            self._changed()

    def renamed(self, who: str, name: str) -> None:
        """Show the new name of somebody who may be here."""
        if who in self._here:
            self._here[who] = name, self._here[who][1]
            self._changed()

    def greeting(self) -> bytes:
        """The line that tells a newcomer who is here."""
        if self.count <= CROWD:
            self._greeted.update(self._here)
        return self._line()

    def _line(self) -> bytes:
        told: dict[str, object] = {"do": "here", "room": self._room, "count": self.count}
        if self.count <= CROWD:
            told["people"] = [_somebody(who, shown) for who, shown in self._shown().items()]
        return events.encode(told)

    def _shown(self) -> dict[str, _Shown]:
        signs = self._signs
        return {who: (name, signs.get(who)) for who, (name, _) in self._here.items()}

    def _changed(self) -> None:
        """Broadcast, a little later, who came, left or has another name."""
        if self._timer is None:
            seconds = max(HERE_SECONDS, HERE_EACH * self.count)
            self._timer = asyncio.get_running_loop().call_later(seconds, self._tell)

    def _tell(self) -> None:
        self._timer = None
        before, now = self._told, self._shown()
        greeted, self._greeted = self._greeted, set()
        self._told = now
        came = [_somebody(who, shown) for who, shown in now.items() if before.get(who) != shown]
        left = [who for who in (*before, *(greeted - before.keys())) if who not in now]
        if not came and not left:
            return
        if len(now) > CROWD or len(before) > CROWD:
            self._broadcast(self._line())
        else:
            changes = {
                "do": "here", "room": self._room, "came": came, "left": left, "count": len(now),
            }  # fmt: skip
            self._broadcast(events.encode(changes))


def _somebody(who: str, shown: _Shown) -> dict[str, object]:
    name, sign = shown
    return {"name": name, "who": who, **(sign or {})}
