"""Faults that happen again and again, at random moments."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path


def random_moments() -> random.Random:
    """Chance, whose seed is printed, so that a run that failed can be had again."""
    seed = random.randrange(1 << 32)
    print("seed", seed)
    return random.Random(seed)


def in_rounds(
    folder: Path, cycles: int, most: int, once: Callable[[Path, int, random.Random], None]
) -> None:
    """Call `once` with a new folder, and a number of cycles, until that many `cycles` are done.

    After `most` of them a folder is big enough.
    """
    moments = random_moments()
    for done in range(0, cycles, most):
        once(folder / f"rooms-{done}", min(most, cycles - done), moments)
