"""The cards over the page, each by what somebody does with it: rooms, topics, pins, people."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_look import button, rooms_of
from tests.e2e.visitor import Visitor
from tests.serving import Serving
from tests.talk import Talk


@pytest.fixture
def mira(hub: Serving) -> Iterator[Talk]:
    """Somebody who is in general."""
    with hub.talk(hub.session("mira")) as mira:
        mira.hello()
        mira.join()
        yield mira


def card_of(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("dialog", name=name, exact=True)


def test_a_card_that_is_opened_again_at_once_is_not_empty(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    button(naor, "New private room").click()
    expect(card_of(naor, "New private room")).to_be_visible()
    naor.page.evaluate(
        """() => {
            const card = document.querySelector('hearth-new');
            card.close();
            card.open('direct');
        }"""
    )
    expect(card_of(naor, "Write to somebody")).to_be_visible()
    naor.page.wait_for_timeout(100)
    expect(naor.page.get_by_role("searchbox", name="To whom?")).to_be_visible()
    naor.page.keyboard.press("Escape")
    said = naor.page.evaluate(
        """async () => {
            const card = document.querySelector('hearth-question');
            const soon = () => new Promise((done) => setTimeout(done));
            card.ask({ title: 'One?', text: '', yes: 'Yes' });
            await soon();
            const dialog = card.querySelector('dialog');
            const told = new Promise((done) => dialog.addEventListener('close', done));
            dialog.close();
            const said = card.ask({ title: 'Two?', text: '', yes: 'Yes' });
            await told;
            card.querySelector('.button.danger').click();
            return said;
        }"""
    )
    assert said is True


# -- rooms ------------------------------------------------------------------------------------


def test_one_sheet_finds_rooms_and_makes_them(hub: Serving, visit: Visit) -> None:
    hub.say("Hello", "kitchen")
    hub.say("Hello", "workshop")
    naor = visit(f"{hub.url}/general", "naor")
    expect(rooms_of(naor).get_by_role("heading", name="Rooms")).to_be_visible()
    find = button(naor, "Find or make a room")
    find.press("Enter")
    sheet = card_of(naor, "Rooms")
    rooms = sheet.get_by_role("listitem")
    expect(rooms).to_have_text([re.compile(x) for x in ("general", "kitchen", "workshop")])
    box = sheet.get_by_role("searchbox", name="Find or make a room")
    expect(box).to_be_focused()
    box.fill("KITCH")
    expect(rooms).to_have_count(1)
    expect(button(sheet, re.compile("^Make the room kitch"))).to_be_visible()
    box.fill("kitchen")
    expect(button(sheet, re.compile("^Make the room"))).to_have_count(0)
    box.press("Enter")
    expect(naor.page).to_have_url(f"{hub.url}/kitchen")
    expect(sheet).to_have_count(0)
    find.click()
    box.fill("a/b")
    box.press("Enter")
    expect(sheet.get_by_role("alert")).to_contain_text("Only letters")
    box.fill("New Roof")
    box.press("Enter")
    expect(naor.page).to_have_url(f"{hub.url}/new-roof")
    find.click()
    button(sheet, re.compile("^New private room")).click()
    expect(card_of(naor, "New private room")).to_be_visible()


def test_a_new_room_stays_in_the_list_until_it_is_taken_off(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    button(naor, "Find or make a room").click()
    naor.page.get_by_role("searchbox", name="Find or make a room").fill("roof")
    button(naor, re.compile("^Make the room roof")).click()
    expect(naor.page.get_by_role("heading", level=1)).to_have_text("roof")
    roof = rooms_of(naor).get_by_role("link", name="roof")
    expect(roof).to_have_accessible_name(re.compile("nothing said yet"))
    rooms_of(naor).get_by_role("link", name="general").click()
    expect(naor.page).to_have_url(f"{hub.url}/general")
    naor.page.reload()
    expect(roof).to_be_visible()
    assert not hub.folder.room_file("roof").exists()

    roof.click()
    naor.say("first")
    naor.sees("first")
    expect(roof).not_to_have_accessible_name(re.compile("nothing said yet"))

    naor.open(f"{hub.url}/cellar")
    cellar = rooms_of(naor).get_by_role("link", name="cellar")
    button(naor, "Take cellar off the list").click()
    expect(naor.page).to_have_url(f"{hub.url}/general")
    expect(cellar).to_have_count(0)
    naor.page.reload()
    expect(roof).to_be_visible()
    expect(cellar).to_have_count(0)


def test_somebody_else_in_this_browser_has_a_list_of_their_own(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/roof", "naor")
    roof = rooms_of(naor).get_by_role("link", name="roof")
    expect(button(naor, "Take roof off the list")).to_be_attached()
    naor.page.locator("button.me").click()
    button(naor, re.compile("^Log out here")).click()
    button(naor.page.get_by_role("dialog").last, "Log out").click()
    expect(naor.page.get_by_role("textbox", name="Your name")).to_be_visible()
    naor.open(f"{hub.url}/general")
    naor.join("dana")
    expect(rooms_of(naor).get_by_role("link", name="general")).to_be_visible()
    expect(roof).to_have_count(0)
