import asyncio
import hashlib
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hub.access import passwords as module
from hub.access.passwords import LONGEST, Checker, check_strength, kept, matches, outdated
from hub.errors import Refused


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOG_N", 8)


def test_a_hash_holds_its_parameters_and_no_password() -> None:
    text = kept("correct horse")
    name, log_n, r, p, salt, digest = text.split("$")
    assert (name, int(log_n), int(r), int(p)) == ("scrypt", 16, 8, 1)
    assert len(salt) >= 22
    assert len(digest) >= 43
    assert "correct" not in text
    assert matches("correct horse", text)
    assert not matches("correct horsf", text)
    assert not outdated(text)


@pytest.mark.usefixtures("_quick")
def test_each_hash_has_a_salt_of_its_own() -> None:
    assert kept("correct horse") != kept("correct horse")


@pytest.mark.parametrize(
    "password", ["pässwörd", "סיסמה ארוכה", "🔥" * 8, "\x00" * 8, "\ud800" * 8]
)
@pytest.mark.usefixtures("_quick")
def test_any_text_can_be_a_password(password: str) -> None:
    text = kept(password)
    assert matches(password, text)
    assert not matches(password + " ", text)


@pytest.mark.parametrize(
    "password", ["", "1234567", " " * 20, "x" * (LONGEST + 1), "x" * 1_000_000]
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Refused) as refused:
        check_strength(password)
    assert (refused.value.status, refused.value.code) == (422, "password_weak")


@pytest.mark.parametrize("password", ["12345678", "x" * LONGEST])
def test_the_shortest_and_the_longest_are_taken(password: str) -> None:
    check_strength(password)


def test_weaker_parameters_are_outdated_and_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOG_N", 8)
    text = kept("correct horse")
    monkeypatch.setattr(module, "_LOG_N", 9)
    assert outdated(text)
    assert matches("correct horse", text)


# -- the checker ------------------------------------------------------------------------------


def checked(work: Callable[[Checker], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        return await work(Checker())

    return asyncio.run(main())


HERE = "192.168.1.5"


@pytest.mark.usefixtures("_quick")
def test_a_checker_hashes_and_compares() -> None:
    async def work(checker: Checker) -> list[bool]:
        text = await checker.keep("correct horse", HERE)
        tried = ("correct horse", "wrong", "x" * 2000)
        found = [await checker.check(x, text, HERE) for x in tried]
        return [*found, await checker.check("correct horse", None, HERE)]

    assert checked(work) == [True, False, False, False]


def test_a_weak_password_is_refused_before_it_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_scrypt", lambda *_: pytest.fail("it was hashed"))

    async def work(checker: Checker) -> None:
        for password in ("short", "x" * 1_000_000):
            with pytest.raises(Refused):
                await checker.keep(password, HERE)
        assert not await checker.check("x" * 1_000_000, "scrypt$8$8$1$AA==$AA==", HERE)

    checked(work)


class Held:
    """Holds up hashes until they are let go; `most` is how many were under way together.

    `two` is set once two are.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go, self.two = threading.Event(), threading.Event()
        self.threads: set[str] = set()
        self.most = self._running = 0
        self._lock = threading.Lock()
        monkeypatch.setattr(module, "_scrypt", self)

    def __call__(self, *_: object) -> bytes:
        with self._lock:
            self._running += 1
            self.most = max(self.most, self._running)
            self.threads.add(threading.current_thread().name)
            if self._running == 2:
                self.two.set()
        assert self.go.wait(60)
        with self._lock:
            self._running -= 1
        return b"x" * 32


def outcomes(tasks: list[asyncio.Task[Any]]) -> list[tuple[int, str]]:
    """The refusals among these, each by status and code."""
    failed = [x.exception() for x in tasks if x.done()]
    return [(x.status, x.code) for x in failed if isinstance(x, Refused)]


def test_two_hash_at_a_time_and_a_full_queue_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE", 16)
    held = Held(monkeypatch)

    async def work(checker: Checker) -> None:
        tasks = [
            asyncio.create_task(checker.keep("correct horse", f"10.0.0.{n}")) for n in range(40)
        ]
        await asyncio.sleep(0)  # each has begun, and no hash has ended
        assert outcomes(tasks) == [(503, "busy")] * 24, "they do not wait to be told"
        assert await asyncio.to_thread(held.two.wait, 60)
        held.go.set()
        await asyncio.wait(tasks)
        assert len(outcomes(tasks)) == 24
        assert all(x.exception().retry_after for x in tasks if x.exception())  # type: ignore[union-attr]
        await checker.keep("correct horse", HERE)  # the queue is empty again
        assert not checker._under_way

    checked(work)
    assert held.most == 2
    assert {name[:8] for name in held.threads} == {"password"}


def test_one_address_has_a_share_of_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EACH", 4)
    held = Held(monkeypatch)

    async def work(checker: Checker) -> None:
        tasks = [asyncio.create_task(checker.keep("correct horse", HERE)) for _ in range(9)]
        await asyncio.sleep(0)
        assert outcomes(tasks) == [(503, "busy")] * 5
        other = asyncio.create_task(checker.keep("correct horse", "192.168.1.6"))
        held.go.set()
        assert await other, "others have their place"
        await asyncio.wait(tasks)

    checked(work)


@pytest.mark.usefixtures("_quick")
def test_hashes_of_one_address_are_rate_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BURST", 3)

    async def work() -> None:
        checker = Checker(1 / 60)
        for _ in range(3):
            await checker.check("wrong", None, HERE)
        with pytest.raises(Refused) as refused:
            await checker.keep("correct horse", HERE)
        assert (refused.value.status, refused.value.code) == (429, "busy")
        assert 0 < (refused.value.retry_after or 0) <= 60
        assert await checker.keep("correct horse", "192.168.1.6")

    asyncio.run(work())


@pytest.mark.usefixtures("_quick")
def test_a_school_class_stays_within_the_rate_limit() -> None:
    """Thirty who change their passwords together: two hashes each."""

    async def work() -> None:
        checker = Checker(1 / 60)
        for _ in range(2):
            await asyncio.gather(*[checker.keep("correct horse", HERE) for _ in range(30)])

    asyncio.run(work())


def test_stopping_refuses_queued_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)
    why = Refused("stopping", "Later.", 503, 5)

    async def work(checker: Checker) -> None:
        tasks = [asyncio.create_task(checker.keep("correct horse", HERE)) for _ in range(5)]
        assert await asyncio.to_thread(held.two.wait, 60)
        checker.stop(why)
        _, under_way = await asyncio.wait(tasks, timeout=0.1)
        assert outcomes(tasks) == [(503, "stopping")] * 3
        with pytest.raises(Refused, match="Later"):
            await checker.keep("correct horse", HERE)
        held.go.set()
        await asyncio.wait(under_way)

    checked(work)


def test_a_cancelled_wait_frees_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)

    async def work(checker: Checker) -> None:
        tasks = [asyncio.create_task(checker.keep("correct horse", HERE)) for _ in range(5)]
        await asyncio.sleep(0)
        tasks[4].cancel()
        with pytest.raises(asyncio.CancelledError):
            await tasks[4]
        assert checker._under_way == {HERE: 4}
        held.go.set()
        await asyncio.wait(tasks)

    checked(work)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_hashing_runs_at_a_lower_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[int] = []

    def scrypt(*_: object) -> bytes:
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return b"x" * 32

    monkeypatch.setattr(module, "_scrypt", scrypt)
    checked(lambda checker: checker.keep("correct horse", HERE))
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert found == [min(19, own + module.NICE)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own


def test_checking_an_unknown_name_takes_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[tuple[object, ...]] = []
    real = hashlib.scrypt

    def scrypt(password: bytes, **how: Any) -> bytes:
        costs.append((how["n"], how["r"], how["p"]))
        return real(password, **how)

    monkeypatch.setattr(module, "_LOG_N", 8)
    text = kept("correct horse")
    monkeypatch.setattr("hashlib.scrypt", scrypt)

    async def work(checker: Checker) -> None:
        await checker.check("x", None, HERE)  # makes the hash that unknown names are compared with
        costs.clear()
        await checker.check("x", None, HERE)
        await checker.check("x", text, HERE)

    checked(work)
    assert len(costs) == 2
    assert costs[0] == costs[1]
