"""How far people have read, as others may know it. Knows no file and no HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hub.access.person import BANNED, PERSON, READ, VISITOR, WAITING
from hub.access.preferences import AllPreferences
from hub.keys import Keys

SLICE: Final = 500
"""People whose marks are looked at together."""


class ReadMarks:
    """The read marks that `keys` hold; `preferences` say who shows theirs."""

    def __init__(self, keys: Keys, preferences: AllPreferences) -> None:
        self._keys = keys
        self._preferences = preferences

    def of(self, who: str, room: str) -> int:
        """The number of the last event that a person has read in a room; 0 for none."""
        n = self._keys.get(f"{READ}{who}/{room}") or b""
        return int(n) if n.isdigit() else 0

    def in_slices(self, room: str) -> Iterator[list[tuple[str, int]]]:
        """Everybody with a mark in a room, and that mark: a list for some people at a time.

        Marks may be put between two of them; those of newcomers may then be missing.
        """
        for some in self._keys.across(READ, room, SLICE):
            yield [(who, int(n)) for who, n in some if n.isdigit()]

    def shows(self, who: str) -> bool:
        """Whether others may know how far this person has read, and they how far others have.

        Not who came with nothing but a name or is not let in, nor who has switched it off.
        """
        person = self._keys.get(PERSON + who)
        if person is None or VISITOR in person or BANNED in person or WAITING in person:
            return False
        return self._preferences.show_reads(who)
