"""The files of messages: put into the room's folder before their message is announced, and taken
out of it after the message is removed.

Each step is a key of the ledger before it is done, so that the next start can carry out what a
crash cut short: hub.file_keeping.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from msgspec.structs import asdict, replace

from hub.drafts import Answer
from hub.errors import OURS, Refused
from hub.files.preview import check_preview, without_metadata
from hub.files.previews import Previews
from hub.files.receiving import not_kept, saving
from hub.files.room_folder import make_own
from hub.files.space import Space
from hub.files.upload import Upload, doomed_key
from hub.files.uploads import Uploads
from hub.folder import Folder
from hub.keys import Keys
from hub.placing import Placing, file_gone
from hub.protocol.commands import Erase, Issued, Own, Say, Writing
from hub.protocol.events import encode
from hub.protocol.sent_file import SentFile
from hub.room import Room
from hub.room_rules import Author
from hub.room_view import event_at

T = TypeVar("T")

log = logging.getLogger(__name__)


class Attachments:
    """`kept` waits until the keys, as they are, are on stable storage, and raises Refused. `let_go`
    closes a room in which nothing was said after all.
    """

    def __init__(
        self,
        folder: Folder,
        keys: Keys,
        space: Space,
        kept: Callable[[], Awaitable[None]],
        let_go: Callable[[Room], None],
    ) -> None:
        self.space = space
        self.uploads = Uploads(folder.unfinished, keys, space, kept)
        self._keys = keys
        self._kept = kept
        self.placing = Placing(folder, self.uploads, kept)
        self._let_go = let_go
        # By room: a repeated command waits for the first one.
        self._placing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._bearing: set[str] = set()  # keys of uploads that a message is about to bear
        self._previews = Previews(folder.previews)
        self._working: set[asyncio.Task[Any]] = set()  # held here, as the loop does not

    async def stop(self) -> None:
        """Wait for what is under way, and keep how much of each file came."""
        self.uploads.stopping = True
        self.uploads.ready.set()
        while self._working:
            await asyncio.wait(self._working)
        await self.uploads.stop()

    # -- what is written -------------------------------------------------------------------

    def take(self, room: Room, command: Writing | Own, author: Author, answer: Answer) -> bool:
        """Have the room take a command that bears files, or removes some, once that is prepared;
        `answer` is told how it ended.

        Gives False for any other command, which the room can take at once.
        """
        if isinstance(command, Say) and command.files:
            work = self._say(room, command, author, answer)
        elif isinstance(command, Erase) and command.of in room.index.files:
            work = self._erase(room, command, author, answer)
        else:
            return False
        room.preparing += 1
        self._behind(self._do(room, work, answer))
        return True

    async def _do(self, room: Room, work: Awaitable[None], answer: Answer) -> None:
        try:
            await work
        except Refused as why:
            answer.refused(why)
        except Exception:
            log.exception("a command about files failed")
            answer.refused(OURS)
        finally:
            room.preparing -= 1
            self._let_go(room)

    def _behind(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    async def _say(self, room: Room, command: Say, author: Author, answer: Answer) -> None:
        await self.uploads.begun()
        lock = self._placing.setdefault(room.name, asyncio.Lock())
        async with lock:
            if room.has_key(author, command.key):
                room.take(command, author, answer)
                return
            room.permissions.check(command, author)
            ids = dict.fromkeys(command.files or ())
            uploads = [self._whole(room, author, id_) for id_ in ids]
            self._bearing.update(upload.key for upload in uploads)
            told = _Told(answer, partial(self._said, uploads))
            try:
                await self.placing.place(room, uploads)
                files = [upload.file for upload in uploads if upload.file is not None]
                room.take(Issued(**{**asdict(command), "sent": files}), author, told)
            except BaseException:
                self._said(uploads, new=False)
                raise

    def _said(self, uploads: Iterable[Upload], new: bool) -> None:
        """A message bears their files if it is `new`; else they are still uploads."""
        for upload in uploads:
            self._bearing.discard(upload.key)
            if new:
                self.uploads.forget(upload)

    async def _erase(self, room: Room, command: Erase, author: Author, answer: Answer) -> None:
        files = room.index.files.get(command.of, [])

        def ended(new: bool) -> None:
            if new:
                self._behind(self.remove(room.name, files))

        room.permissions.check(command, author, event_at(room.history, command.of))
        await self.doom(room.name, files)
        room.take(command, author, _Told(answer, ended))

    # -- uploads ---------------------------------------------------------------------------

    def _whole(self, room: Room, author: Author, id_: str) -> Upload:
        upload = self.uploads.get(room.name, id_)
        if upload is None and room.index.file(id_) is not None:
            raise file_sent()
        if upload is None or upload.who != author.id:
            raise no_such_file()
        if upload.file is None:
            raise Refused("file_unfinished", "Not all of this file has arrived yet.", 409)
        self._check_free(upload)
        return upload

    def _check_free(self, upload: Upload) -> None:
        """Raises Refused (409) where a message is about to bear an upload."""
        if upload.key in self._bearing:
            raise file_sent()

    def begin(
        self, room: str, id_: str, author: Author, name: str, type_: str, length: int | None
    ) -> Upload:
        """A new upload of an author. Raises Refused as Uploads.begin does, and 409 where a message
        is about to bear the older one of this id.
        """
        old = self.uploads.get(room, id_)
        if old is not None and old.who == author.id:
            self._check_free(old)
        address = "" if author.who else author.address or ""
        upload = self.uploads.begin(room, id_, author.id, name, type_, length, address)
        if old is not None and old.file is not None:
            if old.placed:
                self._put(doomed_key(room, old.file), encode(old.file))
                self._behind(self.remove(room, [old.file]))
            elif old.file.preview:
                self._behind(self.remove_preview(old))
        return upload

    async def copies(self, room: Room, n: int, to: str, author: Author) -> list[str]:
        """Have somebody send the files of message `n` to another room; gives their new ids.

        Raises Refused: 410 where one is gone, 413, 429, 507.
        """
        await self.uploads.begun()
        made: list[str] = []
        try:
            for file in room.index.files.get(n, ()):
                upload = self.begin(to, new_id(), author, file.name, file.type, file.size)
                made.append(upload.id)
                await asyncio.shield(self._behind(self._copy(room.name, file, upload)))
        except BaseException:
            self.discard_all(to, made)
            raise
        return made

    async def _copy(self, room: str, file: SentFile, upload: Upload) -> None:
        path = self.uploads.path(upload)

        def copy() -> None:
            make_own(path.parent)
            self.placing.folder_of(room).copy(file.name, path, file.size)

        self.space.expect(file.size)
        try:
            await self.uploads.on_thread(copy)
        except FileNotFoundError:
            raise file_gone() from None
        except OSError as error:
            raise not_kept(error) from error
        finally:
            self.space.release(file.size)
        self.space.used += file.size
        upload.size, upload.file = file.size, replace(file, id=upload.id, preview=False)
        if self.uploads.get(upload.room, upload.id) is None:
            self.uploads.drop(upload)  # nobody waits for it any more
        else:
            self.uploads.keep(upload)

    def discard(self, upload: Upload) -> asyncio.Task[None]:
        """Remove an upload, wherever its file is by now: the task that does it.

        Raises Refused (409) where a message is about to bear it.
        """
        self._check_free(upload)
        file = upload.file
        if file is None or not upload.placed:
            if file is not None and file.preview:
                self._behind(self.remove_preview(upload))
            return self.uploads.drop(upload)
        self._put(doomed_key(upload.room, file), encode(file))
        self.uploads.forget(upload)
        return self._behind(self.remove(upload.room, [file]))

    async def remove_preview(self, upload: Upload) -> None:
        """Remove the small picture of an upload, if it has one."""
        with suppress(OSError, Refused):
            await self.uploads.on_thread(self._previews.remove, upload.room, upload.id)

    def discard_all(self, room: str, ids: Iterable[str] | None = None) -> None:
        """Remove the uploads of a room that no message is about to bear: those of these ids."""
        for id_ in self.uploads.ids(room) if ids is None else ids:
            if (upload := self.uploads.get(room, id_)) is not None:
                with suppress(Refused):
                    self.discard(upload)

    async def cancel(self, upload: Upload) -> None:
        """Remove an upload and wait until it is gone. Raises Refused as `discard` does."""
        await asyncio.shield(self.discard(upload))

    # -- out of it -------------------------------------------------------------------------

    async def doom(self, room: str, files: Iterable[SentFile]) -> None:
        """Have these files removed, also after a crash, once their message is gone.

        Where that stays after all, the next start finds that out. Raises Refused: 503, 507.
        """
        await self.uploads.begun()
        for file in files:
            self._put(doomed_key(room, file), encode(file))
        await self._kept()

    def spare(self, room: str, files: Iterable[SentFile]) -> None:
        """Their message is there after all, or they are gone."""
        for file in files:
            self._put(doomed_key(room, file), None)

    async def remove(self, room: str, files: Iterable[SentFile]) -> None:
        """Remove doomed files whose message is gone, in a room of a canonical name.

        What cannot be removed now is tried again at the next start.
        """
        for file in files:
            try:
                folder = self.placing.folder_of(room)
                self.space.removed(await self.uploads.on_thread(folder.remove, file.name))
                await self.uploads.on_thread(self._previews.remove, room, file.id)
            except OSError as error:
                log.error("a removed file is still there: %s", error)
            except Refused:  # the hub stops
                return
            else:
                self.spare(room, [file])
                folder.free(file.name)  # not before: the next start would remove it again

    def _put(self, key: str, value: bytes | None) -> None:
        self._keys.put({key: (self._keys.get(key), value)})

    async def preview(self, upload: Upload, data: bytes) -> None:
        """Keep a small picture of a file that has no message yet.

        Raises Refused: 409 where it is about to have one, 413, 422 for what is no preview, 507.
        """
        self._check_free(upload)
        check_preview(data)
        kept = without_metadata(data)
        with saving():
            await self.uploads.on_thread(self._previews.keep, upload.room, upload.id, kept)
        current = self.uploads.get(upload.room, upload.id)
        if current is None or current.part != upload.part:  # it went, or began anew
            await self.remove_preview(upload)
        elif current.file is not None and current.key not in self._bearing:
            current.file = replace(current.file, preview=True)
            self.uploads.keep(current)

    async def preview_of(self, room: str, id_: str) -> bytes | None:
        """The small picture of a file; None where there is none."""
        return await self.uploads.on_thread(self._previews.get, room, id_)


class _Told:
    """Tells an answer, once what else depends on how its command ended is done: `ended` is called
    with whether it was carried out now.
    """

    def __init__(self, answer: Answer, ended: Callable[[bool], None]) -> None:
        self._answer = answer
        self._ended = ended

    def saved(self, line: bytes, new: bool, broadcast: bool) -> None:
        self._ended(new)
        self._answer.saved(line, new, broadcast)

    def refused(self, why: Refused) -> None:
        self._ended(False)
        self._answer.refused(why)


def file_sent() -> Refused:
    """What is told of a file that a message bears, or is about to."""
    return Refused("file_sent", "This file has been sent already.", 409)


def no_such_file() -> Refused:
    """What is told of a file that is not there, or not theirs."""
    return Refused("no_such_file", "There is no such file.", 404)


def new_id() -> str:
    """An id that nobody can guess."""
    return secrets.token_urlsafe(16)
