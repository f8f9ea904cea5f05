"""What the event loop waits with: however many sockets are ready, it takes a few at a time.

asyncio reads from all that are ready before anything else has its turn. Where thousands are at
once, as when a large room empties, each step of a message from elsewhere would wait for all.
"""

from __future__ import annotations

import asyncio
import sys
from selectors import DefaultSelector, SelectorKey
from typing import Final

MOST: Final = 64
"""Ready sockets that are given at a time."""


class FairSelector(DefaultSelector):
    """Gives the ready ones in the order in which the system tells them."""

    def __init__(self) -> None:
        super().__init__()
        self._left: list[tuple[SelectorKey, int]] = []

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """At most MOST of what is ready; waits for `timeout` seconds only where nothing is left.

        What was unregistered or changed since the system told it is left out.
        """
        if not self._left:
            self._left = super().select(timeout)
            if len(self._left) <= MOST:
                ready, self._left = self._left, []
                return ready
        given, self._left = self._left[:MOST], self._left[MOST:]
        registered = self.get_map()
        return [(key, events) for key, events in given if registered.get(key.fd) is key]


def new_event_loop() -> asyncio.AbstractEventLoop:
    """An event loop that waits with a FairSelector; Windows has a loop of its own kind."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    return asyncio.SelectorEventLoop(FairSelector())
