"""How many long answers are under way: each holds a thread for as long as its reader likes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Lock
from typing import Final

from hub.errors import Refused

MOST: Final = 8
MOST_EACH: Final = 2
"""For one address; half of the threads stay free for everything else."""


class Streams:
    """May be used from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._each: Counter[str] = Counter()

    def enter(self, address: str) -> Callable[[], None]:
        """Begin one long answer; gives what ends it. Raises Refused (429)."""
        with self._lock:
            if self._each[address] >= MOST_EACH or self._each.total() >= MOST:
                raise Refused(
                    "busy", "Long histories are being read. Wait a moment, try again.", 429, 2
                )
            self._each[address] += 1
        return lambda: self._leave(address)

    def _leave(self, address: str) -> None:
        with self._lock:
            self._each[address] -= 1
            if not self._each[address]:
                del self._each[address]
