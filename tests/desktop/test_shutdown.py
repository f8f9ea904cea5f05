"""What sets the shutdown event, and what that does."""

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
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SIGNALS = [getattr(signal, x) for x in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, x)]


@pytest.fixture
def shutdown() -> Iterator[Shutdown]:
    """One that handles this process's signals; the handlers before it are put back afterwards."""
    before = [(x, signal.getsignal(x)) for x in SIGNALS]
    descriptor = signal.set_wakeup_fd(-1)
    made = Shutdown()
    yield made
    signal.set_wakeup_fd(descriptor)
    made._writing.close()
    for number, handler in before:
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_sets_it(shutdown: Shutdown, number: signal.Signals) -> None:
    done = threading.Event()
    shutdown.on_set(done.set)
    assert not shutdown.is_set()
    os.kill(os.getpid(), number)
    assert done.wait(PATIENCE)
    shutdown.wait()


def test_it_is_set_when_a_wait_ends(shutdown: Shutdown) -> None:
    gate, done = threading.Event(), threading.Event()
    shutdown.on_set(done.set)
    shutdown.set_after(gate.wait)
    assert not done.wait(0.05)
    gate.set()
    assert done.wait(PATIENCE)


def test_the_callback_is_called_once(shutdown: Shutdown) -> None:
    done: list[int] = []
    shutdown.on_set(lambda: done.append(1))
    shutdown.set()
    shutdown.set()
    assert done == [1]


def test_a_callback_given_later_is_called_at_once(shutdown: Shutdown) -> None:
    shutdown.set()
    done: list[int] = []
    shutdown.on_set(lambda: done.append(1))
    assert done == [1]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="has no terminals that are closed")
def test_an_ignored_hangup_stays_ignored() -> None:
    """As under `nohup`."""
    handler = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    descriptor = signal.set_wakeup_fd(-1)
    before = [(x, signal.getsignal(x)) for x in SIGNALS]
    try:
        shutdown = Shutdown()
        os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        shutdown._writing.close()
    finally:
        signal.set_wakeup_fd(descriptor)
        for number, known in before:
            signal.signal(number, known)
        signal.signal(signal.SIGHUP, handler)


INNER = """
import sys
from hub.desktop.shutdown import Shutdown
shutdown = Shutdown()
shutdown.set_after_parent()
print("inner", flush=True)
shutdown.wait()
print("ended", flush=True)
"""
OUTER = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", sys.argv[1]]).wait()
"""


@pytest.mark.skipif(os.name != "posix", reason="a parent is looked for as POSIX has it")
def test_it_is_set_when_the_parent_process_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OUTER, INNER],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        stdout=subprocess.PIPE,
        text=True,
    ) as outer:
        assert outer.stdout is not None
        assert outer.stdout.readline() == "inner\n"
        outer.kill()
        assert outer.stdout.readline() == "ended\n"


def test_only_the_last_callback_is_called(shutdown: Shutdown) -> None:
    done: list[int] = []
    shutdown.on_set(lambda: done.append(1))
    shutdown.on_set(lambda: done.append(2))
    shutdown.set()
    assert done == [2]


def test_a_callback_that_was_taken_back_is_not_called(shutdown: Shutdown) -> None:
    done: list[int] = []
    shutdown.on_set(lambda: done.append(1))
    shutdown.on_set(None)
    shutdown.set()
    shutdown.on_set(None)
    assert done == []


@pytest.mark.parametrize(
    ("thread", "end"),
    [
        ("threading.Event().wait", ""),  # as one that asks a page whose window is gone
        ("lambda: time.sleep(0.2)", "all of Python's own end came"),
    ],
)
def test_a_thread_that_somebody_left_keeps_no_process(thread: str, end: str) -> None:
    source = f"""
import atexit, threading, time
from hub.desktop.shutdown import leave
atexit.register(print, "all of Python's own end came")
threading.Thread(target={thread}).start()
print("what was said")
leave(3)
"""
    ended = subprocess.run(
        [sys.executable, "-c", source],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (3, "")
    assert ended.stdout.splitlines() == ["what was said", *([end] if end else [])]
