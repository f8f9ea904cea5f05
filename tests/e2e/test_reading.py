"""Going through a long history: the reader's place stays, and both ends are one key away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import Serve
from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE
from tests.e2e.test_chat import fill
from tests.e2e.visitor import Held
from tests.patience import until
from tests.serving import Serving


@pytest.fixture
def full(serve: Serve, tmp_path: Path) -> Serving:
    """A hub whose room general has 1,000 messages."""
    fill(tmp_path / "full", 1000)
    return serve(tmp_path / "full")


def height(thing: Locator) -> float:
    box = thing.bounding_box()
    assert box is not None
    return box["y"]


def test_home_and_end_go_to_the_ends_of_the_room(full: Serving, visit: Visit) -> None:
    naor = visit(f"{full.url}/general", "naor")
    naor.sees("message 1000")
    for key, there in (("Home", "message 1"), ("End", "message 1000")) * 2:
        naor.log.press(key)
        expect(naor.log.get_by_text(there, exact=True)).to_be_in_viewport()
        naor.rests()
    assert naor.from_bottom() < 2
    full.say("a new one")
    expect(naor.log.get_by_text("a new one")).to_be_in_viewport()
    naor.log.press("ArrowUp")
    naor.page.keyboard.press("Home")
    expect(naor.log.get_by_text("This is where the room begins.")).to_be_in_viewport()
    first = naor.row("message 1")
    expect(first).to_be_focused()
    naor.page.keyboard.press("ArrowDown")
    expect(naor.row("message 2")).to_be_focused()
    full.say("below")
    expect(naor.page.get_by_role("button", name="1 new")).to_be_visible()
    expect(naor.row("message 1")).to_be_in_viewport()
    naor.page.keyboard.press("End")
    expect(naor.log.get_by_text("below", exact=True)).to_be_in_viewport()


def test_of_home_and_end_the_last_one_counts(full: Serving, visit: Visit) -> None:
    naor = visit(f"{full.url}/general", "naor")
    naor.sees("message 1000")
    held = Held(naor.page, re.compile("[?]after=0&"))
    naor.log.press("Home")
    until(lambda: naor.page.wait_for_timeout(20) or held)
    naor.log.press("End")
    held.release()
    naor.rests()
    expect(naor.log.get_by_text("message 1000", exact=True)).to_be_in_viewport()


def test_earlier_messages_leave_the_first_one_where_it_is(full: Serving, visit: Visit) -> None:
    naor = visit(f"{full.url}/general", **PHONE)
    held = Held(naor.page, re.compile("[?]before="))
    naor.join("naor")
    naor.sees("message 1000")
    first = naor.log.get_by_text("message 941", exact=True)
    naor.rests()  # the last rows are drawn before the ones above them
    naor.scroll_to_top()
    until(lambda: naor.page.wait_for_timeout(20) or held)
    naor.rests()
    expect(first).to_be_in_viewport()
    before = height(first)
    held.release()
    expect(naor.log.get_by_text("message 940", exact=True)).to_be_attached()
    naor.rests()
    assert abs(height(first) - before) < 1.5
    expect(naor.row("message 941").locator(".avatar")).to_have_count(0)  # it continues a group now


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_the_line_of_a_pin_leaves_what_is_read_where_it_is(
    full: Serving, visit: Visit, options: dict[str, Any]
) -> None:
    naor = visit(f"{full.url}/general", "naor", **options)
    naor.sees("message 1000")
    naor.log.evaluate("log => { log.scrollTop -= 600 }")
    naor.rests()
    shown = naor.log.get_by_text("message 980", exact=True)
    before = height(shown)
    line = naor.page.get_by_role("region", name="Pinned")
    with full.talk(full.session("mira")) as mira:
        mira.hello()
        mira.join()
        mira.do("pin", of=3)
        expect(line).to_contain_text("message 3")
        naor.rests()
        assert abs(height(shown) - before) < 1.5
        mira.do("pin", of=3)
        expect(line).to_have_count(0)
        naor.rests()
        assert abs(height(shown) - before) < 1.5
