import asyncio
import hashlib
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hub.access import passwords as module
from hub.access.passwords import LONGEST, Checker, check_strength, kept, matches, outdated
from hub.errors import Refused


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOG_N", 8)


def test_what_is_kept_bears_its_parameters_and_no_password() -> None:
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
def test_the_same_password_is_kept_differently_each_time() -> None:
    assert kept("correct horse") != kept("correct horse")


@pytest.mark.parametrize(
    "password", ["pässwörd", "סיסמה ארוכה", "🔥" * 8, "\x00" * 8, "\ud800" * 8]
)
@pytest.mark.usefixtures("_quick")
def test_every_text_can_be_a_password(password: str) -> None:
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


@pytest.mark.usefixtures("_quick")
def test_it_keeps_and_checks() -> None:
    async def work(checker: Checker) -> list[bool]:
        text = await checker.keep("correct horse")
        found = [await checker.check(x, text) for x in ("correct horse", "wrong", "x" * 2000)]
        return [*found, await checker.check("correct horse", None)]

    assert checked(work) == [True, False, False, False]


def test_a_weak_one_is_refused_before_it_costs_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_scrypt", lambda *_: pytest.fail("it was hashed"))

    async def work(checker: Checker) -> None:
        for password in ("short", "x" * 1_000_000):
            with pytest.raises(Refused):
                await checker.keep(password)
        assert not await checker.check("x" * 1_000_000, "scrypt$8$8$1$AA==$AA==")

    checked(work)


def test_two_at_a_time_a_short_queue_and_then_429(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def scrypt(*_: object) -> bytes:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return b"x" * 32

    monkeypatch.setattr(module, "_scrypt", scrypt)

    async def work(checker: Checker) -> list[Any]:
        waits = [checker.keep("correct horse") for _ in range(40)]
        outcome = await asyncio.gather(*waits, return_exceptions=True)
        await checker.keep("correct horse")  # the queue is empty again
        return outcome

    outcome = checked(work)
    refused = [x for x in outcome if isinstance(x, Refused)]
    assert most == 2
    assert len(refused) == 40 - 16
    assert {(x.status, x.code) for x in refused} == {(429, "busy")}
    assert all(x.retry_after for x in refused)


def test_nobody_costs_as_much_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[tuple[object, ...]] = []
    real = hashlib.scrypt

    def scrypt(password: bytes, **how: Any) -> bytes:
        costs.append((how["n"], how["r"], how["p"]))
        return real(password, **how)

    monkeypatch.setattr(module, "_LOG_N", 8)
    text = kept("correct horse")
    monkeypatch.setattr("hashlib.scrypt", scrypt)

    async def work(checker: Checker) -> None:
        await checker.check("x", None)  # makes what nobody's password is compared with
        costs.clear()
        await checker.check("x", None)
        await checker.check("x", text)

    checked(work)
    assert len(costs) == 2
    assert costs[0] == costs[1]
