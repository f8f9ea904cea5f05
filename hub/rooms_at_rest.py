"""All rooms at rest: found by name, by whoever is in them, and by when something was last said."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from typing import Final

from hub.resting import MOMENT, Resting, moment_of, size_of, texts_of
from hub.room_rules import hidden

Place = tuple[int, str]
"""Where a room stands in a list by time: when something was last said, in ms, and its name."""
_NONE: Final[list[str]] = []


class RoomsAtRest:
    """Begins with these records, by name. Raises ValueError where one of a hidden room is none.

    Whoever is in a hidden room finds it without a look at those of others.
    """

    def __init__(self, records: Mapping[str, bytes]) -> None:
        self._records = dict(records)
        names = sorted(self._records)
        self._hidden: dict[str | None, list[str]] = {}  # by who, each by name
        for name in filter(hidden, names):
            for who in Resting(name, self._records[name]).rules.members:
                self._hidden.setdefault(who, []).append(name)
        self._public = [name for name in names if not hidden(name)]  # by name
        moments = array("q")
        moments.frombytes(b"".join([self._records[name][MOMENT] for name in self._public]))
        order = sorted(range(len(self._public)), key=moments.__getitem__)
        self._by_time = [self._public[at] for at in order]  # and by name
        self._moments = array("q", [moments[at] for at in order])

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, name: str) -> bool:
        return name in self._records

    def get(self, name: str) -> Resting | None:
        """The room of a canonical name, if it is at rest."""
        record = self._records.get(name)
        return None if record is None else Resting(name, record)

    def texts(self, name: str) -> tuple[str, str] | None:
        """That room's title and topic, if it is at rest; takes less time."""
        record = self._records.get(name)
        return None if record is None else texts_of(name, record)

    def sizes(self) -> Iterator[tuple[str, int]]:
        """The names of all rooms of now, and the sizes of their files in bytes."""
        names = list(self._records)
        return zip(names, array("q", map(size_of, self._records.values())), strict=True)

    def records(self) -> dict[str, bytes]:
        """A copy of all records, by name."""
        return self._records.copy()

    def add(self, name: str, record: bytes) -> None:
        """Take in a room that was not at rest."""
        self._records[name] = record
        if hidden(name):
            for who in Resting(name, record).rules.members:
                insort(self._hidden.setdefault(who, []), name)
        else:
            insort(self._public, name)
            at = self._place(moment_of(record), name)
            self._by_time.insert(at, name)
            self._moments.insert(at, moment_of(record))

    def remove(self, name: str) -> None:
        """Leave out a room that is not at rest any more, if it was."""
        record = self._records.pop(name, None)
        if record is None:
            return
        if hidden(name):
            for who in Resting(name, record).rules.members:
                own = self._hidden[who]
                del own[bisect_left(own, name)]
                if not own:
                    del self._hidden[who]
        else:
            del self._public[bisect_left(self._public, name)]
            at = self._place(moment_of(record), name)
            del self._by_time[at]
            del self._moments[at]

    # -- for somebody ----------------------------------------------------------------------

    def is_in(self, who: str | None, name: str) -> bool:
        """Whether the hidden room of a name is at rest and this person is in it.

        Takes the same time for a room that they are not in and for none.
        """
        own = self._hidden.get(who, _NONE)
        at = bisect_left(own, name)
        return at < len(own) and own[at] == name

    def public(self) -> list[str]:
        """The names of all public rooms, sorted."""
        return self._public.copy()

    def hidden_of(self, who: str | None) -> list[str]:
        """The names of the hidden rooms that a person is in, sorted."""
        return self._hidden.get(who, _NONE).copy()

    def hidden_places(self, who: str | None) -> list[Place]:
        """Where they stand in a list by time."""
        return [(moment_of(self._records[x]), x) for x in self._hidden.get(who, _NONE)]

    def public_before(self, place: Place | None, count: int) -> list[Place]:
        """So many public rooms that come before a place in time, the latest of all without one.

        The latest one first.
        """
        until = len(self._by_time) if place is None else self._place(*place)
        since = max(0, until - count)
        pairs = zip(self._moments[since:until], self._by_time[since:until], strict=True)
        return list(pairs)[::-1]

    def _place(self, moment: int, name: str) -> int:
        since = bisect_left(self._moments, moment)
        return bisect_left(self._by_time, name, since, bisect_right(self._moments, moment, since))
