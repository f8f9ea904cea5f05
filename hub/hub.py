"""All rooms and people of one hub, on one event loop; knows no socket and no HTTP."""

from __future__ import annotations

import asyncio
import hmac
import logging
import math
import os
import secrets
from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Final, Protocol

from hub import protocol
from hub.access.pace import Pace
from hub.access.people import People, Person
from hub.config import Settings
from hub.errors import Refused
from hub.folder import Folder, write_atomically
from hub.names import person_name, room_of_file
from hub.protocol import Writing
from hub.room import Answer, Author, Listener, Room
from hub.writer import Writer

log = logging.getLogger(__name__)

SMALL: Final = 1 << 20
"""A room file up to this size, in bytes, is opened at once; a larger one on a thread."""
TOLD_EVERY: Final = 1.0
"""At most this often, in seconds, is told elsewhere that a room moved on."""
KEPT_EVERY: Final = 0.25
"""At most this often, in seconds, are the people written to disk."""
STOPPING: Final = "stopping"
"""The code of what was refused only because the hub is about to end."""


class Client(Listener, Protocol):
    """One live connection of a person."""

    @property
    def person(self) -> Person: ...

    @property
    def joined(self) -> AbstractSet[str]:
        """The names of the rooms that it hears of anyway."""


class Hub:
    """Make it on the event loop that is to own it, with the folder's lock held."""

    def __init__(self, folder: Folder, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.instance = secrets.token_hex(8)
        self.secret = secrets.token_urlsafe(24)
        self.raise_window: Callable[[], bool] = lambda: False
        self.people = People(self._people_changed)
        self.clients: dict[Client, None] = {}
        self._loop = asyncio.get_running_loop()
        self._writer = Writer(self._loop)
        self._rooms: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Task[Room]] = {}
        self._pace = Pace(settings.message_rate, 2 * settings.message_rate)
        self._guesses = Pace(5 / 60, 5)
        self._connected: Counter[str] = Counter()
        self._moved: dict[str, Room] = {}
        self._keeping = False
        self._to_keep = False
        self._pause: asyncio.TimerHandle | None = None
        self._kept: list[asyncio.Future[None]] = []
        self._tickets: set[str] = set()
        self._stopping = False
        self._load_people()
        self._all = self._loop.create_task(self._open_all())

    async def stop(self) -> None:
        """Save what was accepted, then stop. What comes later is not saved."""
        self._stopping = True
        self._all.cancel()
        while any(room.saving for room in self._rooms.values()) or self._keeping:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(self._writer.stop)
        await asyncio.sleep(0)

    def close(self) -> None:
        """Let go of the files, once nobody reads them any more."""
        for room in self._rooms.values():
            room.history.close()

    # -- rooms -----------------------------------------------------------------------------

    def open(self, name: str) -> Room | None:
        """The room of a canonical name if it is open, or can be opened at once."""
        room = self._rooms.get(name)
        if room is None and name not in self._opening:
            try:
                if self.folder.room_file(name).stat().st_size > SMALL:
                    return None
            except OSError:
                pass
            room = self._rooms[name] = self._read(name)
        return room

    async def room(self, name: str) -> Room:
        """The room of a canonical name. Raises Refused (503) where its file cannot be read."""
        room = self.open(name)
        if room is not None:
            return room
        if name not in self._opening:
            self._opening[name] = self._loop.create_task(self._open(name))
        return await asyncio.shield(self._opening[name])

    async def known_room(self, name: str) -> Room | None:
        """The same, but None for a room in which nothing was said and nobody is."""
        if name not in self._rooms and not self.folder.room_file(name).exists():
            return None
        return await self.room(name)

    async def rooms(self) -> list[Room]:
        """The rooms in which something was said, by name."""
        await asyncio.shield(self._all)
        return sorted((x for x in self._rooms.values() if x.last), key=lambda x: x.name)

    def leave(self, room: Room, listener: Listener) -> None:
        room.leave(listener)
        if not room.listeners and not room.last and not room.saving:
            self._rooms.pop(room.name, None)

    def _read(self, name: str) -> Room:
        return Room.open(
            self.folder.room_file(name),
            name,
            self.folder.torn,
            self._writer,
            self.settings.message_bytes,
            self._room_moved,
        )

    async def _open(self, name: str) -> Room:
        try:
            room = self._rooms[name] = await asyncio.to_thread(self._read, name)
        finally:
            del self._opening[name]
        return room

    async def _open_all(self) -> None:
        for file in sorted(self.folder.path.glob("*.jsonl")):
            name = room_of_file(file.name)
            if name is None:
                log.warning("%s is not a room's file name and is left alone", file.name)
                continue
            try:
                await self.room(name)
            except Refused as why:
                log.warning("%s", why.message)
            await asyncio.sleep(0)

    def _room_moved(self, room: Room) -> None:
        if not self._moved:
            self._loop.call_later(TOLD_EVERY, self._tell_moved)
        self._moved[room.name] = room

    def _tell_moved(self) -> None:
        """Tell those who are elsewhere how far each room is, for their unread counts."""
        moved, self._moved = self._moved, {}
        lines = {name: _moved(room) for name, room in moved.items()}
        texts: dict[frozenset[str], bytes] = {}  # the same bytes for all who heard the same
        for client in self.clients:
            heard = frozenset(lines.keys() & client.joined)
            if heard not in texts:
                texts[heard] = b"\n".join(x for name, x in lines.items() if name not in heard)
            if texts[heard]:
                client.put(texts[heard])

    # -- what people do --------------------------------------------------------------------

    def take(self, room: Room, author: Author, command: Writing, answer: Answer) -> None:
        """The single way in for everything that is written: saved, handed out, answered.

        Raises Refused where it cannot be done; `answer` is not called then.
        """
        if self._stopping:
            raise stopping()
        wait = self._pace.take(author.who or author.address or author.id)
        if wait:
            raise Refused(
                "too_fast",
                "That was too fast. Wait a moment, then go on.",
                429,
                math.ceil(wait * 100) / 100,
            )
        room.take(command, author, answer)

    async def post(self, room_name: str, author: Author, command: Writing) -> tuple[bytes, bool]:
        """The same, waiting for the end: the saved line, and whether it is new."""
        answer = _Awaited(self._loop)
        self.take(await self.room(room_name), author, command, answer)
        return await answer.outcome

    # -- who is who ------------------------------------------------------------------------

    def stranger(self, name: str, address: str | None = None) -> Author:
        """A name that nobody proves, from a program without a session at this address.

        Raises Refused: 401 where the hub is not open, 409 where the name is somebody's.
        """
        if self.settings.hub_code or self.settings.accounts == "login":
            raise Refused("who_are_you", "This hub is not open: join it first.", 401)
        name = person_name(name)
        self.people.check_free(name)
        return Author(name, address=address)

    def may_come_in(self, code: str | None, address: str) -> None:
        """Raises Refused where a new person may not come in: 401 or, after many tries, 429."""
        if self.settings.accounts == "login":
            raise Refused("login_needed", "Only people with an account can come in here.", 401)
        wanted = self.settings.hub_code
        if not wanted or (code and hmac.compare_digest(code.encode(), wanted.encode())):
            return
        if code is None:
            raise Refused("code_needed", "This hub has a code. Ask the host for it.", 401)
        wait = self._guesses.take(address)
        if wait:
            raise Refused("too_many_tries", "Too many tries. Wait a minute.", 429, round(wait, 1))
        raise Refused("code_wrong", "That is not the code of this hub.", 401)

    def ticket(self) -> str:
        """A new one-use proof that its bearer sits at the hub's own machine."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    def redeem(self, ticket: str, token: str | None) -> str:
        """Put the device of `token`, or a new one, in charge; gives its token.

        Raises Refused (403) for a ticket that is not, or no longer, good.
        """
        if ticket not in self._tickets:
            raise Refused("ticket_used", "This window's ticket was used. Start Hearth again.", 403)
        self._tickets.remove(ticket)
        if token is None or self.people.device(token) is None:
            return self.people.host_device()
        self.people.make_host(token)
        return token

    def connected(self, client: Client) -> None:
        self.clients[client] = None
        self._connected[client.person.who] += 1

    def disconnected(self, client: Client) -> None:
        del self.clients[client]
        who = client.person.who
        self._connected[who] -= 1
        if not self._connected[who]:
            del self._connected[who]
            self.people.leave(client.person)

    def tell_devices(self, client: Client, line: bytes) -> None:
        """Tell the other connections of the same person."""
        if self._connected[client.person.who] > 1:
            for other in self.clients:
                if other is not client and other.person.who == client.person.who:
                    other.put(line)

    async def people_kept(self) -> None:
        """Wait until what is known of people now is on stable storage."""
        kept = self._loop.create_future()
        self._kept.append(kept)
        self._people_changed()
        if self._pause is not None:
            self._keep_people()
        await kept

    def _load_people(self) -> None:
        file = self.folder.people_file
        for candidate in (file, file.with_suffix(".last")):
            try:
                self.people.load(candidate.read_bytes())
                return
            except FileNotFoundError:
                continue
            except ValueError:
                aside = file.with_name(f"{candidate.name}.damaged-{secrets.token_hex(4)}")
                log.error("%s is damaged; it is kept as %s", candidate.name, aside.name)
                candidate.rename(aside)

    def _people_changed(self) -> None:
        self._to_keep = True
        if not self._keeping:
            self._keeping = True
            self._loop.call_soon(self._keep_people)

    def _keep_people(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        waiting, self._kept, self._to_keep = self._kept, [], False
        work = partial(_keep, self.folder, self.people.dump())
        self._writer.call(work, partial(self._people_are_kept, waiting))

    def _people_are_kept(
        self, waiting: list[asyncio.Future[None]], refused: Refused | None
    ) -> None:
        for kept in waiting:
            if not kept.done():
                if refused is None:
                    kept.set_result(None)
                else:
                    kept.set_exception(refused)
        if refused is not None:
            log.error("%s", refused.message)
        if self._kept:
            self._keep_people()
        elif self._to_keep:
            self._pause = self._loop.call_later(KEPT_EVERY, self._keep_people)
        else:
            self._keeping = False


def _moved(room: Room) -> bytes:
    return protocol.plain(
        {"do": "room", "room": room.name, "last": room.last, "at": room.at, "topic": room.topic}
    )


def stopping() -> Refused:
    return Refused(STOPPING, "The hub is stopping. Try again when it is back.", 503, 5)


class _Awaited:
    """An answer that can be waited for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.outcome: asyncio.Future[tuple[bytes, bool]] = loop.create_future()

    def saved(self, line: bytes, new: bool, heard: bool) -> None:
        if not self.outcome.done():
            self.outcome.set_result((line, new))

    def refused(self, why: Refused) -> None:
        if not self.outcome.done():
            self.outcome.set_exception(why)


def _keep(folder: Folder, data: bytes) -> None:
    """Write the people, keeping the file that was there as the last good state."""
    file = folder.people_file
    if file.exists():
        os.replace(file, file.with_suffix(".last"))
    write_atomically(file, data)
