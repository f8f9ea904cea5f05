"""The sheet for older browsers holds what the others hold, in words that those browsers know."""

from __future__ import annotations

import re

import pytest

import older


def test_the_sheet_is_made_of_the_others_as_they_are() -> None:
    written = older.OLDER.read_text(encoding="utf-8")
    assert written == older.sheet(), "run python3 scripts/older.py"


def test_nothing_in_it_is_too_new() -> None:
    rules = older.sheet().replace("@supports not (color: oklch(0 0 0))", "").replace("1dvh", "")
    assert not re.search(r"oklch|dvh|svh|lvh|color-mix|oklab|light-dark", rules)
    tokens = set(re.findall(r"var\((--person-\w+-hue)\)", rules))
    for token in tokens:
        assert rules.count(f" {token}: #") >= 24, "twelve people, light and dark"


def test_no_sheet_uses_what_cannot_be_put_in_older_words() -> None:
    for file in older.SHEETS.glob("*.css"):
        found = re.search(
            r"color-mix|light-dark|oklch\(from|oklab|\blch|[sl]vh\b",
            file.read_text(encoding="utf-8"),
        )
        assert found is None, f"{file.name} uses {found and found[0]}"


@pytest.mark.parametrize(
    ("colour", "steps"),
    [
        ((0.0, 0.0, 0.0), (0, 0, 0)),
        ((1.0, 0.0, 0.0), (255, 255, 255)),
        ((0.628, 0.2577, 29.23), (255, 0, 0)),
        ((0.8664, 0.2948, 142.5), (0, 255, 0)),
        ((0.452, 0.3132, 264.05), (0, 0, 255)),
    ],
)
def test_colours_are_those_of_css(
    colour: tuple[float, float, float], steps: tuple[int, int, int]
) -> None:
    assert older.srgb(*colour) == pytest.approx(steps, abs=1)


def test_a_sheet_is_read_with_what_is_around_each_rule() -> None:
    text = (
        "@layer a, b; @layer a { /* { */ p { color: red; top: 0 } @media x { q, r { a: b(c) } } }"
    )
    assert list(older.read(text)) == [
        older.Rule(("@layer a",), "p", (("color", "red"), ("top", "0"))),
        older.Rule(("@layer a", "@media x"), "q, r", (("a", "b(c)"),)),
    ]
