"""The thread of a message at the side, and what is written there."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from hub.protocol import events
from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def thread(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("complementary", name="Thread")


def box(visitor: Visitor) -> Locator:
    return thread(visitor).get_by_role("textbox", name="Reply in thread")


@SIZES
def test_the_answers_to_a_message_are_read_and_written_at_the_side(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    for text, re in (("Who has the key?", None), ("Not me", 1), ("Nor me", 2), ("Lunch?", None)):
        lan.say(text, **({} if re is None else {"re": re}))
    naor = visit(f"{lan_url}/general", "naor", **size)
    link = naor.log.get_by_role("button", name="1 reply").first
    expect(naor.log.get_by_role("button", name="1 reply")).to_have_count(2)
    press(link, size)
    panel = thread(naor)
    expect(panel.get_by_role("article")).to_have_count(3)
    expect(panel.get_by_role("article").first).to_contain_text("Who has the key?")
    expect(panel.get_by_text("2 replies")).to_be_visible()
    expect(panel.get_by_text("Lunch?")).to_have_count(0)
    expect(panel.get_by_role("heading", name="Thread") if size else box(naor)).to_be_focused()
    box(naor).fill("I have it")
    press(panel.get_by_role("button", name="Send reply"), size)
    expect(panel.get_by_role("article").last).to_contain_text("I have it")
    expect(panel.get_by_text("3 replies")).to_be_visible()
    lan.say("Thanks!", re=5)
    expect(panel.get_by_role("article").last).to_contain_text("Thanks!")
    expect(panel.get_by_text("4 replies")).to_be_visible()
    lan.say("Elsewhere")
    lan.ask("POST", "/api/rooms/general", {"do": "erase", "of": 2}, lan.as_host("anna"))
    expect(panel.locator("p", has_text="This message was removed.")).to_be_visible()
    expect(panel.get_by_text("Elsewhere")).to_have_count(0)
    assert [x.get("re") for x in lan.events() if x["do"] == "say"] == [
        None, 1, 2, None, 1, 5, None,
    ]  # fmt: skip
    if size:
        naor.page.go_back()
    else:
        naor.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(naor.page).to_have_url(f"{lan_url}/general")
    naor.sees("Elsewhere")
    expect(naor.log.get_by_role("button", name="2 replies")).to_be_visible()


@SIZES
def test_an_answer_in_the_thread_can_be_answered(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("Who has the key?")
    lan.say("Not me", re=1)
    naor = visit(f"{lan_url}/general", "naor", **size)
    row = naor.row("Who has the key?")
    row.focus()
    row.press("Enter")
    menu = naor.page.get_by_role("dialog", name="Message actions")
    menu.get_by_role("button", name="Open thread").click()
    panel = thread(naor)
    answer = panel.get_by_role("article").filter(has_text="Not me")
    answer.focus()
    answer.press("Enter")
    panel.get_by_role("dialog", name="Message actions").get_by_role(
        "button", name="Reply", exact=True
    ).click()
    expect(panel.get_by_text("Reply to guest: Not me")).to_be_visible()
    box(naor).press("Escape")
    expect(panel.get_by_text("Reply to guest: Not me")).to_have_count(0)
    expect(panel).to_be_visible()
    answer.focus()
    answer.press("Enter")
    panel.get_by_role("dialog", name="Message actions").get_by_role(
        "button", name="Reply", exact=True
    ).click()
    box(naor).fill("Then who?")
    box(naor).press("Enter")
    expect(panel.get_by_role("article").last).to_contain_text("Then who?")
    expect(panel.get_by_role("article").last.locator(".quote")).to_contain_text("Not me")
    expect(panel.get_by_text("2 replies")).to_be_visible()
    naor.all_is_saved()
    assert lan.events()[-1]["re"] == 2
    box(naor).fill("half a thought")
    press(panel.get_by_role("button", name="Close thread"), size)
    expect(panel).to_be_hidden()
    naor.log.get_by_role("button", name="1 reply").first.click()
    expect(box(naor)).to_have_value("half a thought")
    naor.page.reload()
    expect(thread(naor)).to_be_hidden()
    naor.log.get_by_role("button", name="1 reply").first.click()
    expect(box(naor)).to_have_value("half a thought")


def test_a_thread_goes_on_in_pages_and_after_a_break(hub: Serving, visit: Visit) -> None:
    hub.say("root")
    for n in range(130):
        hub.say(f"answer {n}", re=1)
    naor = visit(f"{hub.url}/general", "naor")
    naor.page.get_by_role("log").press("Home")
    naor.log.get_by_role("button", name="130 replies").click()
    panel = thread(naor)
    expect(panel.get_by_role("article")).to_have_count(101)
    panel.get_by_role("button", name="Show more replies").click()
    expect(panel.get_by_role("article")).to_have_count(131)
    expect(panel.get_by_role("button", name="Show more replies")).to_be_hidden()
    naor.expect_losses()
    hub.stop()
    expect(naor.page.get_by_text("Connected", exact=True)).to_have_count(0)
    box(naor).fill("while away")
    box(naor).press("Enter")
    expect(panel.get_by_text("Sending later")).to_be_visible()
    hub.start()
    expect(panel.get_by_text("131 replies")).to_be_visible()
    expect(panel.get_by_role("article").last).to_contain_text("while away")


def test_another_room_closes_the_thread(hub: Serving, visit: Visit) -> None:
    hub.say("root")
    hub.say("answer", re=1)
    hub.say("elsewhere", "tea")
    naor = visit(f"{hub.url}/general", "naor")
    naor.log.get_by_role("button", name="1 reply").click()
    expect(thread(naor)).to_be_visible()
    naor.page.get_by_role("link", name="tea").click()
    naor.sees("elsewhere")
    expect(thread(naor)).to_be_hidden()


def test_a_thread_that_answers_itself_is_read_like_any_other(hub: Serving, visit: Visit) -> None:
    """In a file that somebody changed by hand."""
    for n in range(1, 5):
        hub.say(f"message {n}", **({} if n == 1 else {"re": 1}))
    hub.stop()
    file = hub.folder.room_file("general")
    lines = [events.members_of(line + b"\n") for line in file.read_bytes().splitlines()[1:]]
    for line, re in zip(lines, (3, 2, 1, 4), strict=True):
        line["re"] = re
    head = file.read_bytes().splitlines(keepends=True)[0]
    file.write_bytes(head + b"".join(events.sealed(events.encode(x)) for x in lines))
    hub.start()
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("message 4")
    for n in range(1, 5):
        messages = naor.page.locator("hearth-message-list")  # the thread may have it too
        row = messages.locator(f'.msg[data-n="{n}"]')
        row.focus()
        row.press("Enter")
        menu = messages.get_by_role("dialog")
        menu.get_by_role("button", name="Open thread").click()
        of = thread(naor).locator(".thread-of .msg").last
        # Until then, the thread before this one is on view.
        expect(of).to_have_attribute("data-n", str(n))
        assert thread(naor).get_by_role("article").count() <= 2
    box(naor).fill("still here")
    box(naor).press("Enter")
    expect(naor.row("still here")).to_have_count(2)


@SIZES
def test_the_focus_goes_back_to_where_a_thread_was_opened(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("root")
    lan.say("answer", re=1)
    lan.say("elsewhere")
    naor = visit(f"{lan_url}/general", "naor", **size)
    link = naor.log.get_by_role("button", name="1 reply")
    row = naor.page.locator('hearth-message-list .msg[data-n="1"]')
    for close in ("button", "escape", "back"):
        if close == "back" and not size:
            continue
        press(link, size)
        panel = thread(naor)
        expect(panel.get_by_role("heading", name="Thread") if size else box(naor)).to_be_focused()
        if close == "button":
            press(panel.get_by_role("button", name="Close thread"), size)
        elif close == "escape":
            naor.page.keyboard.press("Escape")
        else:
            naor.page.go_back()
        expect(panel).to_be_hidden()
        expect(link).to_be_focused()
    row.focus()
    row.press("Enter")
    menu = naor.page.get_by_role("dialog", name="Message actions")
    press(menu.get_by_role("button", name="Open thread"), size)
    box(naor).fill("mine")
    box(naor).press("Enter")
    expect(thread(naor).get_by_text("2 replies")).to_be_visible()
    naor.page.keyboard.press("Escape")
    expect(row).to_be_focused()


def test_whoever_is_elsewhere_stays_there_as_a_thread_closes(hub: Serving, visit: Visit) -> None:
    hub.say("root")
    hub.say("answer", re=1)
    hub.say("elsewhere", "tea")
    naor = visit(f"{hub.url}/general", "naor")
    naor.log.get_by_role("button", name="1 reply").click()
    expect(box(naor)).to_be_focused()
    people = naor.page.get_by_role("button", name="People here")
    people.click()
    expect(thread(naor)).to_be_hidden()
    expect(people).to_be_focused()
    naor.log.get_by_role("button", name="1 reply").click()
    expect(box(naor)).to_be_focused()
    hub.ask("POST", "/api/rooms/general", {"do": "erase", "of": 1}, hub.as_host("anna"))
    expect(thread(naor).locator("p", has_text="This message was removed.")).to_be_visible()
    naor.page.keyboard.press("Escape")
    expect(thread(naor)).to_be_hidden()
    expect(naor.page.locator(":focus")).to_have_count(1)
    naor.page.get_by_role("link", name="tea").click()
    expect(naor.page.get_by_role("textbox", name="Message")).to_be_focused()
