"""Finds who answers a request: a coroutine on the hub's event loop, or Flask on a thread.

All routes are Flask's. A view that is a coroutine function is called on the event loop, with the
request and the parts of the path: it may wait, for the disk or for a password's hash, and holds no
thread meanwhile. All other views are called by Flask on a thread of its pool.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from functools import lru_cache
from inspect import iscoroutinefunction, signature
from typing import Any, Final

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from hub.errors import Refused
from hub.web.refusals import answer_to
from hub.web.requests import FileAnswer, FilePart, PlainAnswer, Request
from hub.web.time_limit import TimeLimit
from hub.web.wire.asgi import App, Receive, Scope, Send

ANSWER_SECONDS: Final = 60.0
"""Seconds that a request waits for the work that it asks of the event loop."""

PATHS: Final = 1024
"""Paths whose views are remembered."""
SHORT_PATH: Final = 200
"""Characters of a path that is remembered, at most: long ones would fill the memory."""

Answer = Response | PlainAnswer | FileAnswer
View = Callable[..., Coroutine[Any, Any, Answer]]
"""One with a parameter `body` is given the body of a request there, piece by piece as it comes, and
may wait for it as long as it likes.
"""


class Dispatch:
    """An ASGI application for the routes of `flask`; `threads` is asked for its plain views."""

    def __init__(self, flask: Flask, threads: App) -> None:
        self.routes = flask.url_map
        self._threads = threads
        self._matcher = self.routes.bind("hub")
        self._remembered = lru_cache(PATHS)(self._view)
        self._in_time = TimeLimit(ANSWER_SECONDS)
        views = flask.view_functions.items()
        self._views: dict[str, View] = {x: view for x, view in views if iscoroutinefunction(view)}
        self._streaming = {x for x in self._views.values() if "body" in signature(x).parameters}

    def streams(self, scope: Scope) -> bool:
        """Whether the view of a request takes its body piece by piece."""
        return self._found(scope)[0] in self._streaming

    def _found(self, scope: Scope) -> tuple[View | None, dict[str, Any]]:
        find = self._remembered if len(scope["path"]) <= SHORT_PATH else self._view
        return find(scope["method"], scope["path"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        view, parts = self._found(scope)
        if view is None:
            await self._threads(scope, receive, send)
            return
        streams = view in self._streaming
        request = Request(scope, b"" if streams else (await receive())["body"])
        body = _Body(scope, receive)
        try:
            if streams:
                answer = await view(request, **parts, body=body.pieces())
            else:
                with self._in_time:
                    answer = await view(request, **parts)
        except Exception as error:  # noqa: BLE001  (logged where it is not meant for the client)
            answer = answer_to(error, request.method, request.path)
        if isinstance(answer, Response):
            answer = PlainAnswer(answer.get_data(), answer.status_code, list(answer.headers))
        if streams and not body.ended:  # nobody reads the rest of it, which may be gigabytes
            answer = answer._replace(headers=[*answer.headers, ("Connection", "close")])
        try:
            await _send(answer, scope, send)
        finally:
            if isinstance(answer, FileAnswer):
                answer.close()

    def _view(self, method: str, path: str) -> tuple[View | None, dict[str, Any]]:
        """The coroutine of a route, with the parts of the path; None where Flask is to answer."""
        if method == "OPTIONS":
            return None, {}
        try:
            endpoint, parts = self._matcher.match(path, method)
        except HTTPException:  # no such route, or a redirect
            return None, {}
        return self._views.get(endpoint), dict(parts)


async def _send(answer: PlainAnswer | FileAnswer, scope: Scope, send: Send) -> None:
    """Send an answer; each block of it once the one before was taken."""
    headers = [(x.lower().encode("latin-1"), y.encode("latin-1")) for x, y in answer.headers]
    body = answer.blocks if isinstance(answer, FileAnswer) else answer.body
    if scope["method"] == "HEAD":
        body = b""
    *blocks, last = [body] if isinstance(body, bytes) else body
    if isinstance(last, FilePart):
        blocks, last = [*blocks, last], b""
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    for block in blocks:
        if isinstance(block, FilePart):
            await scope["extensions"]["hearth.sendfile"](*block)
        else:
            await send({"type": "http.response.body", "body": block, "more_body": True})
    await send({"type": "http.response.body", "body": last})


class _Body:
    """The body of a request as it comes; `ended` once all of it was given."""

    ended = False

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope = scope
        self._receive = receive

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give it piece by piece. Raises Refused (400) where it breaks off."""
        self._scope["extensions"]["hearth.bulk"]()
        while not self.ended:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Refused("gone", "The sender went away.", 400)
            self.ended = not message.get("more_body", False)
            if message.get("body"):
                yield message["body"]
