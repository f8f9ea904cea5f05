"""Where in a room's file its lines are: a sparse index, and a dense one for files with gaps.

Both are grown by one thread while others read them: what is added shows in one step.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final, NamedTuple

SPAN: Final = 1 << 13
"""Most bytes from one entry of a sparse index to the next, unless a single line is longer."""


class Span(NamedTuple):
    """Whole lines that follow each other: numbers from `n` to before `until`, and their bytes."""

    n: int
    until: int
    begin: int
    end: int


class SparseOffsets:
    """Of lines that follow each other from the byte `begin` on, numbered 1, 2, 3 …

    It has an entry for about each SPAN bytes of them: a number and the byte at which that line
    begins.
    """

    def __init__(self, begin: int = 0) -> None:
        self._numbers = array("q")
        self._places = array("q")
        self._tail = 0, begin

    @property
    def last(self) -> int:
        """The highest number; 0 where there is no line."""
        return self._tail[0]

    @property
    def end(self) -> int:
        """The byte at which the next line will begin."""
        return self._tail[1]

    @end.setter
    def end(self, end: int) -> None:
        self._tail = self.last, end

    def add(self, ends: Iterable[int]) -> None:
        """Add the next lines, given by the byte at which each of them ends."""
        last, end = self._tail
        for after in ends:
            last += 1
            if not self._places or after - self._places[-1] > SPAN:
                self._places.append(end)
                self._numbers.append(last)  # after its place: readers look here first
            end = after
        self._tail = last, end

    def span(self, first: int, last: int, most: int) -> Span:
        """A stretch of lines that `first` is in; it need not go on beyond `last`.

        It has about `most` bytes, or one entry's where that is more. The index has `first`.
        """
        newest, end = self._tail  # before the entries, of which there may be more by now
        at = bisect_right(self._numbers, first) - 1
        n, begin = self._numbers[at], self._places[at]
        if last >= newest and end - begin <= most:
            return Span(n, newest + 1, begin, end)
        until = bisect_right(self._numbers, last, at)
        if end - begin > most:
            until = min(until, max(at + 1, bisect_right(self._places, begin + most) - 1))
        if until < len(self._numbers) and self._numbers[until] <= newest:
            return Span(n, self._numbers[until], begin, self._places[until])
        return Span(n, newest + 1, begin, end)

    # -- as bytes --------------------------------------------------------------------------

    def dump(self) -> tuple[bytes, bytes]:
        """The entries as bytes: their numbers and their places."""
        return self._numbers.tobytes(), self._places.tobytes()

    def load(self, dumped: tuple[bytes, bytes], last: int, end: int) -> None:
        """Take the entries that `dump` gave. Raises ValueError where these cannot be any."""
        for entries, data in zip((self._numbers, self._places), dumped, strict=True):
            entries.frombytes(data)
        numbers, places = self._numbers, self._places
        fits = len(numbers) == len(places) and numbers[:1] == array("q", [1])
        if not fits or not (numbers[-1] <= last and places[-1] < end):
            raise ValueError("the entries do not fit together")
        self._tail = last, end


class DenseOffsets:
    """Of lines between which anything may stand: the byte at which each begins, -1 for lost ones.

    `end` is the byte at which the next line will begin.
    """

    def __init__(self, places: array[int], end: int = 0) -> None:
        self.end = end
        self._places = places

    @property
    def last(self) -> int:
        """The highest number; 0 where there is no line."""
        return len(self._places)

    def add(self, ends: Iterable[int]) -> None:
        """Add the next lines, given by the byte at which each of them ends."""
        places = array("q", [self.end, *ends])
        self.end = places.pop()
        self._places.extend(places)

    def place(self, n: int) -> int:
        """The byte at which the line of `n` begins, -1 where it is lost."""
        return self._places[n - 1]

    def put(self, n: int, place: int) -> None:
        """Add the line of `n`, which begins at `place`; what is missing before it is lost."""
        self.skip_to(n - 1)
        self._places.append(place)

    def skip_to(self, n: int) -> None:
        """Let the numbers up to `n` be lost that it does not have."""
        self._places.extend(array("q", [-1]) * (n - self.last))

    def lost(self, first: int, last: int) -> list[int]:
        """Which numbers from `first` to `last` are lost."""
        return [n for n in range(first, last + 1) if self._places[n - 1] < 0]
