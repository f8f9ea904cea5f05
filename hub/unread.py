"""Which events of one room are messages, by whom, and from when: the source of unread counts.

Bookkeeping alone: knows no disk and no socket. Numbers are the `n` of events.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from hub.packed import Numbers, unpack


class UnreadState(Struct, array_like=True, frozen=True):
    """What an Unread knows; the messages of a person are `owned` for each of them, in turn."""

    last: int
    said: int
    skipped: Numbers
    timed: int
    times: Numbers
    authors: list[str]
    owned: list[Numbers]


class Unread:
    """`last` is the newest event counted, `said` how many messages there have been up to it.

    `no_messages` are the numbers up to `last` of other events and of lost lines, `removed` those
    of removed messages. Authors and times are known only of events that are noted: whoever opens
    a room that has events already notes the latest of them.
    """

    def __init__(
        self, last: int = 0, no_messages: Iterable[int] = (), removed: Iterable[int] = ()
    ) -> None:
        self.last = self.said = 0
        self._skipped = array("q")  # numbers that are never unread, rising
        self._own: dict[str, array[int]] = {}  # the numbers of a person's messages, by who
        self._times = array("q")  # of consecutive events, in ms since 1970, never falling
        self._timed = 0  # the number of the event before the first of these
        self._at, self._ms = "", 0  # the latest time, as its text and in ms
        self.extend(last, no_messages, removed)

    def extend(
        self, last: int, no_messages: Iterable[int] = (), removed: Iterable[int] = ()
    ) -> None:
        """Count the events after those that are counted, up to `last`, as a file has them."""
        before, self.last = self.last, last
        never = set(no_messages)
        gone = {n for n in removed if 0 < n <= last and not self._skips(n)} - never
        self.said += last - before - len(never)
        new = array("q", sorted(never | gone))
        for n in gone:
            if n <= before:
                self._disown(n)
        if new and self._skipped and new[0] < self._skipped[-1]:
            new = array("q", sorted((*self._skipped, *new)))
            del self._skipped[:]
        self._skipped.extend(new)
        if not self._times:
            self._timed = last

    @property
    def moment(self) -> int:
        """When the latest event was saved, in ms since 1970; 0 where none is known."""
        return self._ms

    @property
    def skipped(self) -> int:
        """The latest number that is never unread; 0 where there is none."""
        return self._skipped[-1] if self._skipped else 0

    @property
    def earliest(self) -> tuple[int, int]:
        """The number of the event before the first whose time is known, and that time in ms."""
        return self._timed, self._times[0] if self._times else 0

    def latest_own(self, most: int) -> dict[str, int] | None:
        """The number of the latest message of each author; None for more than `most` authors."""
        if len(self._own) > most:
            return None
        return {who: own[-1] for who, own in self._own.items() if own}

    def count(self, n: int, at: str, who: str | None, *, message: bool) -> None:
        """Count the next event, saved at `at` by `who`."""
        self.last = n
        if message:
            self.said += 1
        else:
            self._skipped.append(n)
        self.note(n, at, who if message else None)

    def note(self, n: int, at: str, who: str | None) -> None:
        """Note when a counted event was saved; `who` wrote the message, if it is a person's.

        Events are noted in order. A removed message is nobody's.
        """
        if not self._times:
            self._timed = n - 1
        if at != self._at:
            self._at, self._ms = at, self._milliseconds(at)
        while self._timed + len(self._times) < n:  # lost lines have the time of the next
            self._times.append(self._ms)
        if who is not None:
            own = self._own.get(who)
            if own is None:
                own = self._own[who] = array("q")
            own.append(n)

    def remove(self, n: int) -> None:
        """Count a message that was counted as unread no more: it was removed."""
        insort(self._skipped, n)
        self._disown(n)

    def _disown(self, n: int) -> None:
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
        skipped = len(self._skipped) - bisect_right(self._skipped, read)
        return self.last - read - skipped - (len(own) - bisect_right(own, read))

    def before(self, seconds: float) -> int:
        """The number of the last event before a time in seconds since 1970.

        For a time before the noted events, the number of the event before them.
        """
        return self._timed + bisect_left(self._times, int(seconds * 1000))

    def _skips(self, n: int) -> bool:
        at = bisect_left(self._skipped, n)
        return at < len(self._skipped) and self._skipped[at] == n

    def forget_before(self, n: int) -> None:
        """Forget the authors and times of events before number `n`."""
        for who, own in tuple(self._own.items()):
            del own[: bisect_left(own, n)]
            if not own:
                del self._own[who]
        known = max(self._timed, min(n - 1, self.last))
        del self._times[: known - self._timed]
        self._timed = known

    # -- kept beside the file --------------------------------------------------------------

    def dump(self) -> UnreadState:
        """All of it."""
        authors = sorted(self._own)
        return UnreadState(
            last=self.last,
            said=self.said,
            skipped=self._skipped.tobytes(),
            timed=self._timed,
            times=self._times.tobytes(),
            authors=authors,
            owned=[self._own[who].tobytes() for who in authors],
        )

    def load(self, state: UnreadState) -> None:
        """Be what `dump` gave. Raises ValueError where it gave no such thing."""
        self.last, self.said, self._timed = state.last, state.said, state.timed
        self._skipped, self._times = unpack(state.skipped), unpack(state.times)
        self._own = dict(zip(state.authors, map(unpack, state.owned), strict=True))
        self._at, self._ms = "", self._times[-1] if self._times else 0

    def _milliseconds(self, at: str) -> int:
        """A time in ms since 1970, but no earlier than the one before it."""
        try:
            ms = round(datetime.fromisoformat(at).timestamp() * 1000)
        except (ValueError, OverflowError):  # not written by Hearth
            return self._ms
        return max(ms, self._ms)
