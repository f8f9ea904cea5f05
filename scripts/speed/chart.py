"""The outcomes as a picture: SVG written by hand, readable on light and on dark screens."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from speed.figures import amount
from speed.outcomes import Outcome

WIDE, LEFT, RIGHT = 960, 350, 180
ROW, BAR = 24, 14
STYLE = """
svg { background: #faf7f2; color: #2b2723; font: 13px system-ui, sans-serif }
text { fill: currentColor } .small { font-size: 11px; opacity: .75 }
.title { font-size: 16px; font-weight: 600 } .value { font-variant-numeric: tabular-nums }
.bar { fill: #8a8177 } .hearth { fill: #c2571a } .missed { fill: #a3352f }
.line { stroke: currentColor; stroke-dasharray: 3 3; opacity: .5 }
@media (prefers-color-scheme: dark) {
  svg { background: #221f1c; color: #ece6de }
  .bar { fill: #857c72 } .hearth { fill: #e08040 } .missed { fill: #d9695f }
}
"""


class Bar(NamedTuple):
    label: str
    length: float
    """Of the space for bars, from 0 to 1."""
    value: str
    style: str = "bar"


def chart(outcomes: Sequence[Outcome]) -> str:
    """The whole picture: fan-out beside others, and each target with how well it is met."""
    fan_out, targets = _fan_out(outcomes), _targets(outcomes)
    lines = _heading(30, "Deliveries a second to all clients", "the same load for each, one core")
    lines += _bars(66, fan_out)
    below = 66 + ROW * len(fan_out) + 44
    lines += _heading(below, "What was asked for", "right of the line: met")
    middle = LEFT + (WIDE - LEFT - RIGHT) / 2
    lines += _bars(below + 36, targets, middle)
    high = below + 36 + ROW * len(targets) + 16
    lines.append(f'<path class="line" d="M{middle} {below + 22}V{high - 12}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" role="img" '
        f'aria-label="How fast Hearth is">\n<style>{STYLE}</style>\n'
        + "".join(f"{line}\n" for line in lines)
        + "</svg>\n"
    )


def _fan_out(outcomes: Sequence[Outcome]) -> list[Bar]:
    names = ("fan-out", "fan-out-200", "redis", "redis-200", "ngircd", "ngircd-200",
             "plain-flood", "floor")  # fmt: skip
    found = [
        (outcome.scenario, outcome.figures.get("deliveries/s") or outcome.figures["sends/s"])
        for outcome in outcomes
        if outcome.scenario.name in names and not outcome.why
    ]
    most = max((rate for _, rate in found), default=1)
    return [
        Bar(scenario.what, rate / most, amount(rate), "hearth" if scenario.goals else "bar")
        for scenario, rate in sorted(found, key=lambda pair: -pair[1])
    ]


def _targets(outcomes: Sequence[Outcome]) -> list[Bar]:
    """One bar a target; its length is the binary logarithm of how many times better, to 2**5."""
    bars = []
    for outcome in outcomes:
        if outcome.why:
            continue
        for goal in outcome.scenario.goals:
            ratio = goal.ratio(outcome.figures)
            length = max(-5.0, min(5.0, math.log2(ratio) if ratio > 0 else -5.0)) / 5
            value = f"{amount(outcome.figures[goal.figure])} {goal.figure}"
            style = "hearth" if goal.met(outcome.figures) else "missed"
            bars.append(Bar(f"{outcome.scenario.name}: {goal.words()}", length, value, style))
    return bars


def _heading(top: int, title: str, what: str) -> list[str]:
    return [
        f'<text class="title" x="20" y="{top}">{escape(title)}</text>',
        f'<text class="small" x="20" y="{top + 17}">{escape(what)}</text>',
    ]


def _bars(top: int, bars: Sequence[Bar], zero: float = LEFT) -> list[str]:
    """A row each; from `zero` a bar goes right, or left where its length is below 0."""
    space = WIDE - RIGHT - zero
    lines = []
    for number, bar in enumerate(bars):
        y = top + ROW * number
        long = max(1.0, abs(bar.length) * space)
        x = zero - long if bar.length < 0 else zero
        lines += [
            f'<text x="{LEFT - 10}" y="{y + 11}" text-anchor="end">{escape(bar.label)}</text>',
            f'<rect class="{bar.style}" x="{x:.1f}" y="{y}" width="{long:.1f}" height="{BAR}" '
            'rx="2"/>',
            f'<text class="value small" x="{WIDE - RIGHT + 10}" y="{y + 11}">'
            f"{escape(bar.value)}</text>",
        ]
    return lines
