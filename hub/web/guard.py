"""Stands before everything: whose request this is, how large, and what a browser may do with
the answer. Knows no room and no person.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final

from hub.errors import OURS, Refused
from hub.net.host_header import same_origin
from hub.net.own_names import OwnNames
from hub.protocol import events
from hub.web.cookies import Adopted, Used, adopt

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

BODY_SECONDS: Final = 30.0
"""How long the body of a request may take to arrive."""

_SAFE: Final = {"GET", "HEAD", "OPTIONS"}
_WITH_BODY: Final = {"POST", "PUT", "PATCH"}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'{socket}; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
)
_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
# Browsers heed it only where plain http is trusted, and complain of it everywhere else.
_OPENER: Final = (b"cross-origin-opener-policy", b"same-origin")
_LOOPBACK: Final = re.compile(r"(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?", re.IGNORECASE)


class Guard:
    """An ASGI application before two others: `http` for requests, `live` for sockets.

    `cookie` is the name of the session's cookie; `body_bytes` the largest body of a request;
    `used` knows the tokens, so that a session under an older name of the cookie is found too.
    """

    def __init__(
        self,
        http: App,
        live: App,
        own: OwnNames,
        cookie: str,
        body_bytes: int,
        used: Used = lambda token: None,
    ) -> None:
        self._http = http
        self._live = live
        self._own = own
        self._cookie = cookie
        self._body_bytes = body_bytes
        self._used = used

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        host = self._host(scope["headers"])
        adopted = adopt(scope["headers"], self._cookie, self._used)
        if adopted is not None:
            scope["headers"] = adopted.headers
        send = _with_headers(send, host if self._own.owns(host) else "")
        if scope["type"] == "websocket":
            try:
                self._check(scope, host, changes=True)
                if scope["path"] != "/api/live":
                    raise Refused("not_found", "There is nothing here.", 404)
            except Refused as why:
                await _refuse(why, scope, send)
            else:
                await self._live(scope, receive, send)
            return
        try:
            changes = scope["method"] not in _SAFE
            self._check(scope, host, changes)
            if adopted is not None:
                send = _with_cookies(send, adopted, self._cookie, changes)
            body = await self._body(scope, receive) if changes else b""
            await self._http(scope, _given(body, receive), send)
        except Refused as why:
            await _refuse(why, scope, send)
        except Exception:
            log.exception("a request failed: %s %s", scope["method"], scope["raw_path"])
            await _refuse(OURS, scope, send)  # where the answer has begun, uvicorn ends it

    def _host(self, headers: Headers) -> str:
        hosts = [value for name, value in headers if name == b"host"]
        return hosts[0].decode("latin-1") if len(hosts) == 1 else ""

    def _check(self, scope: Scope, host: str, changes: bool) -> None:
        if not scope["raw_path"].startswith(b"/"):
            raise Refused("malformed", "Ask for an address that begins with a slash.", 400)
        if not self._own.owns(host):
            raise Refused(
                "wrong_host",
                "This Hearth is not known by that name. Use one of the addresses that it shows.",
                421,
            )
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
        """The whole body: what handles it then never waits for a slow sender."""
        headers = dict(scope["headers"])
        length = headers.get(b"content-length")
        if length is None and b"transfer-encoding" not in headers:
            if scope["method"] in _WITH_BODY:
                raise Refused("no_length", "Say how long the body is: Content-Length.", 411)
            return b""
        too_large = Refused(
            "too_large", f"A request can have at most {self._body_bytes} bytes.", 413
        )
        if length is not None and int(length) > self._body_bytes:
            raise too_large
        taken = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Refused("gone", "The sender went away.", 400)
                    taken += message.get("body", b"")
                    if len(taken) > self._body_bytes:
                        raise too_large
                    if not message.get("more_body", False):
                        break
        except TimeoutError:
            raise Refused("too_slow", "The body of the request did not arrive.", 408) from None
        scope["headers"] = [
            (name, value)
            for name, value in scope["headers"]
            if name not in (b"content-length", b"transfer-encoding")
        ] + [(b"content-length", str(len(taken)).encode())]
        return bytes(taken)


def session_token(headers: Headers, cookie: str) -> str | None:
    """The value of the session's cookie, or None where the request bears none."""
    lines = (value.decode("latin-1") for name, value in headers if name == b"cookie")
    return cookie_value("; ".join(lines), cookie)


def cookie_value(line: str, cookie: str) -> str | None:
    """The first cookie of this name in a line of them. Those of Hearth need no quotes."""
    for part in line.split(";"):
        name, _, value = part.partition("=")
        if name.strip() == cookie:
            return value.strip()
    return None


def _given(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def given() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return given


@functools.lru_cache(maxsize=64)
def security_headers(host: str) -> list[tuple[bytes, bytes]]:
    """What every answer of the hub under this name bears, unless it says otherwise itself."""
    policy = (b"content-security-policy", _POLICY.format(socket=host and f" ws://{host}").encode())
    return [policy, *_HEADERS, *([_OPENER] if _LOOPBACK.fullmatch(host) else [])]


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
    """Have the browser keep its session under the right name, by an answer that nobody stores.

    Nobody stores the answer to what `changes` something.
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
    """Answer with an error, and close."""
    kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    page = not scope["path"].startswith("/api/")
    form = b"text/plain; charset=utf-8" if page else b"application/json"
    headers = [(b"content-type", form), (b"connection", b"close")]
    if why.retry_after is not None:
        headers.append((b"retry-after", str(max(1, round(why.retry_after))).encode()))
    body = why.message.encode() if page else events.encode({"error": why.body()})
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": f"{kind}.start", "status": why.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": body})
