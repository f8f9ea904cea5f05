"""Puts files that came whole into the folder of their room, under readable names.

The name is a key of the ledger before there is anything of that name, so that the next start can
carry out what a crash cut short: hub.file_keeping.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from hub.errors import Refused
from hub.files.receiving import saving
from hub.files.room_folder import RoomFolder
from hub.files.upload import Upload
from hub.files.uploads import Uploads
from hub.folder import Folder
from hub.room import Room
from hub.room_rules import hidden

FOLDERS: Final = 256
"""Rooms of whose folders is remembered what is in them."""


class Placing:
    """`kept` waits until the keys, as they are, are on stable storage. Raises Refused."""

    def __init__(
        self, folder: Folder, uploads: Uploads, kept: Callable[[], Awaitable[None]]
    ) -> None:
        self._folder = folder
        self._uploads = uploads
        self._kept = kept
        self._folders: OrderedDict[str, RoomFolder] = OrderedDict()

    def folder_of(self, room: str) -> RoomFolder:
        """The folder of the files of a room of a canonical name."""
        found = self._folders.get(room)
        if found is None:
            found = RoomFolder(self._folder.files / room, private=hidden(room))
            self._folders[room] = found
            if len(self._folders) > FOLDERS:
                self._folders.popitem(last=False)
        self._folders.move_to_end(room)
        return found

    async def place(self, room: Room, uploads: Iterable[Upload]) -> None:
        """Put the files of uploads into the room's folder; they last there then.

        They are still uploads, until a message that bears them is saved. Raises Refused: 410 where
        one is gone, 507.
        """
        left = [upload for upload in uploads if not (upload.placed and await self.find(upload))]
        try:
            while left:
                for upload in left:  # its name lasts before there is anything of that name
                    self._note(upload, name=await self._choose(room, upload), placed=True)
                await self._kept()
                left = [upload for upload in left if not await self._is_placed(upload)]
        except Refused:
            for upload in left:
                with suppress(Refused):
                    await self.find(upload)
            raise

    async def _choose(self, room: Room, upload: Upload) -> str:
        folder, others = self.folder_of(room.name), list[str]()
        if not folder.listed:
            others = [file.name for file in room.index.all_files()]
        with saving():
            return await self._uploads.on_thread(folder.choose, upload.name, others)

    async def _is_placed(self, upload: Upload) -> bool:
        """Whether it is in the folder now: not where somebody else has just taken its name."""
        assert upload.file is not None
        part, folder = self._uploads.path(upload), self.folder_of(upload.room)
        try:
            with saving():
                await self._uploads.on_thread(folder.place, part, upload.file.name)
        except Refused as why:
            if isinstance(why.__cause__, FileExistsError):
                self._note(upload, name=upload.name, placed=False)
                return False
            if not await self._uploads.on_thread(os.path.lexists, part) and (
                not await self.find(upload)
            ):
                raise file_gone() from None
            raise
        return True

    async def find(self, upload: Upload) -> bool:
        """Find out, and note, whether the file of an upload is in the folder.

        Raises Refused: 507.
        """
        assert upload.file is not None
        part, folder = self._uploads.path(upload), self.folder_of(upload.room)
        with saving():
            placed = await self._uploads.on_thread(folder.has, part, upload.file.name)
        self._note(upload, name=upload.file.name, placed=placed)
        return placed

    def _note(self, upload: Upload, *, name: str, placed: bool) -> None:
        assert upload.file is not None
        upload.file, upload.placed = replace(upload.file, name=name), placed
        self._uploads.keep(upload)


def file_gone() -> Refused:
    """What is told of a file that somebody took out of the folder, or changed there."""
    return Refused("file_gone", "This file is not there any more.", 410)
