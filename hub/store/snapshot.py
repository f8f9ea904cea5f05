"""Keeps one small file up to date: as often as needed, no oftener than that, never half."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from hub.errors import Refused, stopping
from hub.store import disk
from hub.store.writer import Writer

log = logging.getLogger(__name__)

SNAPSHOT_BYTES: Final = 1 << 28
"""Most bytes of a snapshot that is read back."""
KEPT_EVERY: Final = 0.25
"""At most this often, in seconds, is a file written."""


class Snapshot:
    """`dump` gives the bytes to keep. The state before the last one stays beside it as `.last`."""

    def __init__(self, file: Path, dump: Callable[[], bytes], writer: Writer) -> None:
        self._file = file
        self._dump = dump
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._again = False
        self._rested_at = 0.0
        self._pause: asyncio.TimerHandle | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._ended = False
        self.busy = False

    def load(self, take: Callable[[bytes], None]) -> bool:
        """Give what was kept to `take`, which raises ValueError for what is damaged.

        A damaged file is kept aside, and the last good state counts. Gives whether all is well:
        False where what was kept last cannot be read. Raises OSError, as where it is no file.
        """
        well = True
        for file in (self._file, self._file.with_suffix(".last")):
            try:
                take(disk.read_file(file, SNAPSHOT_BYTES))
                return well
            except FileNotFoundError:
                continue
            except (ValueError, RecursionError):
                aside = file.with_name(f"{file.name}.damaged-{secrets.token_hex(4)}")
                log.error("%s is damaged; it is kept as %s", file.name, aside.name)
                disk.replace(file, aside)
                well = False
        return well

    def changed(self) -> None:
        """There is something new to keep."""
        if self._ended:
            return
        self._again = True
        if not self.busy:
            self.busy = True
            rest = self._rested_at - self._loop.time()
            if rest > 0:
                self._pause = self._loop.call_later(rest, self._keep)
            else:
                self._loop.call_soon(self._keep)

    async def kept(self) -> None:
        """Wait until what there is now is on stable storage.

        Raises Refused: 507, or 503 "stopping" after `end`.
        """
        if self._ended:
            raise stopping()
        kept = self._loop.create_future()
        self._waiting.append(kept)
        self.changed()
        if self._pause is not None:
            self._keep()
        await kept

    async def end(self) -> None:
        """Keep what there is now, and nothing that comes later: that could go on for ever."""
        with contextlib.suppress(Refused):  # the log tells
            if self.busy:
                await self.kept()
        self._ended = True
        if self._pause is not None:
            self._pause.cancel()

    def _keep(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        waiting, self._waiting, self._again = self._waiting, [], False
        self._writer.call(
            partial(_replace, self._file, self._dump()), partial(self._is_kept, waiting)
        )

    def _is_kept(self, waiting: list[asyncio.Future[None]], refused: Refused | None) -> None:
        for kept in waiting:
            if not kept.done():
                if refused is None:
                    kept.set_result(None)
                else:
                    kept.set_exception(refused)
        if refused is not None:
            log.error("%s", refused.message)
        self._rested_at = self._loop.time() + KEPT_EVERY
        if self._waiting:
            self._keep()
        elif self._again and not self._ended:
            self._pause = self._loop.call_later(KEPT_EVERY, self._keep)
        else:
            self.busy = False


def _replace(file: Path, data: bytes) -> None:
    """Put `data` in the place of the file; there is a whole one under each name at any moment."""
    last = file.with_suffix(".last")
    link = file.with_name(f".{last.name}.link")
    disk.remove(link)
    try:
        os.link(file, link)
        disk.replace(link, last)
    except FileNotFoundError:  # there is none yet
        pass
    except OSError:  # not every drive knows links
        disk.write_atomically(last, disk.read_file(file, SNAPSHOT_BYTES))
    finally:
        disk.remove(link)  # two names of one file do not replace each other
    disk.write_atomically(file, data)
