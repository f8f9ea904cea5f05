import re
from collections.abc import Callable, Mapping

import pytest

from hub.access.admission import ALPHABET, CODE_LENGTH, LINK_SECONDS, Admission
from hub.access.tries import TRIES
from hub.errors import Refused
from hub.keys import Keys
from tests.access.clock import Clock

HERE, THERE = "192.168.1.5", "192.168.1.6"


@pytest.fixture
def admission(clock: Clock) -> Admission:
    return Admission(clock=clock, tick=clock)


def again(admission: Admission, clock: Clock) -> Admission:
    """The same admission after a restart."""
    return Admission(Keys(held(admission)), clock, clock)


def held(admission: Admission) -> dict[str, bytes]:
    """What its keys hold."""
    return dict(admission._keys.items(""))


def refusal(work: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        work()
    if refused.value.status == 429:
        assert refused.value.retry_after
    return refused.value.status, refused.value.code


# -- the code ---------------------------------------------------------------------------------


def test_an_open_hub_asks_for_no_code(admission: Admission) -> None:
    assert (admission.mode, admission.code) == ("open", "")
    for code in (None, "", "anything"):
        admission.check_code(code, HERE)


def test_a_code_has_40_bits_and_can_be_read_aloud(admission: Admission) -> None:
    admission.set_mode("code")
    assert re.fullmatch(f"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}", admission.code)
    assert len(ALPHABET) ** CODE_LENGTH > 2**40
    assert not set("01OIL") & set(ALPHABET)
    assert admission.new_code() != admission.new_code()


def test_a_code_is_compared_without_case_spaces_and_hyphens(admission: Admission) -> None:
    admission.set_mode("code")
    bare = admission.code.replace("-", "")
    for said in (
        admission.code,
        admission.code.lower(),
        bare,
        " ".join(bare),
        f" {admission.code}. ",
    ):
        admission.check_code(said, HERE)


def test_a_code_of_signs_alone_is_compared_exactly(admission: Admission) -> None:
    admission.set_code("!!!")
    admission.set_mode("code")
    admission.check_code("!!!", HERE)
    assert refusal(lambda: admission.check_code("???", HERE)) == (401, "code_wrong")


@pytest.mark.parametrize("code", ["x", "---", "\ud800", "é" * 9, "x" * 100_000])
def test_a_wrong_code(admission: Admission, code: str) -> None:
    admission.set_mode("code")
    assert refusal(lambda: admission.check_code(code, HERE)) == (401, "code_wrong")


def test_a_missing_code_is_no_wrong_try(admission: Admission) -> None:
    admission.set_mode("code")
    for _ in range(10):
        assert refusal(lambda: admission.check_code(None, HERE)) == (401, "code_needed")
        assert refusal(lambda: admission.check_code("", HERE)) == (401, "code_needed")
    admission.check_code(admission.code, HERE)


def test_one_address_has_five_wrong_tries_a_minute(admission: Admission, clock: Clock) -> None:
    admission.set_mode("code")
    for _ in range(TRIES):
        assert refusal(lambda: admission.check_code("wrong", HERE)) == (401, "code_wrong")
    assert refusal(lambda: admission.check_code("wrong", HERE)) == (429, "too_many_tries")
    assert refusal(lambda: admission.check_code(admission.code, HERE)) == (429, "too_many_tries")
    admission.check_code(admission.code, THERE)
    clock.now += 59.9
    assert refusal(lambda: admission.check_code(admission.code, HERE)) == (429, "too_many_tries")
    clock.now += 0.1
    admission.check_code(admission.code, HERE)
    clock.now += 60 * TRIES
    for _ in range(TRIES):
        assert refusal(lambda: admission.check_code("wrong", HERE)) == (401, "code_wrong")
    assert refusal(lambda: admission.check_code("wrong", HERE)) == (429, "too_many_tries")


def test_tries_under_way_count_as_wrong(admission: Admission) -> None:
    admission.set_mode("code")
    with admission.tries.one(HERE):
        for _ in range(TRIES - 1):
            assert refusal(lambda: admission.check_code("wrong", HERE)) == (401, "code_wrong")
        assert refusal(lambda: admission.check_code("wrong", HERE)) == (429, "busy")


def test_wrong_tries_of_all_kinds_are_counted_together(admission: Admission) -> None:
    admission.set_mode("code")
    refusal(lambda: admission.check_code("wrong", HERE))
    refusal(lambda: admission.use_invitation("wrong", HERE))
    refusal(lambda: admission.follow("wrong", HERE))
    admission.tries.wrong(HERE)
    admission.tries.wrong(HERE)
    assert refusal(lambda: admission.follow("wrong", HERE))[0] == 429
    assert refusal(lambda: admission.use_invitation("wrong", HERE))[0] == 429
    assert refusal(lambda: admission.check_code("wrong", HERE))[0] == 429


def test_a_mode_keeps_the_code_there_is(admission: Admission) -> None:
    admission.set_mode("code")
    code = admission.code
    admission.set_mode("open")
    admission.set_mode("code")
    assert admission.code == code


# -- invitations ------------------------------------------------------------------------------


def test_an_invitation_counts_down(admission: Admission, clock: Clock) -> None:
    text = admission.invite(2)
    assert [(x.left, x.made) for x in admission.invitations()] == [(2, clock.now)]
    admission.check_invitation(text, HERE)
    admission.use_invitation(text, HERE)
    assert [x.left for x in admission.invitations()] == [1]
    admission.use_invitation(text, THERE)
    assert admission.invitations() == []
    assert refusal(lambda: admission.use_invitation(text, HERE)) == (401, "invite_used")
    assert refusal(lambda: admission.check_invitation(text, HERE)) == (401, "invite_used")


def test_an_invitation_is_withdrawn(admission: Admission) -> None:
    text, other = admission.invite(2), admission.invite(1)
    first = admission.invitations()[0].id
    admission.withdraw(first)
    assert refusal(lambda: admission.use_invitation(text, HERE)) == (401, "invite_used")
    assert refusal(lambda: admission.withdraw(first)) == (404, "no_such_invitation")
    admission.use_invitation(other, HERE)


# -- tickets and links ------------------------------------------------------------------------


def test_a_ticket_works_once(admission: Admission) -> None:
    first, second = admission.ticket(), admission.ticket()
    assert first != second
    admission.redeem(first)
    assert refusal(lambda: admission.redeem(first)) == (403, "ticket_used")
    assert refusal(lambda: admission.redeem("")) == (403, "ticket_used")
    admission.redeem(second)


def test_a_link_works_once(admission: Admission) -> None:
    link = admission.link("p_1")
    assert admission.follow(link, HERE) == "p_1"
    assert refusal(lambda: admission.follow(link, HERE)) == (403, "link_used")


def test_a_link_works_five_minutes(admission: Admission, clock: Clock) -> None:
    early, late = admission.link("p_1"), admission.link("p_1")
    clock.now += LINK_SECONDS - 1
    assert admission.follow(early, HERE) == "p_1"
    clock.now += 1
    assert refusal(lambda: admission.follow(late, HERE)) == (403, "link_used")
    admission.link("p_2")
    assert len(admission._links) == 1, "what is too old is forgotten"


def test_links_end_with_the_sessions(admission: Admission) -> None:
    mine, other = admission.link("p_1"), admission.link("p_2")
    admission.unlink("p_1")
    assert refusal(lambda: admission.follow(mine, HERE)) == (403, "link_used")
    assert admission.follow(other, HERE) == "p_2"


def test_a_bound_link_needs_what_it_is_bound_to(admission: Admission) -> None:
    for wrong in ("", "localhost:5000 another", "127.0.0.1:5000 state"):
        link = admission.link("p_1", "localhost:5000 state")
        assert refusal(lambda link=link, wrong=wrong: admission.follow(link, HERE, wrong)) == (
            403,
            "link_used",
        )
        right = lambda link=link: admission.follow(link, THERE, "localhost:5000 state")  # noqa: E731
        assert refusal(right) == (403, "link_used"), "it was used up"
    link = admission.link("p_1", "localhost:5000 state")
    assert admission.follow(link, HERE, "localhost:5000 state") == "p_1"
    link = admission.link("p_1")
    assert refusal(lambda: admission.follow(link, HERE, "localhost:5000 state")) == (
        403,
        "link_used",
    )


def test_requests_to_return_end_with_the_sessions(admission: Admission) -> None:
    admission.returns.ask("p_1", HERE, "")
    admission.returns.ask("p_2", HERE, "")
    admission.unlink("p_1")
    assert [x.who for x in admission.returns.waiting()] == ["p_2"]


# -- keeping ----------------------------------------------------------------------------------


def test_admission_survives_a_restart(admission: Admission, clock: Clock) -> None:
    admission.set_mode("code")
    text = admission.invite(3)
    later = again(admission, clock)
    assert (later.mode, later.code) == ("code", admission.code)
    later.use_invitation(text, HERE)
    assert [x.left for x in later.invitations()] == [2]


def test_settings_count_until_a_host_chooses(admission: Admission, clock: Clock) -> None:
    admission.set_mode("code")
    own = admission.code
    admission.follow_settings("login", "", given=True)
    assert (admission.mode, admission.code) == ("login", own)
    assert again(admission, clock).mode == "code", "and are not kept"
    admission.follow_settings("open", "sesame", given=True)
    assert (admission.mode, admission.code) == ("code", "sesame")
    fresh = admission.new_code()
    assert (admission.mode, admission.code) == ("code", fresh)
    assert (again(admission, clock).mode, again(admission, clock).code) == ("code", fresh)
    admission.follow_settings("open", "", given=False)
    assert admission.mode == "code", "what was not set changes nothing"
    admission.follow_settings("open", "", given=True)
    assert admission.mode == "open"
    admission.set_mode("login")
    assert (admission.mode, again(admission, clock).mode) == ("login", "login")


def test_no_invitation_link_or_ticket_is_kept(admission: Admission, clock: Clock) -> None:
    secrets = [admission.invite(1), admission.ticket(), admission.link("p_1")]
    for secret in secrets:
        assert secret not in str(held(admission))
    later = again(admission, clock)
    assert refusal(lambda: later.redeem(secrets[1]))[0] == 403
    assert refusal(lambda: later.follow(secrets[2], HERE))[0] == 403


@pytest.mark.parametrize("odd", [b"", b"{", b"[]", b'{"mode":"shut"}', b'{"code":7}', b"\xff"])
def test_what_cannot_be_read_is_left_out_and_counted(admission: Admission, odd: bytes) -> None:
    admission.set_mode("code")
    text = admission.invite(2)
    assert Admission(Keys(held(admission))).unread == 0
    later = Admission(Keys(dict.fromkeys(held(admission), odd)))
    assert later.unread == 2
    assert (later.mode, later.code, later.invitations()) == ("open", "", [])
    assert refusal(lambda: later.check_invitation(text, HERE)) == (401, "invite_used")


def test_every_change_is_put_at_once(clock: Clock) -> None:
    keys = Keys()
    admission = Admission(keys, clock, clock)
    puts: list[Mapping[str, bytes | None]] = []
    keys.watch(puts.append)
    text = admission.invite(2)
    for work in (
        lambda: admission.invite(1),
        lambda: admission.set_mode("login"),
        lambda: admission.set_mode("code"),
        admission.new_code,
        lambda: admission.set_code("x"),
        lambda: admission.withdraw(admission.invitations()[-1].id),
        lambda: admission.use_invitation(text, HERE),
        lambda: admission.use_invitation(text, HERE),
    ):
        puts.clear()
        work()
        assert len(puts) == 1
        later = again(admission, clock)
        assert (later.mode, later.code) == (admission.mode, admission.code)
        assert later.invitations() == admission.invitations()
    assert dict(keys.items("")).keys() == {"door"}


# -- the name ---------------------------------------------------------------------------------


def test_the_name_is_kept_and_may_be_taken_back(admission: Admission, clock: Clock) -> None:
    assert admission.name == "Hearth"
    admission.set_name("  The   old mill ")
    admission.set_mode("code")
    assert again(admission, clock).name == "The old mill"
    admission.set_name(" ")
    assert again(admission, clock).name == "Hearth"


@pytest.mark.parametrize("name", ["<b>x</b>", "הטחנה", "👪", "x" * 40])
def test_a_name_of_any_script(admission: Admission, name: str) -> None:
    admission.set_name(name)
    assert admission.name == name


@pytest.mark.parametrize("name", ["x" * 41, "a\u202eb", "\u200b", "a\x00b"])
def test_a_name_that_cannot_be(admission: Admission, name: str) -> None:
    assert refusal(lambda: admission.set_name(name)) == (422, "hub_name_invalid")
    assert admission.name == "Hearth"
