"""Hearth as a process: contract 1, row by row and line by line."""

from __future__ import annotations

import argparse
import contextlib
import errno
import http.client
import json
import logging
import os
import re
import select
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

import launcher
from hub import __version__, config
from hub.errors import CannotStart
from hub.folder import Folder
from hub.net import addresses
from tests.conftest import Launch
from tests.launching import ROOT, SECONDS, Launched
from tests.talk import Talk

CHAT = "/api/chat/general"


def ask(port: int, method: str, path: str, body: Any = None, host: str = "127.0.0.1") -> Any:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        kind = {"Content-Type": "application/json", "Accept": "application/json"}
        connection.request(method, path, json.dumps(body) if body else None, kind)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def say(port: int, text: str, room: str = "general") -> None:
    status, told = ask(port, "POST", f"/api/chat/{room}", {"username": "naor", "msg": text})
    assert status == 201, told


def texts(port: int, room: str = "general") -> list[str]:
    return [x["text"] for x in ask(port, "GET", f"/api/chat/{room}")[1]["events"]]


def fails(started: Launched, status: int, *words: str) -> None:
    """It ends with this status and one line on stderr that has these words."""
    assert started.ended() == status, started.complaint
    lines = started.complaint.strip().splitlines()
    assert len(lines) == 1, started.complaint
    for word in words:
        assert word in lines[0]
    assert started.lines == [], "nothing is said to be there"


# -- what it is told --------------------------------------------------------------------------


def test_version(launch: Launch) -> None:
    started = launch("--version", rooms=None)
    assert started.ended() == 0
    assert started.lines == [f"Hearth {__version__}"]


def test_help_names_every_option_and_setting(launch: Launch) -> None:
    started = launch("--help", rooms=None)
    assert started.ended() == 0
    text = "\n".join(started.lines)
    for option in ("ROOM", "--host", "--port", "--rooms", "--no-window", "--browser", "--set"):
        assert option in text
    for line in config.describe().splitlines():
        assert line in text
    for name in ("message_rate", "connections_per_address", "hub_code", "accounts", "announce"):
        assert name in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--nonsense"], "--nonsense"),
        (["one", "two"], "two"),
        (["--port", "x"], "0 to 65535"),
        (["--port", "65536"], "0 to 65535"),
        (["--port", "-1"], "--port"),
        (["--no-window", "--browser"], "--browser"),
        (["--set", "message_rate"], "KEY=VALUE"),
        (["--set", "no_such=1"], "no_such"),
        (["--set", "message_rate=quick"], "message_rate"),
        (["--set", "accounts=nobody"], "accounts"),
        (["con"], "device"),
        (["../etc"], "dot"),
        (["a/b"], "/"),
        (["x" * 10_000], "too long"),
    ],
    ids=lambda x: str(x)[:40],
)
def test_wrong_usage_is_2(launch: Launch, tmp_path: Path, arguments: list[str], words: str) -> None:
    started = launch(*arguments)
    assert started.ended() == 2
    assert words in started.complaint
    assert "Traceback" not in started.complaint


@pytest.mark.parametrize("way", ["launcher.py", "scripts/run.py"])
def test_usage_names_what_was_typed(way: str) -> None:
    command = [sys.executable, way, "--nonsense"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"usage: {way} [-h]"), ended.stderr
    assert f"{way}: error: " in ended.stderr


def test_a_folder_without_a_name_is_wrong_usage(launch: Launch, tmp_path: Path) -> None:
    """As of a shell whose variable is not set: the folder that one is in is not meant."""
    started = launch("--rooms", "", rooms=None)
    assert started.ended() == 2
    assert "folder" in started.complaint
    assert list((tmp_path / "home").iterdir()) == []
    assert started.lines == []
    assert not (tmp_path / "rooms").exists(), "nothing is made for a slip"


# -- what it says -----------------------------------------------------------------------------


def test_stdout_says_where_it_is(launch: Launch, tmp_path: Path) -> None:
    started = launch("My Room")
    url = started.ready()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/my-room", url)
    port = started.port
    assert ask(port, "GET", "/api/health")[1]["app"] == "hearth", "it answers once it says so"
    others = addresses.reachable(port)
    for other in others:
        assert started.line() == f"Others on this network: {other}/my-room"
    say(port, "Hello", "my-room")
    assert started.stop() == 0
    assert len(started.lines) == 1 + len(others), "and nothing else"
    assert started.complaint == ""
    assert (tmp_path / "rooms" / "my-room.jsonl").exists()


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
def test_host(launch: Launch, host: str, shown: str) -> None:
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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a /dev/full")
def test_nobody_needs_to_hear_where_it_is(launch: Launch, tmp_path: Path) -> None:
    started = launch(prefix=("sh", "-c", 'exec "$0" "$@" >/dev/full'))
    running = tmp_path / "rooms" / "hub" / "running.json"
    end = time.monotonic() + 10
    while not running.exists():
        assert time.monotonic() < end, started.complaint
        time.sleep(0.02)
    port = urlsplit(json.loads(running.read_text())["url"]).port
    assert port is not None
    say(port, "Hello")
    assert (started.stop(), started.complaint) == (0, "")


def test_a_peers_address_is_said_once(launch: Launch) -> None:
    own = next(iter(addresses.lan()), None)
    if own is None:
        pytest.skip("this machine has no address but loopback")
    started = launch("--host", own)
    bare = f"[{own}]" if ":" in own else own
    assert started.ready() == f"http://{bare}:{started.port}/general"
    assert started.stop() == 0
    assert len(started.lines) == 1


def test_a_room_of_another_script(launch: Launch) -> None:
    assert launch("Café").ready().endswith("/caf%C3%A9")


# -- ports ------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_3(launch: Launch) -> None:
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

    monkeypatch.setattr(launcher, "listen", refused)
    options = argparse.Namespace(host=None, port=80)
    with pytest.raises(CannotStart, match=r"port 80: .*[Pp]ermission") as told:
        launcher._listen(options, Folder(tmp_path))
    assert "taken" not in str(told.value)


def test_the_port_that_was_asked_for(launch: Launch) -> None:
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
def test_an_address_of_nobody_is_3(launch: Launch, host: str, why: str) -> None:
    started = launch("--host", host)
    fails(started, 3, host, why, "--host")
    assert not re.search(r"Errno|\(", started.complaint), "in words, not in those of a library"


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
        "another program holds port 5000",
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
    assert fourth.port == 5000, "as soon as it is free"
    fourth.stop()
    assert fourth.complaint == ""
    holder(5000)
    fifth = launch(port=None, prefix=inside)
    fifth.ready()
    assert fifth.port == 5002, "still remembered"
    fifth.stop()


def test_a_start_beside_a_server_on_loopback_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Flask's own server holds 127.0.0.1:5000: macOS and Windows let all interfaces be bound."""

    def beside(host: str | None, port: int) -> list[socket.socket]:
        if port in held:
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        return [socket.socket()]

    held = {5000, 5001}
    monkeypatch.setattr(launcher, "listen", beside)
    folder = Folder.open(tmp_path / "rooms")
    (bound,) = launcher._listen(argparse.Namespace(host=None, port=None), folder)
    bound.close()
    assert "at port 5002 this time" in capsys.readouterr().err
    with pytest.raises(CannotStart, match="Port 5000 is taken by another program"):
        launcher._listen(argparse.Namespace(host=None, port=5000), folder)


def test_all_usual_ports_taken_is_3(launch: Launch, namespace: str, holder: Any) -> None:
    holder(*range(5000, 5020))
    started = launch(port=None, prefix=("ip", "netns", "exec", namespace))
    fails(started, 3, "5000", "5019", "--port")


def test_an_asked_port_is_not_remembered(launch: Launch, tmp_path: Path) -> None:
    started = launch()
    started.ready()
    started.stop()
    assert not (tmp_path / "rooms" / "hub" / "port").exists()


# -- what the system does not give ------------------------------------------------------------

SCARCE = """
import sys, threading
most, real = int(sys.argv.pop(1)), threading.Thread.start

def start(thread):
    if threading.active_count() > most:
        raise RuntimeError("can't start new thread")
    real(thread)

threading.Thread.start = start
sys.path.insert(0, sys.argv.pop(1))
import launcher
sys.exit(launcher.main())
"""


def test_a_thread_that_cannot_be_had_is_3_whichever_it_is(tmp_path: Path) -> None:
    """The system allows so many at once, from none to as many as a start needs."""
    usual = ["--no-window", "--port", "0", "--set", "announce=false"]
    for most in range(40):
        process = subprocess.Popen(
            [sys.executable, "-c", SCARCE, str(most), str(ROOT), "--rooms", tmp_path, *usual],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        port = re.search(r":(\d+)/", process.stdout.readline())
        if port is not None:
            say(int(port[1]), "Hello")
            process.terminate()
        _, complaint = process.communicate(timeout=60)
        if port is not None:
            break
        assert process.returncode == 3, complaint
        assert len(complaint.splitlines()) == 1, complaint
        assert "too few threads or too little memory" in complaint
    assert most > 5
    assert (process.returncode, complaint) == (0, ""), "what it has is enough to serve and to end"


@pytest.mark.skipif(sys.platform != "linux", reason="limits address space as Linux does")
@pytest.mark.parametrize("limit", [250_000, 400_000, 550_000, 700_000])
def test_little_address_space(launch: Launch, limit: int) -> None:
    """It says what is missing, or all of it works; in KiB."""
    limited = ("sh", "-c", f'ulimit -v {limit}; exec "$0" "$@"')
    started = launch("--set", "connections_per_address=0", prefix=limited)
    try:
        started.ready()
    except AssertionError:
        fails(started, 3, "too few threads or too little memory", "ulimit -v")
        return
    with ThreadPoolExecutor(20) as askers:
        answers = askers.map(lambda _: ask(started.port, "GET", "/api/rooms")[0], range(60))
    assert set(answers) == {200}
    assert (started.stop(), started.complaint) == (0, "")


# -- the end ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_it_cleanly(launch: Launch, tmp_path: Path, number: int) -> None:
    started = launch("--set", "message_rate=0")
    started.ready()
    with Talk(f"ws://127.0.0.1:{started.port}/api/live") as naor:
        naor.hello("naor")
        naor.join()
        for n in range(200):
            naor.send("say", room="general", text=str(n), key=f"k{n}")
        naor.settle()
        began = time.monotonic()
        assert started.stop(number) == 0
        assert time.monotonic() - began < 10
        assert naor.closed()[0] == 1001
    lines = (tmp_path / "rooms" / "general.jsonl").read_bytes().splitlines()[1:]
    assert [json.loads(x)["text"] for x in lines] == [str(n) for n in range(200)]
    assert started.complaint == ""
    assert not (tmp_path / "rooms" / "hub" / "running.json").exists()


def test_who_does_not_read_does_not_keep_it_from_stopping(launch: Launch) -> None:
    started = launch("--set", "message_rate=0", "--host", "127.0.0.1")
    started.ready()
    with Talk(f"ws://127.0.0.1:{started.port}/api/live") as naor:
        naor.hello("naor")
        for n in range(1500):
            naor.send("say", room="general", text="x" * 16_000, key=f"k{n}")
            if n % 50 == 49:  # who posts faster than it reads is told to come back
                naor.expect("say", 30, key=f"k{n}")
    with socket.socket() as small:
        small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        small.connect(("127.0.0.1", started.port))
        small.sendall(b"GET /api/chat/general HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.5)
        began = time.monotonic()
        assert started.stop() == 0
        assert time.monotonic() - began < 10


def test_signals_at_any_moment(launch: Launch) -> None:
    """One that comes while the main thread goes to sleep is not lost."""
    started = launch("--host", "127.0.0.1")
    started.ready()
    assert started.stop() == 0


def test_signals_that_come_twice(launch: Launch) -> None:
    started = launch()
    started.ready()
    started.process.send_signal(signal.SIGINT)
    started.process.send_signal(signal.SIGTERM)
    assert started.ended() == 0
    assert started.complaint == ""


def test_a_hub_that_was_killed_starts_again(launch: Launch, tmp_path: Path) -> None:
    started = launch()
    started.ready()
    say(started.port, "Hello")
    started.process.kill()
    started.process.wait()
    file = tmp_path / "rooms" / "general.jsonl"
    with file.open("ab") as torn:
        torn.write(b'{"room":"general","n":2,"at":"2026-')
    again = launch()
    again.ready()
    assert texts(again.port) == ["Hello"]
    say(again.port, "and on")
    assert texts(again.port) == ["Hello", "and on"]
    (kept,) = (tmp_path / "rooms" / "hub" / "torn").iterdir()
    assert kept.read_bytes() == b'{"room":"general","n":2,"at":"2026-'


# -- a second start ---------------------------------------------------------------------------


def test_a_second_start_says_where_the_first_is(launch: Launch, tmp_path: Path) -> None:
    first = launch()
    first.ready()
    say(first.port, "Hello")

    def kept() -> dict[str, tuple[int, int]]:
        files = [x for x in (tmp_path / "rooms").rglob("*") if "log" not in x.name]
        return {str(x): (x.stat().st_mtime_ns, x.stat().st_size) for x in files}

    before = kept()
    second = launch("other")
    assert second.ended() == 0
    assert second.lines == [f"Hearth is already running at http://127.0.0.1:{first.port}/other"]
    windowed = launch("other", window=True)
    assert windowed.ended() == 0
    assert f"http://127.0.0.1:{first.port}/other" in windowed.lines[0]
    assert kept() == before, "it never writes to the folder"
    assert texts(first.port) == ["Hello"]


def test_a_second_start_while_the_first_is_ending(tmp_path: Path) -> None:
    """It takes over, and does not wait for an answer that never comes."""
    first, second = Folder.open(tmp_path / "rooms"), Folder.open(tmp_path / "rooms")
    assert first.lock()
    first.write_running({"url": "http://127.0.0.1:1/", "secret": "x", "instance": "y"})
    assert not second.lock()
    threading.Timer(0.3, first.close).start()
    assert launcher._running(second) is None
    assert not first.lock(), "the second holds it"
    second.close()


class Toolkit:
    """A window that writes down what is done to it."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def load_url(self, url: str) -> None:
        self.done.append(url)

    def show(self) -> None:
        self.done.append("show")

    def restore(self) -> None:
        self.done.append("restore")


def test_the_raised_window_goes_to_the_room_that_was_asked_for() -> None:
    window = launcher._Window("http://127.0.0.1:5000")
    assert not window.show("kitchen"), "there is none yet"
    opened: list[str] = []
    window.open_again = lambda url: not opened.append(url)
    assert window.show("kitchen")
    assert window.show(None)
    assert opened == ["http://127.0.0.1:5000/kitchen", "http://127.0.0.1:5000/general"]
    window.window = shown = Toolkit()
    assert window.show(None)
    assert shown.done == ["show", "restore"], "and stays where it is"
    assert window.show("café")
    assert shown.done[2:] == ["http://127.0.0.1:5000/caf%C3%A9", "show", "restore"]
    assert len(opened) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="needs a display that need not answer")
def test_a_second_start_opens_the_browser_at_its_room(launch: Launch, tmp_path: Path) -> None:
    first = launch()
    first.ready()
    browser, told = told_browser(tmp_path)
    second = launch("kitchen", "--browser", window=True, environment=browser)
    assert second.ended() == 0
    assert told() == f"http://127.0.0.1:{first.port}/kitchen"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a display that need not answer")
def test_a_second_start_comes_to_the_app_window_of_the_browser(
    launch: Launch, tmp_path: Path
) -> None:
    """With its cookie: in another browser the host would be a stranger."""
    (tmp_path / "gi.py").write_text("raise ImportError")
    told = tmp_path / "told"
    program = tmp_path / "chromium"
    program.write_text(
        f'#!/bin/sh\necho "$1 $2" >> {told}\n[ "$(wc -l < {told})" -gt 1 ] || exec sleep 600\n'
    )
    program.chmod(0o755)
    own = {
        "PATH": f"{tmp_path}:/bin:/usr/bin",
        "PYTHONPATH": str(tmp_path),
        "WAYLAND_DISPLAY": "nothing",
        "BROWSER": "/bin/false",
    }
    first = launch(window=True, environment=own)
    first.ready()
    first.complains("app window")
    second = launch("kitchen", window=True, environment=own)
    assert second.ended() == 0
    url = f"http://127.0.0.1:{first.port}/kitchen"
    assert second.lines == [f"Hearth is already running at {url} and its window is shown."]
    profile = f"--user-data-dir={tmp_path / 'rooms' / 'hub' / 'browser'}"
    end = time.monotonic() + 60
    while len(lines := told.read_text().splitlines()) < 2:
        assert time.monotonic() < end, lines
        time.sleep(0.02)
    assert [x.split()[1] for x in lines] == [profile, profile]
    assert lines[1].startswith(f"--app={url} ")
    assert first.stop() == 0


def test_the_folder_is_free_again_afterwards(launch: Launch) -> None:
    for _ in range(2):
        started = launch()
        started.ready()
        say(started.port, "Hello")
        assert started.stop() == 0
    assert len(launch().ready()) > 0


# -- settings ---------------------------------------------------------------------------------


def limit(started: Launched) -> int:
    started.ready()
    found: int = ask(started.port, "GET", "/api/me")[1]["limits"]["message_bytes"]
    assert started.stop() == 0
    return found


def test_the_command_line_wins_then_the_environment_then_the_file(
    launch: Launch, tmp_path: Path
) -> None:
    settings = tmp_path / "rooms" / "hub" / "settings.toml"
    assert limit(launch()) == 16384
    settings.write_text("message_bytes = '2 KiB'\n")
    assert limit(launch()) == 2048
    environment = {"HEARTH_MESSAGE_BYTES": "3000"}
    assert limit(launch(environment=environment)) == 3000
    assert limit(launch("--set", "message_bytes=4000", environment=environment)) == 4000
    assert limit(launch("--set", "message_bytes=0", environment=environment)) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("message_rate = \n", ["settings.toml", "TOML"]),
        ("message_rate = 'quick'\n", ["settings.toml", "line 1", "message_rate"]),
        ("\n\nno_such = 1\n", ["settings.toml", "line 3", "no_such"]),
        ("accounts = 'nobody'\n", ["accounts", "open or login"]),
        ("names = 'no name'\n", ["names", "no name"]),
        (b"hub_code = '\xff'\n", ["settings.toml", "UTF-8"]),
    ],
    ids=range(6),
)
def test_a_broken_settings_file_is_3(
    launch: Launch, tmp_path: Path, text: str | bytes, words: list[str]
) -> None:
    settings = tmp_path / "rooms" / "hub" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_bytes(text if isinstance(text, bytes) else text.encode())
    fails(launch(), 3, *words)


def test_a_wrong_variable_is_3(launch: Launch) -> None:
    environment = {"HEARTH_CONNECTIONS": "many"}
    fails(launch(environment=environment), 3, "HEARTH_CONNECTIONS", "unset")


def test_the_settings_are_at_work(launch: Launch) -> None:
    started = launch("--set", "hub_code=ember", "--set", "message_rate=1")
    started.ready()
    assert ask(started.port, "GET", "/api/me")[1]["hub"]["mode"] == "code"
    assert ask(started.port, "GET", CHAT)[0] == 401


# -- folders and files ------------------------------------------------------------------------


def test_a_folder_that_is_a_file_is_3(launch: Launch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    fails(launch(rooms=file), 3, str(file))
    fails(launch(rooms=file / "inside"), 3, str(file))
    assert file.read_text() == "mine"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that takes none")
def test_a_folder_that_takes_no_folders_is_3(launch: Launch) -> None:
    fails(launch(rooms=Path("/proc/x")), 3, "/proc/x", "/proc takes no folders", "--rooms")


def test_a_folder_that_cannot_be_written_is_3(launch: Launch, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    fails(launch(rooms=small_disk), 3, str(small_disk), "read-only", "--rooms")
    fails(launch(rooms=small_disk / "rooms"), 3, str(small_disk), "--rooms")


def test_a_folder_on_a_full_disk_is_3(launch: Launch, small_disk: Path) -> None:
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    full = launch(rooms=small_disk / "rooms")
    fails(full, 3, str(small_disk / "rooms"), "full", "--rooms")
    filler.unlink()
    assert launch(rooms=small_disk / "rooms").ready()


@pytest.mark.parametrize("name", ["hearth.log", "people.json", "audit.jsonl"])
def test_a_file_that_cannot_be_used_is_3(launch: Launch, tmp_path: Path, name: str) -> None:
    (tmp_path / "rooms" / "hub" / name).mkdir(parents=True)
    fails(launch(), 3, str(tmp_path / "rooms" / "hub" / name), "--rooms")


OWN = [
    "people.json", "people.last", "door.json", "audit.jsonl", "hearth.log", "settings.toml", "lock",
]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes among its files")
@pytest.mark.parametrize("kind", ["pipe", "link"])
@pytest.mark.parametrize("name", OWN)
def test_a_pipe_or_link_in_the_place_of_a_file_is_3_and_nothing_waits_or_is_written(
    launch: Launch, tmp_path: Path, name: str, kind: str
) -> None:
    own = tmp_path / "rooms" / "hub" / name
    own.parent.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(own)
    else:
        own.symlink_to(tmp_path / "elsewhere")
    fails(launch(), 3, str(own), "it is")
    assert not (tmp_path / "elsewhere").exists()


def test_the_mark_of_a_failed_window_is_not_followed(launch: Launch, tmp_path: Path) -> None:
    marker = tmp_path / "rooms" / "hub" / "window-failed"
    marker.parent.mkdir(parents=True)
    other = tmp_path / "other"
    other.write_text(__version__)
    marker.symlink_to(other)
    assert launcher._read_marker(marker) == ""
    marker.unlink()
    os.mkfifo(marker)
    assert launcher._read_marker(marker) == ""
    marker.unlink()
    marker.write_text(__version__)
    assert launcher._read_marker(marker) == __version__


def test_the_log_goes_on_in_a_file_of_its_own(tmp_path: Path) -> None:
    log = launcher._Log(tmp_path / "hearth.log", maxBytes=200, backupCount=2)
    try:
        for number in range(60):
            record = logging.makeLogRecord({"msg": f"line {number} \udcff"})
            log.emit(record)
    finally:
        log.close()
    assert sorted(x.name for x in tmp_path.iterdir()) == [
        "hearth.log", "hearth.log.1", "hearth.log.2",
    ]  # fmt: skip
    assert "line 59" in (tmp_path / "hearth.log").read_text()


def test_the_hubs_own_files_are_the_owners_only(launch: Launch, tmp_path: Path) -> None:
    started = launch()
    started.ready()
    own = tmp_path / "rooms" / "hub"
    assert stat.S_IMODE(own.stat().st_mode) == 0o700
    running = json.loads((own / "running.json").read_text())
    assert running["url"] == f"http://127.0.0.1:{started.port}/"
    for file in own.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_one_bad_room_does_not_stop_the_others(launch: Launch, tmp_path: Path) -> None:
    """A history that is a folder, read-only, of another room, a pipe, or no history at all."""
    rooms = tmp_path / "rooms"
    first = launch()
    first.ready()
    for room in ("general", "kept", "moved"):
        say(first.port, "Hello", room)
    assert first.stop() == 0
    (rooms / "folder.jsonl").mkdir()
    os.mkfifo(rooms / "pipe.jsonl")
    (rooms / "kept.jsonl").chmod(0o444)
    (rooms / "moved.jsonl").rename(rooms / "other.jsonl")
    (rooms / "Odd Name.jsonl").write_text("not ours")
    (rooms / "notes.jsonl").write_text("not ours")
    (rooms / "linked.jsonl").symlink_to(rooms / "general.jsonl")
    (rooms / "lost.jsonl").symlink_to(tmp_path / "elsewhere")
    before = (rooms / "kept.jsonl").read_bytes()
    started = launch()
    started.ready()
    bad = ("folder", "pipe", "kept", "other", "notes", "linked", "lost")
    refusals = {**dict.fromkeys(bad, 503), "general": 201}
    for room, expected in refusals.items():
        status, told = ask(
            started.port, "POST", f"/api/chat/{room}", {"username": "naor", "msg": "x"}
        )
        assert status == expected, (room, told)
        if status == 503:
            assert told["error"]["code"] == "room_closed"
            assert f"{room}.jsonl" in told["error"]["message"]
    for room in ("folder", "pipe", "other", "notes", "linked", "lost"):
        assert ask(started.port, "GET", f"/api/chat/{room}")[0] == 503
    assert texts(started.port, "kept") == ["Hello"], "what is read-only is read"
    assert texts(started.port) == ["Hello", "x"]
    assert started.stop() == 0
    assert (rooms / "kept.jsonl").read_bytes() == before
    assert (rooms / "Odd Name.jsonl").read_text() == "not ours"
    assert (rooms / "notes.jsonl").read_text() == "not ours"
    assert not (tmp_path / "elsewhere").exists()
    log = (rooms / "hub" / "hearth.log").read_text()
    for name in ("notes.jsonl", "linked.jsonl", "lost.jsonl", "pipe.jsonl"):
        assert name in log


def test_an_older_history_is_taken_in_once(launch: Launch, tmp_path: Path) -> None:
    rooms = tmp_path / "rooms"
    rooms.mkdir()
    plain = (
        "[2026-11-22 20:17:03] naor: Hello\n"
        "[2026-11-22 20:17:04] Mira K.: two\n\tlines: here\n"
        "[2026-11-22 20:18:00] naor: café\n"
    )
    (rooms / "general.txt").write_text(plain)
    for _ in range(2):
        started = launch(environment={"TZ": "Asia/Kathmandu"})
        started.ready()
        events = ask(started.port, "GET", CHAT)[1]["events"]
        said = [x for x in events if x["do"] == "say"]
        assert [(x["by"], x["text"]) for x in said] == [
            ("naor", "Hello"),
            ("Mira K.", "two\nlines: here"),
            ("naor", "café"),
        ]
        assert said[0]["at"] == "2026-11-22T14:32:03.000Z"
        assert not any("who" in x for x in said)
        answer = http.client.HTTPConnection("127.0.0.1", started.port, timeout=5)
        answer.request("GET", CHAT)
        assert answer.getresponse().read().decode() == plain, "and comes out the same"
        answer.close()
        assert started.stop() == 0
    assert (rooms / "general.txt").read_text() == plain, "the original is kept"


def test_a_copied_folder_moves_the_hub(launch: Launch, tmp_path: Path) -> None:
    import shutil

    first = launch()
    first.ready()
    say(first.port, "Hello")
    first.stop()
    shutil.copytree(tmp_path / "rooms", tmp_path / "copy")
    second = launch(rooms=tmp_path / "copy")
    second.ready()
    assert texts(second.port) == ["Hello"]


# -- where the window is ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "width", "height"),
    [
        ((0, 0, 1920, 1080), 1180, 780),
        ((0, 0, 1280, 800), 1180, 736),
        ((0, 28, 1366, 700), 1180, 636),
        ((64, 24, 800, 432), 776, 368),
        ((0, 0, 320, 240), 296, 176),
    ],
)
def test_a_window_fits_the_work_area(
    area: tuple[int, int, int, int], width: int, height: int
) -> None:
    placed = launcher._place(area)
    assert (placed["width"], placed["height"]) == (width, height)
    left, top, wide, high = area
    assert left <= placed["x"] <= placed["x"] + width <= left + wide
    assert top <= placed["y"] <= placed["y"] + height <= top + high
    least = placed["min_size"]
    assert (least[0] <= width, least[1] <= height) == (True, True)


def test_windows_is_given_no_picture_that_it_does_not_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert launcher._icon() == str(ROOT / "ui" / "icon-192.png")
    monkeypatch.setattr(sys, "platform", "win32")
    assert launcher._icon() is None


def test_a_window_where_the_system_does_not_tell_how_large_it_may_be() -> None:
    assert launcher._place(None) == {"width": 1180, "height": 780, "min_size": (360, 480)}


# -- with nothing to show it on ---------------------------------------------------------------


def test_without_a_display_it_serves_and_says_why(launch: Launch) -> None:
    started = launch(window=True)
    started.ready()
    started.complains("there is no display")
    assert ask(started.port, "GET", "/api/health")[0] == 200
    assert started.stop() == 0
    assert len(started.complaint.strip().splitlines()) == 1


def test_a_display_that_does_not_answer(launch: Launch) -> None:
    started = launch(window=True, environment={"DISPLAY": ":99999"})
    started.ready()
    started.complains("does not answer")
    assert ask(started.port, "GET", "/api/health")[0] == 200
    assert started.stop() == 0


def told_browser(folder: Path) -> tuple[dict[str, str], Callable[[], str]]:
    """The environment that has a browser which writes down what it opens, and what waits for it."""
    program, told = folder / "browser", folder / "told"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {told}.new && mv {told}.new {told}\n')
    program.chmod(0o755)

    def opened() -> str:
        deadline = time.monotonic() + 60
        while not told.exists():
            assert time.monotonic() < deadline, "no browser was opened"
            time.sleep(0.02)
        return told.read_text()

    return {"WAYLAND_DISPLAY": "nothing", "BROWSER": f"{program} %s"}, opened


@pytest.mark.skipif(sys.platform != "linux", reason="needs a display that need not answer")
def test_browser_opens_the_browser(launch: Launch, tmp_path: Path) -> None:
    environment, told = told_browser(tmp_path)
    started = launch("--browser", "kitchen", window=True, environment=environment)
    url = started.ready()
    door = Path(told().removeprefix("file://"))
    assert door.stat().st_mode & 0o077 == 0, "the ticket in it is for the owner only"
    ticket = re.search(f'url={re.escape(url)}#ticket=([^"]+)"', door.read_text())
    assert ticket
    status, me = ask(started.port, "POST", "/api/ticket", {"ticket": ticket[1]})
    assert (status, me["host"]) == (200, True)
    assert started.stop() == 0
    assert started.complaint == ""
    assert opened_by(tmp_path) == ["a browser on this computer"], "there was no window"


def opened_by(folder: Path) -> list[str]:
    """Who came in by a ticket, as the audit tells it."""
    lines = (folder / "rooms" / "hub" / "audit.jsonl").read_text("utf-8").splitlines()
    return [x["by"] for x in map(json.loads, lines) if x["do"] == "opened"]


# -- on a terminal --------------------------------------------------------------------------------


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[bytes], int]]]:
    """Starts Hearth on a terminal of its own; gives the process and the terminal's other end."""
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
                ["sh", "-c", launch, sys.executable, str(ROOT / "launcher.py"), *usual, *arguments],
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
        assert select.select([end], [], [], SECONDS)[0], shown
        shown += os.read(end, 4096)
    return shown


@pytest.mark.parametrize("arguments", [["--no-window"], []], ids=["no window", "no display"])
def test_a_terminal_is_told_how_to_stop_it(terminal: Any, arguments: list[str]) -> None:
    process, end = terminal(*arguments)
    shown = read_until(end, b"Press Ctrl+C to stop Hearth.")
    assert shown.index(b" is at http://") < shown.index(b"Ctrl+C")
    os.write(end, b"\x03")
    assert process.wait(SECONDS) == 0


def test_a_terminal_that_is_closed_stops_it_cleanly(terminal: Any, tmp_path: Path) -> None:
    process, end = terminal("--no-window")
    port = int(re.findall(rb" is at http://[^:]+:(\d+)/", read_until(end, b"Ctrl+C"))[0])
    say(port, "Hello")
    os.close(end)
    assert process.wait(SECONDS) == 0
    assert not (tmp_path / "rooms" / "hub" / "running.json").exists()


def test_it_stops_within_its_time_with_many_people(launch: Launch) -> None:
    started = launch("--set", "connections_per_address=0")
    started.ready()
    talks = [Talk(f"ws://127.0.0.1:{started.port}/api/live") for _ in range(50)]
    try:
        for n, talk in enumerate(talks):
            talk.hello(f"naor{n}")
        began = time.monotonic()
        assert started.stop() == 0
        assert time.monotonic() - began < 10
        assert {x.closed()[0] for x in talks} == {1001}
    finally:
        for talk in talks:
            talk.close()


# -- the host gets back in ------------------------------------------------------------------------


class Browser:
    """A browser on this machine: it keeps the cookie that it is given."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.headers = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{port}"}

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            text = json.dumps(body) if body is not None else b"" if method != "GET" else None
            connection.request(method, path, text, self.headers)
            answer = connection.getresponse()
            told = answer.read()
            if answer.headers["Set-Cookie"]:
                self.headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]
            return answer.status, json.loads(told) if told else None
        finally:
            connection.close()

    def done(self, method: str, path: str, body: Any = None) -> Any:
        status, told = self.ask(method, path, body)
        assert status < 300, told
        return told


def link_of(started: Launched) -> tuple[int, str]:
    """Read on to the link that makes its bearer the host; gives the port and the ticket."""
    while not (found := re.fullmatch(r"You are the host at http://[^/]+:(\d+)/general#ticket=(\S+)",
                                     started.line())):  # fmt: skip
        pass
    return int(found[1]), found[2]


def test_a_broken_settings_file_tells_the_way_back_in(launch: Launch, tmp_path: Path) -> None:
    settings = tmp_path / "rooms" / "hub" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("hub_code = \n")
    fails(launch(), 3, "settings.toml", "--reset-host")
    fails(launch("--set", "x=1"), 2)
    assert settings.exists()


def test_a_host_who_forgot_everything_gets_back_in(launch: Launch, tmp_path: Path) -> None:
    first = launch("--reset-host")
    port, ticket = link_of(first)
    anna = Browser(port)
    anna.done("POST", "/api/ticket", {"ticket": ticket})
    anna.done("POST", "/api/session", {"name": "anna"})
    anna.done("POST", "/api/account", {"password": "forgotten words"})
    anna.done("POST", "/api/host", {"do": "mode", "mode": "login"})
    who = anna.done("GET", "/api/me")["person"]["who"]
    assert first.stop() == 0
    hub = tmp_path / "rooms" / "hub"
    (hub / "settings.toml").write_text("message_rate = 'quick'\n")
    again = launch("--reset-host")
    port, ticket = link_of(again)
    (aside,) = hub.glob("settings.broken-*.toml")
    assert aside.read_text() == "message_rate = 'quick'\n"
    assert any(str(aside) in x for x in again.lines)
    assert any("anna is host without a password" in x for x in again.lines)
    stranger = Browser(port)
    assert stranger.ask("POST", "/api/session", {"name": "anna"})[0] == 401, "mode login still"
    for _ in range(2):
        assert stranger.ask("POST", "/api/login", {"name": "anna", "password": ""})[0] == 401
    new = Browser(port)
    assert new.done("POST", "/api/ticket", {"ticket": ticket})["host"] is True
    assert set(opened_by(tmp_path)) == {"the link of --reset-host"}
    assert stranger.ask("POST", "/api/ticket", {"ticket": ticket})[0] == 403, "it works once"
    assert new.done("POST", "/api/session", {"name": "anna"})["who"] == who
    person = new.done("GET", "/api/me")["person"]
    assert (person["host"], person["account"]) == (True, False)
    new.done("POST", "/api/host", {"do": "mode", "mode": "open"})
    assert again.stop() == 0


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


def test_a_running_hub_gives_the_link_too(launch: Launch) -> None:
    running = launch()
    running.ready()
    for name in ("anna", "bela"):
        second = launch("--reset-host", port=None)
        port, ticket = link_of(second)
        assert second.ended() == 0
        assert port == running.port
        host = Browser(port)
        host.done("POST", "/api/ticket", {"ticket": ticket})
        host.done("POST", "/api/session", {"name": name})
        assert host.done("GET", "/api/host")["mode"] == "open"
        assert host.ask("POST", "/api/ticket", {"ticket": ticket})[0] == 403
    assert running.stop() == 0


def test_a_people_file_cut_in_the_middle_does_not_lock_the_host_out(
    launch: Launch, tmp_path: Path
) -> None:
    first = launch("--reset-host")
    port, ticket = link_of(first)
    anna = Browser(port)
    anna.done("POST", "/api/ticket", {"ticket": ticket})
    anna.done("POST", "/api/session", {"name": "anna"})
    anna.done("POST", "/api/account", {"password": "a password"})
    anna.done("POST", "/api/tokens", {"purpose": "so that the last state has the account"})
    assert first.stop() == 0
    file = tmp_path / "rooms" / "hub" / "people.json"
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    again = launch("--port", str(port), port=None)
    again.ready()
    assert anna.done("GET", "/api/me")["person"]["name"] == "anna", "the last good state"
    assert anna.done("GET", "/api/host")["people"]
    aside = list(file.parent.glob("people.json.damaged-*"))
    assert [x.read_bytes() for x in aside] == [data[: len(data) // 2]]
    assert again.stop() == 0


def test_check_tells_by_its_status(launch: Launch, tmp_path: Path) -> None:
    fails(launch("--check"), 3)
    started = launch()
    started.ready()
    say(started.port, "Hello")
    beside = launch("--check")
    assert beside.ended() == 0, "a running hub is no matter"
    assert started.stop() == 0
    assert launch("--check").ended() == 0
    file = tmp_path / "rooms" / "general.jsonl"
    file.write_bytes(file.read_bytes().replace(b"Hello", b"Hellp"))
    damaged = launch("--check")
    assert damaged.ended() == 1
    assert "general" in "\n".join(damaged.lines)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the system does not show it")
def test_no_secret_in_argv_environment_or_log(launch: Launch, tmp_path: Path) -> None:
    started = launch("--reset-host")
    port, ticket = link_of(started)
    anna, naor, mira = (Browser(port) for _ in range(3))
    anna.done("POST", "/api/ticket", {"ticket": ticket})
    anna.done("POST", "/api/session", {"name": "anna"})
    anna.done("POST", "/api/account", {"password": "correct horse"})
    code = anna.done("POST", "/api/host", {"do": "mode", "mode": "code"})["code"]
    naor.done("POST", "/api/session", {"name": "naor", "code": code})
    link = naor.done("POST", "/api/devices/link")["url"].partition("link=")[2]
    mira.done("POST", "/api/link", {"link": link})
    made = naor.done("POST", "/api/tokens", {"purpose": "bot"})["token"]
    naor.ask("POST", "/api/login", {"name": "anna", "password": "wrong staple"})
    naor.done("POST", "/api/chat/general?key=k1", {"msg": "Hello"})
    with Talk(f"ws://127.0.0.1:{port}/api/live") as talk:
        talk.hello(token=made)
        talk.join()
    invite = anna.done("POST", "/api/host", {"do": "invite"})["invite"]
    tokens = [x.headers["Cookie"].partition("=")[2] for x in (anna, naor, mira)]
    secrets = [ticket, code, "correct horse", "wrong staple", link, made, invite, *tokens]
    process = Path(f"/proc/{started.process.pid}")
    shown = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
    assert started.stop() == 0
    files = [x for x in (tmp_path / "rooms").rglob("*") if x.is_file()]
    texts = {x.name: x.read_bytes() for x in files if x.name not in ("door.json", "door.last")}
    assert {"hearth.log", "people.json", "audit.jsonl", "general.jsonl"} <= set(texts)
    texts |= {"cmdline": shown, "stderr": started.complaint.encode()}
    for name, text in texts.items():
        for secret in secrets:
            assert secret.encode() not in text, (name, secret)
    assert b"?" not in texts["hearth.log"], "no query is logged"
