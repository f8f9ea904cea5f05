"""The headers that restrict a browser stand on every answer, and name the host that was asked."""

from __future__ import annotations

import http.client
import io
import json
import socket

import pytest

from hub.net import addresses
from hub.web.security_headers import security_headers
from tests.conftest import Serve
from tests.serving import Serving
from tests.web.test_guard import CHAT, HEALTH, request, status


def policy(host: str) -> str:
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        f"media-src 'self' blob:; connect-src 'self' ws://{host}; manifest-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types lit-html worker"
    )


def static(hub: Serving) -> str:
    page = hub.get("/general").text
    start = page.index("/static/")
    return page[start : page.index('"', start)]


def test_every_response_has_the_headers(hub: Serving) -> None:
    hub.say("Hello")
    tag = hub.get(CHAT).headers["ETag"]
    page_tag = hub.get("/general").headers["ETag"]
    answers = {
        "page": hub.get("/general"),
        "page 304": hub.get("/general", If_None_Match=page_tag),
        "redirect": hub.get("/"),
        "page 404": hub.get("/con"),
        "no page": hub.get("/a/b/c"),
        "static": hub.get(static(hub)),
        "static 404": hub.get("/static/x/nothing.js"),
        "icon": hub.get("/favicon.ico"),
        "api": hub.get(HEALTH),
        "text": hub.get(CHAT),
        "304": hub.get(CHAT, If_None_Match=tag),
        "saved": hub.post(CHAT, {"username": "naor", "msg": "x"}),
        "api 404": hub.get("/api/nothing"),
        "405": hub.post(HEALTH, ""),
        "415": hub.post(CHAT, "x", Content_Type="image/png"),
        "413": hub.post(CHAT, b"x" * (1 << 20)),
        "403": hub.post(CHAT, "x", Origin="http://evil.example"),
        "head": hub.ask("HEAD", "/general"),
        "options": hub.ask("OPTIONS", CHAT),
    }
    assert answers["304"].status == answers["page 304"].status == 304
    assert answers["static"].status == 200
    for what, answer in answers.items():
        told = answer.headers
        assert told.get_all("Content-Security-Policy") == [policy(hub.name)], what
        assert told.get_all("X-Content-Type-Options") == ["nosniff"], what
        assert told.get_all("Referrer-Policy") == ["no-referrer"], what
        assert told.get_all("X-Frame-Options") == ["DENY"], what
        assert told["Cross-Origin-Opener-Policy"] == "same-origin", what
        assert told["Cross-Origin-Resource-Policy"] == "same-origin", what
        assert "Permissions-Policy" in told, what
        assert "Server" not in told, what


def test_responses_below_the_application_have_the_headers(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hub = serve()
    full = serve(connections_per_address=1)

    async def broken(*_: object) -> None:
        raise LookupError("ours")

    own, length = f"Host: {hub.name}", "Content-Length: 1"
    shakes = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")  # fmt: skip
    chunks = request(CHAT, own, "Transfer-Encoding: chunked", method="POST")
    asked = {
        "no request": (400, b"nonsense\r\n\r\n"),
        "no host": (400, request("/general")),
        "odd chunks": (400, chunks + b"x\r\n"),
        "no length": (411, request(CHAT, own, method="POST")),
        "too large": (413, request(CHAT, own, "Content-Length: 999999999", method="POST")),
        "no key": (400, request("/api/live", own, *shakes[:3])),
        "version": (426, request("/api/live", own, *shakes[:2], "Sec-WebSocket-Version: 8",
                                 shakes[3])),
        "too long": (400, request("/api/live?" + "x" * 9000, own, *shakes)),
        "no socket": (404, request("/general", own, *shakes)),
        "socket of another": (403, request("/api/live", own, *shakes, "Origin: http://x.example")),
        "socket of another name": (421, request("/api/live", "Host: x.example", *shakes)),
        "broken": (500, request(HEALTH, own, length, method="POST") + b"x"),
        "broken page": (500, request("/general", own)),
        "broken socket": (500, request("/api/live", own, *shakes)),
    }  # fmt: skip
    answers = {}
    for what, (wanted, head) in asked.items():
        with monkeypatch.context() as patched:
            if what.startswith("broken"):
                patched.setattr("hub.web.dispatch.Dispatch.__call__", broken)
                patched.setattr("hub.web.live.Live.__call__", broken)
            answers[what] = (wanted, hub.raw(head))
    with socket.create_connection(("127.0.0.1", full.port)):
        answers["too many"] = (503, full.raw(request(HEALTH, own)))
    for what, (wanted, answer) in answers.items():
        head, _, body = answer.partition(b"\r\n\r\n")
        told = http.client.parse_headers(io.BytesIO(head.partition(b"\r\n")[2] + b"\r\n\r\n"))
        assert status(answer) == wanted, what
        [rules] = told.get_all("Content-Security-Policy") or [""]
        assert rules.startswith("default-src 'none'; script-src 'self'"), what
        assert told.get_all("X-Content-Type-Options") == ["nosniff"], what
        assert told.get_all("Referrer-Policy") == ["no-referrer"], what
        assert told.get_all("X-Frame-Options") == ["DENY"], what
        assert told["Cross-Origin-Resource-Policy"] == "same-origin", what
        assert len(told.get_all("Date") or []) == 1, what
        assert len(body) == int(told["Content-Length"]), what
        assert "close" in told["Connection"], what
        if told["Content-Type"] == "application/json":
            assert json.loads(body)["error"]["message"].endswith("."), what
        else:
            assert told["Content-Type"] == "text/plain; charset=utf-8", what
    assert "LookupError" in caplog.text


def test_the_page_alone_may_use_a_microphone(lasting: Serving) -> None:
    page = lasting.get("/general").headers
    again = lasting.get("/general", If_None_Match=page["ETag"])
    assert again.status == 304
    for told in (page, again.headers):
        [allowed] = told.get_all("Permissions-Policy") or []
        assert allowed == "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"
    for path in ("/", "/con", "/api/health", "/api/files/general/x", static(lasting)):
        assert "microphone=()" in lasting.get(path).headers["Permissions-Policy"], path


def test_only_trusted_origins_get_the_opener_policy(lasting: Serving) -> None:
    for host in ("localhost", lasting.name, "[::1]:5000", "127.0.0.2"):
        told = lasting.get("/general", Host=host).headers
        assert told["Cross-Origin-Opener-Policy"] == "same-origin"
    for name in addresses.host_names():
        assert "Cross-Origin-Opener-Policy" not in lasting.get("/general", Host=name).headers


def test_a_refused_host_gets_the_headers_without_its_name(lasting: Serving) -> None:
    for host in ("evil.example", "evil.example; script-src *"):
        answer = lasting.raw(request("/general", f"Host: {host}", "Connection: close"))
        head = answer.partition(b"\r\n\r\n")[0].decode().lower()
        assert policy("").replace(" ws://", "").lower() in head
        assert "evil" not in head


def test_the_policy_allows_websockets_to_the_requested_host_only() -> None:
    for host in ("localhost:5000", "den.local"):
        assert (b"content-security-policy", policy(host).encode()) in security_headers(host)
    [foreign] = [
        value
        for name, value in security_headers("")
        if name.endswith(b"policy") and b"connect-src" in value
    ]
    assert b"connect-src 'self';" in foreign
