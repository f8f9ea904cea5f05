"""One WebSocket after its handshake. A message goes straight to its receiver, without the queue
and the task that ASGI would need for each; a broadcast is framed once for all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from hub.web.wire.connection_limits import ConnectionLimits
from hub.web.wire.lingering_close import half_close
from hub.web.wire.ws_frames import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    FrameCache,
    FrameParser,
    ProtocolError,
    close_payload,
    frame,
)

CLOSE_SECONDS: Final = 2.0
"""Seconds that a client has for the closing handshake, and for reading what is left for it."""
PING_SECONDS: Final = 30.0
"""Seconds between pings; a client that was silent since the last one is disconnected."""
HIGH_WATER_BYTES: Final = 1 << 14
"""Unsent bytes of a connection from which on writing to it pauses."""

TURN: Final = 512
"""Cost, in commands, of what is processed of a connection before others have their turn."""
MIN_PAUSE_SECONDS: Final = 0.1
"""Seconds for which at least an address beyond its rate is not read."""


class Receiver(Protocol):
    """What a WebSocket gives its messages to."""

    def text_received(self, text: bytes) -> Iterator[float]:
        """Process one whole text message, valid UTF-8, step by step.

        Each step yields its cost in commands; other connections may have their turn before the
        next.
        """

    def binary_received(self, data: bytes) -> None:
        """A whole message that is not text has come."""

    def pause_writing(self) -> None:
        """Backpressure: the client does not read; write nothing more until `resume_writing`."""

    def resume_writing(self) -> None: ...

    def closed(self) -> None:
        """The client has closed, or the connection is lost. Called once, and nothing after it."""


class WebSocket(asyncio.Protocol):
    """An open WebSocket. For the event loop's thread only."""

    __slots__ = (
        "_alive",
        "_close_sent",
        "_connections",
        "_frame_cache",
        "_limits",
        "_parser",
        "_read_closed",
        "_read_paused",
        "_receiver",
        "_steps",
        "_timer",
        "_turn_cost",
        "_write_paused",
        "address",
        "transport",
    )  # fmt: skip

    def __init__(
        self, transport: asyncio.Transport, address: str, limits: ConnectionLimits,
        frame_cache: FrameCache, connections: set[Any], message_bytes: int,
    ) -> None:  # fmt: skip
        self.transport = transport
        self.address = address
        self._limits = limits
        self._frame_cache = frame_cache
        self._connections = connections
        self._parser = FrameParser(message_bytes)
        self._receiver: Receiver | None = None
        self._write_paused = False
        self._alive = True  # something came since the last ping
        self._close_sent = False
        self._read_closed = False  # nothing more is taken from the client
        self._timer: asyncio.TimerHandle | None = None
        self._steps: Iterator[float] | None = None  # what has come and is not processed yet
        self._turn_cost = 0.0  # of what was processed in this turn
        self._read_paused = False  # others have their turn

    def open(self, receiver: Receiver, early: bytes) -> None:
        """Give messages to a receiver; `early` is what has come already."""
        self._receiver = receiver
        self._connections.add(self)
        self._set_timer(PING_SECONDS, self._ping)
        if early:
            self.data_received(early)

    def write(self, text: bytes) -> None:
        """Send one text message. What cannot be sent at once waits in the transport."""
        if not self._close_sent and not self.transport.is_closing():
            self.transport.write(self._frame_cache.frame(text))

    def close(self, code: int, reason: str = "") -> None:
        """Start the closing handshake; a client that does not answer it is disconnected."""
        if not self._close_sent:
            self._close_sent = True
            self._send(frame(CLOSE, close_payload(code, reason)))
            self._set_timer(CLOSE_SECONDS, self.transport.abort)

    def pause_reading(self, seconds: float = MIN_PAUSE_SECONDS) -> None:
        """Read and process nothing for so long, so that its sender has to wait."""
        if not self._read_paused:
            self._read_paused = True
            self.transport.pause_reading()
            asyncio.get_running_loop().call_later(seconds, self._resume_reading)

    def shutdown(self) -> None:
        """The server stops."""
        self.close(1001, "Hearth is stopping.")

    # -- what asyncio calls ----------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self._alive = True
        self._turn_cost = 0
        if not self._read_closed:
            self._steps = self._receive(data)
            self._process()

    def _receive(self, data: bytes) -> Iterator[float]:
        """Process what has come, step by step; each yields its cost in commands."""
        yield max(len(data), 32) / 256  # a packet without a whole frame costs, too
        try:
            for opcode, payload in self._parser.feed(data):
                if opcode == CLOSE:
                    self._receive_close(payload)
                    return
                if opcode == TEXT and not self._close_sent and self._receiver is not None:
                    yield from self._receiver.text_received(payload)
                    continue
                if opcode == BINARY and not self._close_sent and self._receiver is not None:
                    self._receiver.binary_received(payload)
                elif opcode == PING and not self._close_sent and not self._write_paused:
                    self._send(frame(PONG, payload))
                yield 1
        except ProtocolError as error:
            self._read_closed = True
            self.close(error.code, str(error))
            half_close(self.transport)

    def pause_writing(self) -> None:
        self._write_paused = True
        if self._receiver is not None:
            self._receiver.pause_writing()

    def resume_writing(self) -> None:
        self._write_paused = False
        if self._receiver is not None and not self._close_sent:
            self._receiver.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disconnect()
        self._steps = None
        if self._timer is not None:
            self._timer.cancel()
        self._connections.discard(self)
        self._limits.release(self.address)

    # --------------------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        if not self.transport.is_closing():  # asyncio logs what is written to a lost connection
            self.transport.write(data)

    def _receive_close(self, payload: bytes) -> None:
        """Answer the close frame of the client, unless ours was first, and close."""
        self._read_closed = True
        if not self._close_sent:
            self._close_sent = True
            self._send(frame(CLOSE, payload))
            self._set_timer(CLOSE_SECONDS, self.transport.abort)
        self._disconnect()
        self.transport.close()

    def _process(self) -> None:
        """Go on until the address is beyond its rate, or this connection has had its turn."""
        for cost in self._steps or ():
            wait = self._limits.commands.spend(self.address, cost)
            self._turn_cost += cost
            if wait or self._turn_cost >= TURN:
                self.pause_reading(max(wait, MIN_PAUSE_SECONDS) if wait else 0.0)
            if self._read_paused:
                return
        self._steps = None

    def _resume_reading(self) -> None:
        self._read_paused = False
        self._alive = True  # a client that was not read is not silent
        wait = self._limits.commands.wait(self.address, 0)
        if wait and self._receiver is not None:
            self.pause_reading(max(wait, MIN_PAUSE_SECONDS))
            return
        self._turn_cost = 0
        self._process()
        if not self._read_paused:
            self.transport.resume_reading()

    def _disconnect(self) -> None:
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.closed()

    def _ping(self) -> None:
        if not self._alive:
            self.close(1011, "Nothing was heard for too long.")
            return
        self._alive = False
        if not self._write_paused:
            self._send(frame(PING, b""))
        self._set_timer(PING_SECONDS, self._ping)

    def _set_timer(self, seconds: float, work: Callable[[], None]) -> None:
        """Do this then, in place of what was to be done before."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, work)
