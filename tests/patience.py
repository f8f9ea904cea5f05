"""How long tests wait for what has to come: only a failure takes that long."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 120.0
"""Seconds. 30 were too few on one core that five workers shared."""


def until(
    wanted: Callable[[], T], otherwise: str = "it did not come to be", seconds: float = PATIENCE
) -> T:
    """Wait until `wanted` returns something true, and return it; fail with `otherwise`."""
    end = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < end, otherwise
        time.sleep(0.05)
    return found
