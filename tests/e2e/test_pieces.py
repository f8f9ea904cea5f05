"""Messages that would be slow to draw: a bounded part of each, the rest when it is asked for."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.serving import Serving

LONGEST = 16384  # bytes, as the hub has it by default
HOSTILE = {
    "list marks": "- \n",
    "bare list marks": "-\n",
    "numbers": "1.\n",
    "short items": "- a\n",
    "nested items": "- a\n  - b\n    - c\n",
    "two kinds of list": "+\n-\n",
    "short lines": "a\n",
    "short paragraphs": "a\n\n",
    "headings": "# a\n",
    "bare headings": "#\n",
    "rules": "---\n\n",
    "quotes": ">a\n\n",
    "code blocks": "```\n\n```\n",
    "links": "www.a.b ",
    "mail addresses": "a@b.co ",
    "emphasis": "*a* ",
    "code": "`a` ",
    "tasks": "- [ ] a\n",
}
EACH = 400
"""Elements that one message may bring: 300 of its text, and those around it."""
PIECE = 1100
"""The same for what one click brings."""


def text_of(marks: str) -> str:
    return ("begin\n" + marks * LONGEST)[: LONGEST - 4] + " end"


def elements(visitor: Visitor) -> list[int]:
    """How many elements each message has, the first one first."""
    count = "rows => rows.map(row => row.querySelectorAll('*').length)"
    told: list[int] = visitor.log.get_by_role("article").evaluate_all(count)
    return told


def test_fifty_messages_of_marks_are_a_bounded_page(hub: Serving, visit: Visit) -> None:
    texts = [text_of(marks) for marks in HOSTILE.values()]
    for n in range(50):
        hub.say(texts[n % len(texts)])
    naor = visit(f"{hub.url}/general", "naor")
    expect(naor.log.get_by_role("article")).to_have_count(50)
    counts = elements(naor)
    assert max(counts) <= EACH, dict(zip(HOSTILE, counts, strict=False))
    assert naor.page.evaluate("document.querySelectorAll('*').length") < 50 * EACH
    # Neither does what needs no element: lines.
    tall = "rows => rows.map(row => row.querySelector('.text').scrollHeight)"
    assert max(naor.log.get_by_role("article").evaluate_all(tall)) < 6000


@pytest.mark.parametrize("marks", ["list marks", "short lines", "links"])
def test_what_is_asked_for_comes_in_bounded_pieces(hub: Serving, visit: Visit, marks: str) -> None:
    text = text_of(HOSTILE[marks])
    hub.say(text)
    naor = visit(f"{hub.url}/general", "naor")
    row = naor.log.get_by_role("article")
    more = row.get_by_role("button", name=re.compile("^Show "))
    name = more.text_content()
    assert name is not None
    left = int(re.sub(r"\D", "", name))
    assert left > 1000
    for _ in range(60):
        before = elements(naor)[0]
        more.click()
        assert elements(naor)[0] - before <= PIECE
        if not more.count():
            break
        name = more.text_content()
        assert name is not None
        assert int(re.sub(r"\D", "", name)) < left, "the button counts down"
        left = int(re.sub(r"\D", "", name))
        expect(more).to_be_focused()
    expect(more).to_have_count(0)
    shown = row.locator(".text").text_content()
    assert shown is not None
    assert shown.rstrip().endswith("end")
    expect(row).to_be_focused()


def test_the_whole_text_is_copied_and_edited(hub: Serving, visit: Visit) -> None:
    text = text_of("- \n")
    naor = visit(f"{hub.url}/general", "naor", permissions=["clipboard-read", "clipboard-write"])
    # Typing so many lines takes the browser itself half a minute.
    naor.message.evaluate("(box, text) => { box.value = text }", text)
    naor.message.dispatch_event("input")
    naor.message.press("Enter")
    row = naor.log.get_by_role("article")
    expect(naor.message).to_have_value("")
    expect(row).to_have_count(1)
    expect(row.get_by_text("Sending")).to_have_count(0)
    row.focus()
    row.get_by_role("button", name="Copy text").click()
    expect(naor.page.get_by_text("Copied.")).to_be_visible()
    assert naor.page.evaluate("navigator.clipboard.readText()") == text
    naor.message.press("ArrowUp")
    assert naor.message.input_value() == text


def test_a_long_message_as_people_write_them_opens_at_once(hub: Serving, visit: Visit) -> None:
    lines = [f"line {n} of a log that somebody pasted" for n in range(1, 201)]
    hub.say("```\n" + "\n".join(lines) + "\n```\nThat was **all**.")
    hub.say(" ".join(["word"] * 1000))
    hub.say("short")
    naor = visit(f"{hub.url}/general", "naor")
    expect(naor.log.get_by_role("article")).to_have_count(3)
    pasted, prose, _ = naor.log.get_by_role("article").all()
    more = pasted.get_by_role("button", name="Show 188 more lines")
    expect(more).to_be_visible()
    expect(pasted.get_by_text("line 100 ")).to_be_hidden()
    more.click()
    expect(pasted.locator("pre")).to_have_count(1)
    expect(pasted.locator("pre")).to_have_text("\n".join(lines))
    expect(pasted.locator("strong")).to_have_text("all")
    prose.get_by_role("button", name="Show all 4,999 letters").click()
    expect(prose.locator(".text > p")).to_have_text(" ".join(["word"] * 1000))
    # A reaction draws the row anew, and leaves open what was opened.
    with hub.talk() as mira:
        mira.hello("mira")
        mira.send(do="react", room="general", of=1, text="👍")
        expect(pasted.get_by_role("button", name="👍 1, mira")).to_be_visible()
    expect(pasted.locator("pre")).to_have_text("\n".join(lines))


def test_the_reader_stays_where_they_asked_for_more(hub: Serving, visit: Visit) -> None:
    hub.say("\n".join(f"line {n}" for n in range(200)))
    naor = visit(f"{hub.url}/general", "naor")
    row = naor.log.get_by_role("article")
    button = row.get_by_role("button", name="Show all")
    expect(button).to_be_in_viewport()
    naor.rests()
    before = naor.log.evaluate("log => log.scrollTop")
    button.click()
    naor.rests()
    assert naor.log.evaluate("log => log.scrollTop") == before
    expect(naor.page.get_by_role("button", name="Newest")).to_be_visible()


PIECES = "async ([module, text, open]) => (await import(module)).excerpt(text, open)"


def test_pieces_are_whole_lines_words_and_letters(hub: Serving, visit: Visit) -> None:
    visitor = visit(f"{hub.url}/general")
    module = visitor.module("lib/long-text.js")

    def shown(text: str, opened: int) -> tuple[list[str], str]:
        told = visitor.page.evaluate(PIECES, [module, text, opened])
        return told["pieces"], told["label"]

    assert shown("a\nb", 0) == (["a\nb"], "")
    lines = "".join(f"line {n}\n" for n in range(700))
    pieces, label = shown(lines, 0)
    assert (pieces[0].count("\n"), label) == (24, "Show more, 676 lines left")
    pieces, label = shown(lines, 2)
    assert ([x.count("\n") for x in pieces], label) == ([300, 300], "Show the last 100 lines")
    pieces, label = shown(lines, 3)
    assert ("".join(pieces), label) == (lines, "")
    words = "wörter " * 9000
    pieces, label = shown(words, 3)
    assert "".join(pieces) == words[:49140], "no word is torn in two"
    assert label == "Show the last 13,860 letters"
    emoji = "x" + "😀" * 20000
    pieces, _ = shown(emoji, 9)
    assert "".join(pieces) == emoji, "no letter is torn in two"
    fenced = "~~~\n" + "code\n" * 400 + "~~~\nend"
    pieces, _ = shown(fenced, 2)
    assert pieces[1].startswith("~~~\ncode\n"), "a block of code goes on as one"
    assert pieces[1].endswith("code\n~~~\nend")
