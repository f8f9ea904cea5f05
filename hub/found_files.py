"""Files that somebody put into a room's folder by hand: hosts are shown them, and share them.

What takes no room any more need not be limited: such a file is there already, and stays in its
place. Nothing about it is kept until its message is: after a crash it is as it was.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from heapq import nlargest
from operator import itemgetter
from typing import Final
from weakref import WeakValueDictionary

from msgspec import UNSET, Struct, UnsetType

from hub.attachments import file_sent, new_id, no_such_file
from hub.errors import OURS, Refused
from hub.files import found_file
from hub.files.found_file import Entry
from hub.files.room_folder import rooms_in
from hub.files.safe_names import safe_name
from hub.files.upload import DOOMED, file_in
from hub.hub import Hub
from hub.names import room_name
from hub.permissions import check_muted
from hub.protocol.commands import Issued
from hub.room import Room
from hub.room_lists import Slices
from hub.room_rules import Author, hidden

log = logging.getLogger(__name__)

LISTED: Final = 1000
"""Files that are told of, at most: those that came last."""
LOOKED_AT: Final = 10_000
"""Files of one room that are looked at, at most."""
FAULTS: Final = 100
"""Files of which is remembered why they could not be shared."""


class Found(Struct):
    """A file that no message has, by its `id`; `name` is what it is to be called. `at` is when it
    was last changed, in seconds since 1970. While it is `sharing`, it is read; `fault` says why it
    could not be shared.
    """

    room: str
    id: str
    name: str
    size: int
    at: float
    sharing: bool = False
    fault: str | UnsetType = UNSET


class FoundList(Struct):
    """The last ones first; with `more` there are others."""

    files: list[Found]
    more: bool


class FoundFiles:
    """Those of one hub. Lives on its event loop."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._sharing: dict[tuple[str, str], asyncio.Task[bytes]] = {}
        self._faults: dict[tuple[str, str], str] = {}
        self._announcing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # by room

    # -- finding ---------------------------------------------------------------------------

    async def found(self, author: Author) -> FoundList:
        """The files in all rooms that an author may see."""
        hub, slices = self._hub, Slices()
        await hub.rooms.all_known()
        last: list[tuple[float, str, Entry]] = []
        now = time.time()
        for name in await hub.attachments.uploads.on_thread(rooms_in, hub.folder.files):
            await slices.step()
            if not _is_room(name):
                continue
            try:
                entries = await self._entries(name, author)
            except Refused:  # it is not theirs to see, or cannot be read
                continue
            for entry in entries:
                await slices.step()
                last.append((min(max(entry.at, 0.0), now), name, entry))  # it may be anything
            last = nlargest(LISTED + 1, last, key=itemgetter(0))
        found: list[Found] = []
        for at, name, entry in last[:LISTED]:
            await slices.step()
            found.append(self._told(name, entry, at))
        return FoundList(found, len(last) > LISTED)

    async def _entries(self, name: str, author: Author) -> list[Entry]:
        """What lies in the folder of a room and has no message. Raises Refused."""
        hub = self._hub
        on_thread, path = hub.attachments.uploads.on_thread, hub.folder.files / name
        if hidden(name):
            await hub.rooms.find_existing(name, author.who)
        names = await on_thread(found_file.names_in, path)
        if not names:
            return []
        # After that, as a message may have come for a file since then.
        room = await hub.rooms.look(name) if hub.rooms.shown(name) is not None else None
        known = set(self._known(name, room))
        names = await on_thread(found_file.others_of, names, known, LOOKED_AT)
        entries: list[Entry] = await on_thread(found_file.entries_of, path, names, known)
        return entries

    def _known(self, name: str, room: Room | None) -> Iterator[str]:
        """The names of a room's files that messages have, or had, or are about to have."""
        uploads = self._hub.attachments.uploads
        for file in room.index.all_files() if room is not None else ():
            yield file.name
        for id_ in uploads.ids(name):
            upload = uploads.get(name, id_)
            if upload is not None and upload.file is not None and upload.placed:
                yield upload.file.name
        for value in self._hub.keys.group(f"{DOOMED}{name}/").values():
            doomed = file_in(value)
            if doomed is not None:
                yield doomed.name

    def _told(self, room: str, entry: Entry, at: float) -> Found:
        key = room, _id(entry.name)
        name = safe_name(found_file.shown_name(entry.name))
        fault = self._faults.get(key, UNSET)
        return Found(room, key[1], name, entry.size, at, key in self._sharing, fault)

    # -- sharing ---------------------------------------------------------------------------

    def share(
        self, asking: Callable[[], Author], room: str, id_: str, text: str
    ) -> asyncio.Task[bytes]:
        """Have somebody say a message with the file of this id in a room of a canonical name.
        `asking` gives who that is, and raises Refused where they may not, also in an hour.

        Gives the task that does it, whose result is the saved line, and which raises Refused as
        Hub.post does, and 404, 409, 422 of the file. Raises Refused (409) where somebody shares it.
        """
        key, author = (room, id_), asking()
        if key in self._sharing:
            raise file_sent()
        self._faults.pop(key, None)
        task = asyncio.create_task(self._share(asking, author, room, id_, text))
        self._sharing[key] = task
        task.add_done_callback(lambda _: self._shared(key, task))
        return task

    def _shared(self, key: tuple[str, str], task: asyncio.Task[bytes]) -> None:
        del self._sharing[key]
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Refused):
            if len(self._faults) >= FAULTS:
                self._faults.clear()
            self._faults[key] = error.message
        elif error is not None:
            log.error("a file could not be shared", exc_info=error)
            self._faults[key] = OURS.message
        self._hub.clients.tell_hosts()

    async def _share(
        self, asking: Callable[[], Author], author: Author, name: str, id_: str, text: str
    ) -> bytes:
        hub = self._hub
        uploads = hub.attachments.uploads
        check_muted(hub.people, author.who)
        await uploads.begun()
        room = await hub.rooms.find(name, author.who)
        room.preparing += 1
        try:
            room.permissions.check(Issued(room=name, text=text), author)
            entries = await self._entries(name, author)
            entry = next((x for x in entries if _id(x.name) == id_), None)
            if entry is None:
                raise no_such_file()
            folder = hub.attachments.placing.folder_of(name)
            announcing = self._announcing.setdefault(name, asyncio.Lock())
            async with (
                found_file.reading(folder, entry.name, uploads.on_thread) as read,
                announcing,  # until its message is saved, nothing tells that its new name has one
            ):
                author = asking()
                others = set(self._known(name, room))
                if await uploads.on_thread(found_file.is_borne, folder.path, entry.name, others):
                    raise file_sent()
                file, since = await found_file.keeping(read, new_id(), others, uploads.on_thread)
                command = Issued(room=name, text=text, sent=[file])
                line, _ = await hub.post(name, author, command)
            hub.attachments.space.found(file.size, since)
        finally:
            room.preparing -= 1
            hub.rooms.let_go(room)
        if not hidden(name):  # elsewhere it is nobody's business
            hub.audit.add(author.name, "share", room=name, text=file.name)
        return line


def _is_room(name: str) -> bool:
    try:
        return room_name(name) == name
    except Refused:
        return False


def _id(name: str) -> str:
    """The id of a file: its name may be no text at all."""
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:32]
