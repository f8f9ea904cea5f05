"""The table of all outcomes, in Markdown, for the screen and for the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from speed.figures import COLUMNS, LOST, amount
from speed.outcomes import Outcome

HEADINGS = ("what", "target", "measured", "", *COLUMNS, "also")


def markdown(
    facts: Mapping[str, str], parts: Mapping[str, Sequence[Outcome]], runs: int, command: str
) -> str:
    """The whole report."""
    said = "medians of three runs" if runs == 3 else "one short run each, good for a look only"
    lines = [
        "# How fast Hearth is",
        "",
        f"Written by `{command}`; {said}. Hub and whatever is compared run on one core, the",
        "generator on another. A message is about 200 bytes on the wire. `CPU %` is the server's",
        "share of its core, writer thread included; `memory` its proportional set size; `lost`",
        "counts lost and doubled messages over all clients. Latency runs from the moment at which",
        "a message was due until it was read by each client. Redis streams and Hearth are loaded",
        "in turns, six each. On the slow disk each `fsync` and `fdatasync` of the hub, whatever",
        "the file, takes 15 ms, and they take turns in the order in which they were asked for.",
        "",
        *(f"- {name}: {value}" for name, value in facts.items()),
        "",
    ]
    for name, outcomes in parts.items():
        if outcomes:
            lines += [f"## {name}", "", *table(outcomes), ""]
    lines += ["![The same as a chart](bench.svg)", ""]
    return "\n".join(lines)


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """Markdown whose columns stand under each other in plain text too."""
    rows = [HEADINGS, *(row(outcome) for outcome in outcomes)]
    wide = [max(len(cells[column]) for cells in rows) for column in range(len(HEADINGS))]
    drawn = [" | ".join(f"{cell:{w}}" for cell, w in zip(r, wide, strict=True)) for r in rows]
    rule = "-|-".join("-" * w for w in wide)
    return [f"| {line} |" for line in (drawn[0], rule.replace(" ", "-"), *drawn[1:])]


def row(outcome: Outcome) -> tuple[str, ...]:
    """The cells of one outcome, in the order of HEADINGS."""
    scenario, figures = outcome.scenario, outcome.figures
    blank = ("",) * len(COLUMNS)
    goals = "; ".join(goal.words() for goal in scenario.goals)
    if outcome.why:
        return (scenario.what, goals, "not measured", "", *blank, outcome.why)
    asked = [goal.figure for goal in scenario.goals]
    rest = [name for name in figures if name not in COLUMNS and name not in asked]
    shown = [*asked] or rest[:1]
    measured = "; ".join(f"{amount(figures[name])} {name}" for name in shown)
    columns = [amount(figures[name]) if name in figures else "" for name in COLUMNS]
    also = ", ".join(f"{amount(figures[name])} {name}" for name in rest if name not in shown)
    return (scenario.what, goals, measured, verdict(outcome), *columns, also)


def verdict(outcome: Outcome) -> str:
    """`met` or `missed`; what lost a message has missed whatever else it did."""
    if outcome.why or not (outcome.scenario.goals or outcome.figures.get(LOST)):
        return ""
    met = all(goal.met(outcome.figures) for goal in outcome.scenario.goals)
    return "met" if met and not outcome.figures.get(LOST) else "missed"
