"""Files that take a while: they go on after a loss, and after a new start of hub or page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, expect

from tests.e2e.conftest import Visit
from tests.e2e.proxy import Proxy
from tests.e2e.senders import (
    all_ready,
    card,
    chooses,
    kept,
    names,
    payload,
    said_last,
    sends,
)
from tests.serving import Serving

MEGABYTE = 1_000_000


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Twelve megabytes that are nowhere alike."""
    path = tmp_path / "film.bin"
    path.write_bytes(b"".join(n.to_bytes(4, "big") for n in range(3 * MEGABYTE)))
    return path


@pytest.fixture
def proxy(hub: Serving) -> Iterator[Proxy]:
    """A way to the hub where three megabytes of a file pass, and the rest stands still."""
    with Proxy(hub.port) as slow:
        slow.most = 3 * MEGABYTE
        yield slow


def test_a_message_waits_for_its_files_and_others_overtake_it(
    hub: Serving, proxy: Proxy, visit: Visit, large: Path
) -> None:
    naor = visit(f"{proxy.url}/general", "naor")
    chooses(naor, large)
    naor.message.fill("the film")
    naor.message.press("Enter")
    expect(naor.message).to_have_value("")
    waiting = naor.page.locator(".msg.pending")
    expect(waiting).to_contain_text("Goes out once its files are there")
    expect(waiting.get_by_text(re.compile(r"\d+% of 12 MB"))).to_be_visible()
    naor.say("meanwhile")
    naor.sees("meanwhile")
    expect(waiting).to_have_count(1)
    proxy.flows()
    naor.all_is_saved()
    said = [(event["text"], "files" in event) for event in hub.events()]
    assert said == [("meanwhile", False), ("the film", True)]
    assert kept(hub, "film.bin") == large.read_bytes()


def test_a_network_that_is_lost_three_times_loses_nothing(
    hub: Serving, proxy: Proxy, visit: Visit, large: Path
) -> None:
    naor = visit(f"{proxy.url}/general", "naor")
    naor.expect_losses()
    naor.expected = (*naor.expected, "409")
    chooses(naor, large)
    naor.message.fill("the film")
    naor.message.press("Enter")
    proxy.stands_still()
    proxy.cut()  # Chromium sends the same request once more, which the hub refuses
    for _ in range(2):
        proxy.stands_still()
        proxy.goes_away()
        expect(card(naor, "film.bin")).to_contain_text("Waiting for the network")
        proxy.comes_back()
    proxy.flows()
    naor.all_is_saved()
    assert names(said_last(hub)) == ["film.bin"]
    assert kept(hub, "film.bin") == large.read_bytes()


def test_a_hub_that_starts_again_goes_on(
    hub: Serving, proxy: Proxy, visit: Visit, large: Path
) -> None:
    naor = visit(f"{proxy.url}/general", "naor")
    naor.expect_losses()
    naor.expected = (*naor.expected, "409", "503")  # it says that it stops
    chooses(naor, large)
    naor.message.fill("the film")
    naor.message.press("Enter")
    proxy.stands_still()
    hub.restart()
    proxy.flows()
    naor.all_is_saved()
    assert kept(hub, "film.bin") == large.read_bytes()


def test_a_reload_keeps_what_is_there_and_says_what_is_to_be_chosen_again(
    hub: Serving, proxy: Proxy, visit: Visit, large: Path
) -> None:
    naor = visit(f"{proxy.url}/general", "naor")
    naor.expect_losses()
    chooses(naor, payload("list.txt", b"bread"))
    all_ready(naor, 1)
    chooses(naor, large)
    naor.message.fill("both")
    naor.message.press("Enter")
    proxy.stands_still()
    naor.page.on("dialog", lambda asked: asked.accept())
    naor.page.reload()
    expect(card(naor, "list.txt")).to_contain_text("5 bytes")
    expect(card(naor, "film.bin")).to_contain_text("This file has to be chosen again.")
    with naor.page.expect_file_chooser() as chooser:
        naor.page.get_by_role("button", name="Choose again: film.bin").click()
    proxy.flows()
    offsets: list[str] = []
    naor.page.on("request", lambda x: offsets.append(x.headers.get("upload-offset", "")))
    chooser.value.set_files(large)
    naor.all_is_saved()
    said = said_last(hub)
    assert (said["text"], names(said)) == ("both", ["list.txt", "film.bin"])
    assert kept(hub, "film.bin") == large.read_bytes()
    assert max(int(offset or 0) for offset in offsets) > 2 * MEGABYTE, "it did not begin anew"


def test_files_of_a_draft_survive_a_reload(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    chooses(naor, payload("list.txt", b"bread"))
    all_ready(naor, 1)
    naor.page.reload()
    all_ready(naor, 1)
    sends(naor)
    assert names(said_last(hub)) == ["list.txt"]


def test_what_waits_is_written_anew_or_forgotten(
    hub: Serving, proxy: Proxy, visit: Visit, large: Path
) -> None:
    naor = visit(f"{proxy.url}/general", "naor")
    naor.expect_losses()
    chooses(naor, large)
    naor.message.fill("the film")
    naor.message.press("Enter")
    waiting = naor.page.locator(".msg.pending")
    waiting.get_by_role("button", name="Edit").click()
    expect(naor.message).to_have_value("the film")
    expect(waiting).to_have_count(0)
    proxy.stands_still()
    naor.message.press("Enter")
    waiting.get_by_role("button", name="Remove", exact=True).click()
    expect(waiting).to_have_count(0)
    expect(naor.page.locator(".upload")).to_have_count(0)
    naor.say("no film")
    naor.all_is_saved()
    assert [event["text"] for event in hub.events()] == ["no film"]


def test_leaving_the_page_meanwhile_is_asked_about(proxy: Proxy, visit: Visit, large: Path) -> None:
    naor = visit(f"{proxy.url}/general", "naor")
    naor.expect_losses()
    asked: list[str] = []

    def stays(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    naor.page.on("dialog", stays)
    chooses(naor, large)
    proxy.stands_still()
    naor.page.close(run_before_unload=True)
    naor.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    naor.page.get_by_role("button", name="Remove film.bin").click()
    expect(naor.page.locator(".upload")).to_have_count(0)
