"""What people write with marks: tables, tasks, spoilers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES
from tests.e2e.visitor import Visitor
from tests.serving import Serving
from tests.talk import Talk

DIRECTIONS = pytest.mark.parametrize("direction", ["ltr", "rtl"])


@pytest.fixture
def mira(hub: Serving) -> Iterator[Talk]:
    """Somebody who is in general."""
    with hub.talk(hub.session("mira")) as mira:
        mira.hello()
        mira.join()
        yield mira


def spoiler(visitor: Visitor) -> Locator:
    return visitor.log.get_by_role("button", name="Spoiler", expanded=False)


@SIZES
def test_a_spoiler_is_seen_by_whoever_asks_for_it(
    lan_url: str, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(lan_url, "naor", **size)
    naor.message.fill("It was ||the **butler**||, see ||[here](http://192.168.1.5/)||")
    naor.message.press("Enter")
    naor.all_is_saved()
    expect(spoiler(naor)).to_have_count(2)
    hidden = naor.log.get_by_text("butler")
    expect(hidden).to_be_hidden()
    assert "butler" not in naor.log.aria_snapshot()
    if size:
        spoiler(naor).first.tap()
    else:
        spoiler(naor).first.click()
    expect(hidden).to_be_visible()
    assert "butler" in naor.log.aria_snapshot()
    spoiler(naor).press("Enter")
    expect(spoiler(naor)).to_have_count(0)
    expect(naor.log.get_by_role("link", name="here")).to_be_visible()
    focused = naor.page.evaluate("document.activeElement.textContent")
    assert focused == "here", "who reads with a keyboard goes on from there"


def test_a_revealed_spoiler_stays_so_and_another_text_is_hidden(
    hub: Serving, visit: Visit, mira: Talk
) -> None:
    mira.say("||one|| ||two||")
    naor = visit(f"{hub.url}/general", "naor")
    spoiler(naor).last.click()
    expect(naor.log.get_by_text("two")).to_be_visible()
    mira.do("react", of=1, text="👍")
    expect(naor.log.get_by_role("button", name="👍")).to_be_visible()
    expect(naor.log.get_by_text("two")).to_be_visible()
    expect(naor.log.get_by_text("one")).to_be_hidden()
    mira.do("edit", of=1, text="||one|| ||three||")
    expect(spoiler(naor)).to_have_count(2)


def test_a_reply_does_not_tell_what_is_hidden(hub: Serving, visit: Visit, mira: Talk) -> None:
    mira.say("It was ||the butler||")
    mira.say("No!", re=1)
    naor = visit(f"{hub.url}/general", "naor")
    expect(naor.log.get_by_role("button", name="It was (spoiler)")).to_be_visible()


@SIZES
@DIRECTIONS
def test_a_wide_table_scrolls_in_its_message(
    lan_url: str, visit: Visit, size: dict[str, Any], direction: str
) -> None:
    naor = visit(lan_url, "naor", reduced_motion="reduce", **size)
    naor.page.evaluate("dir => { document.documentElement.dir = dir }", direction)
    words = " | ".join(f"a longer word {n}" for n in range(20))
    naor.message.fill(f"{words}\n{'--|' * 20}\n{words}\n{words}")
    naor.message.press("Enter")
    table = naor.log.get_by_role("group", name="Table")
    expect(table.get_by_role("columnheader")).to_have_count(20)
    expect(table.get_by_role("row")).to_have_count(3)
    naor.rests()
    wide: bool = table.evaluate("x => x.scrollWidth > x.clientWidth + 100")
    assert wide
    assert naor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert naor.log.evaluate("x => x.scrollWidth <= x.clientWidth")
    table.focus()
    naor.page.keyboard.press("ArrowRight")
    naor.page.wait_for_timeout(300)
    assert table.evaluate("x => x.scrollLeft") > 0


@SIZES
def test_a_task_says_whether_it_is_done(lan_url: str, visit: Visit, size: dict[str, Any]) -> None:
    naor = visit(lan_url, "naor", **size)
    naor.say("- [x] bread\n- [ ] milk\n- cheese")
    expect(naor.log.get_by_role("checkbox", name="Done")).to_be_checked()
    expect(naor.log.get_by_role("checkbox", name="To do")).not_to_be_checked()
    expect(naor.log.get_by_role("checkbox", name="To do")).to_be_disabled()
    expect(naor.log.get_by_role("listitem")).to_have_count(3)


def test_keys_show_a_spoiler_in_a_thread_too(hub: Serving, visit: Visit, mira: Talk) -> None:
    mira.say("Who was it?")
    mira.say("It was ||the butler||", re=1)
    naor = visit(f"{hub.url}/general", "naor")
    naor.log.get_by_role("button", name="1 reply").click()
    thread = naor.page.get_by_role("complementary", name="Thread")
    thread.get_by_role("button", name="Spoiler").press("Enter")
    expect(thread.get_by_text("the butler")).to_be_visible()
    expect(spoiler(naor)).to_have_count(1)
