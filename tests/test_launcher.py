"""Hearth as a process: starting and stopping."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Launch
from tests.launching import ROOT
from tests.patience import PATIENCE
from tests.running import ask, fails, say
from tests.talk import Talk

SIGNALS = [getattr(signal, x) for x in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, x)]
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


@pytest.mark.slow
def test_any_thread_that_the_system_refuses_has_status_3(tmp_path: Path) -> None:
    """The system allows ever more threads, until they are enough for a start."""
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
    assert (process.returncode, complaint) == (0, ""), "these are enough to serve and to stop"


@pytest.mark.skipif(sys.platform != "linux", reason="limits address space as Linux does")
@pytest.mark.parametrize("limit", [250_000, 400_000, 550_000, 700_000])
def test_little_address_space(launch: Launch, limit: int) -> None:
    """It either does not start and says why, or works; the limit is in KiB."""
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


@pytest.mark.parametrize("number", SIGNALS)
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


def test_a_slow_reader_does_not_delay_the_stop(launch: Launch) -> None:
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


def test_a_signal_right_after_the_start(launch: Launch) -> None:
    """It is not lost while the main thread goes to sleep."""
    started = launch("--host", "127.0.0.1")
    started.ready()
    assert started.stop() == 0


def test_two_signals(launch: Launch) -> None:
    started = launch()
    started.ready()
    started.process.send_signal(signal.SIGINT)
    started.process.send_signal(signal.SIGTERM)
    assert started.ended() == 0
    assert started.complaint == ""


def test_it_stops_in_time_with_many_people(launch: Launch) -> None:
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


PATCHED = """
import sys
sys.path.insert(0, sys.argv.pop(1))
exec(sys.argv.pop(1))
import launcher
sys.exit(launcher.main())
"""


def patched(folder: Path, patch: str) -> subprocess.CompletedProcess[str]:
    """Run Hearth to its end, after `patch` was executed in its process."""
    arguments = ["--no-window", "--port", "0", "--rooms", str(folder), "--set", "announce=false"]
    return subprocess.run(
        [sys.executable, "-c", PATCHED, str(ROOT), patch, *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_another_program_that_answers_on_its_port_has_status_3(tmp_path: Path) -> None:
    patch = "from hub.desktop import ports; ports.answers = lambda base, instance: False"
    ended = patched(tmp_path / "rooms", patch)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert re.fullmatch(r"Hearth: Another program answers on port \d+\..*\n", ended.stderr)
    assert not (tmp_path / "rooms" / "hub" / "running.json").exists()


def test_a_server_that_ends_by_itself_has_status_1(tmp_path: Path) -> None:
    patch = """
from hub.server import Server
Server.wait = lambda server: setattr(server, "failed", OSError("the network is gone"))
"""
    ended = patched(tmp_path / "rooms", patch)
    assert ended.returncode == 1
    assert "Hearth: the server ended: the network is gone. See " in ended.stderr
