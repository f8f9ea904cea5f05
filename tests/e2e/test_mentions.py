"""Mentions: what is sent means a person, and whoever is meant sees it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def mentions(visitor: Visitor, name: str) -> None:
    """Choose a name from the list, key by key."""
    visitor.message.focus()
    visitor.page.keyboard.type(f"@{name[:3]}")
    expect(visitor.page.get_by_role("option").filter(has_text=name)).to_have_count(1)
    visitor.message.press("Enter")


def chips(visitor: Visitor, name: str) -> Locator:
    return visitor.log.locator(".text").get_by_role("link", name=f"@{name}", exact=True)


@SIZES
def test_who_is_meant_sees_it_and_a_click_shows_the_person(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    anna = visit(f"{lan_url}/general", "Anna Berg", **size)
    naor = visit(f"{lan_url}/general", "naor", **size)
    mentions(naor, "Anna Berg")
    naor.page.keyboard.type("and @nobody, look")
    naor.message.press("Enter")
    text = "@Anna Berg and @nobody, look"
    naor.sees(text)
    anna.sees(text)
    assert lan.events()[-1]["to"].keys() == {"Anna Berg"}
    expect(anna.row(text)).to_contain_class("mention")
    expect(naor.row(text)).not_to_contain_class("mention")
    expect(chips(anna, "Anna Berg")).to_contain_class("own")
    expect(chips(naor, "Anna Berg")).not_to_contain_class("own")
    press(chips(naor, "Anna Berg"), size)
    card = naor.page.get_by_role("dialog")
    expect(card.get_by_role("heading", name="Anna Berg")).to_be_visible()
    naor.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(naor.page).to_have_url(f"{lan_url}/general")


@SIZES
def test_a_rename_does_not_break_it(lan_url: str, visit: Visit, size: dict[str, Any]) -> None:
    anna = visit(f"{lan_url}/general", "Anna", **size)
    naor = visit(f"{lan_url}/general", "naor", **size)
    mentions(naor, "Anna")
    naor.message.press("Enter")
    naor.sees("@Anna")
    if size:
        anna.page.get_by_role("button", name=re.compile("^Rooms")).tap()
    press(anna.page.get_by_role("button", name="You: Anna"), size)
    press(anna.page.get_by_role("button", name="Change the name"), size)
    anna.page.get_by_role("textbox", name="New name").fill("Berta")
    press(anna.page.get_by_role("button", name="Save"), size)
    expect(anna.page.get_by_text("You: Berta")).to_be_attached()
    anna.page.reload()
    anna.sees("@Berta")
    expect(anna.row("@Berta")).to_contain_class("mention")
    naor.page.reload()
    naor.sees("@Berta")


def test_a_name_by_hand_and_an_edit(hub: Serving, visit: Visit) -> None:
    anna = visit(f"{hub.url}/general", "Anna")
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("Hello anna")
    anna.sees("Hello anna")
    expect(anna.row("Hello anna")).not_to_contain_class("mention")
    naor.message.press("ArrowUp")
    naor.message.fill("Hello @anna ")
    naor.message.press("Enter")
    expect(chips(anna, "Anna")).to_contain_class("own")
    expect(anna.log.get_by_role("article")).to_contain_class(["msg mention"])


def test_a_draft_knows_whom_it_means(hub: Serving, visit: Visit) -> None:
    name = "*a*b_c_"
    hub.session(name)
    naor = visit(f"{hub.url}/general", "naor")
    mentions(naor, name)
    naor.page.reload()
    expect(naor.message).to_have_value(f"@{name} ")
    naor.message.press("Enter")
    expect(chips(naor, name)).to_have_count(1)
    naor.all_is_saved()
    assert list(hub.events()[-1]["to"]) == [name]


@SIZES
def test_here_means_everybody(lan_url: str, visit: Visit, size: dict[str, Any]) -> None:
    anna = visit(f"{lan_url}/general", "Anna", **size)
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.types("@he")
    offer = naor.page.get_by_role("option").filter(has_text="here")
    expect(offer).to_have_count(1)
    offer.tap() if size else naor.message.press("Enter")
    naor.page.keyboard.type("lunch")
    press(naor.page.get_by_role("button", name="Send"), size)
    anna.sees("@here lunch")
    expect(anna.row("@here lunch")).to_contain_class("mention")
    expect(anna.log.locator(".at.own")).to_have_text(["@here"])


ODD = [
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "[a](javascript:alert(1))",
    "`x` **b** ||s||",
    "javascript:alert(1)//",
    "שלום @ you",
    "a@b",
    "Jos\u1eb9\u0301 👩‍👩‍👧",
]


def test_names_that_are_markup_are_text_in_a_mention(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    me = hub.session("mira")
    for name in ODD:
        hub.session(name)
    found = hub.get("/api/people", **me).json["people"]
    for person in found:
        if person["name"] in ODD:
            to = {person["name"]: person["who"]}
            answer = hub.post(
                "/api/chat/general", {"msg": f"hi @{person['name']} there", "to": to}, **me
            )
            assert answer.json["to"] == to
    for name in ODD:
        expect(chips(naor, name)).to_have_count(1)
    assert naor.page.evaluate("document.querySelectorAll('.text :is(img, script)').length") == 0


@SIZES
def test_mentions_are_counted_and_lead_to_their_message(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    bo = lan.session("Bo")
    anna = visit(f"{lan_url}/general", "Anna", **size)

    def say(text: str, room: str = "tea") -> None:
        assert lan.post(f"/api/chat/{room}", {"msg": text}, **bo).status == 201

    def rooms() -> None:
        if size:
            anna.page.get_by_role("button", name=re.compile("^Rooms")).click()

    say("**hello** @anna")
    for n in range(120):
        say(f"talk {n}")
    say("and @anna again")
    rooms()
    own = anna.page.get_by_role("button", name="Mentions")
    expect(own.get_by_label("2 unread")).to_be_visible()
    room = anna.page.get_by_role("link", name="tea")
    expect(room.get_by_label("122 unread, 2 for you")).to_be_visible()
    own.click()
    card = anna.page.get_by_role("dialog", name="Mentions")
    found = card.get_by_role("listitem")
    expect(found).to_have_count(2)
    expect(found.first).to_contain_text("Bo in tea")
    expect(found.last).to_contain_text("hello @anna")
    expect(found.get_by_text("unread")).to_have_count(2)
    found.last.get_by_role("button").click()
    expect(card).to_have_count(0)
    expect(anna.page).to_have_url(f"{lan_url}/tea")
    expect(anna.log.get_by_text("hello @Anna")).to_be_in_viewport()
    expect(anna.page.get_by_role("button", name="122 new")).to_be_visible()
    anna.page.get_by_role("button", name="122 new").click()
    anna.sees("and @Anna again")
    rooms()
    expect(own.get_by_role("img")).to_have_count(0)
    own.click()
    expect(found).to_have_count(2)
    expect(found.get_by_text("unread")).to_have_count(0)


def test_an_answer_and_a_removal_are_followed_live(hub: Serving, visit: Visit) -> None:
    bo = hub.session("Bo")
    anna = visit(f"{hub.url}/general", "Anna")
    own = anna.page.get_by_role("button", name="Mentions")
    anna.say("a question")
    anna.sees("a question")
    anna.open(f"{hub.url}/tea")
    expect(anna.message).to_be_visible()
    answer = hub.post("/api/chat/general", {"msg": "an answer", "re": 1}, **bo)
    expect(own.get_by_label("1 unread")).to_be_visible()
    own.click()
    found = anna.page.get_by_role("dialog", name="Mentions").get_by_role("listitem")
    expect(found).to_contain_text(["an answer"])
    hub.post("/api/rooms/general", {"do": "erase", "of": answer.json["n"]}, **bo)
    expect(found).to_contain_text(["Nothing yet."])
    anna.page.keyboard.press("Escape")
    expect(own.get_by_role("img")).to_have_count(0)
    expect(own).to_be_focused()


@SIZES
def test_who_is_not_in_a_private_room_is_told_of_before_it_is_sent(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.session("Anna")
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.open(f"{lan_url}/{naor.makes_private_room()}")
    note = naor.page.get_by_text("Anna is not in this room, and will not see this.")
    naor.message.focus()
    naor.page.keyboard.type("@ann")
    expect(naor.page.get_by_role("option")).to_contain_text(["not in this room"])
    naor.message.press("Enter")
    expect(note).to_be_visible()
    naor.message.fill("nobody")
    expect(note).to_have_count(0)
    naor.message.fill("")
    naor.page.keyboard.type("@anna ")
    expect(naor.page.get_by_text("anna is not in this room")).to_be_visible()
    naor.page.get_by_role("button", name="Invite", exact=True).last.click()
    expect(naor.page.get_by_role("heading", name="Invite people")).to_be_visible()
    naor.page.keyboard.press("Escape")
    naor.message.press("Enter")
    naor.sees("@anna")
    expect(naor.page.get_by_text("is not in this room")).to_have_count(0)
