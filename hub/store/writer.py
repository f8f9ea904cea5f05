"""Group commit: one thread that writes for all rooms.

While it waits for one batch to be saved, what arrives is collected for the next, so that a sync is
paid for a batch and not for a message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from hub.errors import Refused
from hub.store.commit import OURS, Commit, tried
from hub.store.history import History
from hub.store.journal import Journal
from hub.threads import start

log = logging.getLogger(__name__)

Done = Callable[[Refused | None], None]
"""Called on the event loop with None once it is on stable storage, else with the refusal."""


class _Append(NamedTuple):
    history: History
    lines: Sequence[bytes]
    blank: Sequence[int]
    done: Done


class _Call(NamedTuple):
    work: Callable[[], None]
    done: Done


class Writer:
    """Takes work from the event loop that made it, and gives the outcome back there.

    `most` is how many pieces of work there are in a batch at most, and how many files are left
    unsynced. Without a `journal`, each room's file is synced at once.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, most: int = 256, journal: Journal | None = None
    ) -> None:
        self._loop = loop
        self._most = most
        self._commit = Commit(journal, most)
        self._work: SimpleQueue[_Append | _Call | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        start(self._thread)

    def append(
        self, history: History, lines: Sequence[bytes], blank: Sequence[int], done: Done
    ) -> None:
        """Write lines to a history, then take the text out of the lines `blank`; save both.

        No two appends to one history may be under way at once.
        """
        self._work.put(_Append(history, lines, blank, done))

    def call(self, work: Callable[[], None], done: Done = lambda refused: None) -> None:
        """Do other work that waits for the disk; an OSError becomes a refusal."""
        self._work.put(_Call(work, done))

    def forget(self, history: History, done: Done) -> None:
        """Leave a history, to which nothing is appended any more, in its own file alone."""
        self.call(lambda: self._commit.forget(history), done)

    def stop(self) -> None:
        """Finish all work given so far, report it, and end the threads."""
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            batch = self._next_batch()
            stopping = None in batch
            # Messages first: what else waits for the disk does not hold them up.
            self._do([work for work in batch if isinstance(work, _Append)])
            self._do([work for work in batch if isinstance(work, _Call)])
            del batch  # what was saved is not held until more comes
            self._commit.catch_up()
        self._commit.end()

    def _next_batch(self) -> list[_Append | _Call | None]:
        """What has arrived; nothing where files are due to be synced before anything has."""
        try:
            batch = [self._work.get(timeout=self._commit.wait)]
        except Empty:
            return []
        while len(batch) < self._most and not self._work.empty():
            batch.append(self._work.get_nowait())
        return batch

    def _do(self, batch: Sequence[_Append | _Call]) -> None:
        """All writes first, then all is saved at once and told."""
        if not batch:
            return
        refused = [tried(_write, work) for work in batch]
        written = [
            (at, work)
            for at, work in enumerate(batch)
            if isinstance(work, _Append) and refused[at] is None
        ]
        saved = self._saved([(work.history, work.lines) for _, work in written])
        for (at, work), why in zip(written, saved, strict=True):
            refused[at] = why
            if work.blank and why is None:
                self._blank(work)
        outcome = [(work.done, why) for work, why in zip(batch, refused, strict=True)]
        self._loop.call_soon_threadsafe(_tell, outcome)

    def _saved(
        self, written: Sequence[tuple[History, Sequence[bytes]]]
    ) -> Sequence[Refused | None]:
        try:
            return self._commit.save(written)
        except Exception:  # the hub must not stand still for it
            log.exception("the writer failed")
            return [OURS] * len(written)

    def _blank(self, work: _Append) -> None:
        try:
            self._commit.blank(work.history, work.blank)
        except (Refused, OSError) as why:  # the removal is saved: the next start carries it out
            log.error("a removed text is still in a file: %s", why)


def _write(work: _Append | _Call) -> None:
    if isinstance(work, _Append):
        work.history.write(work.lines)
    else:
        try:
            work.work()
        except OSError as error:
            raise not_saved(error) from error


def not_saved(error: OSError) -> Refused:
    """What those are told who wait for something in the hub's own folder."""
    return Refused("not_saved", f"The hub's folder cannot be written: {error.strerror}.", 507)


def _tell(outcome: list[tuple[Done, Refused | None]]) -> None:
    for done, refused in outcome:
        done(refused)
