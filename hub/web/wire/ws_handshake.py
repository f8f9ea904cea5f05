"""The opening handshake of a WebSocket (RFC 6455, section 4.2)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, ClassVar, Final, cast

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from hub.errors import OURS, Refused
from hub.web.wire.connection_limits import ConnectionLimits, source
from hub.web.wire.error_response import error_response, malformed
from hub.web.wire.request_head import TOKEN, RequestHead
from hub.web.wire.websocket import Receiver, WebSocket
from hub.web.wire.ws_frames import FrameCache

HANDSHAKE_SECONDS: Final = 10.0
"""Seconds that the opening handshake may take."""

_KEY: Final = re.compile(rb"[0-9A-Za-z+/]{22}==")
_EXTENSION: Final = re.compile(
    rb"%b(?:[ \t]*;[ \t]*%b(?:[ \t]*=[ \t]*(?:%b|\"%b\"))?)*" % ((TOKEN.pattern,) * 4)
)
_VERSION: Final = Refused("websocket_version", "Only version 13 of WebSocket is spoken here.", 426)


def refusal(head: RequestHead) -> bytes | None:
    """The response to a handshake that breaks the rules, or None."""
    keys = head.values(b"sec-websocket-key")
    versions = head.values(b"sec-websocket-version")
    if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
        return malformed("the sec-websocket-key is not one of 16 bytes")
    if len(versions) != 1:
        return malformed("there is not one sec-websocket-version line")
    if versions[0] != b"13":
        upgrade = [(b"Connection", b"Upgrade"), (b"Upgrade", b"websocket")]
        return error_response(_VERSION, more=[*upgrade, (b"Sec-WebSocket-Version", b"13")])
    if len(head.values(b"origin")) > 1:
        return malformed("there are two origin lines")
    protocols = head.members(b"sec-websocket-protocol")
    if not all(map(TOKEN.fullmatch, protocols)) or len(set(protocols)) != len(protocols):
        return malformed("the sec-websocket-protocol is no list of different names")
    if not all(map(_EXTENSION.fullmatch, head.members(b"sec-websocket-extensions"))):
        return malformed("the sec-websocket-extensions is no list of extensions")
    return None


class Handshake(WebSocketsSansIOProtocol):
    """uvicorn's protocol until the handshake is complete; HttpServer gives it its attributes.

    The ASGI application accepts, then calls `scope["extensions"]["hearth.socket"]` with what
    makes a receiver for a WebSocket. From then on the application has no part in it.
    """

    limits: ClassVar[ConnectionLimits]
    frame_cache: ClassVar[FrameCache]
    address: str
    """The key under which the connection is limited."""
    _complete = False
    _timer: asyncio.TimerHandle | None = None
    _early = b""  # frames of a client that does not wait for the handshake

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # As asyncio remembers it: a peer that has reset cannot be asked for any more.
        self.address = source(transport.get_extra_info("peername")[0])
        super().connection_made(transport)
        self._timer = self.loop.call_later(HANDSHAKE_SECONDS, self.transport.abort)

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            cast(dict[str, Any], self.scope["extensions"])["hearth.socket"] = self._open

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            super().data_received(data)
            if not self.handshake_initiated:  # the head comes whole, so nothing more is to come
                self.transport.write(malformed("it is too long for a WebSocket"))
                self.transport.close()
        elif len(self._early) < self.config.ws_max_size:
            self._early += data
        else:
            self.transport.abort()

    def send_500_response(self) -> None:
        """Called also by uvicorn: say that it failed, where nothing was said yet."""
        if self.initial_response is None and not self.handshake_complete:
            self.transport.write(error_response(OURS))

    async def run_asgi(self) -> None:
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except Exception:
            self.logger.exception("a handshake failed")
            self.send_500_response()
        finally:
            if not self._complete:
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_timer()
        self.limits.release(self.address)

    def shutdown(self) -> None:
        """Called by uvicorn when the server stops."""
        self.transport.close()

    def _open(self, make_receiver: Callable[[WebSocket], Receiver]) -> None:
        """Put a WebSocket in the place of this protocol."""
        if self.disconnected or self.transport.is_closing():
            return
        self._complete = True
        self._stop_timer()
        # What refers back to itself would stay until the garbage collector comes by.
        cast(dict[str, Any], self.scope["extensions"]).clear()
        self.conn.parser.close()
        connections = cast(set[Any], self.connections)
        connections.remove(self)
        socket = WebSocket(
            self.transport, self.address, self.limits, self.frame_cache, connections,
            self.config.ws_max_size,
        )  # fmt: skip
        self.transport.set_protocol(socket)
        socket.open(make_receiver(socket), self._early)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
