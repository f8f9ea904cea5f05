"""The limits of connections: how many, how slow to ask, how slow to read; and framing."""

from __future__ import annotations

import asyncio
import gc
import http.client
import io
import socket
import struct
import threading
import time
import tracemalloc
import weakref
from pathlib import Path
from typing import Any

import pytest

from hub.access.rate_limit import RateLimit
from hub.protocol import events
from hub.protocol.events import Event
from hub.web.wire.http_connection import (
    HEAD_BYTES,
    PIPELINED_BYTES,
    SEND_BUFFER_BYTES,
    HttpConnection,
)
from hub.web.wire.websocket import HIGH_WATER_BYTES, WebSocket
from tests.conftest import Live, Serve
from tests.patience import PATIENCE
from tests.serving import Serving
from tests.web.wire.test_request_head import HOST, POST, told
from tests.web.wire.test_websocket import upgrade
from tests.web.wire.test_ws_frames import masked
from tests.web.wire.test_ws_handshake import ASKS, KEY, shake

JSON = "application/json"
HEAD = b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n"


def connected(hub: Serving, address: str = "127.0.0.1") -> socket.socket:
    own = (address, 0)
    return socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE, source_address=own)


def answers(connection: socket.socket) -> bytes:
    connection.sendall(HEAD + b"\r\n")
    taken = b""
    while not taken.endswith((b"}\n", b"}}", b"again.")) and (more := connection.recv(1 << 16)):
        taken += more
    return taken


@pytest.mark.parametrize("sent", [b"", b"GET", HEAD, HEAD + b"X: y"])
def test_a_slow_request_is_aborted(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 0.4)
    began = time.monotonic()
    hub.raw(*[sent] if sent else [])
    assert 0.3 < time.monotonic() - began < 8


def test_a_trickling_head_is_aborted(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 0.5)
    began = time.monotonic()
    with connected(hub) as connection, pytest.raises(OSError, match=r"reset|pipe"):
        connection.sendall(HEAD)
        while time.monotonic() - began < 8:
            connection.sendall(b"X: y\r\n")
            time.sleep(0.05)


def test_a_slow_second_request_is_aborted(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 1.5)
    with connected(hub) as connection:
        for _ in range(3):
            assert answers(connection).startswith(b"HTTP/1.1 200 ")
            time.sleep(0.6)
        connection.sendall(HEAD)
        began = time.monotonic()
        try:
            assert connection.recv(1) == b""
        except ConnectionResetError:
            pass
        assert time.monotonic() - began < 8


def test_a_slow_pipelined_request_is_aborted(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 0.4)
    began = time.monotonic()
    assert hub.raw(HEAD + b"\r\n" + HEAD).startswith(b"HTTP/1.1 200 ")
    assert 0.3 < time.monotonic() - began < 8


def announced(size: int) -> bytes:
    return (
        b"POST /api/chat/general?username=naor HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % size
    )


def test_a_reset_during_the_last_response_is_not_logged(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made: list[HttpConnection] = []
    really = HttpConnection.connection_made

    def connection_made(self: HttpConnection, transport: asyncio.Transport) -> None:
        made.append(self)
        really(self, transport)

    monkeypatch.setattr(HttpConnection, "connection_made", connection_made)
    hub = serve()
    for turn in range(2):
        peer = connected(hub)
        while len(made) <= turn:
            time.sleep(0.01)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        def reset_and_end(turn: int = turn, peer: socket.socket = peer) -> None:
            peer.close()  # on the hub's own thread: it cannot have noticed yet
            if turn:
                made[turn].send_400_response("it is gone")
            made[turn]._linger(1.0)

        hub.on_loop(reset_and_end)
        deadline = time.monotonic() + PATIENCE
        while not made[turn].transport.is_closing():
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert not [x for x in caplog.records if x.levelname != "INFO"]


def test_a_lost_connection_is_freed_without_the_collector(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[weakref.ref[HttpConnection]] = []
    really = HttpConnection.connection_made

    def connection_made(self: HttpConnection, transport: asyncio.Transport) -> None:
        made.append(weakref.ref(self))
        really(self, transport)

    monkeypatch.setattr(HttpConnection, "connection_made", connection_made)
    gc.disable()
    try:
        for _ in range(3):
            assert hub.get("/api/health").status == 200
            hub.raw(announced(1 << 30))
        deadline = time.monotonic() + PATIENCE
        while any(x() is not None for x in made):
            assert time.monotonic() < deadline, "they know themselves"
            time.sleep(0.02)
    finally:
        gc.enable()
    assert len(made) == 6


def test_the_deadline_ends_with_the_head(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock runs while a request is awaited, and only then."""
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 1.0)
    head = (
        b"POST /api/chat/general?username=naor HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n"
    )
    with connected(hub) as connection:
        connection.sendall(head)
        time.sleep(1.5)
        connection.sendall(b"Hello")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 201 ")


def test_a_websocket_has_no_request_deadline(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 1.0)
    talk = live("naor")
    talk.quiet(1.5)
    talk.join()


def test_a_client_that_does_not_read_is_aborted(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.STALL_SECONDS", 0.5)
    talk = hub.talk()
    talk.hello("naor")
    for n in range(600):
        talk.send("say", room="general", text="x" * 16_000, key=f"k{n}")
        if n % 50 == 49:
            talk.expect("say", key=f"k{n}")
    talk.close()
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.settimeout(10)
    with small:
        small.connect(("127.0.0.1", hub.port))
        small.sendall(b"GET /api/chat/general HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert small.recv(100).startswith(b"HTTP/1.1 200 ")
        time.sleep(1.5)
        taken = 0
        try:
            while more := small.recv(1 << 16):
                taken += len(more)
        except ConnectionResetError:
            pass
    assert taken < 9_000_000
    monkeypatch.undo()
    whole = hub.get("/api/chat/general")
    assert len(whole.body) > 9_600_000, "who reads gets it all"


@pytest.mark.parametrize(
    ("head", "body", "cost"),
    [
        (HEAD + b"\r\n", b"", 1),
        (HEAD + b"X: " + b"y" * 12_000 + b"\r\n\r\n", b"", 3),
        (HEAD.replace(b"health", b"%" * 2600), b"\r\n", 11),
        (HEAD.replace(b"GET", b"POST") + b"Content-Length: 40960\r\n\r\n", b"y" * 40_960, 41),
        (
            HEAD.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n",
            b"a000\r\n" + b"y" * 40_960 + b"\r\n0\r\n\r\n",
            41,
        ),
        (
            HEAD.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n",
            b"1\r\ny\r\n" * 6400 + b"0\r\n\r\n",
            107,
        ),
        (
            HEAD.replace(b"health", b"live").replace(b"localhost", b"127.0.0.1")
            + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            b"",
            9,
        ),
    ],
)
def test_the_cost_of_a_request(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, head: bytes, body: bytes, cost: int
) -> None:
    spent = 0.0

    class Counted(RateLimit):
        def spend(self, who: str, cost: float = 1.0) -> float:
            nonlocal spent
            spent += cost
            return super().spend(who, cost)

        def take(self, who: str, cost: float = 1.0) -> float:
            nonlocal spent
            spent += cost
            return super().take(who, cost)

    monkeypatch.setattr("hub.web.wire.connection_limits.RateLimit", Counted)
    hub = serve(message_rate=10.0)
    with connected(hub) as connection:
        connection.sendall(head + body)
        assert connection.recv(100).startswith(b"HTTP/1.1 ")
        assert round(spent) == cost
        if head.startswith(b"GET"):
            return
    # What is only read away costs next to nothing: others at that address are not made to wait.
    spent = 0.0
    head = HEAD.replace(b"GET", b"POST") + b"Content-Length: 999999999\r\n\r\n"
    assert hub.raw(head, b"y" * 5_000_000, end=True).startswith(b"HTTP/1.1 413 ")
    assert spent < 200


def test_a_body_beyond_the_rate_is_not_read(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted is how much the hub took of it when others were answered."""
    monkeypatch.setattr("hub.web.wire.connection_limits.REQUEST_BURST", 50)
    taken = 0
    really = HttpConnection.on_body

    def on_body(self: HttpConnection, body: bytes) -> None:
        nonlocal taken
        taken += len(body)
        really(self, body)

    monkeypatch.setattr(HttpConnection, "on_body", on_body)
    hub = serve(message_rate=0.001)  # so that no time gives more
    with connected(hub) as connection:
        connection.sendall(HEAD.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"1\r\ny\r\n" * 20_000)
        for _ in range(20):
            assert hub.ask("GET", "/api/health", source="127.0.0.2").status == 200
        assert 0 < taken < 50 * 64 + 4096, "no more than it may, and one read"


def long_room(folder: Path, count: int = 4000) -> None:
    """The file of a room of about 5 MB."""
    lines = [events.line_of(events.Header(events.FORMAT, "long", "0123", "x"))]
    for n in range(1, count + 1):
        event = Event(room="long", n=n, at="2026-11-22T20:17:03.999Z", by="naor", do="say",
                      text=f"{n} " + "x" * 1100)  # fmt: skip
        lines.append(events.line_of(event))
    folder.mkdir()
    (folder / "long.jsonl").write_bytes(b"".join(lines))


READERS = 50
EACH_HOLDS = 128 << 10
"""Less than two blocks."""


@pytest.mark.parametrize("form", ["text/plain", "application/json", "application/x-ndjson", "live"])
def test_stalled_readers_hold_little_memory(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Whatever they asked for, the hub holds a block or so for each, as it counts its memory."""
    paused: set[object] = set()

    def pause(self: HttpConnection | WebSocket) -> None:
        paused.add(self)
        (live if isinstance(self, WebSocket) else http)(self)

    live: Any = WebSocket.pause_writing
    http: Any = HttpConnection.pause_writing
    for kind in (HttpConnection, WebSocket):
        monkeypatch.setattr(kind, "pause_writing", pause)
    long_room(tmp_path / "rooms")
    hub = serve(tmp_path / "rooms")
    assert len(hub.get("/api/chat/long?limit=9", Accept=form.replace("live", JSON)).body) > 9000
    readers = []
    hello = b'{"do":"hello","name":"reader%d"}\n{"do":"join","room":"long","after":0}'
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(READERS):
            small = socket.socket()
            small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            small.connect(("127.0.0.1", hub.port))
            head = f"GET /api/chat/long HTTP/1.1\r\nHost: localhost\r\nAccept: {form}\r\n\r\n"
            early = masked(0x81, hello % number)
            small.sendall(upgrade(hub) + early if form == "live" else head.encode())
            readers.append(small)
        deadline = time.monotonic() + 60
        while len(paused) < READERS:
            assert time.monotonic() < deadline, len(paused)
            time.sleep(0.02)
        for _ in range(10):  # what is under way in this moment ends
            hub.on_loop(gc.collect)
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
        for reader in readers:
            reader.close()
    assert held < READERS * EACH_HOLDS


def test_a_connection_is_kept_alive(hub: Serving) -> None:
    with socket.create_connection(("127.0.0.1", hub.port), 20) as peer:
        for _ in range(3):
            for byte in b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Y: \xc3\xa9\r\n\r\n":
                peer.sendall(bytes([byte]))
            answer = b""
            while b'"instance"' not in answer:
                answer += peer.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200 ")
            time.sleep(0.01)


@pytest.mark.parametrize("path", ["/api/chat/long", "/api/health", "/general", "/nothing/here"])
def test_http_1_0_gets_no_chunks(hub: Serving, path: str) -> None:
    """A long answer ends with the connection (RFC 9112, section 6.1)."""
    if path.endswith("long"):
        for n in range(40):
            hub.say(f"{n} " + "x" * 15_000, "long")
    answers = {}
    for version in ("1.0", "1.1"):
        head = f"GET {path} HTTP/{version}\r\nHost: {hub.name}\r\nConnection: close\r\n\r\n"
        answers[version] = hub.raw(head.encode())
    head, _, body = answers["1.0"].partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert b"connection: close" in head.lower()
    told = http.client.HTTPResponse(Told(answers["1.1"]))  # type: ignore[arg-type]
    told.begin()
    assert body == told.read()
    assert answers["1.1"].split(b"\r\n")[0] == head.split(b"\r\n")[0]
    head = f"HEAD {path} HTTP/1.0\r\nHost: {hub.name}\r\n\r\n"
    assert hub.raw(head.encode()).endswith(b"\r\n\r\n")


class Told:
    """What http.client reads an answer from."""

    def __init__(self, answer: bytes) -> None:
        self.makefile = lambda *_: io.BytesIO(answer)


@pytest.mark.parametrize(("version", "told"), [("1.0", b"201"), ("1.1", b"100")])
def test_only_http_1_1_gets_100_continue(hub: Serving, version: str, told: bytes) -> None:
    head = (
        f"POST /api/chat/first?username=a HTTP/{version}\r\nHost: {hub.name}\r\n"
        "Expect: 100-continue\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", hub.port), 20) as peer:
        peer.sendall(head.encode())
        if version == "1.0":
            peer.sendall(b"x")
        assert peer.recv(65536).split(b" ")[1] == told


def test_malformed_requests_are_not_logged(hub: Serving, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(10):
        shake(hub, "Connection: Upgrade", "Upgrade: h2c", path="/api/health")
        shake(hub, *ASKS, KEY, "Sec-WebSocket-Version: 8")
        told(hub, b"nonsense\r\n\r\n")
        told(hub, POST + HOST + b"Transfer-Encoding: chunked\r\n\r\nnonsense")
    assert not [x for x in caplog.records if x.levelname != "INFO"]


@pytest.mark.parametrize(
    "method", "BREW CONNECT DESCRIBE FLUSH LOCK PATCH PRI PROPFIND QUERY SOURCE TRACE".split()
)
def test_an_unknown_method_is_not_allowed(lasting: Serving, method: str) -> None:
    answer = told(
        lasting, b"%b /api/health HTTP/1.1\r\n" % method.encode() + HOST
        + b"Connection: close\r\nContent-Length: 1\r\n\r\nx"
    )  # fmt: skip
    assert answer.startswith(b"HTTP/1.1 405 "), answer[:200]
    assert f"{method} is not possible here.".encode() in answer
    assert b"allow: " in answer


def test_a_head_without_end_is_refused(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 600.0)
    answer = hub.raw(HEAD + b"X: " + b"y" * HEAD_BYTES)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"the head does not end" in answer


def test_pipelined_bytes_are_bounded(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the first request is under way, however long that takes."""
    done = threading.Event()

    async def waits(*_: object) -> None:
        while not done.is_set():
            await asyncio.sleep(0.01)

    monkeypatch.setattr("hub.web.wire.wsgi.Bridge.__call__", waits)
    try:
        with connected(hub) as connection, pytest.raises(OSError, match=r"reset|pipe"):
            for sent in range(10 * PIPELINED_BYTES // 1000 + 200):
                connection.sendall(HEAD + b"X: " + b"y" * 1000 + b"\r\n\r\n")
                if sent > 10 * PIPELINED_BYTES // 1000:
                    time.sleep(0.1)  # the system takes that much before the hub has read any
    finally:
        done.set()


def test_a_rejected_connection_gives_its_place_to_the_next(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place among those that wait for their answer: each is answered, one after the other."""
    monkeypatch.setattr("hub.web.wire.connection_limits.REJECTIONS", 1)
    monkeypatch.setattr("hub.web.wire.lingering_close.IDLE_SECONDS", 0.05)
    hub = serve(connections=1)
    with connected(hub) as held:
        assert answers(held).startswith(b"HTTP/1.1 200 ")
        for _ in range(3):
            deadline = time.monotonic() + PATIENCE
            while not hub.raw(HEAD + b"\r\n").startswith(b"HTTP/1.1 503 "):
                assert time.monotonic() < deadline, "it still waits"
                time.sleep(0.02)


def connections_from_now_on(monkeypatch: pytest.MonkeyPatch) -> list[HttpConnection]:
    """All that are made, in their order."""
    made: list[HttpConnection] = []
    really = HttpConnection.connection_made

    def connection_made(self: HttpConnection, transport: asyncio.Transport) -> None:
        really(self, transport)
        made.append(self)

    monkeypatch.setattr(HttpConnection, "connection_made", connection_made)
    return made


def test_small_responses_are_sent_at_once(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """TCP_NODELAY, and little room for what a client does not read."""
    made = connections_from_now_on(monkeypatch)
    with connected(hub) as connection:
        assert answers(connection).startswith(b"HTTP/1.1 200 ")
        own = made[0].transport.get_extra_info("socket")
        assert own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert own.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * SEND_BUFFER_BYTES
        assert made[0].transport.get_write_buffer_limits()[1] == HIGH_WATER_BYTES


def writes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the hub gives the system for its connections, a piece for each call."""
    pieces: list[bytes] = []
    really = HttpConnection.connection_made

    def connection_made(self: HttpConnection, transport: asyncio.Transport) -> None:
        write = transport.write

        def counted(data: bytes) -> None:
            pieces.append(data)
            write(data)

        transport.write = counted  # type: ignore[method-assign]
        really(self, transport)

    monkeypatch.setattr(HttpConnection, "connection_made", connection_made)
    return pieces


@pytest.mark.parametrize(
    ("request_line", "more", "status"),
    [
        (b"GET /api/health HTTP/1.1", b"", b"200"),  # by a coroutine or by Flask
        (b"GET /api/nothing HTTP/1.1", b"", b"404"),
        (b"GET /api/health HTTP/1.0", b"", b"200"),
        (b"GET / HTTP/1.1", b"", b"302"),
        (b"HEAD /general HTTP/1.1", b"", b"200"),
        (b"OPTIONS /api/health HTTP/1.1", b"", b"200"),
        (b"DELETE /api/session HTTP/1.1", b"", b"204"),
        (b"POST /api/chat/general?username=naor HTTP/1.1", b"Content-Length: 5\r\n", b"201"),
        (b"POST /api/chat/general HTTP/1.1", b"Content-Length: 99999999\r\n", b"413"),
        (b"GET /api/health HTTP/1.1", b"Connection: close\r\n", b"200"),
    ],
)
def test_a_short_response_is_written_at_once(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, request_line: bytes, more: bytes, status: bytes
) -> None:
    """Head and body go out together, and both of them whole."""
    written = writes(monkeypatch)
    sent = request_line + b"\r\nHost: localhost\r\n" + more + b"\r\n"
    with connected(hub) as connection:
        connection.sendall(sent + b"Hello" * (b"Length: 5\r" in more))
        response = http.client.HTTPResponse(connection, method=request_line.split()[0].decode())
        response.begin()
        body = response.read()
    assert response.status == int(status)
    pieces = [x for x in written if x]
    assert len(pieces) == 1
    assert pieces[0].startswith(b"HTTP/1.1 " + status)
    assert pieces[0].endswith(b"\r\n\r\n" + body)


def test_a_long_response_is_written_as_it_is_made(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but the head waits for what follows it."""
    written = writes(monkeypatch)
    after_each: list[int] = []

    async def answer(self: Any, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"4")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for left in (3, 2, 1, 0):
            await send({"type": "http.response.body", "body": b"x", "more_body": left > 0})
            after_each.append(len(b"".join(written).partition(b"\r\n\r\n")[2]))

    monkeypatch.setattr("hub.web.dispatch.Dispatch.__call__", answer)
    assert hub.raw(HEAD + b"Connection: close\r\n\r\n").endswith(b"\r\n\r\nxxxx")
    assert after_each == [1, 2, 3, 4]


def test_nothing_lingers_in_a_hub_that_stops(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request whose body does not come is broken off, and its connection closed with it."""
    monkeypatch.setattr("hub.web.wire.http_server.STOP_SECONDS", 0.1)
    made = connections_from_now_on(monkeypatch)
    hub = serve()
    with connected(hub) as connection:
        connection.sendall(
            b"POST /api/chat/general?username=naor HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 100 ")  # it waits for the body
        hub.restart()
    assert made[0].transport.is_closing()
    assert not hub.lines()


def test_a_head_goes_out_where_no_body_follows(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The application breaks off behind it."""

    async def breaks_off(self: Any, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"5")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        raise LookupError

    monkeypatch.setattr("hub.web.dispatch.Dispatch.__call__", breaks_off)
    answer = hub.raw(HEAD + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n")
    assert "LookupError" in caplog.text


def test_100_continue_does_not_wait(hub: Serving) -> None:
    """It is no head that a body follows."""
    with connected(hub) as connection:
        connection.sendall(
            b"POST /api/chat/general?username=naor HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(1 << 16) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"Hello")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 201 ")
