"""The limits of connections: how many, how slow to ask, how slow to read; and framing."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import struct
import time
import tracemalloc
import weakref
from pathlib import Path
from typing import Any

import pytest

from hub.access.rate_limit import RateLimit
from hub.protocol.events import FORMAT, Event, Header, line_of
from hub.web.wire.http_connection import HttpConnection
from hub.web.wire.websocket import Socket
from tests.conftest import Live, Serve
from tests.serving import Serving
from tests.web.wire.test_websocket import upgrade
from tests.web.wire.test_ws_frames import masked

JSON = "application/json"
HEAD = b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n"


def connected(hub: Serving, address: str = "127.0.0.1") -> socket.socket:
    own = (address, 0)
    return socket.create_connection(("127.0.0.1", hub.port), timeout=20, source_address=own)


def answers(connection: socket.socket) -> bytes:
    connection.sendall(HEAD + b"\r\n")
    taken = b""
    while not taken.endswith((b"}\n", b"}}", b"again.")) and (more := connection.recv(1 << 16)):
        taken += more
    return taken


@pytest.mark.parametrize("sent", [b"", b"GET", HEAD, HEAD + b"X: y"])
def test_a_request_comes_within_its_time(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 0.4)
    began = time.monotonic()
    hub.raw(*[sent] if sent else [])
    assert 0.3 < time.monotonic() - began < 8


def test_a_head_that_trickles_comes_too_late(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 0.5)
    began = time.monotonic()
    with connected(hub) as connection, pytest.raises(OSError, match=r"reset|pipe"):
        connection.sendall(HEAD)
        while time.monotonic() - began < 8:
            connection.sendall(b"X: y\r\n")
            time.sleep(0.05)


@pytest.mark.slow
def test_the_second_request_has_its_time_too(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_what_came_too_early_has_its_time_too(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 0.4)
    began = time.monotonic()
    assert hub.raw(HEAD + b"\r\n" + HEAD).startswith(b"HTTP/1.1 200 ")
    assert 0.3 < time.monotonic() - began < 8


def announced(size: int) -> bytes:
    return (
        b"POST /api/chat/general?username=naor HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % size
    )


@pytest.mark.parametrize("size", [1 << 20, (1 << 32) - 1, 1 << 32, (1 << 32) + 5, 10**17])
def test_a_body_that_is_too_large_ends_the_connection_at_once(hub: Serving, size: int) -> None:
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


def test_who_sends_on_behind_the_last_answer_is_cut_off(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send_on(piece: bytes, pause: float) -> None:
        with connected(hub) as connection, pytest.raises(OSError, match=r"reset|pipe"):
            connection.sendall(announced(1 << 40))
            for _ in range(4000):
                connection.sendall(piece)
                time.sleep(pause)

    with monkeypatch.context() as patched:
        patched.setattr("hub.web.wire.lingering_close.LINGER_BYTES", 1 << 20)
        send_on(b"x" * (1 << 16), 0)
    monkeypatch.setattr("hub.web.wire.lingering_close.IDLE_SECONDS", 0.2)
    monkeypatch.setattr("hub.web.wire.http_connection.LINGER_SECONDS", 0.5)
    send_on(b"x", 0.01)


def test_who_was_turned_away_has_no_time_to_send_more(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.lingering_close.IDLE_SECONDS", 0.3)
    monkeypatch.setattr("hub.web.wire.http_connection.LINGER_SECONDS", 3000.0)
    hub = serve(connections_per_address=1)
    with connected(hub) as first, connected(hub) as second:
        assert answers(first).startswith(b"HTTP/1.1 200 ")
        second.sendall(announced(1 << 30))
        with pytest.raises(OSError, match=r"reset|pipe"):
            for _ in range(4000):
                second.sendall(b"x")
                time.sleep(0.01)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"X": "\x01"}, 400),
        ({"X": "y" * 17_000}, 400),
    ],
)
def test_who_reads_only_after_sending_all_hears_why(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], status: int
) -> None:
    monkeypatch.setattr("hub.web.wire.lingering_close.IDLE_SECONDS", 60.0)
    for _ in range(3):
        lines = "".join(f"{x}: {y}\r\n" for x, y in {"Host": "localhost", **headers}.items())
        head = f"POST /api/chat/general HTTP/1.1\r\n{lines}Content-Length: {8 << 20}\r\n\r\n"
        with connected(hub) as connection:
            connection.sendall(head.encode() + b"x" * (8 << 20))
            assert connection.recv(1 << 16).split(b" ")[1] == str(status).encode()


def test_who_resets_as_they_are_turned_away_leaves_no_line_in_the_log(
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
        deadline = time.monotonic() + 20
        while not made[turn].transport.is_closing():
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert not [x for x in caplog.records if x.levelname != "INFO"]


def test_a_connection_that_is_gone_leaves_nothing_to_collect(
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
        deadline = time.monotonic() + 20
        while any(x() is not None for x in made):
            assert time.monotonic() < deadline, "they know themselves"
            time.sleep(0.02)
    finally:
        gc.enable()
    assert len(made) == 6


def test_chunks_that_break_in_an_answer_add_nothing_to_it(hub: Serving) -> None:
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


@pytest.mark.slow
def test_a_request_in_time_may_take_longer(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.mark.slow
def test_a_live_connection_may_be_silent(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.REQUEST_SECONDS", 1.0)
    talk = live("naor")
    talk.quiet(1.5)
    talk.join()


@pytest.mark.slow
def test_one_who_does_not_read_the_answer_is_cut_off(
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
def test_what_a_request_costs(
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


def test_a_body_beyond_the_rate_waits_with_its_sender(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    lines = [line_of(Header(FORMAT, "long", "0123", "x"))]
    for n in range(1, count + 1):
        event = Event(room="long", n=n, at="2026-11-22T20:17:03.999Z", by="naor", do="say",
                      text=f"{n} " + "x" * 1100)  # fmt: skip
        lines.append(line_of(event))
    folder.mkdir()
    (folder / "long.jsonl").write_bytes(b"".join(lines))


READERS = 50
EACH_HOLDS = 128 << 10
"""Less than two blocks."""


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text/plain", "application/json", "application/x-ndjson", "live"])
def test_readers_that_stall_hold_next_to_nothing(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Whatever they asked for, the hub holds a block or so for each, as it counts its memory."""
    paused: set[object] = set()

    def pause(self: HttpConnection | Socket) -> None:
        paused.add(self)
        (live if isinstance(self, Socket) else http)(self)

    live: Any = Socket.pause_writing
    http: Any = HttpConnection.pause_writing
    for kind in (HttpConnection, Socket):
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
