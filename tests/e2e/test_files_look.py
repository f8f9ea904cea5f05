"""How messages with files look: pictures, films, sounds, texts, and all else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import Serve
from tests.e2e.conftest import Visit
from tests.e2e.devices import SIZES, press
from tests.e2e.sent_files import SentFiles, png, wav
from tests.e2e.visitor import Visitor
from tests.patience import PATIENCE
from tests.serving import Serving

Open = Callable[..., Visitor]
NAMES = "\u2068plan.pdf\u2069 and 2 more"
"""As the first name stands apart from the words, which may run the other way."""
GONE = "This file is not there any more."
SMALL = png(32, 24, (60, 90, 160))
CODE = '"""Words."""\nimport sys\n' + "".join(f"print({n})\n" for n in range(40))


@pytest.fixture
def sent() -> SentFiles:
    return SentFiles()


@pytest.fixture
def open_room(serve: Serve, visit: Visit, tmp_path: Path, sent: SentFiles) -> Open:
    """Opens the room in which that was sent, as naor."""

    def open_(*, host: bool = False, **options: Any) -> Visitor:
        sent.write(tmp_path / "rooms")
        hub = serve(tmp_path / "rooms")
        naor = visit("about:blank", **options)
        sent.serve(naor.context)
        if host:
            naor.open(f"{hub.url}/general#ticket={hub.server.ticket()}")
            naor.join("naor")
            return naor
        naor.has_joined(hub.url, "naor")
        naor.open(f"{hub.url}/general")
        naor.is_in()
        return naor

    return open_


def files(naor: Visitor, n: int) -> Locator:
    """The boxes of the files of message `n`."""
    return naor.log.locator(f".msg[data-n='{n}'] .file")


def box(place: Locator) -> tuple[float, float]:
    told = place.bounding_box()
    assert told
    return round(told["width"]), round(told["height"])


def heights(naor: Visitor) -> list[float]:
    told: list[float] = naor.log.locator(".msg").evaluate_all(
        "rows => rows.map((row) => row.getBoundingClientRect().height)"
    )
    return told


def list_of_files(naor: Visitor, size: dict[str, Any]) -> Locator:
    """The card of all files of the room, which is opened."""
    press(naor.page.get_by_role("button", name="About this room"), size)
    press(naor.page.get_by_role("dialog").get_by_role("button", name="Files"), size)
    return naor.page.get_by_role("dialog", name="Files")


def is_loaded(picture: Locator) -> None:
    """Wait until a picture has come, which a larger one may take the place of meanwhile."""
    until = time.monotonic() + PATIENCE
    while not picture.evaluate("x => x.complete && x.naturalWidth > 0"):
        assert time.monotonic() < until, "the picture did not come"
        picture.page.wait_for_timeout(50)


@SIZES
def test_pictures_have_their_room_before_they_come(
    open_room: Open, sent: SentFiles, size: dict[str, Any]
) -> None:
    sent.say("wide", [sent.picture("wide.png", 3600, 1800, preview=SMALL)])
    sent.say("", [sent.picture("high.png", 500, 2000)])
    sent.say("", [sent.picture("tiny.png", 16, 16)])
    sent.say("", [sent.picture(f"{n}.png", 300, 200 + n) for n in range(4)])
    sent.say("", [sent.add("large.png", "image/png", b"x", width=20_000, height=20_000)])
    sent.say("words.txt", [sent.add("words.txt", "text/plain", CODE.encode())])
    sent.say("", [sent.add("song.wav", "audio/wav", wav())])
    sent.say("end")
    naor = open_room(**size)
    naor.page.evaluate(
        """() => {
            window.moved = [];
            new PerformanceObserver((list) => {
                const sources = list.getEntries().flatMap((entry) => entry.sources ?? []);
                for (const { node } of sources) if (node) window.moved.push(node.outerHTML);
            }).observe({ type: 'layout-shift' });
        }"""
    )
    before = heights(naor)
    for n in range(1, 8):
        files(naor, n).first.scroll_into_view_if_needed()
    is_loaded(files(naor, 1).get_by_role("img", name="wide.png"))
    is_loaded(files(naor, 4).nth(3).get_by_role("img"))
    expect(files(naor, 6)).to_contain_text("import sys")
    naor.page.wait_for_timeout(300)
    assert heights(naor) == before
    assert naor.page.evaluate("window.moved") == [], "but within a player"
    width, height = box(files(naor, 1))
    assert width <= 360
    assert abs(width - 2 * height) <= 1, "its shape"
    assert box(files(naor, 2)) == (75, 300)
    assert box(files(naor, 3)) == (44, 44)
    first, second, third, _ = (files(naor, 4).nth(n).bounding_box() for n in range(4))
    assert first
    assert second
    assert third
    assert first["y"] == second["y"] < third["y"]
    assert first["width"] == pytest.approx(first["height"])
    expect(files(naor, 5).get_by_role("link")).to_have_accessible_name("Download large.png, 1 byte")
    assert naor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    width = naor.page.evaluate("document.querySelector('.log').clientWidth")
    assert all(x["x"] + x["width"] <= 1280 for x in [first, second])
    assert naor.log.evaluate("x => x.scrollWidth") == width


def test_the_small_picture_comes_first_and_a_far_one_not_at_all(
    open_room: Open, sent: SentFiles
) -> None:
    far = [sent.picture(f"far{n}.png", 900, 600) for n in range(40)]
    for own in far:
        sent.say("", [own])
    last = sent.picture("last.png", 900, 600, preview=SMALL)
    sent.say("", [last])
    naor = open_room()
    is_loaded(naor.log.get_by_role("img", name="last.png"))
    naor.rests()
    asked = [x.split("/", 4)[4] for x in sent.asked]
    assert asked.index(f"{last}/preview") < asked.index(last)
    assert far[0] not in asked, "it is lazy"
    assert len(asked) < 25, asked


def test_a_page_of_films_and_sounds_fetches_few(open_room: Open, sent: SentFiles) -> None:
    for n in range(25):
        sent.say("", [sent.add(f"film{n}.mp4", "video/mp4", b"0" * 900, preview=SMALL)])
        sent.say("", [sent.add(f"song{n}.wav", "audio/wav", wav())])
    naor = open_room()
    naor.rests()
    assert len(sent.asked) < 30, sent.asked
    sound = files(naor, 50)
    expect(sound).to_contain_text("song24.wav")
    expect(sound.locator("audio")).to_have_js_property("duration", 1)
    expect(sound.get_by_role("button", name="Play song24.wav")).to_be_visible()
    expect(files(naor, 49)).to_contain_text("This browser cannot play it.")


def test_a_large_and_a_long_sound_have_the_browsers_own_player(
    open_room: Open, sent: SentFiles
) -> None:
    large = sent.say("", [sent.add("large.wav", "audio/wav", wav(140))])
    long = sent.say("", [sent.add("long.wav", "audio/wav", wav(650, rate=3000, width=1))])
    short = sent.say("", [sent.add("short.wav", "audio/wav", wav())])
    naor = open_room()
    for n in (large, long):
        files(naor, n).scroll_into_view_if_needed()
        expect(files(naor, n).locator("audio")).to_have_js_property("controls", True)
        expect(files(naor, n).get_by_role("slider")).to_have_count(0)
        assert box(files(naor, n))[1] == box(files(naor, short))[1]
    whole = [x for x in sent.asked if x.endswith("/f1")]
    assert len(whole) < 4, "it is not fetched for a wave"
    expect(files(naor, short).get_by_role("slider")).to_have_count(1)


@pytest.mark.parametrize("older", [False, True], ids=["moved", "taken-out-and-put-in"])
def test_what_plays_goes_on_when_its_message_is_drawn_anew(
    open_room: Open, sent: SentFiles, older: bool
) -> None:
    n = sent.say("Listen", [sent.add("song.wav", "audio/wav", wav(20))])
    naor = open_room()
    if older:
        naor.page.evaluate("delete Element.prototype.moveBefore")
    sound = files(naor, n).locator("audio")
    expect(sound).to_have_js_property("duration", 20)
    sound.evaluate("x => { x.muted = true; x.play(); window.sound = x; }")
    naor.page.get_by_role("log").locator(f".msg[data-n='{n}']").hover()
    naor.page.get_by_role("button", name="React", exact=True).click()
    naor.page.get_by_role("button", name="React with 🎉").click()
    expect(naor.log.locator(".chip")).to_have_count(1)
    assert sound.evaluate("x => x === window.sound && !x.paused && x.currentTime > 0")
    expect(files(naor, n)).to_have_count(1)


@SIZES
def test_a_text_shows_its_first_lines_and_more(
    open_room: Open, sent: SentFiles, size: dict[str, Any]
) -> None:
    code = sent.say("", [sent.add("words.py", "text/plain", CODE.encode())])
    note = sent.say("", [sent.add("note.txt", "text/plain", b"Tea at five.\n")])
    long = sent.say("", [sent.add("long.log", "text/plain", b"a line of it\n" * 9000)])
    naor = open_room(**size)
    expect(files(naor, note)).to_contain_text("Tea at five.")
    expect(files(naor, note).get_by_role("button")).to_have_count(0)
    files(naor, code).scroll_into_view_if_needed()
    expect(files(naor, code).locator(".code-keyword").first).to_have_text("import")
    expect(files(naor, code)).not_to_contain_text("print(12)")
    press(files(naor, code).get_by_role("button", name="Show more of words.py"), size)
    expect(files(naor, code)).to_contain_text("print(39)")
    expect(files(naor, code).locator("pre")).to_be_focused()
    assert sent.asked.count("/api/files/general/f0") == 1, "it was there as a whole"
    files(naor, long).scroll_into_view_if_needed()
    more = files(naor, long).get_by_role("button", name="Show more")
    more.evaluate("button => { button.click(); button.click(); }")
    expect(files(naor, long)).to_contain_text("These are the first 64 KB.")
    expect(files(naor, long).locator(".hint")).to_have_count(1)
    letters = files(naor, long).locator("code").evaluate("x => x.textContent.length")
    assert 64_000 < letters <= 65_536


@SIZES
def test_a_file_is_kept_by_its_card(open_room: Open, sent: SentFiles, size: dict[str, Any]) -> None:
    name = "the-report-of-the-whole-year-with-all-remarks-of-everybody-in-it.pdf"
    n = sent.say("", [sent.add(name, "application/pdf", b"x" * 1_400_000)])
    hebrew = sent.say("", [sent.add("דוח שנתי.exe", "application/octet-stream", b"x")])
    naor = open_room(**size)
    card = files(naor, n).get_by_role("link")
    expect(card).to_have_accessible_name(f"Download {name}, 1.4 MB")
    expect(card).to_contain_text("PDF")
    assert box(card)[1] >= 44
    with naor.page.expect_download() as download:
        press(card, size)
    assert download.value.suggested_filename in (name, "f0")
    for end, words in ((".file-name > bdi", "n-it.pdf"), (".file-name > span", name[:-8])):
        expect(files(naor, n).locator(end)).to_have_text(words)
    inner, outer = files(naor, n).locator(".file-name > bdi").bounding_box(), box(card)
    assert inner
    assert inner["width"] < outer[0], "the end of the name is seen"
    assert (
        files(naor, n).locator(".file-name > span").evaluate("x => x.scrollWidth > x.clientWidth")
    )
    expect(files(naor, hebrew).locator(".file-name > bdi")).to_have_text(".exe")


def test_a_file_that_is_gone_says_so(open_room: Open, sent: SentFiles) -> None:
    picture = sent.picture("sea.png", 900, 600)
    text = sent.add("note.txt", "text/plain", b"Tea\n")
    report = sent.add("report.pdf", "application/pdf", b"x")
    broken = sent.add("broken.png", "image/png", b"nonsense", width=600, height=400)
    n = sent.say("Some", [picture, text, report])
    other = sent.say("", [broken])
    sent.gone |= {picture, text, report}
    naor = open_room()
    naor.expected = ("410 (Gone)",)
    before = heights(naor)
    expect(files(naor, n).nth(0)).to_have_text(f"sea.png{GONE}")
    expect(files(naor, n).nth(1)).to_have_text(f"note.txt{GONE}")
    files(naor, n).nth(2).get_by_role("link").click()
    expect(files(naor, n).nth(2)).to_have_text(f"report.pdf{GONE}")
    expect(files(naor, other)).to_contain_text("This browser cannot show it.")
    assert heights(naor) == before
    card = list_of_files(naor, {})
    card.get_by_role("link", name="Download report.pdf").click()
    expect(card.get_by_role("listitem").filter(has_text="report.pdf")).to_contain_text(
        "Not there any more"
    )


@SIZES
def test_a_picture_opens_and_leads_to_the_others(
    open_room: Open, sent: SentFiles, size: dict[str, Any]
) -> None:
    sent.say("", [sent.picture("first.png", 900, 600)])
    sent.say("", [sent.picture("second.png", 600, 900), sent.picture("third.png", 90, 60)], "ben")
    naor = open_room(**size)
    second = naor.log.get_by_role("button", name="second.png")
    press(second, size)
    viewer = naor.page.get_by_role("dialog")
    what = viewer.get_by_role("status").first
    expect(what).to_contain_text("second.png")
    expect(what).to_contain_text("2 of 3 · ben · ")
    is_loaded(viewer.get_by_role("img", name="second.png"))
    naor.page.keyboard.press("ArrowRight")
    expect(what).to_contain_text("third.png")
    naor.page.keyboard.press("ArrowRight")
    expect(what).to_contain_text("3 of 3")
    press(viewer.get_by_role("button", name="Previous picture"), size)
    naor.page.keyboard.press("ArrowLeft")
    expect(what).to_contain_text("1 of 3 · mira")
    picture = viewer.get_by_role("img", name="first.png")
    is_loaded(picture)
    fits = box(picture)
    assert fits[0] <= naor.page.viewport_size["width"]  # type: ignore[index]
    naor.page.keyboard.press("+")
    assert box(picture)[0] == pytest.approx(1.5 * fits[0], abs=2)
    naor.page.keyboard.press("0")
    assert box(picture) == fits
    picture.dblclick()
    assert box(picture)[0] > 2 * fits[0]
    before = picture.bounding_box()
    middle = naor.page.viewport_size["width"] / 2  # type: ignore[index]
    naor.page.mouse.move(middle, 400)
    naor.page.mouse.down()
    naor.page.mouse.move(middle + 50, 400, steps=4)
    naor.page.mouse.up()
    after = picture.bounding_box()
    assert before
    assert after
    assert after["x"] == pytest.approx(before["x"] + 50, abs=2)
    naor.page.mouse.wheel(0, 3000)
    assert box(picture) == fits
    with naor.page.expect_download():
        press(viewer.get_by_role("link", name="Download"), size)
    naor.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(second).to_be_focused()
    second.press("Enter")
    expect(what).to_contain_text("second.png")


def test_a_finger_swipes_to_the_next_picture(open_room: Open, sent: SentFiles) -> None:
    sent.say("", [sent.picture("first.png", 900, 600), sent.picture("second.png", 600, 900)])
    naor = open_room(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    naor.log.get_by_role("button", name="first.png").tap()
    what = naor.page.get_by_role("dialog").get_by_role("status").first
    expect(what).to_contain_text("1 of 2")
    finger = naor.context.new_cdp_session(naor.page)

    def touch(kind: str, *points: tuple[int, int]) -> None:
        told = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    def swipe(start: int, end: int) -> None:
        touch("touchStart", (start, 400))
        for x in range(start, end, (end - start) // 5):
            touch("touchMove", (x, 400))
        touch("touchEnd")

    swipe(300, 60)
    expect(what).to_contain_text("2 of 2")
    swipe(60, 300)
    expect(what).to_contain_text("1 of 2")
    picture = naor.page.get_by_role("dialog").get_by_role("img")
    is_loaded(picture)
    fits = box(picture)
    touch("touchStart", (180, 400), (210, 400))
    for step in range(5):
        touch("touchMove", (180 - 10 * step, 400), (210 + 10 * step, 400))
    touch("touchEnd")
    assert box(picture)[0] > 2 * fits[0], "two fingers make it larger"


@SIZES
def test_the_files_of_a_room_are_found(
    open_room: Open, sent: SentFiles, size: dict[str, Any]
) -> None:
    early = sent.say("Here", [sent.picture("sea.png", 900, 600, preview=SMALL)])
    sent.say("", [sent.add("sea report.pdf", "application/pdf", b"x" * 5000)], "ben")
    for n in range(60):
        sent.say(f"message {n}")
    sent.say("", [sent.add("song.wav", "audio/wav", wav())])
    naor = open_room(**size)
    card = list_of_files(naor, size)
    rows = card.get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("song.wav")
    expect(rows.nth(1)).to_contain_text("5.0 KB · ben · ")
    card.get_by_role("searchbox", name="Find by name").fill("SEA")
    expect(rows).to_have_count(2)
    card.get_by_role("combobox", name="Kind").select_option("Pictures")
    expect(rows).to_have_count(1)
    card.get_by_role("combobox", name="Kind").select_option("All files")
    card.get_by_role("combobox", name="Sent by").select_option("ben")
    expect(rows).to_have_count(1)
    card.get_by_role("combobox", name="Kind").select_option("Sound")
    expect(rows).to_have_text("Nothing like that.")
    card.get_by_role("combobox", name="Kind").select_option("All files")
    card.get_by_role("combobox", name="Sent by").select_option("By anybody")
    press(card.get_by_role("button", name="Open sea.png"), size)
    viewer = naor.page.locator(".viewer")
    expect(viewer).to_contain_text("sea.png")
    naor.page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(card).to_be_visible()
    press(card.get_by_role("button", name="Show sea.png in the conversation"), size)
    expect(card).to_have_count(0)
    expect(naor.log.locator(f".msg[data-n='{early}']")).to_be_in_viewport()


@SIZES
def test_a_message_without_words_is_known_by_its_files(
    open_room: Open, sent: SentFiles, size: dict[str, Any]
) -> None:
    names = ("plan.pdf", "list.pdf", "map.pdf")
    sent.say("", [sent.add(x, "application/pdf", b"x") for x in names], "naor")
    naor = open_room(**size)
    row = naor.log.locator(".msg[data-n='1']")
    row.focus()
    naor.page.keyboard.press("Enter")
    menu = naor.page.get_by_role("dialog", name="Message actions")
    expect(menu).to_contain_text(NAMES)
    expect(menu.get_by_role("button", name="Copy file names")).to_be_visible()
    press(menu.get_by_role("button", name="Reply"), size)
    expect(naor.page.locator(".about")).to_contain_text(NAMES)
    naor.say("Thanks")
    naor.all_is_saved()
    expect(naor.log.locator(".quote")).to_contain_text(NAMES)
    row.focus()
    naor.page.keyboard.press("Enter")
    press(menu.get_by_role("button", name="Pin", exact=True), size)
    expect(naor.page.get_by_role("region", name="Pinned")).to_contain_text(NAMES)


def test_files_go_with_their_message(open_room: Open, sent: SentFiles) -> None:
    n = sent.say("", [sent.picture("sea.png", 900, 600)], "ben")
    words = sent.say("Hello", (), "ben")
    naor = open_room(host=True)
    expect(files(naor, n)).to_have_count(1)
    row = naor.log.locator(f".msg[data-n='{n}']")
    row.hover()
    row.get_by_role("button", name="Remove").click()
    question = naor.page.get_by_role("dialog", name="Remove this message by ben?")
    expect(question).to_contain_text("Its text and files are deleted for everybody")
    question.get_by_role("button", name="Remove").click()
    expect(naor.page.get_by_text("Removing “sea.png”")).to_be_visible()
    expect(files(naor, n)).to_have_count(0)
    naor.page.get_by_role("button", name="Undo").first.click()
    expect(files(naor, n)).to_have_count(1)
    row.hover()
    row.get_by_role("button", name="Remove").click()
    question.get_by_role("button", name="Remove").click()
    expect(row).to_contain_text("This message was removed.")
    expect(files(naor, n)).to_have_count(0)
    naor.page.reload()
    expect(row).to_contain_text("This message was removed.")
    expect(files(naor, n)).to_have_count(0)
    naor.log.locator(f".msg[data-n='{words}']").hover()
    naor.log.get_by_role("button", name="Remove").click()
    expect(naor.page.get_by_role("dialog", name="Remove this message by ben?")).to_contain_text(
        "Its text is deleted"
    )


def test_what_did_not_come_is_tried_again(open_room: Open, sent: SentFiles) -> None:
    n = sent.say("", [sent.add("note.txt", "text/plain", b"Tea at five.\n")])
    sent.away = True
    naor = open_room()
    naor.expect_losses()
    expect(files(naor, n)).to_contain_text("This file did not come.")
    sent.away = False
    files(naor, n).get_by_role("button", name="Try again").click()
    expect(files(naor, n)).to_contain_text("Tea at five.")


@SIZES
def test_what_runs_from_right_to_left_is_shown_so(
    open_room: Open, sent: SentFiles, size: dict[str, Any]
) -> None:
    sent.say("", [sent.picture("first.png", 900, 600), sent.picture("second.png", 600, 900)])
    naor = open_room(**size)
    naor.page.evaluate("document.documentElement.dir = 'rtl'")
    first, second = (naor.log.get_by_role("button", name=f"{x}.png") for x in ("first", "second"))
    left, right = second.bounding_box(), first.bounding_box()
    assert left
    assert right
    assert left["x"] < right["x"]
    press(first, size)
    what = naor.page.get_by_role("dialog").get_by_role("status").first
    expect(what).to_contain_text("1 of 2")
    naor.page.keyboard.press("ArrowLeft")
    expect(what).to_contain_text("2 of 2")
    naor.page.keyboard.press("ArrowRight")
    expect(what).to_contain_text("1 of 2")


# -- with the hub itself ---------------------------------------------------------------------


def put(hub: Serving, name: str, kind: str, body: bytes, **more: str) -> int:
    """Send a file as a program does; returns the number of its message."""
    query = urlencode({"name": name, "username": "mira", **more})
    answer = hub.ask("PUT", f"/api/files/general/{uuid4()}?{query}", body, Content_Type=kind)
    assert answer.status == 201, answer.text
    number: int = answer.json["n"]
    return number


@SIZES
def test_the_hub_has_what_is_shown(hub: Serving, visit: Visit, size: dict[str, Any]) -> None:
    picture = put(hub, "sea.png", "image/png", png(900, 600), text="The sea")
    report = put(hub, "report.pdf", "application/pdf", b"%PDF-1.7\n" + b"x" * 9000)
    code = put(hub, "words.py", "text/x-python", CODE.encode() * 200)
    sound = put(hub, "tone.wav", "audio/wav", wav(2))
    naor = visit(f"{hub.url}/general", "naor", **size)
    is_loaded(files(naor, picture).get_by_role("img", name="sea.png"))
    width, height = box(files(naor, picture))
    assert abs(width - 1.5 * height) <= 1
    expect(files(naor, sound).locator("audio")).to_have_js_property("duration", 2)
    press(files(naor, code).get_by_role("button", name="Show more"), size)
    expect(files(naor, code)).to_contain_text("These are the first 64 KB.")
    with naor.page.expect_download() as download:
        press(files(naor, report).get_by_role("link"), size)
    assert download.value.suggested_filename == "report.pdf"
    assert download.value.path().stat().st_size == 9009
    rows = list_of_files(naor, size).get_by_role("listitem")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("tone.wav")
    naor.page.keyboard.press("Escape")
    (hub.path / "files" / "general" / "report.pdf").unlink()
    naor.expected = ("410 (Gone)",)
    press(files(naor, report).get_by_role("link"), size)
    expect(files(naor, report)).to_contain_text(GONE)


def test_more_files_than_a_page_are_found(hub: Serving, visit: Visit) -> None:
    for n in range(75):
        put(hub, f"A{n}.pdf", "application/pdf", b"x")
    naor = visit(f"{hub.url}/general", "naor")
    card = list_of_files(naor, {})
    rows = card.get_by_role("listitem")
    more = card.get_by_role("button", name="Show more")
    expect(rows).to_have_count(30)
    more.click()
    expect(rows).to_have_count(60)
    more.click()
    expect(rows).to_have_count(75)
    expect(more).to_have_count(0)
    card.get_by_role("searchbox").fill("A0.pdf")
    expect(rows).to_have_count(1)
