from contextlib import ExitStack

import pytest

from hub.access.tries import TRIES, Tries
from hub.errors import Refused
from tests.access.clock import Clock

HERE, THERE = "192.168.1.5", "192.168.1.6"


def refusal(tries: Tries) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        tries.check(HERE)
    assert refused.value.retry_after
    return refused.value.status, refused.value.code


def fail(tries: Tries, code: str) -> None:
    with pytest.raises(Refused), tries.one(HERE):
        raise Refused(code, "No.", 401)


def test_wrong_tries_are_counted_by_address_and_minute(clock: Clock) -> None:
    tries = Tries(clock)
    for _ in range(TRIES):
        tries.check(HERE)
        tries.wrong(HERE)
    assert refusal(tries) == (429, "too_many_tries")
    tries.check(THERE)
    clock.now += 59.9
    assert refusal(tries) == (429, "too_many_tries")
    clock.now += 0.1
    tries.check(HERE)


def test_tries_under_way_count_as_wrong(clock: Clock) -> None:
    tries = Tries(clock)
    with ExitStack() as under_way:
        for _ in range(TRIES):
            under_way.enter_context(tries.one(HERE))
        assert refusal(tries) == (429, "busy")
        tries.check(THERE)
    tries.check(HERE)  # they were all right
    assert not tries._under_way


def test_a_try_that_is_refused_was_wrong_unless_it_was_not_checked(clock: Clock) -> None:
    tries = Tries(clock)
    for _ in range(TRIES):
        fail(tries, "busy")
    for _ in range(TRIES):
        fail(tries, "login_wrong")
    assert refusal(tries) == (429, "too_many_tries")
    assert not tries._under_way
