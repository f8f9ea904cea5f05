"""The hub's server on a thread of its own: start, ready, stop."""

from __future__ import annotations

import asyncio
import errno
import logging
import math
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, NamedTuple

from hub.access.admission import Way
from hub.config import Settings
from hub.errors import CannotStart
from hub.folder import Folder, starting
from hub.hub import Hub
from hub.store.disk import NONE_LEFT
from hub.store.open_files import MOST, Files
from hub.threads import Pool, start
from hub.web.app import application
from hub.web.wire.connection_limits import REJECTIONS, ConnectionLimits
from hub.web.wire.http_server import HttpServer

log = logging.getLogger(__name__)

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 4.5
WORKERS: Final = 6
"""How many threads do what waits for the disk, such as opening a large room."""
DESCRIPTORS: Final = 1 << 20
"""Up to so many descriptors are asked of the system."""
DESCRIPTORS_MACOS: Final = 10_240
"""So many can be had under macOS where it names no end (OPEN_MAX of its sys/syslimits.h)."""
OTHER: Final = 64
"""How many are kept for everything that is neither a room's file nor a connection."""
QUEUE: Final = 2048
"""How many connections may wait to be accepted."""
TOLD_SECONDS: Final = 60.0
"""At most this often is told that there are no descriptors."""


class Server:
    """A hub that serves. `sockets` are bound and about to listen; the folder's lock is held.

    `addresses` gives the bases at which peers reach the hub; `raise_window` brings the hub's
    own window to the front, in a room where one is given, and says whether there is one.
    """

    def __init__(
        self,
        folder: Folder,
        settings: Settings,
        ui: Path,
        sockets: Sequence[socket.socket],
        addresses: Callable[[], list[str]] = list,
        raise_window: Callable[[str | None], bool] = lambda room: False,
    ) -> None:
        self.port: int = sockets[0].getsockname()[1]
        self.failed: BaseException | None = None
        self._folder = folder
        self._settings = settings
        self._ui = ui
        self._sockets = list(sockets)
        self._addresses = addresses
        self._raise_window = raise_window
        self._ready = Event()
        self._ended = Event()
        self._hub: Hub | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread = Thread(target=self._run, name="server", daemon=True)

    @property
    def instance(self) -> str:
        """What `/api/health` answers for this start."""
        assert self._hub is not None
        return self._hub.instance

    @property
    def secret(self) -> str:
        """What a second start on the folder shows to have the window raised."""
        assert self._hub is not None
        return self._hub.secret

    def start(self) -> None:
        """Serve; returns once connections are accepted. Raises CannotStart."""
        start(self._thread)
        self._ready.wait(START_SECONDS)
        if self.failed is not None:
            if isinstance(self.failed, CannotStart):
                raise self.failed
            raise CannotStart(f"The server did not start: {self.failed}.") from self.failed
        if not self._ready.is_set():
            raise CannotStart("The server did not start in time. Try again.")

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the server has ended; whether it has."""
        return self._ended.wait(seconds)

    def stop(self) -> None:
        """Save what was accepted, close every connection with 1001, and end the thread.

        `failed` tells where that took longer than STOP_SECONDS.
        """
        if self._loop is not None and self._stopping is not None:
            try:
                self._loop.call_soon_threadsafe(self._stopping.set)
            except RuntimeError:  # the loop has ended by itself
                pass
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive():
            self.failed = self.failed or TimeoutError(f"it did not stop in {STOP_SECONDS} s")

    def ticket(self, way: Way = "window") -> str:
        """A one-use ticket for the hub's own window, or whichever other way it is to be used."""

        async def ticket() -> str:
            assert self._hub is not None
            return self._hub.admission.ticket(way)

        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(ticket(), self._loop).result(5)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except CannotStart as error:  # told by whoever starts it, in one line
            self.failed = error
        except BaseException as error:
            self.failed = error
            log.exception("the server ended")
        finally:
            for each in self._sockets:
                each.close()
            self._ready.set()
            self._ended.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        share = shared(descriptors())
        files = Files(share.files)
        self._loop.set_exception_handler(_Odd(files))
        with starting(self._folder.hub):
            hub = self._hub = Hub(self._folder, self._settings, files)
        hub.raise_window = self._raise_window
        bound = self._sockets[0].getsockname()[0]
        app = application(hub, self._ui, self.port, self._addresses, bound)
        # Last: once it is there, to end the loop takes one more thread.
        self._loop.set_default_executor(Pool(WORKERS, "worker"))
        connections = min(self._settings.connections or share.connections, share.connections)
        limits = ConnectionLimits(
            connections, self._settings.connections_per_address, self._settings.message_rate
        )
        # So many are accepted at a time, before it is clear whether they may stay.
        backlog = max(4, min(QUEUE, share.connections // 16))
        server = HttpServer(app, limits)
        serving = await server.start(self._sockets, backlog)
        for each in self._sockets:
            each.listen(QUEUE)
        self._ready.set()
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await hub.stop()
        server.stop()
        await serving
        hub.close()


class Share(NamedTuple):
    """How many descriptors there are for the rooms' files, and for connections."""

    files: int
    connections: int


class _Odd:
    """What the event loop tells of; it tries again in a second to take a connection."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._told = -math.inf

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in NONE_LEFT:
            loop.default_exception_handler(context)
            return
        self._files.give_back(REJECTIONS)
        if loop.time() - self._told > TOLD_SECONDS:
            self._told = loop.time()
            log.error("There are too few descriptors (ulimit -n): new connections have to wait")


if sys.platform == "win32":

    def descriptors() -> int:
        """Windows has no such limit."""
        return DESCRIPTORS

else:
    import resource

    def descriptors() -> int:
        """Raise the limit of this process as far as is sensible; gives what it is then."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        for most in (DESCRIPTORS, DESCRIPTORS_MACOS):
            wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
            if soft == resource.RLIM_INFINITY or soft >= wanted:
                break
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                soft = wanted
            except (ValueError, OSError):
                continue
        return DESCRIPTORS if soft == resource.RLIM_INFINITY else soft


def shared(number: int) -> Share:
    """Share out so many descriptors. Most go to connections; rooms' files can be closed."""
    left = max(0, number - OTHER - REJECTIONS)
    files = max(8, min(MOST, left // 2))
    return Share(files, max(64, left - files))


def listen(host: str | None, port: int) -> list[socket.socket]:
    """Bind `port` (0 picks one) at `host`, or on all interfaces, IPv4 and IPv6.

    Raises OSError: EADDRINUSE where another program holds it, be it on loopback alone.
    """
    everywhere = host in (None, "", "::")
    if port and (everywhere or host == "0.0.0.0"):
        _check_loopback(port, six=everywhere)
    if everywhere:
        if socket.has_dualstack_ipv6():
            try:
                return [_bound(("::", port), socket.AF_INET6, dualstack=True)]
            except OSError as error:
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    raise
        return [_bound(("0.0.0.0", port), socket.AF_INET)]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    return [_bound(address, family)]


def _check_loopback(port: int, six: bool) -> None:
    """Raises OSError (EADDRINUSE) where another program holds `port` on loopback.

    macOS and Windows let all interfaces be bound beside it, and this computer then finds the
    other program. To bind the very same address is refused everywhere, and never has to wait,
    as a connection does.
    """
    own = {socket.AF_INET: "127.0.0.1", **({socket.AF_INET6: "::1"} if six else {})}
    for family, address in own.items():
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                if sys.platform != "win32":  # as else what a hub before has left behind counts
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind((address, port))
        except OSError as error:
            excluded = sys.platform == "win32" and error.errno == errno.EACCES
            if error.errno == errno.EADDRINUSE or excluded:
                raise  # else this computer has no such address, or is not to say yet


def _bound(address: Any, family: socket.AddressFamily, dualstack: bool = False) -> socket.socket:
    return socket.create_server(address, family=family, backlog=2048, dualstack_ipv6=dualstack)
