"""All rooms of one hub by name: opened, found for somebody, listed, let go and deleted."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from hub.errors import Refused
from hub.folder import Folder
from hub.names import room_of_file
from hub.permissions import no_such_room
from hub.protocol.events import Event
from hub.room import Room
from hub.room_opening import open_room
from hub.room_rules import hidden
from hub.store import disk
from hub.store.open_files import Files
from hub.store.writer import Writer

log = logging.getLogger(__name__)

SMALL: Final = 1 << 20
"""Bytes of a room file that is opened on the event loop; a larger one is opened on a thread."""


class Rooms:
    """Opens every room of the folder, beginning now.

    `message_bytes` and `changed` are what each Room takes, `files` is shared by all of them;
    `lacking` are rooms whose files lack what was said last, and why they cannot be given it.
    """

    def __init__(
        self,
        folder: Folder,
        writer: Writer,
        message_bytes: int,
        changed: Callable[[Room, Sequence[Event]], None],
        files: Files,
        lacking: Mapping[str, OSError],
    ) -> None:
        self._folder = folder
        self._writer = writer
        self._message_bytes = message_bytes
        self._changed = changed
        self._files = files
        self._lacking = lacking
        self._ending = False
        self._rooms: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Task[Room]] = {}
        self._deleting: set[str] = set()
        self._failed: set[str] = set()  # of existing rooms that could not be opened
        self._all = asyncio.create_task(self._open_all())

    def __iter__(self) -> Iterator[Room]:
        """The rooms that are open."""
        return iter(self._rooms.values())

    def get(self, name: str) -> Room | None:
        """The room of a canonical name if it is open: nobody is in any other."""
        return self._rooms.get(name)

    def open(self, name: str) -> Room | None:
        """The room of a canonical name if it is open, or can be opened at once."""
        room = self._rooms.get(name)
        if room is None and name not in self._opening:
            try:
                if self._folder.room_file(name).lstat().st_size > SMALL:
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
            self._opening[name] = asyncio.create_task(self._open(name))
            self._opening[name].add_done_callback(_retrieve)
        return await asyncio.shield(self._opening[name])

    # -- for somebody ----------------------------------------------------------------------

    def find_at_once(self, name: str, who: str | None) -> Room | None:
        """The room of a canonical name for a person, or None while its file is to be read.

        Raises Refused: 404 for a hidden room that they are not in, whether or not it exists.
        """
        self._check_hidden(name)
        room = self.open(name)
        if room is not None:
            room.permissions.check_sees(who)
        return room

    async def find(self, name: str, who: str | None) -> Room:
        """The room of a canonical name for a person. Raises Refused: 404 as above, 503."""
        self._check_hidden(name)
        room = await self.room(name)
        room.permissions.check_sees(who)
        return room

    async def find_existing(self, name: str, who: str | None = None) -> Room | None:
        """The room of a canonical name for a person, or None where nothing was ever said in it
        and nobody is. Raises Refused: 404 as above, 503.
        """
        self._check_hidden(name)
        if name not in self._rooms and not self._is_there(name):
            return None
        return await self.find(name, who)

    async def visible_to(self, who: str | None = None) -> list[Room]:
        """The rooms that a person may see and in which something was said, by name."""
        await asyncio.shield(self._all)
        return self.open_to(who)

    def open_to(self, who: str | None) -> list[Room]:
        """Those of them that are open by now."""
        seen = (x for x in self._rooms.values() if x.last and x.permissions.may_see(who))
        return sorted(seen, key=lambda x: x.name)

    @property
    def all_open(self) -> bool:
        """Whether each room that was there at the start is open, as far as it can be."""
        return self._all.done()

    def _check_hidden(self, name: str) -> None:
        """Raises Refused (404) for the name of a hidden room that does not exist."""
        there = name in self._rooms or not hidden(name)
        if not there and (name in self._failed or not self._all.done()):
            there = self._is_there(name)  # else the time that this takes would tell
        if name in self._deleting or not there:
            raise no_such_room()

    def _is_there(self, name: str) -> bool:
        """Whether anything has the name of this room's file, even a link that leads nowhere."""
        return os.path.lexists(self._folder.room_file(name))

    # -- closed and deleted ----------------------------------------------------------------

    def let_go(self, room: Room) -> None:
        """Close a room in which nothing was said and nobody is."""
        if not room.listeners and not room.last and not room.saving:
            self._rooms.pop(room.name, None)
            room.history.close()

    async def delete(self, room: Room, gone: Callable[[], None] = lambda: None) -> None:
        """Remove a room's file; nobody finds the room or writes to it, and `gone` is called then.

        Raises Refused: 503 where what was said may still be there, 404 where the room is gone.
        """
        await self._forget(room)
        if self._rooms.get(room.name) is not room:
            raise no_such_room()
        gone()
        del self._rooms[room.name]
        self._deleting.add(room.name)

        def remove() -> None:
            room.history.wipe()
            disk.sync_folder(self._folder.path)

        try:
            await asyncio.to_thread(remove)
        finally:
            self._deleting.discard(room.name)
            room.history.close()

    async def _forget(self, room: Room) -> None:
        """Write to a room no more, and wait until what was said is in its own file alone.

        Raises Refused (503) where it is elsewhere too; then everything is as it was.
        """
        closed, room.history.closed = room.history.closed, "This room was deleted."
        forgotten: asyncio.Future[Refused | None] = asyncio.get_running_loop().create_future()
        self._writer.forget(room.history, forgotten.set_result)
        try:
            refused = await asyncio.shield(forgotten)
            if refused is not None:
                raise refused
        except BaseException:
            room.history.closed = closed
            raise

    def stop(self) -> None:
        """Open no more rooms, and give up on those that are being opened."""
        self._ending = True
        self._all.cancel()

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
        return open_room(
            file, name, torn, self._writer, self._message_bytes, self._changed, self._files,
            lambda: self._ending,
        )  # fmt: skip

    async def _open(self, name: str) -> Room:
        try:
            room = self._rooms[name] = await asyncio.to_thread(self._read, name)
        finally:
            del self._opening[name]
        return room

    async def _open_all(self) -> None:
        for file in sorted(self._folder.path.glob("*.jsonl")):
            name = room_of_file(file.name)
            if name is None:
                log.warning("%s is not a room's file name and is left alone", file.name)
                continue
            try:
                await self.room(name)
            except Refused as why:
                self._failed.add(name)
                log.warning("%s", why.message)
            except Exception:
                self._failed.add(name)
                log.exception("%s cannot be opened", file.name)
            await asyncio.sleep(0)


def _retrieve(opening: asyncio.Task[Room]) -> None:
    """Take the error of a room that did not open, for which perhaps nobody waits any more."""
    if not opening.cancelled():
        opening.exception()
