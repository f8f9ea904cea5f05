"""Several messages at once, by finger, by mouse and by keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE
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


def bar(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("group", name="Selected messages")


def counts(visitor: Visitor, number: int) -> None:
    told = bar(visitor).get_by_role("status")
    expect(told).to_contain_text(f"{number} selected")
    expect(visitor.log.get_by_role("checkbox", name="Select", checked=True)).to_have_count(number)


def begin(visitor: Visitor, text: str) -> None:
    visitor.row(text).focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_role("button", name="Select", exact=True).click()
    counts(visitor, 1)


def pasted(visitor: Visitor) -> str:
    visitor.message.focus()
    visitor.page.keyboard.press("ControlOrMeta+v")
    return visitor.message.input_value()


def test_messages_are_selected_with_the_mouse_and_copied(lan_url: str, visit: Visit) -> None:
    naor = visit(lan_url, "naor")
    for n in range(1, 7):
        naor.say(f"message {n}")
        naor.sees(f"message {n}")
    begin(naor, "message 5")
    expect(naor.message).to_be_hidden()
    naor.row("message 2").click(modifiers=["Shift"])
    counts(naor, 4)
    naor.row("message 3").click()
    counts(naor, 3)
    bar(naor).get_by_role("button", name="Copy").click()
    expect(naor.page.get_by_role("status").get_by_text("Copied.")).to_be_visible()
    expect(bar(naor)).to_have_count(0)
    expect(naor.log.get_by_role("checkbox")).to_have_count(0)
    lines = pasted(naor).split("\n")
    ends = ["naor: message 2", "naor: message 4", "naor: message 5"]
    assert [re.sub(r"^\[.+\] ", "", line) for line in lines] == ends


def test_messages_are_selected_with_keys_alone(hub: Serving, visit: Visit, mira: Talk) -> None:
    for n in range(1, 5):
        mira.say(f"message {n}")
    naor = visit(f"{hub.url}/general", "naor")
    keys = naor.page.keyboard
    naor.row("message 4").focus()
    keys.press("Enter")
    naor.page.get_by_role("button", name="Select", exact=True).press("Enter")
    counts(naor, 1)
    expect(naor.row("message 4")).to_be_focused()
    keys.press("ArrowUp")
    keys.press(" ")
    counts(naor, 2)
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    keys.press("Shift+Enter")
    counts(naor, 4)
    keys.press("Enter")
    counts(naor, 3)
    keys.press("Escape")
    expect(bar(naor)).to_have_count(0)
    expect(naor.row("message 1")).to_be_focused()
    expect(naor.message).to_be_visible()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_on_a_phone_own_messages_are_removed(
    lan: Serving, lan_url: str, visit: Visit, direction: str
) -> None:
    naor = visit(lan_url, "naor", **PHONE)
    naor.page.evaluate("dir => { document.documentElement.dir = dir }", direction)
    for text in ("mine 1", "mine 2"):
        naor.say(text)
        naor.sees(text)
    lan.say("of another ||hidden||")
    naor.row("mine 1").tap()
    naor.row("mine 1").get_by_role("button", name="More").tap()
    naor.page.get_by_role("button", name="Select", exact=True).tap()
    counts(naor, 1)
    box = naor.row("mine 2").bounding_box()
    assert box
    assert box["height"] >= 44
    naor.row("mine 2").tap()
    naor.log.get_by_role("button", name="Spoiler").tap()
    counts(naor, 3)
    expect(naor.log.get_by_text("hidden")).to_be_hidden()
    for name in ("Cancel", "Copy", "Remove"):
        button = bar(naor).get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=1)
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, name
    bar(naor).get_by_role("button", name="Remove").tap()
    asked = naor.page.get_by_role("dialog", name="Remove 2 messages?")
    expect(asked).to_contain_text("1 more is by somebody else and stays.")
    asked.get_by_role("button", name="Cancel").tap()
    counts(naor, 3)
    bar(naor).get_by_role("button", name="Remove").tap()
    asked.get_by_role("button", name="Remove").tap()
    expect(bar(naor)).to_have_count(0)
    expect(naor.row("mine 1")).to_have_count(0)
    expect(naor.row("mine 2")).to_have_count(0)
    expect(naor.log.get_by_text("This message was removed.")).to_have_count(2)
    expect(naor.log.get_by_text("of another")).to_be_visible()


def test_what_goes_meanwhile_is_selected_no_more(hub: Serving, visit: Visit, mira: Talk) -> None:
    for n in range(1, 4):
        mira.say(f"message {n}")
    naor = visit(f"{hub.url}/general", "naor")
    begin(naor, "message 1")
    naor.row("message 2").click()
    counts(naor, 2)
    mira.do("erase", of=2)
    counts(naor, 1)
    mira.do("edit", of=1, text="another text")
    naor.sees("another text (edited)")
    counts(naor, 1)
    expect(bar(naor).get_by_role("button", name="Remove")).to_have_count(0)
    naor.row("another text (edited)").click()
    counts(naor, 0)
    expect(bar(naor).get_by_role("button", name="Copy")).to_be_disabled()
    naor.page.goto(f"{hub.url}/kitchen")
    expect(naor.message).to_be_visible()
    expect(bar(naor)).to_have_count(0)


def test_no_more_than_a_hundred_are_selected(hub: Serving, visit: Visit) -> None:
    for n in range(1, 121):
        hub.say(f"message {n}")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("message 120")
    naor.rests()
    naor.scroll_to_top()
    naor.sees("message 1")
    begin(naor, "message 1")
    naor.row("message 120").click(modifiers=["Shift"])
    counts(naor, 100)
    told = naor.page.get_by_role("status").get_by_text("No more than 100 messages can be selected.")
    expect(told).to_be_visible()


def test_another_room_ends_it(hub: Serving, visit: Visit, mira: Talk) -> None:
    mira.say("message 1")
    hub.say("elsewhere", "kitchen")
    naor = visit(f"{hub.url}/general", "naor")
    begin(naor, "message 1")
    naor.page.get_by_role("link", name="kitchen").click()
    naor.sees("elsewhere")
    expect(bar(naor)).to_have_count(0)
    naor.row("elsewhere").click()
    expect(naor.log.get_by_role("checkbox")).to_have_count(0)
