"""The cards over the page, each by what somebody does with it: rooms, topics, pins, people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_look import button
from tests.e2e.visitor import Visitor
from tests.serving import Serving
from tests.talk import Talk


@pytest.fixture
def mira(hub: Serving) -> Iterator[Talk]:
    """Somebody who is in general."""
    with hub.talk(hub.session("mira")) as mira:
        mira.hello()
        mira.join()
        yield mira


def card_of(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("dialog", name=name, exact=True)


def test_a_card_that_is_opened_again_at_once_is_not_empty(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    button(naor, "New private room").click()
    expect(card_of(naor, "New private room")).to_be_visible()
    naor.page.evaluate(
        """() => {
            const card = document.querySelector('hearth-new');
            card.close();
            card.open('direct');
        }"""
    )
    expect(card_of(naor, "Write to somebody")).to_be_visible()
    naor.page.wait_for_timeout(100)
    expect(naor.page.get_by_role("searchbox", name="To whom?")).to_be_visible()
    naor.page.keyboard.press("Escape")
    said = naor.page.evaluate(
        """async () => {
            const card = document.querySelector('hearth-question');
            const soon = () => new Promise((done) => setTimeout(done));
            card.ask({ title: 'One?', text: '', yes: 'Yes' });
            await soon();
            const dialog = card.querySelector('dialog');
            const told = new Promise((done) => dialog.addEventListener('close', done));
            dialog.close();
            const said = card.ask({ title: 'Two?', text: '', yes: 'Yes' });
            await told;
            card.querySelector('.button.danger').click();
            return said;
        }"""
    )
    assert said is True
