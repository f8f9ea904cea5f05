"""What views read from a request."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct

from hub.errors import Refused
from hub.web.requests import Request, address_of, json_answer, read_json, token_of, with_cookie


class Name(Struct):
    name: str


def request(*headers: tuple[str, str], body: bytes = b"", **more: Any) -> Request:
    scope = {
        "method": "POST", "path": "/api/x", "query_string": b"a=b", "client": ("10.0.0.2", 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }  # fmt: skip
    return Request({**scope, **more}, body)


def test_a_request_is_read_as_flask_reads_it() -> None:
    asked = request(("content-type", "Text/Plain; charset=x"), ("x-a", "1"), ("x-a", "2"))
    assert (asked.mimetype, asked.mimetype_params) == ("text/plain", {"charset": "x"})
    assert asked.headers["x-a"] == "1,2"
    assert (asked.method, asked.path, asked.query_string) == ("POST", "/api/x", b"a=b")
    assert request(path="//api/x").path == "/api/x"
    assert request(server=("10.0.0.1", 5000)).server == ("10.0.0.1", 5000)


class TestJson:
    TYPE = ("content-type", "application/json; charset=utf-8")

    def test_it_is_decoded(self) -> None:
        assert read_json(request(self.TYPE, body=b'{"name":"a","x":1}'), Name) == Name("a")

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (b"", 400, "malformed"),
            (b"{", 400, "malformed"),
            (b'{"name":"\xff"}', 400, "malformed"),
            (b'{"a":' * 100_000, 400, "malformed"),
            (b"{}", 422, "invalid"),
            (b'{"name":1}', 422, "invalid"),
        ],
    )
    def test_what_cannot_be_decoded(self, body: bytes, status: int, code: str) -> None:
        with pytest.raises(Refused) as refused:
            read_json(request(self.TYPE, body=body), Name)
        assert (refused.value.status, refused.value.code) == (status, code)

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
    def test_another_type(self, kind: str) -> None:
        with pytest.raises(Refused) as refused:
            read_json(request(("content-type", kind), body=b'{"name":"a"}'), Name)
        assert (refused.value.status, refused.value.code) == (415, "wrong_kind")


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ([], None),
        ([("authorization", "Bearer t")], "t"),
        ([("authorization", "bEARER t")], "t"),
        ([("authorization", "Basic eDp5"), ("cookie", "c=u")], "u"),
        ([("authorization", "Bearer t"), ("cookie", "c=u")], "t"),
        ([("cookie", "x=y"), ("cookie", "c=u; d=v")], "u"),
        ([("cookie", "d=v")], None),
        ([("cookie", "c=")], ""),
    ],
)
def test_the_token_of_a_session(headers: list[tuple[str, str]], token: str | None) -> None:
    assert token_of(request(*headers), "c") == token


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (("10.0.0.2", 1), "10.0.0.2"),
        (("::ffff:10.0.0.2", 1), "10.0.0.2"),
        (("2001:db8::5", 1), "2001:db8::/64"),
        (None, "::/64"),
    ],
)
def test_the_address_that_limits_count(client: tuple[str, int] | None, address: str) -> None:
    assert address_of(request(client=client)) == address


def test_an_answer_is_json_that_nobody_stores() -> None:
    answer = with_cookie(json_answer({"a": 1}, 201), "c", "t")
    assert (answer.status_code, answer.get_data()) == (201, b'{"a":1}\n')
    assert answer.content_type == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Set-Cookie"].startswith("c=t;")
