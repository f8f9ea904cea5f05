"""Whether the head of a request means one thing only: what is read in two ways smuggles.

Pure: bytes in, a sentence or an answer out. Rules: RFC 9112, sections 2 to 6, without its
leniencies.
"""

from __future__ import annotations

import re
from typing import Final

from hub import protocol
from hub.errors import Refused

MOST_HEADERS: Final = 100
HEADERS_BYTES: Final = 1 << 14
"""How long they may be together: what reads one of them may take longer than it is."""

_REQUEST: Final = re.compile(rb"[A-Z]{1,20} (/[\x21\x22\x24-\x7e]*|\*) HTTP/1\.([01])")
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH: Final = re.compile(rb"[0-9]{1,18}")
_UPGRADE: Final = re.compile(rb"\r\nupgrade:[^\r]*", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


def wrong(head: bytes) -> str | None:
    """Why a request with this head must not be taken, or None; `head` ends in an empty line."""
    request, _, headers = head[:-4].partition(b"\r\n")
    lines = headers.split(b"\r\n") if headers else []
    match = _REQUEST.fullmatch(request)
    if match is None:
        return "the request line is not one of HTTP/1.1 with a path"
    if len(lines) > MOST_HEADERS or len(headers) > HEADERS_BYTES:
        return "there are too many header lines, or they are too long"
    seen: dict[bytes, bytes] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not _NAME.fullmatch(name) or _CONTROL.search(line):
            return "a header line is malformed"
        name, value = name.lower(), value.strip(b" \t")
        if name in seen and name in (b"host", b"content-length", b"transfer-encoding"):
            return f"there are two {name.decode()} lines"
        seen[name] = value
    return _wrong_length(seen, match[2] == b"1")


def body_length(head: bytes) -> int | None:
    """How many bytes of body follow a sound head; None where chunks tell it."""
    head = head.lower()
    if b"\r\ntransfer-encoding:" in head:
        return None
    match = re.search(rb"\r\ncontent-length:[ \t]*([0-9]+)", head)
    return int(match[1]) if match else 0


def plain(head: bytes, length: int | None) -> bytes:
    """A sound head that llhttp cannot misread, with PUT in the place of its method.

    Left alone it refuses some methods, takes no body that comes with an Upgrade, and takes what
    lies behind chunks for a request.
    """
    head = b"PUT" + head[head.index(b" ") :]
    if length != 0:
        head = _UPGRADE.sub(b"", head)
    return head if length is not None else head[:-2] + b"Connection: close\r\n\r\n"


def last_answer(status: str, why: Refused, *, page: bool = False) -> bytes:
    """What is said where no application is asked, and the connection ends with it."""
    form = "text/plain; charset=utf-8" if page else "application/json"
    body = why.message.encode() if page else protocol.plain({"error": why.body()})
    again = f"Retry-After: {why.retry_after}\r\n" if why.retry_after else ""
    head = (
        f"HTTP/1.1 {status}\r\nConnection: close\r\n{again}Content-Type: {form}\r\n"
        f"X-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def malformed(what: str) -> bytes:
    """Why these bytes are not taken for a request; what follows them cannot be told apart."""
    why = Refused("malformed", f"That is not a request: {what}.".replace("..", "."))
    return last_answer("400 Bad Request", why)


def _wrong_length(seen: dict[bytes, bytes], current: bool) -> str | None:
    length, coding = seen.get(b"content-length"), seen.get(b"transfer-encoding")
    if current and b"host" not in seen:
        return "there is no host line"
    if length is not None and not _LENGTH.fullmatch(length):
        return "the content-length is not a plain number"
    if coding is None:
        return None
    if length is not None:
        return "there are both a content-length and a transfer-encoding"
    if not current or coding.lower() != b"chunked":
        return "the transfer-encoding is not chunked"
    return None
