"""What is unread: messages of others, counted alike on every device and however they come."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.conftest import Live
from tests.e2e.conftest import Visit
from tests.e2e.proxy import Proxy
from tests.e2e.test_chat import fill
from tests.e2e.visitor import Visitor
from tests.ledgers import people_in, put
from tests.patience import until
from tests.serving import Serving


def counts(visitor: Visitor, number: int, room: str = "general") -> None:
    """The list of rooms tells of so many unread messages, and says no more."""
    link = visitor.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=room)
    expect(link).to_be_attached()
    if number:
        expect(link.get_by_label(f"{number} unread", exact=True)).to_be_attached()
    else:
        expect(link.get_by_label("unread")).to_have_count(0)


def second_device(visitor: Visitor, visit: Visit, url: str) -> Visitor:
    """The same person in another browser, where nothing was kept but who they are."""
    cookies: list[Any] = [dict(x) for x in visitor.context.cookies()]
    other = visit("about:blank", browser=1)
    other.context.add_cookies(cookies)
    other.open(url)
    expect(other.message).to_be_visible()
    return other


def test_one_message_is_one_and_nothing_else_is_any(hub: Serving, visit: Visit, live: Live) -> None:
    mira = live("mira")
    naor = visit(f"{hub.url}/general", "naor")
    mira.say("one")
    naor.sees("one")
    naor.page.goto(f"{hub.url}/kitchen")
    counts(naor, 0)
    mira.do("react", of=1, text="👍")
    mira.do("edit", of=1, text="once")
    mira.do("pin", of=1)
    mira.do("topic", text="All about it")
    mira.say("two")
    counts(naor, 1)
    mira.do("react", of=6, text="👍")
    mira.do("edit", of=6, text="twice")
    mira.say("three")
    counts(naor, 2)
    expect(naor.page).to_have_title("• kitchen · Hearth")
    naor.page.reload()
    counts(naor, 2)
    other = second_device(naor, visit, f"{hub.url}/kitchen")
    counts(other, 2)
    mira.do("erase", of=6)
    for device in (naor, other):
        counts(device, 1)
    other.page.get_by_role("link", name="general").click()
    other.sees("three")
    for device in (naor, other):
        counts(device, 0)
    other.page.go_back()
    expect(other.page.get_by_role("heading", level=1)).to_have_text("kitchen")
    mira.do("react", of=9, text="👍")
    mira.say("four")
    counts(naor, 1)
    naor.page.reload()
    counts(naor, 1)


def test_a_removed_message_that_was_read_takes_none_off(
    hub: Serving, visit: Visit, live: Live
) -> None:
    mira = live("mira")
    mira.say("old")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("old")
    naor.page.goto(f"{hub.url}/kitchen")
    mira.say("new")
    counts(naor, 1)
    mira.do("erase", of=1)
    mira.say("newer")
    counts(naor, 2)


def test_a_newcomer_has_not_missed_what_was_said_before(hub: Serving, visit: Visit) -> None:
    for n in range(3):
        hub.say(f"before {n}")
    naor = visit(f"{hub.url}/kitchen", "naor")
    counts(naor, 0)
    hub.say("since")
    hub.say("in a new room", "garden")
    for _ in range(2):
        counts(naor, 1)
        counts(naor, 1, "garden")
        naor.page.reload()
    other = second_device(naor, visit, f"{hub.url}/kitchen")
    counts(other, 1)
    counts(other, 1, "garden")
    other.page.get_by_role("link", name="general").click()
    expect(other.log.get_by_text("New", exact=True)).to_be_in_viewport()
    counts(naor, 0)
    counts(naor, 1, "garden")


def test_what_i_said_elsewhere_is_not_unread(hub: Serving, visit: Visit, live: Live) -> None:
    naor = visit(f"{hub.url}/kitchen", "naor")
    other = second_device(naor, visit, f"{hub.url}/kitchen")
    counts(other, 0)
    hub.say("by somebody else")
    counts(other, 1)
    naor.page.goto(f"{hub.url}/general")
    naor.sees("by somebody else")
    for n in range(3):
        naor.say(f"mine {n}")
        naor.sees(f"mine {n}")
    hub.say("the last")
    naor.sees("the last")
    counts(other, 0)
    until(lambda: next(x.read for x in people(hub) if x.name == "naor") == {"general": 5})
    naor.page.goto(f"{hub.url}/garden")
    cookie = "; ".join(f"{x['name']}={x['value']}" for x in naor.context.cookies())
    headers = {"Cookie": cookie, "Origin": hub.url}
    hub.ask("POST", "/api/chat/general", {"msg": "mine, by a program"}, headers)
    mira = live("mira")
    mira.say("and one more")
    counts(other, 1)
    other.page.reload()
    counts(other, 1)


def test_while_it_polls(hub: Serving, visit: Visit, live: Live) -> None:
    mira = live("mira")
    with Proxy(hub.port) as proxy:
        proxy.no_upgrade = True
        naor = visit(f"{proxy.url}/kitchen")
        naor.expect_losses()
        naor.page.get_by_role("textbox", name="Your name").fill("naor")
        naor.page.get_by_role("button", name="Join").click()
        expect(naor.page.get_by_text("Connected, a little late")).to_be_attached()
        mira.say("one")
        mira.do("react", of=1, text="👍")
        mira.say("two")
        counts(naor, 2)
        naor.page.get_by_role("link", name="general").click()
        naor.sees("two")
        counts(naor, 0)
        until(lambda: next(x.read for x in people(hub) if x.name == "naor") == {"general": 3})
        naor.page.go_back()
        mira.say("three")
        counts(naor, 1)
        naor.page.reload()
        expect(naor.page.get_by_text("Connected, a little late")).to_be_attached()
        counts(naor, 1)
        naor.close()


def people(hub: Serving) -> list[Any]:
    own = hub.server._hub
    assert own is not None
    return hub.on_loop(own.people.all)


def far_up(hub: Serving, visit: Visit) -> Visitor:
    """Somebody who reads message 100 of 1000."""
    hub.stop()
    fill(hub.path, 1000)
    hub.start()
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("message 1000")
    naor.log.evaluate("x => x.dispatchEvent(new CustomEvent('hearth-jump', "
                      "{bubbles: true, detail: {n: 100}}))")  # fmt: skip
    expect(naor.log.get_by_text("message 100", exact=True)).to_be_in_viewport()
    return naor


def test_far_up_in_the_room_on_view(hub: Serving, visit: Visit, live: Live) -> None:
    """The newest messages are not held any more, so that they cannot be counted there."""
    naor = far_up(hub, visit)
    mira = live("mira")
    mira.say("one")
    mira.do("react", of=1001, text="👍")
    mira.do("edit", of=1001, text="once")
    mira.say("two")
    button = naor.page.get_by_role("button", name="2 new")
    expect(button).to_be_visible()
    counts(naor, 2)
    mira.do("erase", of=1001)
    expect(naor.page.get_by_role("button", name="1 new")).to_be_visible()
    naor.page.get_by_role("button", name="1 new").click()
    naor.sees("two")
    counts(naor, 0)


def test_to_the_newest_while_the_list_still_scrolls(hub: Serving, visit: Visit) -> None:
    naor = far_up(hub, visit)
    hub.say("one")
    button = naor.page.get_by_role("button", name="1 new")
    expect(button).to_be_visible()
    naor.log.evaluate("""list => {
        const scrolling = setInterval(() => { list.scrollTop += 1 });
        setTimeout(() => clearInterval(scrolling), 1000);
        document.querySelector('.jump.news').click();
    }""")
    expect(naor.row("one")).to_be_in_viewport()
    counts(naor, 0)
    assert naor.from_bottom() < 2
    expect(button).to_be_hidden()


def test_another_hub_at_the_same_address_counts_its_own(
    hub: Serving, visit: Visit, live: Live
) -> None:
    mira = live("mira")
    for n in range(9):
        mira.say(str(n))
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("8")
    until(lambda: next(x.read for x in people(hub) if x.name == "naor") == {"general": 9})
    naor.page.goto("about:blank")
    mira.close()
    hub.stop()
    fill(hub.path, 3)
    (who,) = (x["who"] for x in people_in(hub.folder.ledger_file) if x["name"] == "naor")
    put(hub.folder, {f"read/{who}/general": b"1"})
    hub.start()
    naor.page.goto(f"{hub.url}/kitchen")
    counts(naor, 2)
