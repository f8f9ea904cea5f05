"""Links to rooms, messages and people of this hub."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Route, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.visitor import Held
from tests.serving import Serving


@SIZES
def test_a_room_completes_and_leads_there(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("one", "night-shift")
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.message.focus()
    naor.page.keyboard.type("Ask in #shi")
    offers = naor.page.get_by_role("listbox", name="Rooms").get_by_role("option")
    expect(offers).to_have_text(["night-shift"])
    offers.first.tap() if size else naor.message.press("Tab")
    expect(naor.message).to_have_value("Ask in #night-shift ")
    naor.page.keyboard.type("or #nowhere")
    naor.message.press("Enter")
    naor.sees("Ask in #night-shift or #nowhere")
    chip = naor.log.get_by_role("link", name="#night-shift")
    expect(naor.log.get_by_role("link", name="#nowhere")).to_have_count(0)
    naor.page.evaluate("window.stays = true")
    press(chip, size)
    expect(naor.page).to_have_url(f"{lan_url}/night-shift")
    naor.sees("one")
    assert naor.page.evaluate("window.stays") is True


@SIZES
def test_a_link_to_a_message_says_what_it_is_and_leads_to_it(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    for n in range(1, 201):
        lan.say(f"tea {n}", "tea")
    naor = visit(f"{lan_url}/general", "naor", **size)
    lan.say(f"look: {lan_url}/tea#n=17 and http://127.0.0.1:{lan.port}/tea")
    lan.say(f"also /tea#n=18, [that one]({lan_url}/tea#n=19) or /tea#n=999 and /etc")
    message = naor.log.get_by_role("link", name="#tea · guest: tea 17", exact=True)
    expect(message).to_be_visible()
    expect(naor.log.get_by_role("link", name="#tea", exact=True)).to_be_visible()
    expect(naor.log.get_by_role("link", name="#tea · guest: tea 18")).to_be_visible()
    named = naor.log.get_by_role("link", name="that one")
    expect(named).to_have_attribute("href", "/tea#n=19")
    expect(naor.log.get_by_text("/tea#n=999 and /etc")).to_be_visible()
    press(message, size)
    expect(naor.page).to_have_url(f"{lan_url}/tea")
    expect(naor.row("tea 17")).to_be_in_viewport()
    expect(naor.row("tea 17")).to_be_focused()


def test_an_address_leads_to_its_message_also_on_a_first_visit(hub: Serving, visit: Visit) -> None:
    for n in range(1, 201):
        hub.say(f"tea {n}", "tea")
    naor = visit(f"{hub.url}/tea#n=17", "naor")
    expect(naor.row("tea 17")).to_be_in_viewport()
    expect(naor.page).to_have_url(f"{hub.url}/tea")
    naor.open(f"{hub.url}/tea#n=150")
    expect(naor.row("tea 150")).to_be_in_viewport()
    naor.page.evaluate("location.hash = '#n=30'")
    expect(naor.row("tea 30")).to_be_in_viewport()


def test_what_comes_after_a_linked_message_is_unread_until_it_was_seen(
    hub: Serving, visit: Visit
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    for n in range(1, 101):
        hub.say(f"message {n}", "tea")
    naor.open(f"{hub.url}/tea#n=17")
    expect(naor.row("message 17")).to_be_in_viewport()
    newest = naor.page.get_by_role("button", name="100 new")
    expect(newest).to_be_visible()
    naor.rests()
    newest.click()
    expect(naor.row("message 100")).to_be_in_viewport()
    tea = naor.page.get_by_role("link", name="tea", exact=True)
    expect(tea.get_by_label("unread")).to_have_count(0)
    naor.page.get_by_role("link", name="general", exact=True).click()
    for n in range(101, 201):
        hub.say(f"message {n}", "tea")
    hub.say("/tea#n=120")
    naor.log.get_by_role("link").click()
    expect(naor.row("message 120")).to_be_in_viewport()
    expect(newest).to_be_visible()


def test_a_linked_message_that_the_hub_could_not_give_is_asked_for_again(
    hub: Serving, visit: Visit
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expected = ("503",)
    for n in range(1, 101):
        hub.say(f"message {n}", "tea")
    refused: list[Route] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route)
            route.fulfill(status=503, json={"code": "busy", "message": "Not now."})

    naor.page.route("**/api/chat/tea?*", refuse_once)
    naor.open(f"{hub.url}/tea#n=17")
    expect(naor.row("message 17")).to_be_in_viewport()
    assert refused
    expect(naor.page.get_by_role("button", name="100 new")).to_be_visible()


@SIZES
def test_an_address_leads_to_a_person(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    me = lan.session("Mira")
    who = lan.ask("GET", "/api/me", None, me).json["person"]["who"]
    naor = visit(f"{lan_url}/general#person={who}", "naor", **size)
    expect(naor.page.get_by_role("heading", name="Mira")).to_be_visible()
    naor.page.keyboard.press("Escape")
    lan.say(f"ask /general#person={who} or /general#person=p_0000")
    chip = naor.log.get_by_role("link", name="@Mira")
    expect(naor.log.get_by_text("or /general#person=p_0000")).to_be_visible()
    press(chip, size)
    expect(naor.page.get_by_role("heading", name="Mira")).to_be_visible()
    naor.page.keyboard.press("Escape")
    naor.page.evaluate("location.hash = '#person=p_0000'")
    expect(naor.page.get_by_text("Nobody like that is known here.")).to_be_visible()


@SIZES
def test_the_text_and_the_link_of_a_message_are_copied(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("one **two**")
    naor = visit(f"{lan_url}/general", "naor", **size)
    row = naor.row("one two")
    for entry, copied in (("Copy text", "one **two**"), ("Copy link", f"{lan_url}/general#n=1")):
        if size:
            row.tap()
            row.get_by_role("button", name="More").tap()
        else:
            row.focus()
            row.press("Enter")
        menu = naor.page.get_by_role("dialog", name="Message actions")
        press(menu.get_by_role("button", name=entry), size)
        expect(naor.page.get_by_role("status").get_by_text("Copied.")).to_be_visible()
        press(naor.message, size)
        naor.page.keyboard.press("ControlOrMeta+a")
        naor.page.keyboard.press("ControlOrMeta+v")
        expect(naor.message).to_have_value(copied)


def test_what_one_may_not_see_stays_an_address(hub: Serving, visit: Visit) -> None:
    mira = hub.session("mira")
    room = hub.post("/api/rooms", {"kind": "private", "title": "Secret"}, **mira).json["room"]
    hub.post(f"/api/chat/{room}", {"msg": "hidden words"}, **mira)
    naor = visit(f"{hub.url}/general", "naor")
    hub.say(f"{hub.url}/{room}#n=2 and #{room}")
    expect(naor.log.get_by_role("link", name=f"{hub.url}/{room}#n=2")).to_be_visible()
    naor.page.wait_for_timeout(500)
    expect(naor.log.get_by_text(f"and #{room}")).to_be_visible()
    expect(naor.log.get_by_text("Secret")).to_have_count(0)


def test_rooms_and_messages_that_are_markup_are_text_in_a_link(hub: Serving, visit: Visit) -> None:
    mira = hub.session("mira")
    markup = "<img src=x onerror=alert(1)>"
    room = hub.post("/api/rooms", {"kind": "private", "title": markup}, **mira).json["room"]
    hub.post(f"/api/chat/{room}", {"msg": f"{markup} and `code`"}, **mira)
    naor = visit(f"{hub.url}/general", "naor")
    found = hub.ask("GET", "/api/people?like=naor", None, mira).json["people"][0]["who"]
    hub.post(f"/api/rooms/{room}", {"do": "invite", "whom": found}, **mira)
    expect(naor.page.get_by_role("link", name=markup)).to_be_visible()
    hub.say(f"#{room} /{room}#n=2")
    expect(naor.log.get_by_role("link", name=f"#{markup}", exact=True)).to_be_visible()
    expect(
        naor.log.get_by_role("link", name=f"#{markup} · mira: {markup} and code")
    ).to_be_visible()


NOTE_TIMES = """() => {
    window.times = {};
    for (const [each, to] of [['down', 'down'], ['up', 'up'], ['cancel', 'up']]) {
        addEventListener('pointer' + each, () => { times[to] ??= performance.now(); }, true);
    }
    new MutationObserver(() => {
        const links = [...document.querySelectorAll('.msg a')];
        if (links.some((x) => x.text.startsWith('#'))) times.changed ??= performance.now();
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""In the page: when the mouse went down and up, or began to drag, and when a link got its words."""


def test_a_link_stays_what_it_is_while_it_is_pressed(hub: Serving, visit: Visit) -> None:
    hub.say("quiet", "library")
    naor = visit(f"{hub.url}/general", "naor")
    held = Held(naor.page, "**/api/chat/library*")
    with naor.page.expect_request("**/api/chat/library*"):
        hub.say(f"see {hub.url}/library#n=1")
    link = naor.log.get_by_role("link", name=f"{hub.url}/library")
    link.hover()
    naor.page.evaluate(NOTE_TIMES)
    naor.rests()  # what was to be drawn before the press would end the wait for it sooner
    naor.page.mouse.down()
    with naor.page.expect_response("**/api/chat/library*"):
        held.release()
    naor.page.wait_for_timeout(100)  # less than what is pressed may hold up
    naor.page.mouse.move(0, 0)
    naor.page.mouse.up()
    expect(naor.log.get_by_role("link", name="#library · guest: quiet")).to_be_visible()
    times = naor.page.evaluate("times")
    assert times["changed"] > min(times["up"], times["down"] + 395), times
