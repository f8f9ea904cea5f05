"""What goes out of a response when, and in how many writes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hub.web.wire.response_transport import ResponseTransport, UntilClosed


class Connection:
    """As much of a connection as a response needs."""

    def __init__(self, method: str) -> None:
        self.told: list[Any] = []
        self.scope = {"method": method}
        self.cycle = SimpleNamespace(response_started=False)
        self.transport = SimpleNamespace(write=self.told.append, is_closing=lambda: False)

    def close_after_response(self) -> None:
        self.told.append("closed")


def begun(method: str = "GET") -> tuple[Connection, ResponseTransport]:
    connection = Connection(method)
    transport = ResponseTransport(connection)  # type: ignore[arg-type]
    transport.write(b"100")
    connection.cycle.response_started = True
    transport.write(b"head,")
    return connection, transport


def test_a_head_goes_out_with_what_follows() -> None:
    connection, transport = begun()
    assert connection.told == [b"100"]
    transport.write(b"body")
    transport.write(b"more")
    transport.close()
    assert connection.told == [b"100", b"head,body", b"more", "closed"]
    assert not transport.is_closing()


def test_a_head_goes_out_alone_where_it_is_flushed() -> None:
    connection, transport = begun()
    transport.flush()
    transport.flush()
    assert connection.told == [b"100", b"head,"]
    transport.write(b"body")
    assert connection.told == [b"100", b"head,", b"body"]


def test_a_head_is_not_lost_where_nothing_follows() -> None:
    connection, transport = begun()
    transport.close()
    assert connection.told == [b"100", b"head,", "closed"]
    connection, transport = begun("HEAD")
    assert connection.told == [b"100", b"head,"]
    transport.flush()
    assert connection.told == [b"100", b"head,"]


def test_the_length_until_the_end_has_room_for_everything() -> None:
    length = UntilClosed()
    assert not length < 5
    length -= 5
    assert not length < 1 << 60
    assert length == 0
