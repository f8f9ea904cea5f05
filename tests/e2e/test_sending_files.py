"""Files that are added to a message: chosen, dropped or pasted, taken out again, and sent."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.conftest import Serve
from tests.e2e.conftest import Visit
from tests.e2e.devices import PHONE, SIZES, press
from tests.e2e.proxy import Proxy
from tests.e2e.senders import (
    all_ready,
    card,
    cards,
    chooses,
    kept,
    names,
    payload,
    said_last,
    sends,
)
from tests.e2e.visitor import Visitor
from tests.serving import Serving

COPY = """async (text) => {
    const canvas = document.createElement('canvas');
    const picture = await new Promise((done) => canvas.toBlob(done, 'image/png'));
    const plain = text && { 'text/plain': new Blob([text], { type: 'text/plain' }) };
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture, ...plain })]);
}"""


def copies_picture(visitor: Visitor, text: str = "") -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.page.evaluate(COPY, text)


def drops(visitor: Visitor, file: Path, x: int = 600, y: int = 300) -> None:
    drags(visitor, file, ("dragEnter", x, y), ("dragOver", x, y), ("drop", x, y))


def drags(visitor: Visitor, file: Path, *steps: tuple[str, int, int]) -> None:
    dragged = visitor.context.new_cdp_session(visitor.page)
    for step, x, y in steps:
        data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
        dragged.send("Input.dispatchDragEvent", {"type": step, "data": data, "x": x, "y": y})


def picture(width: int, height: int, *, author: str = "") -> bytes:
    """A PNG in many colours, with the name of its author where that is given."""

    def chunk(name: bytes, content: bytes) -> bytes:
        named = name + content
        return struct.pack(">I", len(content)) + named + struct.pack(">I", zlib.crc32(named))

    row = [b"\0" + b"".join(bytes((x % 256, y % 256, 99)) for x in range(width)) for y in range(1)]
    rows = row[0] * height
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    said = chunk(b"tEXt", b"Author\0" + author.encode()) if author else b""
    data = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + head + said + data + chunk(b"IEND", b"")


@SIZES
def test_files_are_chosen_and_go_with_words(
    hub: Serving, visit: Visit, size: dict[str, Any]
) -> None:
    naor = visit(f"{hub.url}/general", "naor", **size)
    chooses(naor, payload("list.txt", b"bread\n"), payload("roof.pdf", b"%PDF-1.4\n"), size=size)
    all_ready(naor, 2)
    naor.message.fill("For **tomorrow**")
    sends(naor)
    said = said_last(hub)
    assert said["text"] == "For **tomorrow**"
    assert names(said) == ["list.txt", "roof.pdf"]
    assert kept(hub, "list.txt") == b"bread\n"
    expect(cards(naor)).to_have_count(0)
    expect(naor.message).to_have_value("")


def test_files_alone_are_a_message(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    send = naor.page.get_by_role("button", name="Send", exact=True)
    expect(send).to_have_attribute("aria-disabled", "true")
    chooses(naor, payload("empty.bin", b""))
    expect(send).to_have_attribute("aria-disabled", "false")
    all_ready(naor, 1)
    send.click()
    naor.all_is_saved()
    said = said_last(hub)
    assert (said["text"], names(said)) == ("", ["empty.bin"])


def test_a_photo_is_taken_on_a_phone(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor", **PHONE)
    press(naor.page.get_by_role("button", name="Add files"), PHONE)
    ways = naor.page.get_by_role("dialog", name="Add to the message")
    with naor.page.expect_file_chooser() as chooser:
        press(ways.get_by_role("button", name="Take a photo"), PHONE)
    assert chooser.value.element.get_attribute("capture") == "environment"
    chooser.value.set_files([payload("photo.png", picture(20, 20), "image/png")])
    all_ready(naor, 1)
    sends(naor)
    assert said_last(hub)["files"][0]["type"] == "image/png"


def test_files_are_dropped_anywhere(hub: Serving, visit: Visit, tmp_path: Path) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.message.fill("half a thought")
    for place, name in [((600, 300), "a.txt"), ((600, 770), "b.txt"), ((100, 400), "c.txt")]:
        (tmp_path / name).write_text(name)
        drops(naor, tmp_path / name, *place)
        expect(card(naor, name)).to_be_visible()
    all_ready(naor, 3)
    expect(naor.message).to_have_value("half a thought")
    expect(naor.page).to_have_url(f"{hub.url}/general")
    sends(naor)
    assert names(said_last(hub)) == ["a.txt", "b.txt", "c.txt"]


def test_a_file_is_taken_where_something_else_has_just_come_under_the_mouse(
    hub: Serving, visit: Visit, tmp_path: Path
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    (tmp_path / "a.txt").write_text("x")
    steps = [("dragEnter", 600, 300), ("dragOver", 600, 770), ("drop", 100, 400)]
    drags(naor, tmp_path / "a.txt", *steps)
    expect(card(naor, "a.txt")).to_be_visible()


COVER = """() => {
    const cover = document.createElement('div');
    cover.style.cssText = 'position: fixed; inset: 0; z-index: 9';
    document.body.append(cover);
    let seen = 0;
    addEventListener('dragover', () => { if ((seen += 1) === 2) cover.remove(); });
}"""
"""In the page: something under the mouse that goes just before files are dropped on it."""


def test_a_file_is_taken_where_what_is_under_the_mouse_has_just_gone(
    hub: Serving, visit: Visit, tmp_path: Path
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    (tmp_path / "a.txt").write_text("x")
    naor.page.evaluate(COVER)
    drops(naor, tmp_path / "a.txt")
    expect(card(naor, "a.txt")).to_be_visible()
    expect(naor.page.locator("body.dropping")).to_have_count(0)
    all_ready(naor, 1)
    drops(naor, tmp_path / "a.txt")
    all_ready(naor, 2)


def test_a_folder_that_is_dropped_says_what_to_do(
    hub: Serving, visit: Visit, tmp_path: Path
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    (tmp_path / "papers").mkdir()
    drops(naor, tmp_path / "papers")
    expect(card(naor, "papers")).to_contain_text("Pack a folder into one file")


def test_a_pasted_picture_goes_along_named_after_the_time(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    copies_picture(naor)
    naor.message.fill("See this")
    naor.message.press("Control+v")
    all_ready(naor, 1)
    sends(naor)
    said = said_last(hub)
    assert said["text"] == "See this"
    assert re.fullmatch(r"Picture \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png", names(said)[0])
    assert said["files"][0]["width"] == 300


def test_text_that_has_a_picture_with_it_is_pasted(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    copies_picture(naor, "12 | 30")
    naor.message.press("Control+v")
    expect(naor.message).to_have_value("12 | 30")
    expect(cards(naor)).to_have_count(0)


def test_up_to_twenty_files_go_at_once(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    chooses(naor, *(payload(f"{n}.txt", b"x") for n in range(22)))
    expect(
        naor.page.get_by_text("A message takes up to 20 files. 2 were left out.")
    ).to_be_visible()
    all_ready(naor, 20)
    expect(naor.page.get_by_text("20 files, 20 bytes")).to_be_visible()
    sends(naor)
    assert names(said_last(hub)) == [f"{n}.txt" for n in range(20)]


def test_a_file_is_taken_out_by_keys_alone(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    chooses(naor, *(payload(f"{name}.txt", b"x") for name in "abc"))
    all_ready(naor, 3)

    def remove(name: str) -> Any:
        return naor.page.get_by_role("button", name=f"Remove {name}.txt")

    remove("b").focus()
    naor.page.keyboard.press("Enter")
    expect(remove("c")).to_be_focused()
    naor.page.keyboard.press("Enter")
    expect(remove("a")).to_be_focused()
    expect(cards(naor)).to_have_count(1)
    naor.page.keyboard.press("Enter")
    expect(naor.message).to_be_focused()
    expect(cards(naor)).to_have_count(0)
    naor.say("nothing with it")
    naor.all_is_saved()
    assert "files" not in said_last(hub)


def test_what_is_ready_or_failed_is_read_out(serve: Serve, visit: Visit) -> None:
    hub = serve(file_bytes=1000)
    naor = visit(f"{hub.url}/general", "naor")
    naor.expected = ("413", "net::ERR")
    told = naor.page.locator("hearth-composer hearth-file-tray").get_by_role("status")
    chooses(naor, payload("small.txt", b"x"))
    expect(told).to_have_text("small.txt is ready.")
    chooses(naor, payload("large.bin", b"x" * 600_000))
    expect(told).to_contain_text("large.bin was not sent.")
    why = card(naor, "large.bin").locator("small")
    expect(why).to_contain_text(re.compile("1 KB|1,000|1000"))
    naor.message.press("Enter")
    expect(naor.page.get_by_text("Some files were not sent.")).to_be_visible()
    naor.page.get_by_role("button", name="Remove large.bin").click()
    all_ready(naor, 1)
    sends(naor)
    assert names(said_last(hub)) == ["small.txt"]


def test_what_failed_is_tried_again(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expected = ("507",)
    full = {"error": {"code": "disk_full", "message": "The disk of the hub is full."}}
    naor.page.route("**/api/files/**", lambda route: route.fulfill(status=507, json=full))
    chooses(naor, payload("list.txt", b"bread"))
    expect(card(naor, "list.txt")).to_contain_text("The disk of the hub is full.")
    naor.page.unroute("**/api/files/**")
    naor.page.get_by_role("button", name="Try again: list.txt").click()
    expect(naor.page.get_by_role("button", name="Remove list.txt")).to_be_focused()
    all_ready(naor, 1)
    sends(naor)
    assert kept(hub, "list.txt") == b"bread"


@pytest.mark.parametrize("keep", [False, True], ids=["left out", "kept"])
def test_what_a_picture_says_is_left_out_unless_asked_for(
    hub: Serving, visit: Visit, keep: bool
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    chooses(naor, payload("roof.png", picture(900, 700, author="Naor"), "image/png"))
    all_ready(naor, 1)
    asked = naor.page.get_by_role("checkbox", name="Keep where and when it was taken")
    expect(asked).not_to_be_checked()
    if keep:
        asked.check()
        expect(asked).to_be_checked()
        all_ready(naor, 1)
    sends(naor)
    assert (b"Naor" in kept(hub, "roof.png")) == keep
    [file] = said_last(hub)["files"]
    assert (file["width"], file["height"], file["preview"]) == (900, 700, True)


def test_what_is_decided_about_a_picture_counts_before_the_next_key(
    hub: Serving, visit: Visit
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    chooses(naor, payload("roof.png", picture(900, 700, author="Naor"), "image/png"))
    all_ready(naor, 1)
    naor.message.focus()
    naor.page.evaluate(
        """async () => {
            document.querySelector('.upload-check input').click();
            for (let turn = 0; turn < 50; turn += 1) await null; // no task, as a key would be
            const enter = { key: 'Enter', bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new KeyboardEvent('keydown', enter));
        }"""
    )
    expect(naor.log.locator(".msg")).to_have_count(1)
    naor.all_is_saved()
    assert b"Naor" in kept(hub, "roof.png")


def test_files_go_with_an_answer_in_a_thread(hub: Serving, visit: Visit) -> None:
    hub.say("Who has the list?")
    hub.say("Not me", re=1)
    naor = visit(f"{hub.url}/general", "naor")
    naor.log.get_by_role("button", name="1 reply").click()
    panel = naor.page.get_by_role("complementary", name="Thread")
    with naor.page.expect_file_chooser() as chooser:
        panel.get_by_role("button", name="Add files").click()
    chooser.value.set_files([payload("list.txt", b"bread")])
    expect(panel.locator(".upload-done")).to_have_count(1)
    expect(cards(naor)).to_have_count(0)
    panel.get_by_role("button", name="Send reply").click()
    naor.all_is_saved()
    said = said_last(hub)
    assert (said["re"], names(said)) == (1, ["list.txt"])


def test_an_edit_takes_no_files(hub: Serving, visit: Visit, tmp_path: Path) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.say("a thing")
    expect(naor.log.get_by_text("a thing")).to_be_visible()
    naor.all_is_saved()
    naor.message.press("ArrowUp")
    expect(naor.page.get_by_role("button", name="Add files")).to_be_hidden()
    (tmp_path / "a.txt").write_text("x")
    drops(naor, tmp_path / "a.txt")
    expect(naor.page.get_by_text("Save your edit first, then add files.")).to_be_visible()
    expect(cards(naor)).to_have_count(0)


def test_where_nobody_writes_a_drop_says_why(hub: Serving, visit: Visit, tmp_path: Path) -> None:
    hub.say("hello")
    host = hub.as_host("hana")
    answer = hub.ask("POST", "/api/host", {"do": "close", "room": "general", "off": False}, host)
    assert answer.status == 200
    naor = visit("about:blank")
    naor.has_joined(hub.url, "naor")
    naor.open(f"{hub.url}/general")
    expect(
        naor.page.get_by_role("main").get_by_text("A host has closed this room.")
    ).to_be_visible()
    (tmp_path / "a.txt").write_text("x")
    drops(naor, tmp_path / "a.txt")
    why = naor.page.locator("hearth-toasts").get_by_text("A host has closed this room.")
    expect(why).to_be_visible()


def test_files_go_while_the_page_polls(hub: Serving, visit: Visit) -> None:
    with Proxy(hub.port) as proxy:
        proxy.no_upgrade = True
        naor = visit("about:blank")
        naor.expected = ("403",)
        naor.has_joined(proxy.url, "naor")
        naor.open(f"{proxy.url}/general")
        expect(naor.message).to_be_visible()
        chooses(naor, payload("list.txt", b"bread"))
        all_ready(naor, 1)
        naor.message.fill("By another way")
        sends(naor)
        said = said_last(hub)
        assert (said["text"], names(said)) == ("By another way", ["list.txt"])
        naor.close()
