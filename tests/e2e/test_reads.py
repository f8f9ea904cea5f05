"""Who has read: faces where each is, the card behind them, and the switch that hides it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES
from tests.e2e.proxy import Proxy
from tests.e2e.test_chat import fill
from tests.e2e.visitor import Visitor
from tests.guests import Guest, guest
from tests.serving import Serving


def readers(visitor: Visitor, text: str) -> Locator:
    """What shows below a message who has read up to it."""
    return visitor.row(text).locator(".readers")


def read_by(visitor: Visitor, text: str, names: str) -> None:
    """These people have read up to the message of this text, and nobody else stands there."""
    expect(readers(visitor, text)).to_have_accessible_name(f"Read by {names}")


def switch(visitor: Visitor, size: dict[str, Any]) -> None:
    """Show others how far one has read, or no longer."""
    if size:
        visitor.page.get_by_role("button", name="Rooms", exact=True).tap()
    visitor.page.get_by_title("Your name, devices and password").click()
    card = visitor.page.get_by_role("dialog", name="You", exact=True)
    card.get_by_text("Show others how far I have read").click()
    visitor.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    if size:
        visitor.page.keyboard.press("Escape")


def seen(reader: Guest, n: int, room: str = "general") -> None:
    assert reader.change(room, "seen", n=n).status == 204


@SIZES
def test_two_people_read_and_one_switches_it_off(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.say("one")
    naor.sees("one")
    mira = visit(f"{lan_url}/general", "mira", **size)
    read_by(naor, "one", "mira")
    expect(readers(naor, "one")).to_have_text("M")
    naor.say("two")
    read_by(naor, "two", "mira")
    expect(readers(naor, "one")).to_have_count(0)
    lena = guest(lan, "lena")
    seen(lena, 1)
    read_by(naor, "one", "lena")
    read_by(mira, "one", "lena")
    expect(readers(mira, "two")).to_have_count(0)  # naor wrote it
    seen(lena, 2)
    read_by(naor, "two", "lena, mira")
    read_by(mira, "two", "lena")
    switch(mira, size)
    expect(mira.page.locator(".readers")).to_have_count(0)
    read_by(naor, "two", "lena")
    naor.say("three")
    mira.sees("three")
    seen(lena, 3)
    read_by(naor, "three", "lena")
    expect(mira.page.locator(".readers")).to_have_count(0)
    mira.page.reload()
    mira.sees("three")
    mira.row("three").focus()
    mira.page.keyboard.press("Enter")
    menu = mira.page.get_by_role("dialog", name="Message actions")
    expect(menu.get_by_role("button", name="Copy text")).to_be_visible()
    expect(menu.get_by_role("button", name="Who has read")).to_have_count(0)
    mira.page.keyboard.press("Escape")
    switch(mira, size)
    read_by(mira, "three", "lena")
    read_by(naor, "three", "lena, mira")


@SIZES
def test_who_it_is_stands_on_a_card(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.say("one")
    naor.sees("one")
    for name in ("anna", "bela", "carl", "dora", "emil", "fay"):
        seen(guest(lan, name), 1)
    guest(lan, "hidden").ask("PATCH", "/api/me/preferences", {"reads": False})
    read_by(naor, "one", "anna, bela, carl, dora, emil, fay")
    faces = readers(naor, "one")
    expect(faces).to_have_text("ABCD+2")
    expect(faces).to_have_attribute("aria-live", "off")
    if size:
        box = faces.evaluate("""x => { const { width, height } = x.getBoundingClientRect();
            const more = getComputedStyle(x, '::after');
            return [width - 2 * parseFloat(more.left), height - 2 * parseFloat(more.top)]; }""")
        assert min(box) >= 44
        faces.tap()
    else:
        naor.row("one").focus()
        faces.press("Enter")
    card = naor.page.get_by_role("dialog", name="Who has read")
    expect(card.get_by_role("listitem")).to_have_count(6)
    expect(card.get_by_text("6 of 6 have read this.")).to_be_visible()
    seen(guest(lan, "gina"), 1)
    expect(card.get_by_text("7 of 7 have read this.")).to_be_visible()
    naor.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(naor.row("one")).to_be_focused()


@SIZES
def test_in_a_direct_message_it_says_read(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    mira = guest(lan, "mira")
    naor = visit(f"{lan_url}/general", "naor", **size)
    who = naor.page.evaluate("fetch('/api/me').then(x => x.json()).then(x => x.person.who)")
    room = mira.make("direct", whom=who)
    naor.page.goto(f"{lan_url}/{room}")
    naor.say("first")
    naor.sees("first")
    naor.say("second")
    naor.sees("second")
    expect(naor.page.locator(".readers")).to_have_count(0)
    seen(mira, 2, room)
    expect(readers(naor, "first")).to_have_text("ReadM")
    seen(mira, 3, room)
    expect(readers(naor, "second")).to_have_text("ReadM")
    mira.say("an answer", room)
    seen(mira, 4, room)
    naor.sees("an answer")
    naor.say("third")
    naor.sees("third")
    expect(readers(naor, "second")).to_have_text("ReadM")
    seen(mira, 5, room)
    expect(readers(naor, "third")).to_have_text("ReadM")
    expect(naor.page.locator(".readers")).to_have_count(1)


@SIZES
def test_in_a_large_room_a_message_tells_when_it_is_asked(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    others = [guest(lan, f"guest {n:02}") for n in range(22)]
    others[0].say("one")
    others[0].say("two")
    for n, other in enumerate(others):
        seen(other, 2 if n < 4 else 1)
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.sees("two")
    row = naor.row("two")
    if size:
        row.focus()
        row.press("Enter")
    else:
        row.hover()
        row.get_by_role("button", name="More").click()
    menu = naor.page.get_by_role("dialog", name="Message actions")
    menu.get_by_role("button", name="Who has read").click()
    card = naor.page.get_by_role("dialog", name="Who has read")
    expect(card.get_by_text("3 of 21 have read this.")).to_be_visible()
    names = card.get_by_role("listitem").locator("bdi")
    expect(names).to_have_text(["guest 01", "guest 02", "guest 03"])
    naor.page.keyboard.press("Escape")
    expect(row).to_be_focused()
    expect(naor.page.locator(".readers")).to_have_count(0)


@SIZES
def test_what_is_read_stays_where_it_is_while_others_read_on(
    lan: Serving, lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    lan.stop()
    fill(lan.path, 100)
    lan.start()
    mira, lena = guest(lan, "mira"), guest(lan, "lena")
    seen(mira, 51)
    seen(lena, 52)
    naor = visit(f"{lan_url}/general", "naor", **size)
    naor.sees("message 100")
    read_by(naor, "message 51", "mira")
    naor.row("message 60").evaluate("x => x.scrollIntoView({ block: 'start' })")
    naor.rests()
    assert naor.from_bottom() > 100
    before = naor.row("message 65").bounding_box()
    seen(mira, 52)
    read_by(naor, "message 52", "lena, mira")
    assert naor.row("message 65").bounding_box() == before
    seen(mira, 100)
    seen(lena, 57)
    read_by(naor, "message 100", "mira")
    assert naor.row("message 65").bounding_box() == before
    naor.page.get_by_role("button", name="Newest").click()
    naor.rests()
    seen(lena, 100)
    read_by(naor, "message 100", "lena, mira")
    naor.rests()
    assert naor.from_bottom() < 2


def test_what_a_muted_person_said_or_read_is_not_seen(
    lan: Serving, lan_url: str, visit: Visit
) -> None:
    mira, lena = guest(lan, "mira"), guest(lan, "lena")
    naor = visit(f"{lan_url}/general", "naor")
    naor.say("one")
    naor.sees("one")
    mira.say("not to be seen")
    seen(mira, 1)
    seen(lena, 2)
    read_by(naor, "not to be seen", "lena")
    read_by(naor, "one", "mira")
    naor.row("not to be seen").get_by_role("button", name="mira").click()
    naor.page.get_by_role("button", name="Mute").click()
    naor.page.keyboard.press("Escape")
    read_by(naor, "one", "lena")


def test_a_message_that_is_drawn_anew_keeps_its_faces(
    lan: Serving, lan_url: str, visit: Visit
) -> None:
    mira = guest(lan, "mira")
    naor = visit(f"{lan_url}/general", "naor", reduced_motion="reduce")
    naor.say("one")
    naor.sees("one")
    seen(mira, 1)
    read_by(naor, "one", "mira")
    mira.changed("general", "react", of=1, text="👍")
    expect(naor.row("one").get_by_role("button", name="👍 1, mira")).to_be_visible()
    read_by(naor, "one", "mira")
    readers(naor, "one").focus()
    naor.say("two")
    naor.sees("two")
    seen(mira, 3)
    read_by(naor, "two", "mira")
    expect(readers(naor, "one")).to_have_count(0)


def test_who_is_removed_from_the_room_is_gone_from_it(
    lan: Serving, lan_url: str, visit: Visit
) -> None:
    mira = guest(lan, "mira")
    naor = visit(f"{lan_url}/general", "naor")
    who = naor.page.evaluate("fetch('/api/me').then(x => x.json()).then(x => x.person.who)")
    lena = guest(lan, "lena")
    room = lena.make("private", title="Plans")
    for each in (who, mira.who):
        lena.changed(room, "invite", whom=each)
    naor.page.goto(f"{lan_url}/{room}")
    naor.say("one")
    naor.sees("one")
    seen(mira, 4, room)
    read_by(naor, "one", "mira")
    lena.changed(room, "remove", whom=mira.who)
    expect(naor.page.locator(".readers")).to_have_count(0)


def test_without_a_websocket_it_is_asked_for(hub: Serving, visit: Visit) -> None:
    mira = guest(hub, "mira")
    with Proxy(hub.port) as proxy:
        proxy.no_upgrade = True
        naor = visit(f"{proxy.url}/general")
        naor.expect_losses()
        naor.page.get_by_role("textbox", name="Your name").fill("naor")
        naor.page.get_by_role("button", name="Join").click()
        expect(naor.page.get_by_text("Connected, a little late")).to_be_attached()
        naor.say("one")
        naor.sees("one")
        seen(mira, 1)
        read_by(naor, "one", "mira")
        naor.close()
