"""What takes room among the files that were sent: by room, by person and by kind, for hosts.

As messages tell; what somebody took out of the folder by hand is counted all the same. A room is
read again only after something has happened in it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Final, NamedTuple, TypeVar

from msgspec import UNSET, Struct, UnsetType

from hub.errors import Refused
from hub.file_expiry import expiring
from hub.files.room_folder import rooms_in
from hub.hub import Hub
from hub.protocol.events import Event
from hub.room import Room
from hub.room_lists import Slices
from hub.room_rules import hidden
from hub.room_view import event_at

LISTED: Final = 1000
"""Rooms and people that are told of, at most: those with the most bytes."""
KINDS: Final = frozenset("image video audio text".split())
"""Kinds of files, by the first part of their type; all others are "other"."""


class Space(Struct, kw_only=True):
    """So many files with so many bytes."""

    files: int = 0
    bytes: int = 0

    def add(self, files: int, size: int) -> None:
        self.files += files
        self.bytes += size


class RoomSpace(Space, kw_only=True):
    room: str


class PersonSpace(Space, kw_only=True):
    """`who` is the id of a person; there is none for a name that nobody has proved."""

    by: str
    who: str | UnsetType = UNSET


class KindSpace(Space, kw_only=True):
    kind: str


class FileSpace(Struct):
    """`total` are all files of messages, `hidden` those in private rooms and direct messages,
    `unfinished` those that no message has yet. `used` are bytes on the disk, of which there may be
    `most`, and of one file `each`, 0 for no limit. `free` are those of the disk that are free, of
    which `spare` stay so; nothing where nobody knows. The lists have what takes most room first.
    """

    used: int
    most: int
    each: int
    total: Space
    hidden: Space
    unfinished: Space
    rooms: list[RoomSpace]
    people: list[PersonSpace]
    kinds: list[KindSpace]
    free: int | UnsetType = UNSET
    spare: int | UnsetType = UNSET


S = TypeVar("S", bound=Space)


class _Read(NamedTuple):
    """A room as it was when its last event had this number: the files by author, and by kind."""

    last: int
    people: dict[str, PersonSpace]  # by Author.id
    kinds: dict[str, Space]


class FileSpaces:
    """Tells of one hub's files, and remembers what is known of each room that has some."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._read: dict[str, _Read] = {}
        self._telling: asyncio.Task[FileSpace] | None = None

    async def told(self) -> FileSpace:
        """What takes room now. Those who ask at the same time are told the same."""
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell())
            self._telling.add_done_callback(self._done)
        return await asyncio.shield(self._telling)

    def _done(self, telling: asyncio.Task[FileSpace]) -> None:
        self._telling = None
        if not telling.cancelled():
            telling.exception()  # perhaps nobody waits for it any more

    async def _tell(self) -> FileSpace:
        hub, slices = self._hub, Slices()
        await hub.rooms.all_known()
        names = await hub.attachments.uploads.on_thread(rooms_in, hub.folder.files)
        read: dict[str, _Read] = {}
        for name in names:
            await slices.step()
            found = await self._room(name, slices)
            if found is not None:
                read[name] = found
        self._read = read
        unfinished = Space()
        for upload in hub.attachments.uploads:
            unfinished.add(1, upload.size)
        return await _summed(hub, read, unfinished, slices)

    async def _room(self, name: str, slices: Slices) -> _Read | None:
        """What is known of a room; None where there is none, or it cannot be read."""
        shown, known = self._hub.rooms.shown(name), self._read.get(name)
        if shown is None:
            return None
        if known is not None and known.last == shown.last:
            return known
        try:
            return await _counted(await self._hub.rooms.look(name), slices)
        except Refused:
            return None


async def leaving(room: Room, days: int, most: int) -> Space:
    """What would go from a room if files stayed for so many days, and the newest up to so many
    bytes; 0 for no end. Raises Refused where it cannot be read.
    """
    slices, space = Slices(), Space()
    for file in expiring(room, days, most, time.time()):
        await slices.step()
        space.add(1, file.size)
    return space


async def _counted(room: Room, slices: Slices) -> _Read:
    """Count a room's files. Raises Refused where it cannot be read."""
    read = _Read(room.last, {}, {})
    for n, files in list(room.index.files.items()):
        await slices.step()
        event = event_at(room.history, n)
        if event is None or n in room.index.erased:
            continue
        person = _person(read.people, event)
        for file in files:
            person.add(1, file.size)
            read.kinds.setdefault(_kind(file.type), Space()).add(1, file.size)
    return read


async def _summed(
    hub: Hub, rooms: dict[str, _Read], unfinished: Space, slices: Slices
) -> FileSpace:
    total, secret = Space(), Space()
    shown: list[RoomSpace] = []
    people: dict[str, PersonSpace] = {}
    kinds: dict[str, KindSpace] = {}
    for name, read in rooms.items():
        await slices.step()
        own = RoomSpace(room=name)
        for kind, space in read.kinds.items():
            own.add(space.files, space.bytes)
            kinds.setdefault(kind, KindSpace(kind=kind)).add(space.files, space.bytes)
        for id_, person in read.people.items():
            known = people.get(id_)
            if known is None:
                known = people[id_] = PersonSpace(by=person.by, who=person.who)
            known.add(person.files, person.bytes)
        total.add(own.files, own.bytes)
        if hidden(name):
            secret.add(own.files, own.bytes)
        elif own.files:
            shown.append(own)
    most = _largest(people.values())
    for each in most:
        present = hub.people.person(each.who) if each.who is not UNSET else None
        each.by = present.name if present is not None else each.by
    disk = hub.attachments.space
    free, spare = await hub.attachments.uploads.on_thread(disk.on_disk) or (UNSET, UNSET)
    return FileSpace(
        disk.used, disk.most, disk.each, total, secret, unfinished,
        _largest(shown), most, _largest(kinds.values()), free, spare,
    )  # fmt: skip


def _largest(spaces: Iterable[S]) -> list[S]:
    return sorted(spaces, key=lambda space: -space.bytes)[:LISTED]


def _person(people: dict[str, PersonSpace], event: Event) -> PersonSpace:
    id_ = event.author_id
    if id_ not in people:
        people[id_] = PersonSpace(by=event.by, who=event.who or UNSET)
    return people[id_]


def _kind(type_: str) -> str:
    kind = type_.partition("/")[0]
    return kind if kind in KINDS else "other"
