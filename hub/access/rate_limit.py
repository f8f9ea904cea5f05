"""A rate limit: one token bucket for each person or address, kept as one number."""

from __future__ import annotations

import time
from collections.abc import Callable


class RateLimit:
    """Lets each `who` spend `rate` a second and `burst` at once; a rate of 0 is no limit.

    A bucket that is full again is forgotten; so is the one used longest ago, where there are
    more than `most`. For one thread only.
    """

    def __init__(
        self,
        rate: float,
        burst: float,
        clock: Callable[[], float] = time.monotonic,
        most: int = 100_000,
    ) -> None:
        self._seconds_each = 1 / rate if rate else 0.0
        self._burst_seconds = burst * self._seconds_each
        self._clock = clock
        self._most = most
        # When each bucket will be full again, the bucket used longest ago first.
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        """Give the number of buckets that are remembered."""
        return len(self._full_at)

    def take(self, who: str, cost: float = 1.0) -> float:
        """Spend `cost` and give 0.0, or spend nothing and give the seconds until it may be.

        What costs more than the whole burst passes when the bucket is full.
        """
        if not self._seconds_each:
            return 0.0
        now = self._clock()
        self._forget(now)
        full_at = self._full_after(who, cost, now)
        wait = full_at - now - self._burst_seconds
        if wait > 1e-9:
            return wait
        self._full_at.pop(who, None)
        self._full_at[who] = full_at
        return 0.0

    def spend(self, who: str, cost: float = 1.0) -> float:
        """Spend `cost`, even on credit; give the seconds until the debt is paid."""
        if not self._seconds_each:
            return 0.0
        now = self._clock()
        self._forget(now)
        full_at = max(self._full_at.pop(who, now), now) + cost * self._seconds_each
        self._full_at[who] = full_at
        return max(0.0, full_at - now - self._burst_seconds)

    def wait(self, who: str, cost: float = 1.0) -> float:
        """Give what `take` would give, and spend nothing."""
        now = self._clock()
        wait = self._full_after(who, cost, now) - now - self._burst_seconds
        return wait if wait > 1e-9 else 0.0

    def _full_after(self, who: str, cost: float, now: float) -> float:
        seconds = min(cost * self._seconds_each, self._burst_seconds)
        return max(self._full_at.get(who, now), now) + seconds

    def _forget(self, now: float) -> None:
        """Drop the two oldest buckets if they are full: twice as fast as new ones can come."""
        for _ in range(2):
            oldest = next(iter(self._full_at), None)
            if oldest is None:
                return
            if self._full_at[oldest] > now and len(self._full_at) < self._most:
                return
            del self._full_at[oldest]
