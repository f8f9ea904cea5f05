"""The one thread that waits for the disk, for all rooms.

While it waits for one sync, what arrives gathers and goes with the next one, so that a sync
costs a batch and not a message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Final, NamedTuple

from hub.errors import Refused
from hub.history import History

log = logging.getLogger(__name__)

Done = Callable[[Refused | None], None]
"""Told on the event loop: None when it is on stable storage, else why nothing was saved."""

_OURS: Final = Refused("failed", "Something went wrong in the hub, and this was not saved.", 500)


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

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._work: list[_Append | _Call] = []
        self._wake = Condition()
        self._stopping = False
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def append(
        self, history: History, lines: Sequence[bytes], blank: Sequence[int], done: Done
    ) -> None:
        """Write lines to a history, then take the text out of the lines `blank`; sync both.

        No two appends to one history may be under way at once.
        """
        self._take(_Append(history, lines, blank, done))

    def call(self, work: Callable[[], None], done: Done = lambda refused: None) -> None:
        """Do any other work that waits for the disk; an OSError is told as a refusal."""
        self._take(_Call(work, done))

    def stop(self) -> None:
        """Finish what was given, then end the thread. What it tells is still told."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join()

    def _take(self, work: _Append | _Call) -> None:
        with self._wake:
            self._work.append(work)
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._work:
                    if self._stopping:
                        return
                    self._wake.wait()
                batch, self._work = self._work, []
            outcome = self._do(batch)
            self._loop.call_soon_threadsafe(_tell, outcome)

    def _do(self, batch: list[_Append | _Call]) -> list[tuple[Done, Refused | None]]:
        """All writes first, then all syncs: the system may join them."""
        refused: dict[int, Refused] = {}
        for step in (_write, _sync):
            for number, work in enumerate(batch):
                if number not in refused:
                    try:
                        step(work)
                    except Refused as why:
                        refused[number] = why
                    except Exception:
                        log.exception("the writer failed")
                        refused[number] = _OURS
        return [(work.done, refused.get(number)) for number, work in enumerate(batch)]


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
