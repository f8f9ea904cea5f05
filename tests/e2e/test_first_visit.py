"""What is seen at first only: the welcome for whoever is the host, and hints."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving

DEVICES = pytest.mark.parametrize("device", [{}, PHONE], ids=["wide", "phone"])
Device = dict[str, object]
SCROLL = """((isBack) => {
    let began = 0;
    const frame = (now) => {
        const box = document.querySelector('[role=log]');
        const isLong = box && box.scrollHeight > box.clientHeight + 100;
        if (isLong) began ||= now;
        if (isLong && (isBack ? !document.querySelector('.rows .start') : now < began + 3500)) {
            if (isBack) box.scrollTop = 0;
            else box.scrollTop += box.scrollTop > 50 ? -1 : 20;
            window.scrolled = now;
        }
        if (document.querySelector('.hint-line')) window.hinted = now;
        else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
})"""
"""Scrolls in each frame, back to the beginning or for 3.5 seconds up and down.

It tells when it did so last, and when a hint came.
"""


def host_at(lan: Serving, lan_url: str, visit: Visit, **device: object) -> Visitor:
    return visit(f"{lan_url}/general#ticket={lan.server.ticket()}", "anna", **device)


def card(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("dialog", name=name, exact=True)


def line(visitor: Visitor) -> Locator:
    return visitor.page.get_by_text("Welcome, host.")


# -- the welcome ------------------------------------------------------------------------------


@DEVICES
def test_a_host_names_the_hub_opens_the_door_and_invites(
    lan: Serving, lan_url: str, visit: Visit, device: Device
) -> None:
    anna = host_at(lan, lan_url, visit, **device)
    mira = visit(f"{lan_url}/general", "mira")
    press(anna.page.get_by_role("button", name="Three steps"), device)
    step = card(anna, "What is this Hearth called?")
    anna.expected = ("422",)
    field = step.get_by_role("textbox", name="Name of this Hearth")
    field.fill("a\u202eb")
    press(step.get_by_role("button", name="Next"), device)
    expect(step.get_by_role("alert")).to_contain_text("at most 40 letters")
    field.fill("<b>The old mill</b>")
    field.press("Enter")
    step = card(anna, "Who may come in?")
    press(step.get_by_role("radio", name=re.compile("With a code")), device)
    press(step.get_by_role("button", name="Require the code"), device)
    expect(
        step.get_by_text("Read the code", exact=False).or_(step.locator(".big-code"))
    ).to_be_visible()
    press(step.get_by_role("button", name="Next"), device)
    step = card(anna, "Bring in the others")
    expect(step.get_by_text("#code=")).to_be_visible()
    expect(step.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    press(step.get_by_role("button", name="Back"), device)
    expect(card(anna, "Who may come in?")).to_be_visible()
    press(card(anna, "Who may come in?").get_by_role("button", name="Next"), device)
    with anna.page.expect_response("**/api/me/preferences") as kept:
        press(step.get_by_role("button", name="Done"), device)
    assert kept.value.json()["welcomed"] is True
    expect(line(anna)).to_have_count(0)
    expect(anna.page).to_have_title("general · <b>The old mill</b>")
    expect(anna.page.locator(".brand")).to_contain_text("<b>The old mill</b>")
    expect(mira.page).to_have_title("general · <b>The old mill</b>")
    naor = visit(f"{lan_url}/general")
    expect(naor.page.get_by_role("heading", level=1)).to_have_text("Welcome to <b>The old mill</b>")


def test_a_host_is_told_how_hearth_was_started_until_the_line_is_closed(
    lan: Serving, lan_url: str, visit: Visit
) -> None:
    own = lan.server._hub
    assert own is not None
    text = "Another program holds port 5000, so Hearth is at port 5001 this time."
    own.notices = lambda: [text, "Hearth runs as root."]
    anna = host_at(lan, lan_url, visit)
    mira = visit(f"{lan_url}/general", "mira")
    told = anna.page.locator(".line", has_text="Another program")
    expect(told).to_be_visible()
    expect(line(anna)).to_be_visible()
    told.get_by_role("button", name="Close").click()
    expect(told).to_have_count(0)
    root = anna.page.locator(".line", has_text="Hearth runs as root.")
    expect(root.get_by_role("button", name="Close")).to_be_focused()
    anna.page.keyboard.press("Enter")
    expect(root).to_have_count(0)
    expect(anna.page.get_by_role("textbox", name="Message")).to_be_focused()
    expect(line(anna)).to_be_visible()
    expect(mira.page.get_by_text("Hearth runs as root.")).to_have_count(0)


@pytest.mark.parametrize(
    ("way", "device"),
    [("Not now", {}), ("Not now", PHONE), ("Escape", {}), ("Close", PHONE)],
    ids=["not now, wide", "not now, phone", "Escape", "close, phone"],
)
def test_the_welcome_is_left_for_good(
    lan: Serving, lan_url: str, visit: Visit, way: str, device: Device
) -> None:
    anna = host_at(lan, lan_url, visit, **device)
    place: Page | Locator = anna.page
    if way != "Not now":
        press(anna.page.get_by_role("button", name="Three steps"), device)
        place = card(anna, "What is this Hearth called?")
        expect(place).to_be_visible()
    with anna.page.expect_response("**/api/me/preferences") as kept:
        if way == "Escape":
            anna.page.keyboard.press("Escape")
        else:
            press(place.get_by_role("button", name=way), device)
    assert kept.value.json()["welcomed"] is True
    expect(line(anna)).to_have_count(0)
    assert lan.get("/api/me").json["hub"]["name"] == "Hearth"


def test_who_has_left_it_and_who_is_no_host_are_not_welcomed_so(
    lan: Serving, lan_url: str, visit: Visit
) -> None:
    anna = host_at(lan, lan_url, visit)
    anna.page.get_by_role("button", name="Not now").click()
    expect(line(anna)).to_have_count(0)
    anna.page.reload()
    expect(anna.message).to_be_visible()
    naor = visit(f"{lan_url}/general", "naor")
    naor.page.wait_for_timeout(2500)
    for visitor in (anna, naor):
        expect(line(visitor)).to_have_count(0)


# -- hints ------------------------------------------------------------------------------------


def hints_of(visitor: Visitor) -> Locator:
    return visitor.page.locator(".hint-line")


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> str:
    """A script that lets time pass faster in a page."""
    return """const later = window.setTimeout;
        window.setTimeout = (act, ms, ...more) => later(act, ms >= 20000 ? 500 : ms, ...more);"""


@DEVICES
def test_one_hint_at_a_time_until_it_is_dismissed_or_done(
    lan_url: str, visit: Visit, device: Device, early: str
) -> None:
    naor = visit(f"{lan_url}/api/health", **device)
    naor.context.add_init_script(early)
    naor.open(f"{lan_url}/general")
    naor.join("naor")
    first = "Press a message and hold" if device else "Press ? outside"
    expect(hints_of(naor)).to_have_count(1)
    expect(hints_of(naor)).to_contain_text(first)
    press(naor.page.get_by_role("button", name="Dismiss this hint"), device)
    expect(hints_of(naor)).to_have_count(0)
    naor.page.reload()
    expect(hints_of(naor)).to_contain_text("Type @")
    naor.say("Hello @somebody")
    expect(hints_of(naor)).to_have_count(0)
    naor.page.reload()
    expect(hints_of(naor)).not_to_contain_text("Type @")
    wider = naor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0


@pytest.mark.parametrize(("is_back", "messages"), [("false", 60), ("true", 300)])
def test_a_hint_comes_once_nothing_has_scrolled_for_a_second(
    lan: Serving, lan_url: str, visit: Visit, early: str, is_back: str, messages: int
) -> None:
    """The style sheet that comes with it has the browser look at the whole page anew."""
    for number in range(messages):
        lan.say(f"said {number}")
    naor = visit(f"{lan_url}/api/health")
    naor.context.add_init_script(early.replace("500", "1500"))
    naor.context.add_init_script(f"{SCROLL}({is_back})")
    naor.open(f"{lan_url}/general")
    naor.join("naor")
    expect(hints_of(naor)).to_have_count(1)
    assert naor.page.evaluate("hinted - scrolled") > 900


def test_the_keys_are_known_once_they_were_looked_at(
    lan_url: str, visit: Visit, early: str
) -> None:
    naor = visit(f"{lan_url}/api/health")
    naor.context.add_init_script(early)
    naor.open(f"{lan_url}/general")
    naor.join("naor")
    expect(hints_of(naor)).to_contain_text("Press ?")
    naor.page.keyboard.press("Control+/")
    naor.page.keyboard.press("Escape")
    expect(hints_of(naor)).to_have_count(0)
