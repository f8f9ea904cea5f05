"""What the page looks like, measured: its edges, its colours, how much is on a screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import Serve
from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE
from tests.e2e.visitor import Visitor
from tests.serving import Serving
from tests.talk import Talk

LONG = (
    "a line of text that is as long as a line of text can be until it has to break, and then some"
)
TO_THE_LEFT = "המחרטה פנויה אחרי עשר. מי צריך אותה היום?"
CONTRAST = 4.5

# Every text that is shown, with the contrast between it and what is below it. Grounds with a
# see-through colour are laid over what is below them; what fades in or out is left alone.
CONTRASTS = """() => {
    const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const known = new Map();
    const light = (...colours) => {
        const key = String(colours);
        if (!known.has(key)) {
            pen.clearRect(0, 0, 1, 1);
            for (const colour of colours) {
                pen.fillStyle = colour;
                pen.fillRect(0, 0, 1, 1);
            }
            const part = (x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
            const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((x) => part(x / 255));
            known.set(key, 0.2126 * r + 0.7152 * g + 0.0722 * b);
        }
        return known.get(key);
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
        const ground = light('white', ...grounds);
        const text = light('white', ...grounds, getComputedStyle(node).color);
        const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
        found.push([contrast, node.className, walker.currentNode.data.trim().slice(0, 30)]);
    }
    return found;
}"""


# The contrast of each pair of a colour and a ground, as a style sheet would write them.
CONTRASTS_OF = """(pairs) => {
    const probe = document.body.appendChild(document.createElement('i'));
    const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const light = (colour) => {
        probe.style.setProperty('color', colour);
        pen.fillStyle = getComputedStyle(probe).color;
        pen.fillRect(0, 0, 1, 1);
        const part = (x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((x) => part(x / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    return pairs.map(([text, ground, tint]) => {
        probe.className = `tint-${tint}`;
        const both = [light(text), light(ground)];
        return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    });
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


# -- edges and density ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": {"width": 1280, "height": 800}},
        {"viewport": {"width": 1600, "height": 900}},
        {"viewport": {"width": 2560, "height": 1440}},
        PHONE,
    ],
    ids=["1280", "1600", "2560", "phone"],
)
def test_all_of_the_conversation_stands_between_two_edges(
    hub: Serving, visit: Visit, mira: Talk, options: dict[str, Any]
) -> None:
    for text in (LONG, f"```\n{LONG * 3}\n```", TO_THE_LEFT * 5):
        mira.say(text)
    mira.do("topic", text="All about it")
    for n in (1, 3):
        mira.do("pin", of=n)
    mira.say("Yes", re=1)
    naor = visit(f"{hub.url}/general", "naor", **options)
    naor.sees("Yes")
    phone = options is PHONE
    start, end = edges(naor, ".sheet-card")
    starts = [".day", ".msg .avatar", ".line.pinned .icon", ".head .menu .icon" if phone else "h1"]
    starts += [] if phone else [".head .topic"]
    ends = [".day", ".code-block", f".text p:has-text('{TO_THE_LEFT}')", ".line.pinned .knob .icon"]
    ends += [".head .knob:last-child .count" if phone else ".head .knob:last-child"]
    assert [x for x in starts if not close(edges(naor, x)[0], start)] == []
    assert [x for x in ends if not close(edges(naor, x)[1], end)] == []
    assert naor.log.evaluate("x => x.scrollWidth <= x.clientWidth"), "it cannot be moved sideways"
    naor.page.evaluate("document.documentElement.dir = 'rtl'")
    assert close(edges(naor, ".day")[0], edges(naor, ".sheet-card")[0])
    assert close(edges(naor, ".day")[1], edges(naor, ".sheet-card")[1])
    naor.page.evaluate("document.documentElement.dir = 'ltr'")
    naor.expect_losses()
    hub.stop()
    line = naor.page.locator(".line.status")
    expect(line).to_be_visible()
    padding = float(line.evaluate("x => parseFloat(getComputedStyle(x).paddingInlineStart)"))
    inside = edges(naor, ".line.status")[0] + padding, edges(naor, ".line.status")[1] - padding
    hub.start()
    assert close(inside[0], start)
    assert close(inside[1], end)
    assert not wider_than_its_window(naor)
    width = naor.page.evaluate("innerWidth")
    space = width - (0 if phone else 508)
    left = 0 if phone else 260
    assert close(start - left, left + space - end), "as far from the one side as from the other"


def test_so_many_messages_are_on_a_screen(hub: Serving, visit: Visit) -> None:
    with ExitStack() as stay:
        people = [stay.enter_context(hub.talk(hub.session(x))) for x in ("mira", "dana", "noor")]
        for person in people:
            person.hello()
            person.join()
        for number in range(60):
            people[number % 3].say(f"message {number}")
        naor = visit(f"{hub.url}/general", "naor")
        naor.sees("message 59")
        naor.rests()
        assert on_screen(naor) >= 14
        naor.page.locator("button.me").click()
        naor.page.get_by_role("combobox", name="Density").select_option("Compact")
        naor.page.keyboard.press("Escape")
        naor.rests()
        assert on_screen(naor) >= 22
        naor.page.reload()
        naor.sees("message 59")
        naor.rests()
        assert on_screen(naor) >= 22, "it is kept in this browser"
        assert naor.from_bottom() < 2
        name, text = edges(naor, ".msg .name"), edges(naor, ".msg .text")
        assert name[1] <= text[0] - 8 or name[1] <= text[0]
        assert close(edges(naor, ".msg .name")[0], edges(naor, ".sheet-card")[0])


def test_the_time_of_a_message_stands_8_pixels_off_its_text(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor", locale="en-US")  # times are longest there
    naor.say("first")
    naor.sees("first")
    naor.say("second")
    naor.sees("second")
    row = naor.row("second")
    row.hover()
    time, text = row.locator("time").bounding_box(), row.locator(".text").bounding_box()
    assert time is not None
    assert text is not None
    assert close(text["x"] - time["x"] - time["width"], 8)
    assert time["x"] > 260


def test_unverified_is_said_once_for_a_group(hub: Serving, visit: Visit) -> None:
    for text in ("backup began", "backup done"):
        hub.say(text, username="cron")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("backup done")
    expect(naor.log.get_by_text("unverified")).to_have_count(1)
    mark = naor.log.locator(".aside-mark")
    expect(mark).to_have_css("border-top-width", "0px")  # a word, not a box


# -- what stands around the messages ----------------------------------------------------------


def test_unread_is_bold_and_a_pill_is_for_me(hub: Serving, visit: Visit) -> None:
    hub.say("read", "kitchen")
    naor = visit(f"{hub.url}/kitchen", "naor")
    naor.sees("read")
    rooms_of(naor).get_by_role("link", name="general").click()
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


def test_on_a_phone_the_menu_has_a_dot_for_unread_and_a_number_for_me(
    hub: Serving, visit: Visit
) -> None:
    hub.say("read", "kitchen")
    naor = visit(f"{hub.url}/kitchen", "naor", **PHONE)
    naor.sees("read")
    naor.open(f"{hub.url}/general")
    hub.say("unread", "kitchen")
    menu = button(naor, "Rooms, 1 unread")
    expect(menu.locator(".spot")).to_be_visible()
    expect(menu.locator(".badge")).to_have_count(0)


def test_who_is_writing_stands_above_the_box(hub: Serving, visit: Visit, mira: Talk) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    expect(button(naor, "Message mira")).to_be_visible()  # the room has let them in
    before = naor.page.locator(".sheet-card").bounding_box()
    mira.send("typing", room="general")
    told = naor.page.get_by_text("mira is writing")
    expect(told).to_be_visible()
    above, card = told.bounding_box(), naor.page.locator(".sheet-card").bounding_box()
    assert above is not None
    assert card is not None
    assert above["y"] + above["height"] <= card["y"]
    assert card == before, "nothing moves for it"


def test_a_quote_has_a_bar_of_its_colour_and_the_arrow_of_its_tool(
    hub: Serving, visit: Visit, mira: Talk
) -> None:
    mira.say("asked")
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("plain")
    naor.sees("plain")
    mira.say("answered", re=1)
    naor.sees("answered")
    quote = naor.row("answered").locator(".quote")
    colours: list[str] = quote.evaluate(
        """x => {
            const bar = getComputedStyle(x, '::before');
            const name = getComputedStyle(x.querySelector('b'));
            return [bar.backgroundColor, name.color, bar.width];
        }"""
    )
    assert colours[0] == colours[1]
    assert colours[2] == "3px"
    naor.row("plain").hover()
    icons = [quote.locator("svg"), button(naor.row("plain"), "Reply").locator("svg")]
    for icon in icons:
        assert (icon.locator("use").get_attribute("href") or "").endswith("#reply")
        expect(icon).to_have_css("transform", "none")


def test_the_hosts_sheet_is_as_high_as_what_is_in_it(hub: Serving, visit: Visit) -> None:
    naor = as_host(hub, visit)
    for room in ("general", "kitchen"):
        hub.say("Hello", room)
    button(naor, "Host panel").click()
    sheet = naor.page.get_by_role("dialog", name="Host", exact=True)
    sheet.get_by_role("tab", name="Rooms").click()
    button(sheet, "Close the room: kitchen").click()
    expect(button(sheet, "Open the room again: kitchen")).to_have_text("Open the room again")
    heights, tops = [], []
    for tab in ("People", "Coming in", "Rooms"):
        sheet.get_by_role("tab", name=tab).click()
        expect(sheet.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        naor.page.wait_for_timeout(100)
        box = sheet.bounding_box()
        last = sheet.locator(".sheet-body > :last-child").bounding_box()
        assert box is not None
        assert last is not None
        assert box["y"] + box["height"] - last["y"] - last["height"] <= 26, tab
        heights.append(box["height"])
        tops.append(box["y"])
        if tab == "Rooms":
            places = [x.bounding_box() for x in sheet.locator("select").all()]
            assert len({x and (x["x"], x["width"]) for x in places}) == 1, "they are in line"
    assert len(places) == 2
    assert len(set(heights)) > 1
    assert len(set(tops)) == 1, "the tabs stay where they are"


# -- the gate ---------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_the_gate_says_which_room_and_how_many_are_here(
    hub: Serving, visit: Visit, mira: Talk, options: dict[str, Any]
) -> None:
    naor = visit(f"{hub.url}/general", **options)
    told = naor.page.locator(".gate-room")
    expect(told).to_have_text(re.compile(r"^general\s1 person is here$"))
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


def test_every_text_can_be_told_from_its_ground(hub: Serving, visit: Visit, mira: Talk) -> None:
    for number in range(12):  # of every colour that people have
        with hub.talk(hub.session(f"person {number}")) as other:
            other.hello()
            other.say(f"message {number}")
            other.do("react", of=1, text="👍")
    mira.say("`code` and [a link](http://192.168.1.5/)\n\n> quoted\n\n```\nmore\n```")
    mira.do("pin", of=1)
    mira.do("pin", of=3)
    hub.say("unverified, for @naor", re=1)
    hub.say("unread", "kitchen")
    stranger = visit(f"{hub.url}/general", reduced_motion="reduce")
    naor = as_host(hub, visit, reduced_motion="reduce")
    naor.sees("unverified, for @naor")
    faint = poor(stranger) + poor(naor)
    hub.say("more", "kitchen")
    with hub.talk(hub.session("noor")) as noor:
        noor.hello()
        naor.log.get_by_role("button", name="mira").first.click()
        faint += poor(naor)
        button(naor, re.compile("^Mute for me")).click()
        naor.page.keyboard.press("Escape")
        faint += poor(naor)
        for opener in (
            re.compile("^You: "), "Host panel", "Invite", "Find or make a room",
            "New private room", "About this room", "All 2",
        ):  # fmt: skip
            button(naor, opener).first.click()
            expect(naor.page.locator("dialog[open] h2").first).to_be_visible()
            naor.page.wait_for_timeout(150)  # what it holds may come a little later
            faint += poor(naor)
            naor.page.keyboard.press("Escape")
        button(naor, "Add a topic").first.click()
        naor.page.wait_for_timeout(150)
        faint += poor(naor)
    assert faint == []


def test_on_paper_the_list_is_as_long_as_its_rows(hub: Serving, visit: Visit) -> None:
    for number in range(30):
        hub.say(f"said {number}")
    naor = visit(f"{hub.url}/general", "naor")
    naor.rests()
    lengths = "log => [log.offsetHeight, log.firstElementChild.offsetHeight]"
    shown, rows = naor.log.evaluate(lengths)
    assert shown < rows
    naor.page.emulate_media(media="print")
    shown, rows = naor.log.evaluate(lengths)
    assert shown >= rows > 800


PAIRS = [
    ("--ink", ["--paper", "--side", "--card", "--hover", "--press", "--ember-wash", "--flash"]),
    ("--soft", ["--paper", "--side", "--card", "--hover", "--press", "--ember-wash"]),
    ("--ember", ["--paper", "--side", "--card", "--hover", "--ember-wash"]),
    ("--danger", ["--paper", "--side", "--card", "--hover", "--danger-wash"]),
    ("--on-ember", ["--ember-fill"]),
    ("--paper", ["--ink"]),
    *(
        (f"--code-{x}", ["--side"])
        for x in ("keyword", "string", "number", "title", "type", "attr")
    ),
]
"""Which colours texts have, and on which grounds."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_text_can_be_told_from_its_grounds(
    hub: Serving, visit: Visit, scheme: str
) -> None:
    """Also where no other test looks: under the pointer, of each colour that people have."""
    stranger = visit(f"{hub.url}/general", color_scheme=scheme)
    pairs = [[f"var({text})", f"var({ground})", 0] for text, grounds in PAIRS for ground in grounds]
    names = "oklch(var(--person-ink) var(--hue))"
    for tint in range(12):
        grounds = ("--paper", "--hover", "--ember-wash", "--flash")
        pairs += [[names, f"var({ground})", tint] for ground in grounds]
        on, wash = (f"oklch(var(--person-{x}) var(--hue))" for x in ("on", "wash"))
        pairs.append([on, wash, tint])
    found: list[float] = stranger.page.evaluate(CONTRASTS_OF, pairs)
    assert [(pair, x) for pair, x in zip(pairs, found, strict=True) if x < CONTRAST] == []


def poor(visitor: Visitor) -> list[tuple[str, str, float, str, str]]:
    """The texts on view whose contrast with their ground is too low, in each look of the page."""
    faint = []
    for scheme, density in product(("light", "dark"), ("comfortable", "compact")):
        visitor.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        visitor.page.evaluate(
            "look => { document.documentElement.dataset.density = look }", density
        )
        found = visitor.page.evaluate(CONTRASTS)
        assert len(found) > 3
        faint += [(scheme, density, *each) for each in found if each[0] < CONTRAST]
    return faint


def test_nothing_is_cut_off_where_it_is_narrow(hub: Serving, visit: Visit, mira: Talk) -> None:
    mira.say(LONG)
    mira.say("x" * 200)
    mira.do("topic", text=LONG)
    mira.do("pin", of=1)
    mira.do("pin", of=2)
    mira.say("Yes", re=1)
    naor = as_host(hub, visit, viewport={"width": 320, "height": 600})
    naor.sees("Yes")
    widths = (320, 640)  # the latter is a window of 1280 at 200 %
    for width, *look in product(widths, ("ltr", "rtl"), ("comfortable", "compact")):
        naor.page.set_viewport_size({"width": width, "height": 600})
        naor.page.evaluate(
            """([dir, density]) => {
                document.documentElement.dir = dir;
                document.documentElement.dataset.density = density;
                const frame = () => new Promise(requestAnimationFrame);
                return frame().then(frame).then(() => null);
            }""",
            look,
        )
        assert not wider_than_its_window(naor), (width, look)
        out: list[str] = naor.page.evaluate(
            """() => {
                const kinds = ['button', 'input', 'textarea', 'h1', '.msg > *'];
                return [...document.querySelectorAll(kinds.map((x) => `.talk ${x}`).join())]
                    .filter((x) => x.checkVisibility() && !x.closest('.quiet, .skip'))
                    .map((x) => [x.getBoundingClientRect(), x])
                    .filter(([{ left, right }]) => left < -0.5 || right > innerWidth + 0.5)
                    .map(([{ left, right }, x]) => `${x.className} ${left} ${right}`);
            }"""
        )
        assert out == [], (width, look)


def test_on_a_phone_what_is_pressed_is_as_large_as_a_thumb(
    hub: Serving, visit: Visit, mira: Talk
) -> None:
    mira.say("asked")
    for n in (1, 1):
        mira.do("pin", of=n)
    mira.do("pin", of=1)
    naor = visit(f"{hub.url}/roof", "naor", **PHONE)
    naor.open(f"{hub.url}/general")
    naor.sees("asked")
    small = small_targets(naor, ".head button, .line button, .composer button, .msg .name")
    button(naor, "Rooms").tap()
    small += small_targets(naor, ".side button, .side a")
    naor.page.keyboard.press("Escape")
    naor.log.get_by_role("button", name="mira").first.tap()
    small += small_targets(naor, "dialog[open] button")
    assert small == []


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
