"""How many connections there may be, in all and for each address, and how much comes over them."""

from __future__ import annotations

import functools
import ipaddress
from collections import Counter
from typing import Final

from hub.access.rate_limit import RateLimit

COMMANDS: Final = 200
"""So many times as fast as one person speaks may commands of all kinds, pings and nonsense come
over the live connections of one address: each page in a room answers each message with how far
it has read. 256 bytes count as much as a command."""
COMMANDS_AT_ONCE: Final = 4000
"""So many may come from one address at once: a client comes back to all its rooms."""
REQUESTS: Final = 50
"""So many times as fast as one person speaks may requests come from one address."""
REQUESTS_AT_ONCE: Final = 4000
"""So many may come at once: a class opens the page, which has some sixty files."""
WAITING: Final = 32
"""How many connections that are one too many are told so at a time; others are just closed."""


class Gate:
    """Counts connections, in all and by address; 0 means no limit.

    `message_rate` is how many messages a second one person may send, from which `commands` and
    `requests` have theirs.
    """

    def __init__(self, connections: int, per_address: int, message_rate: float = 0.0) -> None:
        self.commands = RateLimit(COMMANDS * message_rate, COMMANDS_AT_ONCE)
        self.requests = RateLimit(REQUESTS * message_rate, REQUESTS_AT_ONCE)
        self._most = connections
        self._most_each = per_address
        self._each: Counter[str] = Counter()
        self._all = 0
        self._waiting = 0

    def enter(self, address: str) -> bool:
        """Whether one more connection from this address may stay; if so it is counted."""
        if self._most and self._all >= self._most:
            return False
        if self._most_each and self._each[address] >= self._most_each:
            return False
        self._all += 1
        self._each[address] += 1
        return True

    def leave(self, address: str) -> None:
        self._all -= 1
        self._each[address] -= 1
        if not self._each[address]:
            del self._each[address]

    def wait(self) -> bool:
        """Whether one that may not stay may wait to be told so; if so it is counted."""
        if self._waiting >= WAITING:
            return False
        self._waiting += 1
        return True

    def told(self) -> None:
        self._waiting -= 1


@functools.lru_cache(maxsize=1024)
def source(address: str) -> str:
    """Whom an address stands for: itself for IPv4, its /64 for IPv6, where one has them all."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        if not parsed.is_loopback:
            return str(ipaddress.IPv6Network((parsed, 64), strict=False))
    return str(parsed)
