"""What one client has still to be sent, with backpressure. Knows no socket: it is given a write.

Putting something in never waits. While the client keeps up, what is put in is written at once;
while it does not, it is buffered within bounds, and flushed in few large frames.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

BYTES: Final = 4 << 20
"""Bytes that may be buffered for one client. The lines are shared by all who wait for them."""
SECONDS: Final = 10.0
"""Seconds that the oldest of them may wait."""
FRAME: Final = 1 << 14
"""Bytes that are joined into one frame as the buffer is flushed, about."""


class Outbox:
    """`write` is called with the text of one frame: JSON lines joined by newlines.

    `too_slow` is called once, when the client is so far behind that it should come back
    later; nothing is taken after that. `clock` gives seconds and never goes back.
    """

    __slots__ = (
        "_buffer",
        "_bytes",
        "_clock",
        "_closed",
        "_paused",
        "_since",
        "_too_slow",
        "_write",
    )  # fmt: skip

    def __init__(
        self,
        write: Callable[[bytes], None],
        too_slow: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._too_slow = too_slow
        self._clock = clock
        self._buffer: deque[bytes] | None = None  # most clients never need one
        self._bytes = 0
        self._since = 0.0
        self._paused = False
        self._closed = False

    @property
    def paused(self) -> bool:
        """Whether what is put in is not written at once."""
        return self._paused

    def put(self, text: bytes) -> None:
        """Send these lines, after all that was put in before. Never waits."""
        if not self._paused:
            self._write(text)
        elif not self._closed:
            if not self._buffer:
                self._since = self._clock()
                self._buffer = deque()
            self._buffer.append(text)
            self._bytes += len(text)
            if self._bytes > BYTES or self._clock() - self._since > SECONDS:
                self.close()
                self._too_slow()

    def pause(self) -> None:
        """The connection takes no more: buffer from now on."""
        self._paused = True

    def resume(self) -> None:
        """The connection takes more again: flush the buffer, until it is paused once more."""
        self._paused = self._closed
        while self._buffer and not self._paused:
            lines = [self._buffer.popleft()]
            size = len(lines[0])
            while self._buffer and size + len(self._buffer[0]) <= FRAME:
                lines.append(self._buffer.popleft())
                size += len(lines[-1])
            self._bytes -= size
            self._since = self._clock()
            self._write(b"\n".join(lines))
        if not self._buffer:
            self._buffer = None

    def close(self) -> None:
        """Drop what is buffered and take nothing more."""
        self._closed = self._paused = True
        self._buffer = None
        self._bytes = 0
