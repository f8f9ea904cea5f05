"""Files that are being sent, and those that wait for the message that bears them.

What comes is written as it comes, and goes on where it was after a lost connection or a restart.
Lives on the event loop; whatever waits for the disk does so on threads of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from hub.errors import Refused, stopping
from hub.files.part_file import PartFile
from hub.files.receiving import Receiving, file_whole, taken_over
from hub.files.room_folder import make_own
from hub.files.space import Space
from hub.files.upload import KIND, Upload, key_of, upload_in
from hub.keys import Keys
from hub.protocol.events import encode
from hub.store import disk
from hub.threads import Pool

T = TypeVar("T")

THREADS: Final = 4
"""Threads that write what comes."""
AT_A_TIME: Final = 128
"""Files that may come at a time; each needs up to 1 MiB of memory and a descriptor."""
EACH: Final = 256
"""Uploads that one person, or one address without a session, may have unannounced."""
ALL: Final = 20_000
"""Uploads that may be unannounced in all."""
_PART: Final = re.compile("[0-9a-f]{32}")
KEPT_SECONDS: Final = 86_400
"""Seconds after its last byte for which an upload is kept."""


class Uploads:
    """`folder` is where parts of files are; it is made with the first. `kept` waits until the keys
    as they are last. `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        folder: Path,
        keys: Keys,
        space: Space,
        kept: Callable[[], Awaitable[None]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.space = space
        self._folder = folder
        self._keys = keys
        self._kept = kept
        self._clock = clock
        self._pool = Pool(THREADS, "files")
        self._receiving: dict[str, Receiving] = {}  # by key
        self._count = 0
        self._counts: Counter[str] = Counter()  # how many each person and each address has
        for upload in self:
            self._note_count(upload, 1)
        self._sums: dict[str, tuple[int, Any]] = {}  # of those that came so far, by key
        self._working: set[asyncio.Task[None]] = set()  # held here, as the loop does not
        self.stopping = self._stopped = False
        self.ready = asyncio.Event()  # set once what a crash left is in order

    async def on_thread(self, work: Callable[..., T], *given: Any) -> T:
        """Do what waits for the disk on a thread. Raises what it raises, and 503 after `stop`."""
        if self._stopped:
            raise stopping()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(work, *given))

    async def begun(self) -> None:
        """Wait until what a crash left is in order. Raises Refused: 503 at a stop."""
        await self.ready.wait()
        if self.stopping:
            raise stopping()

    # -- what there is ---------------------------------------------------------------------

    def get(self, room: str, id_: str) -> Upload | None:
        """The upload of this id in a room, if there is one."""
        return upload_in(self._keys.get(key_of(room, id_)))

    def ids(self, room: str) -> list[str]:
        """The ids of a room's uploads."""
        return list(self._keys.group(f"{KIND}{room}/"))

    def __iter__(self) -> Iterator[Upload]:
        for _, value in list(self._keys.items(KIND)):
            upload = upload_in(value)
            if upload is not None:
                yield upload

    def path(self, upload: Upload) -> Path:
        """Where the bytes of an upload are that is not placed."""
        return self._folder / upload.part

    # -- sending ---------------------------------------------------------------------------

    def begin(
        self,
        room: str,
        id_: str,
        who: str,
        name: str,
        type_: str,
        length: int | None,
        address: str = "",
    ) -> Upload:
        """A new upload, in the place of an older one of the same sender: see Upload.

        Raises Refused: 409 where somebody else has one of this id, 413, 429, 507.
        """
        old = self.get(room, id_)
        if old is not None and old.who != who:
            raise Refused("file_id_taken", "Another file has this id. Choose another one.", 409)
        if length is not None:
            self.space.check_size(length)
        if old is None:
            self._check_count(who, address)
        upload = Upload(
            room=room, id=id_, who=who, name=name, type=type_, part=secrets.token_hex(16),
            at=int(self._clock()), length=length, address=address,
        )  # fmt: skip
        if old is not None:
            self.drop(old)
        self.keep(upload)
        return upload

    def _check_count(self, who: str, address: str) -> None:
        own = max(self._counts[who], self._counts[address] if address else 0)
        if own >= EACH or self._count >= ALL:
            raise Refused(
                "too_many_uploads", "Too many files are half sent. Finish or cancel some.", 429, 60
            )

    @asynccontextmanager
    async def receiving(self, upload: Upload, address: str = "") -> AsyncIterator[Receiving]:
        """Take more of an upload, sent from an address; whoever does so by now is ended first.

        Raises Refused: 503 where too many files come at once, also within, 507, 409 `file_whole`
        where all has come; within 409 `taken_over`, once another request goes on with the upload,
        and 408 where nothing comes.
        """
        key = upload.key
        before = self._receiving.get(key)
        self._end(key)
        if self.stopping:
            raise stopping()
        if before is None and len(self._receiving) >= AT_A_TIME:
            self._make_room(address)
        receiving = self._receiving[key] = Receiving(self.on_thread, self.space, address)
        try:
            await self.begun()
            if before is not None:
                await before.ended.wait()
            current = self.get(upload.room, upload.id)
            if current is None or current.part != upload.part or receiving.ended_by is not None:
                raise receiving.ended_by or taken_over()
            if current.file is not None:  # by who was just ended
                raise file_whole()
            size, sum_ = self._sums.pop(key, (-1, None))
            await receiving.open(self._open, current, sum_ if size == current.size else None)
            async with receiving.within_time():
                yield receiving
        finally:  # to its end, even if this is ended for a second time
            await asyncio.shield(self._behind(self._ended(upload, receiving, before)))

    def _make_room(self, address: str) -> None:
        """End a request of whoever sends the most files, where somebody else sends far fewer.

        It goes on later, where it was. Raises Refused: 503.
        """
        going_on = [x for x in self._receiving.values() if x.ended_by is None]
        counts = Counter(x.address for x in going_on)
        most, count = next(iter(counts.most_common(1)), ("", 0))
        busy = Refused("busy", "Too many files are being sent. Wait a moment.", 503, 2)
        if counts[address] + 1 >= count or len(self._receiving) >= 2 * AT_A_TIME:
            raise busy
        next(x for x in going_on if x.address == most).end(busy)

    def _open(self, upload: Upload, sum_: Any) -> PartFile:
        made = not self._folder.exists()
        make_own(self._folder)
        part = PartFile(self.path(upload), upload.size, sum_)
        if not upload.size:
            disk.sync_folder(self._folder)
        if made:
            disk.sync_folder(self._folder.parent)
        return part

    async def _ended(self, upload: Upload, receiving: Receiving, before: Receiving | None) -> None:
        """Keep how much came, once the part is closed, also by who had it before."""
        try:
            if before is not None:
                await before.ended.wait()
            await receiving.idle()
            part = receiving.part
            if part is not None:
                whole = await self.on_thread(_close, part)
                current = self.get(upload.room, upload.id)
                if current is not None and current.part == upload.part:
                    if part.size != current.size:
                        current.size, current.at = part.size, int(self._clock())
                    current.file = current.file or receiving.file
                    self.keep(current)
                    if whole and current.file is None:
                        self._sums[upload.key] = part.size, part.sum
        finally:
            receiving.release()
            receiving.ended.set()
            if self._receiving.get(upload.key) is receiving:
                del self._receiving[upload.key]

    async def whole(self, upload: Upload) -> Upload:
        """The upload, once it lasts that all of it is there. Raises Refused: 404, 507."""
        await self._kept()
        current = self.get(upload.room, upload.id)
        if current is None or current.file is None:
            raise taken_over()
        return current

    async def settled(self, upload: Upload) -> Upload | None:
        """The upload as it is once who takes more of it by now is ended."""
        receiving = self._receiving.get(upload.key)
        if receiving is not None:
            receiving.end(taken_over())
            await receiving.ended.wait()
        return self.get(upload.room, upload.id)

    def _end(self, key: str) -> None:
        receiving = self._receiving.get(key)
        if receiving is not None:
            receiving.end(taken_over())

    # -- after that ------------------------------------------------------------------------

    def keep(self, upload: Upload) -> None:
        """Note what has changed of an upload."""
        self._put(upload.key, upload)

    def _put(self, key: str, upload: Upload | None) -> None:
        before = self._keys.get(key)
        self._note_count(upload_in(before), -1)
        self._note_count(upload, 1)
        self._keys.put({key: (before, None if upload is None else encode(upload))})

    def _note_count(self, upload: Upload | None, by: int) -> None:
        """Count the uploads of each sender, as there may be too many to be looked at each time."""
        if upload is None:
            return
        self._count += by
        for sender in {upload.who, upload.address} - {""}:
            self._counts[sender] += by
            if not self._counts[sender]:
                del self._counts[sender]

    def forget(self, upload: Upload) -> None:
        """An upload is none any more: a message has its file, or it is gone.

        One that began anew with its id since stays.
        """
        current = self.get(upload.room, upload.id)
        if current is not None and current.part == upload.part:
            self._end(upload.key)
            self._sums.pop(upload.key, None)
            self._put(upload.key, None)

    def drop(self, upload: Upload) -> asyncio.Task[None]:
        """Remove an upload that is not placed, with all that came of it."""
        self.forget(upload)
        path, before = self.path(upload), self._receiving.get(upload.key)

        async def remove() -> None:
            await self.ready.wait()
            if before is not None:
                await before.ended.wait()
            size = await self.on_thread(_remove, path)
            self.space.removed(size)

        return self._behind(remove())

    def _behind(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    async def stop(self) -> None:
        """Take no more, and keep how much came."""
        self.stopping = True
        self.ready.set()
        for receiving in list(self._receiving.values()):
            receiving.end(stopping())
        for receiving in list(self._receiving.values()):
            await receiving.ended.wait()
        while self._working:
            await asyncio.wait(self._working)
        self._stopped = True
        await asyncio.to_thread(self._pool.shutdown)

    # -- sweeping --------------------------------------------------------------------------

    def old(self) -> list[Upload]:
        """Those whose last byte came long ago, and that nobody is sending."""
        until = self._clock() - KEPT_SECONDS
        return [x for x in self if x.at < until and x.key not in self._receiving]

    async def remove_strays(self) -> None:
        """Remove the parts of files that no upload knows, as a crash may leave them."""
        known = {upload.part for upload in self}
        await self.on_thread(_remove_others, self._folder, known)


def _close(part: PartFile) -> bool:
    """Close a part; gives whether all that came of it lasts."""
    with contextlib.suppress(OSError):
        part.sync()
    return part.close()


def _remove(path: Path) -> int:
    """Remove a file; gives how many bytes it had."""
    try:
        size = path.lstat().st_size
        disk.remove(path)
    except OSError:
        return 0
    return size


def _remove_others(folder: Path, known: set[str]) -> None:
    if disk.is_link(folder):
        return
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if _PART.fullmatch(name) and name not in known:
                disk.remove(folder / name)
