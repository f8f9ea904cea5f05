"""How the time of some work grows with what it is given: found by comparing, within one run.

Only this thread's own time on the processor counts, which other programs do not add to.
"""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 16
TRIES = 5
SECONDS = 0.02
"""Of a thread's time, for the tries of one size: the best of five of some microseconds each was
once 2.7 times as long as it should be.
"""


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times as long it takes for TIMES as much: about TIMES where it is linear."""
    return _seconds(work, size * TIMES) / _seconds(work, size)


def _seconds(work: Callable[[int], object], size: int) -> float:
    took: list[float] = []
    while len(took) < TRIES or sum(took) < SECONDS:
        began = time.thread_time()
        work(size)
        took.append(time.thread_time() - began)
    return min(took)
