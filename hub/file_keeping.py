"""Keeps the files of a hub in order: carries out at the start what a crash cut short, and sweeps
away what nobody finishes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from contextlib import suppress
from typing import Final

from hub.attachments import Attachments
from hub.errors import Refused
from hub.files.space import bytes_in
from hub.files.upload import DOOMED, Upload, file_in
from hub.folder import Folder
from hub.keys import Keys
from hub.protocol.sent_file import SentFile
from hub.room import Room
from hub.rooms import Rooms

log = logging.getLogger(__name__)

SWEEP_SECONDS: Final = 600.0
"""Seconds between two looks for what was never finished."""


class FileKeeping:
    """Begins with the start of the hub, on its event loop."""

    def __init__(self, folder: Folder, keys: Keys, rooms: Rooms, attachments: Attachments) -> None:
        self._folder = folder
        self._keys = keys
        self._rooms = rooms
        self._attachments = attachments
        self._uploads = attachments.uploads
        self.settled = asyncio.create_task(self._settle())
        self._sweeping = asyncio.create_task(self._sweep())

    def stop(self) -> None:
        self.settled.cancel()
        self._sweeping.cancel()
        self._uploads.ready.set()  # also where it has not begun yet

    # -- at the start ----------------------------------------------------------------------

    async def _settle(self) -> None:
        """Count what there is, and carry out what a crash cut short."""
        await asyncio.sleep(0)  # a start that fails takes no thread
        try:
            await self._carry_out()
        except Exception:
            log.exception("files that a crash left are not in order")
        counted = time.time()
        try:  # while nothing comes and goes
            used = await self._uploads.on_thread(bytes_in, self._folder.files)
            self._attachments.space.used, self._attachments.space.counted = used, counted
        finally:
            self._uploads.ready.set()

    async def _carry_out(self) -> None:
        uploads = self._uploads
        for upload in list(uploads):
            if upload.file is not None:
                with suppress(Refused, OSError):  # tried again at the next start
                    await self._settle_upload(upload, upload.file)
        for key, value in list(self._keys.items(DOOMED)):
            file = file_in(value)
            with suppress(Refused):
                if file is not None:
                    await self._settle_doomed(key.rpartition("/")[0], file)
        await uploads.remove_strays()

    async def _settle_upload(self, upload: Upload, file: SentFile) -> None:
        room = await self._room(upload.room)
        if room is not None and room.index.file(upload.id) is not None:
            self._uploads.forget(upload)
        elif not (upload.placed and await self._attachments.placing.find(upload)):
            part = self._uploads.path(upload)
            if not await self._uploads.on_thread(os.path.lexists, part):
                self._uploads.forget(upload)
                await self._attachments.remove_preview(upload)

    async def _settle_doomed(self, name: str, file: SentFile) -> None:
        room = await self._room(name)
        if room is not None and room.index.file(file.id) is not None:
            self._attachments.spare(name, [file])
        else:
            await self._attachments.remove(name, [file])

    async def _room(self, name: str) -> Room | None:
        """The room, or None where there is none. Raises Refused where it cannot be read."""
        if not self._folder.room_file(name).exists():
            return None
        return await self._rooms.look(name)

    # -- later -----------------------------------------------------------------------------

    async def _sweep(self) -> None:
        await self.settled
        while True:
            for upload in self._uploads.old():
                with suppress(Refused):  # a message is about to bear it after all
                    await self._attachments.cancel(upload)
            await asyncio.sleep(SWEEP_SECONDS)
