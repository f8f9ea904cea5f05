"""Measured figures: their names, percentiles, the medians of several runs, how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

Figures = dict[str, float]
"""Figures by name; a name ends in its unit. These have columns of their own in the table:"""

P50 = "p50 ms"
P95 = "p95 ms"
P99 = "p99 ms"
CPU = "CPU %"
MEMORY = "memory MiB"
GENERATOR = "generator %"
LOST = "lost"
COLUMNS = (P50, P99, CPU, MEMORY, GENERATOR, LOST)


def medians(runs: Sequence[Figures]) -> Figures:
    """The median of each figure; of what was lost the sum, as none may be hidden."""
    names = {name: None for run in runs for name in run}
    return {
        name: (sum if name == LOST else median)([run[name] for run in runs if name in run])
        for name in names
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all values do not exceed."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    ranked = sorted(values)
    return ranked[max(0, -int(-share * len(ranked) // 1) - 1)]


def spread(nanoseconds: Sequence[int]) -> Figures:
    """The two percentiles that are shown, in milliseconds."""
    return {P50: percentile(nanoseconds, 0.5) / 1e6, P99: percentile(nanoseconds, 0.99) / 1e6}


def amount(value: float) -> str:
    """A number in at most about three digits that matter, thousands set apart."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
