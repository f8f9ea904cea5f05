"""Who may come in, and who is the host: issue C, by people with browsers.

No secret that a test knows, and no cookie, may have been in an address or a Referer, be left in
the page's history or storage, or stand in a file of a room or of the audit.
"""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, expect

from hub.net import qr
from tests.conftest import Launch
from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE
from tests.e2e.visitor import Visitor
from tests.program import ONLY_SOURCES
from tests.serving import Serving

PASSWORD = "correct horse battery"

Host = Callable[[], Visitor]


@pytest.fixture
def secrets() -> list[str]:
    """What is to be seen nowhere; a test adds what it comes to know."""
    return [PASSWORD]


@pytest.fixture
def meet(visit: Visit, secrets: list[str], tmp_path: Path) -> Iterator[Visit]:
    """Opens a page as somebody new; afterwards looks for secrets wherever they could have gone."""
    met: list[Visitor] = []

    def open_(url: str, name: str | None = None, browser: int = 0, **options: Any) -> Visitor:
        met.append(visit(url, name, browser, reduced_motion="reduce", **options))
        return met[-1]

    yield open_
    for visitor in met:
        secrets += [cookie.get("value", "") for cookie in visitor.context.cookies()]
    traces = [trace for visitor in met for trace in (*visitor.asked, *left_in(visitor))]
    for file in tmp_path.rglob("*.jsonl"):
        lines = file.read_text(encoding="utf-8").splitlines()
        traces += [line for line in lines if not line.startswith('{"door":')]  # it has the code
    for secret in filter(None, secrets):
        assert [trace for trace in traces if secret in trace] == []


def left_in(visitor: Visitor) -> list[str]:
    """The addresses that the page and its browser remember, and what the page has stored."""
    kept: list[str] = visitor.page.evaluate(
        """() => [location.href, document.referrer, JSON.stringify(history.state ?? ''),
            JSON.stringify(localStorage), JSON.stringify(sessionStorage)]"""
    )
    history = visitor.context.new_cdp_session(visitor.page).send("Page.getNavigationHistory")
    return kept + [entry["url"] for entry in history["entries"]]


@pytest.fixture
def host(hub: Serving, meet: Visit, secrets: list[str]) -> Host:
    """Brings in the hub's host, by name of naor."""

    def come_in() -> Visitor:
        asked = {"secret": hub.server.secret, "ticket": True}
        ticket = hub.post("/api/window", asked).json["ticket"]
        secrets.extend((hub.server.secret, ticket))
        return meet(f"{hub.url}/general#ticket={ticket}", "naor")

    return come_in


# -- what people do ---------------------------------------------------------------------------


def button(inside: Visitor | Locator, name: str | re.Pattern[str]) -> Locator:
    """The button that is called exactly so."""
    place = inside.page if isinstance(inside, Visitor) else inside
    return place.get_by_role("button", name=name, exact=True)


def name_and_password(visitor: Visitor, name: str, password: str, then: str) -> None:
    visitor.page.get_by_role("textbox", name="Your name").fill(name)
    visitor.page.get_by_label("Password", exact=True).fill(password)
    button(visitor, then).click()


def claim(visitor: Visitor, password: str = PASSWORD) -> None:
    """Make an account of one's name."""
    you = yourself(visitor)
    button(you, "Protect this name").click()
    you.get_by_label("Password", exact=True).fill(password)
    button(you, "Save").click()
    expect(you.get_by_text("An account")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(you).to_have_count(0)


def yourself(visitor: Visitor) -> Locator:
    """Open the card about oneself."""
    visitor.page.locator("button.me").click()
    return visitor.page.get_by_role("dialog")


def panel(visitor: Visitor, tab: str = "People") -> Locator:
    """Open the host's panel."""
    button(visitor, re.compile("^Host panel")).click()
    card = visitor.page.get_by_role("dialog", name="Host", exact=True)
    card.get_by_role("tab", name=tab).click()
    return card


def person(card: Locator, name: str) -> None:
    """Unfold what a host can do about somebody."""
    card.locator("button.item").filter(has_text=name).click()


def sure(visitor: Visitor, yes: str) -> None:
    """Answer the question that lies over everything."""
    button(visitor.page.get_by_role("dialog").last, yes).click()


def let_in_by(naor: Visitor, mode: str) -> Locator:
    """Have the host change who may come in."""
    card = panel(naor, "Coming in")
    card.get_by_label(mode).check()
    expect(button(card, "Cancel")).to_be_visible()
    act = button(
        card, {"With a code": "Require the code", "With an account": "Require an account"}[mode]
    )
    act.click()
    expect(act).to_have_count(0)
    return card


def drawn(square: Locator) -> list[str]:
    """The modules of a QR code as they are painted, 1 for a dark one."""
    rows: list[str] = square.evaluate(
        """svg => {
            const all = Array.from({ length: svg.viewBox.baseVal.width - 8 }, (_, i) => i + 4.5);
            const dark = (x, y) => Number(svg.querySelector('path').isPointInFill({ x, y }));
            return all.map((y) => all.map((x) => dark(x, y)).join(''));
        }"""
    )
    return rows


def reached(hub: Serving, link: str) -> str:
    """A link at the address at which this test's hub really is."""
    parts = urlsplit(link)
    return f"{hub.url}{parts.path}#{parts.fragment}"


def rooms_of(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("navigation", name="Rooms")


def make_private(visitor: Visitor, title: str) -> Locator:
    """Make a private room; gives the card on which people are invited to it."""
    button(visitor, "New private room").click()
    visitor.page.get_by_label("Its name").fill(title)
    button(visitor, "Make the room").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(title)
    return visitor.page.get_by_role("dialog", name="Invite people")


# -- coming in --------------------------------------------------------------------------------


def test_the_hosts_ticket_makes_a_host(
    launch: Launch, meet: Visit, secrets: list[str], tmp_path: Path
) -> None:
    url = launch().ready()
    running = json.loads((tmp_path / "rooms" / "hub" / "running.json").read_text())
    asked = urllib.request.Request(
        f"{running['url']}api/window",
        json.dumps({"secret": running["secret"], "ticket": True}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        ticket = json.load(answer)["ticket"]
    secrets += [running["secret"], ticket]
    naor = meet(f"{url}#ticket={ticket}", "naor")
    expect(naor.page).to_have_url(url)
    expect(button(naor, "Host panel")).to_be_visible()
    log = panel(naor, "What happened").get_by_role("listitem")
    expect(log.get_by_text("Somebody became host by the link of --reset-host")).to_be_visible()


def test_a_claimed_name_is_on_two_devices_and_they_are_ended(hub: Serving, meet: Visit) -> None:
    mira = meet(f"{hub.url}/general", "mira")
    mira.say("with one device")
    mira.expected = ("status of 422",)
    you = yourself(mira)
    button(you, "Protect this name").click()
    you.get_by_label("Password", exact=True).fill("short")
    button(you, "Save").click()
    expect(you.get_by_role("alert").first).to_contain_text("at least 8")
    mira.page.keyboard.press("Escape")
    claim(mira)

    other = meet(f"{hub.url}/general", browser=1, **PHONE)
    other.expected = ("status of 409", "status of 401")
    other.page.get_by_role("textbox", name="Your name").fill("Mira")
    button(other, "Join").click()
    expect(other.page.get_by_role("alert")).to_contain_text("already called")
    button(other, "That is me: log in").click()
    other.page.get_by_label("Password", exact=True).fill("not my password")
    button(other, "Log in").click()
    expect(other.page.get_by_role("alert")).to_contain_text("belong together")
    other.page.get_by_label("Password", exact=True).fill(PASSWORD)
    button(other, "Log in").click()
    other.sees("with one device")
    other.say("with the other")
    mira.sees("with the other")
    assert [x["by"] for x in hub.events()] == ["mira", "mira"]
    assert len({x["who"] for x in hub.events()}) == 1

    you = yourself(mira)
    button(you, re.compile("^Devices")).click()
    devices = mira.page.get_by_role("dialog").get_by_role("listitem")
    expect(devices).to_have_count(2)
    expect(devices.first).to_contain_text("this one")
    expect(devices.last).to_contain_text("127.0.0.1")
    button(devices.last, re.compile("^End ")).click()
    expect(devices).to_have_count(1)
    expect(other.page.get_by_text("This device was logged out")).to_be_visible()
    expect(other.message).to_have_count(0)
    expect(mira.message).to_be_attached()

    name_and_password(other, "mira", PASSWORD, "Log in")
    expect(other.message).to_be_visible()
    stolen = [
        f"{cookie.get('name')}={cookie.get('value')}"
        for visitor in (mira, other)
        for cookie in visitor.context.cookies()
    ]
    assert [hub.get("/api/me", Cookie=x).json["person"]["name"] for x in stolen] == ["mira"] * 2
    mira.page.keyboard.press("Escape")
    button(yourself(mira), re.compile("^Log out everywhere")).click()
    sure(mira, "Log out everywhere")
    for visitor in (mira, other):
        expect(visitor.page.get_by_role("textbox", name="Your name")).to_be_visible()
    assert [hub.get("/api/me", Cookie=x).json["person"] for x in stolen] == [None] * 2


def test_a_phone_comes_in_by_its_square(hub: Serving, meet: Visit, secrets: list[str]) -> None:
    rights = ["clipboard-read", "clipboard-write"]
    mira = meet(f"{hub.url}/general", "mira", permissions=rights)
    button(yourself(mira), re.compile("^Bring in your phone")).click()
    card = mira.page.get_by_role("dialog", name="Bring in your phone")
    square = card.get_by_role("img", name="QR code")
    expect(card.get_by_text("camera at the QR code")).to_be_visible()
    expect(square).to_be_visible()
    button(card, "Copy the link instead").click()
    expect(card.get_by_text("Copied")).to_be_visible()  # in it, or no screen reader would say it
    link: str = mira.page.evaluate("navigator.clipboard.readText()")
    secrets.append(link.partition("#link=")[2])
    assert len(secrets[-1]) > 20
    assert drawn(square) == qr.matrix(link)

    phone = meet(reached(hub, link), browser=1, **PHONE)
    expect(phone.message).to_be_visible()
    expect(phone.page).to_have_url(f"{hub.url}/general")
    phone.say("from the phone")
    phone.sees("from the phone")
    phone.all_is_saved()
    assert hub.events()[0]["by"] == "mira"
    expect(card.get_by_text("is in. It is you now")).to_be_visible()

    late = meet(f"{hub.url}/", browser=1)
    late.expected = ("status of 403",)
    late.open(reached(hub, link))
    expect(late.page.get_by_role("status")).to_contain_text("was used")
    expect(late.message).to_have_count(0)


def test_a_link_asks_before_it_makes_somebody_else(
    hub: Serving, meet: Visit, secrets: list[str]
) -> None:
    asked = hub.ask("POST", "/api/devices/link", None, hub.session("mira"))
    secrets.append(asked.json["url"].partition("#link=")[2])
    dana = meet(f"{hub.url}/general", "dana")
    dana.expected = ("status of 409",)
    question = dana.page.get_by_role("dialog", name="Be somebody else here?")

    dana.open(reached(hub, asked.json["url"]))  # in the page that is there
    expect(question).to_contain_text("You are dana here already.")
    dana.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    dana.say("still dana")
    dana.sees("still dana")

    dana.open(f"{hub.url}/kitchen#link={secrets[-1]}")  # in a fresh one
    expect(button(question, "Cancel")).to_be_focused()
    button(question, "Go on").click()
    expect(question).to_have_count(0)
    dana.say("now mira")
    dana.sees("now mira")
    assert [hub.events("general")[0]["by"], hub.events("kitchen")[0]["by"]] == ["dana", "mira"]


@ONLY_SOURCES
def test_a_code_is_asked_for_and_an_invitation_bears_it(
    hub: Serving, host: Host, meet: Visit, secrets: list[str]
) -> None:
    naor = host()
    card = let_in_by(naor, "With a code")
    expect(card.locator(".big-code span").first).to_be_visible()
    spoken = "-".join(card.locator(".big-code span").all_inner_texts())
    assert re.fullmatch(r"\w+(-\w+)+", spoken)
    secrets.append(spoken)
    naor.page.keyboard.press("Escape")
    button(naor, "Invite").click()
    invite = naor.page.get_by_role("dialog", name="Invite somebody")
    link = invite.locator(".address").first.inner_text()
    assert link.endswith(f"/general#code={spoken}")
    assert drawn(invite.get_by_role("img", name="QR code")) == qr.matrix(link)

    dana = meet(f"{hub.url}/general", browser=1)
    dana.expected = ("status of 401",)
    code = dana.page.get_by_role("textbox", name="Code")
    dana.page.get_by_role("textbox", name="Your name").fill("dana")
    told = dana.page.get_by_text("This Hearth has a code. Ask the host for it.")
    expect(told).to_have_count(1)
    button(dana, "Join").click()
    expect(dana.page.get_by_role("alert")).to_have_text(
        "This Hearth has a code. Ask the host for it."
    )
    expect(told).to_have_count(1)
    code.fill("AAAA-AAAA")
    button(dana, "Join").click()
    expect(dana.page.get_by_role("alert")).to_contain_text("not the code")
    expect(dana.message).to_have_count(0)
    code.fill(spoken.lower().replace("-", " "))
    button(dana, "Join").click()
    expect(dana.message).to_be_visible()

    mira = meet(reached(hub, link), browser=1)
    expect(mira.page).to_have_url(f"{hub.url}/general")
    expect(mira.page.get_by_role("textbox", name="Code")).to_have_count(0)
    mira.join("mira")
    mira.say("without a question")
    naor.sees("without a question")


def test_a_newcomer_asks_and_the_host_approves(
    hub: Serving, host: Host, meet: Visit, secrets: list[str]
) -> None:
    naor = host()
    card = let_in_by(naor, "With an account")
    button(card, "Make an invitation").click()
    link = card.locator(".once code").inner_text()
    secrets.append(link.partition("#invite=")[2])
    assert len(secrets[-1]) > 10
    assert drawn(card.get_by_role("img", name="QR code")) == qr.matrix(link)

    dana = meet(f"{hub.url}/general", browser=1)
    name_and_password(dana, "dana", PASSWORD, "Ask to come in")
    expect(dana.page.get_by_role("heading")).to_have_text("Waiting for the host")
    expect(naor.page.locator(".asks")).to_have_accessible_name("1 waiting, open the host panel")
    button(card, "Let dana in").click()
    expect(dana.message).to_be_visible()
    dana.say("let in")
    naor.sees("let in")

    mira = meet(reached(hub, link), browser=1)
    expect(mira.page).to_have_url(f"{hub.url}/general")
    name_and_password(mira, "mira", PASSWORD, "Come in")
    expect(mira.message).to_be_visible()
    mira.say("invited")
    dana.sees("invited")

    button(card, "Done").click()
    button(card, "Make an invitation").click()
    secrets.append(card.locator(".once code").inner_text().partition("#invite=")[2])
    button(card, "Withdraw").click()
    sure(naor, "Withdraw")
    expect(button(card, "Withdraw")).to_have_count(0)


def test_who_came_in_with_a_name_alone_asks_with_a_password(
    hub: Serving, host: Host, meet: Visit
) -> None:
    naor = host()
    dana = meet(f"{hub.url}/general", "dana", browser=1)
    dana.expected = ("status of 401",)
    dana.say("with a name alone")
    dana.sees("with a name alone")
    card = panel(naor, "Coming in")
    card.get_by_label("With an account").check()
    expect(card.get_by_text("Whoever has no password is shown out")).to_be_visible()
    button(card, "Require an account").click()
    told = dana.page.get_by_role("status").filter(has_text="Only people with an account")
    expect(told).to_be_visible()
    dana.page.reload()
    expect(dana.page.get_by_role("textbox", name="Your name")).to_have_value("dana")
    name_and_password(dana, "dana", PASSWORD, "Ask to come in")
    expect(dana.page.get_by_role("heading")).to_have_text("Waiting for the host")
    button(card, "Let dana in").click()
    dana.say("with a password")
    naor.sees("with a password")
    assert len({json.loads(line)["who"] for line in hub.lines()}) == 1


# -- rooms ------------------------------------------------------------------------------------


def test_a_private_room_is_for_those_in_it(hub: Serving, host: Host, meet: Visit) -> None:
    naor = host()
    naor.say("For everybody")
    mira = meet(f"{hub.url}/general", "mira", browser=1)
    dana = meet(f"{hub.url}/general", "dana", browser=1)
    invite = make_private(mira, "Birthday 🎂")
    mira.page.wait_for_url("**/private-*")
    address = mira.page.url
    invite.get_by_label("Find people").fill("da")
    button(invite, "Invite dana").click()
    expect(rooms_of(dana).get_by_role("link", name="Birthday")).to_be_visible()
    button(invite, "Done").click()
    expect(mira.message).to_be_focused()
    rooms_of(dana).get_by_role("link", name="Birthday").click()
    mira.say("A cake?")
    dana.sees("A cake?")
    dana.say("With candles")
    mira.sees("With candles")
    expect(mira.log.get_by_text("mira brought in dana")).to_be_visible()

    expect(rooms_of(naor).get_by_text("Birthday")).to_have_count(0)
    card = panel(naor, "Rooms")
    expect(card.get_by_text("general", exact=True)).to_be_visible()
    expect(card.get_by_text("Birthday")).to_have_count(0)
    naor.expected = ("status of 404",)
    naor.open(address)
    expect(naor.page.get_by_text("There is no such room")).to_be_visible()
    expect(naor.page.get_by_text("cake")).to_have_count(0)

    button(mira, "About this room").click()
    about = mira.page.get_by_role("dialog", name="Birthday")
    button(about, "What to do with dana").click()
    button(about, "Remove").click()
    sure(mira, "Remove")
    expect(dana.page.get_by_role("heading", level=1)).to_have_text("general")
    expect(dana.page.get_by_text("You are no longer in")).to_be_visible()
    expect(rooms_of(dana).get_by_role("link", name="Birthday")).to_have_count(0)
    expect(dana.page.get_by_text("With candles")).to_have_count(0)


def test_a_direct_message_is_between_two(hub: Serving, meet: Visit) -> None:
    mira = meet(f"{hub.url}/general", "mira")
    dana = meet(f"{hub.url}/general", "dana", browser=1)
    with hub.talk(hub.session("noor")) as noor:
        noor.hello()
        people = mira.page.get_by_role("complementary", name="People here")
        people.get_by_role("listitem").filter(has_text="dana").hover()
        button(people, "Message dana").click()
        expect(mira.page.get_by_role("heading", level=1)).to_have_text("dana")
        mira.page.wait_for_url("**/dm-*")
        mira.say("Psst")
        rooms_of(dana).get_by_role("link", name="mira").click()
        dana.sees("Psst")
        dana.say("I listen")
        mira.sees("I listen")
        name = urlsplit(mira.page.url).path[1:]
        assert urlsplit(dana.page.url).path[1:] == name
        told = [json.dumps(line) for line in noor.quiet(0.3)]
    assert [line for line in told if name in line or "Psst" in line] == []


def test_the_host_sees_no_rooms_until_something_is_said(hub: Serving, host: Host) -> None:
    naor = host()
    card = panel(naor, "Rooms")
    expect(card.get_by_role("heading", name="No rooms yet")).to_be_visible()
    expect(card.get_by_role("listitem")).to_have_text(re.compile("from its first message on"))
    naor.page.keyboard.press("Escape")
    naor.say("Now there is one")
    naor.sees("Now there is one")
    expect(panel(naor, "Rooms").get_by_role("heading", name="1 room")).to_be_visible()


def test_cards_hold_the_focus_and_give_it_back(hub: Serving, host: Host) -> None:
    naor = host()
    naor.say("For the room's card")
    naor.sees("For the room's card")
    inside = """x => x.contains(document.activeElement)
        || document.activeElement === document.body"""  # the latter: in the browser's own controls
    for name in (
        re.compile("^You: "), "Host panel", "About this room", "Invite", "New private room",
        "Write to somebody", "Find or make a room",
    ):  # fmt: skip
        opener = button(naor, name)
        opener.press("Enter")
        card = naor.page.get_by_role("dialog")
        expect(card).to_have_accessible_name(re.compile("."))
        for _ in range(15):
            naor.page.keyboard.press("Tab")
            assert card.evaluate(inside)
        naor.page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        expect(opener).to_be_focused()


def test_announcements_are_read(hub: Serving, host: Host, meet: Visit) -> None:
    naor = host()
    mira = meet(f"{hub.url}/general", "mira", browser=1)
    button(panel(naor, "Rooms"), "Announcements").click()
    naor.page.get_by_label("Its name").fill("House News")
    button(naor, "Make the room").click()
    expect(naor.page).to_have_url(f"{hub.url}/house-news")
    naor.say("The boiler comes on Thursday")
    rooms_of(mira).get_by_role("link", name="House News").click()
    mira.sees("The boiler comes on Thursday")
    expect(mira.page.get_by_text("Only hosts, and whom they choose")).to_be_visible()
    expect(mira.message).to_have_count(0)

    button(naor, "About this room").click()
    about = naor.page.get_by_role("dialog")
    button(about, "Choose").click()
    button(about, "Choose mira").click()
    expect(mira.message).to_be_visible()
    mira.say("I keep the key")
    mira.sees("I keep the key")


# -- the host ---------------------------------------------------------------------------------


def test_the_host_removes_mutes_sends_out_and_bans(
    hub: Serving, host: Host, meet: Visit, secrets: list[str]
) -> None:
    naor = host()
    mira = meet(f"{hub.url}/general", "mira", browser=1)
    mira.expected = ("status of 403",)
    mira.open(f"{hub.url}/general#ticket={secrets[-1]}")
    expect(mira.page).to_have_url(f"{hub.url}/general")
    mira.say("Look at this")
    naor.sees("Look at this")
    expect(button(mira, "Host panel")).to_have_count(0)

    row = naor.row("Look at this")
    row.hover()
    button(row, "Remove").click()
    sure(naor, "Remove")
    expect(mira.log.get_by_text("This message was removed")).to_be_visible()
    expect(mira.log.get_by_text("Look at this")).to_have_count(0)

    card = panel(naor)
    person(card, "mira")
    button(card, "5 minutes").click()
    muted = card.locator(".tag").filter(has_text="muted")
    expect(muted).to_be_visible()
    mira.say("Hear me")
    expect(mira.page.get_by_text("A host has muted you").first).to_be_visible()
    assert [x["do"] for x in hub.events()] == ["say", "erase"]
    button(card, "Let speak again").click()
    expect(muted).to_have_count(0)
    button(mira, "Try again").click()
    naor.sees("Hear me")

    button(card, "Send out").click()
    sure(naor, "Send out")
    expect(mira.page.get_by_text("sent you out")).to_be_visible()
    mira.join("mirabel")
    mira.say("back again")
    naor.sees("back again")

    person(card, "mirabel")
    button(card, "Ban").click()
    sure(naor, "Ban")
    closed = mira.page.get_by_role("heading", name="This Hearth is closed to you")
    expect(closed).to_be_visible()
    told: Any = mira.page.evaluate(
        """() => fetch('/api/session', {
            method: 'POST', body: JSON.stringify({ name: 'somebody else' }),
            headers: { 'Content-Type': 'application/json' },
        }).then(async (answer) => [answer.status, (await answer.json()).error?.code])"""
    )
    assert told == [403, "banned"]
    mira.page.get_by_role("link", name="Look again").click()
    expect(closed).to_be_visible()
    expect(mira.page.get_by_role("textbox")).to_have_count(0)
    expect(card.locator("button.item").filter(has_text="mirabel")).to_contain_text("banned")
    button(card, "Lift the ban").click()
    expect(button(card, "Lift the ban")).to_have_count(0)
    mira.page.get_by_role("link", name="Look again").click()
    mira.sees("back again")
