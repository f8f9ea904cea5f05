"""The picker of emoji: for messages and for reactions, by mouse, touch and keys."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def picker(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name="Emoji")


def cell(visitor: Visitor, name: str) -> Locator:
    return picker(visitor).get_by_role("gridcell", name=name, exact=True).first


def field(visitor: Visitor) -> Locator:
    return picker(visitor).get_by_role("searchbox", name="Search emoji")


def grid(visitor: Visitor) -> Locator:
    return picker(visitor).get_by_role("grid")


def opens(visitor: Visitor, size: dict[str, Any]) -> None:
    button = visitor.page.get_by_role("button", name="Emoji", exact=True)
    press(button, size)
    expect(cell(visitor, "grinning face")).to_be_visible()


def active(visitor: Visitor) -> Locator:
    return picker(visitor).locator(f"#{grid(visitor).get_attribute('aria-activedescendant')}")


@SIZES
def test_an_emoji_is_put_where_the_caret_is(
    lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.message.fill("Good , all")
    naor.message.evaluate("box => { box.focus(); box.setSelectionRange(5, 5); }")
    opens(naor, size)
    if not size:
        expect(field(naor)).to_be_focused()
    one = cell(naor, "winking face")
    press(one, size)
    expect(picker(naor)).to_have_count(0)
    expect(naor.message).to_have_value("Good 😉, all")
    expect(naor.message).to_be_focused()
    if not size:
        naor.message.press("Control+z")
        expect(naor.message).to_have_value("Good , all")
    opens(naor, size)
    titles = picker(naor).get_by_role("rowheader")
    expect(titles.first).to_have_text("Recently used")
    expect(picker(naor).get_by_role("gridcell").first).to_have_text("😉")


@SIZES
def test_what_is_looked_for_is_found_in_the_readers_language(
    lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", locale="de-DE", **size)
    press(naor.page.get_by_role("button", name="Emoji", exact=True), size)
    expect(picker(naor).get_by_role("rowheader").first).to_have_text("Smileys & Emotionen")
    if size:  # elsewhere it has the focus
        field(naor).tap()
    naor.page.keyboard.type("Herz")
    expect(cell(naor, "rotes Herz")).to_be_visible()
    expect(picker(naor).get_by_role("rowheader")).to_have_count(0)
    naor.page.keyboard.type("<b>qqq")
    expect(picker(naor).get_by_role("status")).to_have_text("No emoji for Herz<b>qqq.")
    naor.page.keyboard.press("Enter")  # nothing to take
    expect(picker(naor)).to_be_visible()
    naor.page.keyboard.press("Escape")
    expect(field(naor)).to_have_value("")
    expect(picker(naor).get_by_role("rowheader").first).to_be_visible()
    naor.page.keyboard.type("elephant")
    cell(naor, "Elefant").tap() if size else naor.page.keyboard.press("Enter")
    expect(naor.message).to_have_value("🐘")


def test_everything_can_be_done_with_keys(lan_url: str, visit: Visit) -> None:
    naor = visit(f"{lan_url}/general", "naor")
    opens(naor, {})
    press = naor.page.keyboard.press
    press("ArrowDown")
    expect(grid(naor)).to_be_focused()
    expect(active(naor)).to_have_accessible_name("grinning face")
    press("ArrowRight")
    expect(active(naor)).to_have_text("😃")
    for key, text in [
        ("End", "🙂"),
        ("Home", "😀"),
        ("ArrowDown", "🙃"),
        ("PageDown", None),
        ("Control+End", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"),
        ("Control+Home", "😀"),
        ("ArrowLeft", "😀"),
    ]:
        press(key)
        expect(active(naor)).to_be_in_viewport()
        if text:
            expect(active(naor)).to_have_text(text)
    press("ArrowUp")
    expect(field(naor)).to_be_focused()
    press("ArrowDown")
    naor.page.keyboard.type("rocket")
    expect(field(naor)).to_have_value("rocket")
    press("ArrowDown")
    press("Enter")
    expect(naor.message).to_have_value("🚀")
    expect(naor.message).to_be_focused()
    opens(naor, {})
    press("Escape")
    expect(picker(naor)).to_have_count(0)
    expect(naor.message).to_have_value("🚀")


def test_from_right_to_left_the_arrows_lead_where_they_point(lan_url: str, visit: Visit) -> None:
    naor = visit(f"{lan_url}/general", "naor")
    naor.page.evaluate("document.documentElement.dir = 'rtl'")
    opens(naor, {})
    first = cell(naor, "grinning face").bounding_box()
    assert first
    naor.page.keyboard.press("ArrowDown")
    naor.page.keyboard.press("ArrowLeft")
    expect(active(naor)).to_have_text("😃")
    box = active(naor).bounding_box()
    assert box
    assert box["x"] < first["x"]
    naor.page.keyboard.press("ArrowRight")
    expect(active(naor)).to_have_text("😀")
    card = picker(naor).bounding_box()
    assert card
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= 1280


@SIZES
def test_a_category_is_gone_to_and_told(lan_url: str, visit: Visit, size: dict[str, Any]) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    opens(naor, size)
    tabs = picker(naor).get_by_role("navigation", name="Categories")
    expect(tabs.get_by_role("button")).to_have_count(9)
    food = tabs.get_by_role("button", name="Food & drink")
    press(food, size)
    expect(picker(naor).get_by_role("rowheader", name="Food & drink")).to_be_in_viewport()
    expect(food).to_have_attribute("aria-current", "true")
    expect(cell(naor, "red apple")).to_be_in_viewport()
    assert picker(naor).get_by_role("gridcell").count() < 500, "only what is in sight is drawn"


@SIZES
def test_a_reaction_in_the_tone_that_was_chosen(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("Shall we?")
    naor = visit(f"{lan_url}/general", "naor", **size)
    row = naor.row("Shall we?")
    if size:
        box = row.bounding_box()
        assert box
        row.dispatch_event("pointerdown", {"pointerType": "touch", "clientX": box["x"] + 80})
        menu = naor.page.get_by_role("dialog", name="Message actions")
        menu.get_by_role("button", name="React with another emoji").tap()
    else:
        row.hover()
        row.get_by_role("button", name="React").click()
        row.get_by_role("button", name="React with another emoji").click()
    tone = picker(naor).get_by_role("radio", name="Medium-dark skin tone")
    press(tone, size)
    expect(tone).to_be_checked()
    field(naor).fill("raised hands")
    one = cell(naor, "raising hands")
    expect(one).to_have_text("🙌🏾")
    press(one, size)
    chip = row.get_by_role("button", name="🙌🏾 1, naor")
    expect(chip).to_have_attribute("aria-pressed", "true")
    other = visit(f"{lan_url}/general", "mira")
    other.row("Shall we?").get_by_role("button", name="🙌🏾 1, naor").click()
    expect(row.get_by_role("button", name="🙌🏾 2, naor, mira")).to_be_visible()
    naor.page.reload()
    opens(naor, size)
    expect(picker(naor).get_by_role("gridcell").first).to_have_text("🙌🏾")
    expect(tone).to_be_checked()


def test_the_tone_is_chosen_with_arrows(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    opens(naor, {})
    tones = picker(naor).get_by_role("radio")
    expect(tones).to_have_count(6)
    tones.first.focus()
    naor.page.keyboard.press("ArrowLeft")
    expect(tones.nth(5)).to_be_focused()
    expect(tones.nth(5)).to_be_checked()
    naor.page.keyboard.press("ArrowRight")
    naor.page.keyboard.press("ArrowRight")
    expect(tones.nth(1)).to_be_checked()
    field(naor).fill("wave")
    expect(cell(naor, "waving hand")).to_have_text("👋🏻")


def test_emoji_that_do_not_come_can_be_asked_for_again(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expect_losses()
    naor.page.route("**/emoji/*.json", lambda route: route.abort())
    naor.page.get_by_role("button", name="Emoji", exact=True).click()
    expect(picker(naor).get_by_text("The emoji did not come.")).to_be_visible()
    naor.page.unroute("**/emoji/*.json")
    picker(naor).get_by_role("button", name="Try again").click()
    expect(cell(naor, "grinning face")).to_be_visible()
    naor.page.mouse.click(100, 300)
    expect(picker(naor)).to_have_count(0)
