"""What everybody does every day, in Firefox and in WebKitGTK."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browsers.person import Person
from tests.patience import until
from tests.serving import Serving

# selenium's own, about itself
pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")
Come = Callable[[str], Person]


def test_to_join_to_write_and_to_read(come: Come, hub: Serving) -> None:
    mira = come(f"{hub.url}/general")
    mira.join("mira")
    # No emoji: WebKit's driver drops those that somebody types.
    mira.say("Hello from here, שלום, 你好")
    mira.sees("Hello from here, שלום, 你好")
    assert [event["text"] for event in hub.events() if event["do"] == "say"] == [
        "Hello from here, שלום, 你好"
    ]
    hub.say("And **back** 🎉", username="naor")
    mira.sees("And back 🎉")
    assert mira.run("return document.querySelector('.text strong').textContent") == "back"
    mira.driver.refresh()
    mira.sees("And back 🎉")
    assert mira.run("return document.title").startswith("general"), "nobody joins twice"


def test_to_scroll_back_through_all_that_was_said(come: Come, hub: Serving) -> None:
    for number in range(400):
        hub.say(f"Line {number}")
    mira = come(f"{hub.url}/general")
    mira.join("mira")
    mira.sees("Line 399")
    assert "Line 0" not in mira.texts()

    def is_at_the_beginning() -> bool:
        mira.run("document.querySelector('[role=log]').scrollTop = 0")
        return "Line 0" in mira.texts()

    until(is_at_the_beginning, "the first message did not come")
    hub.say("Said meanwhile")
    mira.find("button", "1 new").click()
    mira.sees("Said meanwhile")


def test_what_is_written_while_the_hub_is_away_is_sent_when_it_is_back(
    come: Come, hub: Serving
) -> None:
    mira = come(f"{hub.url}/general")
    mira.join("mira")
    mira.say("Before it")
    mira.sees("Before it")
    hub.stop()
    until(lambda: "connect" in mira.status() or "reach" in mira.status(), "nothing was told")
    mira.say("While it was away")
    assert "While it was away" not in mira.texts()
    hub.start()
    mira.sees("While it was away")
    until(lambda: mira.status() == "", "it still tells of a loss")
    assert [event["text"] for event in hub.events() if event["do"] == "say"] == [
        "Before it", "While it was away",
    ]  # fmt: skip


def test_to_react(come: Come, hub: Serving) -> None:
    hub.say("Tea at four?", username="naor")
    mira = come(f"{hub.url}/general")
    mira.join("mira")
    mira.sees("Tea at four?")
    mira.points_at("[role=log] .text")
    mira.find("button", "React").click()
    mira.find("button", "React with 👍").click()
    until(lambda: any(x["do"] == "react" for x in hub.events()), "no reaction was saved")
    until(
        lambda: "👍" in mira.run("return document.querySelector('[role=log]').innerText"),
        "no reaction is shown",
    )
