"""The headers of the IETF's draft "Resumable Uploads for HTTP", of requests and of answers.

https://datatracker.ietf.org/doc/draft-ietf-httpbis-resumable-upload/ (revision 10)
"""

from __future__ import annotations

import base64
import re
from typing import Final, NamedTuple

from hub.errors import Refused
from hub.web.requests import Request

PARTIAL: Final = "application/partial-upload"
"""The media type of a part of a file."""
DRAFT: Final = ("Upload-Draft-Interop-Version", "8")
"""The version of the draft's headers, of which there have been others."""

_DIGEST: Final = re.compile(r"(?:^|,)[ \t]*sha-256=(?::([A-Za-z0-9+/]{43}=):)?")

Headers = list[tuple[str, str]]


class Part(NamedTuple):
    """What the headers of a request say of its body: whether it ends the file, how many bytes it
    has and the whole file, and SHA-256 of that, as far as they say so.
    """

    ends: bool
    size: int | None
    length: int | None
    digest: bytes | None


def part_of(request: Request) -> Part:
    """What the headers of PUT or PATCH say.

    Raises Refused: 411 where a body has no length and no chunks, 400 where the headers contradict
    each other, or say nothing that can be read.
    """
    if "content-range" in request.headers:  # of `curl -C`, say: it is not all of the file
        raise Refused("malformed", "Send a part with PATCH and Upload-Offset.", 400)
    put = request.method == "PUT"
    complete = request.headers.get("upload-complete", "?1" if put else "").strip()
    if complete not in ("?0", "?1"):
        raise Refused("malformed", "Upload-Complete must be ?0 or ?1.", 400)
    ends = complete == "?1"
    size, length = number_in(request, "content-length"), number_in(request, "upload-length")
    if size is None and "transfer-encoding" not in request.headers:
        raise Refused("no_length", "Say how long the body is: Content-Length.", 411)
    if put and size is not None and length is not None:
        check_length(size, length, ends=ends)
    if put and ends:
        length = size if length is None else length
    return Part(ends, size, length, _digest(request, of_body=put and ends) if ends else None)


def check_length(end: int, length: int, *, ends: bool) -> None:
    """Check where a part ends, the last one or not, of a file that was said to be so long.

    Raises Refused (400).
    """
    if end > length or (ends and end != length):
        raise Refused("length_wrong", f"The file was said to have {length} bytes.", 400)


def number_in(request: Request, name: str) -> int | None:
    """A number in a header, None where there is none. Raises Refused (400)."""
    text = request.headers.get(name)
    if text is None:
        return None
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise Refused("malformed", f"{name.title()} must be a whole number.", 400)
    return int(text)


def progress_headers(came: int, *, whole: bool) -> Headers:
    """How much of a file has come."""
    return [DRAFT, ("Upload-Offset", str(came)), ("Upload-Complete", "?1" if whole else "?0")]


def _digest(request: Request, *, of_body: bool) -> bytes | None:
    """SHA-256 of the whole file. That of the body is the same where that is all of it.

    https://www.rfc-editor.org/rfc/rfc9530; other digests are not looked at. Raises Refused (400).
    """
    names = ("repr-digest", "content-digest") if of_body else ("repr-digest",)
    for name in names:
        found = _DIGEST.search(request.headers.get(name, ""))
        if found is not None:
            if found[1] is None:
                raise Refused("malformed", "A digest is sha-256=:base64:.", 400)
            return base64.b64decode(found[1])
    return None
