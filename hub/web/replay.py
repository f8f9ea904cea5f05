"""Catching up a client that joins a room with `after`: every event since, with no gap."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Final

from hub.outbox import Outbox
from hub.room import Room
from hub.room_view import number_of

STALLED_SECONDS: Final = 10.0
"""Seconds for which a replay waits for a client that does not read, before it is ended."""


class Backpressure:
    """Whether a client reads what it is sent; holds its outbox back while it does not."""

    __slots__ = ("_outbox", "_reads")

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._reads: asyncio.Event | None = None  # what a replay waits for

    def full(self) -> None:
        """The connection holds enough that is unsent: gather from now on."""
        self._outbox.pause()

    def drained(self) -> None:
        """The connection has room again: send what gathered."""
        self._outbox.resume()
        if self._reads is not None and not self._outbox.paused:
            self._reads.set()
            self._reads = None

    async def writable(self) -> None:
        """Wait until nothing is held back. Raises TimeoutError after STALLED_SECONDS."""
        while self._outbox.paused:
            self._reads = self._reads or asyncio.Event()
            async with asyncio.timeout(STALLED_SECONDS):  # wait_for may miss a cancellation
                await self._reads.wait()


class Replay:
    """What one client missed in a room, from event `after` on.

    `answers` are the numbers of events that it waits for as answers to its commands.
    """

    __slots__ = ("_after", "_room", "_sent", "answers", "task")

    def __init__(self, room: Room, after: int, answers: Iterable[int]) -> None:
        self._room = room
        self._after = self._sent = after
        self.answers = set(answers)
        self.task: asyncio.Task[None] | None = None

    async def send(self, outbox: Outbox, backpressure: Backpressure) -> None:
        """Send all that was missed, and what comes meanwhile, while the client reads.

        Raises TimeoutError where it stops reading, OSError where the history cannot be read.
        """
        room = self._room
        while self._sent < room.last:
            last = room.last
            blocks = room.history.blocks(self._sent + 1, last)
            while True:
                await backpressure.writable()  # before a block is read: it would be held
                if not (block := next(blocks, b"")):
                    break
                outbox.put(block[:-1])
                with contextlib.suppress(ValueError):  # another program changed the file
                    self._sent = number_of(block[block.rfind(b"\n", 0, -1) + 1 :])
                del block
            self._sent = last

    def stop(self) -> list[int]:
        """Send no more; gives the answers that are still to be sent."""
        if self.task is not None:
            self.task.cancel()
        return self.missing()

    def missing(self) -> list[int]:
        """The answers that were not among what was sent, in order."""
        return sorted(n for n in self.answers if not self._after < n <= self._sent)
