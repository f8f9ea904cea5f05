"""A frame that is late already is given no more to do: see ui/parts/row-nodes.js."""

from __future__ import annotations

from itertools import pairwise

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.serving import Serving

LATE = 12
"""Milliseconds, as ui/parts/row-nodes.js has it."""
WATCH = """() => {
    const box = document.querySelector('[role=log]');
    const soon = requestAnimationFrame.bind(window);
    window.drawn = [];
    let current = null;
    window.requestAnimationFrame = (act) => soon((began) => {
        current = { late: performance.now() - began, adds: false };
        drawn.push(current);
        act(began);
        Promise.resolve().then(() => { current = null; });
    });
    new MutationObserver((changes) => {
        if (current && changes.some(({ addedNodes }) => addedNodes.length)) current.adds = true;
    }).observe(box.querySelector('.rows'), { childList: true, subtree: true });
    let frame = 0;
    box.addEventListener('scroll', () => {
        frame += 1;
        const began = performance.now();
        while (frame % 3 === 0 && performance.now() < began + 40);
    });
    const scroll = () => {
        box.scrollTop += box.scrollTop > 300 ? -20 : (-1) ** frame;
        soon(scroll);
    };
    scroll();
}"""
"""Scrolls back, has something else take 40 ms of every third frame, and writes down of each that
draws: how late it was then, and whether it added rows."""


def test_a_late_frame_adds_no_rows_unless_the_one_before_was_late_too(
    hub: Serving, visit: Visit
) -> None:
    for number in range(200):
        hub.say(f"said {number}")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("said 199")
    naor.rests()
    naor.log.evaluate("log => { log.scrollTop = 600 }")
    naor.page.evaluate(WATCH)
    expect(naor.log.get_by_text("said 60", exact=True)).to_be_attached()
    drawn: list[dict[str, float]] = naor.page.evaluate("drawn")
    assert sum(frame["adds"] for frame in drawn) >= 12
    assert sum(frame["late"] > LATE for frame in drawn) >= 12
    wrong = [
        frame
        for before, frame in pairwise(drawn)
        if frame["adds"] and frame["late"] > LATE + 1 and before["late"] < LATE - 1
    ]
    assert len(wrong) <= 1, "one may have been held up between our look at the clock and the page's"
