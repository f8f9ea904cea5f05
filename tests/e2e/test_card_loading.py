"""The cards come after the first paint, or when somebody wants one."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.e2e.conftest import Visit
from tests.serving import Serving

CARDS = "**/parts/cards.js*"


def test_a_click_before_the_cards_came_opens_one(hub: Serving, visit: Visit) -> None:
    held: list[Route] = []
    naor = visit(f"{hub.url}/api/health")
    naor.page.route(CARDS, lambda route: held.append(route))
    naor.open(f"{hub.url}/general")
    naor.join("naor")
    assert not any("/parts/sheet.js" in x or "/parts/you/" in x for x in naor.asked)
    naor.page.get_by_role("button", name="New private room").click()
    expect(naor.page.get_by_role("dialog")).to_have_count(0)
    for _ in range(200):
        if held:
            break
        naor.page.wait_for_timeout(50)
    held[0].continue_()
    expect(naor.page.get_by_role("dialog", name="New private room")).to_be_visible()
    assert len(held) == 1, "it was asked for once"


def test_cards_that_cannot_be_fetched_are_tried_again(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/api/health")
    naor.expect_losses()
    naor.page.route(CARDS, lambda route: route.abort())
    naor.page.route("**/api/health", lambda route: route.abort())
    naor.open(f"{hub.url}/general")
    naor.join("naor")
    naor.page.get_by_role("button", name="New private room").click()
    expect(naor.page.get_by_text("Hearth cannot be reached.")).to_be_visible()
    naor.page.unroute(CARDS)
    naor.page.get_by_role("button", name="New private room").click()
    expect(naor.page.get_by_role("dialog", name="New private room")).to_be_visible()


def test_a_card_lost_while_the_hub_is_there_loads_the_page_again(
    hub: Serving, visit: Visit
) -> None:
    naor = visit(f"{hub.url}/api/health")
    naor.expect_losses()
    naor.page.route("**/parts/sheet.js", lambda route: route.abort())
    naor.open(f"{hub.url}/general")
    naor.join("naor")
    with naor.page.expect_navigation():
        naor.page.get_by_role("button", name="New private room").click()
    naor.page.unroute("**/parts/sheet.js")
    naor.page.reload()
    naor.page.get_by_role("button", name="New private room").click()
    expect(naor.page.get_by_role("dialog", name="New private room")).to_be_visible()
