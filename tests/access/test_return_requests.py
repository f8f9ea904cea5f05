"""Requests to return: their bounds, their answers, and when they end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.access.return_requests import (
    AGAIN_SECONDS,
    ASK_SECONDS,
    AWAY_SECONDS,
    MOST,
    MOST_EACH,
    MOST_FOR,
    ReturnRequests,
)
from hub.errors import Refused
from tests.access.clock import Clock

HERE, THERE = "192.168.1.7", "192.168.1.8"


@pytest.fixture
def clock() -> Clock:
    return Clock(1000.0)


@pytest.fixture
def returns(clock: Clock) -> ReturnRequests:
    return ReturnRequests(clock, clock)


def refusal(work: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.status, refused.value.code


def test_a_yes_is_heard_once(returns: ReturnRequests, clock: Clock) -> None:
    ask, token = returns.ask("p_1", HERE, "A browser")
    assert (ask.who, ask.address, ask.agent, ask.made) == ("p_1", HERE, "A browser", 1000.0)
    assert returns.waiting() == returns.waiting("p_1") == [ask]
    assert returns.waiting("p_2") == []
    clock.now += 10
    assert returns.heard(token) == (ask, ASK_SECONDS - 10)
    assert ask.answer is None
    returns.answer(ask, True)
    assert returns.waiting() == []
    assert returns.heard(token)[0].answer is True
    assert refusal(lambda: returns.heard(token)) == (403, "return_late")


def test_a_no_holds_for_that_name_and_address(returns: ReturnRequests, clock: Clock) -> None:
    ask, token = returns.ask("p_1", HERE, "")
    returns.answer(ask, False)
    assert returns.heard(token)[0].answer is False
    assert refusal(lambda: returns.ask("p_1", HERE, "")) == (429, "refused_before")
    returns.ask("p_2", HERE, "")
    returns.ask("p_1", THERE, "")
    clock.now += AGAIN_SECONDS
    returns.ask("p_1", HERE, "")


def test_a_request_expires(returns: ReturnRequests, clock: Clock) -> None:
    ask, token = returns.ask("p_1", HERE, "")
    _, answered = returns.ask("p_1", THERE, "")
    returns.answer(returns.waiting()[1], True)
    clock.now += ASK_SECONDS
    assert returns.waiting() == []
    for late in (token, answered, "another", "\ud800"):
        assert refusal(lambda late=late: returns.heard(late)) == (403, "return_late")
    assert ask.answer is None


def test_who_has_left_is_not_answered_and_can_come_back(
    returns: ReturnRequests, clock: Clock
) -> None:
    ask, token = returns.ask("p_1", HERE, "")
    clock.now += AWAY_SECONDS - 1
    returns.heard(token)
    clock.now += AWAY_SECONDS - 1
    assert returns.waiting() == [ask]
    clock.now += 1
    assert returns.waiting() == returns.waiting("p_1") == []
    assert returns.is_open(ask)
    assert returns.heard(token)[0] is ask
    assert returns.waiting() == [ask]
    returns.answer(ask, True)
    assert not returns.is_open(ask)
    gone, token = returns.ask("p_2", HERE, "")
    returns.withdraw(token)
    assert not returns.is_open(gone)
    late, _ = returns.ask("p_3", HERE, "")
    clock.now += ASK_SECONDS
    assert not returns.is_open(late)


def test_a_withdrawn_request_is_gone(returns: ReturnRequests) -> None:
    ask, token = returns.ask("p_1", HERE, "")
    assert returns.withdraw("another") is None
    assert returns.withdraw(token) is ask
    assert returns.withdraw(token) is None
    assert returns.waiting() == []


def test_requests_end_with_the_sessions(returns: ReturnRequests) -> None:
    ask, mine = returns.ask("p_1", HERE, "")
    returns.ask("p_2", HERE, "")
    returns.answer(ask, True)
    returns.drop("p_1", "p_3")
    assert refusal(lambda: returns.heard(mine)) == (403, "return_late")
    assert [x.who for x in returns.waiting()] == ["p_2"]


def test_requests_for_one_name_are_bounded(returns: ReturnRequests, clock: Clock) -> None:
    for at in range(MOST_FOR):
        returns.ask("p_1", f"10.0.0.{at}", "")
    assert refusal(lambda: returns.ask("p_1", HERE, "")) == (429, "too_many_ask")
    returns.ask("p_2", HERE, "")
    returns.drop("p_1")
    for _ in range(2 * MOST_FOR):
        returns.ask("p_1", HERE, "")
    assert refusal(lambda: returns.ask("p_1", HERE, "")) == (429, "too_many_ask"), "nor in turn"
    returns.ask("p_1", THERE, "")
    clock.now += 60
    returns.ask("p_1", HERE, "")


def test_asking_again_replaces_the_earlier_request(returns: ReturnRequests) -> None:
    """One address alone cannot use up the requests that one name may have."""
    _, first = returns.ask("p_1", HERE, "")
    other, _ = returns.ask("p_1", THERE, "")
    again, second = returns.ask("p_1", HERE, "")
    assert returns.waiting() == [other, again]
    assert refusal(lambda: returns.heard(first)) == (403, "return_late")
    assert returns.heard(second)[0] is again


def test_requests_of_one_address_are_bounded(returns: ReturnRequests, clock: Clock) -> None:
    assert MOST_EACH >= 30
    for at in range(MOST_EACH):
        returns.ask(f"p_{at}", HERE, "")
    assert refusal(lambda: returns.ask("p_x", HERE, "")) == (429, "too_many_ask")
    assert len(returns.waiting()) == MOST_EACH
    returns.drop(*(f"p_{at}" for at in range(MOST_EACH)))
    assert refusal(lambda: returns.ask("p_x", HERE, "")) == (429, "too_many_ask"), "nor in turn"
    clock.now += 10
    returns.ask("p_x", HERE, "")
    assert refusal(lambda: returns.ask("p_y", HERE, "")) == (429, "too_many_ask")


def test_all_requests_together_are_bounded(returns: ReturnRequests) -> None:
    for at in range(MOST):
        returns.ask(f"p_{at}", f"10.0.0.{at}", "x" * 1000)
    assert refusal(lambda: returns.ask("p_x", HERE, "")) == (429, "too_many_ask")
    assert all(len(x.agent) == 200 for x in returns.waiting())


def test_a_refused_request_costs_nothing(returns: ReturnRequests, clock: Clock) -> None:
    for at in range(MOST_FOR):
        returns.ask("p_1", f"10.0.0.{at}", "")
    for _ in range(1000):
        refusal(lambda: returns.ask("p_1", HERE, ""))
    clock.now += ASK_SECONDS
    returns.ask("p_1", HERE, "")
    returns.ask("p_2", HERE, "")
