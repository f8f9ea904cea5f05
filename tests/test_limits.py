"""Each limit lets a burst through, then refuses; and counts for whom it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hub.config import Settings
from hub.errors import Refused
from hub.limits import (
    CHANGE_BURST,
    INVITE_BURST,
    JOIN_BURST_SHARE,
    NEW_ROOM_BURST,
    UNVERIFIED_SHARE,
    Limits,
)
from hub.room_rules import Author

NAOR = Author("naor", "p_1", address="192.168.1.9")
FREE = Settings(message_rate=0, connections_per_address=0)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def limits_of(settings: Settings) -> tuple[Limits, Clock]:
    """The limits under these settings, and the clock that they go by."""
    limits, clock = Limits(settings), Clock()
    for limit in vars(limits).values():
        limit._clock = clock
    return limits, clock


def allowed(check: Callable[[], object], most: int = 3000) -> int:
    """How many times in a row a check passes, `most` at most."""
    for n in range(most):
        try:
            check()
        except Refused:
            return n
    return most


def refusal(check: Callable[[], object]) -> tuple[int, str, float | None]:
    with pytest.raises(Refused) as refused:
        check()
    return refused.value.status, refused.value.code, refused.value.retry_after


def unverified(n: int, address: str = "192.168.1.9") -> Author:
    return Author(f"guest {n}", address=address)


def test_a_person_has_the_rate_of_the_settings_and_twice_that_at_once() -> None:
    limits, clock = limits_of(replace(FREE, message_rate=5))

    def say() -> None:
        limits.check_message(NAOR, new_room=False)

    assert allowed(say) == 10
    status, code, retry_after = refusal(say)
    assert (status, code, retry_after) == (429, "too_fast", pytest.approx(0.2, abs=0.011))
    limits.check_message(NAOR._replace(who="p_2"), new_room=False)
    clock.now += 1
    assert allowed(say) == 5


def test_unverified_names_of_one_address_share_a_limit() -> None:
    limits, _ = limits_of(replace(FREE, message_rate=1))
    names = iter(range(10_000))

    def say() -> None:
        limits.check_message(unverified(next(names)), new_room=False)

    assert allowed(say) == 2 * UNVERIFIED_SHARE
    assert refusal(say)[:2] == (429, "too_fast")
    limits.check_message(unverified(next(names), "192.168.1.10"), new_room=False)
    limits.check_message(NAOR, new_room=False)  # whoever proves a name does not share it


def test_an_unverified_name_without_an_address_has_its_own_rate() -> None:
    limits, _ = limits_of(replace(FREE, message_rate=1))
    assert allowed(lambda: limits.check_message(Author("guest"), new_room=False)) == 2


def test_messages_that_make_rooms_count_as_new_rooms_of_the_address() -> None:
    limits, _ = limits_of(replace(FREE, message_rate=1000))
    people = iter(range(10_000))

    def say() -> None:
        limits.check_message(NAOR._replace(who=f"p_{next(people)}"), new_room=True)

    assert allowed(say) == NEW_ROOM_BURST
    assert refusal(say) == (429, "too_fast", 10)
    assert refusal(lambda: limits.check_new_room(NAOR)) == (429, "too_fast", 10)
    limits.check_new_room(NAOR._replace(address="192.168.1.10"))
    limits.check_message(NAOR, new_room=False)


def test_a_message_that_is_refused_makes_no_room() -> None:
    limits, _ = limits_of(replace(FREE, message_rate=1))
    allowed(lambda: limits.check_message(NAOR, new_room=True))
    assert allowed(lambda: limits.check_new_room(NAOR)) == NEW_ROOM_BURST - 2


def test_who_is_counted_where_no_address_is_known() -> None:
    limits, _ = limits_of(replace(FREE, message_rate=1))
    local = Author("naor", "p_1")
    assert allowed(lambda: limits.check_new_room(local)) == NEW_ROOM_BURST
    limits.check_new_room(local._replace(who="p_2"))


def test_changes_are_limited_for_each_person() -> None:
    limits, clock = limits_of(replace(FREE, message_rate=10))
    assert allowed(lambda: limits.check_change("p_1")) == CHANGE_BURST
    assert refusal(lambda: limits.check_change("p_1")) == (429, "too_fast", 5)
    limits.check_change("p_2")
    clock.now += 5
    assert allowed(lambda: limits.check_change("p_1")) == 1


def test_new_people_of_one_address_are_limited() -> None:
    limits, clock = limits_of(replace(FREE, connections_per_address=8))
    assert allowed(lambda: limits.check_join("192.168.1.9")) == 8 * JOIN_BURST_SHARE
    assert refusal(lambda: limits.check_join("192.168.1.9")) == (429, "too_many", 1)
    limits.check_join("192.168.1.10")
    clock.now += 3
    assert allowed(lambda: limits.check_join("192.168.1.9")) == 3


def test_invitation_sheets_are_limited_for_each_address() -> None:
    limits, _ = limits_of(replace(FREE, message_rate=10))
    assert allowed(lambda: limits.check_invite("192.168.1.9")) == INVITE_BURST
    assert refusal(lambda: limits.check_invite("192.168.1.9")) == (429, "too_fast", 1)
    limits.check_invite("192.168.1.10")


def test_typing_is_told_once_a_second_for_each_person_and_room() -> None:
    limits, clock = limits_of(FREE)

    def told(who: str = "p_1", room: str = "a") -> bool:
        return limits.may_tell_typing(who, room)

    assert [told(), told(), told(room="b"), told("p_2"), told()] == [True, False, True, True, False]
    clock.now += 1
    assert told()


def test_settings_of_0_lift_the_limits() -> None:
    limits, _ = limits_of(FREE)
    for check in (
        lambda: limits.check_message(unverified(1), new_room=True),
        lambda: limits.check_change("p_1"),
        lambda: limits.check_join("192.168.1.9"),
        lambda: limits.check_invite("192.168.1.9"),
    ):
        assert allowed(check) == 3000
