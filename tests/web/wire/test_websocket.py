"""One WebSocket as it is on the wire: pings, closing, faults, and who does not listen."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hub.protocol import commands
from hub.web.live import FAULTS
from hub.web.wire.websocket import TURN, Receiver, WebSocket
from hub.web.wire.ws_frames import CLOSE, PING, PONG, TEXT, frame
from tests.conftest import Live, Serve
from tests.patience import PATIENCE, until
from tests.serving import Serving
from tests.web.wire.test_ws_frames import masked

FIN = 0x80


class Wire:
    """A client that sends and sees single frames."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._taken = b""

    def head(self) -> bytes:
        while b"\r\n\r\n" not in self._taken:
            self._more()
        head, self._taken = self._taken.split(b"\r\n\r\n", 1)
        return head

    def next(self) -> tuple[int, bytes]:
        """The next frame's opcode and payload. Raises EOFError where the hub closed."""
        while True:
            if len(self._taken) >= 2:
                size, start = self._taken[1] & 0x7F, 2
                if size == 126 and len(self._taken) >= 4:
                    size, start = int.from_bytes(self._taken[2:4], "big"), 4
                if len(self._taken) >= start + size and (size < 126 or start > 2):
                    opcode = self._taken[0] & 0x0F
                    payload = self._taken[start : start + size]
                    self._taken = self._taken[start + size :]
                    return opcode, payload
            self._more()

    def text(self, do: str) -> dict[str, Any]:
        """The next line that does this; pings may come before it."""
        while True:
            opcode, payload = self.next()
            if opcode == PING:
                continue
            assert opcode == TEXT
            for line in payload.split(b"\n"):
                told: dict[str, Any] = json.loads(line)
                if told["do"] == do:
                    return told

    def send(self, opcode: int, payload: bytes = b"") -> None:
        self.connection.sendall(masked(FIN | opcode, payload))

    def say(self, do: str, **members: Any) -> None:
        self.send(TEXT, json.dumps({"do": do, **members}).encode())

    def closed(self) -> bytes:
        """What the hub closes with; the connection ends right after it."""
        opcode, payload = self.next()
        assert opcode == CLOSE
        return payload

    def ended(self) -> bool:
        """Whether nothing more comes."""
        try:
            self.next()
        except (EOFError, ConnectionResetError):
            return True
        return False

    def _more(self) -> None:
        more = self.connection.recv(1 << 16)
        if not more:
            raise EOFError
        self._taken += more


def upgrade(hub: Serving, path: str = "/api/live", **more: str) -> bytes:
    headers = {
        "Host": hub.name,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        **more,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()


@contextmanager
def wire(hub: Serving, early: bytes = b"") -> Iterator[Wire]:
    """A connection through its handshake; `early` goes out together with the request."""
    with socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE) as connection:
        connection.sendall(upgrade(hub) + early)
        talk = Wire(connection)
        assert talk.head().startswith(b"HTTP/1.1 101 ")
        yield talk


def test_a_ping_is_answered_with_its_payload(hub: Serving) -> None:
    with wire(hub) as talk:
        for payload in (b"", b"are you there?", b"\xff" * 125):
            talk.send(PING, payload)
            assert talk.next() == (PONG, payload)
        talk.send(PONG, b"that nobody asked for")
        talk.say("hello", name="naor")
        assert talk.text("welcome")["name"] == "naor"


def test_a_silent_client_is_pinged_then_disconnected(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.websocket.PING_SECONDS", 1.0)
    monkeypatch.setattr("hub.web.hello.HELLO_SECONDS", 60.0)
    began = time.monotonic()
    with wire(hub) as silent, wire(hub) as there:
        for _ in range(3):
            assert there.next() == (PING, b"")
            there.send(PONG)
        assert time.monotonic() - began > 2.5
        there.say("hello", name="naor")
        assert there.text("welcome")["name"] == "naor", "who answers stays"
        assert silent.next() == (PING, b"")
        assert silent.closed()[:2] == struct.pack("!H", 1011)


@pytest.mark.parametrize("payload", [b"", struct.pack("!H", 1000), struct.pack("!H", 4999) + b"x"])
def test_a_close_frame_is_echoed(hub: Serving, payload: bytes) -> None:
    with wire(hub) as talk:
        talk.say("hello", name="naor")
        talk.text("welcome")
        talk.send(CLOSE, payload)
        assert talk.closed() == payload
        assert talk.ended()
    assert hub.on_loop(lambda: not (hub.server._hub and hub.server._hub.clients))


def test_a_connection_that_has_ended_leaves_no_timer(hub: Serving) -> None:
    def timers() -> list[str]:
        scheduled = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
        return [repr(x) for x in scheduled if not x.cancelled() and "WebSocket" in repr(x)]

    with wire(hub) as talk:
        talk.say("hello", name="naor")
        talk.text("welcome")
        assert hub.on_loop(timers)
    deadline = time.monotonic() + PATIENCE
    while left := hub.on_loop(timers):
        assert time.monotonic() < deadline, left
        time.sleep(0.02)


def test_frames_behind_a_close_frame_are_ignored(hub: Serving) -> None:
    with wire(hub) as talk:
        talk.say("hello", name="naor")
        talk.text("welcome")
        late = json.dumps({"do": "say", "room": "general", "text": "late"}).encode()
        talk.connection.sendall(masked(FIN | CLOSE, b"") + masked(FIN | TEXT, late))
        assert talk.closed() == b""
        assert talk.ended()
    assert hub.lines() == []


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (masked(FIN | TEXT, b"\xff"), 1007),
        (masked(FIN | 0x3, b""), 1002),
        (masked(FIN | 0x40 | TEXT, b"x"), 1002),
        (bytes((FIN | TEXT, 1)) + b"x", 1002),
        (masked(FIN | 0x0, b"x"), 1002),
        (masked(FIN | PING, b"x" * 126), 1002),
        (masked(FIN | TEXT, b"", size=(1 << 16) + 1), 1009),
        (masked(FIN | CLOSE, b"x"), 1002),
        (masked(FIN | 0x2, b"bytes"), 1003),
    ],
)
def test_messages_before_a_protocol_error_are_processed(
    hub: Serving, sent: bytes, code: int
) -> None:
    with wire(hub) as talk:
        talk.say("hello", name="naor")
        talk.text("welcome")
        said = json.dumps({"do": "say", "room": "general", "text": "before"}).encode()
        talk.connection.sendall(masked(FIN | TEXT, said) + sent + masked(FIN | TEXT, said))
        payload = talk.closed()
        assert struct.unpack("!H", payload[:2]) == (code,)
        assert payload[2:].endswith(b"."), "with a reason"
        talk.send(CLOSE, payload[:2])
        assert talk.ended()
    with hub.talk() as other:
        other.hello("mira")
        other.join(after=0)
        if not hub.lines():
            other.expect("say")
    assert [json.loads(line)["text"] for line in hub.lines()] == ["before"]


def test_an_unanswered_close_ends_in_an_abort(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.websocket.CLOSE_SECONDS", 0.3)
    with wire(hub) as talk:
        talk.send(0x2, b"bytes")
        assert talk.closed()[:2] == struct.pack("!H", 1003)
        began = time.monotonic()
        assert talk.ended()
        assert 0.2 < time.monotonic() - began < 10


def test_pongs_are_left_out_under_backpressure(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pongs are left out while the connection is full: what waits stays bounded."""
    sockets = begun(monkeypatch)
    monkeypatch.setattr("hub.web.hello.HELLO_SECONDS", 100.0)
    with wire(hub) as talk:
        talk.connection.setblocking(False)
        frames = masked(FIN | PING, b"x" * 125) * 500
        sent = 0
        began = time.monotonic()
        least = 5  # seconds; a slow machine has more, to have so much sent
        while sent < 20 << 20 and time.monotonic() - began < (60 if sent <= 4 << 20 else least):
            try:
                sent += talk.connection.send(frames)
            except BlockingIOError:
                time.sleep(0.001)
        assert sent > 4 << 20
        waiting = hub.on_loop(sockets[0].transport.get_write_buffer_size)
        assert 0 < waiting < 1 << 17


def test_a_reset_is_not_logged(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is still read and told after a reset is not written to a lost connection."""
    sockets = begun(monkeypatch)
    with wire(hub) as talk:
        talk.say("hello", name="naor")
        talk.text("welcome")
        linger = struct.pack("ii", 1, 0)
        talk.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

        def reset_and_go_on() -> None:
            talk.connection.close()  # on the hub's own thread: it cannot have noticed yet
            sockets[0].data_received(masked(FIN | PING, b"x") * 100)
            for _ in range(100):
                sockets[0].write(b"{}")
            sockets[0].close(1000)

        hub.on_loop(reset_and_go_on)
    hub.on_loop(lambda: None)
    assert "socket.send()" not in caplog.text
    assert sockets[0].transport.is_closing()


def begun(monkeypatch: pytest.MonkeyPatch) -> list[WebSocket]:
    """The hub's ends of all WebSockets that are opened from now on."""
    sockets: list[WebSocket] = []

    def begin(self: WebSocket, receiver: Receiver, early: bytes) -> None:
        sockets.append(self)
        really(self, receiver, early)

    really = WebSocket.open
    monkeypatch.setattr(WebSocket, "open", begin)
    return sockets


def test_a_broadcast_is_framed_once(
    serve: Serve, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bytes] = []

    def counted(opcode: int, payload: bytes) -> bytes:
        made.append(payload)
        return frame(opcode, payload)

    first, second = serve(), serve()
    talks = [live(f"naor{n}", at=first) for n in range(3)]
    other = live("mira", at=second)
    for talk in (*talks, other):
        talk.join()
    monkeypatch.setattr("hub.web.wire.ws_frames.frame", counted)
    for hub in (first, second):
        hub.say("Hello")
    for talk in (*talks, other):
        assert talk.expect("say")["n"] == 1
    assert [b"Hello" in x for x in made].count(True) == 2, "once for each hub"


def test_pings_beyond_the_rate_are_not_read(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted are the pongs that went out when others were answered."""
    sockets: list[WebSocket] = []
    answered = 0

    def begin(self: WebSocket, receiver: Receiver, early: bytes) -> None:
        sockets.append(self)
        really(self, receiver, early)

    def counted(opcode: int, payload: bytes) -> bytes:
        nonlocal answered
        answered += opcode == PONG
        return frame(opcode, payload)

    really = WebSocket.open
    monkeypatch.setattr(WebSocket, "open", begin)
    monkeypatch.setattr("hub.web.wire.websocket.frame", counted)
    monkeypatch.setattr("hub.web.wire.connection_limits.COMMAND_BURST", 200)
    hub = serve(message_rate=0.001)  # so that no time gives more
    with wire(hub) as talk:
        talk.say("hello", name="naor")
        talk.text("welcome")
        talk.connection.sendall(masked(FIN | PING, b"") * 20_000)
        until(lambda: not hub.on_loop(sockets[0].transport.is_reading))
        for _ in range(50):
            assert hub.ask("GET", "/api/health", source="127.0.0.2").status == 200
        assert 1 <= answered <= 200
        held = sockets[0]._steps
        assert held is not None
        assert hub.on_loop(lambda: sockets[0]._limits.commands.wait("127.0.0.1", 0)) < 100 / 0.2
    until(lambda: hub.on_loop(lambda: sockets[0]._steps is None))  # it is gone and holds nothing


def test_pings_beyond_the_burst_are_answered_later_in_order(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.connection_limits.COMMAND_BURST", 20)
    hub = serve(message_rate=2.0)
    with wire(hub) as talk:
        talk.say("hello", name="naor")
        talk.text("welcome")
        began = time.monotonic()
        numbers = [b"%d" % n for n in range(300)]
        talk.connection.sendall(b"".join(masked(FIN | PING, x) for x in numbers))
        assert [talk.next() for _ in numbers] == [(PONG, x) for x in numbers]
        assert time.monotonic() - began > 0.5


@pytest.mark.parametrize("opcode", [PING, PONG, 0x0, TEXT])
def test_one_turn_processes_a_bounded_number_of_frames(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, opcode: int
) -> None:
    """What one call of the loop takes has an end, whatever kind of frame it is that comes."""
    most = 0

    def go_on(self: WebSocket) -> None:
        nonlocal most
        really(self)
        most = max(most, self._turn_cost)

    really = WebSocket._process
    monkeypatch.setattr(WebSocket, "_process", go_on)
    with wire(hub) as talk:
        talk.say("hello", name="naor")
        talk.text("welcome")
        first = masked(TEXT, b"") if opcode == 0x0 else b""
        one = masked(opcode if opcode == 0x0 else FIN | opcode, b"")
        talk.connection.sendall(first + one * 20_000)
        talk.connection.sendall(
            (masked(FIN | 0x0, b"") if first else b"") + masked(FIN | PING, b"x")
        )
        while talk.next() != (PONG, b"x"):
            pass
    assert most <= TURN + 64, "a read of 16 KiB counts as 64"


@pytest.mark.parametrize("first", ["hello", ""])
def test_lines_behind_the_one_that_closed_are_ignored(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    taken: list[bytes] = []

    def command(line: bytes) -> Any:
        taken.append(line)
        return really(line)

    really = commands.decode
    with wire(hub) as talk:
        if first:
            talk.say("hello", name="naor")
            talk.text("welcome")
        monkeypatch.setattr(commands, "decode", command)
        talk.send(TEXT, b"1\n" * 5000)
        while talk.next()[0] == TEXT:
            pass
    assert 1 <= len(taken) <= FAULTS
