"""A machine falls asleep, the hub's or a client's: whoever slept comes back and misses nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Launch
from tests.faults.record import lines_of
from tests.faults.senders import Senders
from tests.faults.starting import rooms_of, started
from tests.talk import Talk

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process"
)

Follow = Callable[[int], "Follower"]


class Follower:
    """follower.py, started; `lines` are what it has heard so far."""

    def __init__(self, port: int, folder: Path) -> None:
        self._heard = folder / "heard"
        self._told = (folder / "told").open("w+b")
        program = Path(__file__).with_name("follower.py")
        url = f"ws://127.0.0.1:{port}/api/live"
        self.process = subprocess.Popen(
            [sys.executable, program, url, "general", "sleeper", self._heard], stderr=self._told
        )

    @property
    def lines(self) -> list[bytes]:
        return self._heard.read_bytes().splitlines(keepends=True) if self._heard.exists() else []

    def told(self) -> str:
        self._told.seek(0)
        return self._told.read().decode()

    def hears(self, count: int, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while len(self.lines) < count:
            assert self.process.poll() is None, self.told()
            assert time.monotonic() < end, f"{len(self.lines)} of {count}\n{self.told()}"
            time.sleep(0.05)

    def close(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()
        self._told.close()


@pytest.fixture
def follow(tmp_path: Path) -> Iterator[Follow]:
    followers: list[Follower] = []

    def start(port: int) -> Follower:
        followers.append(Follower(port, tmp_path))
        return followers[-1]

    yield start
    for follower in followers:
        follower.close()


def test_the_hub_falls_asleep(tmp_path: Path, launch: Launch, follow: Follow, asleep: int) -> None:
    folder = tmp_path / "rooms"
    hub = started(launch, folder)
    follower = follow(hub.port)
    senders = Senders(lambda number: ["general"], count=4)
    senders.start(hub.port)
    senders.talking()
    hub.process.send_signal(signal.SIGSTOP)
    try:
        time.sleep(asleep)
    finally:
        hub.process.send_signal(signal.SIGCONT)
    time.sleep(0.5)
    senders.stop(answered=True)
    if senders.unanswered:  # the hub gave them up for dead
        senders.start(hub.port)
        senders.stop(answered=True)
    lines = senders.compare(folder)["general"]
    assert not senders.unanswered
    follower.hears(len(lines))
    assert follower.lines == lines
    assert hub.stop() == 0


def test_a_client_falls_asleep_in_a_busy_room(
    tmp_path: Path, launch: Launch, follow: Follow, asleep: int
) -> None:
    """The hub does not wait for it, lets go of it in bounded time, and has it back."""
    folder = tmp_path / "rooms"
    hub = started(launch, folder)
    follower = follow(hub.port)
    with Talk(f"ws://127.0.0.1:{hub.port}/api/live") as mia:
        mia.hello("Mia")
        assert mia.say("hello")["n"] == 1  # in no room: hears nothing but its own answers
        follower.hears(1)
        assert _here(hub.port) == 1
        follower.process.send_signal(signal.SIGSTOP)
        end = time.monotonic() + asleep
        text, said, gone = "x" * 15000, 1, 0.0
        while time.monotonic() < end or (not gone and said < 6000):
            for _ in range(20 if not gone else 1):
                mia.say(text)
                said += 1
            if gone:
                time.sleep(0.05)
            elif not _here(hub.port):
                gone = time.monotonic()
        assert gone, "the hub still holds on to a client that reads nothing"
        follower.process.send_signal(signal.SIGCONT)
        mia.say("the last")
    follower.hears(said + 1, 60)
    assert "came back after" in follower.told()
    # The hub says 1013 and then cuts off who does not answer; which of the two a sleeper finds
    # depends on how long it slept.
    assert "1013" in follower.told() or "Connection" in follower.told(), follower.told()
    assert follower.lines == lines_of(folder / "general.jsonl")
    assert hub.stop() == 0


def test_a_client_that_sleeps_in_a_quiet_room_goes_on(
    tmp_path: Path, launch: Launch, follow: Follow, asleep: int
) -> None:
    folder = tmp_path / "rooms"
    hub = started(launch, folder)
    follower = follow(hub.port)
    with Talk(f"ws://127.0.0.1:{hub.port}/api/live") as mia:
        mia.hello("Mia")
        mia.say("before")
        follower.hears(1)
        follower.process.send_signal(signal.SIGSTOP)
        mia.say("while it slept")
        time.sleep(asleep)
        follower.process.send_signal(signal.SIGCONT)
        mia.say("after")
        follower.hears(3)
    assert follower.lines == lines_of(folder / "general.jsonl")
    assert hub.stop() == 0


def test_both_fall_asleep(tmp_path: Path, launch: Launch, follow: Follow, asleep: int) -> None:
    """A laptop's lid: the hub and its own window stop and go on together."""
    folder = tmp_path / "rooms"
    hub = started(launch, folder)
    follower = follow(hub.port)
    with Talk(f"ws://127.0.0.1:{hub.port}/api/live") as mia:
        mia.hello("Mia")
        mia.say("before")
        follower.hears(1)
    processes = [hub.process, follower.process]
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    time.sleep(asleep)
    for process in processes:
        process.send_signal(signal.SIGCONT)
    with Talk(f"ws://127.0.0.1:{hub.port}/api/live") as ben:
        ben.hello("Ben")
        assert ben.say("after")["n"] == 2
    follower.hears(2)
    assert follower.lines == lines_of(folder / "general.jsonl")
    assert hub.stop() == 0


def _here(port: int) -> int:
    return int(rooms_of(port)["general"]["here"])
