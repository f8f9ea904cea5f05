"""uvicorn, with the protocols of this folder in the place of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from typing import Final

import uvicorn

from hub.web.wire.asgi import App
from hub.web.wire.connection_limits import ConnectionLimits
from hub.web.wire.http_connection import HttpConnection
from hub.web.wire.ws_frames import FrameCache
from hub.web.wire.ws_handshake import Handshake

MESSAGE_BYTES: Final = 1 << 16
"""Bytes of the longest message that a WebSocket may send."""
KEEP_ALIVE_SECONDS: Final = 20
"""Seconds for which a connection is kept open between two requests."""
STOP_SECONDS: Final = 3
"""Seconds that responses under way are given when the server stops."""


class HttpServer:
    """Serves an ASGI application on the running event loop."""

    def __init__(
        self, app: App, limits: ConnectionLimits, message_bytes: int = MESSAGE_BYTES
    ) -> None:
        self._app = app
        self._http = type("Http", (HttpConnection,), {"limits": limits})
        self._websocket = type("Ws", (Handshake,), {"limits": limits, "frame_cache": FrameCache()})
        self._message_bytes = message_bytes

    async def start(self, sockets: Sequence[socket.socket], backlog: int) -> asyncio.Task[None]:
        """Accept connections, up to `backlog` of them at a time before others have their turn.

        Gives the task that serves, which ends after `stop`. Raises what keeps it from starting.
        """
        config = uvicorn.Config(
            self._app,
            http=self._http,
            ws=self._websocket,
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="error",  # what strangers send is no line in the log
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws_max_size=self._message_bytes,
            ws_per_message_deflate=False,
            ws_ping_interval=None,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
            backlog=backlog,
        )
        self._server = uvicorn.Server(config)
        serving = asyncio.create_task(self._server.serve(list(sockets)))
        while not (self._server.started or serving.done()):
            await asyncio.sleep(0.005)
        if serving.done():
            await serving
        return serving

    def cut_off(self, keeps: Callable[[str], bool]) -> None:
        """Close what is under way over HTTP, except where `keeps` says so of an address."""
        for each in list(self._server.server_state.connections):
            if isinstance(each, HttpConnection) and not keeps(
                each.client[0] if each.client else ""
            ):
                each.transport.abort()

    def stop(self) -> None:
        """Close all connections in an orderly way, and end the task."""
        self._server.should_exit = True
