"""What a message said before, and removals and unsent messages that are taken back."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def edited(visitor: Visitor, *texts: str) -> None:
    """Change the newest message from the first of the texts to each of the others."""
    for before, text in pairwise(texts):
        expect(visitor.log.get_by_text(before)).to_be_visible()
        expect(visitor.log.locator(".pending")).to_have_count(0)
        visitor.message.press("ArrowUp")
        expect(visitor.message).to_have_value(before)
        visitor.message.fill(text)
        visitor.page.get_by_role("button", name="Save").click()
        expect(visitor.log.get_by_text(text)).to_be_visible()


def remove(visitor: Visitor, text: str) -> None:
    row = visitor.row(text)
    row.focus()
    row.press("Enter")
    menu = visitor.page.get_by_role("dialog", name="Message actions")
    menu.get_by_role("button", name="Remove").click()
    question = visitor.page.get_by_role("dialog", name="Remove this message?")
    visitor.page.wait_for_timeout(750)  # a question is answered once it was seen
    question.get_by_role("button", name="Remove").click()


def texts(hub: Serving) -> list[str]:
    return [x["text"] for x in hub.events() if x["do"] == "say"]


@SIZES
def test_edited_opens_what_it_said_before(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.say("frist")
    edited(naor, "frist", "first", "First!")
    mira = visit(f"{lan_url}/general", "mira", **size)
    mark = mira.page.get_by_role("button", name="Edited: show what it said before")
    if size:
        mark.tap()
    else:
        mark.focus()
        mark.press("Enter")
    card = mira.page.get_by_role("dialog", name="Versions of this message")
    items = card.get_by_role("listitem")
    expect(items).to_have_count(3)
    expect(items.nth(0)).to_contain_text("First!")
    expect(items.nth(0)).to_contain_text("As it is now")
    expect(items.nth(1)).to_contain_text("first")
    expect(items.nth(2)).to_contain_text("frist")
    expect(items.nth(2)).to_contain_text("As it was written")
    edited(naor, "First!", "Second")
    expect(items).to_have_count(4)
    expect(items.nth(0)).to_contain_text("Second")
    lan.ask("POST", "/api/rooms/general", {"do": "erase", "of": 1}, lan.as_host("anna"))
    expect(card.get_by_text("This message was removed.")).to_be_visible()
    expect(card.get_by_text("frist")).to_have_count(0)
    mira.page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def undo(visitor: Visitor, told: str) -> Locator:
    """The button of the line above the composer."""
    line = visitor.page.get_by_role("status").filter(has_text=told)
    return line.get_by_role("button", name="Undo")


@SIZES
def test_versions_are_drawn_as_messages_are(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    said = lan.say("**bold** ||first secret|| ||second secret||\n```py\nx = 1\n```")
    session = lan.as_host("anna")
    mine = lan.ask("POST", "/api/chat/general", {"msg": said["text"]}, session).json["n"]
    edit = {"do": "edit", "of": mine, "text": "plain"}
    assert lan.ask("POST", "/api/rooms/general", edit, session).status == 200
    naor = visit(f"{lan_url}/general", "naor", **size)
    press(naor.page.get_by_role("button", name="Edited: show what it said before"), size)
    card = naor.page.get_by_role("dialog", name="Versions of this message")
    before = card.get_by_role("listitem").last
    expect(before.locator("strong")).to_have_text("bold")
    expect(before.locator("pre")).to_have_text("x = 1")
    spoilers = before.locator(".spoiler")
    press(spoilers.first, size)
    expect(spoilers.first).to_have_class("spoiler open")
    before.get_by_role("button", name="Spoiler").press("Enter")
    expect(spoilers.last).to_have_class("spoiler open")
    press(before.get_by_role("button", name="Copy"), size)
    expect(naor.page.get_by_text(re.compile("^Copied|does not let Hearth copy"))).to_be_visible()
    lan.say("More")
    naor.sees("More")
    expect(before.locator(".spoiler.open")).to_have_count(2)


@SIZES
def test_in_short_a_message_is_its_words_everywhere(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    session = lan.as_host("anna")
    text = "@naor **bold** and `code` ||secret||\n```\nx = 1\n```\n- one"
    short = "@naor bold and code (spoiler) x = 1 one"
    n = lan.ask("POST", "/api/chat/general", {"msg": text}, session).json["n"]
    lan.ask("POST", "/api/chat/general", {"msg": "So?", "re": n}, session)
    lan.ask("POST", "/api/rooms/general", {"do": "pin", "of": n}, session)
    lan.ask("POST", "/api/rooms/general", {"do": "pin", "of": n + 1}, session)
    page = naor.page
    expect(naor.log.locator(".quote").get_by_text(short, exact=True)).to_be_visible()
    press(page.get_by_role("button", name="All 2"), size)
    pins = page.get_by_role("dialog", name="Pinned messages")
    expect(pins.get_by_text(short, exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    if size:
        press(page.get_by_role("button", name=re.compile("^Rooms")), size)
    press(page.get_by_role("button", name=re.compile("^Mentions")), size)
    mentions = page.get_by_role("dialog", name="Mentions")
    expect(mentions.get_by_text(short, exact=True)).to_be_visible()


@SIZES
def test_a_removal_can_be_undone(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    for text in ("one", "two", "three"):
        naor.say(text)
        naor.sees(text)
    remove(naor, "one")
    press(undo(naor, "Removing “one”"), size)
    naor.sees("one")
    for text in ("two", "three"):
        remove(naor, text)
    expect(naor.log.get_by_text("This message is being removed.")).to_have_count(2)
    expect(undo(naor, "Removing 2 messages")).to_be_visible()
    row = naor.log.get_by_role("article").filter(has_text="being removed").last
    row.get_by_role("button", name="Undo").press("Enter")
    naor.sees("three")
    assert texts(lan) == ["one", "two", "three"], "nothing is removed yet"
    expect(naor.log.get_by_text("This message was removed.")).to_have_count(1)
    assert texts(lan) == ["one", "", "three"]
    assert b"two" not in b"".join(lan.lines())


@SIZES
def test_the_way_back_from_a_removal_covers_nothing(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    for n in range(40):
        lan.say(f"message {n}")
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.say("mine")
    naor.sees("mine")
    naor.say("the last")
    naor.sees("the last")
    remove(naor, "mine")
    button = undo(naor, "Removing “mine”")
    expect(button).to_be_in_viewport(ratio=1)
    naor.page.wait_for_timeout(200)  # for the next frame
    parts = (naor.row("the last"), naor.page.locator(".removal"), naor.page.locator(".sheet-card"))
    boxes = [part.bounding_box() or {} for part in parts]
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"], boxes
    if size:
        assert (button.bounding_box() or {})["height"] >= 44
    naor.message.fill("\n" * 9)
    expect(button).to_be_in_viewport(ratio=1)
    press(button, size)
    naor.sees("mine")
    expect(button).to_have_count(0)


def test_a_removal_waits_for_nobody_who_leaves(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    for text in ("one", "two", "three"):
        naor.say(text)
        naor.sees(text)
    hub.say("elsewhere", "tea")
    remove(naor, "one")
    expect(naor.log.get_by_text("This message is being removed.")).to_be_visible()
    naor.page.get_by_role("link", name="tea").click()
    naor.sees("elsewhere")
    naor.page.wait_for_timeout(500)
    assert texts(hub) == ["", "two", "three"]
    naor.page.get_by_role("link", name="general").click()
    naor.sees("two")
    remove(naor, "two")
    expect(naor.log.get_by_text("This message is being removed.")).to_be_visible()
    naor.page.goto("about:blank")
    naor.page.wait_for_timeout(500)
    assert texts(hub) == ["", "", "three"]


@SIZES
def test_what_was_not_sent_can_be_edited_and_dropped(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.say("the first")
    naor.sees("the first")
    naor.expect_losses()
    row = naor.row("the first")
    row.focus()
    row.press("Enter")
    naor.page.get_by_role("button", name="Reply", exact=True).last.click()
    lan.stop()
    expect(naor.page.get_by_text("Connected", exact=True)).to_have_count(0)
    naor.say("wrnog")
    naor.say("not this one")
    waiting = naor.log.get_by_role("article").filter(has_text="Sending later")
    expect(waiting).to_have_count(2)
    waiting.filter(has_text="not this one").get_by_role("button", name="Remove").click()
    naor.message.fill("half a thought")
    waiting.filter(has_text="wrnog").get_by_role("button", name="Edit").click()
    expect(naor.message).to_have_value("wrnog\nhalf a thought")
    expect(naor.page.get_by_text("Reply to naor: the first")).to_be_visible()
    expect(naor.log.get_by_text("Sending later")).to_have_count(0)
    naor.say("right")
    lan.start()
    naor.sees("right")
    naor.all_is_saved()
    assert [(x["text"], x.get("re")) for x in lan.events()] == [("the first", None), ("right", 1)]


def test_a_refused_message_can_be_edited(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("hello")
    naor.sees("hello")
    own = hub.server._hub
    assert own is not None
    hub.on_loop(lambda: setattr(own.rooms.open("general"), "_message_bytes", 10))
    naor.say("this is too long")
    failed = naor.log.get_by_role("article").filter(has_text="Not sent.")
    failed.get_by_role("button", name="Edit").click()
    expect(naor.message).to_have_value("this is too long")
    expect(naor.log.get_by_text("Not sent.")).to_have_count(0)
    naor.say("short")
    naor.sees("short")
    assert texts(hub) == ["hello", "short"]
