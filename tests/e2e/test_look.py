"""What the page looks like, measured: its edges, its colours, how much is on a screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import Serve
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.serving import Serving
from tests.talk import Talk

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
}  # fmt: skip
LONG = (
    "a line of text that is as long as a line of text can be until it has to break, and then some"
)
TO_THE_LEFT = "המחרטה פנויה אחרי עשר. מי צריך אותה היום?"
CONTRAST = 4.5

# Every text that is shown, with the contrast between it and what is below it. Grounds with a
# see-through colour are laid over what is below them; what fades in or out is left alone.
CONTRASTS = """() => {
    const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const paint = (colours) => {
        pen.clearRect(0, 0, 1, 1);
        for (const colour of colours) {
            pen.fillStyle = colour;
            pen.fillRect(0, 0, 1, 1);
        }
        return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (colour) => {
        const part = (x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
        const [r, g, b] = colour.map((x) => part(x / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode.parentElement;
        const seen = { opacityProperty: true, visibilityProperty: true };
        if (!walker.currentNode.data.trim() || !node.checkVisibility(seen)) continue;
        const range = document.createRange();
        range.selectNode(walker.currentNode);
        const { width, height } = range.getBoundingClientRect();
        if (width < 2 || height < 2 || node.closest('.quiet, .skip, [inert], option')) continue;
        const grounds = [];
        for (let at = node; at; at = at.parentElement) {
            grounds.unshift(getComputedStyle(at).backgroundColor);
            if (at.tagName === 'DIALOG') break;
        }
        const ground = light(paint(['white', ...grounds]));
        const text = light(paint(['white', ...grounds, getComputedStyle(node).color]));
        const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
        found.push([contrast, node.className, walker.currentNode.data.trim().slice(0, 30)]);
    }
    return found;
}"""


def button(inside: Visitor | Locator, name: str | re.Pattern[str]) -> Locator:
    """The button that is called exactly so."""
    place = inside.page if isinstance(inside, Visitor) else inside
    return place.get_by_role("button", name=name, exact=True)


def rooms_of(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("navigation", name="Rooms")


def edges(visitor: Visitor, selector: str) -> tuple[float, float]:
    """Where the first that is found starts and ends, from the left."""
    box = visitor.page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["x"], box["x"] + box["width"]


def close(one: float, other: float) -> bool:
    return abs(one - other) < 1


def on_screen(visitor: Visitor) -> int:
    """How many messages are shown whole."""
    count: int = visitor.log.evaluate(
        """log => {
            const { top, bottom } = log.getBoundingClientRect();
            const whole = (x) => x.top >= top - 0.5 && x.bottom <= bottom + 0.5;
            const boxes = [...log.querySelectorAll('.msg')].map((x) => x.getBoundingClientRect());
            return boxes.filter(whole).length;
        }"""
    )
    return count


def wider_than_its_window(visitor: Visitor) -> bool:
    wider: bool = visitor.page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wider


@pytest.fixture
def mira(hub: Serving) -> Iterator[Talk]:
    """Somebody who is in general."""
    with hub.talk(hub.session("mira")) as mira:
        mira.hello()
        mira.join()
        yield mira


def as_host(hub: Serving, visit: Visit, name: str = "naor", **options: Any) -> Visitor:
    return visit(f"{hub.url}/general#ticket={hub.server.ticket()}", name, **options)


# -- what stands around the messages ----------------------------------------------------------


def test_unread_is_bold_and_a_pill_is_for_me(hub: Serving, visit: Visit) -> None:
    hub.say("read", "kitchen")
    naor = visit(f"{hub.url}/general", "naor")
    kitchen = rooms_of(naor).get_by_role("link", name="kitchen")
    expect(kitchen).to_have_css("font-weight", "400")
    for text in ("one", "two"):
        hub.say(text, "kitchen")
    expect(kitchen.get_by_label("2 unread")).to_be_attached()
    expect(kitchen).to_have_css("font-weight", "600")
    expect(kitchen.locator(".badge")).to_have_count(0)
    mira = hub.session("mira")
    who = naor.page.evaluate("fetch('/api/me').then((x) => x.json()).then((x) => x.person.who)")
    made = hub.ask("POST", "/api/rooms", {"kind": "direct", "whom": who}, mira).json["room"]
    hub.ask("POST", f"/api/chat/{made}", {"msg": "Psst"}, mira)
    pill = rooms_of(naor).locator(".badge")
    expect(pill).to_have_text("1")
    expect(pill).to_have_accessible_name("1 unread")
    expect(rooms_of(naor).get_by_role("link", name="mira").locator(".badge")).to_have_count(1)


def test_who_is_named_in_the_room_on_view_gets_a_pill(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    for number in range(60):
        hub.say(f"message {number}")
    naor.sees("message 59")
    naor.scroll_to_top()
    expect(button(naor, "Newest")).to_be_visible()
    hub.say("for everybody")
    general = rooms_of(naor).get_by_role("link", name="general")
    expect(general.get_by_label("1 unread")).to_be_attached()
    expect(general.locator(".badge")).to_have_count(0)
    hub.say("and this for @naor.")
    expect(general.locator(".badge")).to_have_text("1")
    expect(general.get_by_label("2 unread, 1 for you")).to_be_visible()


# -- the gate ---------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_the_gate_says_which_room_and_how_many_are_here(
    hub: Serving, visit: Visit, mira: Talk, options: dict[str, Any]
) -> None:
    naor = visit(f"{hub.url}/general", **options)
    told = naor.page.locator(".gate-room")
    expect(told).to_have_text(re.compile(r"general\s*1 person is here"))
    begin, end = edges(naor, ".gate .field")
    marks = ["h1", ".gate .button.primary", ".gate-room", ".gate .plainlink", "label"]
    assert [x for x in marks if not close(edges(naor, x)[0], begin)] == []
    assert close(edges(naor, ".gate .button.primary")[1], end)
    assert naor.page.locator(".lone").evaluate("x => getComputedStyle(x).backgroundImage") == "none"
    assert not wider_than_its_window(naor)


def test_the_gate_tells_nobody_how_many_are_behind_a_code(serve: Serve, visit: Visit) -> None:
    hub = serve(hub_code="open sesame")
    naor = visit(f"{hub.url}/general")
    expect(naor.page.locator(".gate-room")).to_have_text("general")


def test_the_gate_of_a_private_room_says_nothing_of_it(hub: Serving, visit: Visit) -> None:
    headers = hub.session("mira")
    made = hub.ask("POST", "/api/rooms", {"kind": "private", "title": "Birthday"}, headers)
    naor = visit(f"{hub.url}/{made.json['room']}")
    expect(naor.page.get_by_role("textbox", name="Your name")).to_be_visible()
    expect(naor.page.locator(".gate-room")).to_have_count(0)


# -- for everybody ----------------------------------------------------------------------------


def poor(visitor: Visitor) -> list[tuple[float, str, str]]:
    """The texts on view whose contrast with their ground is too low."""
    found: list[tuple[float, str, str]] = visitor.page.evaluate(CONTRASTS)
    assert len(found) > 3
    return [x for x in found if x[0] < CONTRAST]


def small_targets(visitor: Visitor, selector: str) -> list[str]:
    expect(visitor.page.locator(selector).first).to_be_visible()
    found: list[str] = visitor.page.evaluate(
        """(selector) => [...document.querySelectorAll(selector)]
            .filter((x) => x.checkVisibility())
            .map((x) => {
                const after = getComputedStyle(x, '::after');
                const more = after.content === 'none' ? 0 : parseFloat(after.height);
                return [x, Math.max(x.getBoundingClientRect().height, more)];
            })
            .filter(([, height]) => height && height < 43.5)
            .map(([x, height]) => `${x.className || x.tagName} ${height}`)""",
        selector,
    )
    return found
