"""Browsers in the plain chat room: each asks for the whole room every 1.5 s, on a connection of its
own each time. Knows the requests, and not who serves them.
"""

from __future__ import annotations

import re
import select
import socket
import time
from array import array
from typing import Final
from urllib.parse import urlencode

from speed.crowd import MARK
from speed.websocket import PADDING

EVERY: Final = 1.5
_TIME: Final = re.compile(MARK + rb"(\d+) ")


class Poller:
    """One client's page: what it has seen of the room, and when it asks next."""

    def __init__(self, due: float) -> None:
        self.due = due
        self.seen = 0
        self.head = b""
        self.known = 0
        self.answer = bytearray()

    def times(self) -> list[int]:
        """When each message was sent that this answer shows for the first time, in ns."""
        body = bytes(self.answer).partition(b"\r\n\r\n")[2]
        whole = body[: body.rfind(b"\n") + 1]
        new = [int(sent) for sent in _TIME.findall(whole, self.known)]
        self.known = max(self.known, len(whole))
        self.seen += len(new)
        return new


class Visitors:
    """All clients of one room, readers and writers; every request is a new connection."""

    def __init__(self, port: int, clients: int) -> None:
        now = time.perf_counter()
        self.took = array("q")
        self.said = 0
        self.answered = 0
        self.pollers = [Poller(now + EVERY * number / clients) for number in range(clients)]
        self._port = port
        self._poll = select.epoll()
        self._asking: dict[int, tuple[socket.socket, Poller | None]] = {}
        self._due = list(self.pollers)

    def say(self) -> None:
        text = b"%b%d %b" % (MARK, time.perf_counter_ns(), PADDING)
        body = urlencode({"username": "guest", "msg": text.decode()}).encode()
        self.said += 1
        self._ask(
            b"POST /api/chat/general HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n%b" % (len(body), body),
            None,
        )

    def step(self, timeout: float) -> None:
        """Ask for all whose time has come, and read what was answered."""
        now = time.perf_counter()
        while self._due and self._due[0].due <= now:
            poller = self._due.pop(0)
            poller.answer.clear()
            self._ask(b"GET /api/chat/general HTTP/1.1\r\nHost: localhost\r\n\r\n", poller)
        for fd, _ in self._poll.poll(timeout):
            sock, asked = self._asking[fd]
            data = sock.recv(1 << 18)
            if data and asked is not None:
                asked.answer += data
            elif not data:
                self._answered(fd)

    def close(self) -> None:
        for sock, _ in self._asking.values():
            sock.close()
        self._poll.close()

    def _ask(self, request: bytes, poller: Poller | None) -> None:
        sock = socket.create_connection(("127.0.0.1", self._port), 30)
        sock.sendall(request)
        sock.settimeout(None)
        self._asking[sock.fileno()] = (sock, poller)
        self._poll.register(sock.fileno(), select.EPOLLIN)

    def _answered(self, fd: int) -> None:
        sock, poller = self._asking.pop(fd)
        self._poll.unregister(fd)
        sock.close()
        if poller is None:
            self.answered += 1
            return
        now = time.perf_counter_ns()
        self.took.extend([now - sent for sent in poller.times()])
        poller.due = max(poller.due + EVERY, now / 1e9)
        self._due.append(poller)
        self._due.sort(key=lambda waiting: waiting.due)
