"""How many connections there may be, in all and for each address."""

from __future__ import annotations

import functools
import ipaddress
from collections import Counter


class Gate:
    """Counts connections, in all and by address; 0 means no limit."""

    def __init__(self, connections: int, per_address: int) -> None:
        self._most = connections
        self._most_each = per_address
        self._each: Counter[str] = Counter()
        self._all = 0

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
