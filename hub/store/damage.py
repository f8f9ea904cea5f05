"""What is found wrong with a room's file: sentences for people, and where each applies."""

from __future__ import annotations

import logging
from array import array
from typing import Final

log = logging.getLogger("hub.store")

TOLD: Final = 100
"""Most damaged places of a file that are described one by one."""
LOGGED: Final = 5
"""Most of them that the log tells of."""


class Damage:
    """`name` is the file's, for the log; without `logged` nothing goes to the log."""

    def __init__(self, name: str) -> None:
        self.sentences: list[str] = []
        self.places: list[int] = []
        """The byte at which each of the sentences applies."""
        self.untold = 0
        """How many damaged places no sentence describes: a file may have a million of them."""
        self.logged = True
        self._name = name

    def note(self, what: str, where: int, *, always: bool = False) -> None:
        """Describe one place; `always` is for what matters however much was damaged before."""
        told = len(self.sentences)
        if told < TOLD or always:
            self.sentences.append(what)
            self.places.append(where)
            if self.logged and (told < LOGGED or always):
                log.warning("%s: %s", self._name, what)
        else:
            self.untold += 1

    def sum_up(self) -> None:
        """Tell the log how many places there are, where it was not told of each."""
        count = self.untold + len(self.sentences)
        if count > LOGGED and self.logged:
            log.warning("%s: %d places are damaged in all", self._name, count)


class UnreadStretches:
    """Damaged stretches that no good line follows yet; `at` is the byte of the first, or None."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.at: int | None = None
        self._events = 0  # how many may have been events, by their newlines
        self._objects = 0  # how many of these look like one
        self._numbers = array("q")  # the numbers that these bear
        self._unnumbered = False  # whether one bears none

    def begin(self, where: int) -> None:
        if self.at is None:
            self.at = where

    def add(self, head: bytes, n: int | None, last: int) -> None:
        """Count a stretch by how it begins; `last` is the last number that was read."""
        self._events += 1
        self._objects += head.startswith(b"{")
        if n is None:
            self._unnumbered = True
        elif n > last:
            self._numbers.append(n)

    def last_number(self, last: int) -> int:
        """The highest number that one of them is likely to have borne."""
        most = last + max(self._objects, bool(self._events))
        likely = [n for n in self._numbers if n <= most]
        return most if self._unnumbered else max(likely, default=most)
