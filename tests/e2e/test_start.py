"""Browsers that lack what the page needs, or only what makes it look its best."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Route, expect

from tests.e2e.conftest import Visit
from tests.serving import ROOT, Serving

UI = ROOT / "ui"
START = (UI / "start.js").read_text(encoding="utf-8")
NEEDED = re.findall(r"'([\w.]+)'", START.partition("[")[2].partition("]")[0])
IN_THE_PAGE = {"CSSLayerBlockRule": "@layer"}
"""What the page uses is named otherwise than what tells that it is there."""

PARSE = """
const { readFileSync } = require('fs');
const { parse } = require('internal/deps/acorn/acorn/dist/acorn');
parse(readFileSync(0, 'utf8'), { ecmaVersion: 5 });
"""

YOUNGER = {
    r"\.(findLast|findLastIndex|toSorted|toReversed|toSpliced)\(": "Chrome 97 to 110, Firefox 115",
    r"\b(Object|Map)\.groupBy\b|\bArray\.fromAsync\b|\bPromise\.(withResolvers|try)\b": "2023",
    r"\bAbortSignal\.(any|timeout)\b|\.checkVisibility\(": "2022",
    r"\bnavigator\.userActivation\b(?!\?)": "Firefox 120, Safari 16.4",
    r"\(\?<[=!]|/[dgimsuy]*v[dgimsuy]*[.,;)]": "Safari 16.4, Chrome 112",
    r"\bstatic \{|#\w+ in \w": "Safari 16.4",
    r"\bwith \{ type:|\bimport\.meta\.resolve\b": "2023",
}
"""JavaScript that came after Chrome 99, Firefox 98 or Safari 15.4, and with what."""


def scripts() -> Iterator[Path]:
    """The page's own modules."""
    folders = ("lib", "parts", "vendor")
    return chain([UI / "main.js"], *((UI / folder).rglob("*.js") for folder in folders))


def node(*arguments: str, given: str) -> subprocess.CompletedProcess[str]:
    """Runs the Node that Playwright brings."""
    program, _ = compute_driver_executable()
    return subprocess.run(
        [program, *arguments], input=given, capture_output=True, encoding="utf-8", check=False
    )


def test_what_runs_first_is_in_the_oldest_syntax() -> None:
    told = node("--expose-internals", "-e", PARSE, given=START)
    assert told.returncode == 0, told.stderr
    for newer in ("x => x", "let x = 1", "x?.y", "try { x() } catch { y() }"):
        assert node("--expose-internals", "-e", PARSE, given=newer).returncode, newer


def test_what_is_asked_for_is_what_the_page_uses() -> None:
    assert len(NEEDED) > 4
    sources = [*scripts(), *UI.glob("css/*.css")]
    text = "\n".join(x.read_text(encoding="utf-8") for x in sources)
    for name in NEEDED:
        short = name.partition(".prototype")[2].removeprefix(".") or name
        assert IN_THE_PAGE.get(name, short) in text, f"nothing in the page uses {name}"


def test_the_page_uses_nothing_younger_than_it_says() -> None:
    for file in scripts():
        code = re.sub(r"//[^\n]*|/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for pattern, since in YOUNGER.items():
            found = re.search(pattern, code)
            assert found is None, f"{file.name} uses {found[0] if found else ''}, of {since}"


@pytest.mark.parametrize("name", NEEDED)
def test_a_browser_that_lacks_something_is_told(hub: Serving, visit: Visit, name: str) -> None:
    visitor = visit(f"{hub.url}/api/health")
    visitor.expected = ("Content Security Policy",)
    visitor.page.add_init_script(f"delete {name if '.' in name else 'window.' + name}")
    visitor.asked.clear()
    visitor.open(f"{hub.url}/general")
    expect(visitor.page.get_by_role("heading")).to_have_text("This browser is too old for Hearth")
    expect(visitor.page.get_by_text("Chrome or Edge 99, Firefox 98, Safari 15.4")).to_be_visible()
    expect(visitor.page.get_by_text("on its way")).to_have_count(0)
    assert visitor.page.locator("hearth-app").count() == 0
    assert not any(x.endswith("/api/live") or "/api/start" in x for x in visitor.asked)


@pytest.mark.parametrize("language", ["en-US@posix", "", "c", "he"])
def test_a_browser_without_a_language_gets_the_page(
    hub: Serving, visit: Visit, language: str
) -> None:
    naor = visit(f"{hub.url}/api/health")
    naor.page.add_init_script(
        f"Object.defineProperty(navigator, 'language', {{ get: () => '{language}' }})"
    )
    naor.open(f"{hub.url}/general")
    naor.join("naor")
    naor.say("Hello")
    naor.sees("Hello")
    expect(naor.row("Hello").locator("time")).to_have_text(re.compile(r"\d:\d\d"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_the_newest_colours_and_heights_it_looks_the_same(
    hub: Serving, visit: Visit, scheme: str
) -> None:
    """As in Chrome 99 to 110 and Firefox 98 to 112: no sheet has a unit or colour they know."""
    hub.say("Hello", username="mira")

    def older(route: Route) -> None:
        body = route.fetch().text().replace("oklch(", "nocolour(").replace("dvh", "nounit")
        route.fulfill(body=body, content_type="text/css")

    new = visit(f"{hub.url}/general", "naor", color_scheme=scheme)
    old = visit(f"{hub.url}/api/health", color_scheme=scheme)
    old.page.route("**/css/*.css", older)
    old.page.add_init_script(LACKS)
    old.open(f"{hub.url}/general")
    old.join("zoe")
    expect(old.row("Hello")).to_be_in_viewport(ratio=1)
    expect(old.message).to_be_in_viewport(ratio=1)
    height = "document.querySelector('hearth-app').getBoundingClientRect().height"
    assert old.page.evaluate(height) == new.page.evaluate(height) == 800
    for part in ("body", ".side", ".msg .name", ".msg .avatar", ".composer textarea", ".msg time"):
        for what in ("color", "backgroundColor"):
            seen = [x.page.evaluate(PAINTED, [part, what]) for x in (new, old)]
            apart = [abs(a - b) for a, b in zip(*seen, strict=True)]
            assert max(apart) <= 1, (part, what, seen)


LACKS = """{
    const { supports } = CSS;
    CSS.supports = (...asked) => !/oklch|dvh/.test(asked.join()) && supports.apply(CSS, asked);
}"""
"""Has the page asked for these colours and heights hear that there are none."""

PAINTED = """([part, what]) => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.fillStyle = getComputedStyle(document.querySelector(part))[what];
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
}"""
"""The colour of a part as it comes to the screen: red, green, blue, opacity, each of 255."""
