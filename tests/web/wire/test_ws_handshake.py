"""The opening handshake: what is accepted, what is refused, and how long it may take."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import socket
import struct
import threading
import time

import pytest
from httptools import HttpRequestParser
from websockets.server import ServerProtocol

from hub.web.wire.http_connection import HttpConnection
from hub.web.wire.request_head import Malformed, parse
from hub.web.wire.ws_frames import TEXT
from hub.web.wire.ws_handshake import Handshake, refusal
from tests.conftest import Live, Serve
from tests.growth import TIMES, growth
from tests.patience import PATIENCE, until
from tests.serving import Serving
from tests.web.wire.test_websocket import FIN, upgrade, wire
from tests.web.wire.test_ws_frames import masked

KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
VERSION = "Sec-WebSocket-Version: 13"
ASKS = ("Connection: Upgrade", "Upgrade: websocket")


def shake(
    hub: Serving, *lines: str, version: str = "1.1", method: str = "GET", path: str = "/api/live"
) -> bytes:
    """The head of the answer to a handshake with these lines."""
    head = "\r\n".join([f"{method} {path} HTTP/{version}", f"Host: {hub.name}", *lines, "", ""])
    with socket.create_connection(("127.0.0.1", hub.port), 20) as peer:
        peer.sendall(head.encode("latin-1"))
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += peer.recv(65536)
        return answer.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "lines",
    [
        ASKS,
        ("Connection: upgrade", "Upgrade: WebSocket"),
        ("Connection: keep-alive, Upgrade", "Upgrade: websocket"),
        ("Connection: Upgrade", "Connection: keep-alive", "Upgrade: websocket"),
        ("Connection: keep-alive", "Upgrade: websocket", "Connection: upgrade"),
        (*ASKS, "Upgrade: websocket"),
        ("Connection: Upgrade", "Upgrade: websocket, websocket"),
        ("Connection: Upgrade", "Upgrade: h2c, websocket"),
        ("Connection: Upgrade", "Upgrade: h2c", "Upgrade: websocket"),
        (*ASKS, "Content-Length: 0"),
        (*ASKS, "Sec-WebSocket-Protocol: chat"),
        (*ASKS, "Sec-WebSocket-Protocol: chat, superchat", "Sec-WebSocket-Protocol: v1.hearth"),
        (*ASKS, "Sec-WebSocket-Protocol: chat,, Chat ,"),
        (*ASKS, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"),
        (*ASKS, 'Sec-WebSocket-Extensions: a; b="c"; d = e, f', "Sec-WebSocket-Extensions: g"),
    ],
)
def test_a_handshake_is_accepted(lasting: Serving, lines: tuple[str, ...]) -> None:
    answer = shake(lasting, *lines, KEY, VERSION).lower()
    assert answer.startswith(b"http/1.1 101 "), answer
    assert b"\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=" in answer
    for never in (b"sec-websocket-protocol", b"sec-websocket-extensions"):
        assert never not in answer, "nothing that was offered is spoken"


@pytest.mark.parametrize(
    "lines",
    [
        (*ASKS, KEY),
        (*ASKS, VERSION),
        (*ASKS, KEY, VERSION, VERSION),
        (*ASKS, KEY, VERSION, KEY),
        (*ASKS, VERSION, "Sec-WebSocket-Key: "),
        (*ASKS, VERSION, "Sec-WebSocket-Key: x"),
        (*ASKS, VERSION, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ"),
        (*ASKS, VERSION, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSEh"),
        (*ASKS, VERSION, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\xe9Q=="),
        *((*ASKS, KEY, VERSION, f"Sec-WebSocket-Protocol:{value}")
          for value in ("", "   ", " ,", " , ,", " \xe9", " caf\xe9", " chat, \xe9", " chat\xa0",
                        " a b", " a;b", ' "a"', " a/b", " chat, chat")),
        (*ASKS, KEY, VERSION, "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: chat"),
        (*ASKS, KEY, VERSION, "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: \xe9"),
        *((*ASKS, KEY, VERSION, f"Sec-WebSocket-Extensions:{value}")
          for value in ("", " ,", " ;", " a;", " a; =b", " a; b=", ' a; b="c d"', " a b",
                        " \xe9", ' a; b="')),
        (*ASKS, KEY, VERSION, "Origin: http://localhost", "Origin: http://localhost"),
    ],
)  # fmt: skip
def test_a_malformed_handshake_is_refused(lasting: Serving, lines: tuple[str, ...]) -> None:
    answer = shake(lasting, *lines)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b"Connection: close" in answer


@pytest.mark.parametrize("version", ["", "8", "12", "14", "013", "13.0", "13, 8", "x"])
def test_another_version_gets_426_and_the_right_one(lasting: Serving, version: str) -> None:
    answer = shake(lasting, *ASKS, KEY, f"Sec-WebSocket-Version: {version}")
    assert answer.startswith(b"HTTP/1.1 426 "), answer
    for line in (b"Sec-WebSocket-Version: 13", b"Upgrade: websocket", b"Connection: Upgrade"):
        assert line in answer.split(b"\r\n")


@pytest.mark.parametrize(
    ("lines", "more"),
    [
        (ASKS, {"version": "1.0"}),
        (ASKS, {"method": "HEAD"}),
        (ASKS, {"method": "OPTIONS"}),
        (("Upgrade: websocket",), {}),
        (("Connection: keep-alive", "Upgrade: websocket"), {}),
        (("Connection: Upgrade",), {}),
        (("Connection: Upgrade", "Upgrade: h2c"), {}),
        (("Connection: Upgrade", "Upgrade: websockets, web socket, \xe9"), {}),
        (("Connection: Upgrade", "Upgrade: "), {}),
        ((*ASKS, "Content-Length: 1"), {}),
    ],
)
def test_other_upgrades_are_ignored(
    lasting: Serving, lines: tuple[str, ...], more: dict[str, str]
) -> None:
    answer = shake(lasting, *lines, KEY, VERSION, path="/api/health", **more)
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    answer = shake(lasting, *lines, KEY, VERSION, **more)
    assert answer.startswith(b"HTTP/1.1 404 "), answer


@pytest.mark.parametrize("name", ["Protocol", "Extensions"])
@pytest.mark.parametrize("part", ["a,", "a;b", "a;b ", "a=", ",", " ", 'a;b="', "a;b=c,"])
def test_reading_offers_takes_linear_time(name: str, part: str) -> None:
    lines = [f"GET /api/live HTTP/1.1\r\nHost: x\r\n{KEY}\r\n{VERSION}\r\n"]

    def work(size: int) -> None:
        head = f"{lines[0]}Sec-WebSocket-{name}: {part * size}x\xe9\r\n\r\n"
        with contextlib.suppress(Malformed):
            assert refusal(parse(head.encode("latin-1"))) is not None

    assert growth(work, 1000) < 4 * TIMES


def test_early_frames_are_processed_after_the_handshake(hub: Serving) -> None:
    said = json.dumps({"do": "hello", "name": "naor"}).encode()
    with wire(hub, early=masked(FIN | TEXT, said)) as talk:
        assert talk.text("welcome")["name"] == "naor"


@pytest.mark.parametrize("path", ["/api/live", "/api/live?" + "y" * 9000])
def test_a_handshake_that_is_too_long_is_refused(serve: Serve, path: str) -> None:
    hub = serve(connections_per_address=2)
    more = {"Cookie": "a=" + "y" * 9000} if "?" not in path else {}
    for _ in range(4):
        answer = hub.raw(upgrade(hub, path, **more))
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "malformed"
    hub.stop()
    hub.start()


def test_a_slow_handshake_is_aborted(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("hub.web.wire.ws_handshake.HANDSHAKE_SECONDS", 0.3)
    monkeypatch.setattr("hub.web.live.Live.__call__", never)
    began = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        assert hub.raw(upgrade(hub)) == b""
    assert 0.2 < time.monotonic() - began < 8
    hub.stop()
    hub.start()


def test_a_stop_during_a_handshake_is_clean(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    shaking = threading.Event()

    async def never(*_: object) -> None:
        shaking.set()
        await asyncio.sleep(1)

    monkeypatch.setattr("hub.web.live.Live.__call__", never)
    with socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE) as connection:
        connection.sendall(upgrade(hub))
        assert shaking.wait(PATIENCE)
        hub.stop()
        assert hub.server.failed is None
        assert connection.recv(100) == b""
    hub.start()


def test_a_reset_during_the_handshake_releases_the_connection(serve: Serve) -> None:
    hub = serve(connections_per_address=4)
    for _ in range(30):
        with socket.create_connection(("127.0.0.1", hub.port), timeout=5) as connection:
            connection.sendall(upgrade(hub))
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    deadline = time.monotonic() + PATIENCE
    while hub.get("/api/health").status != 200:
        assert time.monotonic() < deadline, "the places are gone"
        time.sleep(0.05)
    with wire(hub) as talk, wire(hub) as other:
        talk.say("hello", name="naor")
        assert talk.text("welcome")["name"] == "naor"
        other.say("hello", name="mira")
        assert other.text("welcome")["name"] == "mira"


def test_early_frames_are_bounded(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes before the handshake is complete, however long that takes."""
    done = threading.Event()

    async def waits(*_: object) -> None:
        while not done.is_set():
            await asyncio.sleep(0.01)

    monkeypatch.setattr("hub.web.wire.ws_handshake.HANDSHAKE_SECONDS", 600.0)
    monkeypatch.setattr("hub.web.live.Live.__call__", waits)
    try:
        with socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE) as connection:
            connection.sendall(upgrade(hub))
            with pytest.raises(OSError, match=r"reset|pipe"):
                for _ in range(10_000):
                    connection.sendall(b"x" * 1000)
    finally:
        done.set()


def test_nothing_of_a_handshake_is_left_to_the_garbage_collector(hub: Serving, live: Live) -> None:
    """It was two thirds of an idle client, and each crowd that came left its arenas in pieces."""
    kinds = (Handshake, HttpConnection, ServerProtocol, HttpRequestParser)

    def alive() -> int:
        return sum(isinstance(x, kinds) for x in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = alive()
        talks = [live(f"guest {number}") for number in range(3)]
        until(lambda: alive() == before)
        for talk in talks:
            talk.say("and it goes on")
    finally:
        gc.enable()
