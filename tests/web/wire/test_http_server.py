"""Starting and stopping the server below the application."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from hub.web.wire.connection_limits import ConnectionLimits
from hub.web.wire.http_server import HttpServer


async def app(scope: Any, receive: Any, send: Any) -> None:
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hi"})


def test_it_serves_when_it_has_started_and_ends_when_it_is_stopped() -> None:
    async def work() -> bytes:
        bound = socket.create_server(("127.0.0.1", 0))
        address = bound.getsockname()
        server = HttpServer(app, ConnectionLimits(0, 0))
        serving = await server.start([bound], 4)
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        server.stop()
        await asyncio.wait_for(serving, 20)
        with pytest.raises(OSError, match=r"refused|Connect"):
            await asyncio.open_connection(*address)
        return answer

    answer = asyncio.run(work())
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\nhi")


def test_what_keeps_it_from_starting_is_raised() -> None:
    async def work() -> None:
        bound = socket.create_server(("127.0.0.1", 0))
        bound.close()
        await HttpServer(app, ConnectionLimits(0, 0)).start([bound], 4)

    with pytest.raises(OSError):  # noqa: PT011 - which one, the system decides
        asyncio.run(asyncio.wait_for(work(), 20))
