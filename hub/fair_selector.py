"""What the event loop waits with: however many sockets are ready, it takes a few at a time.

asyncio reads from all that are ready before anything else has its turn. Where thousands are at
once, as when a large room empties, each step of a message from elsewhere would wait for all.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import islice
from selectors import EVENT_READ, DefaultSelector, SelectorKey
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

MOST: Final = 64
"""Ready sockets that are given at a time."""
LATELY: Final = 1024
"""Sockets that are known to have been ready lately, at most."""


class FairSelector(DefaultSelector):
    """Gives the ready ones in the order in which the system tells them.

    While a crowd waits, those that were ready lately, before the crowd was, have half of each turn:
    who speaks is heard beside thousands that come or go.
    """

    def __init__(self) -> None:
        super().__init__()
        self._left: list[tuple[SelectorKey, int]] = []
        self._lately = DefaultSelector()
        self._known: dict[int, None] = {}  # the descriptors in it, the first ones first

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """At most MOST of what is ready; waits for `timeout` seconds only where nothing is left.

        What was unregistered or changed since the system told it is left out.
        """
        if not self._left:
            ready = super().select(timeout)
            if len(ready) <= MOST:
                self._note(ready)
                return ready
            self._left = ready
        registered = self.get_map()
        given = {}
        for known, _ in islice(self._lately.select(0), MOST // 2):
            key = registered[known.fd]
            if key.events & EVENT_READ:
                given[known.fd] = key, EVENT_READ
        some = MOST - len(given)
        for key, events in self._left[:some]:
            if registered.get(key.fd) is key:
                given[key.fd] = key, events
        del self._left[:some]
        return list(given.values())

    def _note(self, ready: list[tuple[SelectorKey, int]]) -> None:
        """Know which were ready; the first ones are forgotten where there are too many."""
        for key, events in ready:
            if key.fd not in self._known and events & EVENT_READ:
                if len(self._known) >= LATELY:
                    self._forget(next(iter(self._known)))
                self._lately.register(key.fd, EVENT_READ)
                self._known[key.fd] = None

    def _forget(self, fd: int) -> None:
        del self._known[fd]
        self._lately.unregister(fd)

    def unregister(self, fileobj: FileDescriptorLike) -> SelectorKey:
        key = super().unregister(fileobj)
        if key.fd in self._known:
            self._forget(key.fd)
        return key

    def close(self) -> None:
        self._lately.close()
        super().close()


def new_event_loop() -> asyncio.AbstractEventLoop:
    """An event loop that waits with a FairSelector; Windows has a loop of its own kind."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    return asyncio.SelectorEventLoop(FairSelector())
