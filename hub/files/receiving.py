"""One request that sends a file, or a part of one: takes its bytes, and ends if nothing comes."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final

from hub.errors import Refused
from hub.files.kinds import media_type
from hub.files.part_file import PartFile
from hub.files.picture_size import HEAD_BYTES, shown_size
from hub.files.space import Space
from hub.files.upload import Upload
from hub.protocol.sent_file import SentFile

AHEAD_BYTES: Final = 1 << 24
"""Bytes that are kept free for what one request still sends: to claim more takes no room."""
QUIET_SECONDS: Final = 30.0
"""Seconds without a byte after which a request is ended."""

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

OnThread = Callable[..., Coroutine[Any, Any, Any]]


class Receiving:
    """`part` is set once it is open; `ended` once it is closed. `file` is what came, once whole.

    `ended_by` says why it has to end, if it has to.
    """

    part: PartFile | None = None
    file: SentFile | None = None
    ended_by: Refused | None = None

    def __init__(self, on_thread: OnThread, space: Space, address: str = "") -> None:
        """`address` is who sends; the rest is as Uploads has it."""
        self.ended = asyncio.Event()
        self.address = address
        self._on_thread = on_thread
        self._space = space
        self._expected = self._left = 0
        self._counted = 0  # bytes of the part that are counted as used
        self._limit: asyncio.Timeout | None = None
        self._busy: asyncio.Task[Any] | None = None

    @property
    def offset(self) -> int:
        """How many bytes there are."""
        return self._open_part.size

    @property
    def _open_part(self) -> PartFile:
        assert self.part is not None
        return self.part

    async def open(self, opening: Callable[..., PartFile], *given: Any) -> None:
        """Open the part. Raises Refused: 507."""

        def work() -> None:  # also if the request ends meanwhile, so that it is closed
            self.part = opening(*given)
            self._counted = self.part.was

        with saving():
            await self._alone(work)

    def expect(self, size: int) -> None:
        """So many more bytes are to come; room for the first of them is kept. Raises Refused where
        they are too many by now: 413, 507.
        """
        self._space.check_size(self.offset + size)
        self._space.check_room(size)
        self._left = size
        self._keep_room(min(size, AHEAD_BYTES))

    def _keep_room(self, size: int) -> None:
        self._space.expect(size)
        self._expected += size

    async def take(self, data: bytes) -> None:
        """Keep what came. Raises Refused: 413, 507; then nothing of it is kept."""
        if len(data) > self._expected:
            self._space.check_size(self.offset + len(data))
            ahead = min(self._left, AHEAD_BYTES)
            self._keep_room(max(len(data), ahead) - self._expected)
        with saving():
            await self._do(self._open_part.append, data)
        self._expected -= len(data)
        self._left = max(0, self._left - len(data))
        self._counted += len(data)
        self._space.came(len(data))

    async def finish(self, upload: Upload, digest: bytes | None) -> None:
        """All of it came: find out what it is. `digest` is what its SHA-256 should be.

        Raises Refused: 422 where it is another, 507.
        """
        with saving():
            file = await self._do(_file_of, upload, self._open_part)
        if digest is not None and digest.hex() != file.sha256:
            raise Refused(
                "digest_wrong", "What arrived is not what was sent. Send the file again.", 422
            )
        self.file = file

    async def _do(self, work: Callable[..., Any], *given: Any) -> Any:
        """Do what waits for the disk, however long that takes. Raises `ended_by`."""
        assert self._limit is not None
        self._check_goes_on()
        self._limit.reschedule(None)
        done = await self._alone(work, *given)
        self._check_goes_on()
        self._limit.reschedule(asyncio.get_running_loop().time() + QUIET_SECONDS)
        return done

    async def _alone(self, work: Callable[..., Any], *given: Any) -> Any:
        """Do it on a thread, to its end, whatever becomes of the request meanwhile."""
        self._busy = asyncio.ensure_future(self._on_thread(work, *given))
        return await asyncio.shield(self._busy)

    def _check_goes_on(self) -> None:
        if self.ended_by is not None:
            raise self.ended_by

    # -- the end ---------------------------------------------------------------------------

    @asynccontextmanager
    async def within_time(self) -> AsyncIterator[None]:
        """Raises Refused: 408 where nothing comes for long, and `ended_by`."""
        self._check_goes_on()
        try:
            async with asyncio.timeout(QUIET_SECONDS) as self._limit:
                yield
        except TimeoutError:
            if self.ended_by is not None:
                raise self.ended_by from None
            raise too_slow() from None

    def end(self, why: Refused) -> None:
        """Have it end with this refusal."""
        self.ended_by = self.ended_by or why
        if self._limit is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._limit.reschedule(0)

    async def idle(self) -> None:
        """Wait until no thread has the part any more."""
        if self._busy is not None and not self._busy.done():
            await asyncio.wait([self._busy])

    def release(self) -> None:
        """Nothing more is expected, and all that the closed part has is counted."""
        self._space.release(self._expected)
        self._expected = 0
        if self.part is not None:
            self._space.used += self.part.size - self._counted
            self._counted = self.part.size


def _file_of(upload: Upload, part: PartFile) -> SentFile:
    """What a whole part is, once it lasts. Raises OSError."""
    part.sync()
    head = part.head(HEAD_BYTES)
    kind = media_type(upload.name, upload.type, head)
    width, height = shown_size(head, kind) or (None, None)
    return SentFile(
        id=upload.id, name=upload.name, size=part.size, type=kind, sha256=part.sum.hexdigest(),
        width=width, height=height,
    )  # fmt: skip


@contextmanager
def saving() -> Iterator[None]:
    """Turn an OSError into the refusal that it means: 507."""
    try:
        yield
    except OSError as error:
        raise not_kept(error) from error


def not_kept(error: OSError) -> Refused:
    """The refusal of a file that cannot be written."""
    if error.errno in _FULL:
        return Refused("disk_full", "The disk of this Hearth is full.", 507)
    return Refused("not_saved", f"The folder of files cannot be written: {error.strerror}.", 507)


def too_slow() -> Refused:
    """What is told where nothing comes for long."""
    return Refused("too_slow", "Nothing more of the file arrived.", 408)


def taken_over() -> Refused:
    """What a request is told whose upload another one goes on with, or removed."""
    return Refused("taken_over", "Another request goes on with this file.", 409)


def file_whole() -> Refused:
    """What a request is told that goes on with a file of which all has come."""
    return Refused("file_whole", "All of this file has arrived already.", 409)
