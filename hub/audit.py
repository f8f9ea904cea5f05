"""The text file that tells what hosts did and who came to be what; appended to, never changed."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from hub import protocol
from hub.writer import Writer

SHOWN: Final = 50
"""How many of the last entries are kept at hand."""
_TAIL: Final = 1 << 15


class Audit:
    """`file` is one JSON object a line: at, by, do, and whom, name, room or text."""

    def __init__(self, file: Path, writer: Writer, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._writer = writer
        self._clock = clock
        self._torn = _is_torn(file)
        self.last: deque[dict[str, Any]] = deque(_read(file), SHOWN)

    def add(self, by: str, do: str, **more: object) -> None:
        entry: dict[str, Any] = {"at": protocol.moment(self._clock()), "by": by, "do": do}
        entry |= {name: value for name, value in more.items() if value not in (None, "")}
        self.last.append(entry)
        line = b"\n" * self._torn + protocol.plain(entry) + b"\n"
        self._torn = False
        self._writer.call(lambda: _append(self._file, line))


def _append(file: Path, line: bytes) -> None:
    fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(fd, line)
    finally:
        os.close(fd)


def _is_torn(file: Path) -> bool:
    """Whether the last line was cut off: what is appended begins on a line of its own."""
    try:
        with file.open("rb") as there:
            there.seek(-1, os.SEEK_END)
            return there.read() != b"\n"
    except OSError:  # not there, or empty
        return False


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        with file.open("rb") as there:
            there.seek(max(0, file.stat().st_size - _TAIL))
            lines = there.read().split(b"\n")
    except FileNotFoundError:
        return []
    entries = []
    for line in lines:
        try:
            entries.append(msgspec.json.decode(line, type=dict[str, Any]))
        except ValueError:
            continue
    return entries
