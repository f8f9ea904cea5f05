"""File descriptors: how many the system gives, and who may have them."""

from __future__ import annotations

import asyncio
import logging
import math
import sys
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from hub.store.disk import NONE_LEFT
from hub.store.open_files import MOST

log = logging.getLogger(__name__)

WANTED: Final = 1 << 20
"""Descriptors that are asked of the system at most."""
WANTED_MACOS: Final = 10_240
"""Descriptors that macOS gives where it names no limit (OPEN_MAX of its sys/syslimits.h)."""
RESERVED: Final = 96
"""Descriptors for all that is neither a room's file nor an admitted connection."""
OVER_SECONDS: Final = 60.0
"""Seconds without a shortage after which the next one is another one, and is told in the log."""


class Shares(NamedTuple):
    """How many descriptors the rooms' files may have, and connections."""

    files: int
    connections: int


def shares(number: int) -> Shares:
    """Share out so many descriptors. Most go to connections; rooms' files can be closed."""
    left = max(0, number - RESERVED)
    files = max(8, min(MOST, left // 2))
    return Shares(files, max(64, left - files))


if sys.platform == "win32":

    def raise_limit() -> int:
        """Windows has no such limit."""
        return WANTED

else:
    import resource

    def raise_limit() -> int:
        """Raise the limit of this process as far as is sensible; gives what it is then."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        for most in (WANTED, WANTED_MACOS):
            wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
            if soft == resource.RLIM_INFINITY or soft >= wanted:
                break
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                soft = wanted
            except (ValueError, OSError):
                continue
        return WANTED if soft == resource.RLIM_INFINITY else soft


class Shortage:
    """An exception handler of the event loop, which cannot accept a connection without a
    descriptor and tries again in a second: `free` is called, and the log says so once, however long
    it lasts.
    """

    def __init__(self, free: Callable[[], None]) -> None:
        self._free = free
        self._short = -math.inf  # when there last were too few

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in NONE_LEFT:
            loop.default_exception_handler(context)
            return
        self._free()
        before, self._short = self._short, loop.time()
        if self._short - before > OVER_SECONDS:
            log.error("There are too few descriptors (ulimit -n): new connections have to wait")
