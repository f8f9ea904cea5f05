"""The end of Hearth, by whichever way it comes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from hub.stopping import Stopping


@pytest.fixture
def stopping() -> Iterator[Stopping]:
    """One that hears this process's signals; whoever heard them before does so again later."""
    before = [(x, signal.getsignal(x)) for x in (signal.SIGINT, signal.SIGTERM)]
    descriptor = signal.set_wakeup_fd(-1)
    made = Stopping()
    yield made
    signal.set_wakeup_fd(descriptor)
    made._writing.close()
    for number, heard in before:
        signal.signal(number, heard)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(stopping: Stopping, number: signal.Signals) -> None:
    done = threading.Event()
    stopping.then(done.set)
    assert not stopping.is_set()
    os.kill(os.getpid(), number)
    assert done.wait(10)
    stopping.wait()


def test_it_ends_after_what_it_was_told_to_wait_for(stopping: Stopping) -> None:
    gate, done = threading.Event(), threading.Event()
    stopping.then(done.set)
    stopping.after(gate.wait)
    assert not done.wait(0.05)
    gate.set()
    assert done.wait(10)


def test_what_is_to_be_done_at_the_end_is_done_once(stopping: Stopping) -> None:
    done: list[int] = []
    stopping.then(lambda: done.append(1))
    stopping.set()
    stopping.set()
    assert done == [1]


def test_what_is_told_after_the_end_is_done_at_once(stopping: Stopping) -> None:
    stopping.set()
    done: list[int] = []
    stopping.then(lambda: done.append(1))
    assert done == [1]
