"""Several messages at once, by finger, by mouse and by keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE, SIZES, press
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


def begin_by_hand(visitor: Visitor, text: str, size: dict[str, Any]) -> None:
    """As a finger or the mouse does, not with keys."""
    row = visitor.row(text)
    row.tap() if size else row.hover()
    press(row.get_by_role("button", name="More"), size)
    press(visitor.page.get_by_role("button", name="Select", exact=True), size)
    counts(visitor, 1)


def pasted(visitor: Visitor) -> str:
    visitor.message.focus()
    visitor.page.keyboard.press("ControlOrMeta+v")
    return visitor.message.input_value()


@SIZES
def test_messages_are_selected_and_copied(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    for n in range(1, 7):
        lan.say(f"message {n}")
    naor = visit(lan_url, "naor", **size)
    begin_by_hand(naor, "message 5", size)
    expect(naor.message).to_be_hidden()
    if size:
        for n in (2, 3, 4):
            naor.row(f"message {n}").tap()
    else:
        naor.row("message 2").click(modifiers=["Shift"])
    counts(naor, 4)
    press(naor.row("message 3"), size)
    counts(naor, 3)
    press(bar(naor).get_by_role("button", name="Copy"), size)
    expect(naor.page.get_by_role("status").get_by_text("Copied.")).to_be_visible()
    expect(bar(naor)).to_have_count(0)
    expect(naor.log.get_by_role("checkbox")).to_have_count(0)
    lines = pasted(naor).split("\n")
    ends = ["guest: message 2", "guest: message 4", "guest: message 5"]
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


@pytest.mark.parametrize(
    ("size", "direction"), [({}, "ltr"), (PHONE, "rtl")], ids=["wide", "phone-rtl"]
)
def test_own_messages_are_removed(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any], direction: str
) -> None:
    naor = visit(lan_url, "naor", **size)
    naor.page.evaluate("dir => { document.documentElement.dir = dir }", direction)
    for text in ("mine 1", "mine 2"):
        naor.say(text)
        naor.sees(text)
    lan.say("of another ||hidden||")
    begin_by_hand(naor, "mine 1", size)
    least = 44 if size else 24
    box = naor.row("mine 2").bounding_box()
    assert box
    assert box["height"] >= least
    press(naor.row("mine 2"), size)
    press(naor.log.get_by_role("button", name="Spoiler"), size)
    counts(naor, 3)
    expect(naor.log.get_by_text("hidden")).to_be_hidden()
    for name in ("Cancel", "Copy", "Remove"):
        button = bar(naor).get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=1)
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= least, name
    press(bar(naor).get_by_role("button", name="Remove"), size)
    asked = naor.page.get_by_role("dialog", name="Remove 2 messages?")
    expect(asked).to_contain_text("1 more is by somebody else and stays.")
    press(asked.get_by_role("button", name="Cancel"), size)
    counts(naor, 3)
    press(bar(naor).get_by_role("button", name="Remove"), size)
    press(asked.get_by_role("button", name="Remove"), size)
    expect(bar(naor)).to_have_count(0)
    expect(naor.row("mine 1")).to_have_count(0)
    expect(naor.row("mine 2")).to_have_count(0)
    expect(naor.log.get_by_text("This message is being removed.")).to_have_count(2)
    naor.page.reload()  # whoever leaves does not wait for the end of the time to undo it
    expect(naor.log.get_by_text("This message was removed.")).to_have_count(2)
    expect(naor.log.get_by_text("of another")).to_be_visible()


@SIZES
def test_a_host_removes_what_others_said(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    for n in range(1, 4):
        lan.say(f"message {n}")
    anna = visit(f"{lan_url}/general#ticket={lan.server.ticket()}", "anna", **size)
    begin_by_hand(anna, "message 1", size)
    press(anna.row("message 3"), size)
    press(bar(anna).get_by_role("button", name="Remove"), size)
    asked = anna.page.get_by_role("dialog", name="Remove 2 messages?")
    anna.page.wait_for_timeout(750)  # a question is answered once it was seen
    press(asked.get_by_role("button", name="Remove"), size)
    expect(anna.log.get_by_text("This message is being removed.")).to_have_count(2)
    anna.page.reload()
    expect(anna.log.get_by_text("This message was removed.")).to_have_count(2)
    anna.sees("message 2")


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
