"""Which messages of one room answer which: a tree, as two columns of numbers.

Bookkeeping alone: knows no disk and no socket. 16 bytes a reply, as a room may have a million.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from threading import Lock
from typing import Final

from hub.packed import Numbers, unpack

FEW: Final = 64
"""Replies that are put into their place one by one; more are sorted in."""
TURN: Final = 1000
"""Messages whose answers are looked for at a time."""


class Replies:
    """Grown on the event loop; other threads may ask `counts` meanwhile.

    An answer is newer than what it answers. What a file says otherwise is no answer to anything,
    so that no message answers itself through others.
    """

    def __init__(self) -> None:
        # In order of the message that is answered, and among those of one in order of their own.
        self._of = array("q")
        self._n = array("q")
        self._sorted = 0  # so many of them are in their place
        self._lock = Lock()

    def add(self, of: int, n: int) -> None:
        """Message `n`, the newest, answers message `of`."""
        if 0 < of < n:
            with self._lock:
                self._of.append(of)
                self._n.append(n)

    def settle(self) -> None:
        """Put those that were added into their places; `to` and `counts` do so too."""
        with self._lock:
            self._settle()

    def _settle(self) -> None:
        fresh = len(self._of) - self._sorted
        if fresh > FEW:
            # Stable, and those of one message were added in order.
            order = sorted(range(len(self._of)), key=self._of.__getitem__)
            self._of = array("q", map(self._of.__getitem__, order))
            self._n = array("q", map(self._n.__getitem__, order))
        elif fresh:
            added = self._of[-fresh:], self._n[-fresh:]
            del self._of[-fresh:], self._n[-fresh:]
            for of, n in zip(*added, strict=True):
                at = bisect_right(self._of, of)
                self._of.insert(at, of)
                self._n.insert(at, n)
        self._sorted = len(self._of)

    def to(self, of: int) -> array[int]:
        """The numbers of the messages that answer message `of` itself, in order."""
        with self._lock:
            self._settle()
            return self._n[bisect_left(self._of, of) : bisect_right(self._of, of)]

    def counts(self, first: int, last: int, until: int) -> list[tuple[int, int]]:
        """How many answers up to number `until` each message from `first` to `last` has, if any."""
        with self._lock:
            self._settle()
            begin, end = bisect_left(self._of, first), bisect_right(self._of, last)
            pairs = zip(self._of[begin:end], self._n[begin:end], strict=True)
        found: dict[int, int] = {}
        for of, n in pairs:
            if n <= until:
                found[of] = found.get(of, 0) + 1
        return list(found.items())

    def below(self, root: int) -> Iterator[list[int]]:
        """The numbers of all that answers `root` directly or through others, in no order.

        They come in parts, each the answers to TURN messages at most.
        """
        waiting = [root]
        while waiting:
            found: list[int] = []
            with self._lock:
                self._settle()
                for of in waiting[-TURN:]:
                    at = bisect_left(self._of, of)
                    if at < len(self._of) and self._of[at] == of:
                        found.extend(self._n[at : bisect_right(self._of, of, at)])
            del waiting[-TURN:]
            waiting += found
            yield found

    # -- kept beside the file --------------------------------------------------------------

    def dump(self) -> tuple[Numbers, Numbers]:
        """All of them: what is answered, and by what."""
        self.settle()
        return self._of.tobytes(), self._n.tobytes()

    def load(self, state: tuple[Numbers, Numbers]) -> None:
        """Take what `dump` gave. Raises ValueError where it gave no such thing."""
        self._of, self._n = map(unpack, state)
        if len(self._of) != len(self._n):
            raise ValueError("the columns do not fit together")
        self._sorted = len(self._of)
