"""What a hub is called on the network: the name of its service, and a host name of its own."""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Iterator
from typing import Final

from hub.net.addresses import host_names

LABEL_BYTES: Final = 59
"""Bytes of a label, which may have 63 (RFC 1035): a number follows where the name is taken."""
TRIES: Final = 9
"""Numbers that are tried, until the hub's name is not used as a host name."""


def service_name(name: str) -> str:
    """The name of the service (RFC 6763, 4.1.1) of a hub that its host calls `name`, or "".

    zeroconf takes a dot for the end of a label, so there is none in it.
    """
    wanted = name or f"Hearth on {socket.gethostname().partition('.')[0]}"
    text = " ".join(unicodedata.normalize("NFC", wanted).replace(".", " ").split())
    return text.encode()[:LABEL_BYTES].decode("utf-8", "ignore").strip() or service_name("")


def wanted_host_names(name: str) -> Iterator[tuple[str, bool]]:
    """The host names to try for a hub that its host calls `name`, or "", best first.

    Each comes with whether it is the last, which is the hub's own in any case. Browsers ask the
    network for names in ASCII only, so a name without letters of it has none.
    """
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    label = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['\"]", "", folded)).strip("-")
    label = label[:LABEL_BYTES].strip("-")
    # The system's own name it must not claim: the system would rename itself.
    if re.search("[a-z]", label) and f"{label}.local" not in host_names():
        yield f"{label}.local", False
        for number in range(2, TRIES + 1):
            yield f"{label}-{number}.local", False
    yield host_names()[-1], True
