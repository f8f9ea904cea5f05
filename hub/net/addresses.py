"""The addresses and names of this computer: what peers can reach, and what a Host may say.

Knows nothing of HTTP beyond the text of a Host and an Origin header.
"""

from __future__ import annotations

import functools
import re
import socket
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

import ifaddr

from hub.errors import CannotStart

Address = IPv4Address | IPv6Address

# Interfaces that lead to containers, virtual machines and tunnels rather than to peers.
_VIRTUAL = re.compile(
    r"\b(?:docker|podman|veth|vethernet|virbr|br-|bridge\d|vbox|virtualbox|vmnet|vmware|hyper-v"
    r"|wsl|lxc|lxd|cni|flannel|cali|tun|tap|utun|wg|tailscale|zt|zerotier|ppp|awdl|llw|anpi)"
)
# A link-local address may bear its zone, as RFC 6874 writes it or bare: curl leaves it out, as it
# should, browsers know none, and the common clients of Python send it as it was typed.
_HOST = re.compile(
    r"(?:\[([0-9a-f:.]{2,45})(?:%(?:25)?([a-z0-9._~-]{1,32}))?\]|([a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_.])?))(?::([1-9]\d{0,4}))?",
    re.ASCII,
)
# The browsers' rule (https://url.spec.whatwg.org/#ends-in-a-number-checker): such a host is an
# IPv4 address in some spelling, never a name.
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", re.ASCII)


class Own(NamedTuple):
    """One address of this computer and the interface that bears it."""

    address: Address
    interface: str

    @property
    def virtual(self) -> bool:
        return _VIRTUAL.search(self.interface.lower()) is not None


def own() -> list[Own]:
    """Give all addresses of this computer, loopback included; link-local IPv6 with its scope."""
    found = []
    for adapter in ifaddr.get_adapters():
        interface = f"{adapter.name} {adapter.nice_name}"
        for ip in adapter.ips:
            if isinstance(ip.ip, str):
                found.append(Own(ip_address(ip.ip), interface))
            else:
                text, _, scope = ip.ip
                found.append(Own(ip_address(f"{text}%{scope}" if scope else text), interface))
    return found


def lan() -> list[str]:
    """Give the addresses at which peers may reach this computer, best first.

    Private IPv4 comes before public and before IPv6, and the interface that leads out first;
    containers, virtual machines and tunnels come last. Left out are loopback and link-local
    IPv6, which no browser takes.
    """
    found = [entry for entry in own() if _can_be_reached(entry.address)]
    way_out = _way_out()
    found.sort(
        key=lambda entry: (
            entry.virtual,
            entry.address.is_link_local,
            entry.address.version,
            not entry.address.is_private,
            str(entry.address) != way_out,
        )
    )
    return [str(entry.address) for entry in found]


def peers(host: str | None) -> list[str]:
    """Give the addresses at which peers may reach a hub that listens on `host`, best first.

    None, '' and '::' are all interfaces, '0.0.0.0' those of IPv4.
    """
    if host in (None, "", "::"):
        return lan()
    if host == "0.0.0.0":
        return [text for text in lan() if ":" not in text]
    assert host is not None
    return [] if host in ("localhost", "::1") or host.startswith("127.") else [host]


def base(address: str, port: int) -> str:
    """Give an address as it is typed: 'http://192.168.1.5:5000'."""
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def reachable(port: int, host: str | None = None) -> list[str]:
    """Give the addresses of `peers` as they are typed."""
    return [base(address, port) for address in peers(host)]


def host_names() -> list[str]:
    """Give this computer's own names in lower case: its host name, short and with '.local'.

    The last one is for mDNS and Hearth's alone, as the system announces its own name itself.
    """
    full = socket.gethostname().lower().rstrip(".")
    short = re.sub(r"[^a-z0-9-]", "-", full.partition(".")[0]).strip("-") or "computer"
    return list(dict.fromkeys([full, short, f"{short}.local", f"hearth-{short}.local"]))


class OwnNames:
    """Decides whether the value of a Host header means this hub.

    `names` are further names or addresses, separated by commas (the setting of that name).
    Interfaces come and go, so their addresses are asked for again: after 2 s, or for one that
    is not known, but then at most ten times a second.
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
        self._asked_at = float("-inf")
        self._always: set[Address] = set()
        self._names = {name for name in host_names() if not _ENDS_IN_NUMBER.fullmatch(name)}
        self._names.add("localhost")
        for name in filter(None, map(str.strip, names.split(","))):
            self._learn(name)

    def owns(self, host_header: str) -> bool:
        """Say whether `host_header` is one of the hub's own names or addresses, with any port."""
        parsed = _parse(host_header)
        if parsed is None:
            return False
        host = parsed[0]
        if isinstance(host, str):
            return host.removesuffix(".") in self._names
        host = _plain(host)
        return host.is_loopback or host in self._always or self._bears(host)

    def bears(self, address: str) -> bool:
        """Say whether somebody who comes from `address` sits at this computer."""
        try:
            plain = _plain(ip_address(address))
        except ValueError:
            return False
        return plain.is_loopback or self._bears(plain)

    def has_ipv6(self) -> bool:
        """Say whether this computer has any address of IPv6."""
        return any(entry.address.version == 6 for entry in self._list())

    def _bears(self, address: Address) -> bool:
        """Say whether an interface bears the address now."""
        if address.is_unspecified:
            return False
        age = self._clock() - self._asked_at
        if age >= 2 or (age >= 0.1 and address not in self._addresses):
            self._addresses = frozenset(_plain(entry.address) for entry in self._list())
            self._asked_at = self._clock()
        return address in self._addresses

    def _learn(self, name: str) -> None:
        """Take in one further name or address."""
        try:
            self._always.add(_plain(ip_address(name)))
        except ValueError:
            try:
                host = name.rstrip(".").encode("idna").decode("ascii").lower()
            except UnicodeError:
                host = ""
            if not _parse(host) or ":" in host or _ENDS_IN_NUMBER.fullmatch(host):
                raise CannotStart(
                    f"The setting 'names' holds {name!r}, which is no host name. Correct it."
                ) from None
            self._names.add(host)


class Reach:
    """Decides to which of the hub's own addresses somebody may be sent with what lets them in.

    `bound` is the address that the hub listens on, with `port`. Elsewhere than there another
    program may answer, even under a name that is the hub's own.
    """

    def __init__(self, own: OwnNames, port: int, bound: str) -> None:
        self._own = own
        self._port = port
        self._bound = _plain(ip_address(bound.partition("%")[0]))

    def leads_here(self, host: str, comes_from: str) -> bool:
        """Say whether a browser at the address `comes_from` reaches the hub by `host`.

        Loopback leads back to the browser's own computer, so that must be the hub's.
        """
        parsed = _parse(host)
        if parsed is None or parsed[1] != self._port or not self._own.owns(host):
            return False
        place = parsed[0]
        if isinstance(place, str):
            here, listens = place.removesuffix(".") == "localhost", self._everywhere(None)
        else:
            here, listens = place.is_loopback, place == self._bound or self._everywhere(place)
        return listens and (not here or self._own.bears(comes_from))

    def is_gone(self, via: str) -> bool:
        """Say whether `via`, from `host_of`, was an address of the hub and is none any more."""
        return bool(via) and not self._own.owns(via)

    def base(self, via: str) -> str:
        """Give the address, as it is typed, of the hub under a name of it from `host_of`."""
        return f"http://{via}:{self._port}/" if self._port != 80 else f"http://{via}/"

    def _everywhere(self, address: Address | None) -> bool:
        """Say whether the hub listens at this address of all that the computer has, or at all."""
        if not self._bound.is_unspecified:
            return False
        if self._bound.version == 6:
            return True
        return not self._own.has_ipv6() if address is None else address.version == 4


def host_of(header: str) -> str:
    """Give a Host without its port, in the one way in which browsers spell it; '' for none."""
    parsed = _parse(header)
    if parsed is None:
        return ""
    host = parsed[0]
    return f"[{host}]" if isinstance(host, IPv6Address) else str(host)


def handed_over(host: str, state: str) -> str:
    """To what a link for another address is bound: to it, however spelt, and to who asked."""
    parsed = _parse(host)
    return f"{host_of(host)}:{parsed[1]} {state}" if parsed else ""


def same_origin(origin: str, host_header: str) -> bool:
    """Say whether a page from `origin` is a page of the hub that `host_header` names.

    It is for 'http://' and the very same host and port, 80 where none is written.
    """
    if origin[:7].lower() != "http://":
        return False
    parsed = _parse(origin[7:])
    return parsed is not None and parsed == _parse(host_header)


def _parse(header: str) -> tuple[str | Address, int] | None:
    """Read 'host', 'host:port', '[IPv6]' or '[IPv6]:port'; None for every other spelling.

    Gives the host as an address, with its zone if it has one, or as a name in lower case, with
    its final dot if it has one.
    """
    return _parsed(header.lower()) if header.isascii() and len(header) < 300 else None


@functools.lru_cache(maxsize=1024)
def _parsed(header: str) -> tuple[str | Address, int] | None:
    match = _HOST.fullmatch(header)
    if match is None:
        return None
    six, zone, name, digits = match.groups()
    port = int(digits or 80)
    if port > 65535:
        return None
    try:
        if six is not None:
            address = _plain(IPv6Address(six))
            if zone is None:
                return address, port
            return (IPv6Address(f"{address}%{zone}"), port) if address.is_link_local else None
        if _ENDS_IN_NUMBER.fullmatch(name.removesuffix(".")):
            return IPv4Address(name), port
    except ValueError:
        return None
    return None if ".." in name or name in (".", "") else (name, port)


def _plain(address: Address) -> Address:
    """Give an address without its scope, and an IPv4 address that is dressed as IPv6 bare."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))
    return address


def _can_be_reached(address: Address) -> bool:
    unusable = address.is_loopback or address.is_unspecified or address.is_multicast
    return not unusable and not (address.version == 6 and address.is_link_local)


def _way_out() -> str:
    """Give the address from which this computer would reach the world; nothing is sent."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            # TEST-NET-3 (RFC 5737): belongs to nobody, and a datagram socket only looks it up.
            probe.connect(("203.0.113.1", 9))
            return str(probe.getsockname()[0])
    except OSError:
        return ""
