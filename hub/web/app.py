"""Puts guard, views and live connections together into the one ASGI application of a hub."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from typing import Any, Final

from flask import Flask, Response, request

from hub.errors import stopping
from hub.hub import Hub
from hub.net.own_names import OwnNames
from hub.net.reach import Reach
from hub.threads import Pool
from hub.web import dispatch
from hub.web.account import account
from hub.web.api import api
from hub.web.built_page import Source
from hub.web.cookies import PREFIX
from hub.web.dispatch import Dispatch
from hub.web.files import files
from hub.web.guard import Guard
from hub.web.host import hosting
from hub.web.live import Live
from hub.web.mentions import mentioning
from hub.web.messages import messages
from hub.web.pages import pages
from hub.web.post import posting
from hub.web.reads import reads
from hub.web.refusals import answer_to
from hub.web.returns import returns
from hub.web.rooms import rooms
from hub.web.sending import sending
from hub.web.session import session
from hub.web.start import start
from hub.web.statuses import statuses
from hub.web.wire.asgi import App
from hub.web.wire.wsgi import Bridge

THREADS: Final = 16
"""Requests that Flask handles at a time; a live connection takes none of these threads."""


def application(
    hub: Hub,
    ui: Source,
    port: int,
    addresses: Callable[[], list[str]],
    bound: str = "::",
    own: OwnNames | None = None,
) -> App:
    """Make the application, on the hub's event loop.

    `ui` holds the page; `addresses` returns the base URLs at which peers reach the
    hub, which listens on the address `bound`; `own` are the names by which it may be asked.
    """
    loop = asyncio.get_running_loop()

    def cross(work: Coroutine[Any, Any, Any]) -> Any:
        try:
            crossing = asyncio.run_coroutine_threadsafe(work, loop)
        except RuntimeError:  # the loop has ended
            work.close()
            raise stopping() from None
        try:
            return crossing.result(dispatch.ANSWER_SECONDS)
        except CancelledError:  # it ends now
            raise stopping() from None

    cookie = PREFIX + hub.people.id
    own = own or OwnNames(hub.settings.names)
    reach = Reach(own, port, bound)
    threads = Pool(THREADS, "http")
    flask = Flask("hearth", static_folder=None)
    flask.register_blueprint(pages(ui))
    flask.register_blueprint(api(hub, cross, cookie))
    flask.register_blueprint(messages(hub, cross, cookie))
    flask.register_blueprint(mentioning(hub, cross, cookie))
    flask.register_blueprint(reads(hub, cookie))
    flask.register_blueprint(posting(hub, cookie, threads))
    flask.register_blueprint(sending(hub, cookie))
    flask.register_blueprint(files(hub, cookie))
    flask.register_blueprint(session(hub, cross, cookie, addresses, reach))
    flask.register_blueprint(start(hub, cross, cookie))
    flask.register_blueprint(account(hub, cross, cookie, addresses))
    flask.register_blueprint(statuses(hub, cookie))
    flask.register_blueprint(rooms(hub, cookie))
    flask.register_blueprint(hosting(hub, cross, cookie, addresses))
    flask.register_blueprint(returns(hub, cookie, reach))
    flask.register_error_handler(Exception, _failed)
    most = hub.settings.message_bytes
    body_bytes = most * 8 + (1 << 16) if most else 1 << 26
    http = Dispatch(flask, Bridge(flask, threads))
    live, used = Live(hub, cookie, own), hub.people.devices.used
    return Guard(http, live, own, cookie, body_bytes, hub.pause, used, http.streams)


def _failed(error: Exception) -> Response:
    return answer_to(error, request.method, request.path)
