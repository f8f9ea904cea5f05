"""A small file that is replaced as a whole whenever the state in memory has changed."""

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
INTERVAL: Final = 0.25
"""Least seconds between two writes of the file."""


class Snapshot:
    """`dump` gives the bytes to write. The state before stays beside the file as `.last`."""

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
        """Pass the file's bytes to `take`, which raises ValueError where they are damaged.

        A damaged file is put aside, and the state before is taken. Gives False where the newest
        state could not be read. Raises OSError, also where there is something else than a file.
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
        """The state has changed: write it soon."""
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
        """Wait until the state of now is on stable storage.

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
        """Write the state of now, and nothing later, as that could go on for ever."""
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
        self._rested_at = self._loop.time() + INTERVAL
        if self._waiting:
            self._keep()
        elif self._again and not self._ended:
            self._pause = self._loop.call_later(INTERVAL, self._keep)
        else:
            self.busy = False


def _replace(file: Path, data: bytes) -> None:
    """Replace the file by `data`; under both names there is a whole file at any moment."""
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
