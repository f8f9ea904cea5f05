"""The hub stops without a word, as on a machine that falls asleep, and goes on later."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import Launch
from tests.e2e.conftest import Visit
from tests.faults.starting import frozen, started
from tests.launching import Launched

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process"
)

WATCH = """() => {
    window.dialled = [];
    window.WebSocket = class extends WebSocket {
        constructor(url) {
            super(url);
            window.dialled.push(document.querySelector('.self .state').textContent);
        }
    };
}"""
"""Notes what the page says of its line whenever it takes a new one."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "rooms"


@pytest.fixture
def frosty(launch: Launch, folder: Path) -> Launched:
    return started(launch, folder)


def texts(folder: Path) -> list[str]:
    lines = (folder / "general.jsonl").read_bytes().splitlines()[1:]
    return [json.loads(line)["text"] for line in lines]


def test_a_frozen_hub_is_found_out(frosty: Launched, folder: Path, visit: Visit) -> None:
    naor = visit(f"http://127.0.0.1:{frosty.port}/general", "naor")
    naor.expect_losses()
    naor.say("before")
    naor.sees("before")
    naor.page.evaluate(WATCH)
    asked: list[str] = []
    naor.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    naor.page.on("websocket", lambda socket: asked.append("live"))
    frozen(frosty)
    try:
        naor.say("while it stood still")
        row = naor.row("while it stood still")
        expect(row.get_by_text("Still sending")).to_be_visible()
        lines = naor.page.get_by_role("status").filter(has_text="Reconnecting")
        expect(lines).to_be_visible()
        tried = [x for x in asked if x in ("health", "live")]
        assert tried[:2] == ["health", "live"], "the page asks first whether the hub is there"
        dialled: list[str] = naor.page.evaluate("window.dialled")
        assert dialled[0] == "Reconnecting", "and says so before it takes another line"
        naor.say("and this")
        expect(naor.row("and this").get_by_text("Sending later")).to_be_visible()
    finally:
        frosty.process.send_signal(signal.SIGCONT)
    naor.sees("while it stood still", 60)
    naor.sees("and this", 60)
    expect(naor.page.get_by_text("Connected", exact=True)).to_be_attached()
    expect(naor.log.get_by_text("Still sending")).to_have_count(0)
    naor.say("after")
    naor.sees("after")
    assert texts(folder) == ["before", "while it stood still", "and this", "after"]
    assert frosty.stop() == 0


def test_a_hub_that_is_only_slow_keeps_its_line(
    frosty: Launched, folder: Path, visit: Visit
) -> None:
    naor = visit(f"http://127.0.0.1:{frosty.port}/general", "naor")
    naor.expect_losses()
    naor.say("before")
    naor.sees("before")
    asked: list[str] = []
    naor.page.on("websocket", lambda socket: asked.append("live"))
    naor.page.route("**/api/health", lambda route: (asked.append("health"), route.continue_())[1])
    frozen(frosty)
    try:
        naor.say("late")
        expect(naor.row("late").get_by_text("Still sending")).to_be_visible()
        while not asked:
            naor.page.wait_for_timeout(20)
    finally:
        frosty.process.send_signal(signal.SIGCONT)
    naor.sees("late", 60)
    assert asked[0] == "health"
    assert texts(folder) == ["before", "late"]
    assert frosty.stop() == 0
