"""A list of more rooms than the page draws."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from hub.net import addresses
from hub.protocol.events import FORMAT, Event, Header, line_of
from hub.protocol.moment import moment
from tests.conftest import Serve
from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.visitor import Held, Visitor
from tests.patience import until
from tests.serving import Serving

ROOMS = 300
VERY_MANY = 1300


@pytest.fixture
def hub(serve: Serve, tmp_path: Path) -> Serving:
    """A hub of more rooms than are drawn."""
    return serve(filled(tmp_path / "many", ROOMS, digits=3))


@pytest.fixture
def naor(hub: Serving, visit: Visit) -> Visitor:
    visitor = visit(f"{hub.url}/general", "naor")
    expect(link(visitor, "room-001")).to_be_visible()
    return visitor


@pytest.fixture
def crowded(serve: Serve, tmp_path: Path) -> Serving:
    """A hub on all interfaces, of more rooms than the page is told of at once; one has a look."""
    folder = filled(tmp_path / "crowded", VERY_MANY, digits=4)
    at = moment(1_760_000_000 + 7)
    look = Event(room="room-0007", n=2, at=at, by="mira", do="look", icon="⚓", tint="teal")
    with (folder / "room-0007.jsonl").open("ab") as file:
        file.write(line_of(look))
    return serve(folder, host=None)


def lan_url(hub: Serving) -> str:
    """The address at which peers reach it."""
    return addresses.reachable(hub.port)[0]


def filled(folder: Path, count: int, digits: int) -> Path:
    """So many rooms in this folder: the higher the number, the later."""
    folder.mkdir()
    for number in range(count):
        room = f"room-{number:0{digits}d}"
        event = Event(
            room=room, n=1, at=moment(1_760_000_000 + number), by="mira", do="say", text="Hello"
        )
        (folder / f"{room}.jsonl").write_bytes(line_of(Header(FORMAT, room)) + line_of(event))
    return folder


def link(visitor: Visitor, room: str) -> Locator:
    return visitor.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=room)


def scroll(visitor: Visitor, share: float) -> None:
    """Scroll the list of rooms to this share of its length."""
    visitor.page.locator(".rooms").evaluate(
        "(box, share) => { box.scrollTop = share * box.scrollHeight }", share
    )


def test_the_rooms_in_sight_are_drawn_and_keep_their_places(naor: Visitor) -> None:
    rows = naor.page.locator(".rooms li")
    expect(link(naor, "room-299")).to_have_count(0)
    assert rows.count() < ROOMS / 3
    length = naor.page.locator(".rooms").evaluate("box => box.scrollHeight")
    scroll(naor, 1)
    expect(link(naor, "room-299")).to_be_in_viewport()
    last = naor.page.locator(".rooms li", has=naor.page.get_by_text("room-299"))
    expect(last).to_have_attribute("aria-posinset", str(ROOMS + 1))  # after general
    expect(last).to_have_attribute("aria-setsize", str(ROOMS + 1))
    expect(link(naor, "room-001")).to_have_count(0)
    assert naor.page.locator(".rooms").evaluate("box => box.scrollHeight") == length
    scroll(naor, 0.5)
    expect(link(naor, "room-150")).to_be_attached()
    link(naor, "room-150").click()
    naor.sees("Hello")
    expect(naor.page).to_have_url(re.compile("/room-150$"))


def test_a_taller_window_shows_more_rows(naor: Visitor) -> None:
    naor.page.set_viewport_size({"width": 1200, "height": 400})
    scroll(naor, 0.5)
    expect(link(naor, "room-150")).to_be_in_viewport()
    naor.page.set_viewport_size({"width": 1200, "height": 2400})
    expect(link(naor, "room-190")).to_be_in_viewport()


def test_a_long_list_that_is_out_of_sight_leaves_the_page_in_peace(
    hub: Serving, naor: Visitor
) -> None:
    cookie = "; ".join(f"{x['name']}={x['value']}" for x in naor.context.cookies())
    for number in range(120):
        asked = {"kind": "private", "title": f"Plan {number:03d}"}
        hub.ask("POST", "/api/rooms", asked, {"Cookie": cookie, "Origin": hub.url})
    naor.page.reload()
    expect(link(naor, "room-001")).to_be_visible()
    scroll(naor, 1)
    expect(link(naor, "Plan 119")).to_be_in_viewport()
    expect(link(naor, "room-299")).to_have_count(0)
    link(naor, "Plan 119").click()
    expect(naor.page.get_by_role("heading", name="Plan 119", level=1)).to_be_visible()
    scroll(naor, 0)
    expect(link(naor, "room-001")).to_be_in_viewport()


def test_the_keyboard_walks_through_the_whole_list(naor: Visitor) -> None:
    link(naor, "room-000").focus()
    for _ in range(ROOMS - 1):
        naor.page.keyboard.press("Tab")
    expect(link(naor, "room-299")).to_be_focused()


def test_what_is_in_sight_is_up_to_date_though_all_rooms_move(
    hub: Serving, naor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.activity.ROOMS", 1)  # a second: the last one after five minutes
    scroll(naor, 1)
    expect(link(naor, "room-299")).to_be_in_viewport()
    for number in range(ROOMS):
        hub.say("Again", f"room-{number:03d}")
    expect(link(naor, "room-299").get_by_label("1 unread", exact=True)).to_be_attached()
    scroll(naor, 0)
    expect(link(naor, "room-010").get_by_label("1 unread", exact=True)).to_be_attached()


def test_the_next_rooms_come_where_the_list_ends(crowded: Serving, visit: Visit) -> None:
    naor = visit(f"{crowded.url}/general", "naor")
    expect(link(naor, "room-0301")).to_be_visible()
    row = naor.page.locator(".rooms li", has=naor.page.get_by_text("room-0301"))
    expect(row).to_have_attribute("aria-posinset", "3")
    expect(row).to_have_attribute("aria-setsize", "-1")  # it is not known yet
    naor.page.wait_for_load_state("networkidle")
    assert not any("after=" in address for address in naor.asked), "nobody has scrolled"
    scroll(naor, 1)
    expect(link(naor, "room-1299")).to_be_in_viewport()
    expect(naor.page.locator(f'.rooms [aria-setsize="{VERY_MANY + 1}"]').first).to_be_attached()
    scroll(naor, 1)
    expect(link(naor, "room-0299")).to_be_in_viewport()
    last = naor.page.locator(".rooms li", has=naor.page.get_by_text("room-0299"))
    expect(last).to_have_attribute("aria-posinset", str(VERY_MANY + 1))  # after general
    expect(last).to_have_attribute("aria-setsize", str(VERY_MANY + 1))
    crowded.say("Once more", "room-0010")
    scroll(naor, (VERY_MANY - 290) / VERY_MANY)
    expect(link(naor, "room-0010").get_by_label("1 unread", exact=True)).to_be_attached()


def test_a_room_that_is_not_among_the_latest_is_found(crowded: Serving, visit: Visit) -> None:
    naor = visit(f"{crowded.url}/room-0005", "naor")
    naor.sees("Hello")
    scroll(naor, 1)  # what is on view comes after the latest
    expect(link(naor, "room-0005")).to_have_attribute("aria-current", "page")
    naor.page.get_by_role("button", name="Find or make a room").click()
    sheet = naor.page.get_by_role("dialog")
    sheet.get_by_role("searchbox").fill("room-004")
    expect(sheet.get_by_role("status").filter(has_text="found")).to_have_text("10 found")
    sheet.get_by_role("button", name="room-0042").click()
    expect(naor.page).to_have_url(re.compile("/room-0042$"))
    naor.sees("Hello")


def directory(visitor: Visitor) -> Locator:
    """The list of all rooms, opened."""
    phone = visitor.page.get_by_role("button", name="Rooms", exact=True)
    if phone.is_visible():
        phone.tap()
    visitor.page.get_by_role("button", name="Find or make a room").click()
    return visitor.page.get_by_role("dialog", name="Rooms", exact=True)


@SIZES
def test_the_list_of_all_rooms_comes_as_one_scrolls(
    crowded: Serving, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{lan_url(crowded)}/general", "naor", **size)
    asked: list[str] = []
    naor.page.on("response", lambda x: asked.append(x.url) if "/api/rooms?" in x.url else None)
    sheet = directory(naor)
    rows = sheet.get_by_role("listitem")
    expect(rows.first).to_contain_text("room-1299")
    expect(rows.first).to_contain_text("1 message")
    expect(sheet.get_by_role("button", name="room-1200")).to_have_count(0)
    for drawn in (50, 100):
        expect(rows).to_have_count(drawn)
        rows.last.scroll_into_view_if_needed()
    expect(rows).to_have_count(150)
    expect(sheet.get_by_role("button", name="room-1150")).to_be_attached()
    pieces = [url for url in asked if "limit=1000" not in url]  # that is the sidebar's first piece
    assert len(pieces) >= 3
    assert all("limit=50" in url for url in pieces), asked


def without_its_rooms(route: Route) -> None:
    """A start as a hub answers it that has only just started: without its list."""
    answer = route.fetch()
    state = {key: x for key, x in answer.json().items() if not key.startswith("rooms")}
    route.fulfill(response=answer, json=state)


def test_who_is_faster_than_the_list_sees_all_rooms_too(crowded: Serving, visit: Visit) -> None:
    naor = visit(f"{crowded.url}/general", "naor")
    naor.page.route("**/api/start?*", without_its_rooms)
    held = Held(naor.page, "**/api/rooms?limit=1000")
    naor.page.reload()
    sheet = directory(naor)
    rows = sheet.get_by_role("listitem")
    expect(rows).to_have_count(1)  # general is always there
    assert held, "the list was there before"
    held.release()
    expect(rows.first).to_contain_text("room-1299")
    expect(rows).to_have_count(50)


@SIZES
def test_what_is_typed_is_found_by_the_hub(
    crowded: Serving, visit: Visit, size: dict[str, Any]
) -> None:
    session = crowded.session("mira")
    crowded.ask("POST", "/api/rooms/room-0003", {"do": "topic", "text": "Knots & splices"}, session)
    naor = visit(f"{lan_url(crowded)}/general", "naor", **size)
    sheet = directory(naor)
    box = sheet.get_by_role("searchbox", name="Find or make a room")
    if size:  # the keyboard does not come over the list by itself
        box.tap()
    expect(box).to_be_focused()
    naor.page.keyboard.type("SPLICES", delay=20)
    row = sheet.get_by_role("listitem")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Knots & splices")
    expect(sheet.get_by_role("status").filter(has_text="found")).to_have_text("1 found")
    naor.page.keyboard.press("ArrowDown")  # to what could be made of it
    expect(sheet.get_by_role("button", name="Make the room splices")).to_be_focused()
    naor.page.keyboard.press("ArrowDown")
    expect(row.get_by_role("button")).to_be_focused()
    naor.page.keyboard.press("ArrowUp")
    naor.page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    box.fill("room-0042")
    box.press("Enter")  # before the answer is there
    expect(naor.page).to_have_url(re.compile("/room-0042$"))
    sheet = directory(naor)
    expect(box).to_have_value("")
    box.fill("room-0043")
    press(row.get_by_role("button", name="room-0043"), size)
    expect(naor.page).to_have_url(re.compile("/room-0043$"))
    naor.sees("Hello")
    sheet = directory(naor)
    box.fill("room-012")
    expect(row).to_have_count(10)
    expect(sheet.get_by_role("button", name="Make the room room-012")).to_be_visible()
    box.press("Enter")
    expect(naor.page).to_have_url(re.compile("/room-0129$"))


def test_a_favourite_is_on_top_though_it_is_not_among_the_latest(
    crowded: Serving, visit: Visit
) -> None:
    session = crowded.session("naor")
    name, _, value = session["Cookie"].partition("=")
    of = {f"gone-{n}": {"favourite": True} for n in range(10)} | {"room-0005": {"favourite": True}}
    crowded.ask("PATCH", "/api/me/preferences", {"rooms": {"of": of}}, session)
    naor = visit("about:blank")
    naor.expected = ("404",)  # those that are gone
    naor.context.add_cookies([{"name": name, "value": value, "url": crowded.url}])
    naor.open(f"{crowded.url}/general")
    expect(naor.page.locator('[data-list="favourites"] .label')).to_have_text(["room-0005"])


def test_a_hub_that_does_not_answer_a_search_is_told(crowded: Serving, visit: Visit) -> None:
    naor = visit(f"{crowded.url}/general", "naor")
    naor.expected = ("ERR_FAILED",)
    sheet = directory(naor)
    expect(sheet.get_by_role("listitem").first).to_be_visible()
    naor.page.route("**/api/rooms?*", lambda route: route.abort())
    box = sheet.get_by_role("searchbox")
    box.fill("room-0042")
    expect(sheet.get_by_role("alert")).to_have_text("Hearth cannot be reached.")
    box.press("Enter")
    naor.page.wait_for_timeout(200)
    expect(sheet).to_be_visible()
    naor.page.unroute("**/api/rooms?*")
    box.fill("room-0043")
    expect(sheet.get_by_role("alert")).to_be_hidden()
    expect(sheet.get_by_role("button", name="room-0043")).to_be_visible()


@pytest.fixture
def anna(crowded: Serving, visit: Visit) -> Visitor:
    """A host, who has opened nothing so far."""
    visitor = visit("about:blank")
    name, _, value = crowded.as_host("anna")["Cookie"].partition("=")
    visitor.context.add_cookies([{"name": name, "value": value, "url": crowded.url}])
    return visitor


def hosts_rooms(visitor: Visitor, hub: Serving) -> Locator:
    """The host panel, opened at the rooms."""
    visitor.open(f"{hub.url}/general")
    visitor.page.get_by_role("button", name="Host panel").click()
    panel = visitor.page.get_by_role("dialog")
    panel.get_by_role("tab", name="Rooms").click()
    return panel


def test_a_host_reaches_the_rooms_that_are_not_among_the_latest(
    crowded: Serving, anna: Visitor
) -> None:
    panel = hosts_rooms(anna, crowded)
    panel.get_by_role("searchbox", name="Find a room").fill("room-0007")
    panel.get_by_role("button", name="Close the room: room-0007").click()
    expect(panel.get_by_role("button", name="Open the room again: room-0007")).to_be_visible()
    assert crowded.get("/api/rooms/room-0007").json["closed"]


def test_a_room_that_a_host_finds_has_its_own_look(crowded: Serving, anna: Visitor) -> None:
    panel = hosts_rooms(anna, crowded)
    panel.get_by_role("searchbox", name="Find a room").fill("room-0007")
    expect(panel.get_by_role("listitem").locator(".sign.look")).to_have_text("⚓")


def test_a_host_who_is_faster_than_the_list_finds_a_room_too(
    crowded: Serving, anna: Visitor
) -> None:
    anna.page.route("**/api/start?*", without_its_rooms)
    held = Held(anna.page, "**/api/rooms?limit=1000")
    panel = hosts_rooms(anna, crowded)
    box = panel.get_by_role("searchbox", name="Find a room")
    box.fill("room-0007")
    close = panel.get_by_role("button", name="Close the room: room-0007")
    expect(close).to_be_visible()
    until(lambda: anna.page.wait_for_timeout(20) or held, "the list was not asked for")
    held.release()
    expect(link(anna, "room-0301")).to_be_attached()
    expect(close).to_be_visible()


def test_the_last_letters_count_though_the_hub_is_slow(crowded: Serving, anna: Visitor) -> None:
    held = Held(anna.page, re.compile(r"/api/rooms\?.*find=room-000(&|$)"))
    panel = hosts_rooms(anna, crowded)
    box = panel.get_by_role("searchbox", name="Find a room")
    with anna.page.expect_request(re.compile("find=room-000(&|$)")):
        box.fill("room-000")
    box.press_sequentially("7")
    close = panel.get_by_role("button", name="Close the room: room-0007")
    expect(close).to_be_visible()
    held.release()
    expect(close).to_be_visible()
    expect(panel.get_by_role("listitem")).to_have_count(1)


def test_a_search_of_a_hosts_that_fails_is_told(crowded: Serving, anna: Visitor) -> None:
    anna.expected = ("ERR_FAILED",)
    panel = hosts_rooms(anna, crowded)
    box = panel.get_by_role("searchbox", name="Find a room")
    anna.page.route(re.compile("/api/rooms.*find="), lambda route: route.abort())
    box.fill("room-0007")
    expect(panel.get_by_role("alert")).to_have_text("Hearth cannot be reached.")
    anna.page.unroute(re.compile("/api/rooms.*find="))
    box.fill("room-0008")
    expect(panel.get_by_role("button", name="Close the room: room-0008")).to_be_visible()
    expect(panel.get_by_role("alert")).to_be_hidden()
