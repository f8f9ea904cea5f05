"""Decides whether a Host header names this hub, which is what stops DNS rebinding."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Final

from hub.errors import CannotStart
from hub.net.addresses import Address, Own, host_names, own
from hub.net.host_header import is_number, parse, plain

FRESH_SECONDS: Final = 2.0
"""Seconds for which the list of this computer's addresses is reused."""
RETRY_SECONDS: Final = 0.1
"""Seconds between two listings while somebody asks for addresses that are not in it."""


class OwnNames:
    """The names and addresses of this hub.

    `names` are additional names or addresses, separated by commas (the setting of that name).
    Interfaces come and go, so their addresses are listed again after FRESH_SECONDS, or for an
    unknown address after RETRY_SECONDS.
    """

    def __init__(
        self,
        names: str = "",
        clock: Callable[[], float] = time.monotonic,
        addresses: Callable[[], Iterable[Own]] = own,
    ) -> None:
        self._clock = clock
        self._list = addresses
        self._addresses: frozenset[Address] = frozenset()
        self._zones: frozenset[tuple[Address, str]] = frozenset()
        self._listed_at = float("-inf")
        self._always: set[Address] = set()
        self._names = {*host_names(), "localhost"}
        self._claimed = ""
        self._claimed_before: frozenset[str] = frozenset()
        for name in filter(None, map(str.strip, names.split(","))):
            self._add(name)

    def owns(self, host_header: str) -> bool:
        """Whether `host_header` is one of the hub's own names or addresses, with any port."""
        parsed = parse(host_header)
        if parsed is None:
            return False
        host = parsed[0]
        if isinstance(host, str):
            return self.has_now(host) or host.removesuffix(".") in self._claimed_before
        host = plain(host)
        return host.is_loopback or host in self._always or self._has(host)

    def has_now(self, name: str) -> bool:
        """Whether `name`, of a parsed header, is one that the hub has, and not one that it had."""
        name = name.removesuffix(".")
        return name in self._names or (name != "" and name == self._claimed)

    def claim(self, name: str) -> None:
        """Take a host name that the hub has on the network from now on, in place of an earlier one.

        That still counts in `owns`: pages that came from there would else be refused at once.
        """
        if self._claimed != name:
            self._claimed_before |= {self._claimed} - {""}
            self._claimed = name

    def bears(self, address: str) -> bool:
        """Whether a connection from `address` comes from this computer itself."""
        try:
            given = ip_address(address)
        except ValueError:
            return False
        sender = plain(given)
        if sender.is_loopback or not self._has(sender):
            return sender.is_loopback
        # The same link-local address may be ours on one cable, and another computer's on the next.
        return not (sender.version == 6 and sender.is_link_local) or _zoned(given) in self._zones

    def has_ipv6(self) -> bool:
        """Whether this computer has any IPv6 address."""
        return any(entry.address.version == 6 for entry in self._list())

    def _has(self, address: Address) -> bool:
        """Whether an interface has the address now."""
        if address.is_unspecified:
            return False
        age = self._clock() - self._listed_at
        if age >= FRESH_SECONDS or (age >= RETRY_SECONDS and address not in self._addresses):
            entries = list(self._list())
            self._addresses = frozenset(plain(entry.address) for entry in entries)
            self._zones = frozenset(_zoned(entry.address) for entry in entries)
            self._listed_at = self._clock()
        return address in self._addresses

    def _add(self, name: str) -> None:
        try:
            self._always.add(plain(ip_address(name)))
        except ValueError:
            try:
                host = name.rstrip(".").encode("idna").decode("ascii").lower()
            except UnicodeError:
                host = ""
            if not parse(host) or ":" in host or is_number(host):
                raise CannotStart(
                    f"The setting 'names' holds {name!r}, which is no host name. Correct it."
                ) from None
            self._names.add(host)


def _zoned(address: Address) -> tuple[Address, str]:
    """An address, and the number of the interface on whose cable it is, "" where none is said."""
    zone = getattr(address, "scope_id", None) or ""
    if zone and not zone.isdecimal():
        with contextlib.suppress(OSError):  # it is gone
            zone = str(socket.if_nametoindex(zone))
    return plain(address), zone
