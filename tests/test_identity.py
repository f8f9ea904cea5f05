"""Who is asking: the person of a token, or a name that nobody proves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub import identity
from hub.errors import Refused
from hub.hub import Hub
from hub.room_rules import Author
from tests.on_hub import UNLIMITED, RunOnHub, account, enter, enter_as_host

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def code_of(refused: pytest.ExceptionInfo[Refused]) -> tuple[int, str]:
    return refused.value.status, refused.value.code


def test_a_token_is_its_person(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, token = await enter(hub, "naor")
        assert identity.come_back(hub, token) is person
        assert identity.person_of(hub, token, own=True) is person
        assert identity.author_of(hub, token, "1.1.1.1") == Author(
            "naor", person.who, address="1.1.1.1"
        )
        assert identity.reader_of(hub, token) == Author("naor", person.who)

    run(test)


@pytest.mark.parametrize("token", [None, "", "unknown"])
def test_nobody_is_a_reader_on_an_open_hub_and_no_more(run: RunOnHub, token: str | None) -> None:
    async def test(hub: Hub) -> None:
        assert identity.come_back(hub, token) is None
        assert identity.reader_of(hub, token) is None
        with pytest.raises(Refused) as refused:
            identity.person_of(hub, token)
        assert code_of(refused) == (401, "who_are_you")

    run(test)


def test_on_a_hub_with_a_code_nobody_is_not_even_a_reader(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        for ask in (
            lambda: identity.reader_of(hub, None),
            lambda: identity.stranger(hub, "naor"),
            lambda: identity.writer_of(hub, None, None, "naor"),
        ):
            with pytest.raises(Refused, match="join it first") as refused:
                ask()
            assert code_of(refused) == (401, "who_are_you")

    run(test, replace(UNLIMITED, hub_code="sesame"))


def test_a_programs_token_writes_and_is_not_its_person(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, _ = await enter(hub, "naor")
        _, token = hub.people.add_device(person, purpose="a bot")
        assert identity.author_of(hub, token).bot
        assert identity.reader_of(hub, token) == Author("naor", person.who, bot=True)
        assert identity.person_of(hub, token) is person
        with pytest.raises(Refused) as refused:
            identity.person_of(hub, token, own=True)
        assert code_of(refused) == (403, "forbidden")

    run(test)


def test_who_writes_over_http(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, token = await enter(hub, "naor")
        wanted = Author("naor", person.who, address="1.1.1.1")
        assert identity.writer_of(hub, token, "1.1.1.1", "ignored") == wanted
        assert identity.writer_of(hub, None, "1.1.1.1", "guest") == Author(
            "guest", address="1.1.1.1"
        )
        for asked, error in (
            (("unknown", "guest"), (401, "who_are_you")),
            ((None, None), (422, "no_name")),
            ((None, "Naor"), (409, "name_taken")),
            ((None, "a\nb"), (422, "name_invalid")),
        ):
            with pytest.raises(Refused) as refused:
                identity.writer_of(hub, asked[0], "1.1.1.1", asked[1])
            assert code_of(refused) == error

    run(test)


def test_guests_may_not_stay_where_accounts_are_wanted(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        guest, token = await enter(hub, "naor")
        member, _ = await account(hub, "mira")
        host, _ = await enter_as_host(hub)
        hub.admission.set_mode("login")
        assert [identity.may_stay(hub, x) for x in (guest, member, host)] == [False, True, True]
        with pytest.raises(Refused) as refused:
            identity.come_back(hub, token)
        assert code_of(refused) == (401, "login_needed")

    run(test)


def test_a_banned_device_is_refused_whatever_it_asks(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, token = await enter(hub, "naor")
        identity.check_not_banned(hub, token)
        hub.people.ban(person, True)
        for ask in (identity.check_not_banned, identity.come_back, identity.reader_of):
            with pytest.raises(Refused) as refused:
                ask(hub, token)
            assert code_of(refused) == (403, "banned")

    run(test)
