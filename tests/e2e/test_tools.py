"""What can be done with a message, by finger, by mouse and by keys."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, expect

from tests.conftest import Live
from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE
from tests.e2e.visitor import Visitor
from tests.serving import Serving

NARROW: dict[str, Any] = {"viewport": {"width": 700, "height": 800}}


class Finger:
    """One finger on the glass, whose touches Chromium cannot tell from real ones."""

    def __init__(self, visitor: Visitor) -> None:
        self._glass: CDPSession = visitor.context.new_cdp_session(visitor.page)

    def down(self, x: float, y: float) -> None:
        self._touch("touchStart", [{"x": x, "y": y}])

    def up(self) -> None:
        self._touch("touchEnd", [])

    def _touch(self, what: str, points: list[dict[str, float]]) -> None:
        self._glass.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})


def middle(thing: Locator) -> tuple[float, float]:
    box = thing.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def menu_of(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name="Message actions")


def row_at(visitor: Visitor, y: float) -> bool:
    """Whether a long press at this height meets a message."""
    found: bool = visitor.page.evaluate(
        "y => document.elementFromPoint(195, y)?.closest('.msg') != null", y
    )
    return found


def test_what_lies_under_the_finger_that_opened_the_menu_does_nothing(
    hub: Serving, visit: Visit
) -> None:
    for n in range(40):
        hub.say(f"message {n}")
    naor = visit(f"{hub.url}/general", "naor", **PHONE)
    naor.sees("message 39")
    naor.rests()
    finger, menu = Finger(naor), menu_of(naor)
    heart = menu.get_by_role("button", name="React with ❤️")
    finger.down(*middle(naor.row("message 35")))
    expect(menu).to_be_visible()
    finger.up()
    x, y = middle(heart)
    naor.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    assert row_at(naor, y), "the finger is to come down where the heart will be"
    finger.down(x, y)
    menu.wait_for()  # and let go at once: a long press to Hearth, still a tap to the browser
    finger.up()
    naor.page.wait_for_timeout(600)
    expect(menu).to_be_visible()
    expect(naor.log.locator(".chip")).to_have_count(0)
    assert [x for x in hub.events() if x["do"] != "say"] == []
    heart.tap()
    expect(menu).to_be_hidden()
    expect(naor.log.locator(".chip")).to_have_count(1)
    assert [(x["do"], x["text"]) for x in hub.events()[40:]] == [("react", "❤️")]


def test_a_finger_that_stays_and_is_let_go_beside_the_menu_leaves_it_open(
    hub: Serving, visit: Visit
) -> None:
    for n in range(40):
        hub.say(f"message {n}")
    naor = visit(f"{hub.url}/general", "naor", **PHONE)
    naor.sees("message 39")
    naor.rests()
    finger, menu = Finger(naor), menu_of(naor)
    finger.down(*middle(naor.row("message 30")))
    expect(menu).to_be_visible()
    box = menu.bounding_box()
    assert box is not None
    finger.up()
    naor.page.wait_for_timeout(600)
    expect(menu).to_be_visible()
    naor.page.touchscreen.tap(195, box["y"] - 60)
    expect(menu).to_be_hidden()


@pytest.mark.parametrize("way", ["below 760 px", "Enter"])
def test_a_reaction_from_the_menu_is_one(hub: Serving, visit: Visit, way: str) -> None:
    hub.say("Hello")
    hub.say("and again")
    naor = visit(f"{hub.url}/general", "naor", **(NARROW if way == "below 760 px" else {}))
    menu = menu_of(naor)
    row = naor.row("Hello")
    for face in ("👍", "❤️"):
        if way == "Enter":
            row.focus()
            naor.page.keyboard.press("Enter")
        else:
            row.hover()
            row.get_by_role("button", name="More").click()
        menu.get_by_role("button", name=f"React with {face}").click()  # over the menu by mouse
        expect(row.get_by_role("button", name=f"{face} 1, naor")).to_be_visible()
        expect(menu).to_be_hidden()
    assert [(x["do"], x.get("of")) for x in hub.events()[2:]] == [("react", 1)] * 2


def test_the_menu_keeps_its_message_while_others_speak(
    hub: Serving, visit: Visit, live: Live
) -> None:
    mira = live("mira")
    mira.say("Hello")
    naor = visit(f"{hub.url}/general", "naor", **NARROW)
    row = naor.row("Hello")
    row.hover()
    row.get_by_role("button", name="More").click()
    mira.do("react", of=1, text="🎉")  # the row is drawn anew under the menu
    mira.say("and again")
    expect(row.get_by_text("🎉")).to_be_attached()
    menu_of(naor).get_by_role("button", name="Reply").click()
    expect(naor.page.get_by_text("Reply to mira: Hello")).to_be_visible()


def test_the_bar_comes_to_what_was_scrolled_under_the_mouse(hub: Serving, visit: Visit) -> None:
    """Once it rests there: meanwhile it would cost every frame more than all else."""
    for n in range(40):
        hub.say(f"message {n}")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("message 39")
    naor.rests()
    row = naor.row("message 35")
    row.hover()
    expect(row.locator(".tools")).to_be_visible()
    naor.page.mouse.wheel(0, -300)
    expect(row.locator(".tools")).to_have_count(0)
    expect(naor.log.locator(".msg:hover .tools")).to_be_visible()


def test_a_finger_meets_what_is_small_beyond_its_row(
    hub: Serving, visit: Visit, live: Live
) -> None:
    mira = live("mira")
    mira.say("Hello")
    mira.say("as it was")
    mira.do("edit", of=2, text="as it is")
    naor = visit(f"{hub.url}/general", "naor", **PHONE)
    edited = naor.log.get_by_role("button", name="Edited: show what it said before")
    expect(edited).to_be_visible()
    naor.rests()
    x, y = middle(edited)
    met = naor.page.evaluate(
        "([x, y]) => [-18, 0].map((by) => document.elementFromPoint(x, y + by)?.className)", [x, y]
    )
    assert met == ["edited", "edited"]
