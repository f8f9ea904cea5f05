"""The cards over the page, each by what somebody does with it: rooms, topics, pins, people."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import Live
from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE
from tests.e2e.test_look import as_host, button, rooms_of
from tests.e2e.visitor import Visitor
from tests.serving import Serving
from tests.talk import Talk


@pytest.fixture
def hers(hub: Serving) -> dict[str, str]:
    """The headers of mira's requests."""
    return hub.session("mira")


@pytest.fixture
def mira(hub: Serving, hers: dict[str, str]) -> Iterator[Talk]:
    """Somebody who is in general."""
    with hub.talk(hers) as mira:
        mira.hello()
        mira.join()
        yield mira


def card_of(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("dialog", name=name, exact=True)


def test_a_card_that_is_opened_again_at_once_is_not_empty(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    button(naor, "New private room").click()
    expect(card_of(naor, "New private room")).to_be_visible()
    naor.page.evaluate(
        """() => {
            const card = document.querySelector('hearth-room-directory');
            card.close();
            card.open('direct');
        }"""
    )
    expect(card_of(naor, "Write to somebody")).to_be_visible()
    naor.page.wait_for_timeout(100)
    expect(naor.page.get_by_role("searchbox", name="To whom?")).to_be_visible()
    naor.page.keyboard.press("Escape")
    said = naor.page.evaluate(
        """async () => {
            const card = document.querySelector('hearth-question');
            const soon = () => new Promise((done) => setTimeout(done));
            card.ask({ title: 'One?', text: '', yes: 'Yes' });
            await soon();
            const dialog = card.querySelector('dialog');
            const told = new Promise((done) => dialog.addEventListener('close', done));
            dialog.close();
            const said = card.ask({ title: 'Two?', text: '', yes: 'Yes' });
            await told;
            card.querySelector('.button.danger').click();
            return said;
        }"""
    )
    assert said is True


# -- rooms ------------------------------------------------------------------------------------


def test_a_card_that_does_not_come_says_so(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expected = ("ERR_FAILED",)
    naor.page.route("**/room-directory.js", lambda route: route.abort())
    button(naor, "New private room").click()
    expect(naor.page.get_by_text("That did not come from the hub.")).to_be_visible()
    expect(card_of(naor, "New private room")).to_be_hidden()
    naor.page.unroute("**/room-directory.js")
    naor.page.reload()  # a browser does not ask again for a module that did not come
    button(naor, "New private room").click()
    expect(card_of(naor, "New private room")).to_be_visible()


def test_a_card_whose_style_does_not_come_says_so_and_comes_later(
    hub: Serving, visit: Visit
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expected = ("ERR_FAILED",)
    naor.page.evaluate("window.same = true")
    naor.page.route("**/later.css", lambda route: route.abort())
    button(naor, "New private room").click()
    expect(naor.page.get_by_text("That did not come from the hub.")).to_be_visible()
    expect(card_of(naor, "New private room")).to_be_hidden()
    naor.page.unroute("**/later.css")
    button(naor, "New private room").click()
    expect(card_of(naor, "New private room")).to_be_visible()
    assert card_of(naor, "New private room").evaluate("x => getComputedStyle(x).display") == "flex"
    assert naor.page.evaluate("window.same"), "the page was not loaded again"


def test_one_sheet_finds_rooms_and_makes_them(hub: Serving, visit: Visit) -> None:
    hub.say("Hello", "kitchen")
    hub.say("Hello", "workshop")
    naor = visit(f"{hub.url}/general", "naor")
    expect(rooms_of(naor).get_by_role("heading", name="Rooms")).to_be_visible()
    find = button(naor, "Find or make a room")
    find.press("Enter")
    sheet = card_of(naor, "Rooms")
    rooms = sheet.get_by_role("listitem")
    expect(rooms).to_have_text([re.compile(x) for x in ("general", "kitchen", "workshop")])
    box = sheet.get_by_role("searchbox", name="Find or make a room")
    expect(box).to_be_focused()
    box.fill("KITCH")
    expect(rooms).to_have_count(1)
    expect(button(sheet, re.compile("^Make the room kitch"))).to_be_visible()
    box.fill("kitchen")
    expect(button(sheet, re.compile("^Make the room"))).to_have_count(0)
    box.press("Enter")
    expect(naor.page).to_have_url(f"{hub.url}/kitchen")
    expect(sheet).to_have_count(0)
    find.click()
    rule = "Only letters, digits, hyphens and underscores; spaces become hyphens."
    box.fill("Math Homework!")
    expect(sheet.get_by_role("status")).to_have_text(rule)
    expect(sheet.get_by_text(rule)).to_have_css("position", "static")  # for everybody to see
    box.fill("Math Homework")
    expect(button(sheet, re.compile("^Make the room math-homework"))).to_be_visible()
    box.fill("a/b")
    box.press("Enter")
    expect(sheet.get_by_role("alert")).to_have_text(rule)
    expect(sheet.get_by_text(rule)).to_have_count(1)
    box.fill("New Roof")
    box.press("Enter")
    expect(naor.page).to_have_url(f"{hub.url}/new-roof")
    find.click()
    button(sheet, re.compile("^New private room")).click()
    naor.page.get_by_label("Its name").fill("Birthday, 2027")
    button(naor, "Make the room").click()
    expect(card_of(naor, "Invite people")).to_be_visible()
    naor.page.keyboard.press("Escape")
    rooms_of(naor).get_by_role("link", name="general").click()
    find.click()
    box.fill("birthday, 2027")
    box.press("Enter")
    expect(naor.page.get_by_role("heading", level=1)).to_have_text("Birthday, 2027")
    expect(naor.page).to_have_url(re.compile("/private-"))


def test_a_new_room_stays_in_the_list_until_it_is_taken_off(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    button(naor, "Find or make a room").click()
    naor.page.get_by_role("searchbox", name="Find or make a room").fill("roof")
    button(naor, re.compile("^Make the room roof")).click()
    expect(naor.page.get_by_role("heading", level=1)).to_have_text("roof")
    roof = rooms_of(naor).get_by_role("link", name="roof")
    expect(roof).to_have_accessible_name("roof, nothing said yet")
    rooms_of(naor).get_by_role("link", name="general").click()
    expect(naor.page).to_have_url(f"{hub.url}/general")
    naor.page.reload()
    expect(roof).to_be_visible()
    assert not hub.folder.room_file("roof").exists()

    roof.click()
    naor.say("first")
    naor.sees("first")
    expect(roof).not_to_have_accessible_name(re.compile("nothing said yet"))

    naor.open(f"{hub.url}/cellar")
    cellar = rooms_of(naor).get_by_role("link", name="cellar")
    button(naor, "Take cellar off the list").click()
    expect(naor.page).to_have_url(f"{hub.url}/general")
    expect(cellar).to_have_count(0)
    naor.page.reload()
    expect(roof).to_be_visible()
    expect(cellar).to_have_count(0)


def test_what_kind_a_room_is_follows_its_name(hub: Serving, visit: Visit) -> None:
    naor = as_host(hub, visit)
    for kind in ("private", "announcements"):
        made = {"kind": kind, "title": f"Staff & {kind}", "name": "news"}
        answer = naor.page.evaluate(
            """made => fetch('/api/rooms', {
                method: 'POST', body: JSON.stringify(made),
                headers: { 'Content-Type': 'application/json' },
            }).then((x) => x.status)""",
            made,
        )
        assert answer == 201
        link = rooms_of(naor).get_by_role("link", name=f"Staff & {kind}")
        expect(link).to_have_accessible_name(f"Staff & {kind}, {kind}")


def test_in_the_list_of_people_only_a_name_is_cut(hub: Serving, visit: Visit, mira: Talk) -> None:
    name = "Wolfeschlegelsteinhausenberger"
    naor = visit(f"{hub.url}/general", name)
    people = naor.page.get_by_role("complementary", name="People here")
    mine = people.locator(".person").filter(has_text=name)
    expect(mine.locator("bdi")).to_have_css("text-overflow", "ellipsis")
    assert mine.locator("bdi").evaluate("x => x.scrollWidth > x.clientWidth"), "it is cut"
    you, column = mine.locator("small").bounding_box(), people.bounding_box()
    assert you is not None
    assert column is not None
    assert you["width"] > 15
    assert you["x"] + you["width"] <= column["x"] + column["width"]
    assert mine.get_attribute("title") == name
    expect(mine).to_have_accessible_name(f"{name} you")
    button(naor, "mira").first.click()
    button(naor, re.compile("^Mute for me")).click()
    naor.page.keyboard.press("Escape")
    expect(people.get_by_role("button", name="mira muted by you", exact=True)).to_be_visible()


def test_a_room_that_is_not_there_is_asked_for_once(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expected = ("status of 404",)
    asked: list[str] = []
    naor.page.on("request", lambda request: asked.append(request.url))
    naor.open(f"{hub.url}/private-x")
    expect(naor.page.get_by_role("heading", name="There is no such room")).to_be_visible()
    expect(naor.page.get_by_text("Connected", exact=True)).to_be_attached()
    naor.page.wait_for_timeout(500)
    assert len([url for url in asked if "/api/chat/private-x" in url]) == 1, asked


def test_somebody_else_in_this_browser_has_a_list_of_their_own(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/roof", "naor")
    roof = rooms_of(naor).get_by_role("link", name="roof")
    expect(button(naor, "Take roof off the list")).to_be_attached()
    naor.page.locator("button.me").click()
    button(naor, re.compile("^Log out here")).click()
    button(naor.page.get_by_role("dialog").last, "Log out").click()
    expect(naor.page.get_by_role("textbox", name="Your name")).to_be_visible()
    naor.open(f"{hub.url}/general")
    naor.join("dana")
    expect(rooms_of(naor).get_by_role("link", name="general")).to_be_visible()
    expect(roof).to_have_count(0)


# -- topic ------------------------------------------------------------------------------------


def test_the_topic_is_changed_where_it_stands(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    add = button(naor, "Add a topic")
    title, below = naor.page.get_by_role("heading", level=1).bounding_box(), add.bounding_box()
    assert title is not None
    assert below is not None
    assert below["y"] >= title["y"] + title["height"] - 1
    add.press("Enter")
    box = naor.page.get_by_role("textbox", name="Topic")
    expect(box).to_be_focused()
    box.fill("not this")
    box.press("Escape")
    expect(add).to_be_focused()
    add.click()
    box.fill("All about it")
    box.press("Enter")
    topic = naor.page.locator(".topic")
    expect(topic).to_have_text("All about it")
    expect(topic).to_be_focused()
    assert [x["do"] for x in hub.events()] == ["topic"]
    topic.click()
    expect(box).to_have_value("All about it")
    box.fill("")
    button(naor, "Save the topic").click()
    expect(add).to_be_visible()


def test_the_topic_is_there_before_the_room_was_joined(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("Hello")
    hub.ask(
        "POST", "/api/rooms/general", {"do": "topic", "text": "All about it"}, hub.session("mira")
    )
    expect(naor.page.locator(".topic")).to_have_text("All about it")
    for n in range(60):
        hub.say(f"message {n}")  # so that the topic's event is not among the latest
    naor.page.route_web_socket("**/api/live", lambda _: None)
    naor.page.reload()
    naor.sees("message 59")
    expect(naor.page.locator(".topic")).to_have_text("All about it")
    naor.page.locator(".topic").click()
    expect(naor.page.get_by_role("textbox", name="Topic")).to_have_value("All about it")


def test_who_may_not_change_a_topic_reads_all_of_it(hub: Serving, visit: Visit) -> None:
    host = hub.as_host("anna")
    made = {"kind": "announcements", "title": "News", "name": "news"}
    assert hub.ask("POST", "/api/rooms", made, host).status == 201
    long = "What everybody has to know, and quickly. " * 4
    hub.ask("POST", "/api/rooms/news", {"do": "topic", "text": long.strip()}, host)
    naor = visit(f"{hub.url}/general", "naor", **PHONE)
    naor.open(f"{hub.url}/news")
    topic = naor.page.locator(".topic")
    expect(topic).to_have_attribute("aria-expanded", "false")
    before = topic.bounding_box()
    topic.tap()
    expect(topic).to_have_attribute("aria-expanded", "true")
    after = topic.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"] * 2
    expect(naor.page.get_by_role("textbox", name="Topic")).to_have_count(0)


# -- pins -------------------------------------------------------------------------------------


def test_pins_have_a_word_a_list_and_an_end(hub: Serving, visit: Visit, mira: Talk) -> None:
    for text in ("first", "second", "third"):
        mira.say(text)
    for n in (1, 2):
        mira.do("pin", of=n)
    naor = visit(f"{hub.url}/general", "naor")
    line = naor.page.get_by_role("region", name="Pinned")
    expect(line).to_contain_text("Pinned")
    expect(line).to_contain_text("second")
    button(line, "All 2").press("Enter")
    card = card_of(naor, "Pinned messages")
    expect(card.get_by_role("listitem")).to_have_text([re.compile("second"), re.compile("first")])
    card.get_by_role("button", name="first").first.click()
    expect(card).to_have_count(0)
    expect(naor.row("first")).to_be_focused()

    button(line, "Put the pinned message away").click()
    expect(line).to_have_count(0)
    naor.page.reload()
    naor.sees("third")
    way = button(naor.page.get_by_role("complementary", name="People here"), "Pinned 2")
    expect(way).to_be_visible()
    expect(line).to_have_count(0)
    mira.do("pin", of=3)
    expect(line).to_contain_text("third")
    button(line, "Put the pinned message away").click()
    way = button(naor.page.get_by_role("complementary", name="People here"), "Pinned 3")
    way.click()
    button(card, "Unpin mira: third").click()
    expect(card.get_by_role("listitem")).to_have_count(2)
    expect(line).to_contain_text("second")
    for text in ("second", "first"):
        button(card, f"Unpin mira: {text}").click()
    expect(card).to_have_count(0)
    expect(line).to_have_count(0)


# -- people -----------------------------------------------------------------------------------


def test_a_persons_card_opens_from_their_name(hub: Serving, visit: Visit, mira: Talk) -> None:
    mira.say("Hello")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("Hello")
    card = card_of(naor, "mira")
    name = naor.row("Hello").get_by_role("button", name="mira")
    name.click()
    expect(card).to_contain_text("Here now")
    expect(button(card, "Ban")).to_have_count(0)
    naor.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(name).to_be_focused()
    naor.row("Hello").locator(".avatar").click()
    expect(card).to_be_visible()
    button(card, "Close").click()
    expect(name).to_be_focused()
    people = naor.page.get_by_role("complementary", name="People here")
    listed = button(people, "mira")
    listed.press("Enter")
    expect(card).to_be_visible()
    naor.page.keyboard.press("Escape")
    expect(listed).to_be_focused()
    naor.log.focus()
    naor.page.keyboard.press("ArrowUp")
    naor.page.keyboard.press("Tab")
    expect(name).to_be_focused()
    naor.page.keyboard.press("Enter")
    button(card, re.compile("^Write to them")).click()
    naor.page.wait_for_url("**/dm-*")
    expect(naor.message).to_be_focused()
    button(people, "naor you").click()
    expect(card_of(naor, "naor")).to_contain_text("This is you")
    button(card_of(naor, "naor"), re.compile("^Your name, devices")).click()
    expect(card_of(naor, "You")).to_be_visible()


def test_a_persons_card_opens_by_a_tap(hub: Serving, visit: Visit, mira: Talk) -> None:
    mira.say("Hello")
    hub.say("Hello too", username="cron")
    naor = visit(f"{hub.url}/general", "naor", **PHONE)
    naor.row("Hello").get_by_role("button", name="mira").tap()
    expect(card_of(naor, "mira")).to_be_visible()
    button(card_of(naor, "mira"), "Close").tap()
    naor.row("Hello too").locator(".avatar").tap()
    card = card_of(naor, "cron")
    expect(card).to_contain_text("Nobody has proved this name")
    expect(button(card, re.compile("^Write"))).to_have_count(0)


def test_only_the_name_of_the_message_with_the_focus_is_a_stop(hub: Serving, visit: Visit) -> None:
    for number in range(20):
        hub.say(f"message {number}", username=f"person{number}")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("message 19")
    naor.log.focus()
    naor.page.keyboard.press("Tab")
    expect(naor.message).to_be_focused()


def test_whom_i_mute_folds_to_a_line_for_me(
    hub: Serving, visit: Visit, mira: Talk, live: Live
) -> None:
    for text in ("one", "two"):
        mira.say(text)
    naor = visit(f"{hub.url}/general", "naor")
    dana = live("dana")
    dana.join()
    dana.say("between")
    naor.sees("between")
    naor.row("one").get_by_role("button", name="mira").click()
    button(card_of(naor, "mira"), re.compile("^Mute for me")).click()
    naor.page.keyboard.press("Escape")
    folded = naor.log.locator(".muted")
    expect(folded).to_have_text([re.compile("mira: 2 messages, muted by you")])
    people = naor.page.get_by_role("complementary", name="People here")
    expect(button(people, "mira muted by you")).to_be_visible()
    expect(naor.row("one")).to_have_count(0)
    mira.say("three")
    expect(folded).to_have_count(2)
    dana.say("named")
    naor.sees("named")
    button(naor, "Show what mira said").first.click()
    naor.sees("one")
    naor.sees("two")
    expect(folded).to_have_count(1)

    naor.page.reload()
    naor.sees("named")
    expect(folded).to_have_text([re.compile("2 messages"), re.compile("1 message,")])
    naor.page.locator("button.me").click()
    you = card_of(naor, "You")
    button(you, re.compile("^Muted by you")).click()
    button(naor, "Unmute mira").click()
    expect(naor.page.get_by_text("Nobody. You mute somebody")).to_be_visible()
    naor.page.keyboard.press("Escape")
    expect(folded).to_have_count(0)
    naor.sees("three")


def test_whom_i_mute_is_no_news(
    hub: Serving, visit: Visit, mira: Talk, hers: dict[str, str]
) -> None:
    for number in range(60):
        hub.say(f"message {number}")
    mira.say("Hello")
    naor = visit(f"{hub.url}/general", "naor")
    naor.row("Hello").get_by_role("button", name="mira").click()
    button(card_of(naor, "mira"), re.compile("^Mute for me")).click()
    naor.page.keyboard.press("Escape")
    naor.scroll_to_top()
    expect(button(naor, "Newest")).to_be_visible()
    mira.send("typing", room="general")
    mira.say("for @naor")
    hub.say("from another")
    expect(button(naor, "1 new")).to_be_visible()
    expect(naor.page).to_have_title(re.compile("^• "))
    expect(naor.page.get_by_text("mira is writing")).to_have_count(0)
    who = naor.page.evaluate("fetch('/api/me').then((x) => x.json()).then((x) => x.person.who)")
    made = hub.ask("POST", "/api/rooms", {"kind": "direct", "whom": who}, hers).json["room"]
    hub.ask("POST", f"/api/chat/{made}", {"msg": "Psst"}, hers)
    talk = rooms_of(naor).get_by_role("link", name="mira")
    expect(talk.get_by_label("1 unread")).to_be_attached()
    expect(rooms_of(naor).locator(".badge")).to_have_count(0)


def test_a_muted_message_is_shown_where_something_leads_to_it(
    hub: Serving, visit: Visit, mira: Talk
) -> None:
    mira.say("asked")
    hub.say("answered", re=1)
    naor = visit(f"{hub.url}/general", "naor")
    naor.row("asked").get_by_role("button", name="mira").click()
    button(card_of(naor, "mira"), re.compile("^Mute for me")).click()
    naor.page.keyboard.press("Escape")
    quote = naor.row("answered").locator(".quote")
    expect(quote).to_contain_text("Muted by you")
    quote.click()
    expect(naor.row("asked")).to_be_focused()


def test_a_card_that_closes_leaves_the_focus_where_it_was_put_since(
    hub: Serving, visit: Visit, mira: Talk
) -> None:
    mira.say("asked")
    hub.say("answered", re=1)
    naor = visit(f"{hub.url}/general", "naor")
    naor.row("asked").get_by_role("button", name="mira").click()
    button(card_of(naor, "mira"), re.compile("^Mute for me")).click()
    expect(naor.row("answered").locator(".quote")).to_contain_text("Muted by you")
    focused = naor.page.evaluate(
        """async () => {
            const after = (ms) => new Promise((go) => setTimeout(go, ms));
            document.querySelector('dialog[open]').close(); // what opened it is gone
            for (let i = 0; i < 40; i++) {
                await after(5);
                const row = document.querySelector('.msg');
                if (i < 2) row.focus();
                if (document.activeElement !== row) return document.activeElement.outerHTML;
            }
            return '';
        }"""
    )
    assert focused == ""


def test_a_host_acts_from_a_persons_card(hub: Serving, visit: Visit, mira: Talk) -> None:
    mira.say("Hello")
    naor = as_host(hub, visit)
    naor.row("Hello").get_by_role("button", name="mira").click()
    card = card_of(naor, "mira")
    button(card, "5 minutes").click()
    expect(button(card, "Let speak again")).to_be_visible()
    button(card, "Let speak again").click()
    button(card, "Ban").click()
    question = card_of(naor, "Ban mira?")
    button(question, "Cancel").click()
    expect(button(card, "Ban")).to_be_visible()
    button(card, "Send out").click()
    button(card_of(naor, "Send mira out?"), "Send out").click()
    button(card, "Ban").click()
    button(question, "Ban").click()
    expect(button(card, "Lift the ban")).to_be_visible()
