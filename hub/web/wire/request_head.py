"""Reads the head of a request, strictly: what two programs could read in two ways is refused,
as request smuggling begins there (RFC 9112, sections 2 to 6, without their leniencies).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

MAX_FIELDS: Final = 100
"""Header lines in one head."""
MAX_FIELD_BYTES: Final = 1 << 14
"""Bytes of all header lines together, as parsing one may take longer than linear time."""

TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_REQUEST_LINE: Final = re.compile(rb"([A-Z]{1,20}) (/[\x21\x22\x24-\x7e]*|\*) HTTP/(1\.[01])")
_LENGTH: Final = re.compile(rb"[0-9]{1,18}")
# What a handshake is not passed on with: only the upgrade is accepted, nothing that is offered.
_OFFERED: Final = {
    b"upgrade",
    b"connection",
    b"sec-websocket-protocol",
    b"sec-websocket-extensions",
}
_SINGLE: Final = {b"host", b"content-length", b"transfer-encoding"}


class Malformed(Exception):
    """The bytes are not a request of HTTP/1.1; the text completes "That is not a request: ..."."""


class RequestHead(NamedTuple):
    """Names of headers are lower-case, values have no space around them."""

    method: str
    target: bytes
    version: str
    headers: list[tuple[bytes, bytes]]
    body_length: int | None
    """Bytes of the body; None where it is chunked."""

    @property
    def wants_websocket(self) -> bool:
        """Whether the upgrade to WebSocket is asked for; any other is ignored, as are those with
        a body or in HTTP/1.0 (RFC 9110, section 7.8).
        """
        return (
            self.method == "GET"
            and self.version == "1.1"
            and self.body_length == 0
            and b"websocket" in map(bytes.lower, self.members(b"upgrade"))
            and b"upgrade" in map(bytes.lower, self.members(b"connection"))
        )

    def values(self, name: bytes) -> list[bytes]:
        """The values of all lines of this name."""
        return [value for found, value in self.headers if found == name]

    def members(self, name: bytes) -> list[bytes]:
        """The members of the list that all lines of this name make.

        Empty members are skipped, but a list that has no other has one of them.
        """
        members = [x.strip(b" \t") for value in self.values(name) for x in value.split(b",")]
        return [x for x in members if x] or members[:1]


def parse(head: bytes) -> RequestHead:
    """Read a head, which ends in an empty line. Raises Malformed."""
    request_line, _, fields = head[:-4].partition(b"\r\n")
    lines = fields.split(b"\r\n") if fields else []
    match = _REQUEST_LINE.fullmatch(request_line)
    if match is None:
        raise Malformed("the request line is not one of HTTP/1.1 with a path")
    if len(lines) > MAX_FIELDS or len(fields) > MAX_FIELD_BYTES:
        raise Malformed("there are too many header lines, or they are too long")
    if CONTROL.search(b"".join(lines)):
        raise Malformed("a header line is malformed")
    headers = []
    single: dict[bytes, bytes] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not TOKEN.fullmatch(name):
            raise Malformed("a header line is malformed")
        name, value = name.lower(), value.strip(b" \t")
        if name in _SINGLE:
            if name in single:
                raise Malformed(f"there are two {name.decode()} lines")
            single[name] = value
        headers.append((name, value))
    method, target, version = match[1].decode(), match[2], match[3].decode()
    if version == "1.1" and b"host" not in single:
        raise Malformed("there is no host line")
    return RequestHead(method, target, version, headers, _body_length(single, version))


def for_llhttp(head: RequestHead, *, websocket: bool) -> bytes:
    """A head that llhttp cannot misread, with PUT for its method.

    Left alone llhttp refuses some methods, takes no body with a request for an upgrade, and
    takes what lies behind a chunked body for the next request.
    """
    dropped = _OFFERED if websocket else {b"upgrade"}
    lines = [b"PUT %b HTTP/%b" % (head.target, head.version.encode())]
    lines += [b"%b: %b" % header for header in head.headers if header[0] not in dropped]
    if websocket:
        lines.append(b"Connection: Upgrade\r\nUpgrade: websocket")
    elif head.body_length is None:
        lines.append(b"Connection: close")
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _body_length(single: dict[bytes, bytes], version: str) -> int | None:
    length, coding = single.get(b"content-length"), single.get(b"transfer-encoding")
    if length is not None and not _LENGTH.fullmatch(length):
        raise Malformed("the content-length is not a plain number")
    if coding is None:
        return int(length or 0)
    if length is not None:
        raise Malformed("there are both a content-length and a transfer-encoding")
    if version != "1.1" or coding.lower() != b"chunked":
        raise Malformed("the transfer-encoding is not chunked")
    return None
