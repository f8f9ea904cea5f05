"""The two protocols of uvicorn, with the limits that a hub on an open network needs.

uvicorn arms no timer before the first response, and lets a reader stall for ever; here every
connection is counted, must send its request in time and must read what it asked for.
"""

from __future__ import annotations

import asyncio
import codecs
import ipaddress
import socket
import sys
from collections import Counter
from typing import Any, ClassVar, Final, Protocol, cast

import h11
import msgspec
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from hub.errors import Refused
from hub.web import framing

REQUEST_SECONDS: Final = 10.0
"""How long the head of a request may take to arrive."""
HEAD_BYTES: Final = 1 << 14
"""How long the head of a request may be."""
HELD_BYTES: Final = 1 << 18
"""How much may come before the answer to what came before it."""
STALL_SECONDS: Final = 15.0
"""How long a reader may take nothing of what waits for it."""
ASKS_SECONDS: Final = 0.25
"""How long a connection that is one too many is given to ask, before it is turned away."""
CLOSE_SECONDS: Final = 2.0
"""How long a client may take to answer a closing handshake."""
UNREAD: Final = 1 << 14
"""From how many unsent bytes on a live connection counts as full."""

_TOO_MANY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 47\r\n\r\n"
    b"Too many connections. Wait a moment, try again."
)


class Gate:
    """Counts connections, in all and by address; 0 means no limit."""

    def __init__(self, connections: int, per_address: int) -> None:
        self._most = connections
        self._most_each = per_address
        self._each: Counter[str] = Counter()
        self._all = 0

    def enter(self, address: str) -> bool:
        """Whether one more connection from this address may stay; if so it is counted."""
        if self._most and self._all >= self._most:
            return False
        if self._most_each and self._each[address] >= self._most_each:
            return False
        self._all += 1
        self._each[address] += 1
        return True

    def leave(self, address: str) -> None:
        self._all -= 1
        self._each[address] -= 1
        if not self._each[address]:
            del self._each[address]


def source(address: str) -> str:
    """Whom an address stands for: itself for IPv4, its /64 for IPv6, where one has them all."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        if not parsed.is_loopback:
            return str(ipaddress.IPv6Network((parsed, 64), strict=False))
    return str(parsed)


class HttpConnection(H11Protocol):
    """Subclassed with its `gate` by `protocols`."""

    gate: ClassVar[Gate]
    _source: str | None = None
    _timer: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _held = b""  # what came and was not taken yet
    _left = 0  # how much of it is the body of the request under way
    _last = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        peer = transport.get_extra_info("peername")
        address = source(peer[0]) if peer else ""
        if not peer or not self.gate.enter(address):
            # An answer before the question confuses clients: it is not awaited for long.
            self._timer = self.loop.call_later(ASKS_SECONDS, self._turn_away)
            return
        self._source = address
        # asyncio does this only for sockets that name their protocol, which accepted ones do not;
        # without it a second small answer waits 40 ms for the first one's acknowledgement.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take one request after the other, and each only when its head is whole and sound."""
        if self._source is not None:
            self._held += data
            self._take()
            self._watch()
        else:
            self._turn_away()

    def _turn_away(self) -> None:
        """Say that there are too many, and close when that can have been read."""
        if not self._last:
            self._last = True
            self._stop_watching()
            self.transport.write(_TOO_MANY)
            self.transport.write_eof()
            self._timer = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    def _take(self) -> None:
        while self._held and not self.transport.is_closing():
            if self.conn.their_state is h11.IDLE:
                data = self._whole_head()
            elif self.conn.their_state is h11.SEND_BODY:
                data, self._held = self._held[: self._left], self._held[self._left :]
                self._left -= len(data)
            else:
                break  # the answer comes first
            if not data:
                break
            super().data_received(data)
        if len(self._held) > HELD_BYTES:
            self.transport.close()

    def _whole_head(self) -> bytes:
        """The head of the next request, once it is there and sound; else nothing."""
        self._unset_keepalive_if_required()
        end = self._held.find(b"\r\n\r\n") + 4
        if end < 4:
            if b"\n\n" in self._held or len(self._held) > HEAD_BYTES:
                self.send_400_response("the head does not end")
            return b""
        head, self._held = self._held[:end], self._held[end:]
        if why := framing.wrong(head):
            self.send_400_response(why)
            return b""
        # What is chunked tells its own end; what may lie behind it is not taken for a request.
        length = framing.body_length(head)
        self._last = length is None
        self._left = sys.maxsize if length is None else length
        return head

    def send_400_response(self, msg: str) -> None:
        """Say why, as every error is said, and close: what follows cannot be told apart."""
        why = Refused("malformed", f"That is not a request: {msg}.".replace("..", "."))
        body = msgspec.json.encode({"error": why.body()})
        self.transport.write(
            b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\n"
            b"X-Content-Type-Options: nosniff\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        self.transport.close()

    def on_response_complete(self) -> None:
        if self._last and self.conn.trailing_data[0]:
            self.transport.close()
            return
        super().on_response_complete()
        self._take()

    def handle_websocket_upgrade(self, event: Any) -> None:
        self._stop_watching()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        if self._stalled is not None:
            self._stalled.cancel()
        if self._source is not None:
            self.gate.leave(self._source)
            super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
        super().resume_writing()

    def _watch(self) -> None:
        """Run the clock while a request is awaited, and only then."""
        upgraded = self.transport.get_protocol() is not self
        if upgraded or (self.cycle is not None and not self.cycle.response_complete):
            self._stop_watching()
        elif self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Receiver(Protocol):
    """What sits behind a live connection."""

    def received(self, text: bytes) -> None:
        """One whole text message, known to be UTF-8."""

    def binary(self, data: bytes) -> None: ...

    def full(self) -> None:
        """What was written is not being read: write no more for now."""

    def drained(self) -> None: ...


class _Frames(ServerProtocol):
    """websockets' parser, stricter about text and kinder about closing.

    A text that is not UTF-8 fails at the frame that shows it, and a client may close in the
    middle of a message.
    """

    _utf8: codecs.IncrementalDecoder | None = None

    def recv_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            self.current_size = None
        elif frame.opcode is Opcode.TEXT and frame.fin:
            bytes(frame.data).decode()
        elif frame.opcode is Opcode.TEXT:
            self._utf8 = codecs.getincrementaldecoder("utf-8")()
            self._utf8.decode(frame.data)
        elif frame.opcode is Opcode.CONT and self._utf8 is not None:
            self._utf8.decode(frame.data, frame.fin)
            if frame.fin:
                self._utf8 = None
        super().recv_frame(frame)


class LiveConnection(WebSocketsSansIOProtocol):
    """A WebSocket that hands messages straight to a receiver and sends ready-made frames.

    The handshake, the parser, pings and closing are uvicorn's and websockets'. The detour over
    a queue and a task for each message is not: it would cost more than all the rest.
    """

    gate: ClassVar[Gate]
    receiver: Receiver | None = None

    def __init__(self, config: uvicorn.Config, *others: Any, **more: Any) -> None:
        super().__init__(config, *others, **more)
        self.conn = _Frames(max_size=config.ws_max_size, logger=self.logger)

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            cast(dict[str, Any], self.scope["extensions"])["hearth.connection"] = self
            self.transport.set_write_buffer_limits(high=UNREAD)

    def data_received(self, data: bytes) -> None:
        """What came whole before a fault is taken before the fault is."""
        self.conn.receive_data(data)
        self.handle_events()
        if self.conn.parser_exc is not None:
            self.handle_parser_exception()

    def send_receive_event_to_app(self) -> None:
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if self.close_sent or self.receiver is None:
            return
        if self.curr_msg_data_type != "text":
            self.receiver.binary(data)
            return
        self.receiver.received(data)

    def write(self, text: bytes) -> None:
        """Send one text message. What cannot go out at once waits in the transport."""
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(_framed_for_all(text))

    def end(self, code: int, reason: str = "") -> None:
        """Close with a code; a client that does not answer is cut off."""
        if self.close_sent or self.conn.state is not State.OPEN:
            self.transport.close()
            return
        self.stop_keepalive()
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    def shutdown(self) -> None:
        if self.handshake_complete:
            self.end(1001, "The hub is stopping.")
        else:
            super().shutdown()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.receiver is not None:
            self.receiver.full()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.receiver is not None and not self.close_sent:
            self.receiver.drained()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.client is not None:
            self.gate.leave(source(self.client[0]))


_last_framed = (b"", b"")


def _framed_for_all(text: bytes) -> bytes:
    """The frame of a text, made once where the same text goes to many one after the other."""
    global _last_framed
    if _last_framed[0] is not text:
        _last_framed = text, framed(text)
    return _last_framed[1]


def framed(text: bytes) -> bytes:
    """One whole, unmasked text message as RFC 6455, section 5.2, lays it out."""
    size = len(text)
    if size < 126:
        return bytes((0x80 | Opcode.TEXT, size)) + text
    if size < 1 << 16:
        return bytes((0x80 | Opcode.TEXT, 126)) + size.to_bytes(2, "big") + text
    return bytes((0x80 | Opcode.TEXT, 127)) + size.to_bytes(8, "big") + text


def protocols(gate: Gate) -> tuple[type[HttpConnection], type[LiveConnection]]:
    """The two classes for uvicorn's `http` and `ws`, sharing one gate."""
    return (
        type("Http", (HttpConnection,), {"gate": gate}),
        type("Live", (LiveConnection,), {"gate": gate}),
    )
