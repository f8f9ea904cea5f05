"""The list of what can stand in place of the word being typed."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from tests.conftest import Live
from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def offers(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("listbox", name="People").get_by_role("option")


@SIZES
def test_a_person_is_chosen_by_keys_and_by_tap(
    lan: Serving, lan_url: str, visit: Visit, live: Live, size: dict[str, Any]
) -> None:
    for name in ("Ánna Berg", "Hanna"):
        live(name, at=lan).join()
    lan.session("Johanna")  # was here and is not
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.types("Hello @ANN")
    expect(offers(naor)).to_contain_text(["Ánna Berg", "Hanna", "Johanna"])
    expect(offers(naor).first).to_have_attribute("aria-selected", "true")
    active = offers(naor).first.get_attribute("id")
    expect(naor.message).to_have_attribute("aria-activedescendant", active or "")
    expect(naor.message).to_have_attribute("aria-expanded", "true")
    expect(naor.message).to_be_focused()
    naor.message.press("Enter")
    expect(naor.message).to_have_value("Hello @Ánna Berg ")
    expect(offers(naor)).to_have_count(0)
    expect(naor.message).to_have_attribute("aria-expanded", "false")
    expect(naor.message).not_to_have_attribute("aria-activedescendant", active or "")

    naor.types("and @an")
    expect(offers(naor)).to_have_count(3)
    press(offers(naor).nth(2), size)
    expect(naor.message).to_be_focused()
    expect(naor.message).to_have_value("Hello @Ánna Berg and @Johanna ")

    naor.types("and @an")
    expect(offers(naor)).to_have_count(3)
    naor.message.press("ArrowUp")
    expect(offers(naor).last).to_have_attribute("aria-selected", "true")
    naor.message.press("ArrowDown")
    naor.message.press("ArrowDown")
    naor.message.press("Tab")
    expect(naor.message).to_have_value("Hello @Ánna Berg and @Johanna and @Hanna ")
    naor.message.press("Enter")
    naor.sees("Hello @Ánna Berg and @Johanna and @Hanna")
    expect(naor.message).to_have_value("")


def test_a_choice_can_be_undone(hub: Serving, visit: Visit) -> None:
    hub.session("Anna")
    naor = visit(f"{hub.url}/general", "naor")
    naor.types("Hello @an")
    expect(offers(naor)).to_have_count(1)
    naor.message.press("Tab")
    expect(naor.message).to_have_value("Hello @Anna ")
    naor.message.press("Control+z")
    expect(naor.message).to_have_value("Hello @an")


def test_escape_leaves_the_word_and_the_edit(hub: Serving, visit: Visit) -> None:
    hub.session("Anna")
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("draft")
    naor.sees("draft")
    naor.message.press("ArrowUp")
    naor.types(" @an")
    expect(offers(naor)).to_have_count(1)
    naor.message.press("Escape")
    expect(offers(naor)).to_have_count(0)
    expect(naor.page.get_by_text("Editing your message")).to_be_visible()
    naor.types("n")
    naor.page.wait_for_timeout(400)
    expect(offers(naor)).to_have_count(0)
    naor.types(", @an")  # another word
    expect(offers(naor)).to_have_count(1)
    naor.message.press("Escape")
    naor.message.press("Escape")
    expect(naor.message).to_have_value("")


def test_the_list_goes_with_the_focus_and_with_the_message(hub: Serving, visit: Visit) -> None:
    hub.session("Anna")
    naor = visit(f"{hub.url}/general", "naor")
    naor.types("@an")
    expect(offers(naor)).to_have_count(1)
    naor.log.focus()
    expect(offers(naor)).to_have_count(0)
    naor.message.fill("Hello @an")
    expect(offers(naor)).to_have_count(1)
    naor.page.get_by_role("button", name="Send").click()
    expect(offers(naor)).to_have_count(0)
    naor.sees("Hello @an")


def test_a_name_that_is_whole_is_sent(hub: Serving, visit: Visit) -> None:
    for name in ("Bo", "Bo Derek"):
        hub.session(name)
    naor = visit(f"{hub.url}/general", "naor")
    naor.types("@bo d")
    expect(offers(naor)).to_have_count(1)
    naor.message.fill("")
    naor.types("@bo ")
    naor.page.wait_for_timeout(400)
    expect(offers(naor)).to_have_count(0)
    naor.message.press("Enter")
    naor.sees("@bo")


def test_the_keys_of_an_input_method_are_its_own(hub: Serving, visit: Visit) -> None:
    hub.session("한나")
    naor = visit(f"{hub.url}/general", "naor")
    method = naor.context.new_cdp_session(naor.page)
    naor.types("@")
    method.send("Input.imeSetComposition", {"text": "하", "selectionStart": 1, "selectionEnd": 1})
    expect(offers(naor)).to_contain_text(["한나"])
    naor.message.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(offers(naor)).to_contain_text(["한나"])
    expect(naor.message).to_have_value("@하")


def test_those_who_may_not_see_a_private_room_come_last(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    for name in ("Anna", "Hanna"):
        hub.session(name)
    own = hub.session("mira")
    found = hub.get("/api/people", **own).json["people"]
    ids = {x["name"]: x["who"] for x in found}
    room = hub.post("/api/rooms", {"kind": "private", "title": "Tea"}, **own).json["room"]
    for name in ("naor", "Hanna"):
        hub.post(f"/api/rooms/{room}", {"do": "invite", "whom": ids[name]}, **own)
    naor.open(f"{hub.url}/{room}")
    expect(naor.page.get_by_role("heading", name="Tea", level=1)).to_be_visible()
    naor.types("@ann")
    expect(offers(naor)).to_have_text([re.compile("Hanna$"), re.compile("Annanot in this room$")])


def test_names_that_are_markup_are_shown_as_text(hub: Serving, visit: Visit) -> None:
    name = "<img src=x onerror=alert(1)>"
    hub.session(name)
    naor = visit(f"{hub.url}/general", "naor")
    naor.types("@<im")
    expect(offers(naor)).to_contain_text([name])
    naor.message.press("Enter")
    expect(offers(naor)).to_have_count(0)
    expect(naor.message).to_have_value(f"@{name} ")
