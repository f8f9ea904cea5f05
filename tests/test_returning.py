"""Returning without a proof, without HTTP: who is asked, who may answer, and what is kept."""

from __future__ import annotations

import asyncio

import pytest

from hub import returning
from hub.access import return_requests
from hub.access.people import Person
from hub.access.records import Changes
from hub.entry import Claims, may_return
from hub.entry import enter as come_in
from hub.errors import Refused
from hub.hub import Hub
from hub.net.own_names import OwnNames
from hub.net.reach import Reach
from tests.fakes import FakeClient
from tests.ledgers import set_devices
from tests.on_hub import (
    REACH,
    RunOnHub,
    account,
    asker,
    enter,
    enter_as_host,
    fill_disk,
    is_on_disk,
    name_of,
    notices_to_hosts,
    refusal,
)

pytestmark = pytest.mark.usefixtures("cheap_passwords")

STATE = "0123456789abcdef"


async def ask(hub: Hub, name: str = "naor", token: str | None = None) -> returning.Asked:
    return await returning.ask(hub, asker(token), name, None, REACH)


def answer(hub: Hub, person: Person, yes: bool = True) -> None:
    """Have a person answer whoever asks."""
    (request,) = hub.admission.returns.waiting()
    returning.answer(hub, hub.author(person), request.id, yes)


def connect_browser(hub: Hub, person: Person) -> FakeClient:
    client = FakeClient(person, hub.people.devices.of(person.who)[0].id)
    hub.clients.add(client)
    return client


def test_a_yes_lets_in_once_it_is_on_disk(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        asked = await ask(hub)
        waiting = await returning.hear(hub, asker(), asked.ask)
        assert isinstance(waiting, returning.Waiting)
        assert 0 < waiting.seconds <= 300
        answer(hub, naor)
        token = await returning.hear(hub, asker(), asked.ask)
        assert isinstance(token, str)
        assert name_of(hub, token) == "naor"
        assert is_on_disk(hub)
        again = returning.hear(hub, asker(), asked.ask)
        assert await refusal(again) == (403, "return_late")
        asked = await ask(hub)
        answer(hub, naor)
        with monkeypatch.context() as patched:
            fill_disk(patched)
            assert (await refusal(returning.hear(hub, asker(), asked.ask)))[0] == 507

    run(test)


def test_a_no_lets_nobody_in(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        asked = await ask(hub)
        answer(hub, naor, yes=False)
        assert await refusal(returning.hear(hub, asker(), asked.ask)) == (403, "return_no")
        assert [(x["do"], x.get("text")) for x in hub.audit.last] == [
            ("return", None), ("readmit", "no to 127.0.0.1"),
        ]  # fmt: skip

    run(test)


@pytest.mark.parametrize("since", ["claim", "ban", "remove", "login"])
def test_a_yes_ends_with_what_it_was_given_for(run: RunOnHub, since: str) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        asked = await ask(hub)
        answer(hub, naor)
        if since == "claim":
            hub.people.update(naor, password="kept")
        elif since == "ban":
            hub.people.ban(naor, True)
        elif since == "remove":
            hub.people.remove(naor)
        else:
            hub.admission.set_mode("login")
        assert await refusal(returning.hear(hub, asker(), asked.ask)) == (403, "return_no")

    run(test)


def test_who_may_be_asked_for(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        guest, _ = await enter(hub, "guest")
        member, _ = await account(hub, "member")
        banned, _ = await enter(hub, "banned")
        hub.people.ban(banned, True)
        waiting, _ = await enter(hub, "waiting")
        hub.people.update(waiting, waiting=True)
        visitor, _ = hub.people.visit("visitor")
        found = [may_return(hub, x) for x in (guest, member, banned, waiting, visitor)]
        assert found == [True, False, False, False, False]
        for name in ("member", "banned", "waiting", "visitor", "nobody"):
            assert await refusal(ask(hub, name)) == (403, "no_return"), name
        hub.admission.set_mode("login")
        assert not may_return(hub, guest)
        assert await refusal(ask(hub, "guest")) == (401, "login_needed")

    run(test)


def test_neither_a_banned_browser_nor_somebody_else_asks(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await enter(hub, "naor")
        _, token = await enter(hub, "mira")
        bad, banned = await enter(hub, "bad")
        asked = await ask(hub)
        hub.people.ban(bad, True)
        for bearer, error in ((token, (409, "already_in")), (banned, (403, "banned"))):
            assert await refusal(ask(hub, token=bearer)) == error
            heard = returning.hear(hub, asker(bearer), asked.ask)
            assert await refusal(heard) == error

    run(test)


def test_who_may_answer(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        anna, _ = await enter_as_host(hub)
        otto, _ = await enter_as_host(hub, "otto")
        naor, _ = await enter(hub, "naor")
        mira, _ = await enter(hub, "mira")

        def refused(person: Person, ask: str, yes: bool = True) -> tuple[int, str]:
            with pytest.raises(Refused) as why:
                returning.answer(hub, hub.author(person), ask, yes)
            return why.value.status, why.value.code

        await ask(hub)
        (request,) = hub.admission.returns.waiting()
        assert refused(mira, request.id) == (403, "forbidden")
        assert refused(naor, "another") == (404, "no_such_ask")
        hub.people.update(naor, password="kept")
        assert refused(naor, request.id) == (409, "no_return"), "a yes to who has a proof"
        returning.answer(hub, hub.author(anna), request.id, False)
        await ask(hub, "otto")
        (request,) = hub.admission.returns.waiting()
        assert refused(anna, request.id) == (403, "forbidden"), "a host's name is not another's"
        assert returning.requests_for_hosts(hub) == []
        hub.people.remove(otto)
        assert refused(anna, request.id) == (404, "no_such_ask")

    run(test)


def test_browsers_of_the_person_and_hosts_are_told(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        browser, program = connect_browser(hub, naor), FakeClient(naor, "a program's")
        hub.clients.add(program)
        told = notices_to_hosts(hub)
        asked = await ask(hub)
        (event,) = browser.heard
        assert event["do"] == "returns"
        assert [set(x) for x in event["asks"]] == [{"id", "agent", "address", "made"}]
        (shown,) = returning.requests_for_hosts(hub)
        assert shown.who == naor.who
        await returning.withdraw(hub, asked.ask)
        assert browser.heard[-1]["asks"] == []
        assert len(told) == 2
        assert program.heard == []
        assert await returning.withdraw(hub, "unknown") == returning.Waiting(0, False)

    run(test)


def test_whether_anybody_can_answer(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        anna, _ = await enter_as_host(hub)
        naor, _ = await enter(hub, "naor")
        assert not (await ask(hub)).heard
        own = connect_browser(hub, naor)
        assert (await ask(hub)).heard
        hub.clients.remove(own)
        hub.clients.add(host := FakeClient(anna))
        assert (await ask(hub)).heard, "a host"
        assert (await ask(hub, "anna")).heard, "herself"
        hub.clients.remove(host)
        otto, _ = await enter_as_host(hub, "otto")
        hub.clients.add(FakeClient(otto))
        asked = await ask(hub, "anna")
        assert not asked.heard, "another host has no say"

    run(test)


def test_connections_to_an_address_that_is_gone_are_ended(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        gone, stays = connect_browser(hub, naor), FakeClient(naor, None)
        hub.clients.add(stays)
        set_devices(hub, naor.who, via="203.0.113.9")
        await ask(hub)
        assert [x.ended for x in (gone, stays)] == [["Hearth is no longer at this address."], []]

    run(test)


def test_a_link_for_another_address_is_good_there_alone(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        _, token = await enter(hub, "naor")
        for to in ("evil.example:5000", "127.0.0.1:1", ""):
            asked = returning.hand_over(hub, asker(token), to, STATE, REACH)
            assert await refusal(asked) == (403, "not_ours")
        assert await returning.hand_over(hub, asker(token), "localhost:5000", STATE, REACH)
        nobody = returning.hand_over(hub, asker(), "localhost:5000", STATE, REACH)
        assert await refusal(nobody) == (401, "who_are_you")
        program = hub.people.add_device(hub.people.all()[0], purpose="a bot")[1]
        asked = returning.hand_over(hub, asker(program), "localhost:5000", STATE, REACH)
        assert await refusal(asked) == (403, "forbidden")

    run(test)


def test_the_ways_back_to_a_name_that_is_taken(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        reach = Reach(OwnNames(), 5000, "::")

        async def more(name: str, host: str = "localhost:5000") -> dict[str, object]:
            elsewhere = asker()._replace(host=host)
            with pytest.raises(Refused) as refused:
                await come_in(hub, elsewhere, Claims(name), reach)
            assert refused.value.code == "name_taken"
            return refused.value.more

        naor, older = await enter(hub, "naor")
        assert await more("naor") == {"elsewhere": ["http://127.0.0.1:5000/"], "ask": True}
        assert await more("naor", "127.0.0.1:5000") == {"elsewhere": [], "ask": True}
        _, newer = hub.people.add_device(naor)
        hub.people.devices.describe(newer, "A browser", "", "127.0.0.9")
        changes = Changes(hub.keys)
        hub.people.devices.changing(changes, older, used=1.0)
        hub.people.devices.changing(changes, newer, used=2.0)
        changes.put()
        earlier = ["http://127.0.0.9:5000/", "http://127.0.0.1:5000/"]
        assert (await more("naor"))["elsewhere"] == earlier, "the one used last comes first"
        set_devices(hub, naor.who, agent="Another")
        assert await more("naor") == {"elsewhere": [], "ask": True}
        hub.people.visit("visitor")
        assert (await more("visitor"))["ask"] is False
        await account(hub, "member")
        assert await more("member") == {}
        hub.people.ban(naor, True)
        assert await more("naor") == {}

    run(test)


def test_the_question_goes_and_comes_with_who_asks(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returning, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(return_requests, "AWAY_SECONDS", 0.05)

    async def count(client: FakeClient, asks: int, told: int) -> None:
        """Wait until the client has been told so often, and then of so many askers."""
        async with asyncio.timeout(10):
            while len(client.told("returns")) < told:
                await asyncio.sleep(0.01)
        assert len(client.told("returns")[-1]["asks"]) == asks

    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        client = connect_browser(hub, naor)
        asked = await ask(hub)
        await count(client, 1, told=1)
        await count(client, 0, told=2)
        assert isinstance(await returning.hear(hub, asker(), asked.ask), returning.Waiting)
        await count(client, 1, told=3)
        await count(client, 0, told=4)
        await returning.withdraw(hub, asked.ask)
        await count(client, 0, told=5)
        await asyncio.sleep(0.1)
        assert len(client.told("returns")) == 5

    run(test)
