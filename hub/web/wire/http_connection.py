"""HTTP connections: uvicorn's protocol, with the limits that a hub on an open network needs.

uvicorn arms no timer before the first response, and lets a reader stall for ever; here every
connection is counted, must send its request in time and must read what it asked for.
"""

from __future__ import annotations

import asyncio
import socket
from typing import ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.errors import Refused
from hub.web.wire import ws_handshake
from hub.web.wire.connection_limits import ConnectionLimits, source
from hub.web.wire.error_response import error_response, malformed
from hub.web.wire.request_head import Malformed, for_llhttp, parse
from hub.web.wire.websocket import SYSTEM_BYTES, UNREAD, half_close

REQUEST_SECONDS: Final = 10.0
"""How long the head of a request may take to arrive."""
HEAD_BYTES: Final = 1 << 17
"""How long the head of a request may be: names of 10,000 letters are answered in words too."""
BETWEEN_BYTES: Final = 1 << 14
"""How much may come between two chunks of a body, and behind the last one."""
READ_BYTES: Final = 1 << 14
"""How much is read from a connection before the others have their turn, in place of 256 KiB."""
HELD_BYTES: Final = 1 << 18
"""How much may come before the answer to what came before it."""
STALL_SECONDS: Final = 15.0
"""How long a reader may take nothing of what waits for it."""
ASKS_SECONDS: Final = 0.25
"""How long a connection that is one too many is given to ask, before it is turned away."""
READ_AWAY: Final = 64 << 20
"""Up to this many bytes behind a last answer are read: their sender may listen only then."""
AWAY_SECONDS: Final = 30.0
"""How long they may take."""
CLOSE_SECONDS: Final = 2.0
"""And how long nothing may come before the connection is cut off."""

COST_HEAD: Final = 1 << 12
"""So many bytes of its head count as much as one more request."""
COST_BODY: Final = 1 << 10
"""So many of its body."""
COST_PIECE: Final = 1 / 64
"""And one piece of it, however small: a chunk of one byte takes as long as one of a hundred."""
COST_ESCAPES: Final = 1 << 8
"""And so many percent signs in its head: to read them takes long."""
UPGRADE_COST: Final = 8
"""A handshake counts as so many requests: about what it takes."""
REST: Final = 0.1
"""For so many seconds at least waits a request from an address that sends more than it may."""

_TOO_MANY: Final = Refused("too_many", "Too many connections. Wait a moment, try again.", 503, 10)


class HttpConnection(HttpToolsProtocol):
    """Subclassed with its `limits` by HttpServer."""

    limits: ClassVar[ConnectionLimits]
    _source: str | None = None
    _waits = False  # to be told that it is one too many
    _timer: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _held = b""  # what came and was not taken yet
    _left = 0  # how much of it is the body of the request under way, and is taken
    _chunked = False
    _method = ""
    _last = False  # the last answer is given, and nothing more is taken
    _away = 0  # how much has come since then
    _resting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        peer = transport.get_extra_info("peername")
        address = source(peer[0]) if peer else ""
        if not peer or not self.limits.admit(address):
            self._waits = self.limits.admit_rejection()
            if not self._waits:
                transport.abort()
                return
            # An answer before the question confuses clients: it is not awaited for long.
            self._timer = self.loop.call_later(ASKS_SECONDS, self._turn_away, b"")
            return
        self._source = address
        # asyncio does this only for sockets that name their protocol, which accepted ones do not;
        # without it a second small answer waits 40 ms for the first one's acknowledgement.
        own = transport.get_extra_info("socket")
        own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SYSTEM_BYTES)
        transport.set_write_buffer_limits(high=UNREAD)
        transport.max_size = READ_BYTES  # type: ignore[attr-defined]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take one request after the other, and each only when its head is whole and sound."""
        if self._last:
            self._away += len(data)
            if self._away > READ_AWAY:
                self.transport.abort()
        elif self._source is not None:
            self._held += data
            if self._resting is not None:  # uvicorn reads on when the application has taken some
                self.transport.pause_reading()
            self._take()
            self._watch()
        else:
            self._turn_away(data)

    def _turn_away(self, asked: bytes) -> None:
        """Say that there are too many."""
        page = not asked.partition(b" ")[2].startswith(b"/api/")
        # It counts for nobody, and so has no time to send more.
        self._end_with(error_response(_TOO_MANY, page=page), 0)

    def _end_with(self, answer: bytes, away: float = AWAY_SECONDS) -> None:
        """Give an answer that no application made, and close."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(answer)
        self._close_in_stages(away)

    def end(self) -> None:
        """An application has given its last answer: where more is to come, it is not taken."""
        if not self.cycle.more_body:
            self.transport.close()
        elif not self._last:
            self._close_in_stages(AWAY_SECONDS)

    def _close_in_stages(self, away: float) -> None:
        """Say that nothing more follows, and drop for so many seconds what still comes.

        To close at once would take the answer from its sender (RFC 9112, section 9.6).
        """
        self._last = True
        self._held = b""
        self._stop_watching()
        half_close(self.transport)
        self.transport.resume_reading()
        self._timer = self.loop.call_later(CLOSE_SECONDS, self._away_yet, 0, away)

    def _away_yet(self, before: int, left: float) -> None:
        """Cut off who sends no more and has read all, or takes too long for it."""
        left -= CLOSE_SECONDS
        if left > 0 and (self._away > before or self.transport.get_write_buffer_size()):
            self._timer = self.loop.call_later(CLOSE_SECONDS, self._away_yet, self._away, left)
        else:
            self.transport.abort()

    def _take(self) -> None:
        while self._held and self._resting is None and not self.transport.is_closing():
            if self._left:
                data, self._held = self._held[: self._left], self._held[self._left :]
                self._left -= len(data)
            elif self.cycle is None or self.cycle.response_complete:
                data = self._whole_head()
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
        if self._has_to_rest(1 + end // COST_HEAD + self._held.count(b"%", 0, end) // COST_ESCAPES):
            return b""
        try:
            head = parse(self._held[:end])
        except Malformed as why:
            self.send_400_response(str(why))
            return b""
        self._held = self._held[end:]
        self._chunked = head.body_length is None
        self._left = BETWEEN_BYTES if head.body_length is None else head.body_length
        # What comes of a body is taken whole: of chunks, which may be tiny, less at a time.
        self.transport.max_size = READ_BYTES >> 2 if self._chunked else READ_BYTES  # type: ignore[attr-defined]
        self._method = head.method
        websocket = head.wants_websocket
        if websocket and (refusal := ws_handshake.refusal(head)) is not None:
            self._end_with(refusal)
            return b""
        return for_llhttp(head, websocket=websocket)

    def _has_to_rest(self, cost: int) -> bool:
        """Whether a request waits because too much comes from its address; it is counted if not."""
        if self._resting is None:
            self._rest(self.limits.requests.take(self._source or "", cost))
        return self._resting is not None

    def _rest(self, wait: float) -> None:
        """Take and read nothing for so many seconds, where there are any."""
        if wait and self._resting is None:
            self.transport.pause_reading()
            self._resting = self.loop.call_later(max(wait, REST), self._rested)

    def _rested(self) -> None:
        self._resting = None
        self.transport.resume_reading()
        self._take()
        self._watch()

    def on_headers_complete(self) -> None:
        """Mend what the application is told; trailers come into a list that it does not see."""
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = cast(asyncio.Transport, _Responding(self))
            if self.scope["http_version"] == "1.0":  # knows no chunks, and no 100 (Continue)
                self.cycle.chunked_encoding = False
                self.cycle.expected_content_length = _UntilClosed()
                self.cycle.waiting_for_100_continue = False
        self.scope["method"] = self._method
        self.scope["headers"] = list(self.headers)

    def on_body(self, body: bytes) -> None:
        """Chunks may go on, but what is between them has an end."""
        super().on_body(body)
        if not self.cycle.response_started:  # else it is only read away
            cost = COST_PIECE + len(body) / COST_BODY
            self._rest(self.limits.requests.spend(self._source or "", cost))
        if self._chunked:
            self._left = BETWEEN_BYTES

    def send_400_response(self, msg: str) -> None:
        """Say why, as every error is said, and close."""
        self._end_with(malformed(msg.rstrip(".")))

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._take()
        if self._held:
            self._watch()

    def handle_websocket_upgrade(self) -> None:
        self._stop_watching()
        self.limits.requests.spend(self._source or "", UPGRADE_COST)
        super().handle_websocket_upgrade()
        early, self._held = self._held, b""
        if early:
            cast(asyncio.Protocol, self.transport.get_protocol()).data_received(early)

    def shutdown(self) -> None:
        """Called by uvicorn when the server stops."""
        if self._last:
            self.transport.close()
        else:
            super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        for timer in (self._stalled, self._resting):
            if timer is not None:
                timer.cancel()
        if self._waits:
            self.limits.release_rejection()
        if self._source is not None:
            self.limits.release(self._source)
            super().connection_lost(exc)
            if self.cycle is not None:  # which knows this connection through it
                self.cycle.transport = self.transport

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
        if self._last:
            return
        waits = upgraded or self._resting is not None
        if waits or (self.cycle is not None and not self.cycle.response_complete):
            self._stop_watching()
        elif self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Responding:
    """A connection's transport as a response knows it."""

    __slots__ = ("close", "is_closing", "write")

    def __init__(self, connection: HttpConnection) -> None:
        self.write = connection.transport.write
        self.is_closing = connection.transport.is_closing
        self.close = connection.end


class _UntilClosed(int):
    """What is left of an answer that ends with its connection: uvicorn counts it down."""

    def __sub__(self, other: int) -> _UntilClosed:
        return self

    def __lt__(self, other: int) -> bool:
        return False
