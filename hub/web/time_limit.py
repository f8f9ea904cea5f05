"""Interrupts what takes too long, at next to no cost for all that does not."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any


class TimeLimit:
    """A context, for any number of tasks of one event loop at a time.

    A task that is in it for longer than `seconds` is cancelled there, and the context raises
    TimeoutError. A task is in it once at a time. Unlike `asyncio.timeout` it sets no timer for each
    task: one, for the task that came first, does for all.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # Until when a task may be in it, and how often it was to be cancelled: the earliest first.
        self._until: dict[asyncio.Task[Any], tuple[float, int]] = {}
        self._cancelled: dict[asyncio.Task[Any], int] = {}  # those whose time is up
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        loop, task = asyncio.get_running_loop(), _current_task()
        until = loop.time() + self._seconds
        self._until[task] = until, task.cancelling()
        if self._timer is None:
            self._timer = loop.call_at(until, self._look)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        task = _current_task()
        if self._until.pop(task, None) is None:
            others = task.uncancel() > self._cancelled.pop(task)
            if kind is asyncio.CancelledError and not others:
                raise TimeoutError from error

    def _look(self) -> None:
        """Cancel the tasks whose time is up, and wait for the next one's."""
        loop = asyncio.get_running_loop()
        self._timer = None
        for task, (until, cancelling) in tuple(self._until.items()):
            if until > loop.time():
                self._timer = loop.call_at(until, self._look)
                return
            del self._until[task]
            self._cancelled[task] = cancelling
            task.cancel()


def _current_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None, "a time limit is for tasks"
    return task
