"""Errors as responses, also where no application is asked."""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus

from hub.errors import Refused
from hub.protocol import events
from hub.web.security_headers import security_headers
from hub.web.wire.asgi import Headers


def error_content(why: Refused, *, page: bool) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The headers and the body that tell a refusal: text for a page, JSON for a program."""
    form = b"text/plain; charset=utf-8" if page else b"application/json"
    body = why.message.encode() if page else events.encode({"error": why.body()})
    headers = [
        (b"Connection", b"close"),
        (b"Content-Type", form),
        (b"Content-Length", b"%d" % len(body)),
    ]
    if why.retry_after is not None:
        headers.append((b"Retry-After", b"%d" % max(1, round(why.retry_after))))
    return headers, body


def error_response(why: Refused, *, page: bool = False, more: Headers = ()) -> bytes:
    """A whole response, the last of its connection; `more` are further headers."""
    status = HTTPStatus(why.status)
    headers, body = error_content(why, page=page)
    lines = [b"HTTP/1.1 %d %b" % (status, status.phrase.encode())]
    headers = [(b"Date", formatdate(usegmt=True).encode()), *headers, *more, *security_headers("")]
    lines += [b"%b: %b" % header for header in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def malformed(what: str) -> bytes:
    """The response to bytes that are no request; what follows them cannot be told apart."""
    return error_response(Refused("malformed", f"That is not a request: {what}."))
