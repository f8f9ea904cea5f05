"""A host keeps everybody else out for a while: what both see of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from hub.net.own_names import OwnNames
from tests.e2e.conftest import Visit
from tests.serving import Serving


def test_both_are_told_and_nothing_is_lost(
    lan: Serving, lan_url: str, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OwnNames, "bears", lambda _, address: "127.0.0.1" in address)
    own = lan.server._hub
    assert own is not None
    notices: list[str] = []
    own.notices = lambda: notices
    lan.server._notices = own.notices
    anna = visit(f"{lan.url}/general#ticket={lan.server.ticket()}", "anna")
    with anna.page.expect_response("**/api/me/preferences"):
        anna.page.get_by_role("button", name="Not now").click()
    anna.page.reload()  # now nothing has loaded what shows notices
    mira = visit(f"{lan_url}/general", "mira")
    mira.say("Before it")
    anna.sees("Before it")

    mira.expected = ("503", "WebSocket")  # what it asks for meanwhile
    notices.append("Hearth is paused.")
    lan.server.pause(True)
    told = anna.page.locator(".line", has_text="Hearth is paused.")
    expect(told).to_be_visible()
    expect(mira.page.get_by_role("status").get_by_text("The host has paused")).to_be_visible()
    expect(mira.page.get_by_text("These were here when")).to_be_visible()
    anna.say("While it lasts")
    mira.page.get_by_role("textbox", name="Message").fill("Kept meanwhile")
    mira.page.keyboard.press("Enter")
    expect(anna.page.get_by_text("Kept meanwhile")).to_have_count(0)

    notices.clear()
    lan.server.pause(False)
    expect(told).to_have_count(0)
    mira.sees("While it lasts")
    anna.sees("Kept meanwhile")
    expect(mira.page.get_by_text("The host has paused")).to_have_count(0)


def test_a_notice_that_was_closed_comes_with_the_next_pause(
    lan: Serving, lan_url: str, visit: Visit
) -> None:
    notices: list[str] = []
    lan.server._notices = lambda: notices
    anna = visit(f"{lan_url}/general#ticket={lan.server.ticket()}", "anna")
    told = anna.page.locator(".line", has_text="Hearth is paused.")
    for time in ("first", "second"):
        notices.append("Hearth is paused.")
        lan.server.tell_notices()
        told.get_by_role("button", name="Close").click()
        expect(told).to_have_count(0)
        notices.clear()
        lan.server.tell_notices()
        lan.say(f"After the {time}")
        anna.sees(f"After the {time}")  # and so knows of the end


def test_a_browser_that_asks_meanwhile_tries_again_by_itself(
    lan: Serving, lan_url: str, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OwnNames, "bears", lambda _, address: "127.0.0.1" in address)
    lan.server.pause(True)
    mira = visit(f"{lan_url}/general")
    mira.expected = ("503",)
    expect(mira.page.get_by_text("The host has paused this Hearth.")).to_be_visible()
    lan.server.pause(False)
    expect(mira.page.get_by_role("button", name="Join")).to_be_visible(timeout=20_000)
