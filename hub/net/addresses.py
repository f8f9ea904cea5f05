"""The addresses and names of this computer: which it has, and which of them peers can reach."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

import ifaddr

Address = IPv4Address | IPv6Address

# Interfaces that lead to containers, virtual machines and tunnels rather than to peers.
_VIRTUAL = re.compile(
    r"\b(?:docker|podman|veth|vethernet|virbr|br-|bridge\d|vbox|virtualbox|vmnet|vmware|hyper-v"
    r"|wsl|lxc|lxd|cni|flannel|cali|tun|tap|utun|wg|tailscale|zt|zerotier|ppp|awdl|llw|anpi)"
)


class Own(NamedTuple):
    """One address of this computer and the interface that has it."""

    address: Address
    interface: str

    @property
    def virtual(self) -> bool:
        return _VIRTUAL.search(self.interface.lower()) is not None


def own() -> list[Own]:
    """Return all addresses of this computer, loopback included; link-local IPv6 with its zone."""
    found = []
    for adapter in ifaddr.get_adapters():
        interface = f"{adapter.name} {adapter.nice_name}"
        for ip in adapter.ips:
            if isinstance(ip.ip, str):
                found.append(Own(ip_address(ip.ip), interface))
            else:
                text, _, zone = ip.ip
                found.append(Own(ip_address(f"{text}%{zone}" if zone else text), interface))
    return found


def lan() -> list[str]:
    """Return the addresses at which peers may reach this computer, best first.

    Private IPv4 comes before public IPv4 and before IPv6, and the address of the default route
    first; containers, virtual machines and tunnels come last. Loopback is left out, and so is
    link-local IPv6, which no browser accepts.
    """
    found = [entry for entry in own() if _can_be_reached(entry.address)]
    default_route = _default_route_address()
    found.sort(
        key=lambda entry: (
            entry.virtual,
            entry.address.is_link_local,
            entry.address.version,
            not entry.address.is_private,
            str(entry.address) != default_route,
        )
    )
    return [str(entry.address) for entry in found]


def peers(host: str | None) -> list[str]:
    """Return the addresses at which peers may reach a hub that listens on `host`, best first.

    None, '' and '::' mean all interfaces, '0.0.0.0' all interfaces with IPv4 only.
    """
    if host in (None, "", "::"):
        return lan()
    if host == "0.0.0.0":
        return [text for text in lan() if ":" not in text]
    assert host is not None
    return [] if host in ("localhost", "::1") or host.startswith("127.") else [host]


def base(address: str, port: int) -> str:
    """Return the URL of an address as people type it: 'http://192.168.1.5:5000'."""
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def own_base(host: str | None, port: int) -> str:
    """Return the URL at which this computer itself reaches a hub that listens on `host`."""
    everywhere = host in (None, "", "0.0.0.0", "::", "localhost")
    return base("127.0.0.1" if everywhere else str(host), port)


def reachable(port: int, host: str | None = None) -> list[str]:
    """Return the URLs of `peers`."""
    return [base(address, port) for address in peers(host)]


def host_names() -> list[str]:
    """Return this computer's names in lower case: its host name, the short one and '.local' ones.

    The last is Hearth's own for mDNS, because the system announces the others itself.
    """
    full = socket.gethostname().lower().rstrip(".")
    short = re.sub(r"[^a-z0-9-]", "-", full.partition(".")[0]).strip("-") or "computer"
    return list(dict.fromkeys([full, short, f"{short}.local", f"hearth-{short}.local"]))


def _can_be_reached(address: Address) -> bool:
    unusable = address.is_loopback or address.is_unspecified or address.is_multicast
    return not unusable and not (address.version == 6 and address.is_link_local)


def _default_route_address() -> str:
    """Return the address from which this computer would reach the internet; sends nothing."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            # TEST-NET-3 (RFC 5737): connecting a datagram socket only looks up the route.
            probe.connect(("203.0.113.1", 9))
            return str(probe.getsockname()[0])
    except OSError:
        return ""
