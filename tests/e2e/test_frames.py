"""Drawing keeps out of the way of whoever types, presses or scrolls.

ui/parts/frames.js says when it is done, ui/parts/row-nodes.js how much of it a frame does, and
ui/parts/row-chunks.js what the browser does for a row.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Held, Visitor
from tests.serving import Serving

LONGEST = 300
"""Milliseconds that rows wait at most, less what something else may have waited before."""
WATCH = """() => {
    window.seen = [];
    const see = (what) => seen.push([what, performance.now()]);
    const frames = () => requestAnimationFrame(() => { see('frame'); frames(); });
    addEventListener('beforeinput', () => {
        see('letter');
        requestAnimationFrame(() => see('frame'));
    }, true);
    addEventListener('keydown', ({ key }) => {
        if (key !== 'Enter') return;
        see('sent');
        frames();
    }, true);
    addEventListener('click', ({ target }) => {
        if (!target.closest('[aria-label=Send]')) return;
        see('sent');
        frames();
    }, true);
    for (const type of ['pointerdown', 'click']) addEventListener(type, () => see(type), true);
    const rows = document.querySelector('[role=log] > .rows');
    new MutationObserver((changes) => {
        if (changes.some(({ target }) => target.matches('.rows, .chunk'))) see('rows');
    }).observe(rows, { childList: true, subtree: true });
}"""
"""Writes down in their order: what somebody does, the frame after it, and rows that come or go."""
WATCH_MAKING = """() => {
    window.drawn = [];
    let [turn, last] = [0, -1];
    const counted = (call) => (act, ...more) => call((...given) => {
        turn += 1;
        return act(...given);
    }, ...more);
    window.requestAnimationFrame = counted(requestAnimationFrame.bind(window));
    window.setTimeout = counted(setTimeout.bind(window));
    const see = (what) => {
        if (turn !== last) drawn.push([]);
        last = turn;
        drawn[drawn.length - 1].push(what);
    };
    const create = document.createElement.bind(document);
    document.createElement = (name) => {
        if (name === 'article') see('made');
        return create(name);
    };
    new MutationObserver((changes) => {
        if (changes.some(({ addedNodes }) => addedNodes.length)) see('added');
    }).observe(document.querySelector('[role=log] > .rows'), { childList: true, subtree: true });
}"""
"""Writes down of each time that is drawn, in a frame or late: whether it made a message's node, and
whether it added some."""
CHANGED = """() => {
    const create = document.createElement.bind(document);
    document.createElement = (name) => {
        const node = create(name);
        const set = (row) => Object.defineProperty(node, 'row', { value: { ...row, replies: -1 } });
        if (name === 'article') Object.defineProperty(node, 'row', { set, configurable: true });
        return node;
    };
}"""
"""Of each message's node that is made from now on, the message is another one at once."""
EARLIER = re.compile(r"/api/chat/general\?.*before=")
"""The addresses of earlier pages."""
CHUNKS = """[...document.querySelectorAll('[role=log] .chunk')].map((chunk) => {
    return [...chunk.querySelectorAll('.msg')].map((row) => Number(row.dataset.n));
}).filter((chunk) => chunk.length)"""
IN_FRONT = """(bar) => {
    const { left, right, top, bottom } = bar.getBoundingClientRect();
    const edges = [[left + 4, top + 4], [right - 4, top + 4], [left + 4, bottom - 4]];
    return edges.every(([x, y]) => bar.contains(document.elementFromPoint(x, y)));
}"""


@contextmanager
def talk(hub: Serving, messages: int) -> Iterator[None]:
    """Others say that much meanwhile, one after another; all is said at the end."""

    def say() -> None:
        for number in range(messages):
            hub.say(f"heard {number}")

    talking = threading.Thread(target=say)
    talking.start()
    try:
        yield
    finally:
        talking.join()


def test_rows_come_between_letters_and_not_before_one_is_shown(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.message.focus()
    naor.page.evaluate(WATCH)
    with talk(hub, 60):
        naor.page.keyboard.type("as somebody types who is used to it", delay=70)
    naor.sees("heard 59")
    seen: list[tuple[str, float]] = naor.page.evaluate("seen")
    assert [what for what, _ in seen].count("letter") == 35
    pairs = {(before, what) for (before, _), (what, _) in pairwise(seen)}
    assert ("frame", "rows") in pairs, "rows come as soon as a letter is shown"
    drawn = seen[0][1]
    for (before, _), (what, at) in pairwise(seen):
        assert (before, what) != ("letter", "rows") or at - drawn > LONGEST
        drawn = at if what == "rows" else drawn


@pytest.mark.parametrize("by", ["Enter", "button"])
def test_what_is_sent_is_there_in_the_next_frame(hub: Serving, visit: Visit, by: str) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.page.evaluate(WATCH)
    naor.types("at once")
    if by == "Enter":
        naor.page.keyboard.press("Enter")
    else:
        naor.page.get_by_role("button", name="Send").click()
    naor.sees("at once")
    seen = [what for what, _ in naor.page.evaluate("seen")]
    sent = seen.index("sent")
    assert seen[sent : seen.index("rows", sent)].count("frame") <= 1


def test_the_sound_of_alerts_waits_for_what_was_pressed_first(hub: Serving, visit: Visit) -> None:
    """Making it ready takes a slow phone longer than a frame."""
    hub.say("over there", room="garden")
    naor = visit(f"{hub.url}/general", "naor")
    naor.page.evaluate(WATCH)
    naor.page.evaluate(
        """() => {
            window.AudioContext = class extends AudioContext {
                constructor() {
                    super();
                    seen.push(['sound', performance.now()]);
                }
            };
        }"""
    )
    naor.page.locator('a.room[href="/garden"]').click()
    naor.sees("over there")
    naor.page.wait_for_timeout(600)
    seen = [what for what, _ in naor.page.evaluate("seen")]
    assert seen.index("click") < seen.index("rows") < seen.index("sound")
    assert seen.count("sound") == 1


def test_what_is_pressed_stays_under_the_pointer(hub: Serving, visit: Visit) -> None:
    """Until it is let go, or for 0.4 s: who holds on for longer sees the room go on."""
    hub.say("the first")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("the first")
    naor.row("the first").locator("button.name").hover()
    naor.page.evaluate(WATCH)
    naor.page.mouse.down()
    hub.say("meanwhile")
    naor.page.wait_for_timeout(100)
    naor.page.mouse.up()
    naor.sees("meanwhile")
    naor.page.mouse.down()
    hub.say("at length")
    naor.sees("at length")
    seen: list[tuple[str, float]] = naor.page.evaluate("seen")
    for (before, pressed), (what, at) in pairwise(seen):
        assert (before, what) != ("pointerdown", "rows") or at - pressed > LONGEST
    assert [what for what, _ in seen].count("rows") >= 2


def first_row(visitor: Visitor) -> int:
    return int(visitor.log.locator(".msg").first.get_attribute("data-n") or 0)


def one_page_back(hub: Serving, visit: Visit) -> Visitor:
    """Somebody who has gone back so far that one page came."""
    for number in range(150):
        hub.say(f"said {number}")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("said 149")
    naor.rests()
    opened = first_row(naor)
    naor.log.evaluate("log => { log.scrollTop = 300 }")
    expect(naor.log.locator(f'[data-n="{opened - 20}"]')).to_be_attached()
    naor.rests()
    return naor


def scrolled_back(hub: Serving, visit: Visit) -> tuple[Visitor, Held]:
    """Somebody who reads near the oldest message that is there; the next page is on its way."""
    naor = one_page_back(hub, visit)
    held = Held(naor.page, EARLIER)
    naor.log.evaluate("log => { log.scrollTop = 300 }")
    for _ in range(200):
        naor.page.wait_for_timeout(50)
        if len(held):
            break
    assert len(held), "the next page is asked for"
    naor.rests()
    return naor, held


def test_no_frame_both_makes_rows_and_adds_them_beside_what_is_read(
    hub: Serving, visit: Visit
) -> None:
    naor, held = scrolled_back(hub, visit)
    oldest = first_row(naor)
    naor.page.evaluate(WATCH_MAKING)
    held.release()
    expect(naor.log.locator(f'[data-n="{oldest - 20}"]')).to_be_attached()
    naor.rests()
    drawn: list[list[str]] = naor.page.evaluate("drawn")
    assert sum("added" in what for what in drawn) >= 6
    assert sum("made" in what for what in drawn) >= 2
    assert not [what for what in drawn if {"made", "added"} <= set(what)]


def test_the_first_rows_are_shown_with_those_above_them_or_where_these_do_not_come(
    hub: Serving, visit: Visit
) -> None:
    """No row is drawn anew beside what is read; and where the hub is not there, none is missing."""
    naor = one_page_back(hub, visit)
    first = first_row(naor) - 2  # there, and not shown yet
    naor.expected = ("net::ERR_FAILED",)
    naor.page.route(EARLIER, lambda route: route.abort())
    naor.scroll_to_top()
    naor.log.locator(f'[data-n="{first}"]').wait_for()
    assert first_row(naor) == first
    naor.rests()
    naor.page.unroute(EARLIER)
    naor.scroll_to_top()
    expect(naor.log.locator(f'[data-n="{first - 20}"]')).to_be_attached()


def test_rows_come_though_each_has_changed_since_it_was_made(hub: Serving, visit: Visit) -> None:
    naor, held = scrolled_back(hub, visit)
    oldest = first_row(naor)
    naor.page.evaluate(CHANGED)
    held.release()
    expect(naor.log.locator(f'[data-n="{oldest - 20}"]')).to_be_attached()


def test_rows_stand_in_chunks_and_in_their_order(hub: Serving, visit: Visit) -> None:
    for number in range(300):
        hub.say(f"said {number}")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("said 299")
    naor.rests()
    for _ in range(40):
        naor.scroll_to_top()
        naor.rests()
        chunks: list[list[int]] = naor.page.evaluate(CHUNKS)
        told = [number for chunk in chunks for number in chunk]
        assert told == list(range(told[0], told[-1] + 1))
        assert max(map(len, chunks)) <= 25, "one chunk of all rows would be none"
        if naor.log.locator(".start").count():
            break
    assert told[0] == 1
    naor.page.get_by_role("button", name="Newest").click()
    naor.sees("said 299")
    naor.rests()
    hub.say("said last")
    naor.sees("said last")
    assert sorted(naor.page.evaluate(CHUNKS)) == naor.page.evaluate(CHUNKS)


def test_the_bar_reaches_out_of_a_chunk(hub: Serving, visit: Visit) -> None:
    """Above its first row, and below its last one where the top of that is scrolled away."""
    for number in range(40):
        hub.say(f"said {number}\nand more\nand more")
    naor = visit(f"{hub.url}/general", "naor")
    naor.log.get_by_text("said 39").wait_for()
    naor.rests()
    chunk = naor.log.locator(".chunk").nth(-2)
    for row, shown in ((chunk.locator(".msg").first, 40), (chunk.locator(".msg").last, 24)):
        row.evaluate(
            """(row, shown) => {
                const log = row.closest('[role=log]');
                const { bottom } = row.getBoundingClientRect();
                log.scrollTop += bottom - log.getBoundingClientRect().top - shown;
            }""",
            shown,
        )
        naor.rests()
        row.evaluate("row => row.focus({ preventScroll: true })")
        bar = row.get_by_role("toolbar")
        bar.wait_for()
        assert bar.evaluate(IN_FRONT)


def test_scrolling_past_rows_lays_nothing_out(hub: Serving, visit: Visit) -> None:
    """Not even the row under the mouse, whose time is shown."""
    for number in range(40):
        hub.say(f"said {number}")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("said 39")
    naor.log.hover()
    naor.rests()
    devtools = naor.page.context.new_cdp_session(naor.page)
    devtools.send("Performance.enable")

    def layouts() -> float:
        told = devtools.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: metric["value"] for metric in told}["LayoutCount"]

    passed: set[str] = set()
    before = layouts()
    for _ in range(12):
        naor.page.mouse.wheel(0, -30)
        naor.page.wait_for_timeout(50)
        passed.add(naor.page.evaluate("document.querySelector('.msg:hover').dataset.n"))
    assert len(passed) >= 8, "rows pass under the mouse"
    # Where wheel and screen are slow, the bar comes in between, which is laid out.
    assert layouts() - before < len(passed)
