"""What people say of themselves, and whether they are here."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving

MARKUP = "<img src=x onerror=alert(1)> &amp; ארוחה lunch"


def is_phone(visitor: Visitor) -> bool:
    size = visitor.page.viewport_size
    return size is not None and size["width"] < 760


def opens_status(visitor: Visitor) -> None:
    page = visitor.page
    if is_phone(visitor):
        page.get_by_role("button", name=re.compile("^Rooms")).click()
    page.get_by_role("button", name=re.compile("^You: ")).click()
    page.get_by_role("button", name=re.compile("^Status")).click()
    expect(page.get_by_role("heading", name="Your status")).to_be_visible()


def person(visitor: Visitor, name: str) -> Locator:
    """Somebody in the column of people, which is opened where it is a drawer."""
    if is_phone(visitor):
        visitor.page.get_by_role("button", name=re.compile("^People here")).click()
    row = visitor.page.get_by_label("People here", exact=True).get_by_role("listitem")
    return row.filter(has_text=name)


@SIZES
def test_a_status_is_seen_beside_the_name_and_on_the_card(
    lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(lan_url, "naor", **size)
    mira = visit(lan_url, "mira", **size)
    opens_status(naor)
    page = naor.page
    page.get_by_role("button", name="Out for lunch").click()
    page.get_by_role("textbox", name="Status").fill(MARKUP)
    page.get_by_role("combobox", name="Ends").select_option("In 30 minutes")
    page.get_by_role("switch", name="Do not disturb").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name=re.compile("^Status"))).to_contain_text("do not disturb")
    row = person(mira, "naor")
    expect(row.get_by_role("img", name=f"{MARKUP}, do not disturb")).to_have_text("🍜")
    row.get_by_role("button", name="naor").first.click()
    card = mira.page.get_by_role("dialog", name="naor")
    expect(card).to_contain_text(f"{MARKUP}, do not disturb")
    expect(card).to_contain_text("until ")
    assert mira.page.locator("img[src=x]").count() == 0
    page.keyboard.press("Escape")
    page.reload()
    if is_phone(naor):
        expect(naor.message).to_be_visible()
    opens_status(naor)
    expect(page.get_by_role("textbox", name="Status")).to_have_value(MARKUP)
    page.get_by_role("button", name="Clear").click()
    expect(card).not_to_contain_text("lunch")
    mira.page.keyboard.press("Escape")
    expect(row.get_by_role("img")).to_have_count(0)


def test_what_is_no_status_is_said_and_stays_in_the_form(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expected = ("status of 422",)
    opens_status(naor)
    page, text = naor.page, naor.page.get_by_role("textbox", name="Status")
    text.fill("x" * 10_000)
    expect(text).to_have_value("x" * 100)
    text.fill("\u200b")  # does not show
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="letters that show")).to_be_visible()
    expect(text).to_have_value("\u200b")


@SIZES
def test_the_emoji_of_a_status_is_picked_and_taken_away(
    lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(lan_url, "naor", **size)
    mira = visit(lan_url, "mira")
    page = naor.page
    picker = page.get_by_role("dialog", name="Emoji")
    opens_status(naor)
    button = page.get_by_role("button", name="Choose an emoji")
    if size:
        button.tap()
        picker.get_by_role("gridcell", name="grinning face", exact=True).tap()
    else:
        button.focus()
        page.keyboard.press("Enter")
        expect(picker.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("grinning face")
        expect(picker.get_by_role("gridcell").first).to_have_text("😀")
        page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Emoji: 😀")
    expect(button).to_be_focused()
    press(button, size)
    expect(picker).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.get_by_role("textbox", name="Status").fill("Here")
    page.get_by_role("button", name="Save").click()
    expect(person(mira, "naor").get_by_role("img", name="Here")).to_have_text("😀")
    page.get_by_role("button", name=re.compile("^Status")).click()
    press(page.get_by_role("button", name="No emoji"), size)
    expect(page.get_by_role("button", name="Choose an emoji")).to_be_focused()
    expect(page.get_by_role("button", name="No emoji")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(person(mira, "naor").get_by_role("img", name="Here")).to_have_text("💬")


@SIZES
def test_who_touches_nothing_is_away_until_the_next_key(
    lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    mira = visit(lan_url, "mira", **size)
    naor = visit(lan_url, "naor")
    row = person(mira, "naor")
    expect(row).to_be_visible()
    expect(row.get_by_text("away")).to_have_count(0)
    naor.page.clock.install()
    naor.page.reload()
    expect(naor.message).to_be_visible()
    naor.page.clock.fast_forward("05:05")
    expect(row.get_by_text("away")).to_be_visible()
    naor.page.keyboard.press("Shift")
    expect(row.get_by_text("away")).to_have_count(0)


@SIZES
def test_the_other_one_of_a_direct_conversation_is_here_or_was(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    mira = visit(lan_url, "mira", **size)
    naor = visit(lan_url, "naor")
    person(naor, "mira").get_by_role("button", name="Message mira").click()
    expect(naor.page.get_by_role("heading", level=1)).to_have_text("mira")
    naor.say("Psst")
    naor.sees("Psst")
    if is_phone(mira):
        mira.page.get_by_role("button", name=re.compile("^Rooms")).click()
    link = mira.page.get_by_role("link", name=re.compile("^naor"))
    expect(link.get_by_role("img", name="here", exact=True)).to_be_visible()
    naor.page.goto("about:blank")
    expect(link.get_by_role("img", name="here", exact=True)).to_have_count(0)
    link.click()
    mira.row("Psst").get_by_role("button", name="naor").click()
    card = mira.page.get_by_role("dialog", name="naor")
    expect(card).to_contain_text("Not in this room now. Last here just now.")
    mira.page.keyboard.press("Escape")
    opens_status(mira)
    mira.page.get_by_role("switch", name="Show when you were here last").click()
    mira.page.keyboard.press("Escape")
    if is_phone(mira):
        mira.page.keyboard.press("Escape")
    mira.row("Psst").get_by_role("button", name="naor").click()
    expect(card).to_contain_text("Not in this room now.")
    expect(card).not_to_contain_text("Last here")


@SIZES
def test_who_is_not_to_be_disturbed_is_not_called(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    opens_status(naor)
    press(naor.page.get_by_role("switch", name="Do not disturb"), size)
    press(naor.page.get_by_role("button", name="Save"), size)
    expect(naor.page.get_by_role("button", name=re.compile("^Status"))).to_contain_text("disturb")
    naor.page.keyboard.press("Escape")
    naor.page.evaluate("document.hasFocus = () => false")
    lan.ask("POST", "/api/chat/general", {"msg": "@naor"}, lan.session("mira"))
    naor.sees("@naor")
    for _ in range(4):
        expect(naor.page).to_have_title("(1) general · Hearth")
        naor.page.wait_for_timeout(500)


@SIZES
def test_a_host_clears_a_status_that_should_not_be_seen(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(lan_url, "naor", **size)
    mira = visit(lan_url, "mira", **size)
    host = visit(f"{lan_url}#ticket={lan.server.ticket()}", "anna", **size)
    page = naor.page
    opens_status(naor)
    page.get_by_role("textbox", name="Status").fill("Buy now")
    page.get_by_role("button", name="Save").click()
    row = person(mira, "naor")
    expect(row.get_by_role("img", name="Buy now")).to_be_visible()
    row.get_by_role("button", name="naor").first.click()
    seen = mira.page.get_by_role("dialog", name="naor")
    expect(seen).to_contain_text("Buy now")
    expect(seen.get_by_role("button", name="Clear status")).to_have_count(0)
    press(person(host, "naor").get_by_role("button", name="naor").first, size)
    card = host.page.get_by_role("dialog", name="naor")
    press(card.get_by_role("button", name="Clear status"), size)
    expect(card).not_to_contain_text("Buy now")
    expect(card.get_by_role("heading", name="naor")).to_be_focused()
    expect(seen).not_to_contain_text("Buy now")
    expect(page.get_by_role("button", name=re.compile("^Status"))).not_to_contain_text("Buy now")
