"""Writing in a thread: with all that writing in a room has."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.senders import begins_poll
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def thread(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("complementary", name="Thread")


def box(visitor: Visitor) -> Locator:
    return thread(visitor).get_by_role("textbox", name="Reply in thread")


def open_thread(visitor: Visitor, size: dict[str, Any]) -> Locator:
    """The thread of the only message that has an answer."""
    press(visitor.log.get_by_role("button", name="1 reply"), size)
    expect(thread(visitor).get_by_role("article")).to_have_count(2)
    return thread(visitor)


@SIZES
def test_people_emoji_rooms_marks_and_polls_are_in_a_thread_too(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.session("Anna Berg")
    lan.say("Who has the key?")
    lan.say("Not me", re=1)
    naor = visit(f"{lan_url}/general", "naor", **size)
    panel = open_thread(naor, size)
    keys = naor.page.keyboard
    box(naor).focus()
    keys.type("@ann")
    option = panel.get_by_role("option").filter(has_text="Anna Berg")
    expect(option).to_have_count(1)
    press(option, size)
    keys.type("see #gene")
    expect(panel.get_by_role("option").filter(has_text="general")).to_have_count(1)
    keys.press("Enter")
    keys.type(":tada:")
    expect(box(naor)).to_have_value("@Anna Berg see #general 🎉")
    press(panel.get_by_role("button", name="Format"), size)
    press(panel.get_by_role("toolbar").get_by_role("button", name="Bold"), size)
    expect(box(naor)).to_have_value("@Anna Berg see #general 🎉****")
    keys.type("now")
    keys.press("End")
    press(panel.get_by_role("button", name="Emoji", exact=True), size)
    naor.page.get_by_role("dialog", name="Emoji").get_by_role("searchbox").fill("thumbs up")
    keys.press("Enter")
    expect(box(naor)).to_have_value("@Anna Berg see #general 🎉**now**👍")
    expect(naor.page.locator("hearth-composer textarea")).to_have_value("")
    press(panel.get_by_role("button", name="Send reply"), size)
    expect(panel.get_by_role("article").last).to_contain_text("see #general")
    naor.all_is_saved()
    said = lan.events()[-1]
    assert said["re"] == 1
    assert said["to"].keys() == {"Anna Berg"}
    begins_poll(naor, panel, size)
    form = naor.page.get_by_role("dialog", name="Make a poll")
    form.get_by_role("textbox", name="Question").fill("Whose turn?")
    form.get_by_role("textbox", name="Answer 1").fill("Mine")
    form.get_by_role("textbox", name="Answer 2").fill("Yours")
    press(form.get_by_role("button", name="Send poll"), size)
    expect(panel.get_by_role("group", name="Whose turn?")).to_be_visible()
    naor.all_is_saved()
    assert lan.events()[-1]["re"] == 1


@SIZES
def test_an_answer_is_edited_where_it_was_written(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("root")
    lan.say("answer", re=1)
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.say("elsewhere")
    panel = open_thread(naor, size)
    box(naor).focus()
    naor.page.keyboard.press("ArrowUp")  # nothing of mine is in this thread
    expect(panel.get_by_text("Editing your message")).to_have_count(0)
    naor.page.keyboard.type("frist")
    naor.page.keyboard.press("Enter")
    last = panel.get_by_role("article").last
    expect(last).to_contain_text("frist")
    expect(last.get_by_text("Sending")).to_have_count(0)
    naor.page.keyboard.press("ArrowUp")
    expect(panel.get_by_text("Editing your message")).to_be_visible()
    naor.page.keyboard.press("Escape")
    expect(panel.get_by_text("Editing your message")).to_have_count(0)
    expect(box(naor)).to_have_value("")
    last.focus()
    last.press("Enter")
    press(panel.get_by_role("dialog").get_by_role("button", name="Edit"), size)
    expect(box(naor)).to_be_focused()
    expect(box(naor)).to_have_value("frist")
    box(naor).fill("first")
    press(panel.get_by_role("button", name="Save"), size)
    expect(last).to_contain_text("first")
    expect(last).to_contain_text("(edited)")
    expect(box(naor)).to_have_value("")
    assert lan.events()[-1]["do"] == "edit"


@SIZES
def test_what_a_room_does_not_take_a_thread_does_not_take(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("root")
    lan.say("answer", re=1)
    mira = lan.as_host("mira")
    naor = visit(f"{lan_url}/general", "naor", **size)
    panel = open_thread(naor, size)
    box(naor).fill("x" * 20_000)
    expect(panel.get_by_role("alert")).to_have_text("Too long by 3,616 characters.")
    box(naor).press("Enter")
    expect(box(naor)).not_to_have_value("")
    lan.post("/api/host", {"do": "slow", "room": "general", "seconds": 60}, **mira)
    expect(panel.get_by_text("Slow mode: one message every minute")).to_be_visible()
    box(naor).fill("one")
    box(naor).press("Enter")
    expect(panel.get_by_text("2 replies")).to_be_visible()
    box(naor).fill("two")
    expect(panel.get_by_text("Slow mode: you can write again in")).to_be_visible()
    box(naor).press("Enter")
    expect(box(naor)).to_have_value("two")
    lan.post("/api/host", {"do": "close", "room": "general"}, **mira)
    expect(panel.get_by_text("A host has closed this room.")).to_be_visible()
    expect(box(naor)).to_have_count(0)
    lan.post("/api/host", {"do": "close", "room": "general", "off": True}, **mira)
    expect(box(naor)).to_have_value("two")


@SIZES
def test_what_was_not_sent_comes_back_into_its_thread(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("root")
    lan.say("answer", re=1)
    naor = visit(f"{lan_url}/general", "naor", **size)
    panel = open_thread(naor, size)
    naor.expect_losses()
    lan.stop()
    expect(naor.page.get_by_text("Connected", exact=True)).to_have_count(0)
    box(naor).fill("while away")
    box(naor).press("Enter")
    expect(panel.get_by_text("Sending later")).to_be_visible()
    press(panel.get_by_role("article").last.get_by_role("button", name="Edit"), size)
    expect(box(naor)).to_have_value("while away")
    expect(box(naor)).to_be_focused()
    expect(panel.get_by_text("Sending later")).to_have_count(0)
    lan.start()
    box(naor).press("Enter")
    expect(panel.get_by_text("2 replies")).to_be_visible()
    naor.all_is_saved()
    assert lan.events()[-1]["re"] == 1


@SIZES
def test_who_will_not_see_an_answer_is_told_of(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.session("Anna")
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.open(f"{lan_url}/{naor.makes_private_room()}")
    naor.say("root")
    naor.sees("root")
    row = naor.row("root")
    row.focus()
    row.press("Enter")
    press(naor.page.get_by_role("dialog").get_by_role("button", name="Open thread"), size)
    note = thread(naor).get_by_text("Anna is not in this room, and will not see this.")
    box(naor).focus()
    naor.page.keyboard.type("@ann")
    expect(thread(naor).get_by_role("option")).to_contain_text(["not in this room"])
    naor.page.keyboard.press("Enter")
    expect(note).to_be_visible()
    naor.page.keyboard.press("Enter")
    expect(note).to_have_count(0)
    expect(thread(naor).get_by_role("article").last).to_contain_text("@Anna")


def test_letters_typed_in_a_thread_go_into_its_box(hub: Serving, visit: Visit) -> None:
    hub.say("root")
    hub.say("answer", re=1)
    naor = visit(f"{hub.url}/general", "naor")
    panel = open_thread(naor, {})
    panel.get_by_role("article").last.focus()
    naor.page.keyboard.type("so")
    expect(box(naor)).to_have_value("so")
    for n in range(20):
        hub.say(f"answer {n}", re=1)
    expect(panel.get_by_role("article")).to_have_count(22)
    bottom = panel.get_by_role("log").evaluate("x => x.scrollTop")
    naor.page.keyboard.press("PageUp")
    expect(panel.get_by_role("article").filter(has_text="answer 19")).not_to_be_in_viewport()
    assert panel.get_by_role("log").evaluate("x => x.scrollTop") < bottom
