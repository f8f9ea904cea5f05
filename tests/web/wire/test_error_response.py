"""Errors as responses: their form, and what a client is told to do."""

import json

import pytest

from hub.errors import Refused
from hub.web.wire.error_response import error_content, error_response, malformed

BUSY = Refused("busy", "Too much is open.", 503, 0.2)


def test_a_program_gets_json_and_a_page_text() -> None:
    headers, body = error_content(BUSY, page=False)
    assert json.loads(body)["error"]["code"] == "busy"
    assert (b"Content-Type", b"application/json") in headers
    headers, body = error_content(BUSY, page=True)
    assert body == b"Too much is open."
    assert (b"Content-Type", b"text/plain; charset=utf-8") in headers


@pytest.mark.parametrize(("after", "told"), [(0.2, b"1"), (7.6, b"8"), (None, None)])
def test_retry_after_is_whole_seconds_and_never_none_of_them(
    after: float | None, told: bytes | None
) -> None:
    headers, _ = error_content(Refused("busy", "Wait.", 503, after), page=False)
    assert dict(headers).get(b"Retry-After") == told


def test_a_whole_response_closes_and_has_its_length() -> None:
    head, _, body = error_response(BUSY, more=[(b"X-More", b"1")]).partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 503 Service Unavailable"
    assert {b"Connection: close", b"X-More: 1", b"Content-Length: %d" % len(body)} <= set(lines)
    (date,) = (line for line in lines if line.startswith(b"Date: "))
    assert date.endswith(b" GMT")


def test_what_is_malformed_is_said() -> None:
    assert malformed("it is empty").endswith(b'"message":"That is not a request: it is empty."}}')
