"""What a scenario measures, what is asked of it, and how several runs become one outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from speed.stage import Stage

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


class Absent(Exception):
    """What a scenario needs is not on this machine; the message says what and why."""


class Goal(NamedTuple):
    """`figure` is to be at most `bound`, or with `least` at least that."""

    figure: str
    bound: float
    least: bool = False

    def met(self, figures: Figures) -> bool:
        return self.ratio(figures) >= 1

    def ratio(self, figures: Figures) -> float:
        """How many times better than asked; below 1 the goal is missed."""
        value = figures[self.figure]
        if self.least:
            return value / self.bound
        return self.bound / value if value > 0 else 1e9

    def words(self) -> str:
        return f"{'≥' if self.least else '≤'} {amount(self.bound)} {self.figure}"


class Scenario(NamedTuple):
    """`name` is what `--only` takes; `times` how often it is measured in a full run."""

    name: str
    what: str
    measure: Callable[[Stage], Figures]
    goals: tuple[Goal, ...] = ()
    times: int = 3


class Outcome(NamedTuple):
    """The medians of all runs of a scenario; `why` it is not there, where it is not."""

    scenario: Scenario
    figures: Figures
    why: str = ""


def at_least(bound: float, figure: str) -> Goal:
    return Goal(figure, bound, least=True)


def at_most(bound: float, figure: str) -> Goal:
    return Goal(figure, bound)


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
