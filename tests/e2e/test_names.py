"""The fields for a person's name take what the hub takes, counted as it counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.serving import Serving

MOST = 40


def holds(field: Locator) -> None:
    field.fill("")
    field.press_sequentially("abcdefgh" * 8)
    expect(field).to_have_value("abcdefgh" * 5)
    field.press("Home")
    field.press_sequentially("x")
    expect(field).to_have_value("abcdefgh" * 5)
    field.press("Delete")
    field.press_sequentially("xy")
    expect(field).to_have_value("x" + ("abcdefgh" * 5)[1:])
    field.fill("😀" * 64)
    expect(field).to_have_value("😀" * MOST)
    field.fill("e\u0301" * 64)  # each of them one letter once the hub has composed it
    expect(field).to_have_value("e\u0301" * MOST)
    field.fill("a" + " " * 50 + "b" * 50)
    expect(field).to_have_value("a" + " " * 50 + "b" * 38)


@pytest.mark.parametrize("letter", ["é", "😀", "e\u0301"], ids=["one", "pair", "composed"])
def test_the_gate_takes_as_many_letters_as_the_hub(hub: Serving, visit: Visit, letter: str) -> None:
    naor = visit(f"{hub.url}/general")
    holds(naor.page.get_by_role("textbox", name="Your name"))
    naor.join(letter * MOST + "more")
    naor.say("Hello")
    naor.sees("Hello")
    naor.all_is_saved()
    assert len(hub.events()[0]["by"]) == MOST


def test_another_name_has_as_many_letters_as_the_hub_takes(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    naor.page.get_by_role("button", name="You: naor").click()
    naor.page.get_by_role("button", name="Change the name").click()
    field = naor.page.get_by_role("textbox", name="New name")
    holds(field)
    field.fill("Naor the " + "😀" * 64)
    naor.page.get_by_role("button", name="Save").click()
    whole = "Naor the " + "😀" * 31
    expect(naor.page.get_by_role("button", name=f"You: {whole}")).to_be_visible()
