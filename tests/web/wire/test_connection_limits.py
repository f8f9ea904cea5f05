"""How many connections there may be, from key, and how fast requests may come."""

from __future__ import annotations

import json
import time

import pytest
from websockets.exceptions import InvalidMessage, InvalidStatus

from hub.web.wire.connection_limits import (
    TINY_BYTES,
    ConnectionLimits,
    bulk_cost,
    piece_cost,
    source,
)
from tests.conftest import Live, Serve
from tests.patience import PATIENCE
from tests.serving import Serving
from tests.web.wire.test_http_connection import HEAD, answers, connected


def until_free(hub: Serving) -> bytes:
    """Send requests until one is not rejected."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with connected(hub) as connection:
            answer = answers(connection)
        if answer.startswith(b"HTTP/1.1 200 ") or time.monotonic() > deadline:
            return answer
        time.sleep(0.02)


def test_a_released_connection_makes_room_for_another() -> None:
    limits = ConnectionLimits(3, 2)
    assert [limits.admit(x) for x in ("a", "a", "a", "b", "c")] == [True, True, False, True, False]
    limits.release("a")
    assert [limits.admit(x) for x in ("c", "a")] == [True, False]
    for address in ("a", "b", "c"):
        limits.release(address)
    assert limits._admitted == {}
    assert limits._total == 0


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.168.1.5", "192.168.1.5"),
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:192.168.1.5", "192.168.1.5"),
        ("::1", "::1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fd00::5", "fd00::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("fe80::2", "fe80::/64"),
    ],
)
def test_the_key_of_an_address(address: str, key: str) -> None:
    assert source(address) == key


def test_connections_of_one_address_are_limited(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = serve(connections_per_address=3)
    held = [connected(hub) for _ in range(3)]
    assert all(answers(x).startswith(b"HTTP/1.1 200 ") for x in held)
    with connected(hub) as fourth:
        refused = fourth.recv(1 << 16)
        head, _, body = refused.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: " in head
        assert f"Content-Length: {len(body)}".encode() in head
        assert fourth.recv(1) == b"", "and it is closed"
    monkeypatch.setattr("hub.web.wire.http_connection.REJECTION_SECONDS", 10.0)
    with connected(hub) as fifth:
        head, _, body = answers(fifth).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"Content-Type: application/json" in head
        assert json.loads(body)["error"]["code"] == "too_many"
    with connected(hub, "127.0.0.2") as elsewhere:
        assert answers(elsewhere).startswith(b"HTTP/1.1 200 ")
    held.pop().close()
    assert until_free(hub).startswith(b"HTTP/1.1 200 ")
    for connection in held:
        connection.close()


def test_connections_in_all_are_limited(serve: Serve) -> None:
    hub = serve(connections=2)
    held = [connected(hub, f"127.0.0.{n}") for n in (2, 3)]
    assert all(answers(x).startswith(b"HTTP/1.1 200 ") for x in held)
    with connected(hub, "127.0.0.4") as third:
        assert third.recv(1 << 16).startswith(b"HTTP/1.1 503 ")
    for connection in held:
        connection.close()
    assert until_free(hub).startswith(b"HTTP/1.1 200 ")


def test_websockets_count_until_they_end(serve: Serve, live: Live) -> None:
    hub = serve(connections_per_address=2)
    talks = [live(f"naor{n}", at=hub) for n in range(2)]
    with pytest.raises((InvalidStatus, InvalidMessage)):
        live(at=hub)
    for talk in talks:
        talk.close()
    assert until_free(hub).startswith(b"HTTP/1.1 200 ")
    for n in range(6):  # a place that is given back is whole again
        live(f"again{n}", at=hub).close()
        assert until_free(hub).startswith(b"HTTP/1.1 200 ")


def test_zero_is_no_limit(serve: Serve) -> None:
    hub = serve(connections=0, connections_per_address=0)
    held = [connected(hub) for _ in range(100)]
    assert answers(held[-1]).startswith(b"HTTP/1.1 200 ")
    for connection in held:
        connection.close()


def test_rejections_that_wait_for_their_answer_are_limited(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.connection_limits.REJECTIONS", 2)
    monkeypatch.setattr("hub.web.wire.http_connection.REJECTION_SECONDS", 10.0)
    hub = serve(connections=1)
    with connected(hub) as held:
        assert answers(held).startswith(b"HTTP/1.1 200 ")
        waiting = [connected(hub) for _ in range(2)]
        with connected(hub) as one_more:
            try:
                assert one_more.recv(1) == b"", "it is closed at once"
            except ConnectionResetError:
                pass
        for each in waiting:
            assert answers(each).startswith(b"HTTP/1.1 503 ")
            each.close()
    assert until_free(hub).startswith(b"HTTP/1.1 200 ")
    assert until_free(hub).startswith(b"HTTP/1.1 200 ")


def test_requests_beyond_the_rate_are_not_read(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Responses are counted; other addresses are served all the time."""
    monkeypatch.setattr("hub.web.wire.connection_limits.REQUEST_BURST", 10)
    hub = serve(message_rate=0.0001)  # so that no time gives more
    with connected(hub) as fast, connected(hub) as other:
        fast.sendall((HEAD + b"\r\n") * 30)
        taken = b""
        while taken.count(b"HTTP/1.1 200 ") < 10 and (more := fast.recv(1 << 16)):
            taken += more
        other.sendall(HEAD + b"\r\n")
        for _ in range(5):
            assert hub.ask("GET", "/api/health", source="127.0.0.2").status == 200
        for waiting in (fast, other):
            waiting.settimeout(0.3)
            with pytest.raises(TimeoutError):
                while more := waiting.recv(1 << 16):
                    taken += more
        assert taken.count(b"HTTP/1.1 200 ") == 10


def test_requests_beyond_the_burst_are_answered_later(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.connection_limits.REQUEST_BURST", 5)
    monkeypatch.setattr("hub.web.wire.http_connection.MIN_PAUSE_SECONDS", 0.5)
    monkeypatch.setattr(
        "hub.web.wire.http_connection.REQUEST_SECONDS", 0.3
    )  # it is the hub that waits
    hub = serve(message_rate=1.0)
    began = time.monotonic()
    answer = hub.raw((HEAD + b"\r\n") * 30 + HEAD + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 ") == 31
    assert time.monotonic() - began > 0.3


def test_a_client_that_leaves_during_a_rate_limit_is_released(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.connection_limits.REQUEST_BURST", 1)
    hub = serve(message_rate=0.01, connections_per_address=1)  # one request in 2 s
    with connected(hub) as connection:
        assert answers(connection).startswith(b"HTTP/1.1 200 ")
        connection.sendall(HEAD + b"\r\n")
        time.sleep(0.2)
    deadline = time.monotonic() + PATIENCE
    while True:
        assert time.monotonic() < deadline, "it is still counted"
        with connected(hub) as another:
            another.settimeout(1.0)
            try:
                assert another.recv(12) in (b"", b"HTTP/1.1 503")
            except TimeoutError:  # admitted: a rejection comes at once
                break
    hub.stop()
    assert hub.server.failed is None
    hub.start()


def test_a_piece_of_a_large_file_costs_little_unless_it_is_tiny() -> None:
    assert bulk_cost(1 << 20) == 1
    assert bulk_cost(1 << 18) * 4 == 1
    assert bulk_cost(TINY_BYTES) == TINY_BYTES / (1 << 20)
    for size in (1, TINY_BYTES - 1):
        assert piece_cost(1) - 1 / 1024 <= bulk_cost(size) <= piece_cost(size)
