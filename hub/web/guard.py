"""Checks every request before the application sees it: Host, Origin, and the size of its body.
Knows no room and no person.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from hub.errors import OURS, Refused
from hub.net.host_header import same_origin
from hub.net.own_names import OwnNames
from hub.pause import AGAIN_SECONDS, Pause
from hub.web.cookies import Adopted, Used, adopt
from hub.web.security_headers import security_headers
from hub.web.time_limit import TimeLimit
from hub.web.wire.asgi import App, Headers, Message, Receive, Scope, Send
from hub.web.wire.error_response import error_content

log = logging.getLogger(__name__)

BODY_SECONDS: Final = 30.0
"""Seconds within which the body of a request must have come."""

_PASSED_ON: Final = {b"forwarded", b"via", b"x-forwarded-for", b"x-real-ip"}
_SAFE: Final = {"GET", "HEAD", "OPTIONS"}
_WITH_BODY: Final = {"POST", "PUT", "PATCH"}


class Guard:
    """An ASGI application in front of two others: `http` for requests, `live` for WebSockets.

    `cookie` is the name of the session's cookie; `body_bytes` bounds the body of a request;
    `pause` keeps others than this computer out for a while;
    `used` looks a token up, so that a session under an older name of the cookie is found too;
    `streams` says of which requests the application reads the body itself, and checks its size.
    """

    def __init__(
        self,
        http: App,
        live: App,
        own: OwnNames,
        cookie: str,
        body_bytes: int,
        pause: Pause | None = None,
        used: Used = lambda token: None,
        streams: Callable[[Scope], bool] = lambda scope: False,
    ) -> None:
        self._http = http
        self._live = live
        self._own = own
        self._cookie = cookie
        self._body_bytes = body_bytes
        self._pause = pause
        self._used = used
        self._streams = streams
        self._in_time = TimeLimit(BODY_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        host = self._host(scope["headers"])
        adopted = adopt(scope["headers"], self._cookie, self._used)
        if adopted is not None:
            scope["headers"] = adopted.headers
        owned = self._own.owns(host)
        send = _with_headers(send, host if owned else "")
        if scope["type"] == "websocket":
            try:
                self._check(scope, host, owned, changes=True)
                if scope["path"] != "/api/live":
                    raise Refused("not_found", "There is nothing here.", 404)
            except Refused as why:
                await _refuse(why, scope, send)
            else:
                await self._live(scope, receive, send)
            return
        try:
            changes = scope["method"] not in _SAFE
            self._check(scope, host, owned, changes)
            if adopted is not None:
                send = _with_cookies(send, adopted, self._cookie, changes)
            if not (changes and self._streams(scope)):
                body = await self._body(scope, receive) if changes else b""
                receive = _with_body(body, receive)
            await self._http(scope, receive, send)
        except Refused as why:
            await _refuse(why, scope, send)
        except Exception:
            log.exception("a request failed: %s %s", scope["method"], scope["raw_path"])
            await _refuse(OURS, scope, send)  # where the answer has begun, uvicorn ends it

    def _host(self, headers: Headers) -> str:
        hosts = [value for name, value in headers if name == b"host"]
        return hosts[0].decode("latin-1") if len(hosts) == 1 else ""

    def _check(self, scope: Scope, host: str, owned: bool, changes: bool) -> None:
        if not scope["raw_path"].startswith(b"/"):
            raise Refused("malformed", "Ask for an address that begins with a slash.", 400)
        if not owned:
            raise Refused(
                "wrong_host",
                "This Hearth is not known by that name. Use one of the addresses that it shows.",
                421,
            )
        if self._pause is not None and self._pause.is_on:
            self._pause.check(is_from_here(scope, self._own))
        if not changes:
            return
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        for origin in origins:
            if not same_origin(origin.decode("latin-1"), host):
                raise Refused("foreign_origin", "Another site may not do this in your name.", 403)
        if not origins and session_token(scope["headers"], self._cookie) is not None:
            raise Refused(
                "no_origin", "A request that bears a session must say where it is from.", 403
            )

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """Read the whole body here, so that no thread of the application waits for its sender."""
        headers = dict(scope["headers"])
        length = headers.get(b"content-length")
        if length is None and b"transfer-encoding" not in headers:
            if scope["method"] in _WITH_BODY:
                raise Refused("no_length", "Say how long the body is: Content-Length.", 411)
            return b""
        if length is not None and int(length) > self._body_bytes:
            raise self._too_large()
        taken = bytearray()  # not a list of pieces, which may be of a byte each
        try:
            with self._in_time:
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Refused("gone", "The sender went away.", 400)
                    taken += message.get("body", b"")
                    if len(taken) > self._body_bytes:
                        raise self._too_large()
                    more = message.get("more_body", False)
        except TimeoutError:
            raise Refused("too_slow", "The body of the request did not arrive.", 408) from None
        if length is None:  # it came in chunks, which the application need not know
            kept = [x for x in scope["headers"] if x[0] != b"transfer-encoding"]
            scope["headers"] = [*kept, (b"content-length", b"%d" % len(taken))]
        return bytes(taken)

    def _too_large(self) -> Refused:
        most = self._body_bytes
        return Refused("too_large", f"A request can have at most {most} bytes.", 413)


def is_from_here(scope: Scope, own: OwnNames) -> bool:
    """Whether somebody asks at this computer; a program of it that passes on for others does not.

    Such a program says so, in one of these headers; who forges them only keeps themselves out.
    """
    passed_on = any(name in _PASSED_ON for name, _ in scope["headers"])
    return not passed_on and own.bears(scope["client"][0])


def session_token(headers: Headers, cookie: str) -> str | None:
    """The value of the session's cookie, or None where the request has none."""
    lines = (value.decode("latin-1") for name, value in headers if name == b"cookie")
    return cookie_value("; ".join(lines), cookie)


def cookie_value(line: str, cookie: str) -> str | None:
    """The first cookie of this name in a line of them. Those of Hearth need no quotes."""
    for part in line.split(";"):
        name, _, value = part.partition("=")
        if name.strip() == cookie:
            return value.strip()
    return None


def _with_body(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read already, then what else happens."""
    given = False

    async def with_body() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return with_body


def _with_headers(send: Send, host: str) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"].endswith("http.response.start"):
            there = {name for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *((name, value) for name, value in security_headers(host) if name not in there),
            ]
        await send(message)

    return with_headers


def _with_cookies(send: Send, adopted: Adopted, cookie: str, changes: bool) -> Send:
    """Have the browser keep its session under the present name of the cookie.

    Only by responses that no cache stores: those to a request that `changes` something, and
    those that say so.
    """

    async def with_cookies(message: Message) -> None:
        headers = list(message.get("headers", ()))
        private = any(name == b"cache-control" and b"no-store" in x for name, x in headers)
        if message["type"] == "http.response.start" and (private or changes):
            own = cookie.encode() + b"="
            sets = any(name == b"set-cookie" and value.startswith(own) for name, value in headers)
            cookies = [*([] if sets else [adopted.renewed]), *adopted.ended]
            message["headers"] = [*headers, *((b"set-cookie", value) for value in cookies)]
        await send(message)

    return with_cookies


async def _refuse(why: Refused, scope: Scope, send: Send) -> None:
    """Respond with an error, and close the connection."""
    kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    is_page = not scope["path"].startswith("/api/")
    headers, body = error_content(why, page=is_page)
    if is_page and why.code == "paused":
        headers.append((b"Refresh", b"%d" % AGAIN_SECONDS))  # browsers then try by themselves
    await send({"type": f"{kind}.start", "status": why.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": body})
