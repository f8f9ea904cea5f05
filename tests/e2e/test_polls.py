"""Polls: made, voted in, watched and ended by several people."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.senders import begins_poll
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def poll(visitor: Visitor, question: str) -> Locator:
    return visitor.log.get_by_role("group", name=question)


@SIZES
def test_a_poll_is_made_voted_in_and_ended(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    mira = visit(f"{lan_url}/general", "mira", **size)
    begins_poll(naor, naor.page, size)
    form = naor.page.get_by_role("dialog", name="Make a poll")
    expect(form).to_contain_text("Votes are seen by everybody in the room.")
    question = form.get_by_role("textbox", name="Question")
    press(form.get_by_role("button", name="Send poll"), size)
    expect(form.get_by_role("alert")).to_have_text("Ask something first.")
    expect(question).to_have_attribute("aria-invalid", "true")
    expect(question).to_be_focused()
    naor.page.keyboard.type("Tea or coffee?")
    expect(question).to_have_attribute("aria-invalid", "false")
    form.get_by_role("textbox", name="Answer 1").fill("Tea")
    press(form.get_by_role("button", name="Send poll"), size)
    expect(form.get_by_role("alert")).to_have_text("Give at least two answers.")
    second = form.get_by_role("textbox", name="Answer 2")
    expect(second).to_have_attribute("aria-invalid", "true")
    expect(second).to_have_accessible_description("Give at least two answers.")
    expect(second).to_be_focused()
    second.fill("Coffee")
    press(form.get_by_role("button", name="Add an answer"), size)
    expect(form.get_by_role("textbox", name="Answer 3")).to_be_focused()
    form.get_by_role("textbox", name="Answer 3").fill("<b>Water</b>")
    press(form.get_by_role("button", name="Send poll"), size)
    expect(form).to_be_hidden()
    said = poll(mira, "Tea or coffee?")
    expect(said.get_by_role("radio")).to_have_count(3)
    press(said.get_by_role("radio", name="Coffee"), size)
    expect(said.get_by_role("radio", name="Coffee 1 vote, 100 percent, yours")).to_be_checked()
    own = poll(naor, "Tea or coffee?")
    expect(own.get_by_role("radio", name="Coffee 1 vote, 100 percent")).to_be_visible()
    if size:
        own.get_by_role("radio", name="Tea").tap()
    else:
        own.get_by_role("radio", name="Tea").focus()
        naor.page.keyboard.press("Space")
    expect(said.get_by_role("radio", name="Tea 1 vote, 50 percent")).to_be_visible()
    press(own.get_by_role("radio", name="Coffee"), size)
    expect(said.get_by_role("radio", name="Coffee 2 votes, 100 percent, yours")).to_be_visible()
    press(said.get_by_role("button", name="Show who voted"), size)
    expect(said).to_contain_text("mira, naor")
    expect(said.get_by_role("button", name="End poll")).to_have_count(0)
    press(said.get_by_role("button", name="Take back"), size)
    expect(own.get_by_role("radio", name="Coffee 1 vote, 100 percent, yours")).to_be_visible()
    press(own.get_by_role("button", name="End poll"), size)
    naor.page.wait_for_timeout(750)
    press(naor.page.get_by_role("dialog").get_by_role("button", name="End poll"), size)
    for each in (own, said):
        expect(each).to_contain_text("This poll has ended.")
        expect(each.get_by_role("radio", name="Coffee")).to_be_disabled()
    mira.page.reload()
    expect(said).to_contain_text("This poll has ended.")
    expect(said).to_contain_text("1 vote")
    assert (
        "Tea or coffee?\n\t\n\t1. Tea\n\t2. Coffee\n\t3. <b>Water</b>\n"
        in lan.get("/api/chat/general").text
    )


@SIZES
def test_a_typed_poll_fills_the_form_and_loses_nothing(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    typed = "/poll Which? | " + " | ".join(f"answer {n}" for n in range(1, 23))
    naor.message.fill(typed)
    naor.message.press("Enter")
    form = naor.page.get_by_role("dialog", name="Make a poll")
    expect(form.get_by_role("alert")).to_have_text("A poll has at most 20 answers: 2 are too many.")
    expect(form.get_by_role("textbox", name="Question")).to_have_value("Which?")
    naor.page.keyboard.press("Escape")
    expect(naor.message).to_have_value(typed)
    naor.message.press("Enter")
    for _ in range(20):
        press(form.get_by_role("button", name="Remove answer").last, size)
    press(form.get_by_text("Several answers can be chosen"), size)
    press(form.get_by_role("button", name="Send poll"), size)
    expect(naor.message).to_have_value("")
    said = poll(naor, "Which?")
    for n in (1, 2):
        press(said.get_by_role("checkbox", name=f"answer {n}"), size)
        expect(said.get_by_role("checkbox", name=f"answer {n} 1 vote")).to_be_checked()
    press(said.get_by_role("checkbox", name="answer 1"), size)
    expect(said.get_by_role("checkbox", name="answer 1 0 votes, 0 percent")).not_to_be_checked()
    assert lan.events()[-1]["choice"] == [2]


def test_the_command_alone_does_not_stay_behind_the_form(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.types("/poll")
    naor.page.keyboard.press("Enter")
    form = naor.page.get_by_role("dialog", name="Make a poll")
    form.get_by_role("textbox", name="Question").fill("Tea?")
    naor.page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(naor.message).to_have_value("")
    expect(naor.message).to_be_focused()
    naor.page.reload()
    expect(naor.message).to_have_value("")


def test_a_poll_that_the_hub_refuses_can_be_changed_and_sent(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("hello")
    naor.sees("hello")
    own = hub.server._hub
    assert own is not None
    hub.on_loop(lambda: setattr(own.rooms.open("general"), "_message_bytes", 40))
    naor.message.fill("/poll Which? | a rather long answer | one more long answer")
    naor.message.press("Enter")
    form = naor.page.get_by_role("dialog", name="Make a poll")
    form.get_by_role("button", name="Send poll").click()
    failed = naor.log.get_by_role("article").filter(has_text="Not sent.")
    failed.get_by_role("button", name="Edit").click()
    expect(form.get_by_role("textbox", name="Question")).to_have_value("Which?")
    form.get_by_role("textbox", name="Answer 1").fill("a")
    form.get_by_role("textbox", name="Answer 2").fill("b")
    form.get_by_role("button", name="Send poll").click()
    expect(poll(naor, "Which?").get_by_role("radio")).to_have_count(2)
    expect(naor.log.get_by_text("Not sent.")).to_have_count(0)


def test_a_vote_that_is_refused_is_told_and_shown_as_it_is(hub: Serving, visit: Visit) -> None:
    hub.say("Tea?", poll={"answers": ["yes", "no"]})
    naor = visit(f"{hub.url}/general", "naor")
    said = poll(naor, "Tea?")
    said.get_by_role("radio", name="yes").click()
    expect(said.get_by_role("radio", name="yes 1 vote")).to_be_checked()
    own = hub.server._hub
    assert own is not None
    room = hub.on_loop(lambda: own.rooms.open("general"))
    assert room is not None
    room.index.polls._ended[1] = 99  # as if the news had not come yet
    said.get_by_role("radio", name="no").click()
    expect(said.get_by_role("alert")).to_have_text("This poll has ended.")
    expect(said.get_by_role("radio", name="yes 1 vote")).to_be_checked()


def test_a_removed_poll_is_a_removed_message(hub: Serving, visit: Visit) -> None:
    hub.say("Tea?", poll={"answers": ["yes", "no"]})
    naor = visit(f"{hub.url}/general", "naor")
    expect(poll(naor, "Tea?")).to_be_visible()
    hub.ask("POST", "/api/rooms/general", {"do": "erase", "of": 1}, hub.as_host("anna"))
    expect(naor.log.get_by_text("This message was removed.")).to_be_visible()
    expect(poll(naor, "Tea?")).to_have_count(0)
