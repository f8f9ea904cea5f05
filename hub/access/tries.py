"""Wrong codes, passwords and links: an address that guesses has to wait."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from hub.access.rate_limit import RateLimit
from hub.errors import Refused

TRIES: Final = 5
"""Wrong codes, passwords and links a minute from one address."""


class Tries:
    """Tries of all kinds, counted together by address, or by person where one is known.

    `tick` gives seconds that never jump.
    """

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        # A token bucket that lets no more through in any minute.
        self._wrong = RateLimit(1 / 60, TRIES, tick)
        self._under_way: Counter[str] = Counter()  # tries that are being checked

    def check(self, address: str) -> None:
        """Raises Refused (429) for an address with too many wrong tries.

        Tries that are still being checked count as wrong.
        """
        wait = self._wrong.wait(address)
        if wait:
            raise Refused(
                "too_many_tries", "Too many tries. Wait a minute, then try again.", 429, wait
            )
        others = self._under_way[address]
        if others >= TRIES or self._wrong.wait(address, others + 1):
            raise Refused("busy", "Many are coming in just now. Try again in a moment.", 429, 1.0)

    def wrong(self, address: str) -> None:
        """Count a wrong try of this address."""
        self._wrong.take(address)

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        """A try whose check takes a while, perhaps beside others; if it is refused, it was wrong.

        A try that was not checked ("busy") is not counted. Raises Refused (429) as `check` does.
        """
        self.check(address)
        self._under_way[address] += 1
        try:
            yield
        except Refused as why:
            if why.code != "busy":
                self.wrong(address)
            raise
        finally:
            self._under_way[address] -= 1
            if not self._under_way[address]:
                del self._under_way[address]
