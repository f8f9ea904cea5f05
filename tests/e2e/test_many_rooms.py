"""A list of more rooms than the page draws."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.serving import Serving

ROOMS = 300


@pytest.fixture
def naor(hub: Serving, visit: Visit) -> Visitor:
    for number in range(ROOMS):
        hub.say("Hello", f"room-{number:03d}")
    visitor = visit(f"{hub.url}/general", "naor")
    expect(link(visitor, "room-001")).to_be_visible()
    return visitor


def link(visitor: Visitor, room: str) -> Locator:
    return visitor.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=room)


def scroll(visitor: Visitor, share: float) -> None:
    """Scroll the list of rooms to this share of its length."""
    visitor.page.locator(".rooms").evaluate(
        "(box, share) => { box.scrollTop = share * box.scrollHeight }", share
    )


def test_the_rooms_in_sight_are_drawn_and_keep_their_places(naor: Visitor) -> None:
    rows = naor.page.locator(".rooms li")
    expect(link(naor, "room-299")).to_have_count(0)
    assert rows.count() < ROOMS / 3
    length = naor.page.locator(".rooms").evaluate("box => box.scrollHeight")
    scroll(naor, 1)
    expect(link(naor, "room-299")).to_be_in_viewport()
    last = naor.page.locator(".rooms li", has=naor.page.get_by_text("room-299"))
    expect(last).to_have_attribute("aria-posinset", str(ROOMS + 1))  # after general
    expect(last).to_have_attribute("aria-setsize", str(ROOMS + 1))
    expect(link(naor, "room-001")).to_have_count(0)
    assert naor.page.locator(".rooms").evaluate("box => box.scrollHeight") == length
    scroll(naor, 0.5)
    expect(link(naor, "room-150")).to_be_attached()
    link(naor, "room-150").click()
    naor.sees("Hello")
    expect(naor.page).to_have_url(re.compile("/room-150$"))


def test_a_taller_window_shows_more_rows(naor: Visitor) -> None:
    naor.page.set_viewport_size({"width": 1200, "height": 400})
    scroll(naor, 0.5)
    expect(link(naor, "room-150")).to_be_in_viewport()
    naor.page.set_viewport_size({"width": 1200, "height": 2400})
    expect(link(naor, "room-190")).to_be_in_viewport()


def test_a_long_list_that_is_out_of_sight_leaves_the_page_in_peace(
    hub: Serving, naor: Visitor
) -> None:
    cookie = "; ".join(f"{x['name']}={x['value']}" for x in naor.context.cookies())
    for number in range(120):
        asked = {"kind": "private", "title": f"Plan {number:03d}"}
        hub.ask("POST", "/api/rooms", asked, {"Cookie": cookie, "Origin": hub.url})
    naor.page.reload()
    expect(link(naor, "room-001")).to_be_visible()
    scroll(naor, 1)
    expect(link(naor, "Plan 119")).to_be_in_viewport()
    expect(link(naor, "room-299")).to_have_count(0)
    link(naor, "Plan 119").click()
    expect(naor.page.get_by_role("heading", name="Plan 119", level=1)).to_be_visible()
    scroll(naor, 0)
    expect(link(naor, "room-001")).to_be_in_viewport()


def test_the_keyboard_walks_through_the_whole_list(naor: Visitor) -> None:
    link(naor, "room-000").focus()
    for _ in range(ROOMS - 1):
        naor.page.keyboard.press("Tab")
    expect(link(naor, "room-299")).to_be_focused()


def test_what_is_in_sight_is_up_to_date_though_all_rooms_move(
    hub: Serving, naor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.activity.ROOMS", 1)  # a second: the last one after five minutes
    scroll(naor, 1)
    expect(link(naor, "room-299")).to_be_in_viewport()
    for number in range(ROOMS):
        hub.say("Again", f"room-{number:03d}")
    expect(link(naor, "room-299").get_by_label("1 unread", exact=True)).to_be_attached()
    scroll(naor, 0)
    expect(link(naor, "room-010").get_by_label("1 unread", exact=True)).to_be_attached()
