import re
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from hub.access.admission import ALPHABET, CODE_LENGTH, LINK_SECONDS, TRIES, Admission
from hub.errors import Refused

HERE, THERE = "192.168.1.5", "192.168.1.6"


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Admission:
    return Admission(clock=clock, tick=clock)


def again(door: Admission, clock: Clock) -> Admission:
    """The same door after a restart."""
    new = Admission(clock=clock, tick=clock)
    new.load(door.dump())
    return new


def refusal(work: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        work()
    if refused.value.status == 429:
        assert refused.value.retry_after
    return refused.value.status, refused.value.code


# -- the code ---------------------------------------------------------------------------------


def test_an_open_door_asks_nothing(door: Admission) -> None:
    assert (door.mode, door.code) == ("open", "")
    for code in (None, "", "anything"):
        door.check_code(code, HERE)


def test_a_code_has_40_bits_and_can_be_read_aloud(door: Admission) -> None:
    door.set_mode("code")
    assert re.fullmatch(f"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}", door.code)
    assert len(ALPHABET) ** CODE_LENGTH > 2**40
    assert not set("01OIL") & set(ALPHABET)
    assert door.new_code() != door.new_code()


def test_the_code_is_taken_as_it_is_said(door: Admission) -> None:
    door.set_mode("code")
    bare = door.code.replace("-", "")
    for said in (door.code, door.code.lower(), bare, " ".join(bare), f" {door.code}. "):
        door.check_code(said, HERE)


def test_a_chosen_code_of_signs_alone_is_compared_too(door: Admission) -> None:
    door.set_code("!!!")
    door.set_mode("code")
    door.check_code("!!!", HERE)
    assert refusal(lambda: door.check_code("???", HERE)) == (401, "code_wrong")


@pytest.mark.parametrize("code", ["x", "---", "\ud800", "é" * 9, "x" * 100_000])
def test_a_wrong_code(door: Admission, code: str) -> None:
    door.set_mode("code")
    assert refusal(lambda: door.check_code(code, HERE)) == (401, "code_wrong")


def test_no_code_is_no_try(door: Admission) -> None:
    door.set_mode("code")
    for _ in range(10):
        assert refusal(lambda: door.check_code(None, HERE)) == (401, "code_needed")
        assert refusal(lambda: door.check_code("", HERE)) == (401, "code_needed")
    door.check_code(door.code, HERE)


def test_five_wrong_ones_a_minute_from_one_address(door: Admission, clock: Clock) -> None:
    door.set_mode("code")
    for _ in range(TRIES):
        assert refusal(lambda: door.check_code("wrong", HERE)) == (401, "code_wrong")
    assert refusal(lambda: door.check_code("wrong", HERE)) == (429, "too_many_tries")
    assert refusal(lambda: door.check_code(door.code, HERE)) == (429, "too_many_tries")
    door.check_code(door.code, THERE)
    clock.now += 59.9
    assert refusal(lambda: door.check_code(door.code, HERE)) == (429, "too_many_tries")
    clock.now += 0.1
    door.check_code(door.code, HERE)
    clock.now += 60 * TRIES
    for _ in range(TRIES):
        assert refusal(lambda: door.check_code("wrong", HERE)) == (401, "code_wrong")
    assert refusal(lambda: door.check_code("wrong", HERE)) == (429, "too_many_tries")


def test_tries_that_are_under_way_count(door: Admission) -> None:
    door.set_mode("code")
    with ExitStack() as under_way:
        for _ in range(TRIES):
            under_way.enter_context(door.one_try(HERE))
        assert refusal(lambda: door.check_tries(HERE)) == (429, "busy")
        assert refusal(lambda: door.check_code("wrong", HERE)) == (429, "busy")
        door.check_tries(THERE)
    door.check_tries(HERE)  # they were all right
    with door.one_try(HERE):
        for _ in range(TRIES - 1):
            assert refusal(lambda: door.check_code("wrong", HERE)) == (401, "code_wrong")
        assert refusal(lambda: door.check_code("wrong", HERE)) == (429, "busy")
    with pytest.raises(Refused), door.one_try(HERE):
        raise Refused("login_wrong", "No.", 401)
    assert refusal(lambda: door.check_tries(HERE)) == (429, "too_many_tries")
    assert not door._under_way


def test_all_kinds_of_wrong_are_counted_together(door: Admission) -> None:
    door.set_mode("code")
    refusal(lambda: door.check_code("wrong", HERE))
    refusal(lambda: door.use_invitation("wrong", HERE))
    refusal(lambda: door.follow("wrong", HERE))
    door.wrong(HERE)
    door.wrong(HERE)
    assert refusal(lambda: door.follow("wrong", HERE))[0] == 429
    assert refusal(lambda: door.use_invitation("wrong", HERE))[0] == 429
    assert refusal(lambda: door.check_code("wrong", HERE))[0] == 429


def test_a_mode_keeps_the_code_there_is(door: Admission) -> None:
    door.set_mode("code")
    code = door.code
    door.set_mode("open")
    door.set_mode("code")
    assert door.code == code


# -- invitations ------------------------------------------------------------------------------


def test_an_invitation_counts_down(door: Admission, clock: Clock) -> None:
    text = door.invite(2)
    assert [(x.left, x.made) for x in door.invitations()] == [(2, clock.now)]
    door.check_invitation(text, HERE)
    door.use_invitation(text, HERE)
    assert [x.left for x in door.invitations()] == [1]
    door.use_invitation(text, THERE)
    assert door.invitations() == []
    assert refusal(lambda: door.use_invitation(text, HERE)) == (401, "invite_used")
    assert refusal(lambda: door.check_invitation(text, HERE)) == (401, "invite_used")


def test_an_invitation_is_withdrawn(door: Admission) -> None:
    text, other = door.invite(2), door.invite(1)
    first = door.invitations()[0].id
    door.withdraw(first)
    assert refusal(lambda: door.use_invitation(text, HERE)) == (401, "invite_used")
    assert refusal(lambda: door.withdraw(first)) == (404, "no_such_invitation")
    door.use_invitation(other, HERE)


# -- tickets and links ------------------------------------------------------------------------


def test_a_ticket_works_once(door: Admission) -> None:
    first, second = door.ticket(), door.ticket()
    assert first != second
    door.redeem(first)
    assert refusal(lambda: door.redeem(first)) == (403, "ticket_used")
    assert refusal(lambda: door.redeem("")) == (403, "ticket_used")
    door.redeem(second)


def test_a_link_works_once(door: Admission) -> None:
    link = door.link("p_1")
    assert door.follow(link, HERE) == "p_1"
    assert refusal(lambda: door.follow(link, HERE)) == (403, "link_used")


def test_a_link_works_five_minutes(door: Admission, clock: Clock) -> None:
    early, late = door.link("p_1"), door.link("p_1")
    clock.now += LINK_SECONDS - 1
    assert door.follow(early, HERE) == "p_1"
    clock.now += 1
    assert refusal(lambda: door.follow(late, HERE)) == (403, "link_used")
    door.link("p_2")
    assert len(door._links) == 1, "what is too old is forgotten"


def test_links_end_with_the_sessions(door: Admission) -> None:
    mine, other = door.link("p_1"), door.link("p_2")
    door.unlink("p_1")
    assert refusal(lambda: door.follow(mine, HERE)) == (403, "link_used")
    assert door.follow(other, HERE) == "p_2"


def test_a_link_that_is_bound_is_good_for_that_alone(door: Admission) -> None:
    for wrong in ("", "localhost:5000 another", "127.0.0.1:5000 state"):
        link = door.link("p_1", "localhost:5000 state")
        assert refusal(lambda link=link, wrong=wrong: door.follow(link, HERE, wrong)) == (
            403,
            "link_used",
        )
        right = lambda link=link: door.follow(link, THERE, "localhost:5000 state")  # noqa: E731
        assert refusal(right) == (403, "link_used"), "it was used up"
    link = door.link("p_1", "localhost:5000 state")
    assert door.follow(link, HERE, "localhost:5000 state") == "p_1"
    link = door.link("p_1")
    assert refusal(lambda: door.follow(link, HERE, "localhost:5000 state")) == (403, "link_used")


def test_what_was_asked_ends_with_the_sessions_too(door: Admission) -> None:
    door.returns.ask("p_1", HERE, "")
    door.returns.ask("p_2", HERE, "")
    door.unlink("p_1")
    assert [x.who for x in door.returns.waiting()] == ["p_2"]


# -- keeping ----------------------------------------------------------------------------------


def test_it_outlives_a_restart(door: Admission, clock: Clock) -> None:
    door.set_mode("code")
    text = door.invite(3)
    later = again(door, clock)
    assert (later.mode, later.code) == ("code", door.code)
    later.use_invitation(text, HERE)
    assert [x.left for x in later.invitations()] == [2]


def test_the_settings_of_a_start_count_until_a_host_chooses(door: Admission, clock: Clock) -> None:
    door.set_mode("code")
    own = door.code
    door.follow_settings("login", "", given=True)
    assert (door.mode, door.code) == ("login", own)
    assert again(door, clock).mode == "code", "and are not kept"
    door.follow_settings("open", "sesame", given=True)
    assert (door.mode, door.code) == ("code", "sesame")
    fresh = door.new_code()
    assert (door.mode, door.code) == ("code", fresh)
    assert (again(door, clock).mode, again(door, clock).code) == ("code", fresh)
    door.follow_settings("open", "", given=False)
    assert door.mode == "code", "what was not set changes nothing"
    door.follow_settings("open", "", given=True)
    assert door.mode == "open"
    door.set_mode("login")
    assert (door.mode, again(door, clock).mode) == ("login", "login")


def test_what_one_could_come_in_with_is_not_kept(door: Admission, clock: Clock) -> None:
    secrets = [door.invite(1), door.ticket(), door.link("p_1")]
    for secret in secrets:
        assert secret.encode() not in door.dump()
    later = again(door, clock)
    assert refusal(lambda: later.redeem(secrets[1]))[0] == 403
    assert refusal(lambda: later.follow(secrets[2], HERE))[0] == 403


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"mode":"shut"}', b'{"code":7}', b"\xff"])
def test_a_damaged_file_changes_nothing(door: Admission, data: bytes) -> None:
    door.set_mode("code")
    code = door.code
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's own kinds of it
        door.load(data)
    assert (door.mode, door.code) == ("code", code)


def test_every_change_is_to_be_kept(clock: Clock) -> None:
    changes: list[None] = []
    door = Admission(lambda: changes.append(None), clock, clock)
    text = door.invite(2)
    for work in (lambda: door.set_mode("login"), door.new_code, lambda: door.set_code("x")):
        before = len(changes)
        work()
        assert len(changes) > before
    before = len(changes)
    door.use_invitation(text, HERE)
    assert len(changes) > before
