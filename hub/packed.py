"""Columns of numbers as bytes, for what is kept in bulk on this computer alone."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

Numbers = bytes
"""Signed numbers of 64 bits each, in this computer's byte order."""


def pack(numbers: Iterable[int]) -> Numbers:
    return array("q", numbers).tobytes()


def unpack(packed: Numbers) -> array[int]:
    """The numbers that were packed. Raises ValueError where these are no such bytes."""
    numbers = array("q")
    numbers.frombytes(packed)
    return numbers


class Texts:
    """Texts that many rows share, each kept once and known by its place; iterates in order."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def place(self, text: str) -> int:
        """The place of a text, which is added if it is new."""
        return self._places.setdefault(text, len(self._places))
