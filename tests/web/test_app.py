"""The application as a whole: addresses, methods, and how a body may arrive."""

from __future__ import annotations

import socket

import pytest

from tests.patience import PATIENCE
from tests.serving import FORM, Serving
from tests.web.examples import CHAT, JSON, check_refused


@pytest.mark.parametrize(
    "path", ["/api/", "/api/nothing", "/api/chat", "/api/chat/", "/api/chat/a/b", "/api/live"]
)
def test_no_such_address_is_404_in_json(lasting: Serving, path: str) -> None:
    assert lasting.get(path).error == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", CHAT),
        ("DELETE", CHAT),
        ("PATCH", CHAT),
        ("POST", "/api/health"),
        ("PUT", "/api/rooms"),
        ("GET", "/api/session"),
        ("GET", "/api/ticket"),
        ("GET", "/api/window"),
        ("TRACE", CHAT),
        ("DANCE", CHAT),
    ],
)
@pytest.mark.parametrize("body", [b"", b"x"])
def test_an_impossible_method_is_405(lasting: Serving, method: str, path: str, body: bytes) -> None:
    answer = lasting.ask(method, path, body)
    assert answer.error == (405, "method_not_allowed")
    assert "Allow" in answer.headers


def test_a_page_refuses_a_post_in_words(lasting: Serving) -> None:
    answer = lasting.post("/general", b"")
    assert answer.status == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.endswith(".")


def test_head_and_options(hub: Serving) -> None:
    hub.say("Hello")
    assert (hub.ask("HEAD", CHAT).status, hub.ask("HEAD", CHAT).body) == (200, b"")
    assert "POST" in hub.ask("OPTIONS", CHAT).headers["Allow"]


@pytest.mark.parametrize("method", ["TRACE", "DANCE", "HEAD", "OPTIONS", "DELETE"])
def test_a_method_without_a_body_needs_no_length(lasting: Serving, method: str) -> None:
    head = f"{method} {CHAT} HTTP/1.1\r\nHost: {lasting.name}\r\nConnection: close\r\n\r\n"
    status = lasting.raw(head.encode()).split(b" ", 2)[1]
    assert status == (b"405" if method in ("TRACE", "DANCE", "DELETE") else b"200")


def test_an_answer_without_a_body_has_no_length(hub: Serving) -> None:
    hub.say("Hello")
    tag = hub.get(CHAT).headers["ETag"]
    session = hub.session("naor")
    for answer, status in (
        (hub.ask("HEAD", CHAT), 200),
        (hub.get(CHAT, If_None_Match=tag), 304),
        (hub.get(CHAT, If_None_Match=f"W/{tag}"), 304),
        (hub.ask("DELETE", "/api/session", None, session), 204),
    ):
        assert (answer.status, answer.body) == (status, b"")
        assert "Content-Length" not in answer.headers


def test_rooms_and_cookies_that_are_not_utf8(lasting: Serving) -> None:
    for path in ("/api/chat/%ff", "/api/chat/%ed%a0%80", "/api/chat/caf%e9"):
        check_refused(lasting, lasting.get(path), 404)
        check_refused(
            lasting, lasting.post(f"{path}?username=naor", "x", Content_Type="text/plain"), 404
        )
    check_refused(lasting, lasting.get("/api/invite?room=%ff"), 404)
    ask = b"GET /api/me HTTP/1.1\r\nHost: %b\r\nConnection: close\r\nCookie: %b=\xff\r\n\r\n"
    assert lasting.raw(ask % (lasting.name.encode(), lasting.cookie.encode())).startswith(
        b"HTTP/1.1 200 "
    )


def test_a_body_needs_its_length(lasting: Serving) -> None:
    head = f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {lasting.name}\r\n"
    answer = lasting.raw(f"{head}Content-Type: text/plain\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 411 ")
    assert b'"no_length"' in answer


def test_a_chunked_body_needs_no_length(hub: Serving) -> None:
    head = (
        f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {hub.name}\r\nConnection: close\r\n"
        "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = hub.raw(head.encode(), b"3\r\nHel\r\n", b"3;x=y\r\nlo!\r\n", b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert [x["text"] for x in hub.events()] == ["Hello!"]


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: x",
        "Content-Length: -1",
        "Content-Length: 1\r\nContent-Length: 2",
        "Content-Length: 1, 2",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, identity",
        "Content-Length: " + "9" * 30,
    ],
)
def test_ambiguous_framing_is_refused(lasting: Serving, framing: str) -> None:
    head = f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {lasting.name}\r\n{framing}\r\n\r\nx"
    answer = lasting.raw(head.encode())
    assert answer.split(b" ")[1] in (b"400", b"411", b"413", b"501"), answer
    assert answer.count(b"HTTP/1.1 ") == 1
    assert lasting.get("/api/health").status == 200


def test_malformed_chunks(lasting: Serving) -> None:
    head = (
        f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {lasting.name}\r\n"
        "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    lasting.raw(head.encode(), b"zz\r\nHello\r\n0\r\n\r\n", end=True)
    lasting.raw(head.encode(), b"5\r\nHel", end=True)
    assert lasting.get("/api/health").status == 200


@pytest.mark.parametrize("megabytes", [1, 4, 16, 512])
@pytest.mark.parametrize("kind", [JSON, FORM, "text/plain", "multipart/form-data; boundary=x"])
def test_a_body_over_the_limit_is_413(lasting: Serving, kind: str, megabytes: int) -> None:
    size = megabytes << 20
    if megabytes < 64:  # so much is read, for a sender who listens only then
        answer = lasting.post(f"{CHAT}?username=naor", b"x" * size, Content_Type=kind)
        assert answer.error == (413, "too_large")
    head = (
        f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {lasting.name}\r\nConnection: close\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {size}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", lasting.port), timeout=PATIENCE) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 413 "), "and who waits hears at once"


def test_a_chunked_body_over_the_limit_is_413(lasting: Serving) -> None:
    head = (
        f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {lasting.name}\r\nConnection: close\r\n"
        "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"10000\r\n" + b"x" * (1 << 16) + b"\r\n"
    assert lasting.raw(head.encode(), chunk * 8, b"0\r\n\r\n").startswith(b"HTTP/1.1 413 ")
