"""The hub's name as another computer finds it: a real hub, zeroconf and curl, on a cable."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.launching import Launched
from tests.running import link_of

HOST, PEER = "10.78.0.1", "10.78.0.2"

LOOK = """
import sys, time, zeroconf
name, host = sys.argv[1:]
network = zeroconf.Zeroconf(interfaces=["10.78.0.2"])
end = time.monotonic() + 20
while time.monotonic() < end:
    info = network.get_service_info("_http._tcp.local.", name + "._http._tcp.local.", 1000)
    if info and info.server == host + ".":
        print(info.server, *info.parsed_addresses(), info.port)
        break
network.close()
"""
HOLD = """
import sys
from hub.net.mdns import announce
held = announce(80, "0", ["10.78.0.2"])
held.rename("Kitchen")
held.wait(20)
print(held.host, flush=True)
sys.stdin.read()
held.close()
"""


@pytest.fixture
def cable(namespaces: Callable[[], str]) -> tuple[str, str]:
    """Two networks with a cable between them, on which multicast goes."""
    host, peer = namespaces(), namespaces()
    link = f"link add lan0 type veth peer name lan0 netns {peer}"
    subprocess.run(["ip", "-n", host, *link.split()], check=True)
    for namespace, address in ((host, HOST), (peer, PEER)):
        for step in (
            f"address add {address}/24 dev lan0",
            "link set lan0 up",
            "route add 224.0.0.0/4 dev lan0",
        ):
            subprocess.run(["ip", "-n", namespace, *step.split()], check=True)
    return host, peer


def inside(namespace: str, *command: str) -> str:
    ended = subprocess.run(
        ["ip", "netns", "exec", namespace, *command],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def found(namespace: str, service: str, host: str) -> str:
    """What the peer finds of a service that is to have this host name; "" where there is none."""
    return inside(namespace, sys.executable, "-c", LOOK, service, host).strip()


def asked(namespace: str, host: str, port: int) -> str:
    """The status of a request by that host name."""
    return inside(
        namespace, "curl", "--silent", "--max-time", "10", "--output", "/dev/null",
        "--resolve", f"{host}:{port}:{HOST}", "--write-out", "%{http_code}",
        f"http://{host}:{port}/api/health",
    )  # fmt: skip


@pytest.fixture
def hub(cable: tuple[str, str], tmp_path: Path) -> Iterator[Launched]:
    started = Launched(
        ["--reset-host", "--no-window", f"--rooms={tmp_path / 'rooms'}"],
        tmp_path,
        prefix=("ip", "netns", "exec", cable[0]),
    )
    yield started
    started.close()


class Host:
    """Whoever came in by the link of --reset-host, at the hub's own computer."""

    def __init__(self, namespace: str, hub: Launched, jar: Path) -> None:
        self.port, ticket = link_of(hub)
        self._namespace = namespace
        self._jar = str(jar)
        self._post("/api/ticket", {"ticket": ticket})
        self._post("/api/session", {"name": "naor"})

    def calls_it(self, name: str) -> None:
        assert self._post("/api/host", {"do": "name", "text": name})["ok"]

    def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        base = f"http://127.0.0.1:{self.port}"
        told: dict[str, Any] = json.loads(
            inside(
                self._namespace, "curl", "--silent", "--max-time", "10",
                "--cookie", self._jar, "--cookie-jar", self._jar,
                "-H", f"Origin: {base}", "-H", "Content-Type: application/json",
                "-d", json.dumps(body), base + path,
            )
        )  # fmt: skip
        return told


@pytest.mark.slow
def test_a_hub_is_found_by_the_name_that_its_host_gives_it(
    cable: tuple[str, str], hub: Launched, tmp_path: Path
) -> None:
    inner, peer = cable
    short = socket.gethostname().partition(".")[0]
    host = Host(inner, hub, tmp_path / "jar")
    first = f"hearth-{short.lower()}.local"
    assert found(peer, f"Hearth on {short}", first) == f"{first}. {HOST} {host.port}"
    assert asked(peer, "kitchen-hub.local", host.port) == "421"

    host.calls_it("Kitchen hub")
    told = f"kitchen-hub.local. {HOST} {host.port}"
    assert found(peer, "Kitchen hub", "kitchen-hub.local") == told
    assert asked(peer, "kitchen-hub.local", host.port) == "200"
    assert asked(peer, first, host.port) == "200"
    assert asked(peer, "cellar.local", host.port) == "421"

    host.calls_it("Кухня")
    assert found(peer, "Кухня", first) == f"{first}. {HOST} {host.port}"
    assert asked(peer, "kitchen-hub.local", host.port) == "200", "for pages that came from there"


@pytest.mark.slow
def test_a_name_that_another_computer_has_is_left_to_it(
    cable: tuple[str, str], hub: Launched, tmp_path: Path
) -> None:
    inner, peer = cable
    host = Host(inner, hub, tmp_path / "jar")
    with subprocess.Popen(
        ["ip", "netns", "exec", peer, sys.executable, "-c", HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "kitchen.local\n"
        host.calls_it("Kitchen")
        told = f"kitchen-2.local. {HOST} {host.port}"
        assert found(peer, "Kitchen-2", "kitchen-2.local") == told
        assert asked(peer, "kitchen-2.local", host.port) == "200"
        assert asked(peer, "kitchen.local", host.port) == "421"
        other.communicate()
