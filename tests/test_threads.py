"""What becomes of the hub's threads where the system has no more."""

from __future__ import annotations

import threading
from concurrent.futures import wait

import pytest

from hub import threads
from hub.errors import CannotStart
from hub.threads import Pool, start


class Scarce:
    """A system that has so many threads left."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, left: int) -> None:
        self.left = left
        real = threading.Thread.start

        def begin(thread: threading.Thread) -> None:
            if self.left == 0:
                raise RuntimeError("can't start new thread")
            self.left -= 1
            real(thread)

        monkeypatch.setattr(threading.Thread, "start", begin)


def test_a_thread_that_cannot_be_had_is_told_as_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Scarce(monkeypatch, 0)
    with pytest.raises(CannotStart, match=r"too few threads or too little memory.*ulimit") as told:
        start(threading.Thread())
    assert len(str(told.value).splitlines()) == 1
    with pytest.raises(CannotStart):
        Pool(3, "x")


def test_what_else_is_wrong_is_no_matter_of_limits() -> None:
    thread = threading.Thread()
    start(thread)
    with pytest.raises(RuntimeError, match="once"):
        start(thread)


def test_space_is_looked_for_only_where_a_thread_is_to_be_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []
    with Pool(2, "x") as pool:
        monkeypatch.setattr(threads, "_check_space", lambda: looked.append(1))
        for _ in range(50):
            pool.submit(int).result(60)
        assert len(looked) <= 1, "one thread is idle, but for the moment in which it ends its work"
        busy = threading.Event()
        held = [pool.submit(busy.wait, 60) for _ in range(50)]
        busy.set()
        assert not wait(held, 60).not_done
    assert len(looked) <= 1, "there are two, and no more to make"


def test_a_pool_makes_do_with_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    scarce = Scarce(monkeypatch, 2)
    names = set()
    with Pool(8, "x") as pool:
        busy = threading.Event()
        first = [pool.submit(busy.wait, 60) for _ in range(2)]
        later = [pool.submit(lambda: names.add(threading.current_thread().name)) for _ in range(9)]
        busy.set()
        assert not wait([*first, *later], 60).not_done, "nothing that was taken is forgotten"
        scarce.left = 1
        pool.submit(int).result(60)
    assert scarce.left == 1, "one that has nothing to do does it"
    assert 1 <= len(names) <= 2
