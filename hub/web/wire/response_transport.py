"""A connection's transport as uvicorn's response knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.web.wire.http_connection import HttpConnection


class ResponseTransport:
    """The head goes out together with what follows it, in one call of the system, and the
    connection closes in stages.
    """

    __slots__ = ("_connection", "_head", "is_closing")

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection
        self._head: bytes | None = None  # what waits for the body, then nothing
        self.is_closing = connection.transport.is_closing

    def write(self, data: bytes) -> None:
        """The first that is written of a response is its head, whose body follows at once."""
        connection = self._connection
        if self._head is None:
            if connection.cycle.response_started and connection.scope["method"] != "HEAD":
                self._head = data
                return
        elif self._head:
            data, self._head = self._head + data, b""
        connection.transport.write(data)

    def flush(self) -> None:
        """Send a head that waits: what follows it goes another way."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        self.flush()
        self._connection.close_after_response()


class UntilClosed(int):
    """The length of a response that ends with its connection, from which uvicorn subtracts."""

    def __sub__(self, other: int) -> UntilClosed:
        return self

    def __lt__(self, other: int) -> bool:
        return False
