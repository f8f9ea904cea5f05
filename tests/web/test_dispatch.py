"""Views that are coroutines run on the event loop, all others on a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, request

from hub.errors import Refused
from hub.threads import Pool
from hub.web import dispatch
from hub.web.dispatch import PATHS, SHORT_PATH, Dispatch
from hub.web.refusals import answer_to
from hub.web.requests import FileAnswer, FilePart, PlainAnswer, Request
from hub.web.wire.wsgi import Bridge

Sent = tuple[int, dict[bytes, bytes], bytes]


def application() -> Flask:
    flask = Flask("test", static_folder=None)
    views = Blueprint("views", "test", url_prefix="/api")

    @views.post("/loop/<name>")
    async def on_the_loop(request: Request, name: str) -> Response:
        await asyncio.sleep(0)
        told = f"{threading.get_ident()} {name} {request.get_data().decode()}"
        return Response(told, 201, [("X-Y", "z")], content_type="text/plain")

    @views.get("/loop/<name>")
    def on_a_thread(name: str) -> Response:
        return Response(f"{threading.get_ident()} {name}")

    @views.get("/read")
    async def read(request: Request) -> Response:
        return Response("read")

    @views.route("/plain", methods=["GET", "POST"])
    async def plain(request: Request) -> PlainAnswer:
        return PlainAnswer(b"plain", 202, [("X-Y", "z"), ("Content-Length", "5")])

    @views.route("/long", methods=["GET", "POST"])
    async def long(request: Request) -> PlainAnswer:
        return PlainAnswer([b"in ", b"three ", b"blocks"], 200, [])

    @views.post("/refused")
    async def refused(request: Request) -> Response:
        raise Refused("too_fast", "Wait.", 429, 2.5)

    @views.post("/broken")
    async def broken(request: Request) -> Response:
        raise LookupError

    @views.post("/stuck")
    async def stuck(request: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError

    add_streaming(views)
    flask.register_blueprint(views)
    flask.register_error_handler(Exception, lambda x: answer_to(x, request.method, request.path))
    return flask


def add_streaming(views: Blueprint) -> None:
    @views.put("/body")
    async def stream(request: Request, body: AsyncIterator[bytes]) -> PlainAnswer:
        if request.query_string == b"unread":
            raise Refused("file_too_large", "No.", 413)
        assert request.get_data() == b""
        pieces = [piece async for piece in body]
        return PlainAnswer(b"|".join(pieces), 200, [])

    @views.get("/file")
    async def file(request: Request) -> FileAnswer:
        blocks: list[bytes | FilePart] = [b"a", FilePart(5, 10, 3), b"b", FilePart(5, 20, 4)]
        if request.query_string == b"bytes":
            blocks = [b"a", b"b"]
        return FileAnswer(blocks, 206, [("X-Y", "z")], lambda: closed.append(1))


closed: list[int] = []


def ask(method: str, path: str, body: bytes = b"") -> Sent:
    flask = application()
    answering = Dispatch(flask, Bridge(flask, Pool(1, "test")))
    return asyncio.run(asyncio.wait_for(asked(answering, method, path, body), 30))


async def asked(answering: Dispatch, method: str, path: str, body: bytes = b"") -> Sent:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"", "headers": [],
        "http_version": "1.1",
    }  # fmt: skip
    await answering(scope, receive, send)
    start, *blocks = sent
    assert start["type"] == "http.response.start"
    assert {x["type"] for x in blocks} == {"http.response.body"}
    assert [x.get("more_body", False) for x in blocks] == [True] * (len(blocks) - 1) + [False]
    return start["status"], dict(start["headers"]), b"|".join(x["body"] for x in blocks)


def test_a_coroutine_is_given_the_request_on_the_event_loop() -> None:
    status, headers, body = ask("POST", "/api/loop/café", b"said")
    assert status == 201
    assert body.decode() == f"{threading.get_ident()} café said"
    assert headers[b"x-y"] == b"z"
    assert headers[b"content-length"] == str(len(body)).encode()


def test_another_view_of_that_path_runs_on_a_thread() -> None:
    status, _, body = ask("GET", "/api/loop/x")
    thread, name = body.decode().split()
    assert (status, name) == (200, "x")
    assert int(thread) != threading.get_ident()


def test_head_is_answered_as_get_without_the_body() -> None:
    status, headers, body = ask("GET", "/api/read")
    assert (status, body) == (200, b"read")
    assert ask("HEAD", "/api/read") == (200, headers, b"")


def test_a_plain_answer_goes_out_as_it_is() -> None:
    headers = {b"x-y": b"z", b"content-length": b"5"}
    assert ask("POST", "/api/plain") == (202, headers, b"plain")
    assert ask("HEAD", "/api/plain") == (202, headers, b"")


def test_a_long_answer_goes_out_block_by_block() -> None:
    assert ask("POST", "/api/long") == (200, {}, b"in |three |blocks")
    assert ask("HEAD", "/api/long") == (200, {}, b"")


def test_short_paths_are_looked_up_once_and_long_ones_not_kept() -> None:
    flask = application()
    answering = Dispatch(flask, Bridge(flask, Pool(1, "test")))
    for name in ("x", "x", "y", "é" * SHORT_PATH):
        told = asyncio.run(asyncio.wait_for(asked(answering, "POST", f"/api/loop/{name}"), 30))
        assert told[2].decode().split()[1] == name
    assert asyncio.run(asked(answering, "GET", "/api/loop/x"))[0] == 200
    kept = answering._remembered.cache_info()
    assert (kept.currsize, kept.hits, kept.maxsize) == (3, 1, PATHS)


@pytest.mark.parametrize("path", ["/api/nothing", "/api/loop/a/b", "/api/loop/"])
def test_no_such_address(path: str) -> None:
    assert ask("POST", path)[0] == 404


@pytest.mark.parametrize("method", ["PUT", "OPTIONS"])
def test_all_methods_of_a_path_are_listed(method: str) -> None:
    status, headers, _ = ask(method, "/api/loop/x")
    assert status == (405 if method == "PUT" else 200)
    assert set(headers[b"allow"].split(b", ")) == {b"GET", b"HEAD", b"OPTIONS", b"POST"}


def test_a_refusal_is_answered() -> None:
    status, headers, body = ask("POST", "/api/refused")
    assert (status, headers[b"retry-after"]) == (429, b"2")
    assert b'"too_fast"' in body


def test_a_failure_is_logged_and_answered(caplog: pytest.LogCaptureFixture) -> None:
    status, _, body = ask("POST", "/api/broken")
    assert status == 500
    assert b'"failed"' in body
    assert "a request failed: POST /api/broken" in caplog.text
    assert "LookupError" in caplog.text


def test_no_view_is_awaited_for_ever(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dispatch, "ANSWER_SECONDS", 0.05)
    assert ask("POST", "/api/stuck")[0] == 500
    assert "TimeoutError" in caplog.text


# -- bodies and files, piece by piece ---------------------------------------------------------


def streamed(
    method: str, path: str, query: bytes = b"", messages: Iterable[Any] = ()
) -> tuple[Any, list[Any], list[Any]]:
    """Ask; gives what began the answer, what followed, and what was asked of the wire."""
    flask = application()
    answering = Dispatch(flask, Bridge(flask, Pool(1, "test")))
    sent: list[Any] = []
    did: list[Any] = []
    coming = iter(messages)

    async def receive() -> Any:
        return next(coming)

    async def send(message: Any) -> None:
        sent.append(message)

    async def sendfile(*part: int) -> None:
        sent.append(part)

    extensions = {"hearth.bulk": lambda: did.append("bulk"), "hearth.sendfile": sendfile}
    scope = {
        "type": "http", "method": method, "path": path, "query_string": query, "headers": [],
        "http_version": "1.1", "extensions": extensions,
    }  # fmt: skip
    asyncio.run(asyncio.wait_for(answering(scope, receive, send), 30))
    return sent[0], sent[1:], did


def piece(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_is_given_as_it_comes() -> None:
    coming = [piece(b"in "), piece(b""), piece(b"three "), piece(b"pieces", more=False)]
    start, rest, did = streamed("PUT", "/api/body", messages=coming)
    assert start == {"type": "http.response.start", "status": 200, "headers": []}
    assert [x["body"] for x in rest] == [b"in |three |pieces"]
    assert did == ["bulk"]


def test_a_body_may_be_empty() -> None:
    start, rest, _ = streamed("PUT", "/api/body", messages=[piece(b"", more=False)])
    assert (start["status"], start["headers"], rest[0]["body"]) == (200, [], b"")


def test_a_body_that_nobody_reads_ends_the_connection() -> None:
    start, rest, did = streamed("PUT", "/api/body", b"unread")
    assert start["status"] == 413
    assert (b"connection", b"close") in start["headers"]
    assert b"file_too_large" in rest[0]["body"]
    assert did == []


def test_a_body_that_breaks_off() -> None:
    coming = [piece(b"in "), {"type": "http.disconnect"}]
    start, rest, _ = streamed("PUT", "/api/body", messages=coming)
    assert start["status"] == 400
    assert b'"gone"' in rest[0]["body"]


def test_which_requests_are_read_piece_by_piece() -> None:
    flask = application()
    answering = Dispatch(flask, Bridge(flask, Pool(1, "test")))
    streams = {
        (method, path): answering.streams({"method": method, "path": path})
        for method in ("GET", "PUT", "POST", "OPTIONS")
        for path in ("/api/body", "/api/plain", "/api/nothing")
    }
    assert [x for x, y in streams.items() if y] == [("PUT", "/api/body")]


def test_a_file_goes_out_in_parts() -> None:
    closed.clear()
    start, rest, _ = streamed("GET", "/api/file", messages=[piece(b"", more=False)])
    assert (start["status"], start["headers"]) == (206, [(b"x-y", b"z")])
    assert [x if isinstance(x, tuple) else (x["body"], x.get("more_body")) for x in rest] == [
        (b"a", True), (5, 10, 3), (b"b", True), (5, 20, 4), (b"", None),
    ]  # fmt: skip
    assert closed == [1]
    _, rest, _ = streamed("GET", "/api/file", b"bytes", messages=[piece(b"", more=False)])
    assert [x["body"] for x in rest] == [b"a", b"b"]
    _, rest, _ = streamed("HEAD", "/api/file", messages=[piece(b"", more=False)])
    assert [x["body"] for x in rest] == [b""]
    assert closed == [1, 1, 1]
