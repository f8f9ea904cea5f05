"""Signals that interrupt a script: no process that it started is left running."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn


@contextmanager
def raised() -> Iterator[None]:
    """Within it, SIGTERM and SIGHUP raise KeyboardInterrupt as Ctrl+C does."""

    def interrupt(number: int, frame: Any) -> NoReturn:
        raise KeyboardInterrupt

    with _handled_by(interrupt, lambda handler: handler == signal.SIG_DFL):  # nohup ignores one
        yield


@contextmanager
def held_back() -> Iterator[None]:
    """Holds back signals that raise an exception, so that a process started within is known.

    Without it, one that comes before Popen has returned leaves a process that nobody can end.
    """
    came: list[int] = []

    def note(number: int, frame: Any) -> None:
        came.append(number)

    with _handled_by(note, lambda handler: callable(handler)):
        yield
    for number in came:
        signal.raise_signal(number)


@contextmanager
def _handled_by(
    handle: Callable[[int, Any], None], instead_of: Callable[[Any], bool]
) -> Iterator[None]:
    """Has `handle` take SIGINT, SIGTERM and SIGHUP where `instead_of` says so of their handler."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        numbers = [getattr(signal, x, None) for x in ("SIGINT", "SIGTERM", "SIGHUP")]
        for number in filter(None, numbers):
            if instead_of(signal.getsignal(number)):
                before[number] = signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
