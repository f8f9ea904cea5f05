"""Closes a connection in stages: to close at once while its peer still sends would take the last
response from it (RFC 9112, section 9.6).
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

LINGER_BYTES: Final = 64 << 20
"""Bytes behind the last response that are read and dropped: some senders listen only then."""
LINGER_SECONDS: Final = 30.0
"""Seconds for which that goes on at most."""
IDLE_SECONDS: Final = 2.0
"""Seconds without a byte after which it ends."""


def half_close(transport: asyncio.Transport) -> None:
    """Say that nothing more follows, on a connection that may be lost already."""
    with contextlib.suppress(OSError):
        transport.write_eof()


class LingeringClose:
    """Begins at once, and aborts the connection after `seconds` at the latest."""

    __slots__ = ("_dropped", "_timer", "_transport")

    def __init__(self, transport: asyncio.Transport, seconds: float) -> None:
        self._transport = transport
        self._dropped = 0
        half_close(transport)
        transport.resume_reading()
        self._check_later(0, seconds)

    def data_received(self, data: bytes) -> None:
        """Drop what still comes."""
        self._dropped += len(data)
        if self._dropped > LINGER_BYTES:
            self._transport.abort()

    def cancel(self) -> None:
        """The connection is lost."""
        self._timer.cancel()

    def _check_later(self, dropped: int, left: float) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(IDLE_SECONDS, self._check, dropped, left - IDLE_SECONDS)

    def _check(self, dropped: int, left: float) -> None:
        """Cut off a peer that sends nothing more and has read all, or that takes too long."""
        unread = self._transport.get_write_buffer_size()
        if left > 0 and (self._dropped > dropped or unread):
            self._check_later(self._dropped, left)
        else:
            self._transport.abort()
