"""Large files over real sockets: bodies in large pieces, and files that the system sends."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.errors import CannotStart
from hub.fair_selector import new_event_loop
from hub.web.wire import file_transfer
from hub.web.wire.connection_limits import ConnectionLimits
from hub.web.wire.http_server import HttpServer
from tests.patience import PATIENCE, until

App = Callable[[Any, Any, Any], Awaitable[None]]
SIZE = 5 << 20
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
OK = {"type": "http.response.start", "status": 200}
END = {"type": "http.response.body", "body": b""}


class Wire:
    """An application behind an HttpServer, on an event loop and a thread of its own."""

    def __init__(self, app: App, message_rate: float = 0.0) -> None:
        self.limits = ConnectionLimits(0, 0, message_rate)
        self._app = app
        self.failed: list[BaseException] = []
        self._bound = socket.create_server(("127.0.0.1", 0))
        self.address = self._bound.getsockname()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._started.wait(PATIENCE)

    def _run(self) -> None:
        self._loop = new_event_loop()
        self._loop.run_until_complete(self._serve())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _serve(self) -> None:
        async def told(scope: Any, receive: Any, send: Any) -> None:
            try:
                await self._app(scope, receive, send)
            except BaseException as error:
                self.failed.append(error)
                raise

        self._server = HttpServer(told, self.limits)
        serving = await self._server.start([self._bound], 16)
        self._started.set()
        await serving

    def stop(self) -> None:
        with contextlib.suppress(RuntimeError):  # it has stopped already
            self._loop.call_soon_threadsafe(self._server.stop)
        self._thread.join(20)
        assert not self._thread.is_alive()

    def connect(self, receive_buffer: int = 0) -> socket.socket:
        peer = socket.socket()
        if receive_buffer:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        peer.settimeout(20)
        peer.connect(self.address)
        return peer

    def ask(self, request: bytes = GET) -> tuple[bytes, bytes]:
        """The head and the body of an answer on a connection of its own."""
        with self.connect() as peer:
            peer.sendall(request)
            return answer(peer)


@contextlib.contextmanager
def wire(app: App, message_rate: float = 0.0) -> Iterator[Wire]:
    made = Wire(app, message_rate)
    try:
        yield made
    finally:
        made.stop()


def answer(peer: socket.socket) -> tuple[bytes, bytes]:
    """One answer with a Content-Length, or what came of it before the connection ended."""
    taken = bytearray()
    with contextlib.suppress(ConnectionError):
        # Byte by byte, as the next answer may be there already.
        while not taken.endswith(b"\r\n\r\n") and (more := peer.recv(1)):
            taken += more
        head = bytes(taken[:-4])
        size = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        body = bytearray()
        while len(body) < size and (more := peer.recv(min(1 << 16, size - len(body)))):
            body += more
    return head, bytes(body)


@pytest.fixture(scope="module")
def content() -> bytes:
    return random.Random(7).randbytes(SIZE)


@pytest.fixture
def file(tmp_path: Path, content: bytes) -> Path:
    made = tmp_path / "file"
    made.write_bytes(content)
    return made


def sends(file: Path, *parts: tuple[int, int] | bytes, length: int | None = None) -> App:
    """An application that answers with these parts: of the file (offset, count), or bytes."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        sizes = [len(x) if isinstance(x, bytes) else x[1] for x in parts]
        told = sum(sizes) if length is None else length
        await send({**OK, "headers": [(b"content-length", b"%d" % told)]})
        fd = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            for part in parts:
                if isinstance(part, bytes):
                    await send({**END, "body": part, "more_body": True})
                else:
                    await scope["extensions"]["hearth.sendfile"](fd, *part)
        finally:
            os.close(fd)
        await send(END)

    return app


@pytest.fixture(params=["kernel", "blocks"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How files are sent; a system that has no sendfile reads blocks."""
    if request.param == "blocks":
        monkeypatch.setattr(file_transfer, "_sendfile", None)
    elif not hasattr(os, "sendfile"):
        pytest.skip("this system has none")
    return str(request.param)


# -- files that are sent ---------------------------------------------------------------------


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_whole_file(file: Path, content: bytes, version: str) -> None:
    with wire(sends(file, (0, SIZE))) as served:
        head, body = served.ask(GET.replace(b"1.1", version.encode()))
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"transfer-encoding" not in head.lower()
    assert hashlib.sha256(body).digest() == hashlib.sha256(content).digest()
    assert not served.failed


@pytest.mark.usefixtures("way")
def test_parts_with_bodies_between(file: Path, content: bytes) -> None:
    parts = [b"x" * 70_000, (7, 1), b"one", (SIZE - 300_000, 300_000), (9, 0), b"y" * 70_000]
    with wire(sends(file, *parts)) as served:
        _, body = served.ask()
    assert body == (
        b"x" * 70_000 + content[7:8] + b"one" + content[-300_000:] + b"y" * 70_000
    )  # fmt: skip
    assert not served.failed


@pytest.mark.usefixtures("way")
def test_the_connection_is_kept_and_pipelined_requests_wait(file: Path, content: bytes) -> None:
    with wire(sends(file, (0, SIZE))) as served, served.connect() as peer:
        peer.sendall(GET * 3)
        for _ in range(3):
            assert answer(peer)[1] == content
        time.sleep(0.05)
        peer.sendall(GET)
        assert answer(peer)[1] == content
        assert len(served._server._server.server_state.connections) == 1


def test_head_sends_nothing_of_it(file: Path) -> None:
    with wire(sends(file, (0, SIZE))) as served, served.connect() as peer:
        peer.sendall(GET.replace(b"GET", b"HEAD") * 2)
        told = b""
        while told.count(b"\r\n\r\n") < 2 and (more := peer.recv(1 << 16)):
            told += more
    assert told.count(b"content-length: %d\r\n" % SIZE) == 2
    assert told.endswith(b"\r\n\r\n")
    assert not served.failed


@pytest.mark.usefixtures("way")
def test_a_file_that_ends_before_is_no_whole_answer(
    file: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with wire(sends(file, (0, SIZE + 1))) as served, served.connect() as peer:
        peer.sendall(GET)
        head, body = answer(peer)
        assert head.startswith(b"HTTP/1.1 200 ")
        assert body == content[: len(body)]
        with contextlib.suppress(ConnectionError):
            assert peer.recv(1) == b""
    assert not served.failed
    assert [x.message for x in caplog.records if x.levelname == "WARNING"] == [
        "a file ended 1 bytes before the end that was told"
    ]


def test_a_file_that_cannot_be_read_ends_the_connection(file: Path) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({**OK, "headers": [(b"content-length", b"10")]})
        fd = os.open(file, os.O_WRONLY)
        try:
            await scope["extensions"]["hearth.sendfile"](fd, 0, 10)
        finally:
            os.close(fd)

    with wire(app) as served:
        assert served.ask()[1] == b""
        until(lambda: served.failed)
    assert isinstance(served.failed[0], OSError)


@pytest.mark.parametrize("length", [9, None])
def test_it_needs_a_length_that_has_room(file: Path, length: int | None) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [] if length is None else [(b"content-length", b"%d" % length)]
        await send({**OK, "headers": headers})
        await scope["extensions"]["hearth.sendfile"](0, 0, 10)

    with wire(app) as served, served.connect() as peer:
        peer.sendall(GET)
        while peer.recv(1 << 16):
            pass
    assert isinstance(served.failed[0], RuntimeError)


@pytest.mark.usefixtures("way")
def test_a_client_that_goes_away_ends_it(file: Path) -> None:
    with file.open("r+b") as large:
        large.truncate(1 << 30)
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    returned = threading.Event()
    really = sends(file, (0, 1 << 30))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await really(scope, receive, send)
        await scope["extensions"]["hearth.sendfile"](-1, 0, 1)  # it is told only by the return
        returned.set()

    with wire(app) as served:
        for _ in range(2):
            with served.connect() as peer:
                peer.sendall(GET)
                peer.recv(1 << 16)
            assert returned.wait(PATIENCE)
            returned.clear()
    assert not served.failed
    if before:
        until(lambda: len(os.listdir("/proc/self/fd")) <= before)


@pytest.mark.usefixtures("way")
def test_a_client_that_reads_nothing_is_aborted_and_a_slow_one_is_not(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.http_connection.STALL_SECONDS", 0.6)
    with (
        wire(sends(file, (0, SIZE))) as served,
        served.connect(1 << 17) as idle,
        served.connect(1 << 17) as slow,
    ):
        idle.sendall(GET)
        slow.sendall(GET)
        began, taken = time.monotonic(), 0
        while time.monotonic() - began < 3 and taken < SIZE:
            time.sleep(0.05)
            taken += len(slow.recv(1 << 15))
        while taken < SIZE and (more := slow.recv(1 << 16)):
            taken += len(more)
        assert taken >= SIZE, "the slow one got all"
        idle.settimeout(20)
        got = 0
        with contextlib.suppress(ConnectionError):
            while more := idle.recv(1 << 16):
                got += len(more)
        assert got < SIZE
    assert not served.failed


def test_a_slow_reader_beside_fast_ones(file: Path, content: bytes) -> None:
    with wire(sends(file, (0, SIZE))) as served, served.connect(1 << 15) as slow:
        slow.sendall(GET)
        slow.recv(1000)
        began = time.monotonic()
        threads = [threading.Thread(target=served.ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(4):
            assert served.ask()[1] == content
        for thread in threads:
            thread.join(20)
        assert time.monotonic() - began < 15


@pytest.mark.skipif(not hasattr(os, "sendfile"), reason="this system has none")
def test_a_thread_waits_for_the_disk(
    file: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else does, and a slow disk is no stall of the client."""
    monkeypatch.setattr("hub.web.wire.http_connection.STALL_SECONDS", 0.2)
    read: list[int] = []
    reads = threading.Semaphore(0)
    really = file_transfer._read_ahead

    def read_ahead(fd: int, offset: int, size: int) -> None:
        assert threading.current_thread() is not served._thread
        if not read:
            reads.acquire(timeout=PATIENCE)
        read.append(offset)
        really(fd, offset, size)

    monkeypatch.setattr(file_transfer, "_in_memory", lambda *_: False)
    monkeypatch.setattr(file_transfer, "_read_ahead", read_ahead)
    with wire(sends(file, (0, SIZE))) as served, served.connect() as peer:
        peer.sendall(GET)
        time.sleep(0.5)
        with served.connect() as other:
            other.sendall(GET.replace(b"GET", b"HEAD"))
            assert other.recv(1 << 12).startswith(b"HTTP/1.1 200 ")
        reads.release()
        assert answer(peer)[1] == content
        assert read == list(range(0, SIZE, file_transfer.LOAD_BYTES))
        peer.sendall(GET)
        until(lambda: len(read) > SIZE // file_transfer.LOAD_BYTES)
    assert not [x for x in served.failed if isinstance(x, Exception)]


@pytest.mark.skipif(not hasattr(os, "sendfile"), reason="this system has none")
def test_without_a_thread_the_kernel_waits(
    file: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> None:
        raise CannotStart("there is none")

    monkeypatch.setattr(file_transfer, "_in_memory", lambda *_: False)
    monkeypatch.setattr(file_transfer, "_threads", refused)
    with wire(sends(file, (0, SIZE))) as served:
        assert served.ask()[1] == content


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells, and lets it be undone")
def test_a_far_client_has_a_send_buffer_without_a_bound_for_the_file_alone(
    file: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds: list[tuple[int, int]] = []
    really = file_transfer._unbound

    def unbound(own: socket.socket) -> int:
        assert 0 < file_transfer._round_trip(own) < 1
        bound = really(own)
        bounds.append((bound, own.getsockopt(socket.SOL_SOCKET, 72)))
        return bound

    monkeypatch.setattr(file_transfer, "_unbound", unbound)
    with wire(sends(file, (0, SIZE))) as served, served.connect() as peer:
        for far in (0.0, 1e9):
            monkeypatch.setattr(file_transfer, "NEAR_SECONDS", far)
            peer.sendall(GET)
            assert answer(peer)[1] == content
        (kept,) = served._server._server.server_state.connections
        own = kept.transport.get_extra_info("socket")
        assert own.getsockopt(socket.SOL_SOCKET, 72) == 1, "it is bounded again"
        bound = own.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) // 2
    assert bounds == [(bound, 0)]


@pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="this system does not tell")
def test_a_file_that_was_just_written_is_in_memory(file: Path) -> None:
    with file.open("rb") as there:
        assert file_transfer._in_memory(there.fileno(), 0, SIZE)
        assert file_transfer._in_memory(there.fileno(), SIZE, 1)
    assert file_transfer._in_memory(-1, 0, 1), "what is not told is not waited for"


@pytest.mark.skipif(not hasattr(os, "sendfile"), reason="this system has none")
@pytest.mark.parametrize(
    ("others", "size"),
    [
        (0, file_transfer.PIECE_BYTES),
        (15, file_transfer.TURN_BYTES // 16),
        (999, file_transfer.LEAST_BYTES),
    ],
)
def test_nobody_waits_long_beside_downloads(
    file: Path, monkeypatch: pytest.MonkeyPatch, others: int, size: int
) -> None:
    """The kernel is asked for a piece at a time, however much its buffer takes."""
    monkeypatch.setattr(file_transfer._Part, "under_way", others)
    asked: list[int] = []
    really = os.sendfile

    def sendfile(out: int, fd: int, offset: int, count: int) -> int:
        asked.append(count)
        return really(out, fd, offset, count)

    monkeypatch.setattr(file_transfer, "_sendfile", sendfile)
    with wire(sends(file, (0, SIZE))) as served:
        served.ask()
    assert max(asked) == size
    assert len(asked) >= SIZE // size
    assert file_transfer._Part.under_way == others


def test_a_server_that_stops_ends_a_download(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.wire.http_server.STOP_SECONDS", 0.3)
    with wire(sends(file, (0, SIZE))) as served, served.connect(1 << 15) as peer:
        peer.sendall(GET)
        peer.recv(1000)
        served.stop()
        got = 0
        with contextlib.suppress(ConnectionError):
            while more := peer.recv(1 << 16):
                got += len(more)
        assert got < SIZE
