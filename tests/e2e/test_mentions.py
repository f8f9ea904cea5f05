"""Mentions: what is sent means a person, and whoever is meant sees it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.serving import Serving

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
}  # fmt: skip
SIZES = pytest.mark.parametrize("size", [{}, PHONE], ids=["wide", "phone"])


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
    expect(chips(anna, "Anna Berg")).to_contain_class("me")
    expect(chips(naor, "Anna Berg")).not_to_contain_class("me")
    chips(naor, "Anna Berg").tap() if size else chips(naor, "Anna Berg").click()
    card = naor.page.get_by_role("dialog")
    expect(card.get_by_role("heading", name="Anna Berg")).to_be_visible()
    naor.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(naor.page).to_have_url(f"{lan_url}/general")


def test_a_rename_does_not_break_it(hub: Serving, visit: Visit) -> None:
    anna = visit(f"{hub.url}/general", "Anna")
    naor = visit(f"{hub.url}/general", "naor")
    mentions(naor, "Anna")
    naor.message.press("Enter")
    naor.sees("@Anna")
    anna.page.get_by_role("button", name="You: Anna").click()
    anna.page.get_by_role("button", name="Change the name").click()
    anna.page.get_by_role("textbox", name="New name").fill("Berta")
    anna.page.get_by_role("button", name="Save").click()
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
    expect(chips(anna, "Anna")).to_contain_class("me")
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
    assert list(hub.events()[-1]["to"]) == [name]


def test_here_means_everybody(hub: Serving, visit: Visit) -> None:
    anna = visit(f"{hub.url}/general", "Anna")
    naor = visit(f"{hub.url}/general", "naor")
    mentions(naor, "here")
    naor.page.keyboard.type("lunch")
    naor.message.press("Enter")
    anna.sees("@here lunch")
    expect(anna.row("@here lunch")).to_contain_class("mention")
    expect(anna.log.locator(".at.me")).to_have_text(["@here"])


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
