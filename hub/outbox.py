"""What one client has still to be sent. Knows no socket: it is given a way to write.

Whoever puts something in never waits. While the client keeps up, what is put in goes straight
on; while it does not, it gathers here, within bounds, and leaves in few large frames.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

BYTES: Final = 4 << 20
"""How many bytes may wait for one client. The lines are shared by all who wait for them."""
SECONDS: Final = 10.0
"""How long the oldest of them may wait."""
FRAME: Final = 1 << 14
"""About how many bytes are joined into one frame when a client catches up."""


class Outbox:
    """`write` is called with the text of one frame: JSON lines joined by newlines.

    `too_slow` is called once, when the client is so far behind that it should come back
    later; nothing is taken after that. `clock` gives seconds and never goes back.
    """

    def __init__(
        self,
        write: Callable[[bytes], None],
        too_slow: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._too_slow = too_slow
        self._clock = clock
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._since = 0.0
        self._paused = False
        self._closed = False

    @property
    def paused(self) -> bool:
        return self._paused

    def put(self, text: bytes) -> None:
        """Send these lines, after all that was put in before. Never waits."""
        if not self._paused:
            self._write(text)
        elif not self._closed:
            if not self._waiting:
                self._since = self._clock()
            self._waiting.append(text)
            self._bytes += len(text)
            if self._bytes > BYTES or self._clock() - self._since > SECONDS:
                self.close()
                self._too_slow()

    def pause(self) -> None:
        """The client's connection is full: gather from now on."""
        self._paused = True

    def resume(self) -> None:
        """There is room again: send what gathered, until it is full once more."""
        self._paused = False
        while self._waiting and not self._paused:
            lines = [self._waiting.popleft()]
            size = len(lines[0])
            while self._waiting and size + len(self._waiting[0]) <= FRAME:
                lines.append(self._waiting.popleft())
                size += len(lines[-1])
            self._bytes -= size
            self._since = self._clock()
            self._write(b"\n".join(lines))

    def close(self) -> None:
        """Drop what waits and take nothing more."""
        self._closed = self._paused = True
        self._waiting.clear()
        self._bytes = 0
