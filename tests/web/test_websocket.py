"""One WebSocket as it is on the wire: pings, closing, faults, and who does not listen."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hub.web.frames import CLOSE, PING, PONG, TEXT
from hub.web.websocket import Receiver, Socket
from tests.serving import Serving
from tests.web.test_frames import masked

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
        """The next line that does this."""
        while True:
            opcode, payload = self.next()
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


@contextmanager
def wire(hub: Serving, early: bytes = b"", **more: str) -> Iterator[Wire]:
    """A connection through its handshake; `early` goes out together with the request."""
    headers = {
        "Host": hub.name,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        **more,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", hub.port), timeout=5) as connection:
        connection.sendall(f"GET /api/live HTTP/1.1\r\n{head}\r\n".encode() + early)
        talk = Wire(connection)
        assert talk.head().startswith(b"HTTP/1.1 101 ")
        yield talk


def test_a_ping_is_answered_with_what_it_carries(hub: Serving) -> None:
    with wire(hub) as talk:
        for payload in (b"", b"are you there?", b"\xff" * 125):
            talk.send(PING, payload)
            assert talk.next() == (PONG, payload)
        talk.send(PONG, b"that nobody asked for")
        talk.say("hello", name="naor")
        assert talk.text("welcome")["name"] == "naor"


def test_who_is_silent_is_pinged_and_then_cut_off(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.websocket.PING_SECONDS", 0.3)
    began = time.monotonic()
    with wire(hub) as silent, wire(hub) as there:
        for _ in range(4):
            assert there.next() == (PING, b"")
            there.send(PONG)
        assert time.monotonic() - began > 1
        there.say("hello", name="naor")
        assert there.text("welcome")["name"] == "naor", "who answers stays"
        assert silent.next() == (PING, b"")
        assert silent.closed()[:2] == struct.pack("!H", 1011)


@pytest.mark.parametrize("payload", [b"", struct.pack("!H", 1000), struct.pack("!H", 4999) + b"x"])
def test_a_close_is_answered_with_the_same(hub: Serving, payload: bytes) -> None:
    with wire(hub) as talk:
        talk.say("hello", name="naor")
        talk.text("welcome")
        talk.send(CLOSE, payload)
        assert talk.closed() == payload
        assert talk.ended()
    assert hub.on_loop(lambda: not (hub.server._hub and hub.server._hub.clients))


def test_what_comes_behind_a_close_is_nothing(hub: Serving) -> None:
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
def test_what_came_whole_before_a_fault_is_taken(hub: Serving, sent: bytes, code: int) -> None:
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


def test_who_does_not_answer_a_close_is_cut_off(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.websocket.CLOSE_SECONDS", 0.3)
    with wire(hub) as talk:
        talk.send(0x2, b"bytes")
        assert talk.closed()[:2] == struct.pack("!H", 1003)
        began = time.monotonic()
        assert talk.ended()
        assert 0.2 < time.monotonic() - began < 3


def test_who_is_in_a_hurry_may_say_hello_with_the_request(hub: Serving) -> None:
    said = json.dumps({"do": "hello", "name": "naor"}).encode()
    with wire(hub, early=masked(FIN | TEXT, said)) as talk:
        assert talk.text("welcome")["name"] == "naor"


def test_one_who_pings_and_does_not_read_holds_nothing(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pongs are left out while the connection is full: what waits stays bounded."""
    sockets: list[Socket] = []

    def begin(self: Socket, receiver: Receiver, early: bytes) -> None:
        sockets.append(self)
        really(self, receiver, early)

    really = Socket.begin
    monkeypatch.setattr(Socket, "begin", begin)
    with wire(hub) as talk:
        talk.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        talk.connection.setblocking(False)
        frames = masked(FIN | PING, b"x" * 125) * 500
        sent = 0
        end = time.monotonic() + 5
        while sent < 20 << 20 and time.monotonic() < end:
            try:
                sent += talk.connection.send(frames)
            except BlockingIOError:
                time.sleep(0.001)
        assert sent > 4 << 20
        waiting = hub.on_loop(sockets[0].transport.get_write_buffer_size)
        assert 0 < waiting < 1 << 17
