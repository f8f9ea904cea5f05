"""Finds who answers a request: a coroutine on the hub's event loop, or Flask on a thread.

All routes are Flask's. A view that is a coroutine function is called on the event loop, with the
request and the parts of the path: it may wait, for the disk or for a password's hash, and holds no
thread meanwhile. All other views are called by Flask on a thread of its pool.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import lru_cache
from inspect import iscoroutinefunction
from typing import Any, Final

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from hub.web.refusals import answer_to
from hub.web.requests import PlainAnswer, Request
from hub.web.time_limit import TimeLimit
from hub.web.wire.asgi import App, Receive, Scope, Send

ANSWER_SECONDS: Final = 60.0
"""Seconds that a request waits for the work that it asks of the event loop."""

PATHS: Final = 1024
"""Paths whose views are remembered."""
SHORT_PATH: Final = 200
"""Characters of a path that is remembered, at most: long ones would fill the memory."""

View = Callable[..., Coroutine[Any, Any, Response | PlainAnswer]]


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        find = self._remembered if len(scope["path"]) <= SHORT_PATH else self._view
        view, parts = find(scope["method"], scope["path"])
        if view is None:
            await self._threads(scope, receive, send)
            return
        request = Request(scope, (await receive())["body"])
        try:
            with self._in_time:
                answer: Response | PlainAnswer = await view(request, **parts)
        except Exception as error:  # noqa: BLE001  (logged where it is not meant for the client)
            answer = answer_to(error, request.method, request.path)
        if isinstance(answer, Response):
            answer = PlainAnswer(answer.get_data(), answer.status_code, list(answer.headers))
        headers = [(x.lower().encode("latin-1"), y.encode("latin-1")) for x, y in answer.headers]
        body = b"" if request.method == "HEAD" else answer.body
        *blocks, last = [body] if isinstance(body, bytes) else body
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        for block in blocks:  # each once the one before it was taken
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": last})

    def _view(self, method: str, path: str) -> tuple[View | None, dict[str, Any]]:
        """The coroutine of a route, with the parts of the path; None where Flask is to answer."""
        if method == "OPTIONS":
            return None, {}
        try:
            endpoint, parts = self._matcher.match(path, method)
        except HTTPException:  # no such route, or a redirect
            return None, {}
        return self._views.get(endpoint), dict(parts)
