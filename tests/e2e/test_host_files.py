"""The host's panel of files: what takes room, what lies there by hand, and how long files stay."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from hub import file_expiry
from hub.files import found_file
from hub.web import host as views
from tests.conftest import Serve
from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.sent_files import png
from tests.e2e.visitor import Visitor
from tests.program import ONLY_SOURCES
from tests.serving import Serving


def send(
    hub: Serving, sender: dict[str, str], name: str, data: bytes, room: str = "general"
) -> None:
    """Send a file with a message."""
    path = f"/api/files/{room}/{name.replace('.', '-')}?name={name}"
    answer = hub.ask("PUT", path, data, sender)
    assert answer.status == 201, answer.text


def put(hub: Serving, name: str, data: bytes, room: str = "general") -> Path:
    """Put a file into a room's folder by hand."""
    folder = hub.path / "files" / room
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


def as_host(visit: Visit, hub: Serving, **options: Any) -> Visitor:
    anna = visit("about:blank", **options)
    anna.open(f"{hub.url}/general#ticket={hub.server.ticket()}")
    anna.join("anna")
    return anna


def panel(anna: Visitor, size: dict[str, Any]) -> Locator:
    """The part of files of the host's panel, which is opened."""
    if size:
        press(anna.page.get_by_role("button", name="Rooms", exact=True), size)
    press(anna.page.get_by_role("button", name="Host panel"), size)
    dialog = anna.page.get_by_role("dialog", name="Host")
    press(dialog.get_by_role("tab", name="Files"), size)
    return dialog


@SIZES
def test_a_host_sees_what_takes_room_and_shares_what_lies_there(
    hub: Serving, visit: Visit, size: dict[str, Any]
) -> None:
    anna = as_host(visit, hub, **size)
    card = panel(anna, size)
    expect(card).to_contain_text("Nobody has sent a file yet.")
    bela = hub.session("bela")
    send(hub, bela, "plan.pdf", b"%PDF-1.7" + b"x" * 400_000)
    send(hub, bela, "sea.png", png(40, 30), "harbour")
    put(hub, "what?.mkv", b"x" * 1_200_000)
    put(hub, "<img src=x onerror=alert(1)>.txt", b"Tea", "harbour")
    card.get_by_role("button", name="Refresh").click()
    rooms, people, kinds = (
        card.get_by_role("region", name=name) for name in ("By room", "By person", "By kind")
    )
    expect(rooms.get_by_role("listitem").first).to_contain_text("1 file, 400 KB")
    expect(rooms.get_by_role("listitem").nth(1)).to_contain_text("harbour")
    expect(people.get_by_role("listitem")).to_contain_text(["bela2 files, 400 KB"])
    expect(kinds.get_by_role("listitem").nth(1)).to_contain_text("Pictures")
    expect(card).to_contain_text("One file can be up to 1 GiB; for all together")
    expect(card).to_contain_text("always stay free")
    found = card.get_by_role("region", name="Put there by hand")
    expect(found.get_by_role("listitem")).to_have_count(2)
    expect(found).to_contain_text("img src=x onerror")
    press(found.get_by_role("button", name="Share what_.mkv in general"), size)
    found.get_by_role("textbox").fill("The film")
    assert anna.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    press(found.get_by_role("button", name="Share in general"), size)
    expect(found.get_by_role("listitem")).to_have_count(1)
    expect(anna.page.get_by_text("what_.mkv is shared.")).to_be_visible()
    expect(rooms.get_by_role("listitem").first).to_contain_text("2 files, 1.6 MB")
    press(card.get_by_role("button", name="Close"), size)
    anna.sees("The film")
    expect(anna.row("The film").locator(".file")).to_contain_text("what_.mkv")
    assert [x.name for x in (hub.path / "files" / "general").iterdir() if "what" in x.name] == [
        "what_.mkv"
    ]


def test_what_cannot_be_shared_says_why(hub: Serving, visit: Visit) -> None:
    path = put(hub, "plan.pdf", b"x")
    anna = as_host(visit, hub)
    anna.expected = ("404 (Not Found)", "503 (Service Unavailable)")
    found = panel(anna, {}).get_by_role("region", name="Put there by hand")
    share = found.get_by_role("button", name="Share plan.pdf in general")
    share.click()
    expect(found.get_by_role("textbox")).to_be_focused()
    found.get_by_role("button", name="Cancel").press("Enter")
    expect(share).to_be_focused()
    share.press("Enter")
    path.unlink()
    put(hub, "other.pdf", b"x")
    found.get_by_role("button", name="Share in general").click()
    expect(found.get_by_role("alert")).to_have_text("There is no such file.")
    expect(found.get_by_role("listitem")).to_contain_text(["other.pdf"])
    problem = {"error": {"code": "busy", "message": "The folder cannot be read."}}
    anna.page.route("**/api/host/files", lambda route: route.fulfill(status=503, json=problem))
    card = anna.page.get_by_role("dialog", name="Host")
    card.get_by_role("button", name="Refresh").click()
    expect(card.get_by_role("alert").first).to_have_text("The folder cannot be read.")


@ONLY_SOURCES
def test_a_large_file_is_shared_by_itself(
    hub: Serving, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, go_on = threading.Event(), found_file.Reading.go_on

    def slowly(reading: found_file.Reading) -> None:
        read.wait(30)
        go_on(reading)

    monkeypatch.setattr(found_file.Reading, "go_on", slowly)
    monkeypatch.setattr(views, "WAIT_SECONDS", 0.0)
    put(hub, "film.mkv", b"x")
    anna = as_host(visit, hub)
    found = panel(anna, {}).get_by_role("region", name="Put there by hand")
    found.get_by_role("button", name="Share film.mkv in general").click()
    found.get_by_role("button", name="Share in general").click()
    expect(found.get_by_role("status")).to_have_text("Reading it…")
    notice = "film.mkv is large, and is still being read. It is shared once that is done."
    expect(anna.page.get_by_text(notice)).to_be_visible()
    read.set()
    expect(found).to_have_count(0)
    expect(anna.log.locator(".file")).to_contain_text("film.mkv")


@ONLY_SOURCES
@SIZES
def test_files_that_do_not_stay(
    serve: Serve, visit: Visit, monkeypatch: pytest.MonkeyPatch, size: dict[str, Any]
) -> None:
    monkeypatch.setattr(file_expiry, "LOOK_SECONDS", 0.2)
    hub = serve()
    bela = hub.session("bela")
    for name in ("first.png", "second.png"):
        send(hub, bela, name, png(40, 30))
    send(hub, bela, "plan.pdf", b"%PDF-1.7")
    mira = visit(f"{hub.url}/general", "mira", **size)
    press(mira.log.get_by_role("button", name="first.png"), size)
    viewer = mira.page.get_by_role("dialog")
    expect(viewer.get_by_role("img", name="first.png")).to_be_visible()
    anna = as_host(visit, hub, **size)
    press(anna.page.get_by_role("button", name="About this room"), size)
    card = anna.page.get_by_role("dialog", name="general")
    press(card.get_by_role("button", name="How long files stay"), size)
    card = anna.page.get_by_role("dialog", name="How long files stay")
    expect(card).to_contain_text("At present: for ever.")
    card.get_by_role("checkbox", name="Remove files after").check()
    card.get_by_role("spinbutton", name="Days").fill("0")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_role("alert")).to_have_text("Type a number of days, from 1 to 3,650.")
    card.get_by_role("spinbutton", name="Days").fill("30")
    expect(card.get_by_role("alert")).to_have_count(0)
    card.get_by_role("checkbox", name="Keep only the newest").check()
    card.get_by_role("spinbutton", name="Size").fill("0.0003")
    card.get_by_role("combobox", name="Unit").select_option("MB")
    press(card.get_by_role("button", name="Save"), size)
    question = anna.page.get_by_role("dialog", name="Remove a file?")
    expect(question).to_contain_text("It takes 245 bytes, is removed within the hour")
    press(question.get_by_role("button", name="Cancel"), size)
    expect(card.get_by_role("spinbutton", name="Size")).to_have_value("0.0003")
    press(card.get_by_role("button", name="Save"), size)
    press(anna.page.get_by_role("button", name="Remove", exact=True), size)
    expect(viewer).to_contain_text("This file has expired.")
    mira.page.keyboard.press("Escape")
    for page in (mira, anna):
        expect(page.log).to_contain_text(
            "set how long files stay here: for 30 days, and only the newest 300 bytes"
        )
    line = "A file has expired, as this room does not keep files for ever"
    expect(mira.log).to_contain_text(line)
    files = mira.log.locator(".file")
    expect(files.nth(0)).to_have_text("first.pngThis file has expired.")
    expect(files.nth(1).get_by_role("img", name="second.png")).to_be_visible()
    mira.page.reload()
    mira.is_in()
    expect(files.nth(0)).to_have_text("first.pngThis file has expired.")
    expect(mira.log).to_contain_text(line)
    press(mira.page.get_by_role("button", name="About this room"), size)
    about = mira.page.get_by_role("dialog", name="general")
    expect(about.get_by_role("button", name="How long files stay")).to_have_count(0)
    stay = "Files stay here for 30 days, and only the newest 300 bytes."
    expect(about).to_contain_text(stay)
    press(about.get_by_role("button", name="Files"), size)
    listed = mira.page.get_by_role("dialog", name="Files")
    expect(listed).to_contain_text(stay)
    expect(listed.locator(".file-item")).to_have_count(2)
    answer = hub.ask("POST", "/api/rooms/general", {"do": "keep", "bytes": 8}, hub.as_host("host"))
    assert answer.status == 200, answer.text
    expect(listed.locator(".file-item").nth(1)).to_contain_text("Has expired")


def test_a_file_that_somebody_deleted_is_shown_as_gone(hub: Serving, visit: Visit) -> None:
    bela = hub.session("bela")
    for name, data in (("sea.png", png(40, 30)), ("note.txt", b"Tea"), ("plan.pdf", b"%PDF-1.7")):
        send(hub, bela, name, data)
    mira = visit(f"{hub.url}/general", "mira")
    mira.expected = ("410 (Gone)",)
    picture = mira.log.get_by_role("button", name="sea.png")
    expect(picture).to_be_visible()
    for name in ("sea.png", "note.txt", "plan.pdf"):
        (hub.path / "files" / "general" / name).unlink()
    gone = "This file is not there any more."
    mira.page.reload()
    mira.is_in()
    files = mira.log.locator(".file")
    expect(files.nth(0)).to_have_text(f"sea.png{gone}")
    expect(files.nth(1)).to_have_text(f"note.txt{gone}")
    files.nth(2).get_by_role("link").click()
    expect(files.nth(2)).to_have_text(f"plan.pdf{gone}")
    mira.page.get_by_role("button", name="About this room").click()
    mira.page.get_by_role("dialog").get_by_role("button", name="Files").click()
    listed = mira.page.get_by_role("dialog", name="Files").locator(".file-item")
    expect(listed).to_have_count(3)
    for n in range(3):
        expect(listed.nth(n)).to_contain_text("Not there any more")
