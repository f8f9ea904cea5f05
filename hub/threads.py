"""Threads where the system may give no more: the start says so, and a pool makes do with fewer."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread
from typing import Final

from hub.errors import CannotStart

SPACE: Final = 16 << 20
"""Bytes of address space that a thread takes, and as many again to be safe."""
_REFUSED: Final = "can't start new thread"


@contextmanager
def needed() -> Iterator[None]:
    """For a thread that the hub cannot do without: raises CannotStart where the system has none."""
    try:
        _check_space()
        yield
    except (RuntimeError, MemoryError) as error:
        if not _refused(error):
            raise
        raise CannotStart(
            "The system gives Hearth too few threads or too little memory. Raise its limits "
            "(ulimit -v, ulimit -u) or close other programs, then start again."
        ) from error


def start(thread: Thread) -> None:
    """Start a thread that the hub cannot do without. Raises CannotStart."""
    with needed():
        thread.start()


class Pool(ThreadPoolExecutor):
    """Has one thread at once, or raises CannotStart; grows as needed while the system allows it."""

    def __init__(self, most: int, name: str, initializer: Callable[[], None] | None = None) -> None:
        super().__init__(most, name, initializer)
        with needed():
            self.submit(int)

    def _adjust_thread_count(self) -> None:
        if self._idle_semaphore.acquire(timeout=0) or len(self._threads) >= self._max_workers:
            return
        # The work is queued before this is called, so to fail here would be to do it and deny it.
        try:
            _check_space()
            super()._adjust_thread_count()
        except (RuntimeError, MemoryError) as error:
            if not (_refused(error) and self._threads):
                raise


def _check_space() -> None:
    """Raises MemoryError where a thread would be made but not run, which nobody waits out.

    Asked of the system itself: after a block of this size glibc keeps 32 MiB for good.
    """
    try:
        mmap.mmap(-1, SPACE).close()
    except OSError as error:
        raise MemoryError from error


def _refused(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or _REFUSED in str(error)
