"""Where one request ends and the next begins: bodies, chunks and trailers."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest

from tests.serving import Serving
from tests.web.wire.test_http_connection import announced, connected
from tests.web.wire.test_request_head import BAD, HOST, POST, SMUGGLED, told


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    hub = Serving(tmp_path_factory.mktemp("hub") / "rooms")
    yield hub
    hub.stop()


def test_pipelined_requests_are_checked_too(hub: Serving) -> None:
    first = POST.replace(b"general", b"first") + HOST + b"Content-Length: 1\r\n\r\nx"
    answer = told(hub, first + first + BAD["two lengths"] + SMUGGLED)
    assert answer.count(b"HTTP/1.1 201 ") == 2
    assert answer.count(b"HTTP/1.1 400 ") == 1
    assert not hub.path.joinpath("general.jsonl").exists()


def test_nothing_is_read_behind_a_chunked_body(hub: Serving) -> None:
    chunked = POST.replace(b"general", b"first") + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    answer = told(hub, chunked + b"1\r\nx\r\n0\r\n\r\n" + SMUGGLED)
    assert answer.count(b"\r\n\r\n") == 1
    assert answer[9:12] == b"201"
    assert not hub.path.joinpath("general.jsonl").exists()


@pytest.mark.parametrize(
    "body", [b"0x1\r\nx\r\n0\r\n\r\n", b"+1\r\nx\r\n0\r\n\r\n", b"1_0\r\n", b"-1\r\n",
             b"1\nx\n0\n\n", b"1;\nx\r\n0\r\n\r\n", b"\r\n",
             b"ffffffffffffffffffff1\r\n", b"1\r\nxx0\r\n\r\n"]
)  # fmt: skip
def test_malformed_chunks_are_refused(hub: Serving, body: bytes) -> None:
    answer = told(hub, POST + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED)
    assert answer[9:12] == b"400", answer[:200]
    assert answer.count(b"\r\n\r\n") == 1
    assert not hub.path.joinpath("general.jsonl").exists()


def test_nothing_is_read_later_behind_an_unread_chunked_body(hub: Serving) -> None:
    head = b"GET /api/health HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", hub.port), 20) as peer:
        peer.sendall(head.replace(b"127.0.0.1\r\n", b"127.0.0.1:%d\r\n" % hub.port))
        answer = peer.recv(65536)
        try:
            peer.sendall(b"0\r\n\r\n" + SMUGGLED)
            while more := peer.recv(65536):
                answer += more
        except OSError:
            pass
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert not hub.path.joinpath("general.jsonl").exists()


@pytest.mark.parametrize(
    "upgrade",
    [b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n",
     b"Connection: upgrade\r\nConnection: keep-alive\r\nUPGRADE: websocket\r\n",
     b"Connection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n"]
)  # fmt: skip
def test_an_upgrade_does_not_turn_a_body_into_a_request(hub: Serving, upgrade: bytes) -> None:
    head = POST.replace(b"general", b"first") + HOST + upgrade
    answer = told(hub, head + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED + b"x\n\n")
    assert answer.count(b"HTTP/1.1 201 ") == 1
    assert answer.count(b"HTTP/1.1 400 ") == 1
    assert not hub.path.joinpath("general.jsonl").exists()


@pytest.mark.parametrize(
    "trailer", [b"Host: evil.example\r\n", b"Origin: http://evil.example\r\n",
                b"Content-Type: application/json\r\n", b"Connection: keep-alive\r\n"]
)  # fmt: skip
def test_trailers_are_ignored(hub: Serving, trailer: bytes) -> None:
    chunked = POST.replace(b"general", b"first") + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    answer = told(hub, chunked + b"1\r\nx\r\n0\r\n" + trailer + b"\r\n" + SMUGGLED)
    assert answer[9:12] == b"201", answer[:200]
    assert answer.count(b"\r\n\r\n") == 1
    assert not hub.path.joinpath("general.jsonl").exists()


@pytest.mark.parametrize(
    "long",
    [b"1;", b"1\r\nx\r\n1;", b"0\r\nX: ", b"1\r\nx\r\n0\r\nX: "],
    ids=["extension", "later extension", "trailer", "later trailer"],
)
def test_framing_between_chunks_is_bounded(hub: Serving, long: bytes) -> None:
    chunked = POST + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + long
    with pytest.raises(OSError, match=r"reset|pipe"), socket.socket() as peer:
        peer.settimeout(20)
        peer.connect(("127.0.0.1", hub.port))
        peer.sendall(chunked.replace(b"127.0.0.1\r\n", b"127.0.0.1:%d\r\n" % hub.port))
        for _ in range(1000):
            peer.sendall(b"x" * 8192)
    assert not hub.path.joinpath("general.jsonl").exists()


@pytest.mark.parametrize("size", [1 << 20, (1 << 32) - 1, 1 << 32, (1 << 32) + 5, 10**17])
def test_a_body_that_is_too_large_ends_the_connection(hub: Serving, size: int) -> None:
    """Its sender hears that nothing more follows, however much is announced and still comes."""
    hidden = announced(1) + b"x"
    with connected(hub) as connection:
        connection.sendall(announced(size) + b"Hello")
        connection.settimeout(0.2)
        answer, sent = b"", 0
        while sent < 140:
            with contextlib.suppress(ConnectionError):
                connection.sendall(hidden)
                sent += 1
            try:
                more = connection.recv(1 << 16)
            except TimeoutError:
                continue
            answer += more
            if not more:
                break
    assert sent < 120, "it stayed open"
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert hub.lines() == []


def test_malformed_chunks_add_nothing_to_a_response_under_way(hub: Serving) -> None:
    for n in range(100):
        hub.say(f"{n} " + "x" * 15_000)
    head = (
        b"GET /api/chat/general HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with connected(hub) as connection:
        connection.sendall(head)
        answer = connection.recv(1000)
        connection.sendall(b"zz\r\n")
        with contextlib.suppress(ConnectionResetError):
            while more := connection.recv(1 << 16):
                answer += more
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1") == 1
