"""The text file that tells what hosts did and who came to be what; appended to, never changed."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from hub.protocol import events
from hub.protocol.moment import moment
from hub.store import disk
from hub.store.writer import Writer

SHOWN: Final = 50
"""How many of the last entries are kept at hand."""
_TAIL: Final = 1 << 15


class Audit:
    """`file` is one JSON object a line: at, by, do, and whom, name, room or text."""

    def __init__(self, file: Path, writer: Writer, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._writer = writer
        self._clock = clock
        tail = _tail(file)
        self._torn = tail[-1:] not in (b"", b"\n")  # what is appended begins on a line of its own
        self.last: deque[dict[str, Any]] = deque(_entries(tail), SHOWN)

    def add(self, by: str, do: str, **more: object) -> None:
        entry: dict[str, Any] = {"at": moment(self._clock()), "by": by, "do": do}
        entry |= {name: value for name, value in more.items() if value not in (None, "")}
        self.last.append(entry)
        line = b"\n" * self._torn + events.encode(entry) + b"\n"
        self._torn = False
        self._writer.call(lambda: _append(self._file, line))


def _append(file: Path, line: bytes) -> None:
    fd = disk.open_file(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(fd, line)
    finally:
        os.close(fd)


def _tail(file: Path) -> bytes:
    """The last bytes of the file. Raises OSError, as where it is no file."""
    try:
        with open(disk.open_file(file, os.O_RDONLY), "rb") as there:
            there.seek(max(0, os.fstat(there.fileno()).st_size - _TAIL))
            return there.read(_TAIL)
    except FileNotFoundError:
        return b""


def _entries(tail: bytes) -> list[dict[str, Any]]:
    entries = []
    for line in tail.split(b"\n"):
        try:
            entries.append(msgspec.json.decode(line, type=dict[str, Any]))
        except ValueError:
            continue
    return entries
