"""The hub's server on a thread of its own: where it listens, start, ready, stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import logging
import socket
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from threading import Event, Thread
from typing import Any, Final

from hub.access.admission import Way
from hub.config import Settings
from hub.descriptors import Shortage, raise_limit, shares
from hub.errors import CannotStart
from hub.fair_selector import new_event_loop
from hub.folder import Folder, starting
from hub.hub import Hub
from hub.net.own_names import OwnNames
from hub.store.open_files import Files
from hub.threads import Pool, start
from hub.web.app import application
from hub.web.built_page import Source
from hub.web.wire.connection_limits import REJECTIONS, ConnectionLimits
from hub.web.wire.http_server import HttpServer

log = logging.getLogger(__name__)

START_SECONDS: Final = 30.0
"""Seconds within which the server has to be ready."""
STOP_SECONDS: Final = 4.5
"""Seconds within which it has to end."""
ANSWER_SECONDS: Final = 1.0
"""Seconds that somebody who quits may wait until it is known how many are connected."""
WORKERS: Final = 6
"""Threads for what waits for the disk, such as opening a large room."""
QUEUE: Final = 2048
"""Connections that may wait to be accepted."""
COLLECTIONS: Final = (700, 10, 100)
"""When Python looks for unused objects (gc.set_threshold): the last number is 10 times its own. A
look at all objects takes 0.2 to 0.4 s beside 10,000 clients, in which nobody is told anything."""


class Server:
    """A hub that serves. `sockets` are bound and about to listen; the folder's lock is held.

    `addresses` gives the bases at which peers reach the hub; `raise_window` brings the hub's
    own window to the front, showing a room if one is given, and tells whether there is one.
    `notices` gives sentences that hosts are to see.
    """

    def __init__(
        self,
        folder: Folder,
        settings: Settings,
        ui: Source,
        sockets: Sequence[socket.socket],
        addresses: Callable[[], list[str]] = list,
        raise_window: Callable[[str | None, str], bool] = lambda room, activation: False,
        notices: Callable[[], list[str]] = list,
    ) -> None:
        self.port: int = sockets[0].getsockname()[1]
        self.failed: BaseException | None = None
        self._folder = folder
        self._settings = settings
        self._ui = ui
        self._sockets = list(sockets)
        self._addresses = addresses
        self._raise_window = raise_window
        self._notices = notices
        self._ready = Event()
        self._ended = Event()
        self._hub: Hub | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._own: OwnNames | None = None
        self._http: HttpServer | None = None
        self._stop_asked = False  # also before there is a loop to tell
        self._thread = Thread(target=self._run, name="server", daemon=True)

    @property
    def instance(self) -> str:
        """What `/api/health` answers for this start."""
        assert self._hub is not None
        return self._hub.instance

    @property
    def secret(self) -> str:
        """What a second start on the folder has to show to have the window raised."""
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
        """Wait until the server has ended; gives whether it has."""
        return self._ended.wait(seconds)

    def stop(self) -> None:
        """Save what was accepted, close every connection with 1001, and end the thread, if any.

        `failed` is set where that takes longer than STOP_SECONDS.
        """
        self._stop_asked = True
        if self._loop is not None and self._stopping is not None:
            try:
                self._loop.call_soon_threadsafe(self._stopping.set)
            except RuntimeError:  # the loop has ended by itself
                pass
        if self._thread.ident is None:  # the system refused it
            return
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive():
            self.failed = self.failed or TimeoutError(f"it did not stop in {STOP_SECONDS} s")

    @property
    def has_host(self) -> bool:
        """Whether anybody is host, here or not."""
        assert self._hub is not None
        return bool(self._hub.people.hosts)

    def ticket(self, way: Way = "window") -> str:
        """A ticket for one use: by the hub's own window, unless another `way` is said."""

        async def ticket() -> str:
            assert self._hub is not None
            return self._hub.admission.ticket(way)

        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(ticket(), self._loop).result(5)

    def peers(self) -> int | None:
        """How many people are connected from other computers; None where it cannot tell at once."""

        async def peers() -> int:
            assert self._hub is not None
            return self._hub.clients.peers()

        assert self._loop is not None
        asked = peers()
        try:
            return asyncio.run_coroutine_threadsafe(asked, self._loop).result(ANSWER_SECONDS)
        except (TimeoutError, CancelledError):
            return None
        except RuntimeError:  # the loop has ended
            asked.close()
            return 0

    def pause(self, on: bool) -> None:
        """Keep others than this computer out, or let them in again; hosts hear of the notices."""

        def pause() -> None:
            assert self._hub is not None
            assert self._own is not None
            self._hub.pause.switch(on)
            if on and self._http is not None:
                self._http.cut_off(self._own.bears)

        self._on_loop(pause)
        self.tell_notices()

    def tell_notices(self) -> None:
        """Tell the hosts who are here that the notices are others. May be called on any thread."""

        def tell() -> None:
            assert self._hub is not None
            self._hub.clients.tell_notices(self._notices())

        self._on_loop(tell)

    def _on_loop(self, do: Callable[[], None]) -> None:
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(do)

    def follow_name(self, renamed: Callable[[str], object]) -> None:
        """Call `renamed` with what the hub is called, "" for nothing of its own, now and whenever
        a host calls it anew.
        """
        assert self._hub is not None
        self._hub.renamed_to = renamed
        renamed(self._hub.admission.own_name)

    def claim(self, host: str) -> None:
        """The hub can be asked by this host name from now on. May be called on any thread."""
        assert self._own is not None
        self._own.claim(host)

    def _run(self) -> None:
        gc.set_threshold(*COLLECTIONS)
        try:
            with asyncio.Runner(loop_factory=new_event_loop) as runner:
                runner.run(self._serve())
        except CannotStart as error:  # one line, said by whatever starts it
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
        if self._stop_asked:
            self._stopping.set()
        share = shares(raise_limit())
        files = Files(share.files)
        self._loop.set_exception_handler(Shortage(lambda: files.free(REJECTIONS)))
        with starting(self._folder.hub):
            hub = self._hub = Hub(self._folder, self._settings, files)
        hub.raise_window = self._raise_window
        hub.notices = self._notices
        bound = self._sockets[0].getsockname()[0]
        self._own = OwnNames(self._settings.names)
        app = application(hub, self._ui, self.port, self._addresses, bound, self._own)
        # Last: once it is there, to end the loop takes one more thread.
        self._loop.set_default_executor(Pool(WORKERS, "worker"))
        connections = min(self._settings.connections or share.connections, share.connections)
        limits = ConnectionLimits(
            connections, self._settings.connections_per_address, self._settings.message_rate
        )
        # Accepted at a time, before it is known whether they are admitted.
        backlog = max(4, min(QUEUE, share.connections // 16))
        server = self._http = HttpServer(app, limits)
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


def listen(host: str | None, port: int) -> list[socket.socket]:
    """Bind `port` (0 picks one) at `host`, or on all interfaces, IPv4 and IPv6.

    Raises OSError: EADDRINUSE where another program has it, even on loopback alone.
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
    """Raises OSError (EADDRINUSE) where another program has `port` on loopback.

    macOS and Windows let all interfaces be bound beside it, and on this computer the address then
    leads to the other program. Binding the very same address is refused everywhere, and unlike a
    connection it never has to wait.
    """
    own = {socket.AF_INET: "127.0.0.1", **({socket.AF_INET6: "::1"} if six else {})}
    for family, address in own.items():
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                if sys.platform != "win32":  # where TIME_WAIT would count otherwise
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind((address, port))
        except OSError as error:
            excluded = sys.platform == "win32" and error.errno == errno.EACCES
            if error.errno == errno.EADDRINUSE or excluded:
                raise  # otherwise this computer has no such address, or does not tell


def _bound(address: Any, family: socket.AddressFamily, dualstack: bool = False) -> socket.socket:
    return socket.create_server(address, family=family, backlog=QUEUE, dualstack_ipv6=dualstack)
