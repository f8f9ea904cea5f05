"""Files that are come back to: chosen once more, looked through once more, taken back to edit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.senders import all_ready, card, chooses, kept, payload, sends
from tests.e2e.visitor import Held
from tests.serving import Serving


@pytest.mark.parametrize("text", ["fresh bread", "toast"], ids=["longer", "as long"])
def test_a_file_that_was_changed_meanwhile_is_chosen_again(
    hub: Serving, visit: Visit, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "list.txt"
    path.write_text("bread")
    naor = visit(f"{hub.url}/general", "naor")
    naor.expect_losses()
    naor.expected = (*naor.expected, "404")  # the hub has nothing of it
    naor.page.route("**/api/files/**", lambda route: route.abort())
    chooses(naor, path)
    expect(card(naor, "list.txt")).to_contain_text("Waiting for the network")
    path.write_text(text)
    told = naor.page.locator("hearth-composer hearth-file-tray").get_by_role("status")
    why = "It was changed or moved meanwhile. Choose it again."
    expect(told).to_have_text(f"list.txt was not sent. {why}")
    expect(card(naor, "list.txt")).to_contain_text(why)
    naor.page.unroute("**/api/files/**")
    with naor.page.expect_file_chooser() as chooser:
        naor.page.get_by_role("button", name="Choose again: list.txt").click()
    chooser.value.set_files(path)
    all_ready(naor, 1)
    expect(naor.page.get_by_role("button", name="Remove list.txt")).to_be_focused()
    sends(naor)
    assert kept(hub, "list.txt") == text.encode()


def test_the_card_of_files_is_that_of_the_room_in_which_it_was_opened_last(
    hub: Serving, visit: Visit
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    room = naor.makes_private_room()
    naor.open(f"{hub.url}/{room}")
    chooses(naor, payload("tea.txt", b"x"))
    all_ready(naor, 1)
    sends(naor)
    naor.open(f"{hub.url}/general")
    naor.is_in()
    held = Held(naor.page, re.compile(r"/api/files/general(\?|$)"))
    shown = naor.page.get_by_role("dialog", name="Files")

    def opens() -> None:
        naor.page.get_by_role("button", name="About this room").click()
        naor.page.get_by_role("dialog").get_by_role("button", name=re.compile("^Files")).click()
        expect(shown).to_be_visible()

    opens()
    naor.page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    naor.page.get_by_role("link", name=re.compile("Tea")).click()
    expect(naor.log).to_contain_text("tea.txt")
    opens()
    assert len(held) == 1
    held.release()
    expect(shown.get_by_role("listitem")).to_have_count(1)
    expect(shown.get_by_role("listitem")).to_contain_text("tea.txt")


def test_a_message_whose_files_cannot_be_taken_back_stays(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.expect_losses()
    naor.page.route("**/api/files/**", lambda route: route.abort())
    chooses(naor, payload("list.txt", b"bread"))
    naor.message.fill("the list")
    naor.message.press("Enter")
    waiting = naor.page.locator(".msg.pending")
    expect(waiting).to_have_count(1)
    naor.page.on("dialog", lambda asked: asked.accept())
    naor.page.route("**/attachments.js", lambda route: route.abort())
    naor.page.reload()
    waiting.get_by_role("button", name="Edit").click()
    expect(naor.page.get_by_text("That did not come from the hub.")).to_be_visible()
    naor.page.wait_for_timeout(300)
    expect(waiting).to_contain_text("the list")
    expect(naor.message).to_have_value("")


def test_the_button_for_files_follows_the_window(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    composer = naor.page.locator("hearth-composer")
    expect(composer.get_by_role("button", name="Add files", exact=True)).to_be_visible()
    naor.page.set_viewport_size({"width": 390, "height": 844})
    naor.types("x")
    expect(composer.get_by_role("button", name="Add files or a poll")).to_be_visible()
