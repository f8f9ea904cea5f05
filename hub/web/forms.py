"""Decodes `application/x-www-form-urlencoded`: forms and queries.

The standard library makes several objects for each percent sign, and raises an exception for one
that escapes nothing: a form of 190 KB took it 50 ms and 10 MB, some of which each thread kept.
"""

from __future__ import annotations

import re
from typing import Final

MOST: Final = 64
"""Fields of a form that are read; the others are ignored."""
PIECE: Final = 1 << 12
"""Bytes that are decoded at a time, which bounds the memory that it takes."""

_ESCAPES: Final = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")


def fields(data: bytes, errors: str = "strict") -> dict[str, list[str]]:
    """The first MOST fields: the values of each name, in order.

    A percent sign that escapes nothing stands for itself. `errors` is for bytes.decode: by default
    it raises UnicodeDecodeError for what is not UTF-8.
    """
    found: dict[str, list[str]] = {}
    for part in filter(None, data.split(b"&", MOST)[:MOST]):
        name, _, value = part.partition(b"=")
        found.setdefault(_decoded(name, errors), []).append(_decoded(value, errors))
    return found


def first(data: bytes, name: str) -> str | None:
    """The first value of a field, or None; invalid UTF-8, in any field, is replaced."""
    return fields(data, "replace").get(name, [None])[0]


def _decoded(part: bytes, errors: str) -> str:
    part = part.replace(b"+", b" ")
    if b"%" in part:
        part = b"".join(_ESCAPES.sub(_unescaped, piece) for piece in _pieces(part))
    return part.decode("utf-8", errors)


def _pieces(part: bytes) -> list[bytes]:
    """Cut bytes into pieces, but no escape in two."""
    pieces = []
    at = 0
    while at < len(part):
        end = at + PIECE
        if end < len(part) and (cut := part.rfind(b"%", end - 2, end)) >= 0:
            end = cut
        pieces.append(part[at:end])
        at = end
    return pieces


def _unescaped(escapes: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escapes[0].replace(b"%", b"").decode("ascii"))
