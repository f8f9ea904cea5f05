"""A room's file read by a second pair of eyes: nothing here is the hub's own code."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def lines_of(path: Path) -> list[bytes]:
    """The events of a room's file; fails where a line is not whole, or a number is missing."""
    data = path.read_bytes()
    assert data.endswith(b"\n"), f"{path.name} ends in {data[-40:]!r}"
    header, *lines = data.splitlines(keepends=True)
    assert b'"n":' not in header, f"{path.name} has no header"
    for line in (header, *lines):
        assert is_whole(line), f"{path.name}: {line!r}"
    numbers = [json.loads(line)["n"] for line in lines]
    assert numbers == list(range(1, len(lines) + 1)), f"{path.name}: {_first_gap(numbers)}"
    return lines


def events_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines_of(path)]


def is_whole(line: bytes) -> bool:
    body, _, seal = line.rpartition(b',"crc"')
    return seal == b':"%08x"}\n' % zlib.crc32(body)


def _first_gap(numbers: Iterable[int]) -> str:
    for expected, n in enumerate(numbers, 1):
        if n != expected:
            return f"{n} stands where {expected} should"
    return "no gap"
