"""A scenario: how it is measured, the goals it is held to, and the outcome of its runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from speed.figures import Figures, amount
from speed.stage import Stage


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
