"""Where messages are written: how large the box is, and rooms that are not there yet."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE
from tests.serving import Serving


def test_a_room_that_is_not_there_yet_says_that_it_is_public(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/night-shift", "naor")
    told = naor.log.get_by_text("This room is public: anybody here can open it.")
    expect(told).to_contain_text("It begins with its first message.")
    expect(told).not_to_contain_text("private")
    expect(naor.message).to_have_attribute("placeholder", "Begin the public room night-shift")
    naor.say("Anybody here?")
    naor.sees("Anybody here?")
    expect(told).to_have_count(0)
    expect(naor.message).to_have_attribute("placeholder", "Write to night-shift")
    naor.page.reload()
    expect(naor.log.get_by_text("This is where the room begins.")).to_be_visible()
    expect(naor.message).to_have_attribute("placeholder", "Write to night-shift")
    naor.page.goto(f"{hub.url}/general")
    expect(naor.log.get_by_text("Nothing has been said here yet. Begin.")).to_be_visible()
    expect(naor.message).to_have_attribute("placeholder", "Write to general")


def test_the_box_is_as_high_as_its_text_at_every_width(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor", viewport={"width": 390, "height": 844})
    heights = "x => [x.clientHeight, x.scrollHeight]"

    def settles(lines: int) -> None:
        # A line is 22 pixels high, and 14 are around them.
        naor.page.wait_for_function(
            "(high) => document.querySelector('textarea').clientHeight === high",
            arg=22 * lines + 14,
        )
        high, needed = naor.message.evaluate(heights)
        assert high == needed

    naor.message.fill("many words " * 10)
    narrow = naor.message.evaluate("x => (x.clientHeight - 14) / 22")
    assert narrow > 2
    naor.page.set_viewport_size({"width": 1100, "height": 844})
    settles(2)
    naor.page.set_viewport_size({"width": 390, "height": 844})
    settles(narrow)
    naor.page.set_viewport_size({"width": 1280, "height": 844})
    settles(2)


def test_on_a_phone_a_long_text_has_the_whole_width(lan_url: str, visit: Visit) -> None:
    naor = visit(f"{lan_url}/general", "naor", **PHONE)

    def width() -> float:
        box = naor.message.bounding_box()
        assert box
        return box["width"]

    narrow = width()
    naor.message.tap()
    naor.message.press_sequentially("Short")
    assert width() == narrow
    naor.message.press_sequentially(" at first, and then longer than the box is wide")
    assert width() > 320
    for name in ("Add files or a poll", "Emoji", "Format", "Send"):
        button = naor.page.get_by_role("button", name=name, exact=True).bounding_box()
        box = naor.message.bounding_box()
        assert button
        assert box
        assert button["y"] >= box["y"] + box["height"] - 1, name
    send = naor.page.get_by_role("button", name="Send")
    right = send.bounding_box()
    assert right
    assert right["x"] > 300
    naor.message.fill("Short again")
    assert width() > 320, "it does not go to and fro while one writes"
    send.tap()
    naor.sees("Short again")
    assert width() == narrow
    naor.message.press("ArrowUp")
    expect(naor.message).to_have_value("Short again")
    naor.message.fill("Longer again, so that it is a second line")
    save = naor.page.get_by_role("button", name="Save", exact=True).bounding_box()
    assert save == right


def test_in_a_thread_a_long_text_has_the_whole_width(hub: Serving, visit: Visit) -> None:
    hub.say("Who has the key?")
    hub.say("Not me", re=1)
    naor = visit(f"{hub.url}/general", "naor")
    naor.log.get_by_role("button", name="1 reply").click()
    panel = naor.page.get_by_role("complementary", name="Thread")
    box = panel.get_by_role("textbox", name="Reply in thread")
    narrow = box.bounding_box()
    box.press_sequentially("Nor me, and I looked for it everywhere")
    wide = box.bounding_box()
    assert narrow
    assert wide
    assert wide["width"] > narrow["width"] + 100


def test_an_edit_may_be_answered_when_the_box_is_gone(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("draft")
    naor.sees("draft")
    naor.message.press("ArrowUp")
    expect(naor.message).to_have_value("draft")
    hub.post("/api/host", {"do": "close", "room": "general"}, **hub.as_host("mira"))
    expect(naor.page.get_by_text("A host has closed this room.")).to_be_visible()
    naor.page.evaluate("document.querySelector('hearth-composer').edited(true)")

    naor.expected = ("status of 404",)
    naor.open(f"{hub.url}/private-gone")
    expect(naor.page.get_by_role("heading", name="There is no such room")).to_be_visible()
    save = "new CustomEvent('hearth-save', { bubbles: true, detail: { n: 1, text: 'final' } })"
    naor.page.evaluate(f"document.body.dispatchEvent({save})")
    expect(naor.page.locator(".toast")).to_be_visible()
