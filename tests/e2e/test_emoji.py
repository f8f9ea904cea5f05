"""Emoji in messages: by shortcodes and by the words of the reader's language."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.visitor import Held, Visitor
from tests.serving import Serving


def offers(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("listbox", name="Emoji").get_by_role("option")


@SIZES
def test_a_shortcode_completes_by_keys_and_by_tap(
    lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.types("Good :smi")
    expect(offers(naor).first).to_contain_text(":smile:")
    expect(offers(naor).first).to_have_attribute("aria-selected", "true")
    naor.message.press("ArrowDown")
    expect(offers(naor).nth(1)).to_contain_text(":smirk:")
    naor.message.press("ArrowDown")
    naor.message.press("ArrowUp")
    naor.message.press("Enter")
    expect(naor.message).to_have_value("Good 😏 ")
    expect(offers(naor)).to_have_count(0)
    naor.types(":heart")
    press(offers(naor).first, size)
    expect(naor.message).to_be_focused()
    expect(naor.message).to_have_value("Good 😏 ❤️ ")
    naor.message.press("Enter")
    naor.sees("Good 😏 ❤️")


def test_the_words_of_the_readers_language_complete(lan_url: str, visit: Visit) -> None:
    naor = visit(f"{lan_url}/general", "naor", locale="de-DE")
    naor.types(":elefa")
    expect(offers(naor)).to_have_count(1)
    expect(offers(naor)).to_contain_text("Elefant")
    naor.message.press("Tab")
    expect(naor.message).to_have_value("🐘 ")
    naor.types(":elepha")
    expect(offers(naor)).to_contain_text(["Elefant"])
    assert any(url.endswith("/emoji/de.json") for url in naor.asked)
    assert sum("/emoji/" in url for url in naor.asked) == 1


def test_a_whole_shortcode_becomes_its_emoji_and_can_be_had_back(
    lan_url: str, visit: Visit
) -> None:
    naor = visit(f"{lan_url}/general", "naor")
    naor.types("It is :tada:")
    expect(naor.message).to_have_value("It is 🎉")
    naor.message.press("Control+z")
    expect(naor.message).to_have_value("It is :tada:")
    naor.message.press("End")
    naor.types(" and")
    expect(naor.message).to_have_value("It is :tada: and")
    naor.types(" (:+1:)")
    expect(naor.message).to_have_value("It is :tada: and (👍)")


NO_SHORTCODES = [
    "`:tada:",
    "12:30:45",
    "a:tada:",
    "at 7:30 :)",
    ":D :-D :DD",
    "http://a.example:80",
    ":nothing_is_called_so:",
    ":<img src=x onerror=alert(1)>:",
    ":constructor:",
    "![:tada](x):",
    ":\N{ZERO WIDTH SPACE}tada:",
    "::",
    ": tada",
]


def test_what_is_no_shortcode_stays_as_it_was_typed(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.types(":tada:")
    expect(naor.message).to_have_value("🎉")  # emoji are there
    naor.message.fill("")
    for text in NO_SHORTCODES:
        naor.types(text)
        naor.page.wait_for_timeout(100)  # for what must not come
        expect(offers(naor)).to_have_count(0)
        naor.message.press("Enter")
        expect(naor.message).to_have_value("")
    expect(naor.log.get_by_role("article")).to_have_count(len(NO_SHORTCODES))
    naor.all_is_saved()
    saved = hub.get("/api/chat/general", Accept="application/json").json["events"]
    assert [event["text"] for event in saved] == NO_SHORTCODES
    assert naor.page.locator("img[src=x]").count() == 0


def test_without_the_hub_a_shortcode_is_text(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expect_losses()
    naor.page.route("**/emoji/*.json", lambda route: route.abort())
    with naor.page.expect_event("requestfailed"):
        naor.types("so :tada:")
    naor.types(" it")
    expect(naor.message).to_have_value("so :tada: it")
    naor.page.unroute("**/emoji/*.json")
    naor.types(" is :tada:")
    expect(naor.message).to_have_value("so :tada: it is 🎉")


@SIZES
def test_emoji_that_come_late_change_nothing_under_the_hands(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    held = Held(naor.page, "**/emoji/*.json")
    with naor.page.expect_request("**/emoji/*.json"):
        naor.types(":tada:")
    naor.types(" is typed")
    with naor.page.expect_response("**/emoji/*.json"):
        held.release()
    naor.page.wait_for_timeout(300)  # for what must not come
    expect(naor.message).to_have_value(":tada: is typed")
    naor.types(" :+1:")
    expect(naor.message).to_have_value(":tada: is typed 👍")


def test_emoji_that_come_late_are_put_where_the_caret_still_is(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    held = Held(naor.page, "**/emoji/*.json")
    with naor.page.expect_request("**/emoji/*.json"):
        naor.types("so :tada:")
    held.release()
    expect(naor.message).to_have_value("so 🎉")
