"""Bodies that are large files: in large pieces, at a low cost, never ahead of the application."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from hub.web.wire.connection_limits import REQUEST_BURST
from hub.web.wire.http_connection import (
    BULK_CHUNKED_READ_BYTES,
    BULK_READ_BYTES,
    CHUNKED_READ_BYTES,
    READ_BYTES,
    HttpConnection,
)
from tests.patience import PATIENCE, until
from tests.web.wire.test_file_transfer import END, OK, Wire, answer, wire

PUT = b"PUT / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = PUT + b"Transfer-Encoding: chunked\r\n\r\n"
HALF_MIB = bytes(range(256)) * 2048


def announced(size: int) -> bytes:
    return PUT + b"Content-Length: %d\r\n\r\n" % size


class Taker:
    """Takes a body as a large file, once it may, and answers with its size and sum."""

    def __init__(self) -> None:
        self.pieces: list[int] = []
        self.may_begin = threading.Event()
        self.may_begin.set()
        self.bulk = True
        self.begun = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.bulk:
            scope["extensions"]["hearth.bulk"]()
        self.begun.set()
        while not self.may_begin.is_set():
            await asyncio.sleep(0.01)
        total, told = 0, hashlib.sha256()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            self.pieces.append(len(message["body"]))
            total += len(message["body"])
            told.update(message["body"])
            more = message["more_body"]
        body = b"%d %b" % (total, told.hexdigest().encode())
        await send({**OK, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({**END, "body": body})


def spent(served: Wire) -> float:
    """What the address has spent of its rate, in requests."""
    limit = served.limits.requests
    full_at = limit._full_at.get("127.0.0.1", 0.0)
    return max(0.0, full_at - limit._clock()) / limit._seconds_each if limit._seconds_each else 0.0


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The largest read, and the most that a connection held of a body."""
    most = {"read": 0, "held": 0, "bytes": 0}
    really = HttpConnection.data_received

    def data_received(self: HttpConnection, data: bytes) -> None:
        really(self, data)
        most["bytes"] += len(data)
        most["read"] = max(most["read"], len(data))
        held = len(self._buffer) + (len(self.cycle.body) if self.cycle is not None else 0)
        most["held"] = max(most["held"], held)

    monkeypatch.setattr(HttpConnection, "data_received", data_received)
    return most


@pytest.mark.parametrize("chunk", [0, 1000, 100_000])
def test_a_large_body_comes_whole_in_large_pieces(seen: dict[str, int], chunk: int) -> None:
    content = HALF_MIB * 32
    taker = Taker()
    with wire(taker) as served, served.connect() as peer:
        if chunk:
            parts = [content[at : at + chunk] for at in range(0, len(content), chunk)]
            peer.sendall(CHUNKED + b"".join(b"%x\r\n%b\r\n" % (len(x), x) for x in parts))
            peer.sendall(b"0\r\n\r\n")
        else:
            peer.sendall(announced(len(content)) + content)
        told = answer(peer)[1]
    assert told == b"%d %b" % (len(content), hashlib.sha256(content).hexdigest().encode())
    if chunk:
        assert CHUNKED_READ_BYTES <= seen["read"] <= BULK_CHUNKED_READ_BYTES
    else:
        assert READ_BYTES < seen["read"] <= BULK_READ_BYTES
    assert seen["held"] < 1 << 20


@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.parametrize("head", [announced(64 << 20), CHUNKED + b"%x\r\n" % (64 << 20)])
def test_nothing_is_read_ahead_of_the_application(
    seen: dict[str, int], bulk: bool, head: bytes
) -> None:
    taker = Taker()
    taker.may_begin.clear()
    taker.bulk = bulk
    with wire(taker) as served, served.connect() as peer:
        peer.sendall(head)
        peer.settimeout(1)
        with pytest.raises(TimeoutError):
            for _ in range(128):
                peer.sendall(HALF_MIB)
        assert seen["held"] < ((1 << 19) if bulk else (1 << 17))
        assert seen["bytes"] < ((1 << 19) if bulk else (1 << 17))
        taker.may_begin.set()


def test_more_is_read_only_as_the_application_takes_it(seen: dict[str, int]) -> None:
    taken = threading.Semaphore(0)
    done = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal done
        scope["extensions"]["hearth.bulk"]()
        while (message := await receive())["type"] == "http.request" and message["more_body"]:
            done += len(message["body"])
            while not taken.acquire(blocking=False):
                await asyncio.sleep(0.01)

    with wire(app) as served, served.connect() as peer:
        peer.settimeout(0.5)
        peer.sendall(announced(1 << 30))
        for _ in range(5):
            with contextlib.suppress(TimeoutError):
                for _ in range(128):
                    peer.sendall(HALF_MIB)
            assert seen["bytes"] - done < 1 << 20
            taken.release()
        taken.release(1000)


def test_it_costs_hardly_anything_of_the_rate() -> None:
    size = 64 << 20
    with wire(Taker(), message_rate=0.001) as served, served.connect() as peer:
        peer.sendall(announced(size))
        for _ in range(128):
            peer.sendall(HALF_MIB)
        assert answer(peer)[0].startswith(b"HTTP/1.1 200 ")
        # Beside one for each MiB: the head, and what came before the application had asked.
        assert 64 <= spent(served) < 64 + 100


def test_chunks_of_a_byte_cost_what_they_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.wire.connection_limits.REQUEST_BURST", 50)
    taker = Taker()
    with wire(taker, message_rate=0.001) as served, served.connect() as peer:
        peer.sendall(CHUNKED)
        assert taker.begun.wait(PATIENCE)
        peer.settimeout(1)
        with contextlib.suppress(TimeoutError):
            peer.sendall(b"1\r\ny\r\n" * 2_000_000)
        assert spent(served) >= 50
        # No more than the burst pays for, and one read.
        assert sum(taker.pieces) < 50 * 64 + BULK_CHUNKED_READ_BYTES
    assert REQUEST_BURST > 50


def test_a_pause_for_the_rate_does_not_make_it_read_ahead(
    seen: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.connection_limits.REQUEST_BURST", 2)
    taker = Taker()
    taker.may_begin.clear()
    with wire(taker, message_rate=20.0) as served, served.connect() as peer:
        peer.sendall(announced(64 << 20))
        peer.settimeout(2)
        with pytest.raises(TimeoutError):
            for _ in range(128):
                peer.sendall(HALF_MIB)
        assert seen["bytes"] < 1 << 20
        assert seen["held"] < 1 << 20
        taker.may_begin.set()


def test_the_connection_is_kept_and_pipelined_requests_wait() -> None:
    body = HALF_MIB * 2
    request = announced(len(body)) + body
    with wire(Taker()) as served, served.connect() as peer:
        sender = threading.Thread(target=peer.sendall, args=(request * 3,))
        sender.start()
        for _ in range(3):
            assert answer(peer)[1].startswith(b"%d " % len(body))
        sender.join(20)
        (kept,) = served._server._server.server_state.connections
        assert kept.transport.max_size == READ_BYTES


def test_100_continue_goes_out_when_the_application_first_asks() -> None:
    taker = Taker()
    taker.may_begin.clear()
    with wire(taker) as served, served.connect() as peer:
        peer.sendall(announced(3).replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
        peer.settimeout(0.3)
        with pytest.raises(TimeoutError):
            peer.recv(1)
        taker.may_begin.set()
        peer.settimeout(20)
        assert peer.recv(1 << 12) == b"HTTP/1.1 100 Continue\r\n\r\n"
        peer.sendall(b"abc")
        assert answer(peer)[1].startswith(b"3 ")


async def refuses(scope: Any, receive: Any, send: Any) -> None:
    headers = [(b"content-length", b"5"), (b"connection", b"close")]
    await send({**OK, "status": 413, "headers": headers})
    await send({**END, "body": b"large"})


async def refuses_later(scope: Any, receive: Any, send: Any) -> None:
    """When some of it has come: the disk is full."""
    scope["extensions"]["hearth.bulk"]()
    for _ in range(3):
        await receive()
    await refuses(scope, receive, send)


@pytest.mark.parametrize("app", [refuses, refuses_later])
def test_who_is_refused_hears_it_though_he_sends(app: Any) -> None:
    with wire(app) as served, served.connect() as peer:
        peer.sendall(announced(1 << 30))
        peer.sendall(HALF_MIB * 16)  # before it reads
        head, body = answer(peer)
    assert head.startswith(b"HTTP/1.1 413 ")
    assert body == b"large"


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("app", [refuses, refuses_later])
@pytest.mark.parametrize("options", [[], ["-H", "Expect:"], ["-H", "Transfer-Encoding: chunked"]])
def test_curl_hears_it_too(tmp_path: Path, app: Any, options: list[str]) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(1 << 30)
    with wire(app) as served:
        url = "http://{}:{}/".format(*served.address)
        told = subprocess.run(
            ["curl", "-s", "-w", " %{http_code}", *options, "-T", str(large), url],
            stdout=subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
    assert told.stdout == b"large 413"


def test_a_sender_that_goes_away_is_told_as_disconnected() -> None:
    told: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        bulk = scope["extensions"]["hearth.bulk"]
        bulk()
        while (message := await receive())["type"] == "http.request":
            pass
        bulk()  # it does nothing any more
        told.append(message)

    with wire(app) as served:
        peer = served.connect()
        peer.sendall(announced(1 << 30) + HALF_MIB)
        time.sleep(0.1)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        peer.close()
        until(lambda: told)
    assert told == [{"type": "http.disconnect"}]
    assert not served.failed
