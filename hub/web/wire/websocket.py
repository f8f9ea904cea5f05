"""One WebSocket after its handshake. A message goes straight to its receiver, without the queue
and the task that ASGI would need for each; a broadcast is framed once for all.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from hub.web.wire.connection_limits import ConnectionLimits
from hub.web.wire.ws_frames import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    Fault,
    FrameCache,
    Frames,
    close_payload,
    frame,
)

CLOSE_SECONDS: Final = 2.0
"""How long a client may take to answer a closing handshake, and to read what is left for it."""
PING_SECONDS: Final = 30.0
"""How often a client is pinged; one that was silent since the last time is cut off."""
UNREAD: Final = 1 << 14
"""From how many unsent bytes on a connection counts as full."""
SYSTEM_BYTES: Final = 1 << 18
"""How many bytes the system may hold for a client; left alone, megabytes for one that stalls."""

TURN: Final = 512
"""How much is taken from a connection before the others have their turn, in commands."""
REST: Final = 0.1
"""For so many seconds at least nothing is read from an address that sends more than it may."""


def half_close(transport: asyncio.Transport) -> None:
    """Say that nothing more follows, on a connection that may be lost already."""
    with contextlib.suppress(OSError):
        transport.write_eof()


class Receiver(Protocol):
    """What sits behind a WebSocket."""

    def received(self, text: bytes) -> Iterator[float]:
        """Take one whole text message, known to be UTF-8, step by step.

        Each step gives what it cost, in commands; others may have their turn before the next.
        """

    def binary(self, data: bytes) -> None:
        """One that is not text."""

    def full(self) -> None:
        """What was written is not being read: write no more for now."""

    def drained(self) -> None: ...

    def gone(self) -> None:
        """The client has closed, or the connection is lost: called once, the last of all."""


class Socket(asyncio.Protocol):
    """A WebSocket that is open. All its methods are for the event loop alone."""

    __slots__ = (
        "_closing", "_connections", "_deaf", "_frames", "_full", "_heard", "_limits",
        "_receiver", "_resting", "_sent", "_steps", "_timer", "_turn", "address", "transport",
    )  # fmt: skip

    def __init__(
        self, transport: asyncio.Transport, address: str, limits: ConnectionLimits,
        frames: FrameCache, connections: set[Any], message_bytes: int,
    ) -> None:  # fmt: skip
        self.transport = transport
        self.address = address
        self._limits = limits
        self._sent = frames
        self._connections = connections
        self._frames = Frames(message_bytes)
        self._receiver: Receiver | None = None
        self._full = False
        self._heard = True
        self._closing = False  # we have sent our close frame
        self._deaf = False  # nothing more is read
        self._timer: asyncio.TimerHandle | None = None
        self._steps: Iterator[float] | None = None  # what has come and is not taken yet
        self._turn = 0.0  # how much was taken in this one
        self._resting = False  # nothing is taken or read: others have their turn

    def begin(self, receiver: Receiver, early: bytes) -> None:
        """Start talking to a receiver; `early` is what has come already."""
        self._receiver = receiver
        self._connections.add(self)
        self._in(PING_SECONDS, self._ping)
        if early:
            self.data_received(early)

    def write(self, text: bytes) -> None:
        """Send one text message. What cannot go out at once waits in the transport."""
        if not self._closing and not self.transport.is_closing():
            self.transport.write(self._sent.frame(text))

    def end(self, code: int, reason: str = "") -> None:
        """Close with a code; a client that does not answer is cut off."""
        if not self._closing:
            self._closing = True
            self._send(frame(CLOSE, close_payload(code, reason)))
            self._in(CLOSE_SECONDS, self.transport.abort)

    def rest(self, seconds: float = REST) -> None:
        """Give the receiver nothing more for so long; what comes waits with its sender."""
        if not self._resting:
            self._resting = True
            self.transport.pause_reading()
            asyncio.get_running_loop().call_later(seconds, self._rested)

    def shutdown(self) -> None:
        """Called by uvicorn when the server stops."""
        self.end(1001, "Hearth is stopping.")

    # -- what asyncio tells ----------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self._heard = True
        self._turn = 0
        if not self._deaf:
            self._steps = self._take(data)
            self._go_on()

    def _take(self, data: bytes) -> Iterator[float]:
        """Take what has come, step by step; each gives what it cost, in commands."""
        yield max(len(data), 32) / 256  # so that a packet without a whole frame costs, too
        try:
            for opcode, payload in self._frames.feed(data):
                if opcode == CLOSE:
                    self._closed(payload)
                    return
                if opcode == TEXT and not self._closing and self._receiver is not None:
                    yield from self._receiver.received(payload)
                    continue
                if opcode == BINARY and not self._closing and self._receiver is not None:
                    self._receiver.binary(payload)
                elif opcode == PING and not self._closing and not self._full:
                    self._send(frame(PONG, payload))
                yield 1
        except Fault as fault:
            self._deaf = True
            self.end(fault.code, str(fault))
            half_close(self.transport)

    def pause_writing(self) -> None:
        self._full = True
        if self._receiver is not None:
            self._receiver.full()

    def resume_writing(self) -> None:
        self._full = False
        if self._receiver is not None and not self._closing:
            self._receiver.drained()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone()
        self._steps = None
        if self._timer is not None:
            self._timer.cancel()
        self._connections.discard(self)
        self._limits.release(self.address)

    # --------------------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        if not self.transport.is_closing():  # asyncio logs what is written to a lost connection
            self.transport.write(data)

    def _closed(self, payload: bytes) -> None:
        """The client has sent its close frame: answer with ours unless that was first."""
        self._deaf = True
        if not self._closing:
            self._closing = True
            self._send(frame(CLOSE, payload))
            self._in(CLOSE_SECONDS, self.transport.abort)
        self._gone()
        self.transport.close()

    def _go_on(self) -> None:
        """Take what has come, as long as this address and this connection may."""
        for cost in self._steps or ():
            wait = self._limits.commands.spend(self.address, cost)
            self._turn += cost
            if wait or self._turn >= TURN:
                self.rest(max(wait, REST) if wait else 0.0)
            if self._resting:
                return
        self._steps = None

    def _rested(self) -> None:
        self._resting = False
        self._heard = True  # who is not listened to is not silent
        wait = self._limits.commands.wait(self.address, 0)
        if wait and self._receiver is not None:
            self.rest(max(wait, REST))
            return
        self._turn = 0
        self._go_on()
        if not self._resting:
            self.transport.resume_reading()

    def _gone(self) -> None:
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.gone()

    def _ping(self) -> None:
        if not self._heard:
            self.end(1011, "Nothing was heard for too long.")
            return
        self._heard = False
        if not self._full:
            self._send(frame(PING, b""))
        self._in(PING_SECONDS, self._ping)

    def _in(self, seconds: float, work: Callable[[], None]) -> None:
        """Do this then, and nothing else that was to be done."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, work)
