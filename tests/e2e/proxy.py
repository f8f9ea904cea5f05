"""A bad network between a page and its hub: passes bytes on, or not."""

from __future__ import annotations

import socket
import threading
from typing import Self


class Proxy:
    """Listens on loopback at `port` and passes everything on to the hub's port.

    With `deaf` nothing of the hub reaches the page; with `no_upgrade` requests for a WebSocket
    are answered by 403, as some middle boxes do.
    """

    def __init__(self, to: int) -> None:
        self.deaf = False
        self.no_upgrade = False
        self.upgrades = 0
        self._to = to
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def cut(self) -> None:
        """Cut every connection that there is."""
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def _accept(self) -> None:
        while True:
            try:
                page, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(page,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, page: socket.socket) -> None:
        with page, socket.create_connection(("127.0.0.1", self._to)) as hub:
            self._open += [page, hub]
            back = threading.Thread(target=self._pass, args=(hub, page, True), daemon=True)
            back.start()
            self._pass(page, hub, False)
            back.join(5)

    def _pass(self, source: socket.socket, to: socket.socket, back: bool) -> None:
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
        except OSError:
            pass
        for end in (source, to):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
