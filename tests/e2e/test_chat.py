"""People who talk, each in a real browser: the page as contract 5 and the issue tell it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from hub.protocol.events import FORMAT, Event, Header, line_of
from hub.protocol.moment import moment
from tests.conftest import Serve
from tests.e2e.conftest import Visit
from tests.e2e.proxy import Proxy
from tests.e2e.visitor import Held, Visitor
from tests.patience import PATIENCE, until
from tests.serving import Serving

SCRIPT = "<img src=x onerror=\"document.title='broken into'\"><script>alert(1)</script>"


def fill(folder: Path, count: int, room: str = "general") -> None:
    """Put a room's history of so many messages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    header = Header(FORMAT, room, "0123456789abcdef", moment(0))
    lines = [line_of(header)]
    for n in range(1, count + 1):
        at = moment(1_795_000_000 + n)
        by = ("naor", "mira")[n // 7 % 2]
        lines.append(line_of(Event(room=room, n=n, at=at, by=by, do="say", text=f"message {n}")))
    (folder / f"{room}.jsonl").write_bytes(b"".join(lines))


def test_two_people_talk_and_text_is_text(lan: Serving, lan_url: str, visit: Visit) -> None:
    naor = visit(f"{lan.url}/general", "naor")
    mira = visit(f"{lan_url}/general", "mira", browser=1)
    naor.say("Hello from here")
    naor.sees("Hello from here")
    mira.sees("Hello from here")
    expect(mira.row("Hello from here")).to_contain_text("naor")
    mira.message.fill("And hello")
    mira.message.press("Shift+Enter")
    mira.message.press_sequentially("from there")
    assert len(lan.lines()) == 1, "Shift+Enter makes a new line and sends nothing"
    mira.message.press("Enter")
    expect(naor.log.get_by_text("And hello")).to_be_visible()
    expect(mira.message).to_have_value("")
    events = lan.events()
    assert [(x["by"], x["text"]) for x in events] == [
        ("naor", "Hello from here"),
        ("mira", "And hello\nfrom there"),
    ]
    assert all(x["who"].startswith("p_") for x in events)
    assert all(x["key"] for x in events)
    assert lan.folder.room_file("general").read_bytes().count(b"\n") == 3
    naor.say(SCRIPT)
    expect(mira.log.get_by_text("<script>alert(1)</script>")).to_be_visible()
    expect(mira.log.locator("img, script")).to_have_count(0)
    assert "broken" not in mira.page.title()


def test_a_reload_keeps_the_name(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("Hello")
    naor.sees("Hello")
    naor.page.reload()
    expect(naor.message).to_be_visible()
    naor.sees("Hello")
    naor.say("again")
    naor.sees("again")
    naor.all_is_saved()
    assert {x["who"] for x in hub.events()} == {hub.events()[0]["who"]}
    expect(naor.page.get_by_role("textbox", name="Your name")).to_have_count(0)


def test_a_name_that_is_taken(hub: Serving, visit: Visit) -> None:
    hub.session("naor")
    visitor = visit(f"{hub.url}/general")
    visitor.expected = ("status of 409",)
    visitor.page.get_by_role("textbox", name="Your name").fill("Naor")
    visitor.page.get_by_role("button", name="Join").click()
    expect(visitor.page.get_by_role("alert").first).to_contain_text("is kept for somebody")
    visitor.join("mira")
    visitor.say("Hello")
    visitor.sees("Hello")


def test_marks_that_are_slow_to_read_do_not_hold_the_page_up(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    took, shown, bold, wide, long = naor.page.evaluate(
        """async (module) => {
            const { toNodes } = await import(module);
            const slow = 'a' + 'mailto:*'.repeat(1490) + ' a'.repeat(2000);
            const took = Math.min(...Array.from({ length: 20 }, () => {
                const began = performance.now();
                toNodes(slow);
                return performance.now() - began;
            }));
            const bold = toNodes('**b**').querySelector('strong') !== null;
            const code = '```\\nname' + ' '.repeat(200) + 'value\\n```';
            const wide = toNodes(code).querySelector('pre') !== null;
            const many = '```\\n' + '[[1]]\\n'.repeat(900) + '```\\nand **b**';
            const long = toNodes(many).querySelectorAll('pre, strong').length;
            return [took, toNodes(slow).textContent === slow, bold, wide, long];
        }""",
        naor.module("lib/markdown-dom.js"),
    )
    assert took < 70  # milliseconds; other programs take their time from some, not from all
    assert shown, "as it was typed"
    assert bold
    assert wide, "a table with wide columns is code still"
    assert long == 2, "and so is what has a thousand brackets"


def test_what_was_said_before_is_there_and_quoted_without_its_marks(
    hub: Serving, visit: Visit
) -> None:
    said = (
        "> asked\n\n# Plan\n- **buy** 2 * 3 `snake_case`\n  - [a list](http://192.168.1.5/)\n\nend"
    )
    hub.say(said)
    hub.say("Yes", re=1)
    hub.say("by a script", username="script")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("by a script")
    expect(naor.row("by a script")).to_contain_text("unverified")
    quote = naor.row("Yes").locator(".quote > span")
    expect(quote).to_have_text("asked Plan buy 2 * 3 snake_case a list end")


def test_a_draft_that_is_too_long_says_by_how_many_letters(serve: Serve, visit: Visit) -> None:
    hub = serve(message_bytes=100)
    naor = visit(f"{hub.url}/general", "naor")
    naor.message.fill("ש" * 53)
    expect(naor.page.get_by_role("alert")).to_have_text("Too long by 3 characters.")
    naor.message.press("Enter")
    expect(naor.log.get_by_role("article")).to_have_count(0)
    naor.message.fill("ש" * 3666)
    expect(naor.page.get_by_role("alert")).to_have_text("Too long by 3,616 characters.")
    naor.message.fill("ש" * 50)
    naor.message.press("Enter")
    naor.sees("ש" * 50)


def test_who_is_here_and_what_they_change_is_seen_by_everybody(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    people = naor.page.get_by_role("complementary", name="People here")
    expect(people.get_by_text("naor")).to_be_visible()
    with hub.talk() as other:
        other.hello("mira")
        other.join()
        expect(people.get_by_text("mira")).to_be_visible()
        other.send("typing", room="general")
        expect(naor.page.get_by_text("mira is writing")).to_be_attached()
        other.say("draft")
        naor.sees("draft")
        other.do("edit", of=1, text="final")
        expect(naor.log.get_by_text("final")).to_be_visible()
        expect(naor.log.get_by_text("draft")).to_have_count(0)
        other.do("react", of=1, text="👍")
        expect(naor.log.get_by_role("button", name="👍")).to_be_visible()
        other.do("topic", text="All about it")
        expect(naor.page.locator(".topic")).to_have_text("All about it")
        other.do("erase", of=1)
        expect(naor.log.get_by_text("final")).to_have_count(0)
    expect(people.get_by_text("mira")).to_have_count(0)


def test_what_can_be_done_with_a_message_can_be_done_with_keys(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    keys = naor.page.keyboard
    for text in ("first", "second"):
        naor.say(text)
        naor.sees(text)
    naor.log.focus()
    keys.press("ArrowUp")
    expect(naor.row("second")).to_be_focused()
    keys.press("Tab")
    expect(naor.row("second").get_by_role("button", name="React")).to_be_focused()
    keys.press("ArrowUp")
    expect(naor.row("first")).to_be_focused()
    naor.row("first").get_by_role("button", name="Remove").focus()
    keys.press("Enter")
    expect(naor.page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(naor.row("first")).to_be_focused()
    naor.row("first").get_by_role("button", name="Remove").press("Enter")
    naor.page.get_by_role("dialog").get_by_role("button", name="Remove").press("Enter")
    expect(naor.log.get_by_text("This message was removed.")).to_be_visible()
    expect(naor.log.get_by_role("article").first).to_be_focused()


def test_the_tools_of_a_message_that_is_half_out_of_sight_are_in_sight(
    hub: Serving, visit: Visit
) -> None:
    for number in range(3):
        hub.say("\n".join(f"{number}.{line} {'x' * 20}" for line in range(23)))
    naor = visit(f"{hub.url}/general", "naor")
    row = naor.log.get_by_role("article").nth(1)
    expect(row).to_be_attached()
    naor.log.evaluate("(log, y) => { log.scrollTop += y }", -200)
    naor.page.mouse.move(700, 120)
    tools = naor.page.get_by_role("toolbar", name="Message actions")
    expect(tools).to_be_in_viewport(ratio=1)
    top = naor.log.bounding_box()
    bar = tools.bounding_box()
    assert top is not None
    assert bar is not None
    assert bar["y"] >= top["y"]


def test_a_message_is_read_out_once(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.log.evaluate(
        """log => {
            window.heard = [];
            new MutationObserver((changes) => {
                const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
                const loud = added.filter((x) => x.matches?.('.msg:not([aria-live=off])'));
                if (log.ariaBusy !== 'true') heard.push(...loud.map((x) => x.innerText));
            }).observe(log, { childList: true, subtree: true });
        }"""
    )
    naor.say("my own")
    naor.sees("my own")
    with hub.talk() as other:
        other.hello("mira")
        other.do("react", of=1, text="👍")
        expect(naor.log.get_by_role("button", name="👍")).to_be_visible()
        other.say("draft")
        naor.sees("draft")
        other.do("edit", of=3, text="final")
        expect(naor.log.get_by_text("final")).to_be_visible()
    heard: list[str] = naor.page.evaluate("heard")
    assert ["my own" in heard[0], "draft" in heard[1], "final" in heard[2]] == [True] * 3
    assert len(heard) == 3


# -- scrolling --------------------------------------------------------------------------------


def after_messages(count: int, serve: Serve, folder: Path, visit: Visit) -> tuple[Serving, Visitor]:
    """Somebody in a room who sees the last of so many messages."""
    fill(folder / "full", count)
    hub = serve(folder / "full")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees(f"message {count}")
    return hub, naor


def test_it_scrolls_back_without_limit(serve: Serve, tmp_path: Path, visit: Visit) -> None:
    _, naor = after_messages(1000, serve, tmp_path, visit)
    naor.rests()
    assert naor.from_bottom() < 2, "it opens on the last messages"
    expect(naor.log.get_by_text("message 500", exact=True)).to_have_count(0)
    first = naor.log.get_by_text("message 1", exact=True)
    end = time.monotonic() + 120
    while not first.count():
        assert time.monotonic() < end, "it came to an end before the first message"
        naor.scroll_to_top()
        naor.page.wait_for_timeout(20)
    expect(first).to_be_visible()
    order = naor.log.locator(".text").all_inner_texts()
    numbers = [int(x.split()[1]) for x in order]
    assert numbers == list(range(1, numbers[-1] + 1)), "no gap and none twice"


def test_scrolling_back_keeps_the_place(serve: Serve, tmp_path: Path, visit: Visit) -> None:
    _, naor = after_messages(500, serve, tmp_path, visit)
    naor.rests()
    naor.log.evaluate("log => { log.scrollTop = 1200 }")
    naor.rests()
    oldest = naor.log.locator(".text").first.inner_text()
    mark = naor.log.get_by_text("message 475", exact=True)
    before = mark.bounding_box()
    naor.log.evaluate("log => { log.scrollTop -= 1000 }")
    until(lambda: naor.log.locator(".text").first.inner_text() != oldest)
    naor.rests()
    after = mark.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"] - 1000) < 3, "what was read stays where it was"


def test_at_the_very_top_an_older_page_keeps_the_place(
    serve: Serve, tmp_path: Path, visit: Visit
) -> None:
    _, naor = after_messages(300, serve, tmp_path, visit)
    naor.rests()
    held = Held(naor.page, re.compile(r"/api/chat/general\?.*before="))
    end = time.monotonic() + PATIENCE
    while not len(held):
        assert time.monotonic() < end, "the next page was not asked for"
        naor.scroll_to_top()
        naor.page.wait_for_timeout(50)
    naor.scroll_to_top()
    naor.rests()
    oldest = naor.log.locator(".text").first.inner_text()
    mark = naor.log.locator(".text").nth(2)
    mark = naor.log.get_by_text(mark.inner_text(), exact=True)
    before = mark.bounding_box()
    held.release()
    until(lambda: naor.log.locator(".text").first.inner_text() != oldest)
    naor.rests()
    after = mark.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) < 3


def test_what_is_far_from_the_reader_is_given_up_and_comes_again(
    serve: Serve, tmp_path: Path, visit: Visit
) -> None:
    _, naor = after_messages(700, serve, tmp_path, visit)
    naor.rests()
    rows: list[int] = []

    def scroll_until_there(n: int, to: str) -> None:
        found = naor.log.get_by_text(f"message {n}", exact=True)
        end = time.monotonic() + 60
        while not found.count():
            assert time.monotonic() < end, f"message {n} did not come"
            naor.log.evaluate(f"log => {{ log.scrollTop = {to} }}")
            naor.page.wait_for_timeout(20)
            rows.append(naor.log.locator(".msg").count())
        naor.rests()
        numbers = [int(x.split()[1]) for x in naor.log.locator(".text").all_inner_texts()]
        assert numbers == list(range(numbers[0], numbers[-1] + 1)), "no gap and none twice"
        assert n in numbers

    scroll_until_there(1, "0")
    expect(naor.log.get_by_text("message 700", exact=True)).to_have_count(0)
    scroll_until_there(700, "log.scrollHeight")
    expect(naor.log.get_by_text("message 1", exact=True)).to_have_count(0)
    assert max(rows) < 400
    naor.say("at the end")
    naor.sees("at the end")
    until(lambda: naor.from_bottom() < 2)


def test_it_stays_at_the_bottom_only_when_it_was_there(
    serve: Serve, tmp_path: Path, visit: Visit
) -> None:
    hub, naor = after_messages(300, serve, tmp_path, visit)
    hub.say("at the bottom\nwith two lines")
    expect(naor.log.get_by_text("at the bottom")).to_be_in_viewport()
    until(lambda: naor.from_bottom() < 2)
    naor.log.hover()
    naor.page.mouse.wheel(0, -600)
    until(lambda: naor.from_bottom() > 300)
    naor.rests()
    mark = naor.log.get_by_text("message 285", exact=True)
    before = mark.bounding_box()
    hub.say("below the fold")
    expect(naor.log.get_by_text("below the fold")).to_be_attached()
    naor.rests()
    assert mark.bounding_box() == before
    expect(naor.log.get_by_text("below the fold")).not_to_be_in_viewport()
    naor.page.get_by_role("button", name="1 new").click()
    until(lambda: naor.from_bottom() < 2)
    naor.page.mouse.wheel(0, -600)
    until(lambda: naor.from_bottom() > 300)
    naor.say("my own")
    naor.sees("my own")
    until(lambda: naor.from_bottom() < 2)


RESIZED_TWICE = """(log) => {
    const { style } = log.querySelector('.rows');
    style.display = 'none';
    const shrunk = log.scrollHeight;
    style.display = '';
    dispatchEvent(new Event('resize'));
    return shrunk < log.scrollHeight;
}"""


def test_it_stays_at_the_bottom_under_a_long_draft_and_in_a_window_resized_twice_before_a_frame(
    serve: Serve, tmp_path: Path, visit: Visit
) -> None:
    """The second size is the first again, so that only the place in the list has changed."""
    hub, naor = after_messages(300, serve, tmp_path, visit)
    naor.rests()
    assert naor.log.evaluate(RESIZED_TWICE)
    naor.rests()
    assert naor.from_bottom() < 2
    hub.say("a new one")
    expect(naor.log.get_by_text("a new one")).to_be_in_viewport()
    naor.message.fill("one line of many\n" * 8)
    naor.message.press_sequentially("and more", delay=30)
    naor.rests()
    assert naor.from_bottom() < 2
    expect(naor.page.get_by_role("button", name="Newest")).to_have_count(0)


def test_a_draft_that_grows_while_the_messages_scroll(hub: Serving, visit: Visit) -> None:
    """The browser tells of the scrolling after the box has grown, and of its size after that."""
    for n in range(40):
        hub.say(f"message {n}")
    naor = visit(f"{hub.url}/general", "naor")
    naor.rests()
    naor.message.evaluate(
        """box => {
          document.querySelector('[role=log]').scrollTop -= 1;
          box.value = 'one line of many\\n'.repeat(8);
          box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        }"""
    )
    naor.rests()
    assert naor.from_bottom() < 2
    expect(naor.page.get_by_role("button", name="Newest")).to_have_count(0)


# -- when the network or the hub is bad -------------------------------------------------------


def test_a_busy_room_is_not_answered_message_by_message(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    seen: list[int] = []

    def sent(frame: str | bytes) -> None:
        told = json.loads(frame)
        if told["do"] == "seen":
            seen.append(told["n"])

    naor.page.on("websocket", lambda socket: socket.on("framesent", sent))
    naor.page.reload()
    naor.message.wait_for()
    began = time.monotonic()
    for n in range(30):
        hub.say(f"message {n}")
    naor.sees("message 29")
    while seen[-1:] != [30]:
        assert time.monotonic() < began + 60
        naor.page.wait_for_timeout(50)
    assert len(seen) <= 2 + time.monotonic() - began


def test_a_restart_of_the_hub_is_caught_up(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("before")
    naor.sees("before")
    naor.expect_losses()
    hub.stop()
    naor.say("while it was away")
    expect(naor.row("while it was away")).to_be_visible()
    expect(naor.page.get_by_role("status").filter(has_text="Reconnecting")).to_be_visible()
    expect(naor.page.get_by_text("were here when Hearth was last seen")).to_be_visible()
    assert len(hub.lines()) == 1
    hub.start()
    for n in range(3):
        hub.say(f"meanwhile {n}")
    for n in range(3):
        naor.sees(f"meanwhile {n}", 60)
    naor.sees("while it was away", 60)
    assert [x["text"] for x in hub.events()].count("while it was away") == 1
    naor.say("after")
    naor.sees("after")
    naor.all_is_saved()
    assert {x["who"] for x in hub.events() if "who" in x} == {hub.events()[0]["who"]}


def test_a_message_whose_answer_was_lost_is_not_sent_twice(hub: Serving, visit: Visit) -> None:
    with Proxy(hub.port) as proxy:
        naor = visit(f"{proxy.url}/general", "naor")
        naor.expect_losses()
        naor.say("first")
        naor.sees("first")
        proxy.deaf = True
        naor.say("only once")
        until(lambda: len(hub.lines()) == 2)
        expect(naor.row("only once").get_by_text("Sending")).to_be_attached()
        key = naor.row("only once").get_attribute("data-key")
        proxy.deaf = False
        proxy.cut()
        naor.sees("only once", 60)
        naor.say("last")
        naor.sees("last")
        naor.all_is_saved()
        assert [x["text"] for x in hub.events()] == ["first", "only once", "last"]
        assert hub.events()[1]["key"] == key
        naor.close()


def test_what_was_not_sent_is_shown_and_tried_again(
    serve: Serve, small_disk: Path, visit: Visit
) -> None:
    hub = serve(small_disk / "rooms")
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("first")
    naor.sees("first")
    filler = small_disk / "filler"
    with open(filler, "wb", buffering=0) as file, pytest.raises(OSError, match="space"):
        while file.write(b"x" * 1024):
            pass
    text = "long " * 1200 + "end"
    naor.say(text)
    failed = naor.log.get_by_role("article").filter(has_text="Not sent.")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("disk of this Hearth is full")
    key = failed.get_attribute("data-key")
    assert len(hub.lines()) == 1
    naor.page.reload()
    expect(failed).to_have_count(1)  # it is kept over a reload
    filler.unlink()
    failed.get_by_role("button", name="Try again").click()
    until(lambda: len(hub.events()) == 2)
    expect(naor.log.get_by_text("Not sent.")).to_have_count(0)
    assert hub.events()[1]["text"] == text
    assert hub.events()[1]["key"] == key


def test_without_a_websocket_it_polls(hub: Serving, visit: Visit) -> None:
    with Proxy(hub.port) as proxy:
        proxy.no_upgrade = True
        naor = visit(f"{proxy.url}/general")
        naor.expect_losses()
        naor.page.get_by_role("textbox", name="Your name").fill("naor")
        naor.page.get_by_role("button", name="Join").click()
        expect(naor.page.get_by_text("Connected, a little late")).to_be_attached()
        assert proxy.upgrades >= 2
        talk_by_polling(hub, naor)
        naor.close()


def test_a_message_that_is_larger_than_a_frame(serve: Serve, visit: Visit) -> None:
    hub = serve(message_bytes=1 << 20)
    naor = visit(f"{hub.url}/general", "naor")
    long = "a long \u05d0 story. " * 5000
    naor.say(long)
    naor.say("and on")
    naor.sees("and on")
    naor.all_is_saved()
    assert [x["text"] for x in hub.events()] == [long.strip(), "and on"]
    expect(naor.page.get_by_text("Connected", exact=True)).to_be_attached()


def test_a_websocket_that_is_lost_for_good_is_replaced(hub: Serving, visit: Visit) -> None:
    with Proxy(hub.port) as proxy:
        naor = visit(f"{proxy.url}/general", "naor")
        naor.expect_losses()
        naor.say("live")
        naor.sees("live")
        proxy.no_upgrade = True
        proxy.cut()
        hub.say("meanwhile")
        naor.sees("meanwhile", 60)
        expect(naor.page.get_by_text("Connected, a little late")).to_be_attached()
        talk_by_polling(hub, naor)
        naor.close()


def talk_by_polling(hub: Serving, naor: Visitor) -> None:
    naor.say("by polling")
    naor.sees("by polling")
    hub.say("to one who polls")
    naor.sees("to one who polls")
    naor.say("and again")
    naor.sees("and again")
    naor.all_is_saved()
    last = [x["text"] for x in hub.events()][-3:]
    assert last == ["by polling", "to one who polls", "and again"]


# -- rooms, widths and schemes ----------------------------------------------------------------


def test_unread_messages_of_another_room_are_counted(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/other", "naor")
    general = naor.page.get_by_role("navigation", name="Rooms").get_by_role("link", name="general")
    expect(general).to_be_visible()
    hub.say("one")
    expect(general.get_by_label("1 unread")).to_be_attached()
    hub.say("two")
    expect(general.get_by_label("2 unread")).to_be_attached()
    general.click()
    naor.sees("two")
    expect(naor.page).to_have_url(f"{hub.url}/general")
    expect(general.get_by_label("unread")).to_have_count(0)
    naor.page.go_back()
    expect(naor.page.get_by_role("heading", level=1)).to_have_text("other")


@pytest.mark.parametrize("count", [40, 60, 300])
def test_a_way_leads_to_where_the_unread_messages_begin(
    hub: Serving, visit: Visit, count: int
) -> None:
    hub.say("read")
    naor = visit(f"{hub.url}/general", "naor")
    naor.sees("read")
    naor.page.goto(f"{hub.url}/kitchen")
    for number in range(count):
        hub.say(f"unread {number}")
    rooms = naor.page.get_by_role("navigation", name="Rooms")
    expect(rooms.get_by_label(f"{count} unread")).to_be_attached()
    rooms.get_by_role("link", name="general").click()
    naor.sees(f"unread {count - 1}")
    assert naor.from_bottom() < 2
    back = naor.page.get_by_role("button", name="Where you left off")
    back.click()
    expect(naor.log.get_by_text("New", exact=True)).to_be_in_viewport()
    expect(naor.log.get_by_text("unread 0", exact=True)).to_be_in_viewport()
    expect(back).to_be_hidden()
    naor.page.get_by_role("button", name="Newest").click()
    expect(naor.log.get_by_text(f"unread {count - 1}", exact=True)).to_be_in_viewport()
    expect(back).to_be_hidden()


def test_the_address_chooses_the_room(hub: Serving, visit: Visit) -> None:
    hub.say("in the café", "café")
    naor = visit(f"{hub.url}/Caf%C3%89", "naor")
    naor.sees("in the café")
    expect(naor.page.get_by_role("heading", level=1)).to_have_text("café")
    naor.page.get_by_role("button", name="Find or make a room").click()
    naor.page.get_by_role("searchbox", name="Find or make a room").fill("My Room")
    naor.page.get_by_role("button", name="Make the room my-room").click()
    expect(naor.page).to_have_url(f"{hub.url}/my-room")
    naor.say("Hello")
    naor.sees("Hello")
    assert hub.folder.room_file("my-room").exists()


@pytest.mark.parametrize("lost", ["main.js", "lit-html.js", "css/page.css"])
def test_a_page_that_came_in_part_is_loaded_again(hub: Serving, visit: Visit, lost: str) -> None:
    """As where a telephone changes its network while the page is on its way."""
    mira = visit(f"{hub.url}/api/health")
    left = 2
    asked = 0

    def route(each: Route) -> None:
        nonlocal left, asked
        asked += 1
        if left:
            left -= 1
            each.abort("connectionaborted" if left else "internetdisconnected")
        else:
            each.continue_()

    mira.expected = ("net::ERR_",)
    mira.page.route(f"**/{lost}", route)
    mira.open(f"{hub.url}/general")
    for _ in range(1200):
        if asked < 3:
            mira.page.wait_for_timeout(50)
    mira.join("mira")
    mira.say("Here after all")
    mira.sees("Here after all")
    assert left == 0
    assert mira.page.evaluate("sessionStorage.getItem('hearth.starts')") is None
    expect(mira.page.get_by_text("on its way")).to_be_hidden()


def test_a_page_that_does_not_come_says_so(hub: Serving, visit: Visit) -> None:
    mira = visit(f"{hub.url}/api/health")
    mira.expected = ("net::ERR_",)
    mira.page.route("**/main.js", lambda route: route.abort())
    mira.open(f"{hub.url}/general")
    expect(mira.page.get_by_text("Hearth is on its way.")).to_be_visible()
    mira.page.unroute("**/main.js")
    mira.join("mira")


def test_an_impossible_room_says_why(hub: Serving, visit: Visit) -> None:
    visitor = visit(f"{hub.url}/general")
    visitor.expected = ("status of 404",)
    visitor.open(f"{hub.url}/con")
    expect(visitor.page.get_by_role("heading")).to_have_text("No such room")
    expect(visitor.page.get_by_text("means a device on some computers")).to_be_visible()
    visitor.page.get_by_role("link").click()
    expect(visitor.page).to_have_url(f"{hub.url}/general")


def test_on_a_phone_the_rooms_are_in_a_drawer(hub: Serving, visit: Visit) -> None:
    hub.say("Hello", "kitchen")
    phone: dict[str, Any] = {
        "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
    }  # fmt: skip
    naor = visit(f"{hub.url}/general", "naor", **phone)
    kitchen = naor.page.get_by_role("link", name="kitchen")
    expect(kitchen).to_have_count(0)
    naor.page.get_by_role("button", name="Rooms").tap()
    expect(kitchen).to_be_in_viewport()
    kitchen.tap()
    expect(naor.page).to_have_url(f"{hub.url}/kitchen")
    expect(kitchen).to_have_count(0)
    naor.message.fill("from a phone")
    naor.page.get_by_role("button", name="Send").tap()
    naor.sees("from a phone")
    assert not wider_than_its_window(naor)


def wider_than_its_window(visitor: Visitor) -> bool:
    wider: bool = visitor.page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wider


def test_both_schemes(hub: Serving, visit: Visit) -> None:
    hub.say("Hello")
    naor = visit(f"{hub.url}/general", "naor", color_scheme="dark")
    naor.sees("Hello")
    ground, text = grounds(naor)
    assert (ground < 60, text > 180) == (True, True), "also as the page comes"
    naor.page.emulate_media(color_scheme="light")
    until(lambda: grounds(naor)[0] > 200 and grounds(naor)[1] < 90)


def grounds(visitor: Visitor) -> tuple[float, float]:
    """How bright the page and the text of its first message are."""
    ground = brightness(visitor, "document.body", "backgroundColor")
    return ground, brightness(visitor, "document.querySelector('.text')", "color")


def brightness(visitor: Visitor, node: str, colour: str) -> float:
    """How bright a colour is, from 0 to 255."""
    told: float = visitor.page.evaluate(
        f"""() => {{
            const pen = new OffscreenCanvas(1, 1).getContext('2d');
            pen.fillStyle = getComputedStyle({node}).{colour};
            pen.fillRect(0, 0, 1, 1);
            const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        }}"""
    )
    return told


def test_the_page_is_held_to_its_policy(hub: Serving, visit: Visit) -> None:
    """What the other tests watch for would be seen: the policy is at work in this browser."""
    naor = visit(f"{hub.url}/general", "naor")
    naor.expected = ("Content Security Policy", "TrustedHTML", "Failed to load resource", "Refused")
    told = naor.page.evaluate(
        """async () => {
            const inline = document.createElement('div');
            let html = 'taken';
            try { inline.innerHTML = '<b>x</b>' } catch (error) { html = error.name }
            const fetched = await fetch('http://203.0.113.9/').then(() => 'taken', (e) => e.name);
            return [html, fetched];
        }"""
    )
    assert told == ["TypeError", "TypeError"]
    naor.strayed.clear()


def test_the_hosts_window_takes_its_ticket_out_of_the_address(hub: Serving, visit: Visit) -> None:
    ticket = hub.server.ticket()
    naor = visit(f"{hub.url}/general#ticket={ticket}", "naor")
    expect(naor.page).to_have_url(f"{hub.url}/general")
    told: Any = naor.page.evaluate("fetch('/api/me').then((answer) => answer.json())")
    assert (told["host"], told["person"]["name"]) == (True, "naor")
