"""How many connections there may be, in all and for each address, and how much comes over them."""

from __future__ import annotations

import functools
import ipaddress
from collections import Counter
from typing import Final

from hub.access.rate_limit import RateLimit

COMMANDS: Final = 200
"""Commands of all kinds that one address may send over its WebSockets, as a multiple of one
person's message rate: each page answers each message of others with how far it has read."""
COMMAND_BURST: Final = 4000
"""Commands that one address may send at once: a client rejoins all its rooms."""
REQUESTS: Final = 50
"""HTTP requests that one address may send, as a multiple of one person's message rate."""
REQUEST_BURST: Final = 4000
"""Requests that one address may send at once: a class opens the page, which has sixty files."""
REJECTIONS: Final = 32
"""Connections beyond the limit that are answered at a time; others are closed at once."""

UPGRADE_COST: Final = 8
"""What the handshake of a WebSocket costs, in requests."""
_HEAD_BYTES: Final = 1 << 12
"""Bytes of a head that cost as much as one more request."""
_HEAD_ESCAPES: Final = 1 << 8
"""Percent signs in a head that cost as much as one more request: decoding them takes long."""
_BODY_BYTES: Final = 1 << 10
"""Bytes of a body that cost as much as one more request."""
_PIECE_COST: Final = 1 / 64
"""What a piece of a body costs in requests: a chunk of one byte takes as long as one of 100."""

TINY_BYTES: Final = 1 << 10
"""A piece of a large file below that costs as much as any other piece."""
_BULK_BYTES: Final = 1 << 20
"""Bytes of a large file that cost as much as one more request."""


class ConnectionLimits:
    """Admits connections and limits the rate of what each address sends over them.

    `connections` are allowed in all and `per_address` from each address; 0 means no limit.
    `message_rate` is how many messages a second one person may send; the rate limits `commands`
    and `requests`, whose keys are addresses as `source` gives them, are multiples of it.
    """

    def __init__(self, connections: int, per_address: int, message_rate: float = 0.0) -> None:
        self.commands = RateLimit(COMMANDS * message_rate, COMMAND_BURST)
        self.requests = RateLimit(REQUESTS * message_rate, REQUEST_BURST)
        self._connections = connections
        self._per_address = per_address
        self._admitted: Counter[str] = Counter()
        self._total = 0
        self._rejections = 0

    def admit(self, address: str) -> bool:
        """Count one more connection from this address, or give False where that is too many."""
        if self._connections and self._total >= self._connections:
            return False
        if self._per_address and self._admitted[address] >= self._per_address:
            return False
        self._total += 1
        self._admitted[address] += 1
        return True

    def release(self, address: str) -> None:
        """Give back what `admit` counted."""
        self._total -= 1
        self._admitted[address] -= 1
        if not self._admitted[address]:
            del self._admitted[address]

    def admit_rejection(self) -> bool:
        """Count one more rejected connection that waits for its answer, or give False."""
        if self._rejections >= REJECTIONS:
            return False
        self._rejections += 1
        return True

    def release_rejection(self) -> None:
        """Give back what `admit_rejection` counted."""
        self._rejections -= 1


@functools.lru_cache(maxsize=1024)
def source(address: str) -> str:
    """The key under which an address is limited: itself for IPv4, for IPv6 its /64 network,
    all of whose addresses belong to one subscriber.
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        if not parsed.is_loopback:
            return str(ipaddress.IPv6Network((parsed, 64), strict=False))
    return str(parsed)


def head_cost(head: bytes) -> int:
    """What a request with this head costs, in requests."""
    return 1 + len(head) // _HEAD_BYTES + head.count(b"%") // _HEAD_ESCAPES


def piece_cost(size: int) -> float:
    """What a piece of a body of this size costs, in requests."""
    return _PIECE_COST + size / _BODY_BYTES


def bulk_cost(size: int) -> float:
    """What a piece of this size of a large file costs, in requests."""
    return (_PIECE_COST if size < TINY_BYTES else 0.0) + size / _BULK_BYTES
