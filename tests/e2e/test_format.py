"""Marks without typing them: by keys, and by the bar above the text box."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def bar(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("toolbar", name="Format")


def selected(visitor: Visitor) -> str:
    found: str = visitor.message.evaluate("x => x.value.slice(x.selectionStart, x.selectionEnd)")
    return found


def test_keys_put_marks_and_take_them_off(lan_url: str, visit: Visit) -> None:
    naor = visit(lan_url, "naor")
    keys = naor.page.keyboard
    naor.message.press_sequentially("one two")
    for _ in "two":
        keys.press("Shift+ArrowLeft")
    for key, text in (
        ("b", "one **two**"), ("i", "one ***two***"), ("b", "one *two*"), ("i", "one two"),
        ("e", "one `two`"), ("e", "one two"),
    ):  # fmt: skip
        keys.press(f"Control+{key}")
        expect(naor.message).to_have_value(text)
        assert selected(naor) == "two"
    keys.press("Control+k")
    expect(naor.message).to_have_value("one [two](url)")
    assert selected(naor) == "url"
    keys.type("http://192.168.1.5/")
    keys.press("Enter")
    expect(naor.log.get_by_role("link", name="two")).to_be_visible()


def test_marks_come_around_the_caret_and_can_be_undone(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    keys = naor.page.keyboard
    naor.message.press_sequentially("so ")
    keys.press("Control+b")
    expect(naor.message).to_have_value("so ****")
    keys.type("much")
    expect(naor.message).to_have_value("so **much**")
    keys.press("Control+a")
    keys.press("Control+i")
    expect(naor.message).to_have_value("*so **much***")
    keys.press("Control+z")
    expect(naor.message).to_have_value("so **much**")
    naor.page.reload()
    expect(naor.message).to_have_value("so **much**")


def test_keys_of_another_script_put_marks_too(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.message.fill("שלום")
    naor.page.keyboard.press("Control+a")
    told = naor.context.new_cdp_session(naor.page)
    for kind in ("rawKeyDown", "keyUp"):
        key = {"type": kind, "modifiers": 2, "key": "נ", "code": "KeyB"}
        told.send("Input.dispatchKeyEvent", key)
    expect(naor.message).to_have_value("**שלום**")


def test_a_list_goes_on_with_a_new_line(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    keys = naor.page.keyboard
    naor.message.press_sequentially("1. bread")
    keys.press("Shift+Enter")
    keys.type("milk")
    keys.press("Shift+Enter")
    expect(naor.message).to_have_value("1. bread\n2. milk\n3. ")
    keys.press("Shift+Enter")
    expect(naor.message).to_have_value("1. bread\n2. milk\n")
    keys.type("end")
    keys.press("Shift+Enter")
    expect(naor.message).to_have_value("1. bread\n2. milk\nend\n")
    keys.press("Enter")
    expect(naor.log.get_by_role("listitem")).to_have_count(2)


@pytest.mark.parametrize(
    ("size", "direction"),
    [({}, "ltr"), (PHONE, "ltr"), (PHONE, "rtl")],
    ids=["wide", "phone", "phone-rtl"],
)
def test_a_bar_has_the_marks(
    lan_url: str, visit: Visit, size: dict[str, Any], direction: str
) -> None:
    naor = visit(lan_url, "naor", **size)
    naor.page.evaluate("dir => { document.documentElement.dir = dir }", direction)
    press(naor.message, size)
    naor.message.press_sequentially("who did it")
    expect(bar(naor)).to_have_count(0)
    press(naor.page.get_by_role("button", name="Format"), size)
    names = ["Bold", "Italic", "Strikethrough", "Code", "Quote", "List", "Link", "Spoiler"]
    for name in names:
        button = bar(naor).get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=1)
        box = button.bounding_box()
        assert box
        assert not size or min(box["width"], box["height"]) >= 44, name
    expect(naor.message).to_be_focused()  # the keyboard stays
    naor.message.evaluate("x => x.setSelectionRange(8, 10)")
    press(bar(naor).get_by_role("button", name="Spoiler"), size)
    expect(naor.message).to_have_value("who did ||it||")
    expect(naor.message).to_be_focused()  # the keyboard stays
    press(bar(naor).get_by_role("button", name="Quote"), size)
    expect(naor.message).to_have_value("> who did ||it||")
    press(naor.page.get_by_role("button", name="Send"), size)
    expect(naor.log.get_by_role("button", name="Spoiler")).to_be_visible()
    press(naor.page.get_by_role("button", name="Format", exact=True), size)
    expect(bar(naor)).to_have_count(0)


@pytest.mark.parametrize(("direction", "on"), [("ltr", "ArrowRight"), ("rtl", "ArrowLeft")])
def test_the_bar_can_be_used_with_keys(lan_url: str, visit: Visit, direction: str, on: str) -> None:
    naor = visit(lan_url, "naor")
    naor.page.evaluate("dir => { document.documentElement.dir = dir }", direction)
    keys = naor.page.keyboard
    naor.message.press_sequentially("word")
    keys.press("Control+a")
    opener = naor.page.get_by_role("button", name="Format")
    opener.focus()
    keys.press("Enter")
    expect(bar(naor)).to_be_visible()
    keys.press("Tab")
    expect(bar(naor).get_by_role("button", name="Bold")).to_be_focused()
    keys.press(on)
    keys.press(on)
    expect(bar(naor).get_by_role("button", name="Strikethrough")).to_be_focused()
    keys.press("Enter")
    expect(naor.message).to_have_value("~~word~~")
    expect(naor.message).to_be_focused()
    opener.focus()
    keys.press("Tab")
    expect(bar(naor).get_by_role("button", name="Strikethrough")).to_be_focused()


def test_a_bar_that_does_not_come_is_told_of(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expect_losses()
    naor.context.route("**/format-bar.js", lambda route: route.abort())
    naor.page.get_by_role("button", name="Format").click()
    told = naor.page.get_by_role("status").get_by_text("That did not come from the hub.")
    expect(told).to_be_visible()
    expect(bar(naor)).to_have_count(0)
