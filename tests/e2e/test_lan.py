"""A peer on another machine, as near as one machine can have it: in a network of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Playwright, expect

from tests.conftest import Launch
from tests.e2e.conftest import PROGRAM, started_browser
from tests.e2e.visitor import Visitor

HOST, PEER = "10.77.0.1", "10.77.0.2"


def joined(host: str, peer: str) -> None:
    """Lay a cable between two namespaces, for IPv4 alone.

    The other kind of address comes a second later, and a browser then drops what is on its way.
    """
    for namespace in (host, peer):
        off = "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6"
        subprocess.run(["ip", "netns", "exec", namespace, "sh", "-c", off], check=True)
    cable = f"link add lan0 type veth peer name lan0 netns {peer}"
    subprocess.run(["ip", "-n", host, *cable.split()], check=True)
    for namespace, address in ((host, HOST), (peer, PEER)):
        for step in (f"address add {address}/24 dev lan0", "link set lan0 up"):
            subprocess.run(["ip", "-n", namespace, *step.split()], check=True)


def test_a_peer_reads_and_writes(
    playwright: Playwright, launch: Launch, namespaces: Callable[[], str], tmp_path: Path
) -> None:
    host, peer = namespaces(), namespaces()
    joined(host, peer)
    hub = launch(port=None, prefix=("ip", "netns", "exec", host))
    assert hub.ready() == "http://127.0.0.1:5000/general"
    assert hub.line() == f"Others on this network: http://{HOST}:5000/general"
    program = tmp_path / "chromium"
    program.write_text(f'#!/bin/sh\nexec ip netns exec {peer} {PROGRAM} "$@"\n')
    program.chmod(0o755)
    browser = started_browser(playwright, program)
    try:
        visitor = Visitor(browser.new_context())
        visitor.open(f"http://{HOST}:5000/general")
        assert visitor.page.evaluate("isSecureContext") is False, "as peers have it"
        visitor.join("mira")
        visitor.say("Hello from the other machine")
        visitor.sees("Hello from the other machine")
        posted = subprocess.run(
            ["ip", "netns", "exec", host, "curl", "--silent", "--max-time", "10", "-d", "And back",
             "http://127.0.0.1:5000/api/chat/general?username=naor"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert json.loads(posted.stdout)["n"] == 2
        visitor.sees("And back")
        expect(visitor.row("And back")).to_contain_text("naor")
        visitor.close()
        assert visitor.strayed == []
        assert visitor.faults == []
    finally:
        browser.close()
    assert hub.stop() == 0
    lines = (tmp_path / "rooms" / "general.jsonl").read_text().splitlines()[1:]
    assert [json.loads(x)["text"] for x in lines] == ["Hello from the other machine", "And back"]
