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
        self._until: dict[asyncio.Task[Any] | None, float] = {}  # the earliest first
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        self._until[asyncio.current_task()] = until = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(until, self._look)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        task = asyncio.current_task()
        if self._until.pop(task, None) is None and task is not None:  # its time is up
            task.uncancel()
            if kind is asyncio.CancelledError:
                raise TimeoutError from error

    def _look(self) -> None:
        """Cancel the tasks whose time is up, and wait for the next one's."""
        loop = asyncio.get_running_loop()
        self._timer = None
        for task, until in tuple(self._until.items()):
            if until > loop.time():
                self._timer = loop.call_at(until, self._look)
                return
            del self._until[task]
            if task is not None:
                task.cancel()
