"""What a visit costs on the wire: a phone on a slow network waits for every request."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.serving import Serving


class Wire:
    """The requests of a visitor's page, and the bytes that came, with their headers."""

    def __init__(self, visitor: Visitor) -> None:
        self.requests: list[str] = []
        self.bytes = 0
        self._cached: set[str] = set()
        self._names: dict[str, str] = {}
        told = visitor.context.new_cdp_session(visitor.page)
        told.on("Network.requestWillBeSent", self._asked)
        told.on("Network.webSocketCreated", lambda _: self.requests.append("WebSocket"))
        told.on("Network.requestServedFromCache", lambda x: self._cached.add(x["requestId"]))
        told.on("Network.responseReceived", self._answered)
        told.on("Network.loadingFinished", self._ended)
        told.send("Network.enable")

    def _asked(self, told: dict[str, Any]) -> None:
        self._names[told["requestId"]] = told["request"]["url"]

    def _answered(self, told: dict[str, Any]) -> None:
        if told["response"].get("fromDiskCache"):
            self._cached.add(told["requestId"])

    def _ended(self, told: dict[str, Any]) -> None:
        asked = self._names.get(told["requestId"])  # None: by the page before
        if asked is not None and told["requestId"] not in self._cached:
            self.requests.append(asked)
            self.bytes += int(told["encodedDataLength"])


def test_a_visit_costs_few_requests_and_the_next_one_no_file(hub: Serving, visit: Visit) -> None:
    naor = visit("about:blank")  # which has no icon to be fetched
    first = Wire(naor)
    naor.open(f"{hub.url}/general")
    naor.join("naor")
    naor.rests()
    assert len(first.requests) <= 30, first.requests
    assert first.bytes <= 128_500, first.bytes
    naor.open("about:blank")
    for n in range(150):  # more than a page
        hub.say(f"message {n}")
    again = Wire(naor)
    naor.open(f"{hub.url}/general")
    naor.sees("message 149")
    expect(naor.page.get_by_text("Connected", exact=True)).to_be_attached()
    naor.rests()
    naor.page.wait_for_timeout(1500)  # nothing follows later either
    page, state = f"{hub.url}/general", f"{hub.url}/api/start?room=general"
    assert sorted(again.requests) == ["WebSocket", state, page]
    assert again.bytes <= 20_000, again.bytes
