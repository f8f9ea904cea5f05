"""What comes is drawn out of the way of whoever types or presses: ui/parts/frames.js."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from tests.e2e.conftest import Visit
from tests.serving import Serving

LONGEST = 300
"""Milliseconds that rows wait at most, less what something else may have waited before."""
WATCH = """() => {
    window.seen = [];
    const see = (what) => seen.push([what, performance.now()]);
    addEventListener('beforeinput', () => {
        see('letter');
        requestAnimationFrame(() => see('frame'));
    }, true);
    addEventListener('keydown', ({ key }) => {
        if (key !== 'Enter') return;
        see('Enter');
        const frame = () => requestAnimationFrame(() => { see('frame'); frame(); });
        frame();
    }, true);
    for (const type of ['pointerdown', 'click']) addEventListener(type, () => see(type), true);
    const rows = document.querySelector('[role=log] > .rows');
    new MutationObserver(() => see('rows')).observe(rows, { childList: true });
}"""
"""Writes down in their order: what somebody does, the frame after it, and rows that come or go."""


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


def test_what_is_sent_is_there_in_the_next_frame(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.page.evaluate(WATCH)
    naor.types("at once")
    naor.page.keyboard.press("Enter")
    naor.sees("at once")
    seen = [what for what, _ in naor.page.evaluate("seen")]
    sent = seen.index("Enter")
    assert seen[sent : seen.index("rows", sent)].count("frame") <= 1


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
