"""Coming back without a password: at another address or port of the hub, or by asking."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Playwright, Route, expect

from tests.conftest import Launch, Live, Serve
from tests.e2e.conftest import PROGRAM, Visit, started_browser
from tests.e2e.test_access import (
    PHONE,
    button,
    left_in,
    let_in_by,
    panel,
    person,
    sure,
    yourself,
)
from tests.e2e.test_lan import HOST, PEER, joined
from tests.e2e.visitor import Visitor
from tests.serving import Serving

QUESTION = re.compile("^Go on as ")


def at(lan: Serving, host: str) -> str:
    return f"http://{host}:{lan.port}"


def says_name(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("textbox", name="Your name").fill(name)
    button(visitor, "Join").click()


def who(lan: Serving) -> list[str]:
    """Who wrote each message of general."""
    return [x["who"] for x in lan.events()]


def test_back_by_the_address_before(lan: Serving, visit: Visit, lan_url: str) -> None:
    """Between an address that browsers trust and one that they do not, and the other way round."""
    lost: list[str] = []

    def once(route: Route) -> None:
        """What the network loses is asked for again."""
        if lost:
            lost.pop()
            route.abort()
        else:
            route.continue_()

    for name, old, new in (
        ("anna", at(lan, "localhost"), lan_url),
        ("bela", lan_url, at(lan, "127.0.0.1")),
    ):
        visitor = visit(f"{old}/general", name, reduced_motion="reduce")
        visitor.expected = ("status of 409", "net::ERR_FAILED")
        visitor.say(f"{name} at the one")
        visitor.sees(f"{name} at the one")
        visitor.open(f"{new}/kitchen")
        says_name(visitor, name)
        ways = visitor.page.get_by_role(
            "group", name=re.compile(f"Were you here before as .?{name}")
        )
        ways.get_by_role("button", name=f"Go on from {urlsplit(old).netloc}").click()
        question = visitor.page.get_by_role("dialog", name=QUESTION)
        expect(question).to_contain_text(f"Go on as {name} at {urlsplit(new).netloc}?")
        assert visitor.page.url == f"{old}/kitchen", "nothing is left in the address"
        expect(button(question, "Go on")).to_have_attribute("aria-disabled", "false")
        lost.append(new)
        visitor.page.route("**/api/link", once)
        button(question, "Go on").click()
        expect(visitor.message).to_be_visible()
        expect(visitor.page).to_have_url(f"{new}/kitchen")
        visitor.open(f"{new}/general")
        visitor.say(f"{name} at the other")
        visitor.sees(f"{name} at the other")
        assert len(set(who(lan)[-2:])) == 1
        visitor.open(f"{old}/general")
        expect(visitor.message).to_be_visible()  # nor is anything lost there
        assert not [x for x in (*visitor.asked, *left_in(visitor)) if "state=" in x or "link=" in x]


def test_what_another_site_does_with_the_way_back(lan: Serving, visit: Visit) -> None:
    own, new = at(lan, "localhost"), at(lan, "127.0.0.1")
    anna = visit(f"{own}/general", "anna", reduced_motion="reduce")
    anna.expected = ("status of 403",)
    state = "0123456789abcdef0123"
    question = anna.page.get_by_role("dialog", name=QUESTION)

    anna.open(f"{own}/general#to=evil.example:{lan.port}&state={state}")
    expect(anna.page.get_by_text("That is no address of this Hearth")).to_be_visible()
    expect(question).to_have_count(0)

    # One of its own addresses, but nobody there asked: the page shows who is asked, and it cannot
    # be answered by a click that was on its way already. Time passes only where the test says so.
    clock = anna.page.clock
    clock.install()
    clock.pause_at(anna.page.evaluate("Date.now() + 10000"))
    anna.open(f"{own}/kitchen#to={urlsplit(new).netloc}&state={state}")
    go_on = button(question, "Go on")
    expect(go_on).to_have_attribute("aria-disabled", "true")
    expect(button(question, "Cancel")).to_be_focused()
    go_on.click(force=True)
    expect(question).to_be_visible()
    clock.run_for(700)
    expect(go_on).to_have_attribute("aria-disabled", "false")
    anna.page.evaluate("dispatchEvent(new Event('focus'))")  # another window lay over it
    clock.run_for(600)
    expect(go_on).to_have_attribute("aria-disabled", "true")
    clock.run_for(100)
    expect(go_on).to_have_attribute("aria-disabled", "false")
    clock.resume()
    anna.hosts.add(urlsplit(new).netloc)
    go_on.click()
    expect(anna.page.get_by_role("status")).to_contain_text("was not asked for here")
    expect(anna.page.get_by_role("textbox", name="Your name")).to_be_visible()
    assert anna.page.url == f"{new}/kitchen"

    anna.open(f"{own}/general#to={urlsplit(new).netloc}&state={state}")
    expect(question).to_be_visible()
    anna.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(anna.page).to_have_url(f"{own}/general")


def test_the_address_before_knows_nobody_either(lan: Serving, visit: Visit) -> None:
    old, new = at(lan, "localhost"), at(lan, "127.0.0.1")
    visit(f"{old}/general", "anna", reduced_motion="reduce")
    other = visit(f"{new}/general", browser=1, reduced_motion="reduce")
    other.expected = ("status of 409",)
    other.hosts.add(urlsplit(old).netloc)
    says_name(other, "anna")
    button(other, f"Go on from {urlsplit(old).netloc}").click()
    came_back = f"Going by {urlsplit(old).netloc} did not bring you in"
    expect(other.page.get_by_role("status")).to_contain_text(came_back)
    expect(other.page).to_have_url(f"{new}/general")
    expect(other.page.get_by_role("textbox", name="Your name")).to_have_value("anna")
    button(other, "That is me: ask the host").click()
    expect(other.page.get_by_role("heading")).to_have_text("Is it you, anna?")
    button(other, "Do not wait").click()
    expect(other.page.get_by_role("textbox", name="Your name")).to_have_value("anna")
    other.page.reload()
    expect(other.page.get_by_role("textbox", name="Your name")).to_be_visible()
    expect(other.page.get_by_text(came_back)).to_have_count(0)  # it is said once


def test_an_address_that_has_nowhere_to_lead_back_to(lan: Serving, visit: Visit) -> None:
    opener = visit(f"{at(lan, '127.0.0.1')}/general", "anna", reduced_motion="reduce")
    fragment = f"to=127.0.0.1:{lan.port}&state=0123456789abcdef0123"
    opener.hosts.add(f"localhost:{lan.port}")
    with opener.context.expect_page() as opened:
        opener.page.evaluate(
            "url => { open(url, '_blank', 'noopener') }",
            f"{at(lan, 'localhost')}/general#{fragment}",
        )
    alone = opened.value
    expect(alone.get_by_role("status")).to_contain_text("not known here either")
    expect(alone.get_by_role("textbox", name="Your name")).to_be_visible()
    assert alone.url == f"{at(lan, 'localhost')}/general"


@pytest.fixture
def naor(lan: Serving, visit: Visit) -> Visitor:
    """The hub's host."""
    url = f"{at(lan, '127.0.0.1')}/general#ticket={lan.server.ticket()}"
    return visit(url, "naor", reduced_motion="reduce")


def ask_back(visitor: Visitor, name: str) -> None:
    visitor.expected = (*visitor.expected, "status of 409", "status of 403", "status of 429")
    says_name(visitor, name)
    button(visitor, "That is me: ask the host").click()
    heading = visitor.page.get_by_role("heading")
    expect(heading).to_have_text(f"Is it you, {name}?")
    expect(heading).to_be_focused()


def returning(card: Locator) -> Locator:
    return card.get_by_role("region", name=re.compile("were here before"))


def test_the_host_says_who_it_is(lan: Serving, visit: Visit, naor: Visitor) -> None:
    first = visit(f"{at(lan, '127.0.0.1')}/general", "anna", **PHONE)
    first.say("as ever")
    first.sees("as ever")
    first.close()
    again = visit(f"{at(lan, '127.0.0.2')}/general", browser=1, reduced_motion="reduce")
    ask_back(again, "anna")
    expect(again.page.get_by_role("status")).to_contain_text("have been asked")
    expect(naor.page.get_by_text("Somebody asks to come back as anna.")).to_be_visible()
    expect(naor.page.locator(".asks")).to_have_accessible_name("1 waiting, open the host panel")
    again.page.reload()
    expect(again.page.get_by_role("heading")).to_have_text("Is it you, anna?")
    card = panel(naor)
    row = returning(card).get_by_role("listitem")
    expect(row).to_contain_text("Asks: Chrome on Linux · 127.0.0.1")
    expect(row).to_contain_text("Was here: Chrome on")
    button(card, "Let in as anna").click()
    expect(again.message).to_be_visible()
    expect(returning(card)).to_have_count(0)
    again.say("and again")
    again.sees("and again")
    assert len(set(who(lan))) == 1
    card.get_by_role("tab", name="What happened").click()
    expect(card.get_by_text("naor let anna back in, at 127.0.0.1")).to_be_visible()
    expect(card.get_by_text("127.0.0.1 asked to come back as anna")).to_be_visible()


def test_the_host_is_asked_twice_about_who_is_here(
    lan: Serving, visit: Visit, naor: Visitor
) -> None:
    anna = visit(f"{at(lan, '127.0.0.1')}/general", "anna", reduced_motion="reduce")
    again = visit(f"{at(lan, '127.0.0.2')}/general", browser=1, reduced_motion="reduce")
    ask_back(again, "anna")
    card = panel(naor)
    expect(returning(card)).to_contain_text("is here now")
    button(card, "Let in as anna").click()
    question = naor.page.get_by_role("dialog", name="Let in as anna?")
    expect(question).to_contain_text("anna is here right now, on another device.")
    naor.page.keyboard.press("Escape")
    button(card, "Turn away who says they are anna").click()
    expect(returning(card)).to_have_count(0)
    expect(again.page.get_by_role("status")).to_contain_text("The answer was no")
    expect(again.page.get_by_role("textbox", name="Your name")).to_have_value("")
    button(again, "I have an account").click()
    expect(again.page.get_by_text("The answer was no")).to_have_count(0)  # nor does it say so
    button(again, "I have no account yet").click()
    says_name(again, "anna")
    button(again, "That is me: ask the host").click()
    expect(again.page.get_by_role("alert")).to_contain_text("The answer was no")
    expect(anna.page.get_by_text("Is that you?")).to_have_count(0)


def test_another_device_says_who_it_is(lan: Serving, visit: Visit) -> None:
    anna = visit(f"{at(lan, '127.0.0.1')}/general", "anna", reduced_motion="reduce")
    again = visit(f"{at(lan, '127.0.0.2')}/general", browser=1, reduced_motion="reduce")
    ask_back(again, "anna")
    asked = anna.page.locator("hearth-recovery-prompt").filter(has_text="Is that you?")
    expect(asked).to_contain_text("Somebody asks to come in as you: Chrome on Linux at 127.0.0.1")
    expect(anna.message).to_be_focused()  # what is being written is not disturbed
    button(again, "Do not wait").click()
    expect(again.page.get_by_role("textbox", name="Your name")).to_be_visible()
    expect(asked).to_have_count(0)

    ask_back(again, "anna")
    yes = asked.get_by_role("button", name="That is me: Chrome on Linux at 127.0.0.1")
    yes.focus()
    anna.page.keyboard.press("Enter")
    question = anna.page.get_by_role("dialog", name="Let it in as anna?")
    expect(button(question, "That is me")).to_have_attribute("aria-disabled", "false")
    sure(anna, "That is me")
    expect(asked).to_have_count(0)
    expect(again.message).to_be_visible()
    devices = yourself(anna)
    button(devices, re.compile("^Devices")).click()
    expect(
        anna.page.get_by_role("dialog", name="Your devices").get_by_role("listitem")
    ).to_have_count(2)
    anna.page.keyboard.press("Escape")

    third = visit(f"{at(lan, '127.0.0.3')}/general", browser=1, reduced_motion="reduce")
    ask_back(third, "anna")
    asked.get_by_role("button", name=re.compile("^Not me")).click()
    expect(third.page.get_by_role("status")).to_contain_text("The answer was no")


def test_the_code_goes_with_it(lan: Serving, visit: Visit, naor: Visitor, live: Live) -> None:
    live(at=lan, headers=lan.session("anna")).hello()
    card = let_in_by(naor, "With a code")
    expect(card.locator(".big-code span").first).to_be_visible()
    code = "-".join(card.locator(".big-code span").all_inner_texts())
    again = visit(f"{at(lan, '127.0.0.2')}/general", browser=1, reduced_motion="reduce")
    again.page.get_by_role("textbox", name="Code").fill(code)
    ask_back(again, "anna")
    button(card, "Let in as anna").click()
    button(naor.page.get_by_role("dialog", name="Let in as anna?"), "Let in").click()
    expect(again.message).to_be_visible()


def test_a_hub_that_is_away_meanwhile(lan: Serving, visit: Visit) -> None:
    """What was asked is forgotten with a restart, and the page says so when it is back."""
    anna = visit(f"{at(lan, '127.0.0.1')}/general", "anna", reduced_motion="reduce")
    again = visit(f"{at(lan, '127.0.0.2')}/general", browser=1, reduced_motion="reduce")
    ask_back(again, "anna")
    for visitor in (anna, again):
        visitor.expect_losses()
    lan.stop()
    again.page.wait_for_timeout(3000)
    expect(again.page.get_by_role("heading")).to_have_text("Is it you, anna?")
    lan.start()
    expect(again.page.get_by_role("status")).to_contain_text("You can ask again")
    expect(again.page.get_by_role("textbox", name="Your name")).to_have_value("anna")


def test_nobody_is_there_to_say(lan: Serving, visit: Visit) -> None:
    lan.session("anna")
    again = visit(f"{at(lan, '127.0.0.2')}/general", browser=1, reduced_motion="reduce")
    ask_back(again, "anna")
    expect(again.page.get_by_role("status")).to_contain_text("Nobody who can tell is here")

    # Neither a hub that cannot be told nor one that cannot save leaves the page where it is.
    again.expected = (*again.expected, "net::ERR_FAILED", "status of 507")
    again.page.route("**/api/return/come", lambda route: route.abort())
    button(again, "Do not wait").click()
    expect(again.page.get_by_text("Hearth cannot be reached.")).to_be_visible()
    expect(again.page.get_by_role("heading")).to_have_text("Is it you, anna?")
    full = {"error": {"code": "disk_full", "message": "The disk is full."}}
    again.page.unroute("**/api/return/come")
    again.page.route("**/api/return/come", lambda route: route.fulfill(status=507, json=full))
    expect(again.page.get_by_text("The disk is full.")).to_be_visible()
    expect(again.page.get_by_role("textbox", name="Your name")).to_be_visible()


def test_another_port_of_the_same_host(serve: Serve, visit: Visit) -> None:
    hub = serve()
    anna = visit(f"{hub.url}/general", "anna", reduced_motion="reduce")
    before = hub.port
    anna.expect_losses()
    hub.stop()
    hub.port = 0
    hub.start()
    assert hub.port != before
    anna.open(f"{hub.url}/general")
    expect(anna.message).to_be_visible()
    expect(anna.page.locator("button.me")).to_contain_text("anna")


def test_a_new_address_of_the_hubs_computer(
    playwright: Playwright, launch: Launch, namespaces: Callable[[], str], tmp_path: Path
) -> None:
    """The router gave it another one: nobody answers at the old one, and a host says who it is."""
    host, peer = namespaces(), namespaces()
    joined(host, peer)
    hub = launch("--reset-host", port=None, prefix=("ip", "netns", "exec", host))
    hub.ready()
    hub.line()
    ticket = hub.line().partition("#ticket=")[2]
    program = tmp_path / "chromium"
    program.write_text(f'#!/bin/sh\nexec ip netns exec {peer} {PROGRAM} "$@"\n')
    program.chmod(0o755)
    browser = started_browser(playwright, program)
    try:
        anna = Visitor(browser.new_context(reduced_motion="reduce"))
        anna.open(f"http://{HOST}:5000/general")
        anna.join("anna")
        anna.say("before")
        anna.sees("before")
        anna.expect_losses()
        for step in (f"del {HOST}/24", "add 10.77.0.9/24"):
            moved = ["ip", "-n", host, "address", *step.split(), "dev", "lan0"]
            subprocess.run(moved, check=True)
        knows = ["ip", "netns", "exec", peer, "curl", "--silent", "--fail", "--retry", "20",
                 "--retry-all-errors", "--retry-delay", "1", "--max-time", "30",
                 "http://10.77.0.9:5000/general"]  # fmt: skip
        subprocess.run(knows, check=True, stdout=subprocess.DEVNULL)
        naor = Visitor(browser.new_context(reduced_motion="reduce"))
        naor.open(f"http://10.77.0.9:5000/general#ticket={ticket}")
        naor.join("naor")
        anna.open("http://10.77.0.9:5000/general")
        anna.expected = (*anna.expected, "status of 409")
        says_name(anna, "anna")
        expect(button(anna, "That is me: ask the host")).to_be_visible()
        expect(anna.page.get_by_role("button", name="Go on from")).to_have_count(0)
        button(anna, "That is me: ask the host").click()
        card = panel(naor)
        expect(returning(card)).to_contain_text(f"Asks: Chrome on Linux · {PEER}")
        expect(returning(card)).to_contain_text("same kind of browser")
        expect(returning(card)).not_to_contain_text("is here now")  # the line that was cut
        button(card, "Let in as anna").click()
        anna.sees("before")
        anna.say("after")
        anna.sees("after")
        for visitor in (anna, naor):
            visitor.close()
            assert visitor.strayed == []
            assert visitor.faults == []
    finally:
        browser.close()
    assert hub.stop() == 0


def colour(element: Locator) -> str:
    """What the element is filled with."""
    told: str = element.evaluate("x => getComputedStyle(x).backgroundColor")
    return told


def test_where_the_focus_goes_when_somebody_was_answered(
    lan: Serving, visit: Visit, naor: Visitor
) -> None:
    anna = visit(f"{at(lan, '127.0.0.1')}/general", "anna", reduced_motion="reduce")
    asking = []
    for n in range(2, 4):
        asking.append(visit(f"{at(lan, f'127.0.0.{n}')}/general", browser=1))
        lan.session(f"bela{n}")
        ask_back(asking[-1], f"bela{n}")
    again = visit(f"{at(lan, '127.0.0.4')}/general", browser=1, reduced_motion="reduce")
    ask_back(again, "anna")

    # In the line above the messages the safe answer is at least as easy to see.
    asked = anna.page.locator("hearth-recovery-prompt")
    no, yes = (asked.get_by_role("button", name=re.compile(f"^{x}")) for x in ("Not", "That"))
    assert colour(no) == colour(yes)
    no.focus()
    anna.page.keyboard.press("Enter")
    expect(asked.get_by_role("button")).to_have_count(0)
    expect(anna.message).to_be_focused()

    # In the panel the next row comes under the focus, then the title of the card.
    opener = naor.page.locator(".asks")
    expect(opener).to_have_accessible_name("2 waiting, open the host panel")
    opener.focus()
    naor.page.keyboard.press("Enter")
    card = naor.page.get_by_role("dialog", name="Host", exact=True)
    button(card, "Turn away who says they are bela2").focus()
    naor.page.keyboard.press("Enter")
    last = button(card, "Turn away who says they are bela3")
    expect(last).to_be_focused()
    naor.page.wait_for_timeout(700)  # so long another press may be the second half of a double one
    naor.page.keyboard.press("Enter")
    expect(last).to_have_count(0)
    expect(card.get_by_role("heading", name="Host", exact=True)).to_be_focused()
    naor.page.keyboard.press("Escape")
    expect(opener).to_have_count(0)
    expect(naor.message).to_be_focused()


def test_what_was_told_goes_when_it_is_answered(lan: Serving, visit: Visit, naor: Visitor) -> None:
    naor.page.clock.install()
    naor.page.reload()
    expect(naor.message).to_be_visible()
    naor.page.clock.pause_at(naor.page.evaluate("Date.now() + 10000"))
    lan.session("anna")
    again = visit(f"{at(lan, '127.0.0.2')}/general", browser=1, reduced_motion="reduce")
    ask_back(again, "anna")
    told = naor.page.get_by_text("Somebody asks to come back as anna.")
    for _ in range(100):  # the page's clock stands still, so that nothing goes by itself
        if naor.page.locator(".asks").count():
            break
        naor.page.clock.run_for(300)
        naor.page.wait_for_timeout(100)
    naor.page.clock.run_for(200)
    expect(told).to_be_visible()
    card = panel(naor)
    button(card, "Turn away who says they are anna").click()
    expect(returning(card)).to_have_count(0)
    naor.page.clock.run_for(10)
    expect(told).to_have_count(0)


def test_the_risky_answer_is_not_the_loud_one(
    lan: Serving, visit: Visit, naor: Visitor, live: Live
) -> None:
    live(at=lan, headers=lan.session("anna")).hello()
    lan.session("bela")
    for n, name in enumerate(("anna", "bela"), 2):
        ask_back(visit(f"{at(lan, f'127.0.0.{n}')}/general", browser=1), name)
    card = panel(naor)
    expect(returning(card).get_by_text("is here now")).to_have_count(1)
    plain = colour(button(card, "Turn away who says they are anna"))
    assert colour(button(card, "Let in as anna")) == plain
    assert colour(button(card, "Let in as bela")) != plain


def test_join_stays_where_it_is_on_a_phone(lan: Serving, visit: Visit) -> None:
    visit(f"{at(lan, 'localhost')}/general", "anna")
    phone = {"viewport": {"width": 360, "height": 640}}
    again = visit(f"{at(lan, '127.0.0.1')}/general", browser=1, **phone)
    again.expected = ("status of 409",)
    says_name(again, "anna")
    ways = again.page.get_by_role("group", name=re.compile("^Were you here before"))
    join, below = button(again, "Join").bounding_box(), ways.bounding_box()
    assert join is not None
    assert below is not None
    assert join["y"] + join["height"] <= below["y"]
    expect(button(again, "Join")).to_be_in_viewport(ratio=1)


def test_the_gate_follows_the_host(lan: Serving, visit: Visit, naor: Visitor) -> None:
    """What newcomers are asked for changes while somebody stands at the gate."""
    new = visit(f"{at(lan, '127.0.0.2')}/general", browser=1, reduced_motion="reduce")
    new.expected = ("status of 401",)
    field = new.page.get_by_role("textbox", name="Your name")
    password = new.page.get_by_label("Password", exact=True)
    let_in_by(naor, "With an account")
    says_name(new, "mira")  # it was not told yet
    expect(password).to_be_focused()
    expect(new.page.get_by_role("alert")).to_contain_text("Only people with an account")
    naor.page.get_by_role("dialog").get_by_label("Open", exact=False).first.check()
    button(naor.page.get_by_role("dialog"), "Let anybody in").click()
    expect(button(naor.page.get_by_role("dialog"), "Let anybody in")).to_have_count(0)
    expect(password).to_be_visible()
    new.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(password).to_have_count(0)
    expect(field).to_have_value("mira")
    button(new, "Join").click()
    expect(new.message).to_be_visible()


def test_after_being_sent_out(lan: Serving, visit: Visit, naor: Visitor) -> None:
    anna = visit(f"{at(lan, '127.0.0.2')}/general", "anna", reduced_motion="reduce")
    anna.expected = ("status of 401", "status of 409", "WebSocket")
    card = panel(naor)
    person(card, "anna")
    button(card, "Send out").click()
    sure(naor, "Send out")
    field = anna.page.get_by_role("textbox", name="Your name")
    status = anna.page.get_by_role("status").filter(has_text="sent you out")
    expect(status).to_be_visible()
    expect(field).to_have_value("")
    says_name(anna, "anna")
    expect(anna.page.get_by_role("alert")).to_contain_text(
        "The name anna is kept for somebody who was here. Choose another."
    )
    button(anna, "I have an account").click()  # another form
    expect(anna.page.get_by_text("sent you out")).to_have_count(0)
    expect(anna.page.get_by_role("alert")).to_have_count(0)


def test_what_logging_out_costs(lan: Serving, visit: Visit, naor: Visitor) -> None:
    anna = visit(f"{at(lan, '127.0.0.2')}/general", "anna", reduced_motion="reduce")
    for visitor, entry, cost in (
        (anna, "here", "only if the host or another device of yours lets you in"),
        (anna, "everywhere", "only if the host lets you in"),
        (naor, "here", "only if another device of yours lets you in"),
        (naor, "everywhere", "nobody can then let you in as “naor” again"),
    ):
        button(yourself(visitor), re.compile(f"^Log out {entry}")).click()
        question = visitor.page.get_by_role("dialog", name=f"Log out {entry}?")
        expect(question).to_contain_text(cost)
        button(question, "Cancel").click()
        visitor.page.keyboard.press("Escape")
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
