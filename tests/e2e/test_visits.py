"""Coming again: one answer, then the live connection, and what happens between the two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import Live
from tests.e2e.conftest import Visit
from tests.e2e.test_unread import counts, second_device
from tests.e2e.visitor import Visitor
from tests.serving import Serving

STATE = "**/api/start?*"


def between(visitor: Visitor, act: Callable[[], Any]) -> None:
    """Have something happen after the hub's first answer, and before the page knows of it."""

    acts = [act]

    def answer(route: Route) -> None:
        told = route.fetch()
        if acts:
            acts.pop()()
        route.fulfill(response=told)

    # Not for one time: to end it drops what the page asks at that moment.
    visitor.page.route(STATE, answer)


def asked(page: Page) -> list[str]:
    """The requests to the hub's API that a page has made, without their queries."""
    names: list[str] = page.evaluate("performance.getEntriesByType('resource').map(x => x.name)")
    return [x.partition("/api")[2].partition("?")[0] for x in names if "/api/" in x]


def connected(page: Page) -> None:
    expect(page.get_by_text("Connected", exact=True)).to_be_attached()


@pytest.mark.parametrize("restarts", [False, True], ids=["", "restart"])
def test_nothing_is_missed_before_the_connection_is_there(
    hub: Serving, visit: Visit, live: Live, restarts: bool
) -> None:
    mira = live("mira")
    naor = visit(f"{hub.url}/general", "naor")
    naor.expect_losses()
    for room in ("garden", "kitchen"):
        hub.say("Hello", room)
    hub.say("before")
    naor.open(f"{hub.url}/api/health")

    def act() -> None:
        hub.say("in between")
        hub.say("in between", "kitchen")
        hub.say("in a new room", "attic")
        mira.expect("room", room="attic")  # all who are connected have been told by now
        if restarts:
            hub.restart()

    between(naor, act)
    naor.open(f"{hub.url}/general")
    naor.sees("before")
    naor.sees("in between")
    connected(naor.page)
    counts(naor, 1, "garden")
    counts(naor, 2, "kitchen")
    counts(naor, 1, "attic")
    assert asked(naor.page).count("/rooms") == 1
    hub.say("and now", "garden")
    counts(naor, 2, "garden")


def test_what_was_read_elsewhere_meanwhile_is_read(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    cookie = "; ".join(f"{x['name']}={x['value']}" for x in naor.context.cookies())
    headers = {"Cookie": cookie, "Origin": hub.url}
    for n in range(3):
        hub.say(f"{n}", "kitchen")
    counts(naor, 3, "kitchen")
    seen = {"do": "seen", "n": 2}
    between(naor, lambda: hub.ask("POST", "/api/rooms/kitchen", seen, headers))
    naor.page.reload()
    connected(naor.page)
    counts(naor, 1, "kitchen")


def test_what_was_set_elsewhere_meanwhile_is_shown(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    cookie = "; ".join(f"{x['name']}={x['value']}" for x in naor.context.cookies())
    headers = {"Cookie": cookie, "Origin": hub.url}
    link = naor.page.get_by_role("link", name="general")

    def change(muted: bool) -> None:
        patch = {"rooms": {"of": {"general": {"muted": muted}}}}
        assert hub.ask("PATCH", "/api/me/preferences", patch, headers).status == 200
        status = {"text": "Muted" if muted else "Heard"}
        assert hub.ask("PUT", "/api/me/status", status, headers).status == 204

    for muted in (True, False):
        between(naor, lambda muted=muted: change(muted))  # type: ignore[misc]
        naor.page.reload()
        connected(naor.page)
        me = naor.page.get_by_role("button", name="You: naor")
        expect(me.get_by_role("img", name="Muted" if muted else "Heard")).to_be_visible()
        expect(link.get_by_text("muted")).to_have_count(int(muted))
        naor.page.unroute(STATE)


def test_a_room_that_is_deleted_meanwhile_is_gone(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    cookie = "; ".join(f"{x['name']}={x['value']}" for x in naor.context.cookies())
    headers = {"Cookie": cookie, "Origin": hub.url}
    made = hub.ask("POST", "/api/rooms", {"kind": "private", "title": "Cellar"}, headers)
    room = made.json["room"]
    hub.ask("POST", f"/api/chat/{room}", {"msg": "Psst"}, headers)
    between(naor, lambda: hub.ask("DELETE", f"/api/rooms/{room}", None, headers))
    naor.open(f"{hub.url}/{room}")
    connected(naor.page)
    expect(naor.page.get_by_text("There is no such room")).to_be_visible()
    expect(naor.page.get_by_role("link", name="Cellar")).to_have_count(0)
    expect(naor.row("Psst")).to_have_count(0)


def test_a_second_device_begins_where_the_first_stopped(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    hub.say("read")
    naor.sees("read")
    naor.open(f"{hub.url}/kitchen")
    expect(naor.message).to_be_visible()
    hub.say("unread")
    counts(naor, 1)
    other = second_device(naor, visit, f"{hub.url}/general")
    other.sees("unread")
    new = other.log.get_by_text("New", exact=True)
    expect(new).to_be_visible()
    boxes = (x.bounding_box() for x in (other.row("read"), new, other.row("unread")))
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops)
    assert len(tops) == 3


@pytest.mark.parametrize("fragment", ["", "#code=xyz", "#ticket=nonsense"])
def test_the_first_question_is_asked_once(hub: Serving, visit: Visit, fragment: str) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expected = ("status of 403", "status of 404", "status of 409")
    naor.open(f"{hub.url}/api/health")
    naor.open(f"{hub.url}/general{fragment}")
    connected(naor.page)
    expect(naor.page).to_have_url(f"{hub.url}/general")
    first = ["/ticket"] if "ticket" in fragment else []
    assert asked(naor.page) == [*first, "/start"]


def test_two_tabs_at_once(hub: Serving, visit: Visit, live: Live) -> None:
    hub.say("Hello")
    naor = visit(f"{hub.url}/general", "naor")
    tabs = [naor.context.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto(f"{hub.url}/general", wait_until="commit")
    live("mira").say("to both")
    for tab in tabs:
        connected(tab)
        expect(tab.get_by_role("log").get_by_text("to both")).to_have_count(1)
        assert asked(tab).count("/start") == 1


def test_an_answer_that_fails_is_asked_for_again(hub: Serving, visit: Visit) -> None:
    hub.say("Hello")
    naor = visit(f"{hub.url}/general", "naor")
    naor.expect_losses()
    naor.page.route(STATE, lambda route: route.abort(), times=1)
    naor.page.reload()
    naor.sees("Hello")
    connected(naor.page)
