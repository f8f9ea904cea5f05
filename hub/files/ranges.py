"""Which bytes of a file are asked for, by RFC 9110, section 14."""

from __future__ import annotations

import itertools
import re
from typing import Final

from hub.errors import Refused

MOST_RANGES: Final = 16
"""Ranges that are answered, at most; of a file for which more are asked all is sent."""

_RANGE = re.compile(r"([0-9]*)-([0-9]*)")
_DIGITS = 20  # of a number that is larger than any file


def ranges(header: str | None, size: int) -> list[tuple[int, int]] | None:
    """The first and last byte of each range that a Range header asks of a file of `size` bytes.

    They are ascending and have no byte in common. None where all of the file is to be sent: there
    is no header, or it asks for something else than bytes, is malformed, or for too many ranges,
    or for bytes twice or out of order. Raises Refused (416, `range_unsatisfiable`) where the file
    has none of these bytes.
    """
    asked = _asked(header)
    if asked is None:
        return None
    found = []
    for first, last in asked:
        if first is None:  # the last so many bytes
            if last:
                found.append((max(size - last, 0), size - 1))
        elif first < size:
            found.append((first, size - 1 if last is None else min(last, size - 1)))
    if not found:
        raise Refused("range_unsatisfiable", "The file is not that long.", 416)
    # No range can say that a file has no bytes, although the last five of it were asked for.
    ascending = all(one[1] < other[0] for one, other in itertools.pairwise(found))
    return found if size and ascending else None


def _asked(header: str | None) -> list[tuple[int | None, int | None]] | None:
    """The numbers before and after each hyphen; None where the header is to be ignored."""
    unit, equals, listed = (header or "").partition("=")
    if not equals or unit.strip(" \t").lower() != "bytes":
        return None
    specs = [x for x in (x.strip(" \t") for x in listed.split(",")) if x]
    if not 0 < len(specs) <= MOST_RANGES:
        return None
    asked = []
    for spec in specs:
        found = _RANGE.fullmatch(spec)
        if not found:
            return None
        first, last = map(_number, found.groups())
        if first is None and last is None:
            return None
        if first is not None and last is not None and last < first:
            return None
        asked.append((first, last))
    return asked


def _number(digits: str) -> int | None:
    """The number; of one that is larger than any file, so many digits that it still is."""
    return int(digits.lstrip("0")[:_DIGITS] or "0") if digits else None
