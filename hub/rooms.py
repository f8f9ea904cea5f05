"""All rooms of one hub by name: found for somebody, listed, let go and deleted."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from heapq import merge

from hub.errors import Refused
from hub.open_rooms import OpenRooms
from hub.permissions import no_such_room
from hub.room import Room
from hub.room_rules import hidden
from hub.rooms_at_rest import Place
from hub.store import disk


class Rooms(OpenRooms):
    """Knows who may find which room, beside what OpenRooms does."""

    # -- for somebody ----------------------------------------------------------------------

    def find_at_once(self, name: str, who: str | None) -> Room | None:
        """The room of a canonical name for a person, or None while its file is to be read.

        Raises Refused: 404 for a hidden room that they are not in, whether or not it exists.
        """
        self._check_hidden(name, who)
        room = self.open(name)
        if room is not None:
            room.permissions.check_sees(who)
        return room

    async def find(self, name: str, who: str | None) -> Room:
        """The room of a canonical name for a person. Raises Refused: 404 as above, 503."""
        self._check_hidden(name, who)
        room = await self.room(name)
        room.permissions.check_sees(who)
        return room

    async def find_existing(self, name: str, who: str | None = None) -> Room | None:
        """The room of a canonical name for a person, or None where nothing was ever said in it
        and nobody is. Raises Refused: 404 as above, 503.
        """
        self._check_hidden(name, who)
        if name not in self._rooms and not self._is_there(name):
            self._at_rest.remove(name)  # another program took its file away
            return None
        return await self.find(name, who)

    def visible_to(self, who: str | None = None) -> Iterator[str]:
        """The names of the rooms that a person may see and in which something was said, sorted.

        They are those of now, whatever happens until the last one is taken.
        """
        own = self._at_rest.hidden_of(who) + [x.name for x in self._open_to(who)]
        return merge(self._at_rest.public(), sorted(own))

    def latest_to(self, who: str | None, count: int, before: Place | None = None) -> list[Place]:
        """So many of them, and when something was last said in each: the hidden ones, then the
        public ones, of which there may be so many that others would never be seen behind them.

        Of both the latest first, and of two at the same time the one whose name comes later; with
        `before` only those that come after that one.
        """
        own, shared = list[Place](), list[Place]()
        for room in self._open_to(who):
            (own if room.rules.hidden else shared).append((room.moment, room.name))
        own += self._at_rest.hidden_places(who)
        if before is not None and not hidden(before[1]):
            own, shared = [], [place for place in shared if place < before]
        elif before is not None:
            own, before = [place for place in own if place < before], None
        shared += self._at_rest.public_before(before, count)
        return (sorted(own, reverse=True) + sorted(shared, reverse=True))[:count]

    def _open_to(self, who: str | None) -> list[Room]:
        return [x for x in self._rooms.values() if x.last and x.permissions.may_see(who)]

    def _check_hidden(self, name: str, who: str | None) -> None:
        """Raises Refused (404) for the name of a hidden room that does not exist, or is at rest and
        not theirs to see.
        """
        there = name in self._rooms or not hidden(name) or self._at_rest.is_in(who, name)
        if not there and name not in self._at_rest and self._may_lack(name):
            there = self._is_there(name)  # else the time that this takes would tell
        if name in self._deleting or not there:
            raise no_such_room()

    def _may_lack(self, name: str) -> bool:
        """Whether there may be a room of this name that is not known."""
        return name in self._failed or not self._all.done()

    def _is_there(self, name: str) -> bool:
        """Whether anything has the name of this room's file, even a link that leads nowhere."""
        return os.path.lexists(self._folder.room_file(name))

    # -- closed and deleted ----------------------------------------------------------------

    def let_go(self, room: Room) -> None:
        """Close a room in which nothing was said and nobody is."""
        in_use = room.listeners or room.last or room.saving or room.preparing
        if self._rooms.get(room.name) is room and not in_use:
            del self._rooms[room.name]
            room.history.close()

    async def delete(self, room: Room, gone: Callable[[], None] = lambda: None) -> None:
        """Remove a room's file; nobody finds the room or writes to it, and `gone` is called then.

        Raises Refused: 503 where what was said may still be there, 404 where the room is gone.
        """
        await asyncio.shield(self._known)  # else the catalog would bring it back
        await self._forget(room)
        if self._rooms.get(room.name) is not room:
            raise no_such_room()
        gone()
        del self._rooms[room.name]
        self._stale = True  # the catalog may still tell its title and who was in it
        self._deleting.add(room.name)

        def remove() -> None:
            self._snapshots.remove(room.name, room.history.id)
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
