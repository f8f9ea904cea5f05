"""What calls somebody who does not look at the page, on plain http and where it is secure."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES
from tests.e2e.visitor import Visitor
from tests.serving import Serving

TONES = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; start.apply(this, when); };
"""
AWAY = """(away) => {
    Object.defineProperty(document, 'hasFocus', { value: () => !away, configurable: true });
    dispatchEvent(new Event(away ? 'blur' : 'focus'));
}"""

NATIVE = """() => {
    window.shown = [];
    window.Notification = class {
        static permission = 'granted';
        constructor(title, options) {
            Object.assign(this, { title, ...options });
            window.shown.push(this);
            if (window.refuses) setTimeout(() => this.onerror());
        }
        close() { this.closed = true; }
    };
}"""
ICON = "x => decodeURIComponent(x.href)"

HIDDEN = """() => {
    window.requestAnimationFrame = () => 0;
    const timer = window.setTimeout;
    window.setTimeout = (act, wait) => timer(act, Math.max(wait ?? 0, 1000));
}"""
"""A page that is hidden has no frames, and timers once a second."""


class Writer:
    """Somebody who writes without a page."""

    def __init__(self, hub: Serving, name: str) -> None:
        self._hub = hub
        self._headers = hub.session(name)

    def say(self, text: str, room: str = "general") -> None:
        self._hub.ask("POST", f"/api/chat/{room}", {"msg": text}, self._headers)

    def direct(self, other: Visitor) -> str:
        """The room with somebody; gives its name."""
        who = other.page.evaluate("fetch('/api/me').then((x) => x.json())")["person"]["who"]
        made = self._hub.ask("POST", "/api/rooms", {"kind": "direct", "whom": who}, self._headers)
        room: str = made.json["room"]
        return room


def listens(visit: Visit, hub: Serving, url: str, name: str, **size: Any) -> Visitor:
    """Somebody whose page counts its tones, and who has touched it."""
    visitor = visit(f"{hub.url}/api/health", **size)
    visitor.context.add_init_script(TONES)
    visitor.open(url)
    visitor.join(name)
    return visitor


def looks_away(visitor: Visitor, away: bool = True) -> None:
    visitor.page.evaluate(AWAY, away)


def tones(*visitors: Visitor) -> int:
    return sum(visitor.page.evaluate("window.tones") for visitor in visitors)


def heard(count: int, *visitors: Visitor) -> None:
    """Wait until so many tones were made, and no more follow."""
    page = visitors[0].page
    for _ in range(100):
        if tones(*visitors) >= count:
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(700)
    assert tones(*visitors) == count


def opens_alerts(visitor: Visitor) -> None:
    page = visitor.page
    if page.viewport_size and page.viewport_size["width"] < 760:
        page.get_by_role("button", name=re.compile("^Rooms")).click()
    page.get_by_role("button", name=re.compile("^You: ")).click()
    page.get_by_role("button", name=re.compile("^Alerts")).click()
    expect(page.get_by_role("heading", name="Alerts")).to_be_focused()


def favicon(visitor: Visitor) -> str:
    address: str = visitor.page.locator('link[rel="icon"]').evaluate(
        "x => decodeURIComponent(x.href)"
    )
    return address


@SIZES
def test_what_is_meant_for_me_calls_once_and_stops_when_i_look(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    mira = Writer(lan, "mira")
    naor = listens(visit, lan, lan_url, "naor", **size)
    assert naor.page.evaluate("isSecureContext") is False, "as peers have it"
    mira.say("@naor while you look")
    naor.sees("@naor while you look")
    heard(0, naor)
    looks_away(naor)
    mira.say("for everybody")
    naor.sees("for everybody")
    expect(naor.page).to_have_title("• general · Hearth")
    assert "<circle" in favicon(naor)
    heard(0, naor)
    mira.say("@naor are you there?")
    heard(2, naor)
    expect(naor.page).to_have_title("(1) mira wrote")
    expect(naor.page).to_have_title("(1) general · Hearth")
    assert ">1</text>" in favicon(naor)
    looks_away(naor, False)
    expect(naor.page).to_have_title("general · Hearth")
    assert favicon(naor).endswith("mark.svg")
    naor.page.wait_for_timeout(1500)
    expect(naor.page).to_have_title("general · Hearth")


def test_a_message_to_me_alone_calls_from_another_room_and_in_one_tab(
    hub: Serving, visit: Visit
) -> None:
    mira = Writer(hub, "mira")
    naor = listens(visit, hub, f"{hub.url}/general", "naor")
    naor.page.keyboard.press("Shift")
    second = Visitor(naor.context)
    second.open(f"{hub.url}/kitchen")
    expect(second.message).to_be_visible()
    second.page.keyboard.press("Shift")
    for tab in (naor, second):
        looks_away(tab)
    room = mira.direct(naor)
    mira.say("Psst", room)
    for tab in (naor, second):
        expect(tab.page).to_have_title("(1) mira wrote")
    heard(2, naor, second)
    looks_away(second, False)
    naor.page.wait_for_timeout(4200)
    mira.say("Psst again", room)
    heard(2, naor, second)


@SIZES
def test_alerts_are_chosen(lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]) -> None:
    mira = Writer(lan, "mira")
    naor = listens(visit, lan, lan_url, "naor", **size)
    page = naor.page
    opens_alerts(naor)
    expect(
        page.get_by_text(
            "Browsers allow notifications only over https, or at 127.0.0.1 on the computer that "
            "Hearth runs on."
        )
    ).to_be_visible()
    page.get_by_role("button", name="Try it").click()
    heard(2, naor)
    page.get_by_role("switch", name="Sound").click()
    expect(page.get_by_role("slider", name="Volume")).to_be_hidden()
    page.get_by_role("switch", name="The title of the tab flashes").click()
    page.get_by_role("combobox", name="Alerts of general").select_option("Nothing: muted")
    page.get_by_role("switch", name="Quiet hours").click()
    page.get_by_label("From", exact=True).fill("12:00")
    page.get_by_label("From", exact=True).press("Tab")
    page.reload()
    opens_alerts(naor)
    expect(page.get_by_role("switch", name="Sound")).not_to_be_checked()
    expect(page.get_by_role("switch", name="The title of the tab flashes")).not_to_be_checked()
    expect(page.get_by_role("combobox", name="Alerts of general")).to_have_value("nothing")
    expect(page.get_by_label("From", exact=True)).to_have_value("12:00")
    page.keyboard.press("Escape")
    looks_away(naor)
    mira.say("@naor")
    naor.sees("@naor")
    heard(0, naor)
    expect(page).to_have_title("general · Hearth")


def test_a_notification_leads_to_its_message(hub: Serving, visit: Visit) -> None:
    mira = Writer(hub, "mira")
    naor = listens(visit, hub, f"{hub.url}/kitchen", "naor")
    naor.context.grant_permissions(["notifications"])
    naor.page.evaluate(NATIVE)
    opens_alerts(naor)
    show_one = naor.page.get_by_role("button", name="Show one")
    expect(show_one).to_be_hidden()
    naor.page.get_by_role("switch", name=re.compile("^Notifications")).click()
    show_one.click()
    assert naor.page.evaluate("shown.pop().title") == "Hearth"
    naor.page.evaluate("window.refuses = true")
    show_one.click()
    expect(naor.page.get_by_text("Your system shows no notifications now.")).to_be_visible()
    naor.page.evaluate("window.refuses = shown.pop() && false")
    naor.page.keyboard.press("Escape")
    looks_away(naor)
    room = mira.direct(naor)
    mira.say("<b>Psst</b>", room)
    heard(2, naor)
    told = naor.page.evaluate("shown.map(({ title, body, tag }) => [title, body, tag])")
    assert told == [["mira", "<b>Psst</b>", f"hearth {room}"]]
    naor.page.evaluate(HIDDEN)
    naor.page.evaluate("shown[0].onclick()")
    naor.sees("<b>Psst</b>")
    expect(naor.row("<b>Psst</b>")).to_be_focused()
    looks_away(naor, False)
    assert naor.page.evaluate("shown[0].closed") is True
    expect(naor.page).to_have_title("mira · Hearth")


def test_a_click_leads_to_a_message_far_up_too(hub: Serving, visit: Visit) -> None:
    """Somebody who was away comes to what they were called for, whatever was said since."""
    mira = Writer(hub, "mira")
    naor = listens(visit, hub, f"{hub.url}/attic", "naor")
    naor.page.evaluate(NATIVE)
    opens_alerts(naor)
    naor.page.get_by_role("switch", name=re.compile("^Notifications")).click()
    naor.page.keyboard.press("Escape")
    looks_away(naor)
    mira.say("@naor this one")
    for each in range(60):
        mira.say(f"later {each}")
    heard(2, naor)
    naor.page.evaluate("shown[0].onclick()")
    expect(naor.page.get_by_text("@naor this one").last).to_be_in_viewport()
    expect(naor.row("@naor this one")).to_be_focused()
    expect(naor.page).to_have_url(f"{hub.url}/general")


def test_a_still_page_does_not_flash(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor", reduced_motion="reduce")
    looks_away(naor)
    Writer(hub, "mira").say("@naor")
    expect(naor.page).to_have_title("(1) general · Hearth")
    naor.page.wait_for_timeout(1200)
    expect(naor.page).to_have_title("(1) general · Hearth")
