from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.rate_limit import RateLimit


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_burst_then_the_rate(clock: Clock) -> None:
    limit = RateLimit(10, 20, clock)
    assert [limit.take("a") for _ in range(20)] == [0.0] * 20
    assert limit.take("a") == pytest.approx(0.1)
    clock.now += 0.1
    assert limit.take("a") == 0.0
    assert limit.take("a") == pytest.approx(0.1)


def test_a_refusal_costs_nothing(clock: Clock) -> None:
    limit = RateLimit(1, 1, clock)
    assert limit.take("a") == 0.0
    assert [limit.take("a") for _ in range(5)] == [pytest.approx(1.0)] * 5
    clock.now += 1
    assert limit.take("a") == 0.0


def test_waiting_as_told_is_enough(clock: Clock) -> None:
    limit = RateLimit(3, 7, clock)
    for _ in range(200):
        wait = limit.take("a")
        if wait:
            clock.now += wait
            assert limit.take("a") == 0.0


def test_each_has_a_bucket_of_their_own(clock: Clock) -> None:
    limit = RateLimit(1, 1, clock)
    assert limit.take("a") == 0.0
    assert limit.take("b") == 0.0
    assert limit.take("a") > 0


def test_a_higher_cost_waits_longer(clock: Clock) -> None:
    limit = RateLimit(2, 10, clock)
    assert limit.take("a", 10) == 0.0
    assert limit.take("a", 4) == pytest.approx(2.0)
    assert limit.take("a", 0) == 0.0


def test_a_cost_above_the_burst_takes_a_full_bucket(clock: Clock) -> None:
    limit = RateLimit(0.3, 0.6, clock)
    assert limit.take("a") == 0.0
    assert limit.take("a") == pytest.approx(2.0)
    clock.now += 2.0
    assert limit.take("a") == 0.0


def test_a_rate_of_zero_is_no_limit(clock: Clock) -> None:
    limit = RateLimit(0, 0, clock)
    assert [limit.take("a") for _ in range(1000)] == [0.0] * 1000
    assert len(limit) == 0


def test_idle_buckets_are_forgotten(clock: Clock) -> None:
    limit = RateLimit(10, 20, clock)
    for person in range(1000):
        assert limit.take(str(person), 5) == 0.0
    assert len(limit) == 1000
    clock.now += 10
    for person in range(600):
        assert limit.take(f"new {person}") == 0.0
    assert len(limit) == 600


def test_forgetting_a_bucket_gives_nothing_back_early(clock: Clock) -> None:
    limit = RateLimit(1, 2, clock)
    assert limit.take("a", 2) == 0.0
    clock.now += 1.5
    for person in range(100):
        limit.take(str(person))
    assert limit.take("a", 2) == pytest.approx(0.5)


def test_memory_is_bounded(clock: Clock) -> None:
    limit = RateLimit(0.001, 5, clock, most=50)
    for person in range(1000):
        assert limit.take(str(person)) == 0.0
        assert len(limit) <= 50


def test_debt_has_to_be_waited_for(clock: Clock) -> None:
    limit = RateLimit(2, 4, clock)
    assert limit.spend("a", 4) == 0.0
    assert limit.spend("a", 3) == pytest.approx(1.5)
    assert limit.wait("a", 0) == pytest.approx(1.5)
    assert limit.take("a") == pytest.approx(2.0)
    assert limit.spend("b") == 0.0, "others have their own"
    clock.now += 1.5
    assert limit.wait("a", 0) == 0.0
    assert limit.take("a") == pytest.approx(0.5)
    assert RateLimit(0, 0, clock).spend("a", 1e9) == 0.0, "no limit is no limit"


def test_the_real_clock_is_the_default() -> None:
    limit = RateLimit(1000, 1)
    assert limit.take("a") == 0.0
    assert 0 < limit.take("a") <= 0.0011


@given(
    rate=st.floats(0.01, 1000),
    burst=st.floats(1, 100),
    steps=st.lists(st.tuples(st.floats(0, 2), st.floats(0.1, 5)), max_size=60),
)
def test_never_more_than_burst_and_rate_allow(
    rate: float, burst: float, steps: list[tuple[float, float]]
) -> None:
    clock = Clock()
    limit = RateLimit(rate, burst, clock)
    spent = 0.0
    for seconds, cost in steps:
        clock.now += seconds
        if limit.take("a", cost) == 0.0:
            spent += min(cost, burst)
    assert spent <= (burst + rate * (clock.now - 1000.0)) * 1.000001
