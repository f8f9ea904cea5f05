"""What changes often is told in turns: once for all that changed since the turn before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sized
from typing import Any, Final

TURN_SECONDS: Final = 1.0
"""Least seconds between two turns."""
TURN_EACH: Final = 2.5e-4
"""Seconds between them for each client: some 50 times what it takes to tell one."""
SLICE: Final = 256
"""Clients that a turn tells at a time; between two slices others have their turn."""


class Turns:
    """Has `tell` run a while after `soon` was called, once for all calls until then.

    The more `clients` there are, the longer that takes. `tell` runs once at a time. Lives on the
    event loop that is running when it is made.
    """

    def __init__(self, clients: Sized, tell: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._clients = clients
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._turn: asyncio.Task[None] | None = None
        self._asked = False  # since the last turn began

    def soon(self) -> None:
        """Have a turn come, if none is to come already."""
        self._asked = True
        if self._timer is None and self._turn is None:
            self._wait()

    def stop(self) -> None:
        """Have no turn begin that is to come; one that has begun goes on."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        seconds = max(TURN_SECONDS, TURN_EACH * len(self._clients))
        self._timer = self._loop.call_later(seconds, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._turn = self._loop.create_task(self._take())

    async def _take(self) -> None:
        self._asked = False
        try:
            await self._tell()
        finally:
            self._turn = None
            if self._asked:
                self._wait()
