"""Announces the hub on the local network by mDNS (DNS-SD) while it runs.

Best effort: whatever goes wrong here is logged and stops nothing.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Sequence
from ipaddress import ip_address

from hub.errors import CannotStart
from hub.net.addresses import host_names
from hub.threads import start

TYPE = "_http._tcp.local."

log = logging.getLogger(__name__)


def announce(
    port: int, version: str, addresses: Sequence[str], room: str = "general"
) -> Announcement:
    """Announce the hub as 'Hearth on <host name>' until the result is closed; returns at once.

    `addresses` are this computer's IP addresses that peers can reach, as text.
    """
    return Announcement(port, version, addresses, room)


class Announcement:
    """One hub's service, registered by a thread of its own until `close`.

    `name` is the name of the service once it is registered, '' before: a number is added where
    another hub has the same name.
    """

    name = ""

    def __init__(self, port: int, version: str, addresses: Sequence[str], room: str) -> None:
        self._port = port
        self._addresses = [ip_address(text) for text in addresses]
        self._properties = {"path": f"/{room}", "app": "hearth", "version": version}
        self._registered = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mdns", daemon=True)
        try:
            start(self._thread)
        except CannotStart as error:
            log.warning("The hub is not announced: %s", error)

    def wait(self, seconds: float) -> bool:
        """Wait until the service is registered; False if it is not by then."""
        return self._registered.wait(seconds)

    def close(self) -> None:
        """Withdraw the announcement. Returns within 3 s, whatever the network does."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(3)

    def _run(self) -> None:
        try:
            self._serve()
        except Exception as error:  # noqa: BLE001 - best effort, see above
            log.warning("The hub is not announced: %s: %s", type(error).__name__, error)

    def _serve(self) -> None:
        # Loading it takes a tenth of a second, which the start need not wait for.
        import zeroconf

        # A host name of its own: claiming the system's would make the system rename itself.
        *_, server = host_names()
        name = f"Hearth on {socket.gethostname().partition('.')[0]}".encode()[:63].decode(
            "utf-8", "ignore"
        )
        service = zeroconf.ServiceInfo(
            TYPE,
            f"{name}.{TYPE}",
            port=self._port,
            server=f"{server}.",
            addresses=[address.packed for address in self._addresses],
            properties=self._properties,
        )
        four = [str(address) for address in self._addresses if address.version == 4]
        network = zeroconf.Zeroconf(interfaces=four or zeroconf.InterfaceChoice.All)
        try:
            network.register_service(service, allow_name_change=True)
            self.name = service.name.removesuffix(f".{TYPE}")
            self._registered.set()
            self._closing.wait()
        finally:
            network.close()
