"""Parses the values of Host and Origin headers, strictly; knows nothing else of HTTP."""

from __future__ import annotations

import functools
import re
from ipaddress import IPv4Address, IPv6Address

from hub.net.addresses import Address

# A link-local address may have a zone, either as RFC 6874 writes it or bare: curl omits it from
# the header, as it should, browsers support none, and the common clients of Python send what was
# typed.
_HOST = re.compile(
    r"(?:\[([0-9a-f:.]{2,45})(?:%(?:25)?([a-z0-9._~-]{1,32}))?\]|([a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_.])?))(?::([1-9]\d{0,4}))?",
    re.ASCII,
)
# The browsers' rule (https://url.spec.whatwg.org/#ends-in-a-number-checker): such a host is an
# IPv4 address in some spelling, never a name.
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", re.ASCII)


def parse(header: str) -> tuple[str | Address, int] | None:
    """Parse 'host', 'host:port', '[IPv6]' or '[IPv6]:port'; None for every other spelling.

    Returns the host, as an address with its zone if it has one or as a name in lower case with its
    final dot if it has one, and the port, 80 where none is written.
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
            address = plain(IPv6Address(six))
            if zone is None:
                return address, port
            return (IPv6Address(f"{address}%{zone}"), port) if address.is_link_local else None
        if is_number(name.removesuffix(".")):
            return IPv4Address(name), port
    except ValueError:
        return None
    return None if ".." in name or name in (".", "") else (name, port)


def plain(address: Address) -> Address:
    """Return an address without its zone, and an IPv4-mapped IPv6 address as IPv4."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))
    return address


def is_number(host: str) -> bool:
    """Whether browsers take `host` for an IPv4 address, in whichever spelling."""
    return _ENDS_IN_NUMBER.fullmatch(host) is not None


def host_of(header: str) -> str:
    """Return the host of a Host header in browsers' canonical spelling; '' for an invalid one."""
    parsed = parse(header)
    if parsed is None:
        return ""
    host = parsed[0]
    return f"[{host}]" if isinstance(host, IPv6Address) else str(host)


def handed_over(host: str, state: str) -> str:
    """Return what a link to another address is bound to: that host and port, and the `state`.

    Different spellings of the same host give the same result; an invalid host gives ''.
    """
    parsed = parse(host)
    return f"{host_of(host)}:{parsed[1]} {state}" if parsed else ""


def same_origin(origin: str, host_header: str) -> bool:
    """Whether `origin` is that of the pages served at `host_header`: http, same host and port."""
    if origin[:7].lower() != "http://":
        return False
    parsed = parse(origin[7:])
    return parsed is not None and parsed == parse(host_header)
