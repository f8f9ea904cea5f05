"""The end of Hearth, by whichever way it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.desktop.shutdown import Shutdown

ROOT = Path(__file__).parents[1]
SIGNALS = [getattr(signal, x) for x in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, x)]


@pytest.fixture
def stopping() -> Iterator[Shutdown]:
    """One that hears this process's signals; whoever heard them before does so again later."""
    before = [(x, signal.getsignal(x)) for x in SIGNALS]
    descriptor = signal.set_wakeup_fd(-1)
    made = Shutdown()
    yield made
    signal.set_wakeup_fd(descriptor)
    made._writing.close()
    for number, heard in before:
        signal.signal(number, heard)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_it(stopping: Shutdown, number: signal.Signals) -> None:
    done = threading.Event()
    stopping.then(done.set)
    assert not stopping.is_set()
    os.kill(os.getpid(), number)
    assert done.wait(10)
    stopping.wait()


def test_it_ends_after_what_it_was_told_to_wait_for(stopping: Shutdown) -> None:
    gate, done = threading.Event(), threading.Event()
    stopping.then(done.set)
    stopping.after(gate.wait)
    assert not done.wait(0.05)
    gate.set()
    assert done.wait(10)


def test_what_is_to_be_done_at_the_end_is_done_once(stopping: Shutdown) -> None:
    done: list[int] = []
    stopping.then(lambda: done.append(1))
    stopping.set()
    stopping.set()
    assert done == [1]


def test_what_is_told_after_the_end_is_done_at_once(stopping: Shutdown) -> None:
    stopping.set()
    done: list[int] = []
    stopping.then(lambda: done.append(1))
    assert done == [1]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="has no terminals that are closed")
def test_what_was_told_to_outlive_its_terminal_does() -> None:
    """As `nohup` tells it: the signal was ignored before."""
    heard = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    descriptor = signal.set_wakeup_fd(-1)
    before = [(x, signal.getsignal(x)) for x in SIGNALS]
    try:
        stopping = Shutdown()
        os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        stopping._writing.close()
    finally:
        signal.set_wakeup_fd(descriptor)
        for number, known in before:
            signal.signal(number, known)
        signal.signal(signal.SIGHUP, heard)


INNER = """
import sys
from hub.desktop.shutdown import Shutdown
stopping = Shutdown()
stopping.after_parent()
print("inner", flush=True)
stopping.wait()
print("ended", flush=True)
"""
OUTER = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", sys.argv[1]]).wait()
"""


@pytest.mark.skipif(os.name != "posix", reason="a parent is looked for as POSIX has it")
def test_it_ends_when_the_process_that_started_it_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OUTER, INNER],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as outer:
        assert outer.stdout is not None
        assert outer.stdout.readline() == "inner\n"
        outer.kill()
        assert outer.stdout.readline() == "ended\n"
