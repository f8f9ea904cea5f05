"""Tasks that take too long are interrupted, all by one timer. The clock is turned by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from hub.web.time_limit import TimeLimit

SECONDS = 4.0


class Clock:
    """The time of the running event loop, which stands still but for `turn`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._now = self._loop.time()
        self._loop.time = lambda: self._now  # type: ignore[method-assign]

    async def turn(self, seconds: float) -> None:
        """Let all that was begun wait, and all that is due after so many seconds be done."""
        for _ in range(10):
            await asyncio.sleep(0)
        self._now += seconds
        for _ in range(10):
            await asyncio.sleep(0)


def on_loop(work: Callable[[Clock], Awaitable[None]]) -> None:
    async def main() -> None:
        await work(Clock())

    asyncio.run(main())


async def wait_in(limit: TimeLimit, error: Exception | None = None) -> None:
    """Wait for ever; `error` is raised in place of the interruption."""
    with limit:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if error is not None:
                raise error from None
            raise


def test_what_takes_too_long_is_interrupted() -> None:
    async def work(clock: Clock) -> None:
        async def asks() -> str:
            with pytest.raises(TimeoutError) as error:
                await wait_in(TimeLimit(SECONDS))
            assert isinstance(error.value.__cause__, asyncio.CancelledError)
            await asyncio.sleep(0)  # would be interrupted, were the task still to be cancelled
            task = asyncio.current_task()
            assert task is not None
            assert task.cancelling() == 0
            return "went on"

        task = asyncio.create_task(asks())
        await clock.turn(SECONDS - 0.1)
        assert not task.done()
        await clock.turn(0.2)
        assert task.result() == "went on"

    on_loop(work)


def test_what_is_in_time_is_left_alone() -> None:
    async def work(clock: Clock) -> None:
        limit = TimeLimit(SECONDS)
        for _ in range(3):
            with limit:
                await clock.turn(SECONDS - 0.1)
            await clock.turn(SECONDS)

    on_loop(work)


def test_an_error_is_passed_on() -> None:
    with pytest.raises(LookupError):
        on_loop(_raise_in_limit)


async def _raise_in_limit(_: Clock) -> None:
    with TimeLimit(SECONDS):
        raise LookupError


def test_an_error_of_what_was_interrupted_is_passed_on() -> None:
    async def work(clock: Clock) -> None:
        task = asyncio.create_task(wait_in(TimeLimit(SECONDS), LookupError()))
        await clock.turn(SECONDS + 0.1)
        assert isinstance(task.exception(), LookupError)
        assert task.cancelling() == 0

    on_loop(work)


def test_a_cancellation_by_others_is_no_timeout() -> None:
    async def work(clock: Clock) -> None:
        task = asyncio.create_task(wait_in(TimeLimit(SECONDS)))
        await clock.turn(0)
        task.cancel()
        await clock.turn(0)
        assert task.cancelled()

    on_loop(work)


def test_each_task_has_its_own_time() -> None:
    """Those that came later are not interrupted with the first, nor are they forgotten."""

    async def work(clock: Clock) -> None:
        limit = TimeLimit(SECONDS)
        tasks = []
        for _ in range(3):
            tasks.append(asyncio.create_task(wait_in(limit)))
            await clock.turn(1)
        tasks[1].cancel()
        await clock.turn(1.5)
        assert [x.done() for x in tasks] == [True, True, False]
        assert isinstance(tasks[0].exception(), TimeoutError)
        await clock.turn(2)
        assert isinstance(tasks[2].exception(), TimeoutError)

    on_loop(work)


def test_there_is_one_timer_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    timers: list[float] = []

    async def work(clock: Clock) -> None:
        loop = asyncio.get_running_loop()
        set_timer = loop.call_at

        def counted(when: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
            timers.append(when)
            return set_timer(when, callback)

        monkeypatch.setattr(loop, "call_at", counted)
        limit = TimeLimit(SECONDS)

        async def ask() -> None:
            for _ in range(100):
                with limit:
                    await asyncio.sleep(0)

        await asyncio.gather(*(ask() for _ in range(10)))

    on_loop(work)
    assert len(timers) == 1


def test_whoever_is_cancelled_in_the_same_turn_is_not_merely_late() -> None:
    async def work(clock: Clock) -> None:
        limit = TimeLimit(SECONDS)
        waiting = asyncio.create_task(wait_in(limit))
        await clock.turn(0)
        loop = asyncio.get_running_loop()
        loop.call_at(loop.time() + SECONDS, waiting.cancel)
        await clock.turn(SECONDS)
        assert waiting.cancelled()

    on_loop(work)
