"""What somebody does with rooms as such: how they look, where they stand, what they are for."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_look import PHONE
from tests.e2e.visitor import Visitor
from tests.serving import Serving

DEVICES = pytest.mark.parametrize("device", [{}, PHONE], ids=["wide", "phone"])
Device = dict[str, object]


def card(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("dialog", name=name, exact=True)


def side(visitor: Visitor) -> Locator:
    """The column of rooms, brought in where it is a drawer."""
    button = visitor.page.get_by_role("button", name=re.compile("^Rooms"))
    if button.is_visible():
        button.tap()
    return visitor.page.get_by_role("navigation", name="Rooms")


# -- how a room looks -------------------------------------------------------------------------


@DEVICES
def test_a_room_gets_an_icon_and_a_colour(
    lan: Serving, lan_url: str, visit: Visit, device: Device
) -> None:
    naor = visit(f"{lan_url}/garden", "naor", **device)
    naor.say("Hello")
    naor.sees("Hello")
    mira = visit(f"{lan_url}/general", "mira")
    naor.page.get_by_role("button", name="About this room").click()
    card(naor, "garden").get_by_text("Icon and colour").click()
    form = card(naor, "How the room looks")
    field = form.get_by_role("textbox", name="Icon")
    naor.expected = ("422",)
    field.fill("<b>")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_have_text("A room’s icon is one emoji or one letter.")
    form.get_by_role("button", name="🌱").click()
    expect(field).to_have_value("🌱")
    expect(form.get_by_role("alert")).to_be_hidden()
    form.get_by_role("radio", name="green").check(force=True)
    form.get_by_role("button", name="Save").click()
    naor.page.keyboard.press("Escape")
    expect(naor.page.locator(".head .look")).to_have_text("🌱")
    expect(naor.log.get_by_text("naor gave the room the icon 🌱")).to_be_visible()
    for visitor in (mira, naor):
        link = side(visitor).get_by_role("link", name="garden")
        expect(link.locator(".look")).to_have_text("🌱")
    mira.page.get_by_role("button", name="Find or make a room").click()
    row = card(mira, "Rooms").get_by_role("listitem").filter(has_text="garden")
    expect(row.locator(".look.tinted")).to_have_text("🌱")


def test_who_may_not_say_what_a_room_is_about_may_not_change_its_look(
    hub: Serving, visit: Visit
) -> None:
    host = hub.as_host("anna")
    hub.ask("POST", "/api/rooms", {"kind": "announcements", "title": "News"}, host)
    naor = visit(f"{hub.url}/general", "naor")
    naor.open(f"{hub.url}/news")
    naor.page.get_by_role("button", name="About this room").click()
    expect(card(naor, "News")).to_be_visible()
    expect(card(naor, "News").get_by_text("Icon and colour")).to_have_count(0)
