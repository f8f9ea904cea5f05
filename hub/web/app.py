"""Puts guard, pages, api and live together into the one ASGI application of a hub."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from hub.errors import OURS, Refused, stopping
from hub.hub import Hub
from hub.net.own_names import OwnNames
from hub.net.reach import Reach
from hub.protocol import events
from hub.web.account import account
from hub.web.api import api
from hub.web.cookies import PREFIX
from hub.web.guard import Guard
from hub.web.host import hosting
from hub.web.live import Live
from hub.web.pages import pages
from hub.web.returns import returns
from hub.web.rooms import rooms
from hub.web.session import session
from hub.web.wire.asgi import App
from hub.web.wire.wsgi import Bridge, Later

log = logging.getLogger(__name__)

THREADS: Final = 16
"""How many requests Flask handles at a time; a live connection needs none of them."""
ANSWER_SECONDS: Final = 60.0
"""How long a request waits for the hub's event loop."""
PROMPT_BYTES: Final = 1 << 12
"""Up to this size a message is read on the event loop itself: the worst of forms takes 2 ms."""


def application(
    hub: Hub, ui: Path, port: int, addresses: Callable[[], list[str]], bound: str = "::"
) -> App:
    """Make it on the hub's event loop.

    `ui` is the folder of the page; `addresses` gives the bases at which peers reach the hub,
    which listens on the address `bound`.
    """
    loop = asyncio.get_running_loop()

    def cross(work: Coroutine[Any, Any, Any]) -> Any:
        try:
            crossing = asyncio.run_coroutine_threadsafe(work, loop)
        except RuntimeError:  # the loop has ended
            work.close()
            raise stopping() from None
        try:
            return crossing.result(ANSWER_SECONDS)
        except CancelledError:  # it ends now
            raise stopping() from None

    def later(work: Coroutine[Any, Any, Response]) -> Response:
        return Later(made(work, request.environ))

    async def made(work: Coroutine[Any, Any, Response], environ: dict[str, Any]) -> Response:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await work
        except Exception as error:  # noqa: BLE001  (told by Flask's handlers)
            with flask.request_context(environ):
                return flask.make_response(flask.handle_user_exception(error))

    cookie = PREFIX + hub.people.id
    flask = Flask("hearth", static_folder=None)
    flask.register_blueprint(pages(ui))
    flask.register_blueprint(api(hub, cross, later, cookie))
    own = OwnNames(hub.settings.names)
    reach = Reach(own, port, bound)
    flask.register_blueprint(session(hub, cross, later, cookie, addresses, reach))
    flask.register_blueprint(account(hub, cross, later, cookie, addresses))
    flask.register_blueprint(rooms(hub, cross, cookie))
    flask.register_blueprint(hosting(hub, cross, cookie, addresses))
    flask.register_blueprint(returns(hub, cross, cookie, reach))
    flask.register_error_handler(Refused, _refused)
    flask.register_error_handler(HTTPException, _failed)
    flask.register_error_handler(Exception, _broken)
    http = Bridge(flask, THREADS, _prompt)
    most = hub.settings.message_bytes
    body_bytes = most * 8 + (1 << 16) if most else 1 << 26
    return Guard(http, Live(hub, cookie), own, cookie, body_bytes, hub.people.devices.used)


def _prompt(method: str, path: str, size: int) -> bool:
    """Whether this is a message to save: its view waits for nothing, and what it reads is short."""
    return method == "POST" and path.startswith("/api/chat/") and size <= PROMPT_BYTES


def _refused(why: Refused) -> Response:
    if request.path.startswith("/api/"):
        body = events.encode({"error": why.body()}) + b"\n"
        answer = Response(body, why.status, content_type="application/json")
    else:
        answer = Response(why.message, why.status, content_type="text/plain; charset=utf-8")
    if why.retry_after is not None:
        answer.headers["Retry-After"] = str(max(1, round(why.retry_after)))
    if why.status == 401:  # as RFC 9110 wants it in section 15.5.2; no browser asks for a bearer
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _failed(error: HTTPException) -> Response:
    """What Flask itself refuses: no such address, no such method."""
    status = error.code or 500
    answer = _refused(Refused(error.name.lower().replace(" ", "_"), _plainly(error), status))
    for name, value in error.get_headers():
        if name.lower() == "allow":
            answer.headers[name] = value
    return answer


def _plainly(error: HTTPException) -> str:
    if error.code == 404:
        return "There is nothing at this address."
    if error.code == 405:
        return f"{request.method} is not possible here."
    return error.description or error.name


def _broken(error: Exception) -> Response:
    log.error("a request failed: %s %s", request.method, request.path, exc_info=error)
    return _refused(OURS)
