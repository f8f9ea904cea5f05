"""Which events of one room are messages, whose, and from when: what unread counts are made of.

Bookkeeping alone: knows no disk and no socket. Numbers are the `n` of events.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from datetime import datetime


class Unread:
    """`last` is the newest event counted, `said` how many messages there have been up to it.

    `quiet` are the numbers up to `last` that nobody can read as a message: other events, lines
    that are lost, and `removed` messages. Authors and times are known of what is noted from then
    on, so whoever has an older room counted notes its latest events once more.
    """

    def __init__(
        self, last: int = 0, quiet: Iterable[int] = (), removed: Iterable[int] = ()
    ) -> None:
        never = set(quiet)
        gone = {n for n in removed if 0 < n <= last} - never
        self.last = last
        self.said = last - len(never)
        self._quiet = array("q", sorted(never | gone))
        self._own: dict[str, array[int]] = {}  # who -> the numbers of their messages
        self._times = array("q")  # when each event was saved, in ms since 1970, never falling
        self._timed = last  # the number before the first of these
        self._at, self._ms = "", 0

    def count(self, n: int, at: str, who: str | None, *, message: bool) -> None:
        """Count the next event in."""
        self.last = n
        if message:
            self.said += 1
        else:
            self._quiet.append(n)
        self.note(n, at, who if message else None)

    def note(self, n: int, at: str, who: str | None) -> None:
        """Note when an event was saved that is counted, and whose message it is, if anybody's.

        Noted in order. A removed message is nobody's.
        """
        if not self._times:
            self._timed = n - 1
        if at != self._at:
            self._at, self._ms = at, self._later(at)
        while self._timed + len(self._times) < n:  # lost ones have the time of the next
            self._times.append(self._ms)
        if who is not None:
            own = self._own.get(who)
            if own is None:
                own = self._own[who] = array("q")
            own.append(n)

    def remove(self, n: int) -> None:
        """A message that was counted has been removed."""
        insort(self._quiet, n)
        for own in self._own.values():
            at = bisect_left(own, n)
            if at < len(own) and own[at] == n:
                own.pop(at)
                return

    def after(self, read: int, who: str | None) -> int:
        """How many messages of others than `who` there are after number `read`."""
        if read >= self.last:
            return 0
        own = self._own.get(who or "", ())
        quiet = len(self._quiet) - bisect_right(self._quiet, read)
        return self.last - read - quiet - (len(own) - bisect_right(own, read))

    def before(self, seconds: float) -> int:
        """The number of the last event before a time in seconds since 1970.

        Where that is not known any more, of the last one before those that are.
        """
        return self._timed + bisect_left(self._times, int(seconds * 1000))

    def _later(self, at: str) -> int:
        try:
            ms = round(datetime.fromisoformat(at).timestamp() * 1000)
        except (ValueError, OverflowError):  # as no Hearth writes it: no later than before
            return self._ms
        return max(ms, self._ms)
