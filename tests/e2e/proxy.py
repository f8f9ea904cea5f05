"""A bad network between a page and its hub: passes bytes on, or not."""

from __future__ import annotations

import random
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from tests.patience import PATIENCE
from tests.serving import PORTS

# Closed at once: a page whose bytes nobody takes would not notice a quiet end.
_RESETS = struct.pack("ii", 1, 0)


class Proxy:
    """Listens on loopback at `port` and passes everything on to the hub's port.

    With `deaf` nothing of the hub reaches the page; with `no_upgrade` requests for a WebSocket
    are answered by 403, as some middle boxes do. With `most` a connection of the page's that has
    passed on that many bytes stands still, which releases `full`, until `cut` or `flows`.
    """

    def __init__(self, to: int) -> None:
        self.deaf = False
        self.no_upgrade = False
        self.upgrades = 0
        self.most: int | None = None
        self.full = threading.Semaphore(0)
        self._free = threading.Event()
        self._to = to
        self.is_away = False
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listening = _listening()
        self.port: int = self._listening.getsockname()[1]
        self._start(self._accept)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.is_away:
            self.goes_away()
        self.flows()
        for thread in self._threads:
            thread.join(5)

    def cut(self) -> None:
        """Cut every connection that there is."""
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._release()

    def stands_still(self) -> None:
        """Wait until a connection of the page's has passed on all that it may."""
        assert self.full.acquire(timeout=PATIENCE), "nothing came to its limit"

    def flows(self) -> None:
        """Pass everything on, and what stood still too."""
        self.most = None
        self._release()

    def _release(self) -> None:
        held, self._free = self._free, threading.Event()
        held.set()

    def goes_away(self) -> None:
        """Cut every connection, and refuse new ones until `comes_back`."""
        self.is_away = True
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def comes_back(self) -> None:
        self.is_away = False
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._start(self._accept)

    def passes(self, page: socket.socket, data: bytes) -> None:
        """Called with all that a connection of the page's has passed on to the hub."""

    def _start(self, work: Callable[..., None], *given: object) -> threading.Thread:
        thread = threading.Thread(target=work, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _accept(self) -> None:
        listening = self._listening
        while True:
            try:
                page, _ = listening.accept()
            except OSError:
                return
            self._start(self._serve, page)

    def _serve(self, page: socket.socket) -> None:
        with page:
            try:
                hub = socket.create_connection(("127.0.0.1", self._to))
            except ConnectionRefusedError:  # it is starting again
                return
            with hub:
                self._open += [page, hub]
                if self.is_away:  # since it was accepted
                    return
                back = threading.Thread(target=self._pass, args=(hub, page, True), daemon=True)
                back.start()
                self._pass(page, hub, False)
                back.join(5)

    def _pass(self, source: socket.socket, to: socket.socket, back: bool) -> None:
        passed = 0
        try:
            while data := source.recv(1 << 16):
                if not back and b"\r\nUpgrade: websocket\r\n" in data:
                    self.upgrades += 1
                    if self.no_upgrade:
                        source.sendall(
                            b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n"
                            b"Connection: close\r\n\r\n"
                        )
                        break
                if not (back and self.deaf):
                    to.sendall(data)
                if not back:
                    self.passes(source, data)
                    passed += len(data)
                    if self.most is not None and passed >= self.most:
                        free = self._free
                        source.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESETS)
                        self.full.release()
                        free.wait()
        except OSError:
            pass
        for end in (source, to):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def _listening() -> socket.socket:
    """On a port that no system gives to connections, so that it is free after `goes_away` too."""
    for _ in range(100):
        with suppress(OSError):  # it is taken
            return socket.create_server(("127.0.0.1", random.choice(PORTS)))
    raise OSError("no port is free")
