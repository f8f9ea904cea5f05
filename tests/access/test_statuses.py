"""What people say of themselves, and until when."""

from __future__ import annotations

import pytest

from hub.access.people import People
from hub.access.statuses import Status, Statuses
from hub.keys import Keys
from tests.access.clock import Clock


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def statuses(keys: Keys, clock: Clock) -> Statuses:
    return Statuses(keys, clock)


def test_a_status_is_kept_until_it_is_taken_away(keys: Keys, statuses: Statuses) -> None:
    assert statuses.of("p_1") is None
    lunch = Status("Lunch", "🍜", busy=True)
    statuses.set("p_1", lunch)
    assert statuses.of("p_1") == lunch
    assert Statuses(keys).of("p_1") == lunch, "after a restart"
    assert statuses.of("p_2") is None
    statuses.set("p_1", None)
    assert statuses.of("p_1") is None
    assert keys.get("status/p_1") is None


def test_a_status_ends_by_itself(keys: Keys, statuses: Statuses, clock: Clock) -> None:
    statuses.set("p_1", Status("Lunch", until=clock() + 1800))
    statuses.set("p_2", Status("Away", until=clock() + 3600))
    statuses.set("p_3", Status("Always"))
    assert statuses.seconds_left() == 1800
    assert statuses.clear_over() == []
    clock.now += 1800
    assert statuses.of("p_1") is None
    assert statuses.seconds_left() == 0
    assert statuses.clear_over() == ["p_1"]
    assert keys.get("status/p_1") is None
    assert statuses.seconds_left() == 1800
    statuses.set("p_2", None)
    assert statuses.seconds_left() is None


def test_what_a_later_hearth_keeps_is_none(keys: Keys, statuses: Statuses) -> None:
    keys.put({"status/p_1": (None, b'["?"]')})
    assert statuses.of("p_1") is None
    assert statuses.clear_over() == []


def test_who_is_removed_says_nothing_any_more(keys: Keys, statuses: Statuses) -> None:
    people = People(keys)
    person = people.enter("anna")[0]
    statuses.set(person.who, Status("Lunch"))
    people.remove(person)
    assert statuses.of(person.who) is None
