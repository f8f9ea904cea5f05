"""Runs Flask, which waits, for uvicorn, which must not: one hop to a thread and one back.

The guard has gathered the body before. A short answer comes back whole; of a long one each block
is fetched by a hop of its own, and only when the one before it was taken, so that a reader who
stalls holds no thread and hardly any memory. What waits for
nothing but the event loop is spared both hops: Flask reads it on the loop, and its answer is
made there `Later`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator
from io import BytesIO, StringIO
from typing import Any, Final, NamedTuple, Protocol

from flask import Response

from hub.threads import Pool
from hub.web.wire.asgi import Receive, Scope, Send

SHORT: Final = 1 << 16
"""How many bytes of an answer are gathered on the thread before they are sent."""
LONG_THREADS: Final = 2
"""How many threads fetch what is longer: however many read, others do not queue behind them."""


class Wsgi(Protocol):
    """A WSGI application (PEP 3333)."""

    def __call__(self, environ: dict[str, Any], start_response: Any, /) -> Iterable[bytes]: ...


class Later(Response):
    """What a view gives in place of an answer that the event loop makes."""

    def __init__(self, made: Coroutine[Any, Any, Response]) -> None:
        super().__init__()
        self.made = made

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self  # for the bridge, which knows it


class _Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    rest: Iterator[bytes] | None
    close: Any


class Bridge:
    """An ASGI application that answers with `app` on one of so many threads.

    What is `prompt`, by its method, path and size, is run on the event loop: it must not wait.
    """

    def __init__(
        self,
        app: Wsgi,
        threads: int,
        prompt: Callable[[str, str, int], bool] = lambda method, path, size: False,
    ) -> None:
        self._app = app
        self._prompt = prompt
        self._pool = Pool(threads, "http")
        self._long = Pool(LONG_THREADS, "long answer")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        run = asyncio.get_running_loop().run_in_executor
        environ = _environ(scope, body)
        if self._prompt(scope["method"], scope["path"], len(body)):
            answer = _ask(self._app, environ)
        else:
            answer = await run(self._pool, _ask, self._app, environ)
        while isinstance(answer, Later):
            answer = _ask(await answer.made, environ)
        status, headers, block, rest, close = answer
        del answer, environ, body
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if rest is None:
            await send({"type": "http.response.body", "body": block})
            return
        gone = asyncio.ensure_future(_gone(receive))
        try:
            while block and not gone.done():
                await send({"type": "http.response.body", "body": block, "more_body": True})
                block = b""
                await send({"type": "http.response.body", "body": block, "more_body": True})
                if not gone.done():  # the one before was taken: to send nothing waits for that
                    block = await run(self._long, next, rest, b"")
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            await run(self._long, close)


def _ask(app: Wsgi, environ: dict[str, Any]) -> _Answer | Later:
    """The head of the answer, and as much of it as is short."""
    head: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        head[:] = [int(status[:3]), headers]

    parts = app(environ, start)
    if isinstance(parts, Later):
        return parts
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


async def _gone(receive: Receive) -> None:
    """Wait until the asker has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """What PEP 3333 wants to know of a request."""
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
    for name, value in scope["headers"]:
        if b"_" in name:  # it would be taken for the header with a hyphen
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        between = "; " if name == b"cookie" else ","
        environ[key] = f"{environ[key]}{between}{text}" if key in environ else text
    return environ
