"""Decides to which of the hub's own addresses a browser may be sent with a credential."""

from __future__ import annotations

from ipaddress import ip_address

from hub.net.addresses import Address
from hub.net.host_header import parse, plain
from hub.net.own_names import OwnNames


class Reach:
    """`bound` is the address that the hub listens on, with `port`.

    At any other address another program may answer, even under a name that is the hub's own.
    """

    def __init__(self, own: OwnNames, port: int, bound: str) -> None:
        self._own = own
        self._port = port
        self._bound = plain(ip_address(bound.partition("%")[0]))

    def leads_here(self, host: str, comes_from: str) -> bool:
        """Whether a browser at the address `comes_from` reaches the hub at `host`.

        Loopback leads to the browser's own computer, which then has to be the hub's.
        """
        parsed = parse(host)
        if parsed is None or parsed[1] != self._port or not self._own.owns(host):
            return False
        target = parsed[0]
        if isinstance(target, str):
            if not self._own.has_now(target):
                return False  # by now another computer may have that name
            loopback, listens = target.removesuffix(".") == "localhost", self._listens_at(None)
        else:
            loopback = target.is_loopback
            listens = target == self._bound or self._listens_at(target)
        return listens and (not loopback or self._own.bears(comes_from))

    def is_gone(self, via: str) -> bool:
        """Whether `via`, a result of `host_of`, was an address of the hub and no longer is."""
        return bool(via) and not self._own.owns(via)

    def base(self, via: str) -> str:
        """Return the URL of the hub under the name `via`, a result of `host_of`."""
        return f"http://{via}:{self._port}/" if self._port != 80 else f"http://{via}/"

    def _listens_at(self, address: Address | None) -> bool:
        """Whether a hub bound to all interfaces listens at `address`; None means at each it has."""
        if not self._bound.is_unspecified:
            return False
        if self._bound.version == 6:
            return True
        return not self._own.has_ipv6() if address is None else address.version == 4
