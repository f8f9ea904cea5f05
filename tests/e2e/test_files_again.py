"""Files that are come back to: chosen once more, looked through once more, taken back to edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.senders import all_ready, card, chooses, kept, sends
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
