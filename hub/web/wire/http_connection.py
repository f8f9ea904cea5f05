"""One HTTP connection: uvicorn's protocol, with the limits that a hub on an open network needs.

uvicorn arms no timer before the first response, and lets a client stop reading for ever. Here
connections are counted, a request must come in time, and its response must be read in time.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.errors import Refused
from hub.web.wire import ws_handshake
from hub.web.wire.connection_limits import (
    TINY_BYTES,
    UPGRADE_COST,
    ConnectionLimits,
    bulk_cost,
    head_cost,
    piece_cost,
    source,
)
from hub.web.wire.error_response import error_response, malformed
from hub.web.wire.file_transfer import FileTransfer
from hub.web.wire.lingering_close import LINGER_SECONDS, LingeringClose
from hub.web.wire.request_head import Malformed, for_llhttp, parse
from hub.web.wire.response_transport import ResponseTransport, UntilClosed
from hub.web.wire.websocket import HIGH_WATER_BYTES

REQUEST_SECONDS: Final = 10.0
"""Seconds within which the head of a request must have come."""
HEAD_BYTES: Final = 1 << 17
"""Bytes of a head without end that are read; names of 10,000 letters are answered in words too."""
FRAMING_BYTES: Final = 1 << 14
"""Bytes that may come between two chunks of a body, and behind the last one."""
READ_BYTES: Final = 1 << 14
"""Bytes that are read from a connection before others have their turn, in place of 256 KiB."""
CHUNKED_READ_BYTES: Final = 1 << 12
"""Bytes that are read at a time of a chunked body, whose chunks may be tiny."""
BULK_READ_BYTES: Final = 1 << 18
"""Bytes that are read at a time of the body that is a large file."""
BULK_CHUNKED_READ_BYTES: Final = 1 << 16
"""The same where it is chunked, unless the last chunk was tiny."""
PIPELINED_BYTES: Final = 1 << 18
"""Bytes of further requests that may come before the response to the one under way."""
SEND_BUFFER_BYTES: Final = 1 << 18
"""Bytes that the system may hold for a client; left alone it holds megabytes for each."""
STALL_SECONDS: Final = 15.0
"""Seconds for which a client may read nothing of what waits for it."""
REJECTION_SECONDS: Final = 0.25
"""Seconds that a connection beyond the limit is given to send its request before the answer."""
MIN_PAUSE_SECONDS: Final = 0.1
"""Seconds for which at least an address beyond its rate is not read."""

_TOO_MANY: Final = Refused("too_many", "Too many connections. Wait a moment, try again.", 503, 10)


class HttpConnection(HttpToolsProtocol):
    """HttpServer subclasses it with the `limits` of one server."""

    limits: ClassVar[ConnectionLimits]
    _address: str | None = None  # its key in the limits, once it is admitted
    _rejected = False  # waits to be told that there are too many
    _deadline: asyncio.TimerHandle | None = None  # of what is awaited from the client
    _stall_timer: asyncio.TimerHandle | None = None  # while the client does not read
    _pause: asyncio.TimerHandle | None = None  # while its address is beyond its rate
    _lingering: LingeringClose | None = None  # after the last response
    _stopping = False  # the server is: nothing lingers any more
    _buffer = b""  # what came and was not taken yet
    _body_left = 0  # how much of it is the body of the request under way
    _chunked = False
    _bulk = False  # it is a large file
    _files: FileTransfer | None = None  # of the request under way
    _method = ""

    # -- what asyncio calls ----------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        peer = transport.get_extra_info("peername")
        address = source(peer[0]) if peer else ""
        if not peer or not self.limits.admit(address):
            self._rejected = self.limits.admit_rejection()
            if not self._rejected:
                transport.abort()
                return
            # An answer before the question confuses clients: it is not awaited for long.
            self._deadline = self.loop.call_later(REJECTION_SECONDS, self._reject, b"")
            return
        self._address = address
        # asyncio does this only for sockets that name their protocol, which accepted ones do not;
        # without it a second small answer waits 40 ms for the first one's acknowledgement.
        own = transport.get_extra_info("socket")
        own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        transport.set_write_buffer_limits(high=HIGH_WATER_BYTES)
        self._read_at_most(READ_BYTES)
        super().connection_made(transport)
        self._set_deadline()

    def data_received(self, data: bytes) -> None:
        if self._lingering is not None:
            self._lingering.data_received(data)
        elif self._address is None:
            self._reject(data)
        else:
            self._buffer += data
            if self._pause is not None:  # uvicorn resumes when the application has taken some
                self.transport.pause_reading()
            self._process()
            self._set_deadline()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stall_timer = self.loop.call_later(STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._deadline, self._stall_timer, self._pause, self._lingering):
            if timer is not None:
                timer.cancel()
        self._lingering = None
        if self._files is not None:
            self._files.release()
        if self._rejected:
            self.limits.release_rejection()
        if self._address is not None:
            self.limits.release(self._address)
            super().connection_lost(exc)
            if self.cycle is not None:  # which refers back to this connection through it
                self.cycle.transport = self.transport

    # -- what uvicorn calls ----------------------------------------------------------------

    def on_headers_complete(self) -> None:
        """Correct what the application is told, and the transport that its response has."""
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = cast(asyncio.Transport, ResponseTransport(self))
            self._files = FileTransfer(self, STALL_SECONDS)
            self.scope["extensions"] = cast(Any, self._files.extensions())
            if self.scope["http_version"] == "1.0":  # knows no chunks, and no 100 (Continue)
                self.cycle.chunked_encoding = False
                self.cycle.expected_content_length = UntilClosed()
                self.cycle.waiting_for_100_continue = False
        self.scope["method"] = self._method
        self.scope["headers"] = list(self.headers)  # llhttp adds the trailers to its own list

    def on_body(self, body: bytes) -> None:
        cycle, added = self.cycle, body
        if self._bulk and not (self._chunked or cycle.body or cycle.response_complete):
            # To add it would copy it, and so would receive(): in new memory, which takes longest.
            cycle.body, added = cast(bytearray, body), b""
        super().on_body(added)
        if not cycle.response_started:  # else it is only read and dropped
            cost = bulk_cost if self._bulk else piece_cost
            self._pause_for(self.limits.requests.spend(self._address or "", cost(len(body))))
        if self._chunked:
            self._body_left = FRAMING_BYTES
            if self._bulk:
                tiny = len(body) < TINY_BYTES
                self._read_at_most(CHUNKED_READ_BYTES if tiny else BULK_CHUNKED_READ_BYTES)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._process()
        if self._buffer:
            self._set_deadline()

    def send_400_response(self, msg: str) -> None:
        self._respond_and_close(malformed(msg.rstrip(".")))

    def handle_websocket_upgrade(self) -> None:
        self._clear_deadline()
        self.limits.requests.spend(self._address or "", UPGRADE_COST)
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment] # it refers back to this connection
        early, self._buffer = self._buffer, b""
        if early:
            cast(asyncio.Protocol, self.transport.get_protocol()).data_received(early)

    def shutdown(self) -> None:
        """The server stops."""
        self._stopping = True
        if self._lingering is not None:
            self.transport.close()
        else:
            super().shutdown()

    # -- requests --------------------------------------------------------------------------

    def _process(self) -> None:
        """Give llhttp what has come: bodies at once, a head only when it is whole and sound, and
        when the response to the request before it is complete.
        """
        while self._buffer and self._pause is None and not self.transport.is_closing():
            if self._body_left:
                size = self._body_left
                data, self._buffer = self._buffer[:size], self._buffer[size:]
                self._body_left -= len(data)
                if self._bulk and not self._body_left and not self._chunked:
                    self._read_at_most(READ_BYTES)
            elif self.cycle is None or self.cycle.response_complete:
                data = self._next_head()
            else:
                break
            if not data:
                break
            super().data_received(data)
        if len(self._buffer) > PIPELINED_BYTES and not self._body_left:
            self.transport.close()

    def _next_head(self) -> bytes:
        """The head of the next request as llhttp is given it, or nothing."""
        self._unset_keepalive_if_required()
        end = self._buffer.find(b"\r\n\r\n") + 4
        if end < 4:
            if b"\n\n" in self._buffer or len(self._buffer) > HEAD_BYTES:
                self.send_400_response("the head does not end")
            return b""
        read = self._buffer[:end]
        self._pause_for(self.limits.requests.take(self._address or "", head_cost(read)))
        if self._pause is not None:
            return b""
        try:
            head = parse(read)
        except Malformed as why:
            self.send_400_response(str(why))
            return b""
        self._buffer = self._buffer[end:]
        self._method = head.method
        self._bulk = False
        self._chunked = head.body_length is None
        self._body_left = FRAMING_BYTES if head.body_length is None else head.body_length
        self._read_at_most(CHUNKED_READ_BYTES if self._chunked else READ_BYTES)
        websocket = head.wants_websocket
        if websocket and (refusal := ws_handshake.refusal(head)) is not None:
            self._respond_and_close(refusal)
            return b""
        return for_llhttp(head, websocket=websocket)

    def _read_at_most(self, size: int) -> None:
        self.transport.max_size = size  # type: ignore[attr-defined]

    def _pause_for(self, seconds: float) -> None:
        """Read and process nothing for so long, where it is more than nothing."""
        if seconds and self._pause is None:
            self.transport.pause_reading()
            self._pause = self.loop.call_later(max(seconds, MIN_PAUSE_SECONDS), self._resume)

    def _resume(self) -> None:
        self._pause = None
        if not self.flow.read_paused:  # else the application has not taken what came before
            self.transport.resume_reading()
        self._process()
        self._set_deadline()

    # -- files -----------------------------------------------------------------------------

    def begin_bulk(self) -> None:
        """Read the body of the request under way in large pieces, from now on."""
        self._bulk = True
        if self._body_left and not self._chunked:
            self._read_at_most(BULK_READ_BYTES)

    async def drain_whole(self) -> None:
        """Wait until the system has taken all that was written, or the connection is lost."""
        self.transport.set_write_buffer_limits(high=0)
        await self.flow.drain()
        self.transport.set_write_buffer_limits(high=HIGH_WATER_BYTES)

    # -- deadlines -------------------------------------------------------------------------

    def _set_deadline(self) -> None:
        """Run the clock while a request is awaited, and only then."""
        upgraded = self.transport.get_protocol() is not self
        if self._lingering is not None:
            return
        waits = upgraded or self._pause is not None
        if waits or (self.cycle is not None and not self.cycle.response_complete):
            self._clear_deadline()
        elif self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _clear_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    # -- the end ---------------------------------------------------------------------------

    def close_after_response(self) -> None:
        """Close behind the last response: in stages where more of its request is to come."""
        if self._stopping or not self.cycle.more_body:
            self.transport.close()
        elif self._lingering is None:
            self._linger(LINGER_SECONDS)

    def _reject(self, request: bytes) -> None:
        """Respond that there are too many, and linger for no longer: it is not counted."""
        page = not request.partition(b" ")[2].startswith(b"/api/")
        self._respond_and_close(error_response(_TOO_MANY, page=page), 0)

    def _respond_and_close(self, response: bytes, linger: float = LINGER_SECONDS) -> None:
        """Send a response that no application made, where none has begun, and close."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(response)
        self._linger(linger)

    def _linger(self, seconds: float) -> None:
        self._buffer = b""
        self._clear_deadline()
        self._lingering = LingeringClose(self.transport, seconds)
