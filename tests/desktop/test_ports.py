"""Which addresses and ports Hearth listens on."""

from __future__ import annotations

import errno
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from hub.desktop import ports
from hub.desktop.notices import Notices
from hub.errors import CannotStart
from hub.folder import Folder
from hub.net import addresses
from tests.conftest import Launch
from tests.running import ask, fails


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1"),
        ("127.0.0.2", "http://127.0.0.2"),
        ("::1", "http://[::1]"),
        ("localhost", "http://127.0.0.1"),
        ("0.0.0.0", "http://127.0.0.1"),
        ("::", "http://127.0.0.1"),
    ],
)
def test_the_address_to_listen_on(launch: Launch, host: str, shown: str) -> None:
    started = launch("--host", host)
    assert started.ready() == f"{shown}:{started.port}/general"
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    assert ask(started.port, "GET", "/api/health", host=own)[0] == 200
    if host == "127.0.0.1":
        with pytest.raises(ConnectionRefusedError):
            ask(started.port, "GET", "/api/health", host="127.0.0.2")
    others = addresses.reachable(started.port, host)
    for other in others:
        assert started.line() == f"Others on this network: {other}/general"
        peer = urlsplit(other).hostname
        assert ask(started.port, "GET", "/api/health", host=peer)[0] == 200
    assert started.stop() == 0
    assert len(started.lines) == 1 + len(others), "and no other"
    assert not others or host in ("0.0.0.0", "::")


def test_a_taken_port_has_status_3(launch: Launch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        fails(launch(port=port), 3, port, "taken", "--port")
        fails(launch("--host", "127.0.0.1", port=port), 3, port, "taken")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows says the same of one that is taken")
def test_a_port_that_needs_more_rights_is_not_called_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused(host: str | None, port: int) -> list[socket.socket]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(ports, "listen", refused)
    with pytest.raises(CannotStart, match=r"port 80: .*[Pp]ermission") as told:
        ports.bind(Folder(tmp_path), None, 80, Notices())
    assert "taken" not in str(told.value)


def test_an_explicit_port(launch: Launch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
    started = launch(port=str(port))
    started.ready()
    assert started.port == port


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("203.0.113.9", "this computer has no such address"),
        ("a..b", "neither an address nor a name"),
        ("no.such.host.invalid", "neither an address nor a name"),
        ("1.2.3.4:5000", "neither an address nor a name"),
    ],
)
def test_an_invalid_address_has_status_3(launch: Launch, host: str, why: str) -> None:
    started = launch("--host", host)
    fails(started, 3, host, why, "--host")
    assert not re.search(r"Errno|\(", started.complaint), "no error of the socket library"


HOLD = """
import socket, sys
held = [socket.create_server(("", int(x)), dualstack_ipv6=False) for x in sys.argv[1:]]
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(namespace: str) -> Iterator[Any]:
    """Takes ports in the test's namespace."""
    started: list[subprocess.Popen[str]] = []

    def hold(*ports: int) -> subprocess.Popen[str]:
        command = ["ip", "netns", "exec", namespace, sys.executable, "-c", HOLD]
        process = subprocess.Popen(
            [*command, *map(str, ports)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield hold
    for process in started:
        process.communicate()


def test_the_usual_ports(launch: Launch, namespace: str, holder: Any, tmp_path: Path) -> None:
    inside = ("ip", "netns", "exec", namespace)
    first = launch(port=None, prefix=inside)
    first.ready()
    assert first.port == 5000
    first.stop()
    assert first.complaint == ""
    one, two = holder(5000), holder(5001)
    second = launch(port=None, prefix=inside)
    second.ready()
    assert second.port == 5002, "the next free one"
    second.stop()
    (told,) = second.complaint.splitlines()
    for words in (
        "Another program holds port 5000",
        "at port 5002 this time",
        ":5000 ",
        "end that",
    ):
        assert words in told
    log = (tmp_path / "rooms" / "hub" / "hearth.log").read_text(encoding="utf-8")
    assert told.removeprefix("Hearth: ") in log
    two.communicate()
    third = launch(port=None, prefix=inside)
    third.ready()
    assert third.port == 5002, "remembered, though 5001 is free"
    third.stop()
    assert "at port 5002 this time" in third.complaint, "each time"
    one.communicate()
    fourth = launch(port=None, prefix=inside)
    fourth.ready()
    assert fourth.port == 5000, "the first port as soon as it is free"
    fourth.stop()
    assert fourth.complaint == ""
    holder(5000)
    fifth = launch(port=None, prefix=inside)
    fifth.ready()
    assert fifth.port == 5002, "still remembered"
    fifth.stop()


def test_a_start_beside_a_server_on_loopback_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Flask's own server has 127.0.0.1:5000; macOS and Windows let all interfaces be bound."""

    def beside(host: str | None, port: int) -> list[socket.socket]:
        if port in held:
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        return [socket.socket()]

    held = {5000, 5001}
    monkeypatch.setattr(ports, "listen", beside)
    folder = Folder.open(tmp_path / "rooms")
    notices = Notices()
    (bound,) = ports.bind(folder, None, None, notices)
    bound.close()
    assert len(notices) == 1
    assert "at port 5002 this time" in notices[0], "for those who started it without a terminal"
    assert notices[0] in capsys.readouterr().err
    with pytest.raises(CannotStart, match="Port 5000 is taken by another program"):
        ports.bind(folder, None, 5000, notices)


def test_all_usual_ports_taken_has_status_3(launch: Launch, namespace: str, holder: Any) -> None:
    holder(*range(5000, 5020))
    started = launch(port=None, prefix=("ip", "netns", "exec", namespace))
    fails(started, 3, "5000", "5019", "--port")


def test_an_explicit_port_is_not_remembered(launch: Launch, tmp_path: Path) -> None:
    started = launch()
    started.ready()
    started.stop()
    assert not (tmp_path / "rooms" / "hub" / "port").exists()


@pytest.mark.parametrize("error", [OverflowError("too large"), OSError(errno.EIO, "broken")])
def test_any_other_error_is_told_with_host_and_port(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception
) -> None:
    def broken(host: str | None, port: int) -> list[socket.socket]:
        raise error

    monkeypatch.setattr(ports, "listen", broken)
    with pytest.raises(CannotStart, match=r"Cannot listen on ::1, port 80: .*--host or --port"):
        ports.bind(Folder(tmp_path), "::1", 80, Notices())


def test_the_first_port_is_not_remembered(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path / "rooms")
    ports.remember(folder, ports.USUAL_PORTS[0])
    assert folder.port is None
    ports.remember(folder, 5003)
    assert folder.port == 5003


def test_a_port_that_cannot_be_remembered(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path / "rooms")
    (folder.hub / "port").mkdir()
    with pytest.raises(CannotStart, match="hub"):
        ports.remember(folder, 5003)


def test_only_the_hubs_own_instance_counts_as_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def answers(base: str, instance: str) -> bool:
        asked.append(base)
        return instance == "own"

    monkeypatch.setattr(ports, "answers", answers)
    ports.check("http://[::1]:5000", "own")
    with pytest.raises(CannotStart, match=r"Another program answers on port 5000\. .*--port"):
        ports.check("http://[::1]:5000", "other")
    assert asked == ["http://[::1]:5000"] * 2
