"""The hub as this program runs it on a folder: its port, start, addresses and end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from hub import __version__
from hub.access.admission import Way
from hub.desktop import console, display, frozen, notices, ports, second_start
from hub.desktop.notices import Notices
from hub.desktop.options import Options
from hub.desktop.second_start import RunningHub
from hub.desktop.shutdown import Shutdown
from hub.errors import CannotStart
from hub.folder import Folder, starting
from hub.net import addresses
from hub.net.mdns import Announcement, announce
from hub.server import Server
from hub.store.replay import replay
from hub.tools.import_txt import import_txt

PAUSED: Final = (
    "Hearth is paused: nobody on another computer can come in, read or write, until you choose "
    "“Pause for Others” in the menu again."
)
"""The notice for hosts while it is."""


class Service:
    """A hub on a folder whose lock is held. Has its port at once, and serves after `start`.

    `base` is its URL on this computer, and `page` that of the room to open; `notices` are for
    hosts. `raise_window` shows the hub's own window, if there is one, in a room if one is given.
    """

    def __init__(
        self,
        folder: Folder,
        given: Options,
        shutdown: Shutdown,
        raise_window: Callable[[str | None, str], bool],
    ) -> None:
        """Raises CannotStart where a setting is wrong, or there is no port."""
        self._folder = folder
        self._given = given
        self._shutdown = shutdown
        self._raise_window = raise_window
        self._settings = given.settings(folder.settings_file)
        if self._settings.updates:
            from hub.desktop import update_notice  # which few ask for, and loads much

            update_notice.check(self._settings.updates)
        self.notices = Notices()
        notices.look(self.notices, folder.path)
        self._sockets = ports.bind(folder, given.host, given.port, self.notices)
        self.port: int = self._sockets[0].getsockname()[1]
        self.base = addresses.own_base(given.host, self.port)
        self.page = f"{self.base}/{quote(given.first_room)}"
        self.on_pause: Callable[[], None] = lambda: None
        """Called when others are kept out or let in again."""
        self._server: Server | None = None
        self._announcement: Announcement | None = None

    def start(self) -> None:
        """Read what is in the folder, serve, and say where. Raises CannotStart.

        The end of the server is the end of the program. A shutdown meanwhile ends the reading, and
        nothing is served then.
        """
        folder, given = self._folder, self._given
        with starting(folder.hub):
            lacking = replay(folder.hub, folder.room_file, folder.torn)
        import_txt(folder.path, folder.torn, self._shutdown.is_set, lacking)
        if self._shutdown.is_set():
            return
        server = Server(
            folder, self._settings, frozen.ui(), self._sockets,
            lambda: [f"{x}/" for x in self._addresses()], self._raise_window,
            lambda: self.notices,
        )  # fmt: skip
        try:
            server.start()
        except CannotStart:
            server.stop()  # it may only be slow, and would serve behind the page that says so
            raise
        self._server = server
        self._shutdown.set_after(server.wait)
        ports.check(self.base, server.instance)
        second_start.register(folder, RunningHub(f"{self.base}/", server.secret, server.instance))
        if given.port is None:
            ports.remember(folder, self.port)
        console.say_addresses(self.base, self._addresses(), quote(given.first_room))
        if given.reset_host:
            console.say(f"You are the host at {self.page}#ticket={server.ticket('link')}")
        elif not server.has_host and (given.no_window or display.missing()):
            console.tell_how_to_be_host()
        self._announce(server)
        if self._settings.updates:
            from hub.desktop import update_notice

            update_notice.watch(self._settings.updates, self._tell_update)

    @property
    def is_started(self) -> bool:
        """Whether the server has started."""
        return self._server is not None

    @property
    def failed(self) -> BaseException | None:
        """Why the server ended by itself, or did not end in time; None where it did neither."""
        return None if self._server is None else self._server.failed

    def page_for(self, way: Way) -> str:
        """The URL of the room to open, with a ticket that makes whoever opens it the host."""
        assert self._server is not None
        return f"{self.page}#ticket={self._server.ticket(way)}"

    def peers(self) -> int | None:
        """How many people are connected from other computers; None where it cannot tell at once."""
        return 0 if self._server is None else self._server.peers()

    @property
    def is_paused(self) -> bool:
        """Whether others than this computer are kept out."""
        return PAUSED in self.notices

    def switch_pause(self) -> None:
        """Keep others out from now on, or let them in again; hosts are told which."""
        if self._server is None:
            return
        on = not self.is_paused
        if on:
            self.notices.add(PAUSED)
        else:
            self.notices.remove(PAUSED)
        self._server.pause(on)
        self.on_pause()

    def stop(self) -> None:
        """Save what was accepted, and end."""
        if self._server is None:
            for each in self._sockets:
                each.close()
            return
        self._server.stop()
        if self._announcement is not None:
            self._announcement.close()

    def _tell_update(self, text: str) -> None:
        self.notices.add(text)
        if self._server is not None:
            self._server.tell_notices()

    def _announce(self, server: Server) -> None:
        """Announce the hub on the network, under its name."""
        peers = addresses.peers(self._given.host)
        if self._settings.announce and peers:
            first_room = self._given.first_room
            announced = announce(self.port, __version__, peers, first_room, server.claim)
            self._announcement = announced
            server.follow_name(announced.rename)

    def _addresses(self) -> list[str]:
        return addresses.reachable(self.port, self._given.host)
