"""Runs a WSGI application, which blocks, for ASGI: on a thread of a pool.

The guard has received the body before. A short answer takes one hop to a thread and one back; of a
long one each block takes a hop of its own, once the one before it was taken, so that a client that
stalls holds no thread and hardly any memory.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from io import BytesIO, StringIO
from typing import Any, Final, NamedTuple, Protocol

from hub.threads import Pool
from hub.web.wire.asgi import Headers, Receive, Scope, Send

SHORT: Final = 1 << 16
"""Bytes of an answer that are collected on the thread before it is sent."""
LONG_THREADS: Final = 2
"""Threads that fetch the blocks of long answers, so that short ones do not queue behind them."""


class Wsgi(Protocol):
    """A WSGI application (PEP 3333)."""

    def __call__(self, environ: dict[str, Any], start_response: Any, /) -> Iterable[bytes]: ...


class _Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    rest: Iterator[bytes] | None
    close: Any


class Bridge:
    """An ASGI application that answers with `app`, on the threads of a pool."""

    def __init__(self, app: Wsgi, threads: Executor) -> None:
        self._app = app
        self._threads = threads
        self._long = Pool(LONG_THREADS, "long answer")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        run = asyncio.get_running_loop().run_in_executor
        answer = await run(self._threads, _ask, self._app, _environ(scope, body))
        status, headers, block, rest, close = answer
        del answer, body
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if rest is None:
            await send({"type": "http.response.body", "body": block})
            return
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            while block and not gone.done():
                await send({"type": "http.response.body", "body": block, "more_body": True})
                block = b""
                await send({"type": "http.response.body", "body": block, "more_body": True})
                if not gone.done():  # an empty send waits until the block before it was taken
                    block = await run(self._long, next, rest, b"")
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            await run(self._long, close)


def _ask(app: Wsgi, environ: dict[str, Any]) -> _Answer:
    """Call the application; read its answer as far as it is short."""
    head: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        head[:] = [int(status[:3]), headers]

    parts = app(environ, start)
    close = getattr(parts, "close", lambda: None)
    blocks = iter(parts)
    body = bytearray()
    rest: Iterator[bytes] | None = blocks
    while len(body) < SHORT:
        block = next(blocks, None)
        if block is None:
            rest = None
            close()
            break
        body += block
    has_body = environ["REQUEST_METHOD"] != "HEAD" and head[0] not in (204, 304)
    if rest is None and has_body and not any(x.lower() == "content-length" for x, _ in head[1]):
        head[1].append(("Content-Length", str(len(body))))
    headers = [(x.lower().encode("latin-1"), y.encode("latin-1")) for x, y in head[1]]
    return _Answer(head[0], headers, bytes(body), rest, close)


async def _disconnected(receive: Receive) -> None:
    """Wait until the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The environment that PEP 3333 describes."""
    address, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": address,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr or StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if client is not None:
        environ["REMOTE_ADDR"] = client[0]
    for name, text in combined(scope["headers"]).items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = text
    return environ


def combined(headers: Headers) -> dict[str, str]:
    """The headers of a request by name, in lower case; repeated ones are joined as RFC 9110 says.

    A name with an underscore is left out: WSGI could not tell it from the one with a hyphen.
    """
    found: dict[str, str] = {}
    for raw, value in headers:
        name, text = raw.decode("latin-1"), value.decode("latin-1")
        if "_" not in name:
            between = "; " if name == "cookie" else ","
            found[name] = f"{found[name]}{between}{text}" if name in found else text
    return found
