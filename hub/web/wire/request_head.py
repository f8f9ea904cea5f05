"""Whether the head of a request means one thing only: what is read in two ways smuggles.

Pure: bytes in, a sentence or an answer out. Rules: RFC 9112, sections 2 to 6, without its
leniencies.
"""

from __future__ import annotations

import re
from email.utils import formatdate
from typing import Final

from hub.errors import Refused
from hub.protocol import events
from hub.web.security_headers import security_headers

MOST_HEADERS: Final = 100
HEADERS_BYTES: Final = 1 << 14
"""How long they may be together: what reads one of them may take longer than it is."""

_REQUEST: Final = re.compile(rb"[A-Z]{1,20} (/[\x21\x22\x24-\x7e]*|\*) HTTP/1\.([01])")
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH: Final = re.compile(rb"[0-9]{1,18}")
_UPGRADE: Final = re.compile(rb"\r\nupgrade:[^\r]*", re.IGNORECASE)
# What needs no second look once a handshake was read here: nothing that is offered is spoken.
_HANDSHAKE: Final = re.compile(
    rb"\r\n(?:upgrade|connection|sec-websocket-(?:protocol|extensions)):[^\r]*", re.IGNORECASE
)
_KEY: Final = re.compile(rb"[0-9A-Za-z+/]{22}==")
_EXTENSION: Final = re.compile(
    rb"%b(?:[ \t]*;[ \t]*%b(?:[ \t]*=[ \t]*(?:%b|\"%b\"))?)*" % ((_NAME.pattern,) * 4)
)
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


def wants_websocket(head: bytes, length: int | None) -> bool:
    """Whether a sound head, with a body of this length, asks for a WebSocket.

    Any other Upgrade is ignored, as are those of HTTP/1.0 (RFC 9110, section 7.8).
    """
    return (
        length == 0
        and _UPGRADE.search(head) is not None
        and head.startswith(b"GET ")
        and head.partition(b"\r\n")[0].endswith(b" HTTP/1.1")
        and b"websocket" in _members(head.lower(), b"upgrade")
        and b"upgrade" in _members(head.lower(), b"connection")
    )


def handshake_refusal(head: bytes) -> bytes | None:
    """The answer to a handshake that breaks RFC 6455, section 4.2.1, or None."""
    keys, versions = (_values(head, b"sec-websocket-" + x) for x in (b"key", b"version"))
    if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
        return malformed("the sec-websocket-key is not one of 16 bytes")
    if len(versions) != 1:
        return malformed("there is not one sec-websocket-version line")
    if versions[0] != b"13":
        why = Refused("websocket_version", "Only version 13 of WebSocket is spoken here.", 426)
        more = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        return last_answer("426 Upgrade Required", why, more=more)
    if len(_values(head, b"origin")) > 1:
        return malformed("there are two origin lines")
    protocols = _members(head, b"sec-websocket-protocol")
    if not all(map(_NAME.fullmatch, protocols)) or len(set(protocols)) != len(protocols):
        return malformed("the sec-websocket-protocol is no list of different names")
    if not all(map(_EXTENSION.fullmatch, _members(head, b"sec-websocket-extensions"))):
        return malformed("the sec-websocket-extensions is no list of extensions")
    return None


def plain(head: bytes, length: int | None, websocket: bool) -> bytes:
    """A sound head that llhttp cannot misread, with PUT in the place of its method.

    Left alone it refuses some methods, takes no body that comes with an Upgrade, and takes what
    lies behind chunks for a request.
    """
    head = b"PUT" + head[head.index(b" ") :]
    if websocket:
        return _HANDSHAKE.sub(b"", head)[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    head = _UPGRADE.sub(b"", head)
    return head if length is not None else head[:-2] + b"Connection: close\r\n\r\n"


def last_answer(status: str, why: Refused, *, page: bool = False, more: str = "") -> bytes:
    """What is said where no application is asked, and the connection ends with it.

    `more` are further header lines.
    """
    form = "text/plain; charset=utf-8" if page else "application/json"
    body = why.message.encode() if page else events.encode({"error": why.body()})
    again = f"Retry-After: {why.retry_after}\r\n" if why.retry_after else ""
    head = (
        f"HTTP/1.1 {status}\r\nDate: {formatdate(usegmt=True)}\r\nConnection: close\r\n{more}"
        f"{again}Content-Type: {form}\r\nContent-Length: {len(body)}\r\n"
    )
    headers = b"".join(b"%b: %b\r\n" % header for header in security_headers(""))
    return head.encode() + headers + b"\r\n" + body


def malformed(what: str) -> bytes:
    """Why these bytes are not taken for a request; what follows them cannot be told apart."""
    why = Refused("malformed", f"That is not a request: {what}.".replace("..", "."))
    return last_answer("400 Bad Request", why)


def _values(head: bytes, name: bytes) -> list[bytes]:
    """What the lines of this name hold."""
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return [value.strip(b" \t") for found, _, value in lines if found.lower() == name]


def _members(head: bytes, name: bytes) -> list[bytes]:
    """The members of the list that all lines of this name make; one that is empty has none but
    an empty one.
    """
    values = _values(head, name)
    members = [x.strip(b" \t") for value in values for x in value.split(b",")]
    return [x for x in members if x] or members[:1]


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
