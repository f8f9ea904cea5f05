"""A ledger: keys in memory, of which each change is appended to a file.

What changes is gathered for a moment, or until somebody waits for it, and saved at once. Where the
file has grown far beyond what it holds, it is written anew in the background.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from hub.errors import Refused, stopping
from hub.keys import Keys, Value
from hub.store.commit import OURS
from hub.store.ledger_file import SLICE, LedgerFile, Stopped
from hub.store.ledger_lines import line_of, lines_of
from hub.store.writer import Writer, not_saved

log = logging.getLogger(__name__)

INTERVAL: Final = 1.0
"""Seconds for which changes gather that nobody waits for, as each sync holds up messages; and until
what could not be saved is tried again.
"""
HELD: Final = 1 << 20
"""Most bytes of lines that are held to be tried again; beyond that, all is written anew."""
GROWTH: Final = 1 << 20
"""Bytes by which the file grows at least until it is written anew; else by what it held then."""
PAUSE: Final = 0.0005
"""Seconds between two slices, so that the event loop's thread has its turn."""

Waiting = list["asyncio.Future[None]"]


class Ledger:
    """Made on the event loop that owns `keys`, before they are changed; `file` holds them."""

    def __init__(self, keys: Keys, file: LedgerFile, writer: Writer) -> None:
        self._keys = keys
        self._file = file
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._lines: list[bytes] = []  # what is not in the file yet
        self._waiting: Waiting = []  # for that
        self._saving: Waiting | None = None  # those who wait for what is being saved
        self._timer: asyncio.TimerHandle | None = None
        self._failing = False
        self._ended = False
        # While all is written anew, beside the file: what has changed since that began.
        self._since: list[bytes] | None = None
        self._beside: asyncio.Future[None] | None = None
        self._is_beside = False  # whether that is done
        self._held = file.size
        self._grown = 1  # nobody knows what it held when it was written anew last
        keys.watch(self._changed)
        if not file.sound:
            self._save_in(0.0)

    async def kept(self) -> None:
        """Wait until the keys as they are now are on stable storage.

        Raises Refused: 507, or 503 "stopping" after `end`.
        """
        if self._ended:
            raise stopping()
        kept = self._loop.create_future()
        if self._lines or self._saving is None:
            if not self._unsaved:
                return
            self._waiting.append(kept)
            self._save()
        else:
            self._saving.append(kept)
        await kept

    async def end(self) -> None:
        """Save the keys as they are now, and nothing later, as that could go on for ever."""
        for _ in range(2):  # the first may be an attempt that began while the disk was full
            with contextlib.suppress(Refused):  # the log tells
                await self.kept()
                break
        self._ended = True
        self._wait_no_longer()
        self._file.stopping = True
        if self._beside is not None:
            await asyncio.wait([self._beside])
        closed = self._loop.create_future()
        self._writer.call(self._file.close, lambda refused: closed.set_result(None))
        await closed

    def compact(self) -> None:
        """Write all anew in the background if there are changes since that was done last."""
        if self._grown and not self._ended:
            self._write_anew()

    @property
    def _unsaved(self) -> bool:
        return bool(self._lines) or not self._file.sound

    def _changed(self, changes: Mapping[str, Value]) -> None:
        if self._ended:
            return
        line = line_of(changes)
        self._lines.append(line)
        if self._since is not None:
            self._since.append(line)
        if self._saving is None and self._timer is None:
            self._save_in(INTERVAL)

    # -- saving ----------------------------------------------------------------------------

    def _save_in(self, seconds: float) -> None:
        self._wait_no_longer()
        self._timer = self._loop.call_later(seconds, self._save)

    def _wait_no_longer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _save(self) -> None:
        """Save what is not saved, once nothing is being saved."""
        self._wait_no_longer()
        if self._saving is not None:  # then it goes on by itself
            return
        adopts = self._is_beside
        if not (adopts or self._file.sound):
            self._write_anew()  # and comes back here
            return
        lines, self._lines = self._lines, []
        self._saving, self._waiting = self._waiting, []
        if adopts:
            assert self._since is not None
            work = partial(self._file.adopt, b"".join(self._since))
        else:
            work = partial(self._file.append, b"".join(lines))
        self._writer.call(work, partial(self._saved, lines, adopts))

    def _saved(self, lines: Sequence[bytes], adopted: bool, refused: Refused | None) -> None:
        waiting, self._saving = self._saving or [], None
        if adopted:
            self._grown = 1 if self._since or refused else 0  # it may hold what has changed since
            self._beside = self._since = None
            self._is_beside = False
        if refused is None:
            if self._failing:
                log.warning("%s can be written again", self._file.path.name)
            self._failing = False
            self._grown += 0 if adopted else sum(map(len, lines))
            self._held = self._file.size if adopted else self._held
            _tell(waiting, None)
        else:
            self._not_saved(lines, waiting, refused)
        self._go_on()

    def _not_saved(self, lines: Sequence[bytes], waiting: Waiting, refused: Refused) -> None:
        """Hold on to lines that are to be tried again, and tell who waits."""
        self._lines[:0] = lines
        if sum(map(len, self._lines)) > HELD:
            self._file.sound = False
        if not self._file.sound:  # they are in what is written anew
            self._lines.clear()
        if not self._failing:
            log.error("%s", refused.message)
        self._failing = True
        _tell(waiting, refused)

    def _go_on(self) -> None:
        if self._ended:
            _tell(self._waiting, stopping())
        elif self._waiting or self._is_beside:
            self._save()
        elif self._unsaved:
            self._save_in(INTERVAL)
        if self._grown > max(GROWTH, self._held):
            self.compact()

    # -- all anew --------------------------------------------------------------------------

    def _write_anew(self) -> None:
        """Write all beside the file, unless that is under way; then it takes the file's place."""
        if self._beside is None:
            self._since = []
            slices = _slices(self._keys, self._keys.in_slices(SLICE))
            self._beside = self._loop.run_in_executor(None, self._file.write_beside, slices)
            self._beside.add_done_callback(self._was_written)

    def _was_written(self, beside: asyncio.Future[None]) -> None:
        why = beside.exception()
        if why is None and not self._ended:
            self._is_beside = True
            self._save()
            return
        self._beside = self._since = None
        self._grown = 1  # it is tried again once it has grown as much again, or in an hour
        if why is not None and not isinstance(why, Stopped):
            self._not_written(why)
        if self._saving is None:
            self._go_on()

    def _not_written(self, why: BaseException) -> None:
        if not isinstance(why, OSError):
            log.error("a ledger could not be written anew", exc_info=why)
        refused = not_saved(why) if isinstance(why, OSError) else OURS
        if self._file.sound:
            log.error("%s cannot be written anew: %s", self._file.path.name, refused.message)
        else:
            waiting, self._waiting = self._waiting, []
            self._not_saved([], waiting, refused)


def _tell(waiting: Waiting, refused: Refused | None) -> None:
    for kept in waiting:
        if not kept.done():
            if refused is None:
                kept.set_result(None)
            else:
                kept.set_exception(refused)
    waiting.clear()


def _slices(keys: Keys, slices: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The lines of keys, in slices: for another thread, which gives way in between."""
    for some in slices:
        yield lines_of(keys, some)
        time.sleep(PAUSE)
