"""How the time of some work grows with what it is given: found by comparing, within one run.

Only this thread's own time on the processor counts, which other programs do not add to.
"""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 16
TRIES = 3
SECONDS = 0.04
"""Of a thread's time, at least, for what is timed at once: some kernels count it in steps of 10 ms,
and one call of some microseconds is nothing or 10 ms there.
"""


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times as long it takes for TIMES as much: about TIMES where it is linear."""
    return _seconds(work, size * TIMES) / _seconds(work, size)


def _seconds(work: Callable[[int], object], size: int) -> float:
    """For one call: the least of some tries, each of as many calls as SECONDS need."""
    return min(_mean_seconds(work, size) for _ in range(TRIES))


def _mean_seconds(work: Callable[[int], object], size: int) -> float:
    began, calls, took = time.thread_time(), 0, 0.0
    while took < SECONDS:
        work(size)
        calls += 1
        took = time.thread_time() - began
    return took / calls
