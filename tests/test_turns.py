"""What changes often is told in turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from time import get_clock_info
from typing import Any

import pytest

from hub.turns import Turns

SECONDS = 0.05


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.turns.TURN_SECONDS", SECONDS)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.001)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


def test_many_calls_are_one_turn() -> None:
    async def test() -> None:
        told: list[float] = []

        async def tell() -> None:
            told.append(asyncio.get_running_loop().time())

        turns = Turns((), tell)
        began = asyncio.get_running_loop().time()
        for _ in range(10):
            turns.soon()
        await until(lambda: bool(told))
        assert told[0] - began > 0.9 * SECONDS - get_clock_info("monotonic").resolution
        await asyncio.sleep(2 * SECONDS)
        assert len(told) == 1, "nothing was asked since"
        turns.soon()
        await until(lambda: len(told) == 2)

    run(test)


def test_one_runs_at_a_time_and_what_is_asked_meanwhile_has_a_turn_of_its_own() -> None:
    async def test() -> None:
        running = most = turn = 0
        goes_on = asyncio.Event()

        async def tell() -> None:
            nonlocal running, most, turn
            running, turn = running + 1, turn + 1
            most = max(most, running)
            await goes_on.wait()
            running -= 1

        turns = Turns((), tell)
        turns.soon()
        await until(lambda: turn == 1)
        turns.soon()
        await asyncio.sleep(2 * SECONDS)
        assert turn == 1
        goes_on.set()
        await until(lambda: turn == 2 and not running)
        assert most == 1

    run(test)


def test_nothing_begins_once_it_is_stopped() -> None:
    async def test() -> None:
        told: list[None] = []

        async def tell() -> None:
            told.append(None)

        turns = Turns((), tell)
        turns.soon()
        turns.stop()
        await asyncio.sleep(3 * SECONDS)
        assert not told
        turns.stop()  # where none is to come

    run(test)
