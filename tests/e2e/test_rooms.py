"""What somebody does with rooms as such: how they look, where they stand, what they are for."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import Live
from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE, press
from tests.e2e.visitor import Visitor
from tests.serving import Serving

DEVICES = pytest.mark.parametrize("device", [{}, PHONE], ids=["wide", "phone"])
Device = dict[str, object]


def card(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("dialog", name=name, exact=True)


def side(visitor: Visitor) -> Locator:
    """The column of rooms, brought in where it is a drawer."""
    button = visitor.page.get_by_role("button", name=re.compile("^Rooms"))
    if button.is_visible() and not visitor.page.locator(".drawer-rooms").count():
        button.tap()
        visitor.page.wait_for_timeout(400)  # it slides in
    return visitor.page.get_by_role("navigation", name="Rooms")


# -- how a room looks -------------------------------------------------------------------------


@DEVICES
def test_a_room_gets_an_icon_and_a_colour(
    lan: Serving, lan_url: str, visit: Visit, device: Device
) -> None:
    naor = visit(f"{lan_url}/garden", "naor", **device)
    naor.say("Hello")
    naor.sees("Hello")
    mira = visit(f"{lan_url}/general", "mira")
    press(naor.page.get_by_role("button", name="About this room"), device)
    press(card(naor, "garden").get_by_text("Icon and colour"), device)
    form = card(naor, "How the room looks")
    field = form.get_by_role("textbox", name="Or one letter")
    naor.expected = ("422",)
    field.fill("<b>")
    press(form.get_by_role("button", name="Save"), device)
    expect(form.get_by_role("alert")).to_have_text("A room’s icon is one emoji or one letter.")
    press(form.get_by_role("button", name="🎉"), device)
    expect(field).to_have_value("")
    expect(form.get_by_role("alert")).to_be_hidden()
    press(form.get_by_role("button", name="No icon"), device)
    expect(form.get_by_role("button", name="Choose an emoji")).to_be_focused()
    field.fill("ז")
    press(form.get_by_role("button", name="Icon: ז"), device)
    picker = card(naor, "Emoji")
    picker.get_by_role("searchbox").fill("seedling")
    press(picker.get_by_role("gridcell", name="seedling"), device)
    expect(form.get_by_role("button", name="Icon: 🌱")).to_be_focused()
    expect(field).to_have_value("")
    form.get_by_role("radio", name="green").check(force=True)
    press(form.get_by_role("button", name="Save"), device)
    naor.page.keyboard.press("Escape")
    expect(naor.page.locator(".head .look")).to_have_text("🌱")
    expect(naor.log.get_by_text("naor gave the room the icon 🌱")).to_be_visible()
    for visitor in (mira, naor):
        link = side(visitor).get_by_role("link", name="garden")
        expect(link.locator(".look")).to_have_text("🌱")
    mira.page.get_by_role("button", name="Find or make a room").click()
    row = card(mira, "Rooms").get_by_role("listitem").filter(has_text="garden")
    expect(row.locator(".look.tinted")).to_have_text("🌱")


def test_who_may_not_say_what_a_room_is_about_may_not_change_its_look(
    hub: Serving, visit: Visit
) -> None:
    host = hub.as_host("anna")
    hub.ask("POST", "/api/rooms", {"kind": "announcements", "title": "News"}, host)
    naor = visit(f"{hub.url}/general", "naor")
    naor.open(f"{hub.url}/news")
    naor.page.get_by_role("button", name="About this room").click()
    expect(card(naor, "News")).to_be_visible()
    expect(card(naor, "News").get_by_text("Icon and colour")).to_have_count(0)


# -- the list as somebody wants it --------------------------------------------------------------


@pytest.fixture
def talked(lan: Serving) -> Serving:
    for name in ("apples", "bread", "cheese"):
        lan.say("Hello", name)
    return lan


def names(visitor: Visitor, which: str = "shared") -> list[str]:
    return visitor.page.locator(f'[data-list="{which}"] .label').all_inner_texts()


def expect_names(visitor: Visitor, which: str, *those: str) -> None:
    expect(visitor.page.locator(f'[data-list="{which}"] .label')).to_have_text(list(those))


def options(visitor: Visitor, room: str, phone: bool) -> Locator:
    """The card of a room's options, as a finger or the mouse opens it."""
    link = side(visitor).get_by_role("link", name=room)
    if not phone:
        link.click(button="right")
    else:
        box = link.bounding_box()
        assert box is not None
        Finger(visitor, box["x"] + 30, box["y"] + 10).lift()
    return card(visitor, room)


class Finger:
    """A finger that holds a place of the page."""

    def __init__(self, visitor: Visitor, x: float, y: float) -> None:
        self._tool = visitor.context.new_cdp_session(visitor.page)
        self._send("touchStart", {"x": x, "y": y})
        visitor.page.wait_for_timeout(600)

    def move(self, x: float, y: float) -> None:
        self._send("touchMove", {"x": x, "y": y})

    def lift(self) -> None:
        self._send("touchEnd")

    def _send(self, kind: str, *points: dict[str, float]) -> None:
        self._tool.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})


@DEVICES
def test_favourites_muted_and_hidden_rooms_on_all_devices(
    talked: Serving, lan_url: str, visit: Visit, device: Device
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **device)
    other = visit(f"{lan_url}/api/health")
    other.context.add_cookies(naor.context.cookies())  # type: ignore[arg-type]
    other.open(f"{lan_url}/general")
    sheet = options(naor, "cheese", bool(device))
    press(sheet.get_by_text("Favourite", exact=True), device)
    sheet.get_by_role("combobox", name="Alerts of cheese").select_option("Nothing: muted")
    expect(sheet.get_by_text("Its messages are only counted")).to_be_visible()
    naor.page.keyboard.press("Escape")
    press(options(naor, "bread", bool(device)).get_by_text("Hide", exact=True), device)
    for visitor in (naor, other):
        expect_names(visitor, "favourites", "cheese")
        expect_names(visitor, "shared", "general", "apples")
    talked.say("More", "cheese")
    link = naor.page.get_by_role("link", name="cheese")
    expect(link.get_by_role("img", name="1 unread, muted")).to_be_attached()
    expect(naor.page).to_have_title("general · Hearth")  # what is muted is not told
    talked.say("More", "apples")
    expect(naor.page).to_have_title("• general · Hearth")
    other.page.get_by_role("button", name="Hidden 1").click()
    other.page.get_by_role("link", name="bread").click()
    for visitor in (naor, other):
        expect_names(visitor, "shared", "general", "apples", "bread")
    other.page.reload()
    expect_names(other, "favourites", "cheese")


@DEVICES
def test_what_calls_is_chosen_in_the_rooms_own_menu(
    talked: Serving, lan_url: str, visit: Visit, device: Device
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **device)
    title, page = re.compile("general · Hearth"), naor.page
    sheet = options(naor, "bread", bool(device))
    alerts = sheet.get_by_role("combobox", name="Alerts of bread")
    expect(alerts).to_have_value("mentions")
    expect(sheet.get_by_text("Mute", exact=True)).to_have_count(0)  # it is one of the choices
    alerts.select_option("Every message")
    page.keyboard.press("Escape")
    talked.say("More", "bread")
    expect(page).to_have_title("(1) general · Hearth")
    side(naor).get_by_role("link", name="bread").click()
    press(page.get_by_role("button", name="About this room"), device)
    about = card(naor, "bread").get_by_role("combobox", name="Alerts of bread")
    expect(about).to_have_value("all")
    about.select_option("Nothing: muted")
    page.keyboard.press("Escape")
    press(side(naor).get_by_role("link", name="general"), device)
    expect(page).to_have_title(title)
    talked.say("Again", "bread")
    link = side(naor).get_by_role("link", name="bread")
    expect(link.get_by_role("img", name="1 unread, muted")).to_be_attached()
    expect(page).to_have_title("general · Hearth")
    sheet = options(naor, "bread", bool(device))
    sheet.get_by_role("combobox", name="Alerts of bread").select_option("What is meant for me")
    page.keyboard.press("Escape")
    expect(page).to_have_title("• general · Hearth")


def test_in_a_direct_conversation_all_is_meant_for_me(
    lan: Serving, lan_url: str, visit: Visit, live: Live
) -> None:
    naor = visit(lan_url, "naor")
    live("mira", at=lan).join()
    naor.page.get_by_role("button", name="Message mira").click()
    expect(naor.page.get_by_role("heading", level=1)).to_have_text("mira")
    naor.page.get_by_role("button", name="About this room").click()
    alerts = card(naor, "mira").get_by_role("combobox", name="Alerts of mira")
    expect(alerts).to_have_value("all")
    expect(alerts.get_by_role("option")).to_have_text(["Every message", "Nothing: muted"])
    alerts.select_option("Nothing: muted")
    expect(card(naor, "mira").get_by_text("Its messages are only counted")).to_be_visible()


@DEVICES
def test_the_order_of_rooms_is_chosen(
    talked: Serving, lan_url: str, visit: Visit, device: Device
) -> None:
    naor = visit(f"{lan_url}/general", "naor", **device)
    sheet = options(naor, "cheese", bool(device))
    press(sheet.get_by_text("Move up", exact=True), device)
    expect_names(naor, "shared", "general", "apples", "cheese", "bread")
    press(sheet.get_by_text("Move down", exact=True), device)
    expect_names(naor, "shared", "general", "apples", "bread", "cheese")
    sheet.get_by_label("Order of all rooms").select_option("Latest first")
    talked.say("News", "apples")
    expect_names(naor, "shared", "apples", "cheese", "bread", "general")
    sheet.get_by_label("Order of all rooms").select_option("By name")
    expect_names(naor, "shared", "general", "apples", "bread", "cheese")


def test_rooms_are_put_in_order_with_keys(talked: Serving, lan_url: str, visit: Visit) -> None:
    naor = visit(f"{lan_url}/general", "naor")
    link = side(naor).get_by_role("link", name="cheese")
    link.focus()
    naor.page.keyboard.press("Alt+ArrowUp")
    expect_names(naor, "shared", "general", "apples", "cheese", "bread")
    expect(naor.page.get_by_text("“cheese” is now number 3 of 4.")).to_be_visible()
    expect(link).to_be_focused()
    naor.page.keyboard.press("Alt+ArrowUp")
    naor.page.keyboard.press("Alt+ArrowUp")
    expect_names(naor, "shared", "cheese", "general", "apples", "bread")
    naor.page.keyboard.press("Alt+ArrowUp")  # there is nothing above
    expect(link).to_be_focused()
    naor.page.keyboard.press("Alt+Enter")
    expect(card(naor, "cheese")).to_be_visible()
    naor.page.keyboard.press("Escape")
    expect(link).to_be_focused()
    naor.page.get_by_role("button", name="About this room").click()
    card(naor, "general").get_by_text("In your list of rooms").click()
    expect(card(naor, "general").get_by_text("Favourite", exact=True)).to_be_visible()


@DEVICES
def test_a_room_is_dragged(talked: Serving, lan_url: str, visit: Visit, device: Device) -> None:
    naor = visit(f"{lan_url}/general", "naor", **device)
    rooms = side(naor)
    boxes = [rooms.get_by_role("link", name=x).bounding_box() for x in ("cheese", "apples")]
    (x, y), (_, to) = [(box["x"] + 40, box["y"] + 6) for box in boxes if box]
    if device:
        finger = Finger(naor, x, y)
        for step in range(1, 11):
            finger.move(x, y + (to - y) * step / 10)
        finger.lift()
    else:
        naor.page.mouse.move(x, y)
        naor.page.mouse.down()
        naor.page.mouse.move(x, to, steps=10)
        naor.page.mouse.up()
    expect_names(naor, "shared", "general", "cheese", "apples", "bread")
    expect(naor.page).to_have_url(f"{lan_url}/general")  # it was not opened
    expect(card(naor, "cheese")).to_have_count(0)
    naor.page.reload()
    side(naor)
    expect_names(naor, "shared", "general", "cheese", "apples", "bread")


def test_preferences_that_are_broken_or_old_leave_the_list_whole(
    talked: Serving, visit: Visit
) -> None:
    session = talked.session("naor")
    name, _, value = session["Cookie"].partition("=")
    naor = visit("about:blank")
    naor.context.add_cookies([{"name": name, "value": value, "url": talked.url}])
    for rooms in (
        {"sort": "hand", "hand": ["gone", "cheese", 7, {"x": []}, "<img src=x>"], "of": {}},
        {"sort": ["hand"], "hand": {"a": 1}, "of": {"bread": "x", "apples": [1]}},
        {"of": {f"room-{n}": {"favourite": True} for n in range(1000)}, "sort": "hand"},
        "nothing",
    ):
        answer = talked.ask("PATCH", "/api/me/preferences", {"rooms": None}, session)
        answer = talked.ask("PATCH", "/api/me/preferences", {"rooms": rooms}, session)
        assert answer.status == 200
        naor.open(f"{talked.url}/general")
        found = names_sorted(naor)
        assert found == ["apples", "bread", "cheese", "general"], rooms


def names_sorted(visitor: Visitor) -> list[str]:
    expect(visitor.page.get_by_role("link", name="cheese")).to_be_visible()
    return sorted(names(visitor))


@DEVICES
def test_a_private_room_is_left(lan: Serving, lan_url: str, visit: Visit, device: Device) -> None:
    """From the list of rooms, and from the card about the room."""
    naor = visit(f"{lan_url}/general", "naor", **device)
    mira = lan.session("mira")
    who = lan.ask("GET", "/api/people?like=naor", None, mira).json["people"][0]["who"]
    for title in ("Plans", "Wishes"):
        made = lan.ask("POST", "/api/rooms", {"kind": "private", "title": title}, mira)
        lan.ask("POST", f"/api/rooms/{made.json['room']}", {"do": "invite", "whom": who}, mira)
    sheet = options(naor, "Plans", bool(device))
    press(sheet.get_by_text("Leave the room", exact=True), device)
    question = card(naor, "Leave “Plans”?")
    naor.page.wait_for_timeout(750)  # a question is answered once it was seen
    press(question.get_by_role("button", name="Leave"), device)
    expect(sheet).to_have_count(0)
    expect_names(naor, "private", "Wishes")
    press(side(naor).get_by_role("link", name="Wishes"), device)
    expect(naor.page.get_by_role("heading", level=1)).to_have_text("Wishes")
    press(naor.page.get_by_role("button", name="About this room"), device)
    press(card(naor, "Wishes").get_by_text("Leave the room", exact=True), device)
    question = card(naor, "Leave “Wishes”?")
    naor.page.wait_for_timeout(750)
    press(question.get_by_role("button", name="Leave"), device)
    expect(naor.page.get_by_role("heading", level=1)).to_have_text("general")
    expect_names(naor, "private")
    naor.expected = ("404",)
    naor.open(f"{lan_url}/{made.json['room']}")
    expect(naor.page.get_by_text("There is no such room")).to_be_visible()


# -- a room in which nothing was said -----------------------------------------------------------


@DEVICES
def test_an_empty_public_room_tells_what_can_be_done(
    lan: Serving, lan_url: str, visit: Visit, device: Device
) -> None:
    naor = visit(f"{lan_url}/garden", "naor", **device)
    expect(naor.log.get_by_text("Its address ends with /garden")).to_be_visible()
    press(naor.log.get_by_role("button", name="Say what it is about"), device)
    naor.page.get_by_role("textbox", name="Topic").fill("Beds and seeds")
    naor.page.keyboard.press("Enter")
    expect(naor.log.get_by_role("button", name="Say what it is about")).to_have_count(0)
    press(naor.log.get_by_role("button", name="Invite people"), device)
    expect(card(naor, "Invite somebody")).to_be_visible()
    naor.page.keyboard.press("Escape")
    press(naor.log.get_by_role("button", name="Icon and colour"), device)
    look = card(naor, "How the room looks")
    press(look.get_by_role("button", name="🌱"), device)
    press(look.get_by_role("button", name="Save"), device)
    expect(naor.page.get_by_role("dialog")).to_have_count(0)  # and what can be done is there
    press(naor.log.get_by_role("button", name="Write first"), device)
    expect(naor.message).to_be_focused()
    naor.say("Hello")
    naor.sees("Hello")
    expect(naor.log.get_by_role("button", name="Invite people")).to_have_count(0)


def test_an_empty_room_of_another_kind_offers_what_one_may(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    mira = hub.session("mira")
    host = hub.as_host("anna")
    hub.ask("POST", "/api/rooms", {"kind": "announcements", "title": "News"}, host)
    naor.open(f"{hub.url}/news")
    expect(naor.log.get_by_text("everybody reads, chosen people write")).to_be_visible()
    buttons = naor.log.get_by_role("button")
    expect(buttons).to_have_text(["Invite people"])
    who = hub.ask("GET", "/api/people?like=naor", None, mira).json["people"][0]["who"]
    room = hub.ask("POST", "/api/rooms", {"kind": "direct", "whom": who}, mira).json["room"]
    naor.open(f"{hub.url}/{room}")
    expect(naor.log.get_by_text("Only you and mira see what is said here.")).to_be_visible()
    expect(buttons).to_have_text(["Write first"])
    naor.page.get_by_role("button", name="New private room").click()
    naor.page.get_by_label("Its name").fill("Plans")
    naor.page.get_by_role("button", name="Make the room").click()
    naor.page.get_by_role("button", name="Done").click()
    expect(naor.page.get_by_role("dialog")).to_have_count(0)
    expect(naor.message).to_be_focused()
    expect(buttons).to_have_text(
        ["Write first", "Invite people", "Say what it is about", "Icon and colour"]
    )
    buttons.filter(has_text="Invite").click()
    expect(card(naor, "Invite people")).to_be_visible()
