"""The card of keys, as somebody finds it: by a key, by a menu, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE, press
from tests.e2e.visitor import Visitor


def card(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name="Keys", exact=True)


def closed_by_escape(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Escape")
    expect(card(visitor)).to_be_hidden()


def test_a_question_mark_opens_it_where_nothing_is_written(lan_url: str, visit: Visit) -> None:
    naor = visit(f"{lan_url}/general", "naor")
    keyboard = naor.page.keyboard
    naor.log.focus()
    keyboard.press("?")
    expect(card(naor).get_by_role("heading", name="While you write")).to_be_visible()
    expect(card(naor).get_by_text("Enter", exact=True).first).to_be_visible()
    closed_by_escape(naor)
    expect(naor.log).to_be_focused()
    expect(naor.message).to_have_value("")
    naor.message.focus()
    keyboard.type("Why?")
    expect(naor.message).to_have_value("Why?")
    expect(card(naor)).to_be_hidden()
    keyboard.press("Control+/")
    expect(card(naor)).to_be_visible()
    closed_by_escape(naor)
    expect(naor.message).to_be_focused()
    expect(naor.message).to_have_value("Why?")


def test_it_does_not_come_over_another_card_or_before_one_is_in(lan_url: str, visit: Visit) -> None:
    naor = visit(f"{lan_url}/general")
    name = naor.page.get_by_role("textbox", name="Your name")
    name.press("Control+/")
    naor.join("naor")
    naor.page.get_by_role("button", name="New private room").click()
    naor.page.get_by_role("dialog").get_by_role("button", name="Close").press("?")
    naor.page.wait_for_timeout(200)
    expect(naor.page.get_by_role("dialog")).to_have_count(1)
    expect(card(naor)).to_be_hidden()


@pytest.mark.parametrize("device", [{}, PHONE], ids=["wide", "phone"])
def test_it_stands_in_the_menu_about_oneself(
    lan_url: str, visit: Visit, device: dict[str, object]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **device)
    if device:
        naor.page.get_by_role("button", name="Rooms", exact=True).tap()
    press(naor.page.get_by_title("Your name, devices and password"), device)
    you = naor.page.get_by_role("dialog", name="You", exact=True)
    press(you.get_by_text("Keys", exact=True), device)
    expect(card(naor)).to_be_visible()
    expect(card(naor).get_by_text("Press a message and hold")).to_be_visible()
    wider = naor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0
    closed_by_escape(naor)
