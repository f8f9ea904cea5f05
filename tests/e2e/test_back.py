"""The back button closes what lies over the conversation before it leaves the room."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE, SIZES, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def heading(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("heading", level=1)


@SIZES
def test_back_closes_a_card_and_stays(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("one")
    lan.say("first here", room="tea")
    naor = visit(f"{lan_url}/general", "naor", **size)
    lan.say(f"see {lan_url}/tea")
    press(naor.log.get_by_role("link", name="#tea"), size)
    expect(heading(naor)).to_have_text("tea")
    naor.sees("first here")
    naor.row("first here").focus()
    naor.page.keyboard.press("Enter")
    menu = naor.page.get_by_role("dialog", name="Message actions")
    expect(menu).to_be_visible()
    naor.page.go_back()
    expect(menu).to_be_hidden()
    expect(heading(naor)).to_have_text("tea")
    press(naor.page.get_by_role("button", name="About this room"), size)
    expect(naor.page.get_by_role("dialog")).to_be_visible()
    naor.page.go_back()
    expect(naor.page.get_by_role("dialog")).to_have_count(0)
    expect(naor.page).to_have_url(f"{lan_url}/tea")
    naor.page.go_back()
    expect(heading(naor)).to_have_text("general")
    expect(naor.page).to_have_url(f"{lan_url}/general")


def test_on_a_phone_back_closes_the_list_of_rooms(lan: Serving, lan_url: str, visit: Visit) -> None:
    lan.say("one", room="tea")
    naor = visit(f"{lan_url}/general", "naor", **PHONE)
    rooms = naor.page.get_by_role("navigation", name="Rooms")
    menu = naor.page.get_by_role("button", name="Rooms", exact=True)
    menu.tap()
    rooms.get_by_role("link", name="tea").tap()
    expect(heading(naor)).to_have_text("tea")
    menu.tap()
    expect(rooms).to_be_in_viewport()
    naor.page.go_back()
    expect(rooms).not_to_be_in_viewport()
    expect(heading(naor)).to_have_text("tea")
    expect(menu).to_be_focused()


def test_a_card_goes_with_its_room(lan: Serving, lan_url: str, visit: Visit) -> None:
    """Nothing is done to a message of another room than the card tells."""
    mira = lan.session("mira")
    room = lan.post("/api/rooms", {"kind": "private", "title": "Plans"}, **mira).json["room"]
    naor = visit(f"{lan_url}/general", "naor")
    people = lan.get("/api/people", **mira).json["people"]
    who = next(each["who"] for each in people if each["name"] == "naor")
    lan.post(f"/api/rooms/{room}", {"do": "invite", "whom": who}, **mira)
    lan.post(f"/api/chat/{room}", {"msg": "a plan"}, **mira)
    naor.page.get_by_role("link", name="Plans").click()
    naor.sees("a plan")
    naor.row("a plan").focus()
    naor.page.keyboard.press("Enter")
    menu = naor.page.get_by_role("dialog", name="Message actions")
    expect(menu).to_be_visible()
    lan.post(f"/api/rooms/{room}", {"do": "remove", "whom": who}, **mira)
    expect(heading(naor)).to_have_text("general")
    expect(menu).to_be_hidden()
