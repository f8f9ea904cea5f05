"""Writes ui/css/older.css: what the page's colours and heights are in browsers that lack both.

`python3 scripts/older.py`, after a change of colours or of heights in `dvh`. Browsers before
Chrome 111 and Firefox 113 have no oklch(), those before Chrome 108 and Firefox 101 no dvh; a value
that also uses var() is then not skipped but lost, and nothing written before it takes its place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from commands import ROOT

SHEETS = ROOT / "ui" / "css"
OLDER = SHEETS / "older.css"
HEAD = "/* Written by scripts/older.py: what the other sheets hold, for older browsers. */\n"

_COLOUR = re.compile(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)(?: / ([\d.]+))?\)")
_PERSON = re.compile(r"oklch\(var\((--person-\w+)\) var\(--hue(?:, (\d+))?\)\)")


class Rule(NamedTuple):
    """The declarations of one selector, and the at-rules around it from the outside in."""

    around: tuple[str, ...]
    selector: str
    values: tuple[tuple[str, str], ...]


def sheet() -> str:
    """The whole of older.css, made of the other sheets in the order in which they apply."""
    lists = [(SHEETS / name).read_text(encoding="utf-8") for name in ("page.css", "later.css")]
    names = re.findall(r'@import "(\w+)\.css"', "\n".join(lists))
    files = [(SHEETS / f"{name}.css").read_text(encoding="utf-8") for name in names]
    rules = [rule for text in files for rule in read(text)]
    colours = [*_changed(rules, "oklch(", _in_hex), *_people(rules)]
    heights = _changed(rules, "dvh", lambda value: value.replace("dvh", "vh"))
    return (
        f"{HEAD}@supports not (color: oklch(0 0 0)) {{\n{_written(colours)}}}\n"
        f"@supports not (block-size: 1dvh) {{\n{_written(heights)}}}\n"
    )


def read(text: str) -> Iterator[Rule]:
    """The rules of a sheet without nesting, in order."""
    around: list[str] = []
    for part in re.findall(r"[^{}]*[{}]", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
        head = part[:-1].rpartition(";")[2].strip()
        if part.endswith("{"):
            around.append(head)
        else:
            selector = around.pop()
            pairs = [x.partition(":") for x in part[:-1].split(";") if x.strip()]
            if pairs:
                values = tuple((name.strip(), value.strip()) for name, _, value in pairs)
                yield Rule(tuple(around), selector, values)


def srgb(lightness: float, chroma: float, hue: float) -> tuple[int, int, int]:
    """A colour of oklch() in the 256 steps of red, green and blue; what lies outside is cut off."""
    a, b = (chroma * turn(math.radians(hue)) for turn in (math.cos, math.sin))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _step(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _step(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _step(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def _step(light: float) -> int:
    curved = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return round(255 * min(max(curved, 0.0), 1.0))


def _in_hex(value: str) -> str:
    """A value with no oklch() in it; a person's colour becomes a token of `_people`."""

    def colour(found: re.Match[str]) -> str:
        red, green, blue = srgb(*(float(x) for x in found.group(1, 2, 3)))
        if found[4]:
            return f"rgb({red} {green} {blue} / {found[4]})"
        return f"#{red:02x}{green:02x}{blue:02x}"

    return _COLOUR.sub(colour, _PERSON.sub(r"var(\1-hue)", value))


def _changed(rules: list[Rule], mark: str, change: Callable[[str], str]) -> list[Rule]:
    """The declarations whose value has the `mark`, changed."""
    found = []
    for around, selector, values in rules:
        changed = tuple((name, change(value)) for name, value in values if mark in value)
        if changed:
            found.append(Rule(around, selector, changed))
    return found


def _people(rules: list[Rule]) -> Iterator[Rule]:
    """Each person's colours, which the page makes of lightness, chroma and the person's hue.

    A hue that is given for want of a person is everybody's who has none.
    """
    values = [(rule, name, value) for rule in rules for name, value in rule.values]
    nobody = {found for _, _, value in values for _, found in _PERSON.findall(value) if found}
    hues = [(":root", float(hue)) for hue in nobody]
    hues += [(rule.selector, float(value)) for rule, name, value in values if name == "--hue"]
    for rule in rules:
        tokens = [
            (name, *map(float, value.split()))
            for name, value in rule.values
            if name.startswith("--person-")
        ]
        for selector, hue in hues if tokens else ():
            colours = tuple(
                (f"{name}-hue", _in_hex(f"oklch({lightness:g} {chroma:g} {hue:g})"))
                for name, lightness, chroma in tokens
            )
            yield Rule(rule.around, selector, colours)


def _written(rules: list[Rule]) -> str:
    """The rules as text; consecutive rules share the at-rules that they have in common."""
    lines: list[str] = []
    open_: tuple[str, ...] = ()
    for around, selector, values in rules:
        same = 0
        while same < min(len(around), len(open_)) and around[same] == open_[same]:
            same += 1
        lines += ["  " * (depth + 1) + "}" for depth in reversed(range(same, len(open_)))]
        lines += ["  " * (depth + 1) + around[depth] + " {" for depth in range(same, len(around))]
        told = " ".join(f"{name}: {value};" for name, value in values)
        lines.append("  " * (len(around) + 1) + f"{selector} {{ {told} }}")
        open_ = around
    lines += ["  " * (depth + 1) + "}" for depth in reversed(range(len(open_)))]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    OLDER.write_text(sheet(), encoding="utf-8")
