"""Removes files that have been in a room for as long as files stay there, or for which there are
too many newer ones. Nothing goes without a word in the room's history.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from hub.attachments import Attachments
from hub.drafts import Outcome
from hub.errors import Refused
from hub.files.room_folder import rooms_in
from hub.folder import Folder
from hub.protocol.commands import Expire
from hub.protocol.sent_file import SentFile
from hub.room import Room
from hub.room_rules import Author
from hub.room_view import event_at
from hub.rooms import Rooms

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 3600.0
"""Seconds between two looks for files that have expired."""
BATCH: Final = 100
"""Files of one event, at most."""
DAY: Final = 86_400
HEARTH: Final = Author("Hearth")
"""Who says what the hub itself does in a room."""


class FileExpiry:
    """Looks at once, after `settled`, and then time and again. `clock` gives seconds since 1970."""

    def __init__(
        self,
        folder: Folder,
        rooms: Rooms,
        attachments: Attachments,
        settled: asyncio.Future[None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._rooms = rooms
        self._attachments = attachments
        self._settled = settled
        self._clock = clock
        self._looking = asyncio.create_task(self._look())

    def stop(self) -> None:
        self._looking.cancel()

    async def _look(self) -> None:
        await asyncio.shield(self._settled)
        await self._rooms.all_known()
        while True:
            try:
                await self.expire()
            except Exception:
                log.exception("files that have expired are still there")
            await asyncio.sleep(LOOK_SECONDS)

    async def expire(self) -> None:
        """Remove what has expired by now, in all rooms. Raises OSError."""
        names = await self._attachments.uploads.on_thread(rooms_in, self._folder.files)
        for name in names:
            await asyncio.sleep(0)
            shown = self._rooms.shown(name)
            if shown is None or not (shown.rules.keep_days or shown.rules.keep_bytes):
                continue
            try:
                await self._expire_in(name)
            except Refused as why:  # the next look tries again
                log.error("files that have expired in %s are still there: %s", name, why.message)

    async def _expire_in(self, name: str) -> None:
        """Remove what has expired in one room. Raises Refused."""
        while True:
            room = await self._rooms.room(name)
            batch = self._expired(room)
            if not batch:
                return
            await self._say_so(room, batch)
            await self._attachments.remove(name, batch)

    async def _say_so(self, room: Room, files: list[SentFile]) -> None:
        """Have the room's history say that these files are gone; they are to be removed then, also
        after a crash. Raises Refused; then they stay.
        """
        outcome = Outcome()
        await self._attachments.doom(room.name, files)
        try:
            room.take(Expire(room=room.name, ids=[file.id for file in files]), HEARTH, outcome)
            await outcome
        except Refused:
            self._attachments.spare(room.name, files)
            raise

    def _expired(self, room: Room) -> list[SentFile]:
        """The oldest files that are not to stay, at most BATCH. Raises Refused."""
        rules = room.rules
        found = expiring(room, rules.keep_days, rules.keep_bytes, self._clock())
        return list(islice(found, BATCH))


def expiring(room: Room, days: int, most: int, now: float) -> Iterator[SentFile]:
    """The files of a room that are not to stay where they stay for so many days, and the newest up
    to so many bytes; 0 for no end. The oldest first. `now` is in seconds since 1970.

    The room may change meanwhile. Raises Refused where it cannot be read.
    """
    if not days and not most:
        return
    files, until = list(room.index.files.items()), now - days * DAY
    size = sum(file.size for _, each in files for file in each)
    for n, each in files:
        event = event_at(room.history, n)
        said = None if event is None else _time(event.at)
        if said is None:  # nobody knows any more when it was said
            continue
        old = days and said < until
        for file in each:
            if not old and not (most and size > most):
                return
            size -= file.size
            if room.index.file(file.id) == (n, file):  # not one of a history made by hand
                yield file


def _time(at: str) -> float | None:
    """Seconds since 1970 of the time of an event; None for what is no time."""
    try:
        return datetime.fromisoformat(at).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
