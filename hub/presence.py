"""Who is in one room: counted by person, told to all of them a little later and together.

Knows no listener: it is given a way to tell them all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from hub.protocol import events
from hub.room_rules import Author

CROWD: Final = 200
"""Above so many people the room tells how many are here, and no longer who."""
HERE_EVERY: Final = 0.25
"""At most this often, in seconds, is told who came and left."""


class Presence:
    """`tell` is called with a JSON line for everybody who is here."""

    def __init__(self, room: str, tell: Callable[[bytes], None]) -> None:
        self._room = room
        self._tell = tell
        self._here: dict[str, tuple[str, int]] = {}  # id -> name, through how many sockets
        self._told: dict[str, str] = {}
        self._listed: set[str] = set()  # told only to who came since
        self._timer: asyncio.TimerHandle | None = None

    @property
    def count(self) -> int:
        """How many people are here."""
        return len(self._here)

    def come(self, author: Author) -> None:
        """Count in a socket of somebody; the others are told soon."""
        self._here[author.id] = author.name, self._here.get(author.id, ("", 0))[1] + 1
        self._changed()

    def go(self, author: Author) -> None:
        """Count out a socket of somebody, who came as this author."""
        name, sockets = self._here.pop(author.id)
        if sockets > 1:
            self._here[author.id] = name, sockets - 1
        self._changed()

    def renamed(self, who: str, name: str) -> None:
        """Somebody who may be here goes by another name."""
        if who in self._here:
            self._here[who] = name, self._here[who][1]
            self._changed()

    def greeting(self) -> bytes:
        """The line that tells one who came just now who is here."""
        if self.count <= CROWD:
            self._listed.update(self._here)
        return self._line()

    def _line(self) -> bytes:
        told: dict[str, object] = {"do": "here", "room": self._room, "count": self.count}
        if self.count <= CROWD:
            told["people"] = [{"name": name, "who": w} for w, (name, _) in self._here.items()]
        return events.encode(told)

    def _changed(self) -> None:
        """Tell, a little later, who came, left or is called otherwise."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(HERE_EVERY, self._tell_all)

    def _tell_all(self) -> None:
        self._timer = None
        before, now = self._told, {who: name for who, (name, _) in self._here.items()}
        listed, self._listed = self._listed, set()
        self._told = now
        came = [{"name": name, "who": w} for w, name in now.items() if before.get(w) != name]
        left = [who for who in (*before, *(listed - before.keys())) if who not in now]
        if not came and not left:
            return
        if len(now) > CROWD or len(before) > CROWD:
            self._tell(self._line())
        else:
            changes = {
                "do": "here", "room": self._room, "came": came, "left": left, "count": len(now),
            }  # fmt: skip
            self._tell(events.encode(changes))
