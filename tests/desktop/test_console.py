"""What Hearth prints, to whom."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from hub import __version__
from hub.desktop import console
from hub.net import addresses
from tests.conftest import Launch
from tests.patience import PATIENCE
from tests.program import HEARTH
from tests.running import Browser, ask, link_of, say


def test_stdout_says_where_it_is(launch: Launch, tmp_path: Path) -> None:
    started = launch("My Room")
    url = started.ready()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/my-room", url)
    port = started.port
    assert ask(port, "GET", "/api/health")[1]["app"] == "hearth", "it serves before it prints"
    others = addresses.reachable(port)
    for other in others:
        assert started.line() == f"Others on this network: {other}/my-room"
    say(port, "Hello", "my-room")
    assert started.stop() == 0
    assert len(started.lines) == 1 + len(others), "and nothing else"
    assert started.complaint == ""
    assert (tmp_path / "rooms" / "my-room.jsonl").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a /dev/full")
def test_a_full_stdout_does_not_stop_it(launch: Launch, tmp_path: Path) -> None:
    started = launch(prefix=("sh", "-c", 'exec "$0" "$@" >/dev/full'))
    running = tmp_path / "rooms" / "hub" / "running.json"
    end = time.monotonic() + PATIENCE
    while not running.exists():
        assert time.monotonic() < end, started.complaint
        time.sleep(0.02)
    port = urlsplit(json.loads(running.read_text())["url"]).port
    assert port is not None
    say(port, "Hello")
    assert (started.stop(), started.complaint) == (0, "")


def test_an_address_is_said_once(launch: Launch) -> None:
    own = next(iter(addresses.lan()), None)
    if own is None:
        pytest.skip("this machine has no address but loopback")
    started = launch("--host", own)
    bare = f"[{own}]" if ":" in own else own
    assert started.ready() == f"http://{bare}:{started.port}/general"
    assert started.stop() == 0
    assert len(started.lines) == 1


def test_names_that_the_terminal_cannot_show(launch: Launch, tmp_path: Path) -> None:
    latin = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
    started = launch("--reset-host")
    port, ticket = link_of(started)
    host = Browser(port)
    host.done("POST", "/api/ticket", {"ticket": ticket})
    host.done("POST", "/api/session", {"name": "נאור"})
    host.done("POST", "/api/account", {"password": "correct horse"})
    say(port, "Hello", quote("מטבח"))
    assert started.stop() == 0
    checked = launch("--check", environment=latin)
    assert (checked.ended(), checked.complaint) == (0, "")
    assert (
        launch("--reset-host", environment=latin).line().endswith("is host without a password now.")
    )


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[bytes], int]]]:
    """Starts Hearth on a terminal of its own; returns the process and the terminal's other end."""
    pty = pytest.importorskip("pty", reason="has no terminals of this kind")
    started: list[subprocess.Popen[bytes]] = []
    ends: list[int] = []

    def start(*arguments: str) -> tuple[subprocess.Popen[bytes], int]:
        ours, theirs = pty.openpty()
        ends.extend((ours, theirs))
        # The new session's first open of a terminal makes that its own.
        launch = f'exec "$0" "$@" <>{os.ttyname(theirs)} >&0 2>&0'
        usual = ["--port", "0", "--rooms", str(tmp_path / "rooms"), "--set", "announce=false"]
        started.append(
            subprocess.Popen(
                ["sh", "-c", launch, *HEARTH, *usual, *arguments],
                env={x: y for x, y in os.environ.items() if "DISPLAY" not in x},
                start_new_session=True,
            )
        )
        return started[-1], ours

    yield start
    for process in started:
        process.kill()
        process.wait()
    for end in ends:
        with contextlib.suppress(OSError):
            os.close(end)


def read_until(end: int, words: bytes) -> bytes:
    """Read the terminal until it shows these words."""
    shown = b""
    while words not in shown:
        assert select.select([end], [], [], PATIENCE)[0], shown
        shown += os.read(end, 4096)
    return shown


@pytest.mark.parametrize("arguments", [["--no-window"], []], ids=["no window", "no display"])
def test_a_terminal_is_told_how_to_stop_it(terminal: Any, arguments: list[str]) -> None:
    process, end = terminal(*arguments)
    shown = read_until(end, b"Press Ctrl+C to stop Hearth.")
    assert shown.index(b" is at http://") < shown.index(b"Ctrl+C")
    os.write(end, b"\x03")
    assert process.wait(PATIENCE) == 0


def test_a_terminal_is_told_that_there_is_no_host(terminal: Any) -> None:
    def shown_until_served(*arguments: str) -> bytes:
        process, end = terminal("--no-window", *arguments)
        shown = read_until(end, b"to stop Hearth.")
        if link := re.search(rb":(\d+)/general#ticket=([\w-]+)", shown):
            host = Browser(int(link[1]))
            host.done("POST", "/api/ticket", {"ticket": link[2].decode()})
            host.done("POST", "/api/session", {"name": "naor"})
        os.write(end, b"\x03")
        assert process.wait(PATIENCE) == 0
        return shown

    first = shown_until_served()
    assert first.index(b" is at http://") < first.index(b"Nobody is the host yet: ")
    assert b"Nobody is the host" not in shown_until_served("--reset-host")
    assert b"Nobody is the host" not in shown_until_served()


def test_a_terminal_that_is_closed_stops_it_cleanly(terminal: Any, tmp_path: Path) -> None:
    process, end = terminal("--no-window")
    port = int(re.findall(rb" is at http://[^:]+:(\d+)/", read_until(end, b"Ctrl+C"))[0])
    say(port, "Hello")
    os.close(end)
    assert process.wait(PATIENCE) == 0
    assert not (tmp_path / "rooms" / "hub" / "running.json").exists()


class Closed(io.StringIO):
    """A stream whose other end was closed."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


@pytest.mark.parametrize(("print_", "name"), [(console.say, "stdout"), (console.warn, "stderr")])
def test_a_closed_stream_is_not_written_again(
    monkeypatch: pytest.MonkeyPatch, print_: Callable[[str], None], name: str
) -> None:
    monkeypatch.setattr(sys, name, Closed())
    print_("Hello")
    assert getattr(sys, name) is None
    print_("as in a Windows program without console")
    console.tell_how_to_stop()


def test_only_a_terminal_is_told_how_to_stop(capsys: pytest.CaptureFixture[str]) -> None:
    console.tell_how_to_stop()
    assert capsys.readouterr().err == ""


def test_the_own_address_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    console.say_addresses("http://10.0.0.1:5000", ["http://10.0.0.1:5000", "http://[fd00::1]:5000"],
                          "caf%C3%A9")  # fmt: skip
    assert capsys.readouterr().out.splitlines() == [
        f"Hearth {__version__} is at http://10.0.0.1:5000/caf%C3%A9",
        "Others on this network: http://[fd00::1]:5000/caf%C3%A9",
    ]


def test_characters_that_the_encoding_lacks_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    console.prepare()
    console.say("caf\u00e9")
    assert written.getvalue().rstrip() == b"caf\\xe9"
