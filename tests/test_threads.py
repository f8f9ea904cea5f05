"""The hub's threads where the system refuses more."""

from __future__ import annotations

import errno
import threading
from concurrent.futures import wait

import pytest

from hub import threads
from hub.errors import CannotStart
from hub.threads import Pool, start


class Scarce:
    """A system that starts `left` more threads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, left: int) -> None:
        self.left = left
        real = threading.Thread.start

        def begin(thread: threading.Thread) -> None:
            if self.left == 0:
                raise RuntimeError("can't start new thread")
            self.left -= 1
            real(thread)

        monkeypatch.setattr(threading.Thread, "start", begin)


def test_a_refused_thread_is_reported_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Scarce(monkeypatch, 0)
    with pytest.raises(CannotStart, match=r"too few threads or too little memory.*ulimit") as told:
        start(threading.Thread())
    assert len(str(told.value).splitlines()) == 1
    with pytest.raises(CannotStart):
        Pool(3, "x")


def test_other_errors_are_not_taken_for_limits() -> None:
    thread = threading.Thread()
    start(thread)
    with pytest.raises(RuntimeError, match="once"):
        start(thread)


def test_address_space_is_checked_only_for_a_new_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []
    with Pool(2, "x") as pool:
        monkeypatch.setattr(threads, "_check_space", lambda: looked.append(1))
        for _ in range(50):
            pool.submit(int).result(60)
        assert len(looked) <= 1, "one thread is idle, except while it finishes its work"
        busy = threading.Event()
        held = [pool.submit(busy.wait, 60) for _ in range(50)]
        busy.set()
        assert not wait(held, 60).not_done
    assert len(looked) <= 1, "it has its two threads"


def test_a_pool_works_with_the_threads_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    scarce = Scarce(monkeypatch, 2)
    names = set()
    with Pool(8, "x") as pool:
        busy = threading.Event()
        first = [pool.submit(busy.wait, 60) for _ in range(2)]
        later = [pool.submit(lambda: names.add(threading.current_thread().name)) for _ in range(9)]
        busy.set()
        assert not wait([*first, *later], 60).not_done, "no accepted work is lost"
        scarce.left = 1
        pool.submit(int).result(60)
    assert scarce.left == 1, "an idle thread does it"
    assert 1 <= len(names) <= 2


def test_a_thread_that_could_never_run_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where the address space is used up, but for the few KiB that creating one takes."""

    def refuse(fd: int, size: int) -> None:
        assert size == threads.THREAD_BYTES
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    started = threading.Event()
    with Pool(2, "x") as pool:
        monkeypatch.setattr(threads.mmap, "mmap", refuse)
        with pytest.raises(CannotStart, match="ulimit -v"):
            start(threading.Thread(target=started.set))
        assert not started.is_set()
        busy = threading.Event()
        held = [pool.submit(busy.wait, 60) for _ in range(20)]
        threads_then = len(pool._threads)
        busy.set()
        assert not wait(held, 60).not_done
    assert threads_then == 1
