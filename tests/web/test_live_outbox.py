"""What is left of a live connection once it has ended."""

from __future__ import annotations

import time

from tests.conftest import Live
from tests.patience import PATIENCE
from tests.serving import Serving


def test_the_outbox_of_a_client_that_is_gone_keeps_nothing(hub: Serving, live: Live) -> None:
    """Whatever still holds the connection, such as a command that is being saved, may put in."""
    talk = live("naor")
    own = hub.server._hub
    assert own is not None
    [client] = list(own.clients)
    outbox = client._outbox  # type: ignore[attr-defined]

    def stall() -> None:
        outbox.pause()
        client.put(b"waiting")

    hub.on_loop(stall)
    assert outbox._bytes == len(b"waiting")
    talk.close()
    deadline = time.monotonic() + PATIENCE
    while hub.on_loop(lambda: len(own.clients)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    hub.on_loop(lambda: client.put(b"late"))
    assert outbox._bytes == 0
