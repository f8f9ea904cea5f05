"""Every room of one hub, open or at rest: opened when it is asked for, at rest when it is not."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from hub import catalog
from hub.errors import Refused
from hub.folder import Folder
from hub.names import room_of_file
from hub.protocol.events import Event
from hub.resting import Resting, record_of
from hub.room import Room
from hub.room_opening import open_room
from hub.rooms_at_rest import RoomsAtRest
from hub.snapshot_keeper import SnapshotKeeper
from hub.store.open_files import Files
from hub.store.writer import Writer

log = logging.getLogger(__name__)

SMALL: Final = 1 << 20
"""Bytes of a room file that is opened on the event loop; a larger one is opened on a thread."""
OPEN: Final = 2048
"""Rooms that may be open, more than are listed at once; of more, those not in use go to rest."""
ASKED_SECONDS: Final = 60.0
"""Seconds for which a room stays open that was asked for: so long may who found it wait."""
LOOKS: Final = 8
"""Rooms that are looked at, whether they can rest, when one more is opened."""
TEND_SECONDS: Final = 30.0
"""Seconds between two looks at all that are too many."""
KEEP_SECONDS: Final = 600.0
"""Least seconds between two writes of the catalog."""
RESTED: Final = "This room was just put to rest. Try again."


class OpenRooms:
    """Gets to know every room of the folder, beginning now, and opens those not in its catalog.

    `message_bytes` and `changed` are what each Room takes, `files` is shared by all of them;
    `lacking` are rooms whose files lack what was said last, and why they cannot be given it.
    `held` says whether somebody else holds a room, which then stays open.
    """

    def __init__(
        self,
        folder: Folder,
        writer: Writer,
        message_bytes: int,
        changed: Callable[[Room, Sequence[Event]], None],
        files: Files,
        lacking: Mapping[str, OSError],
        held: Callable[[Room], bool] = lambda room: False,
    ) -> None:
        self._folder = folder
        self._writer = writer
        self._message_bytes = message_bytes
        self._changed = changed
        self._files = files
        self._lacking = lacking
        self._held = held
        self._loop = asyncio.get_running_loop()
        self._ending = False
        self._rooms: OrderedDict[str, Room] = OrderedDict()  # that asked for longest ago first
        self._at_rest = RoomsAtRest({})
        self._stale = True  # whether the catalog lacks a room, or has one that is gone
        self._opening: dict[str, asyncio.Task[Room]] = {}
        self._deleting: set[str] = set()  # whose files are being removed
        self._failed: set[str] = set()  # of existing rooms that could not be opened
        self._snapshots = SnapshotKeeper(folder, writer, self._open_anew)
        self._known = asyncio.create_task(self._read_catalog())
        self._all = asyncio.create_task(self._open_all())
        self._tending = asyncio.create_task(self._tend())

    def __iter__(self) -> Iterator[Room]:
        """The rooms that are open."""
        return iter(self._rooms.values())

    def get(self, name: str) -> Room | None:
        """The room of a canonical name if it is open: nobody is in any other."""
        return self._rooms.get(name)

    def shown(self, name: str) -> Room | Resting | None:
        """The room of a canonical name, open or at rest, as far as it is known."""
        return self._rooms.get(name) or self._at_rest.get(name)

    def texts(self, name: str) -> tuple[str, str]:
        """A room's title and topic, as far as they are known; "" for none."""
        room = self._rooms.get(name)
        if room is not None:
            return room.rules.title, room.rules.topic
        return self._at_rest.texts(name) or ("", "")

    def open(self, name: str) -> Room | None:
        """The room of a canonical name if it is open, or can be opened at once."""
        room = self._open_at_once(name)
        if room is not None:
            room.asked = self._loop.time()
            self._rooms.move_to_end(name)
        return room

    async def room(self, name: str) -> Room:
        """The room of a canonical name. Raises Refused (503) where its file cannot be read."""
        while (room := self.open(name)) is None:
            await self._open_on_thread(name)
        return room

    async def look(self, name: str) -> Room:
        """The room, for whoever needs it for no longer than a moment. Raises Refused (503)."""
        return self._open_at_once(name) or await self._open_on_thread(name)

    async def all_known(self) -> None:
        """Wait until each room that was there at the start is open or at rest, where it can be."""
        await asyncio.shield(self._all)

    @property
    def all_open(self) -> bool:
        """Whether that is so by now."""
        return self._all.done()

    def stop(self) -> None:
        """Open no more rooms, and give up on those that are being opened."""
        self._ending = True
        for task in (self._known, self._all, self._tending):
            task.cancel()
        self._snapshots.stop()

    # -- at rest ---------------------------------------------------------------------------

    def _rest_some(self, looks: int) -> None:
        """Let some of those rest that were not asked for lately, where too many are open."""
        for _ in range(min(looks, len(self._rooms) - OPEN) if self._known.done() else 0):
            room = next(iter(self._rooms.values()))
            if not self._rest(room):
                self._rooms.move_to_end(room.name)

    def _rest(self, room: Room) -> bool:
        """Know nothing more of a room than its record; False where it has to stay open."""
        asked = self._loop.time() - room.asked < ASKED_SECONDS
        if asked or room.in_use or room.permissions.delays or self._held(room):
            return False
        record = record_of(room)
        if record is None:
            return False
        self._snapshots.rested(room)
        room.history.closed = RESTED  # whoever has it nevertheless: only one writes to a file
        del self._rooms[room.name]
        self._at_rest.add(room.name, record)
        self._stale = True
        return True

    async def _tend(self) -> None:
        """Let rooms rest that nobody opens another one after, and keep the catalog."""
        kept = self._loop.time()
        while True:
            await asyncio.sleep(TEND_SECONDS)
            for _ in range(0, len(self._rooms) - OPEN, LOOKS):
                self._rest_some(LOOKS)
                await asyncio.sleep(0)
            due = self._loop.time() - kept >= KEEP_SECONDS and self._known.done()
            if due and self._stale:
                kept, self._stale = self._loop.time(), False
                await self._write_catalog(self._at_rest.records())

    async def keep(self) -> None:
        """After `stop`, once nothing is written to the rooms any more: let the next start open them
        fast, or not at all.
        """
        await asyncio.to_thread(self._snapshots.finish, list(self._rooms.values()))
        if self._known.done() and not self._known.cancelled():
            records = {x.name: record_of(x) for x in self._rooms.values()}
            known = {name: record for name, record in records.items() if record is not None}
            await self._write_catalog(self._at_rest.records() | known)

    async def _write_catalog(self, records: Mapping[str, bytes]) -> None:
        try:
            await asyncio.to_thread(catalog.write, self._folder.catalog_file, records)
        except OSError as error:
            log.warning("The list of rooms for the next start cannot be kept: %s", error)

    # -- opening ---------------------------------------------------------------------------

    def _read(self, name: str) -> Room:
        file, torn = self._folder.room_file(name), self._folder.torn
        if name in self._lacking:
            why = self._lacking[name].strerror
            raise Refused(
                "room_closed",
                f"{file.name} lacks what was said last, and cannot be written: {why}. Put that"
                " right and start Hearth again.",
                503,
            )
        room = open_room(
            file, name, torn, self._writer, self._message_bytes, self._saved, self._files,
            lambda: self._ending, snapshot=self._snapshots.read(name),
        )  # fmt: skip
        self._snapshots.opened(room)
        return room

    def _saved(self, room: Room, events: Sequence[Event]) -> None:
        self._snapshots.saved(room)
        self._changed(room, events)

    def _open_anew(self, name: str) -> bool:
        """Open a room anew whose file is damaged; gives False where somebody needs it as it is."""
        room = self._rooms.get(name)
        if self._ending:
            return False
        if room is not None:
            if room.in_use or room.history.suspend() is None:
                return False
            del self._rooms[name]
            room.history.close()
            room.history.closed = "This room is being read anew. Try again in a moment."
        if name in self._at_rest or room is not None:
            self._start_opening(name)
        return True

    def _open_at_once(self, name: str) -> Room | None:
        room = self._rooms.get(name)
        if room is None and name not in self._opening:
            try:
                if self._folder.room_file(name).lstat().st_size > SMALL:
                    return None
            except OSError:
                pass
            try:
                room = self._take_in(self._read(name))
            except Refused as why:
                self._not_opened(name, why)
                raise
        return room

    async def _open_on_thread(self, name: str) -> Room:
        self._start_opening(name)
        return await asyncio.shield(self._opening[name])

    def _start_opening(self, name: str) -> None:
        if name not in self._opening:
            self._opening[name] = asyncio.create_task(self._open(name))
            self._opening[name].add_done_callback(_retrieve)

    async def _open(self, name: str) -> Room:
        try:
            return self._take_in(await asyncio.to_thread(self._read, name))
        except Refused as why:
            self._not_opened(name, why)
            raise
        finally:
            del self._opening[name]

    def _not_opened(self, name: str, why: Refused) -> None:
        """A room that is at rest no longer counts where its file is none any more."""
        if name in self._at_rest and why.code == "room_closed":
            self._at_rest.remove(name)
            self._failed.add(name)

    def _take_in(self, room: Room) -> Room:
        self._rest_some(LOOKS)
        self._rooms[room.name] = room
        self._at_rest.remove(room.name)
        return room

    async def _read_catalog(self) -> list[str]:
        """Learn of the rooms that it knows; gives the names of all other files."""
        await asyncio.sleep(0)  # a start that fails takes no thread
        known = await asyncio.to_thread(
            catalog.look, self._folder.catalog_file, self._folder.path, self._lacking
        )
        for name in self._rooms:  # opened meanwhile
            known.at_rest.remove(name)
        self._at_rest = known.at_rest
        return known.files

    async def _open_all(self) -> None:
        for file in await asyncio.shield(self._known):
            name = room_of_file(file)
            if name is None:
                log.warning("%s is not a room's file name and is left alone", file)
                continue
            try:
                await self.look(name)
            except Refused as why:
                self._failed.add(name)
                log.warning("%s", why.message)
            except Exception:
                self._failed.add(name)
                log.exception("%s cannot be opened", file)
            await asyncio.sleep(0)
        self._snapshots.check(self._at_rest.sizes())


def _retrieve(opening: asyncio.Task[Room]) -> None:
    """Take the error of a room that did not open, for which perhaps nobody waits any more."""
    if not opening.cancelled():
        opening.exception()
