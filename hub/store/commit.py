"""Makes what was written to the files of rooms last: all at once in the journal, the files later.

The order that makes it safe: the files are written, the journal is written and synced, everybody
is told; some seconds later the files are synced, and only then that part of the journal is written
anew. Without a journal, or where it cannot take a batch, each file is synced at once in its place.

Called by one thread, the writer's.
"""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Final, TypeVar

from hub.errors import Refused
from hub.store.history import History
from hub.store.journal import Full, Group, Journal
from hub.threads import start

log = logging.getLogger(__name__)

T = TypeVar("T")

SECONDS: Final = 1.0
"""Least seconds from the first write to the files of rooms until they begin to be synced."""
TIMES: Final = 10.0
"""Times as many seconds, at least, as the last syncs took: the journal waits for that disk too."""
MOST_SECONDS: Final = 5.0
"""Most seconds until they begin to be synced."""
THREADS: Final = 8
"""Threads that sync files side by side."""
SLOW: Final = 0.005
"""Seconds of a sync from which on the next ones go one after the other, while nobody waits."""

_STILL_THERE: Final = Refused(
    "not_deleted",
    "A disk failed, and what was said cannot be removed until Hearth is started again.",
    503,
)
OURS: Final = Refused("failed", "Something went wrong in Hearth, and this was not saved.", 500)


class Commit:
    """`most` is how many files are left unsynced; without a `journal`, none is."""

    def __init__(self, journal: Journal | None, most: int) -> None:
        self._journal = journal
        self._most = most
        self._unsynced: dict[History, None] = {}  # what the current segment of the journal holds
        self._due = math.inf  # when they are to be synced
        self._hear = math.inf  # when to ask how the syncs under way went
        self._syncs = Syncs()

    @property
    def wait(self) -> float | None:
        """Seconds until `catch_up` is to be called, None while there is nothing to do for it."""
        next_time = min(self._due, self._hear)
        return None if next_time == math.inf else max(0.0, next_time - time.monotonic())

    def save(self, written: Sequence[tuple[History, Sequence[bytes]]]) -> list[Refused | None]:
        """Make lines last that were written to these files; gives for each why it could not be."""
        if not written or self._save_in_journal(written):
            return [None] * len(written)
        self._wait_behind()
        self._syncs.begin(History.sync, [history for history, _ in written])
        refused = self._syncs.wait()
        if any(refused.values()):  # it may have lost what the journal holds too
            self._keep()
        return [refused[history] for history, _ in written]

    def blank(self, history: History, numbers: Sequence[int]) -> None:
        """Take the text out of these lines for good. Raises Refused, OSError."""
        history.blank(numbers)
        self._take_out(history, numbers)

    def forget(self, history: History) -> None:
        """Take all that was said in a room out of the journal. Raises Refused, OSError."""
        self._take_out(history)

    def catch_up(self) -> None:
        """Begin to sync the files that were written, where that is due."""
        now = time.monotonic()
        if len(self._unsynced) >= self._most:
            self._sync_behind()
        elif self._syncs.busy:  # nobody has to wait for them
            self._due, self._hear = (max(x, now + SECONDS / 4) for x in (self._due, self._hear))
        elif self._due <= now:
            self._sync_behind()
        elif self._hear <= now:
            self._wait_behind()

    def end(self) -> None:
        """Sync all files, and leave an empty journal."""
        self._sync_all()
        if self._journal is not None:
            try:
                self._journal.end()
            except OSError as error:
                log.error("The journal cannot be emptied: %s", error)
        self._syncs.stop()

    # -- the journal -----------------------------------------------------------------------

    def _save_in_journal(self, written: Sequence[tuple[History, Sequence[bytes]]]) -> bool:
        """Save in the journal what was written; gives False where it cannot be."""
        groups = [history.group(lines) for history, lines in written]
        try:
            if not self._append(groups):
                self._sync_behind()
                if not self._append(groups):  # it is too much for a whole segment
                    return False
        except OSError as error:
            log.error("The journal cannot be written, and Hearth goes on without it: %s", error)
            self._discard()
            return False
        self._unsynced.update((history, None) for history, _ in written)
        seconds = min(MOST_SECONDS, max(SECONDS, TIMES * self._syncs.took))
        self._due = min(self._due, time.monotonic() + seconds)
        return True

    def _append(self, groups: Sequence[Group]) -> bool:
        """Append a batch; gives False where there is no room for it. Raises OSError."""
        if self._journal is None or not self._journal.writable:
            return False
        try:
            self._journal.append(groups)
        except Full:
            return False
        return True

    def _take_out(self, history: History, numbers: Sequence[int] | None = None) -> None:
        """Empty the journal where it holds these lines. Raises Refused, OSError."""
        journal = self._journal
        if journal is None or not journal.holds(history.room, numbers):
            return
        if not self._sync_all():
            raise _STILL_THERE
        if journal.writable:
            try:
                journal.empty()
                return
            except OSError as error:
                log.error("The journal cannot be emptied, and Hearth goes on without: %s", error)
        if not self._discard():
            raise _STILL_THERE

    def _sync_behind(self) -> None:
        """Have the files synced that were written, and go on in the other segment meanwhile."""
        self._wait_behind()
        self._due = math.inf
        if self._unsynced and self._journal is not None:
            self._journal.turn()
            self._syncs.begin(History.sync_behind, list(self._unsynced))
            self._unsynced.clear()
            self._hear = time.monotonic() + SECONDS

    def _wait_behind(self) -> None:
        """Wait until the files of the other segment are synced, and it may be written anew."""
        self._hear = math.inf
        if any(self._syncs.wait().values()):
            self._keep()

    def _sync_all(self) -> bool:
        """Sync all files; gives whether the journal is not needed any more."""
        self._wait_behind()
        if self._unsynced:
            self._syncs.begin(History.sync_behind, list(self._unsynced))
            self._unsynced.clear()
            self._due = math.inf
            self._wait_behind()
        return self._journal is None or not self._journal.needed

    def _keep(self) -> None:
        """Leave the journal as it is for the next start: what a file may lack is there alone."""
        if self._journal is not None and not self._journal.needed:
            log.error("The journal is kept for the next start, and Hearth goes on without it")
            self._journal.needed, self._journal.writable = True, False
            self._sync_all()

    def _discard(self) -> bool:
        """Go on without a journal; gives False where something that is not needed is left of it."""
        if self._sync_all() and self._journal is not None:
            try:
                self._journal.discard()
                self._journal = None
            except OSError as error:
                log.error("The journal cannot be removed: %s", error)
                return False
        return True


class Syncs:
    """Threads that sync the files of rooms side by side, which the file system combines.

    On a slow disk they go one after the other, so that the journal never waits for more than one,
    until somebody waits for all of them. `took` is how many seconds the last ones took, from the
    first to the last.
    """

    def __init__(self) -> None:
        self._given: deque[tuple[Callable[[History], None], History]] = deque()
        self._asked: SimpleQueue[bool] = SimpleQueue()  # each has a thread take what is given
        self._one_by_one = False
        self._done: SimpleQueue[tuple[History, Refused | None]] = SimpleQueue()
        self._open = 0
        self._began = self._ended = 0.0
        self._threads = [Thread(target=self._run, name="sync", daemon=True) for _ in range(THREADS)]
        for thread in self._threads:
            start(thread)

    def begin(self, sync: Callable[[History], None], histories: Sequence[History]) -> None:
        """Begin to sync each of these; what was begun before was waited for."""
        self._began = self._ended = time.monotonic()
        self._open = len(histories)
        self._given.extend((sync, history) for history in histories)
        self._ask(1 if self._one_by_one else THREADS)

    def wait(self) -> dict[History, Refused | None]:
        """Wait for what was begun; gives for each why it could not be synced, or None."""
        if self._given:
            self._ask(THREADS)
        done = dict(self._done.get() for _ in range(self._open))
        self._open = 0
        return done

    @property
    def took(self) -> float:
        return self._ended - self._began

    @property
    def busy(self) -> bool:
        """Whether some of what was begun is not done."""
        return self._done.qsize() < self._open

    def stop(self) -> None:
        for _ in self._threads:
            self._asked.put(False)
        for thread in self._threads:
            thread.join()

    def _ask(self, threads: int) -> None:
        for _ in range(threads):
            self._asked.put(True)

    def _run(self) -> None:
        while self._asked.get():
            with suppress(IndexError):  # others took the last
                while True:
                    self._sync(*self._given.popleft())

    def _sync(self, sync: Callable[[History], None], history: History) -> None:
        began = time.monotonic()
        outcome = tried(sync, history)
        self._ended = time.monotonic()
        self._one_by_one = self._ended - began > SLOW
        self._done.put((history, outcome))


def tried(step: Callable[[T], None], of: T) -> Refused | None:
    """Do one step; gives why it failed, or None."""
    try:
        step(of)
    except Refused as why:
        return why
    except Exception:
        log.exception("the writer failed")
        return OURS
    return None
