"""Announces the hub on the local network by mDNS (DNS-SD) while it runs, by what it is called.

Best effort: whatever goes wrong here is logged and stops nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from hub.errors import CannotStart
from hub.net.mdns_names import service_name, wanted_host_names
from hub.threads import start

if TYPE_CHECKING:
    from zeroconf import ServiceInfo, Zeroconf

TYPE: Final = "_http._tcp.local."
ASK: Final = 800
"""Milliseconds in which another computer says that it has a host name (RFC 6762, 8.1)."""

log = logging.getLogger(__name__)


def announce(
    port: int,
    version: str,
    addresses: Sequence[str],
    room: str = "general",
    claims: Callable[[str], object] = lambda host: None,
) -> Announcement:
    """Announce the hub as 'Hearth on <host name>' until the result is closed; returns at once.

    `addresses` are this computer's IP addresses that peers can reach, as text. `claims` is
    called, on another thread, with the host name by which the hub can be asked from now on.
    """
    return Announcement(port, version, addresses, room, claims)


class Announcement:
    """One hub's service, registered by a thread of its own until `close`.

    `name` is the name of the service once it is registered, '' before: a number is added where
    another hub has the same name. `host` is the host name, which has a number where another
    computer has the same.
    """

    name = ""
    host = ""

    def __init__(
        self,
        port: int,
        version: str,
        addresses: Sequence[str],
        room: str,
        claims: Callable[[str], object],
    ) -> None:
        self._port = port
        self._addresses = [ip_address(text) for text in addresses]
        self._properties = {"path": f"/{room}", "app": "hearth", "version": version}
        self._called = ""
        self._claims = claims
        self._registered = threading.Event()
        self._wake = threading.Event()  # there is another name, or it is the end
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="mdns", daemon=True)
        try:
            start(self._thread)
        except CannotStart as error:
            log.warning("The hub is not announced: %s", error)

    def wait(self, seconds: float) -> bool:
        """Wait until the service is registered; False if it is not by then."""
        return self._registered.wait(seconds)

    def rename(self, called: str) -> None:
        """Announce it by what its host calls it, "" for nothing of its own; returns at once.

        May be called on any thread.
        """
        if called != self._called:
            self._called = called
            self._registered.clear()
            self._wake.set()

    def close(self) -> None:
        """Withdraw the announcement. Returns within 3 s, whatever the network does."""
        self._closing = True
        self._wake.set()
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

        four = [str(address) for address in self._addresses if address.version == 4]
        network = zeroconf.Zeroconf(interfaces=four or zeroconf.InterfaceChoice.All)
        try:
            while not self._closing:
                self._wake.clear()
                called = self._called
                service = self._service(network, called)
                network.register_service(service, allow_name_change=True)
                self.name = service.name.removesuffix(f".{TYPE}")
                if called == self._called:
                    self._registered.set()
                self._wake.wait()
                if not self._closing:
                    network.unregister_service(service)
        finally:
            network.close()

    def _service(self, network: Zeroconf, called: str) -> ServiceInfo:
        """The service as it is to be registered, under a host name that nobody else has."""
        import zeroconf

        packed = [address.packed for address in self._addresses]
        hosts = wanted_host_names(called)
        self.host = next(host for host, last in hosts if last or self._is_free(network, host))
        self._claims(self.host)  # before anybody can hear of it
        return zeroconf.ServiceInfo(
            TYPE,
            f"{service_name(called)}.{TYPE}",
            port=self._port,
            server=f"{self.host}.",
            addresses=packed,
            properties=self._properties,
        )

    def _is_free(self, network: Zeroconf, host: str) -> bool:
        """Whether no other computer has the host name; zeroconf asks for services' names alone."""
        from zeroconf import AddressResolver  # type: ignore[attr-defined]  # not in __all__

        resolver = AddressResolver(f"{host}.")
        if not resolver.request(network, ASK):
            return True
        found = {ip_address(text.partition("%")[0]) for text in resolver.parsed_addresses()}
        return found <= set(self._addresses)
