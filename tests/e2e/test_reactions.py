"""Reactions to a message: who chose which, many of them, and texts that are none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from hub.net import addresses
from hub.protocol.events import FORMAT, Event, Header, line_of
from hub.protocol.moment import moment
from tests.conftest import Live, Serve
from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.serving import Serving

START = 1_795_000_000


def write(folder: Path, texts: Sequence[str]) -> None:
    """A room in which one message has these reactions, by as many people."""
    folder.mkdir(parents=True, exist_ok=True)
    events = [Event(room="general", n=1, at="", by="mira", who="p_m", do="say", text="Look!")]
    for n, text in enumerate(texts, 2):
        who = f"p_{n}"
        event = Event(room="general", n=n, at="", by=f"guest {n}", who=who, do="react", of=1)
        event.text = text
        events.append(event)
    for event in events:
        event.at = moment(START + event.n)
    lines = [line_of(Header(FORMAT, "general", "0123456789abcdef", moment(START)))]
    (folder / "general.jsonl").write_bytes(b"".join([*lines, *map(line_of, events)]))


@SIZES
def test_ten_thousand_reactions_fold(
    serve: Serve, tmp_path: Path, visit: Visit, size: dict[str, Any]
) -> None:
    write(tmp_path / "rooms", [chr(0x1F000 + n) for n in range(10_000)])
    hub = serve(host=None)
    naor = visit(f"{addresses.reachable(hub.port)[0]}/general", "naor", **size)
    row = naor.row("Look!")
    expect(row).to_be_visible()
    chips = row.locator(".chip")
    expect(chips).to_have_count(21)
    more = row.get_by_role("button", name="9,980 more reactions")
    expect(more).to_have_text("+9,980")
    box = row.bounding_box()
    assert box
    assert box["height"] < 320
    assert naor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    press(more, size)
    card = naor.page.get_by_role("dialog", name="Reactions")
    expect(card.get_by_role("listitem")).to_have_count(100)
    card.get_by_role("button", name="Show more, 9,900 left").click()
    expect(card.get_by_role("listitem")).to_have_count(200)
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)
    naor.page.keyboard.press("Escape")
    press(chips.first, size)  # one that is there can still be chosen
    expect(chips.first).to_have_attribute("aria-pressed", "true")
    naor.sees("Look!")


def test_what_an_old_file_holds_is_shown_as_it_is(
    serve: Serve, tmp_path: Path, visit: Visit
) -> None:
    texts = ["lol", "+1", "<img src=x onerror=alert(1)>", "שלום", "👍"]
    write(tmp_path / "rooms", texts)
    hub = serve()
    naor = visit(f"{hub.url}/general", "naor")
    chips = naor.row("Look!").locator(".chip")
    expect(chips).to_contain_text([text[:16] for text in texts])
    assert naor.page.locator("img[src=x]").count() == 0


def test_one_too_many_is_told(serve: Serve, tmp_path: Path, visit: Visit) -> None:
    write(tmp_path / "rooms", [chr(0x1F400 + at) for at in range(50)])
    hub = serve()
    naor = visit(f"{hub.url}/general", "naor")
    row = naor.row("Look!")
    row.hover()
    row.get_by_role("button", name="React", exact=True).click()
    row.get_by_role("button", name="React with ❤️").click()
    told = "A message has at most 50 different reactions. Choose one of them."
    expect(naor.page.get_by_text(told)).to_be_visible()


@SIZES
def test_who_reacted_is_told(
    lan: Serving, lan_url: str, live: Live, visit: Visit, size: dict[str, Any]
) -> None:
    lan.say("Look!")
    mira = live("mira", lan)
    mira.join("general")
    mira.do("react", of=1, text="🎉")
    naor = visit(f"{lan_url}/general", "naor", **size)
    row = naor.row("Look!")
    expect(row.get_by_role("button", name="🎉 1, mira")).to_have_attribute("title", "mira")
    row.focus()
    naor.page.keyboard.press("Enter")
    menu = naor.page.get_by_role("dialog", name="Message actions")
    entry = menu.get_by_role("button", name="Who reacted")
    press(entry, size)
    card = naor.page.get_by_role("dialog", name="Reactions")
    expect(card.get_by_role("listitem")).to_have_text(["🎉mira"])
    mira.do("react", of=1, text="🎉")
    expect(card.get_by_text("Nobody has reacted.")).to_be_visible()
