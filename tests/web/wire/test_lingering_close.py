"""A last response reaches a sender that still sends, for as long as it may."""

from __future__ import annotations

import time

import pytest

from tests.conftest import Serve
from tests.serving import Serving
from tests.web.wire.test_http_connection import announced, answers, connected


def test_a_sender_that_never_stops_is_cut_off(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send_on(piece: bytes, pause: float) -> None:
        with connected(hub) as connection, pytest.raises(OSError, match=r"reset|pipe"):
            connection.sendall(announced(1 << 40))
            for _ in range(4000):
                connection.sendall(piece)
                time.sleep(pause)

    with monkeypatch.context() as patched:
        patched.setattr("hub.web.wire.lingering_close.LINGER_BYTES", 1 << 20)
        send_on(b"x" * (1 << 16), 0)
    monkeypatch.setattr("hub.web.wire.lingering_close.IDLE_SECONDS", 0.2)
    monkeypatch.setattr("hub.web.wire.http_connection.LINGER_SECONDS", 0.5)
    send_on(b"x", 0.01)


def test_a_rejected_sender_is_cut_off_sooner(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.wire.lingering_close.IDLE_SECONDS", 0.3)
    monkeypatch.setattr("hub.web.wire.http_connection.LINGER_SECONDS", 3000.0)
    hub = serve(connections_per_address=1)
    with connected(hub) as first, connected(hub) as second:
        assert answers(first).startswith(b"HTTP/1.1 200 ")
        second.sendall(announced(1 << 30))
        with pytest.raises(OSError, match=r"reset|pipe"):
            for _ in range(4000):
                second.sendall(b"x")
                time.sleep(0.01)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"X": "\x01"}, 400),
        ({"X": "y" * 17_000}, 400),
    ],
)
def test_a_client_that_reads_after_sending_gets_the_response(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], status: int
) -> None:
    monkeypatch.setattr("hub.web.wire.lingering_close.IDLE_SECONDS", 60.0)
    for _ in range(3):
        lines = "".join(f"{x}: {y}\r\n" for x, y in {"Host": "localhost", **headers}.items())
        head = f"POST /api/chat/general HTTP/1.1\r\n{lines}Content-Length: {8 << 20}\r\n\r\n"
        with connected(hub) as connection:
            connection.sendall(head.encode() + b"x" * (8 << 20))
            assert connection.recv(1 << 16).split(b" ")[1] == str(status).encode()
