"""Threads on a system that may refuse more: a start then fails, a pool works with fewer."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread
from typing import Final

from hub.errors import CannotStart

THREAD_BYTES: Final = 16 << 20
"""Bytes of address space to have free for a thread: twice its stack of 8 MiB."""
_NO_THREAD: Final = "can't start new thread"
"""What Python says where the system refuses a thread."""


@contextmanager
def needed() -> Iterator[None]:
    """Around the start of a thread that the hub needs: raises CannotStart if it is refused."""
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
    """Start a thread that the hub needs. Raises CannotStart."""
    with needed():
        thread.start()


class Pool(ThreadPoolExecutor):
    """A pool of at most `most` threads that has its first at once, or raises CannotStart.

    It grows as needed while the system allows it.
    """

    def __init__(self, most: int, name: str, initializer: Callable[[], None] | None = None) -> None:
        super().__init__(most, name, initializer)
        with needed():
            self.submit(int)

    def _adjust_thread_count(self) -> None:
        if self._idle_semaphore.acquire(timeout=0) or len(self._threads) >= self._max_workers:
            return
        # The work is queued already: an error here would refuse what is done all the same.
        try:
            _check_space()
            super()._adjust_thread_count()
        except (RuntimeError, MemoryError) as error:
            if not (_refused(error) and self._threads):
                raise


def _check_space() -> None:
    """Raise MemoryError where a thread could be created but never run, which would hang its start.

    This asks the system, not the allocator: glibc keeps 32 MiB for good after such a block.
    """
    try:
        mmap.mmap(-1, THREAD_BYTES).close()
    except OSError as error:
        raise MemoryError from error


def _refused(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or _NO_THREAD in str(error)
