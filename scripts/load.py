"""Many WebSocket clients on one epoll loop, written to be faster than any hub they load.

What they receive is never parsed: deliveries are counted by a marker in the raw bytes.
"""

from __future__ import annotations

import base64
import json
import os
import select
import socket
import time
from collections.abc import Callable
from typing import Any, Final

MARK: Final = b'"do":"say"'
"""Stands once in every message and, as texts escape their quotes, nowhere else."""

PING: Final = b"\x89\x04"
"""How a hub's ping begins; JSON holds no such bytes."""

_READ: Final = 1 << 18


class Client:
    """One socket. `seen` counts messages that arrived."""

    __slots__ = ("seen", "sock", "tail")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.seen = 0
        self.tail = b""

    def take(self, data: bytes) -> int:
        """Count the messages in raw bytes, one that lies across two reads included."""
        joined = self.tail + data
        count = joined.count(MARK)
        self.tail = joined[1 - len(MARK) :]
        self.seen += count
        return count


class Crowd:
    """Clients of one hub, read together."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._poll = select.epoll()
        self.clients: dict[int, Client] = {}

    def join(self, name: str, rooms: list[str], after: int | None = None) -> Client:
        """Connect one more client that says hello and joins these rooms; waits for `joined`."""
        sock = self.connect(name)
        for room in rooms:
            join: dict[str, Any] = {"do": "join", "room": room}
            if after is not None:
                join["after"] = after
            sock.sendall(frame(join))
        self._await(sock, b'"do":"here"', len(rooms))
        return self.add(sock)

    def connect(self, name: str) -> socket.socket:
        """A socket that has shaken hands and been welcomed."""
        sock = socket.create_connection(("127.0.0.1", self._port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        sock.sendall(
            f"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        self._await(sock, b"\r\n\r\n", 1)
        sock.sendall(frame({"do": "hello", "name": name}))
        self._await(sock, b'"do":"welcome"', 1)
        return sock

    def add(self, sock: socket.socket) -> Client:
        sock.setblocking(False)
        client = Client(sock)
        self.clients[sock.fileno()] = client
        self._poll.register(sock.fileno(), select.EPOLLIN)
        return client

    def read(self, timeout: float) -> int:
        """Read what has arrived, waiting so many seconds at most; gives the count of messages."""
        count = 0
        for fd, _ in self._poll.poll(timeout):
            count += self._read(self.clients[fd])
        return count

    def read_until(self, enough: Callable[[], bool], seconds: float) -> bool:
        """Read until `enough` or the time is over; whether it was enough."""
        end = time.perf_counter() + seconds
        while not enough():
            if time.perf_counter() > end:
                return False
            self.read(0.05)
        return True

    def quiet(self, seconds: float = 0.3) -> None:
        """Read until nothing has come for so long, at most 20 times as long."""
        end = time.perf_counter() + 20 * seconds
        while self._poll.poll(seconds) and time.perf_counter() < end:
            self.read(0)

    def close(self) -> None:
        for client in self.clients.values():
            client.sock.close()
        self._poll.close()

    def _read(self, client: Client) -> int:
        try:
            data = client.sock.recv(_READ)
        except BlockingIOError:
            return 0
        if not data:
            raise ConnectionError("the hub closed a client")
        ping = data.find(PING)
        if ping >= 0:
            client.sock.send(b"\x8a\x84\0\0\0\0" + data[ping + 2 : ping + 6])
        return client.take(data)

    @staticmethod
    def _await(sock: socket.socket, marker: bytes, count: int) -> None:
        sock.settimeout(30)
        taken = b""
        while taken.count(marker) < count:
            data = sock.recv(_READ)
            if not data:
                raise ConnectionError(f"the hub closed a client: {taken[-200:]!r}")
            taken += data


def frame(message: object) -> bytes:
    """One text message as a client must send it: masked, here with zeros."""
    text = json.dumps(message, separators=(",", ":")).encode()
    size = len(text)
    if size < 126:
        head = bytes((0x81, 0x80 | size))
    else:
        head = bytes((0x81, 0x80 | 126)) + size.to_bytes(2, "big")
    return head + b"\0\0\0\0" + text


def say(room: str, text: str) -> bytes:
    return frame({"do": "say", "room": room, "text": text})
