"""The log of what hosts did and of changes to accounts: a text file that is only appended to."""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from hub.errors import Refused
from hub.protocol import events
from hub.protocol.moment import moment
from hub.store import disk
from hub.store.writer import Writer

log = logging.getLogger(__name__)

SHOWN: Final = 50
"""Entries that are held in memory, the latest ones."""
_TAIL: Final = 1 << 15
"""Bytes at the end of the file in which the latest entries are looked for."""


class Audit:
    """`file` has one JSON object a line: at, by, do, and whom, name, room or text.

    Raises OSError where there is something else than a file in its place.
    """

    def __init__(self, file: Path, writer: Writer, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._writer = writer
        self._clock = clock
        tail = _tail(file)
        self._torn = tail[-1:] not in (b"", b"\n")  # what is appended begins on a line of its own
        self.last: deque[dict[str, Any]] = deque(_entries(tail), SHOWN)

    def add(self, by: str, do: str, **more: object) -> None:
        """Note that `by` did this; on stable storage once the writer comes to it.

        A line that cannot be written is told in the log, and is lost.
        """
        entry: dict[str, Any] = {"at": moment(self._clock()), "by": by, "do": do}
        entry |= {name: value for name, value in more.items() if value not in (None, "")}
        self.last.append(entry)
        line = b"\n" * self._torn + events.encode(entry) + b"\n"
        self._torn = False
        self._writer.call(lambda: disk.append(self._file, line), self._written)

    def _written(self, refused: Refused | None) -> None:
        if refused is not None:
            self._torn = True  # some of the line may be in the file
            log.error("An entry of %s is lost: %s", self._file.name, refused.message)


def _tail(file: Path) -> bytes:
    """The last bytes of the file, none where there is none. Raises OSError, also for no file."""
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
