"""Code in messages: its colours, how it is copied, and what is shown of long code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES
from tests.e2e.visitor import Held, Visitor
from tests.serving import Serving
from tests.talk import Talk

PYTHON = "def f(x):\n    return 'one' + x  # why\n"


@pytest.fixture
def mira(hub: Serving) -> Iterator[Talk]:
    """Somebody who is in general."""
    with hub.talk(hub.session("mira")) as mira:
        mira.hello()
        mira.join()
        yield mira


def block(visitor: Visitor, text: str) -> Locator:
    return visitor.log.locator(".code-block").filter(has_text=text)


def coloured(visitor: Visitor, words: str) -> Locator:
    whole = re.compile(f"^{re.escape(words)}$")
    return visitor.log.locator("code span").filter(has_text=whole)


@SIZES
def test_code_is_coloured_and_can_be_copied(
    lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    """Over plain http from another computer, where there is no clipboard for pages."""
    naor = visit(lan_url, "naor", **size)
    naor.message.fill(f"See:\n```py\n{PYTHON}```")
    naor.message.press("Enter")
    expect(coloured(naor, "def")).to_have_class("code-keyword")
    expect(coloured(naor, "'one'")).to_have_class("code-string")
    expect(coloured(naor, "# why")).to_have_class("code-comment")
    expect(naor.log.get_by_text("Python", exact=True)).to_be_visible()
    assert naor.log.locator("code").text_content() == PYTHON.rstrip("\n")
    copy = naor.log.get_by_role("button", name="Copy code")
    if size:
        box = copy.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
        copy.tap()
    else:
        copy.focus()
        copy.press("Enter")
    expect(naor.page.get_by_role("status").get_by_text("Copied.")).to_be_visible()
    naor.message.focus()
    naor.page.keyboard.press("ControlOrMeta+v")
    expect(naor.message).to_have_value(PYTHON.rstrip("\n"))


def test_code_of_a_language_that_is_not_named(hub: Serving, visit: Visit, mira: Talk) -> None:
    rust = 'use std::io;\n\nfn main() {\n    let mut s = String::new();\n    println!("{}", s);\n}'
    mira.say(f"```\n{rust}\n```")
    mira.say("```\njust a note\n```")
    mira.say("```nonsense\nlet it be\n```")
    naor = visit(f"{hub.url}/general", "naor")
    expect(coloured(naor, "let")).to_have_class("code-keyword")
    expect(block(naor, "just a note").locator("code span")).to_have_count(0)
    expect(block(naor, "let it be").locator("code span")).to_have_count(0)
    expect(block(naor, "let it be").get_by_text("nonsense")).to_be_visible()


def test_what_colours_code_comes_with_the_first_code(
    hub: Serving, visit: Visit, mira: Talk
) -> None:
    mira.say("no code")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("no code")
    naor.rests()
    assert not [x for x in naor.asked if "highlight" in x or "/code-" in x]
    with naor.page.expect_request("**/highlight.min.js"):
        mira.say("```js\nlet x;\n```")
    expect(coloured(naor, "let")).to_be_visible()


@pytest.mark.parametrize("lost", ["**/code-colours.js", "**/code-worker.js", "**/highlight.min.js"])
def test_without_colours_code_is_code(hub: Serving, visit: Visit, mira: Talk, lost: str) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expect_losses()
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.abort()

    naor.context.route(lost, refuse)
    mira.say("```js\nlet x;\n```")
    expect(block(naor, "let x;")).to_be_visible()
    naor.page.wait_for_timeout(1000)
    expect(naor.log.locator("code span")).to_have_count(0)
    assert refused


def test_code_that_is_unfolded_while_its_colours_are_worked_out(
    hub: Serving, visit: Visit, mira: Talk
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    held = Held(naor.context, "**/highlight.min.js")
    lines = [f"let line{n} = {n};" for n in range(1, 101)]
    with naor.page.expect_request("**/highlight.min.js"):
        mira.say("\n".join(["```js", *lines, "```"]))
    naor.log.get_by_role("button", name="Show 88 more lines").click()
    code = naor.log.locator("code")
    expect(code).to_have_text("\n".join(lines))
    held.release()
    expect(coloured(naor, "let")).to_have_count(100)
    expect(code).to_have_text("\n".join(lines))


@SIZES
def test_long_code_shows_its_first_lines(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lines = [f"let line{n} = {n};" for n in range(1, 101)]
    with lan.talk(lan.session("mira")) as mira:
        mira.hello()
        mira.join()
        mira.say("\n".join(["before", "```js", *lines, "```", "after"]))
        naor = visit(lan_url, "naor", **size)
        code = naor.log.locator("code")
        expect(naor.log.get_by_text("after", exact=True)).to_be_visible()
        expect(coloured(naor, "let")).to_have_count(12)
        more = naor.log.get_by_role("button", name="Show 88 more lines")
        if size:
            more.tap()
        else:
            more.press("Enter")
            assert naor.page.evaluate("document.activeElement.tagName") == "PRE"
        expect(code).to_have_text("\n".join(lines))
        expect(coloured(naor, "let")).to_have_count(100)
        mira.do("react", of=1, text="👍")
        expect(naor.log.get_by_role("button", name="👍")).to_be_visible()
        expect(coloured(naor, "let")).to_have_count(100)


def test_code_is_never_markup(hub: Serving, visit: Visit, mira: Talk) -> None:
    code = "<img src=x onerror=alert(1)>\n<script>alert(2)</script>\n&lt;b&gt;"
    mira.say(f"```html\n{code}\n```")
    naor = visit(f"{hub.url}/general", "naor")
    expect(coloured(naor, "<script>")).to_be_visible()
    assert naor.log.locator("code").text_content() == code
    expect(naor.log.locator("code :not(span)")).to_have_count(0)
