"""Messages that are sent on to rooms and people."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def forward(visitor: Visitor, text: str) -> Locator:
    row = visitor.row(text)
    row.focus()
    row.press("Enter")
    menu = visitor.page.get_by_role("dialog", name="Message actions")
    menu.get_by_role("button", name="Forward…").click()
    return visitor.page.get_by_role("dialog", name="Forward")


@SIZES
def test_a_message_goes_to_rooms_and_people(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("Lunch at one")
    lan.say("hello", "tea")
    lan.session("mira")
    naor = visit(f"{lan_url}/general", "naor", **size)
    card = forward(naor, "Lunch at one")
    card.get_by_role("searchbox", name="To which room or person?").fill("te")
    expect(card.get_by_role("button", name="Forward to general")).to_have_count(0)  # one is there
    press(card.get_by_role("list").get_by_text("tea", exact=True), size)  # the row, not its button
    expect(card.get_by_role("status")).to_contain_text("Forwarded to tea.")
    expect(card.get_by_role("button", name="Sent to tea")).to_be_visible()
    press(card.get_by_role("list").get_by_text("tea", exact=True), size)
    card.get_by_role("searchbox").fill("mir")
    card.get_by_role("button", name="Forward to mira").click()
    expect(card.get_by_role("status")).to_contain_text("Forwarded to mira.")
    card.get_by_role("button", name="Open it").click()
    naor.sees("Lunch at one")
    expect(naor.page.get_by_role("heading", name="mira").first).to_be_visible()
    origin = naor.log.get_by_role("button", name="Forwarded from guest, general")
    origin.tap() if size else origin.press("Enter")
    expect(naor.page).to_have_url(f"{lan_url}/general")
    expect(naor.row("Lunch at one")).to_be_in_viewport()
    expect(naor.row("Lunch at one")).to_be_focused()
    assert [x["text"] for x in lan.events("tea")] == ["hello", "Lunch at one"]


def test_what_cannot_be_forwarded_is_told_and_can_be_tried_elsewhere(
    hub: Serving, visit: Visit
) -> None:
    hub.say("Lunch at one")
    hub.say("hello", "tea")
    hub.say("hello", "cake")
    naor = visit(f"{hub.url}/general", "naor")
    naor.expected = ("status of 403",)
    card = forward(naor, "Lunch at one")
    host = hub.as_host("anna")
    tea = card.get_by_role("button", name="Forward to tea")
    expect(tea).to_be_visible()
    hub.ask("POST", "/api/host", {"do": "close", "room": "tea", "off": False}, host)
    tea.click()
    expect(card.get_by_role("alert")).to_have_text(
        "Not sent to tea: Nothing more can be said in this room."
    )
    expect(tea).to_have_count(0)
    card.get_by_role("button", name="Forward to cake").click()
    expect(card.get_by_role("status")).to_contain_text("Forwarded to cake.")
    assert len(hub.events("tea")) == 2
    assert hub.events("cake")[-1]["text"] == "Lunch at one"


def test_a_room_that_closes_meanwhile_leaves_the_list(hub: Serving, visit: Visit) -> None:
    hub.say("Lunch at one")
    hub.say("hello", "tea")
    naor = visit(f"{hub.url}/general", "naor")
    card = forward(naor, "Lunch at one")
    tea = card.get_by_role("button", name="Forward to tea")
    expect(tea).to_be_visible()
    hub.ask("POST", "/api/host", {"do": "close", "room": "tea", "off": False}, hub.as_host("anna"))
    expect(tea).to_have_count(0)


@SIZES
def test_several_go_together_in_order(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    for text in ("first", "second", "third"):
        lan.say(text)
    lan.say("hello", "tea")
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.sees("third")
    naor.row("third").focus()
    naor.page.keyboard.press("Enter")
    press(naor.page.get_by_role("button", name="Select", exact=True), size)
    bar = naor.page.get_by_role("group", name="Selected messages")
    expect(bar).to_contain_text("1 selected")
    press(naor.row("first"), size)
    expect(bar).to_contain_text("2 selected")
    if size:
        assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth")
    press(bar.get_by_role("button", name="Forward"), size)
    expect(bar).to_have_count(0)
    card = naor.page.get_by_role("dialog", name="Forward")
    expect(card).to_contain_text("2 messages")
    press(card.get_by_role("button", name="Forward to tea"), size)
    expect(card.get_by_role("status")).to_contain_text("Forwarded to tea.")
    assert [x["text"] for x in lan.events("tea")] == ["hello", "first", "third"]


@SIZES
def test_a_jump_to_where_it_was_said_has_the_focus_there(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    """In a room that was not seen before, and in one that was."""
    for n in range(90):
        lan.say(f"message {n}", "tea")
    anna = lan.session("Anna")
    lan.ask("POST", "/api/chat/tea/3/forward", {"to": "general"}, anna)
    naor = visit(f"{lan_url}/general", "naor", **size)
    origin = naor.log.get_by_role("button", name="Forwarded from guest, tea")
    for _ in range(2):
        origin.tap() if size else origin.press("Enter")
        expect(naor.row("message 2")).to_be_focused()
        expect(naor.row("message 2")).to_be_in_viewport()
        naor.page.go_back()
        expect(naor.page).to_have_url(f"{lan_url}/general")
        expect(origin).to_be_visible()
