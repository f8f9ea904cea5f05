"""Keeps everybody but this computer out for a while, at most until the hub ends."""

from __future__ import annotations

from typing import Final

from hub.clients import Clients
from hub.errors import Refused

AGAIN_SECONDS: Final = 10.0
"""Seconds after which somebody who is kept out may ask again."""


class Pause:
    """`clients` are the live connections, some of which come from this computer (`from_here`).

    Lives on the event loop that owns them.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self.is_on = False

    def switch(self, on: bool) -> None:
        """Begin it, which closes the connections of all others, or end it."""
        self.is_on = on
        if on:
            self._clients.pause()

    def check(self, from_here: bool) -> None:
        """Raises Refused (503) for others than this computer, while it is on."""
        if self.is_on and not from_here:
            raise Refused(
                "paused",
                "The host has paused this Hearth. Come back a little later.",
                503,
                AGAIN_SECONDS,
            )
