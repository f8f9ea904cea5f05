"""Live connections seen from both ends: clients that read slowly, and the hub's side of one."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hub.web.live import LiveConnection
from tests.serving import Serving


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [x["n"] for x in events if "n" in x]


def narrow(hub: Serving) -> dict[str, Any]:
    """The options of a client whose receive buffer is small."""
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.connect(("127.0.0.1", hub.port))
    return {"sock": small, "max_queue": 1, "close_timeout": 0.2}


def outbox_of(hub: Serving, name: str) -> int | None:
    """The bytes in a person's outbox; None where the hub has ended their connection."""
    own = hub.server._hub
    assert own is not None

    def waiting() -> int | None:
        found = [x._outbox for x in own.clients if x.person.name == name]  # type: ignore[attr-defined]
        return found[0]._bytes if found and not found[0]._closed else None

    return hub.on_loop(waiting)


@contextmanager
def held_back(hub: Serving, name: str) -> Iterator[LiveConnection]:
    """The connection of a person, once backpressure has stopped reading from it."""
    own = hub.server._hub
    assert own is not None
    session = next(x for x in own.clients if x.person.name == name)
    assert isinstance(session, LiveConnection)
    deadline = time.monotonic() + 60
    while hub.on_loop(session._socket.transport.is_reading):
        assert time.monotonic() < deadline, "it is still read from"
        time.sleep(0.01)
    yield session
