"""What the headers of an upload say of its body."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from hub.errors import Refused
from hub.web.requests import Request
from hub.web.upload_headers import Part, check_length, number_in, part_of, progress_headers
from tests.web.sent_files import digest

SUM = hashlib.sha256(b"x").digest()


def request(method: str, **headers: str) -> Request:
    told = [(x.replace("_", "-").encode(), y.encode()) for x, y in headers.items()]
    scope: Any = {"method": method, "path": "/", "query_string": b"", "headers": told}
    return Request(scope, b"")


@pytest.mark.parametrize(
    ("method", "headers", "part"),
    [
        ("PUT", {"content_length": "5"}, Part(True, 5, 5, None)),
        ("PUT", {"transfer_encoding": "chunked"}, Part(True, None, None, None)),
        ("PUT", {"transfer_encoding": "chunked", "upload_length": "9"}, Part(True, None, 9, None)),
        ("PUT", {"content_length": "5", "upload_length": "5"}, Part(True, 5, 5, None)),
        ("PUT", {"content_length": "5", "upload_complete": "?0"}, Part(False, 5, None, None)),
        (
            "PUT",
            {"content_length": "5", "upload_complete": " ?0 ", "upload_length": "5"},
            Part(False, 5, 5, None),
        ),
        ("PATCH", {"content_length": "5", "upload_complete": "?1"}, Part(True, 5, None, None)),
        (
            "PATCH",
            {"content_length": "5", "upload_complete": "?0", "upload_length": "9"},
            Part(False, 5, 9, None),
        ),
        ("PUT", {"content_length": "1", "repr_digest": digest(b"x")}, Part(True, 1, 1, SUM)),
        ("PUT", {"content_length": "1", "content_digest": digest(b"x")}, Part(True, 1, 1, SUM)),
        (
            "PUT",
            {"content_length": "1", "upload_complete": "?0", "repr_digest": digest(b"x")},
            Part(False, 1, None, None),
        ),
        (
            "PATCH",
            {"content_length": "1", "upload_complete": "?1", "repr_digest": digest(b"x")},
            Part(True, 1, None, SUM),
        ),
        (
            "PATCH",
            {"content_length": "1", "upload_complete": "?1", "content_digest": digest(b"x")},
            Part(True, 1, None, None),
        ),
    ],
)
def test_a_part(method: str, headers: dict[str, str], part: Part) -> None:
    assert part_of(request(method, **headers)) == part


@pytest.mark.parametrize(
    ("method", "headers", "code"),
    [
        ("PUT", {}, "no_length"),
        ("PUT", {"upload_length": "5"}, "no_length"),
        ("PUT", {"content_length": "5", "upload_length": "6"}, "length_wrong"),
        ("PUT", {"content_length": "5", "upload_length": "4"}, "length_wrong"),
        (
            "PUT",
            {"content_length": "5", "upload_length": "4", "upload_complete": "?0"},
            "length_wrong",
        ),
        ("PATCH", {"content_length": "5"}, "malformed"),
        ("PUT", {"content_length": "5", "content_range": "bytes 5-9/10"}, "malformed"),
        *(
            ("PUT", {"content_length": "5", "upload_complete": value}, "malformed")
            for value in ("", "1", "true", "?2", "?1;a", "?0, ?1")
        ),
        *(
            ("PUT", {"content_length": "5", "upload_length": value}, "malformed")
            for value in ("", "-1", "5.0", "0x5", "٣", "9" * 17, "5, 5")
        ),
        *(
            ("PUT", {"content_length": "1", "repr_digest": value}, "malformed")
            for value in ("sha-256=x", "sha-256=:x:", "a=:b:,sha-256=:x:", "sha-256=::")
        ),
    ],
)
def test_what_cannot_be_read(method: str, headers: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as why:
        part_of(request(method, **headers))
    assert why.value.code == code
    assert why.value.status == (411 if code == "no_length" else 400)


@pytest.mark.parametrize(("end", "ends"), [(5, True), (5, False), (4, False), (0, False)])
def test_an_end_that_fits(end: int, ends: bool) -> None:
    check_length(end, 5, ends=ends)


@pytest.mark.parametrize(("end", "ends"), [(6, True), (6, False), (4, True)])
def test_an_end_that_does_not_fit(end: int, ends: bool) -> None:
    with pytest.raises(Refused, match="5 bytes"):
        check_length(end, 5, ends=ends)


def test_numbers() -> None:
    assert number_in(request("PUT"), "upload-offset") is None
    assert number_in(request("PUT", upload_offset=" 07 "), "upload-offset") == 7


def test_how_much_has_come_is_told() -> None:
    assert progress_headers(5, whole=False)[1:] == [
        ("Upload-Offset", "5"),
        ("Upload-Complete", "?0"),
    ]
    assert progress_headers(5, whole=True)[2] == ("Upload-Complete", "?1")
