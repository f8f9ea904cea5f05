"""Group commit: one thread that writes and syncs for all rooms.

While it waits for one sync, what arrives is collected for the next, so that a sync is paid for a
batch and not for a message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Final, NamedTuple

from hub.errors import Refused
from hub.store.history import History
from hub.threads import start

log = logging.getLogger(__name__)

Done = Callable[[Refused | None], None]
"""Called on the event loop with None once it is on stable storage, else with the refusal."""

HELPERS: Final = 7
"""Threads that sync files beside the writer's own."""

_OURS: Final = Refused("failed", "Something went wrong in Hearth, and this was not saved.", 500)


class _Append(NamedTuple):
    history: History
    lines: Sequence[bytes]
    blank: Sequence[int]
    done: Done


class _Call(NamedTuple):
    work: Callable[[], None]
    done: Done


class Writer:
    """Takes work from the event loop that made it, and gives the outcome back there."""

    def __init__(self, loop: asyncio.AbstractEventLoop, most: int = 256) -> None:
        self._loop = loop
        self._most = most  # pieces of work in a batch, at most
        self._work: SimpleQueue[_Append | _Call | None] = SimpleQueue()
        self._shares: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._synced: SimpleQueue[None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._helpers = [
            Thread(target=self._help, name="sync", daemon=True) for _ in range(HELPERS)
        ]
        for thread in (self._thread, *self._helpers):
            start(thread)

    def append(
        self, history: History, lines: Sequence[bytes], blank: Sequence[int], done: Done
    ) -> None:
        """Write lines to a history, then take the text out of the lines `blank`; sync both.

        No two appends to one history may be under way at once.
        """
        self._work.put(_Append(history, lines, blank, done))

    def call(self, work: Callable[[], None], done: Done = lambda refused: None) -> None:
        """Do other work that waits for the disk; an OSError becomes a refusal."""
        self._work.put(_Call(work, done))

    def stop(self) -> None:
        """Finish all work given so far, report it, and end the threads."""
        self._work.put(None)
        self._thread.join()
        for _ in self._helpers:
            self._shares.put(None)
        for helper in self._helpers:
            helper.join()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            batch = [self._work.get()]
            while len(batch) < self._most and not self._work.empty():
                batch.append(self._work.get_nowait())
            stopping = None in batch
            outcome = self._do([work for work in batch if work is not None])
            self._loop.call_soon_threadsafe(_tell, outcome)

    def _help(self) -> None:
        while (work := self._shares.get()) is not None:
            work()
            self._synced.put(None)

    def _do(self, batch: list[_Append | _Call]) -> list[tuple[Done, Refused | None]]:
        """All writes first, then all syncs at once, which the file system combines."""
        refused = [_try(_write, work) for work in batch]
        written = [n for n, work in enumerate(batch) if not refused[n] and _appends(work)]

        def sync(share: list[int]) -> None:
            for n in share:
                refused[n] = _try(_sync, batch[n])

        first, *others = (written[at :: 1 + HELPERS] for at in range(1 + HELPERS))
        others = [share for share in others if share]
        for share in others:
            self._shares.put(partial(sync, share))
        sync(first)
        for _ in others:
            self._synced.get()
        return [(work.done, why) for work, why in zip(batch, refused, strict=True)]


def _appends(work: _Append | _Call) -> bool:
    return isinstance(work, _Append)


def _try(step: Callable[[_Append | _Call], None], work: _Append | _Call) -> Refused | None:
    """Do one step of a piece of work; gives why it failed, or None."""
    try:
        step(work)
    except Refused as why:
        return why
    except Exception:
        log.exception("the writer failed")
        return _OURS
    return None


def _write(work: _Append | _Call) -> None:
    if isinstance(work, _Append):
        work.history.write(work.lines)
    else:
        try:
            work.work()
        except OSError as error:
            raise Refused(
                "not_saved", f"The hub's folder cannot be written: {error.strerror}.", 507
            ) from error


def _sync(work: _Append | _Call) -> None:
    if isinstance(work, _Append):
        work.history.sync()
        try:
            work.history.blank(work.blank)
        except Refused as why:  # the removal itself is saved; it is carried out at the next start
            log.error("a removed text is still in the file: %s", why.message)


def _tell(outcome: list[tuple[Done, Refused | None]]) -> None:
    for done, refused in outcome:
        done(refused)
