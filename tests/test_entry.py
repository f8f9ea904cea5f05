"""Coming in and going out, without HTTP: who may, and what is kept before it is answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub import entry
from hub.access import passwords
from hub.access.person import PERSON, person_in
from hub.access.rate_limit import RateLimit
from hub.errors import Refused
from hub.hub import Hub
from hub.keys import Value
from tests.fakes import FakeClient
from tests.on_hub import (
    PASSWORD,
    REACH,
    UNLIMITED,
    RunOnHub,
    Work,
    account,
    asker,
    check_kept,
    check_refused_unkept,
    enter,
    enter_as_host,
    is_on_disk,
    limit_changes,
    name_of,
    notices_to_hosts,
    refusal,
)

pytestmark = pytest.mark.usefixtures("cheap_passwords")

WANTS_ACCOUNTS = replace(UNLIMITED, accounts="login")


async def _take_back_a_hosts_name(hub: Hub, *_: object) -> None:
    await enter_as_host(hub)
    window = await entry.redeem_ticket(hub, asker(), hub.admission.ticket())
    assert (await enter(hub, "anna", window))[0].host


async def _add_a_password(hub: Hub, *_: object) -> None:
    _, token = await enter(hub, "guest")
    hub.admission.set_mode("login")
    assert (await enter(hub, "guest", token, password=PASSWORD))[0].waiting


KEPT: dict[str, Work] = {
    "enter": lambda hub, person, token: enter(hub, "guest"),
    "take back a host's name": _take_back_a_hosts_name,
    "add a password": _add_a_password,
    "log in": lambda hub, person, token: entry.log_in(hub, asker(), "naor", PASSWORD),
    "follow a link": lambda hub, person, token: entry.follow_link(
        hub, asker(), hub.admission.link(person.who), None, False
    ),
    "redeem a ticket": lambda hub, person, token: entry.redeem_ticket(
        hub, asker(), hub.admission.ticket()
    ),
    "log out": lambda hub, person, token: entry.log_out(hub, token),
}


@pytest.mark.parametrize("work", KEPT.values(), ids=KEPT)
def test_nothing_is_answered_before_it_is_on_disk(run: RunOnHub, work: Work) -> None:
    run(lambda hub: check_kept(hub, work))


@pytest.mark.parametrize("work", KEPT.values(), ids=KEPT)
def test_what_cannot_be_kept_is_refused(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, work: Work
) -> None:
    run(lambda hub: check_refused_unkept(hub, work, monkeypatch))


# -- with a name ----------------------------------------------------------------------------


def test_a_code_is_asked_of_newcomers_and_not_guessed(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        entry.check_newcomer(hub, "sesame", "1.1.1.1")
        for code, expected in ((None, "code_needed"), ("", "code_needed"), ("x", "code_wrong")):
            assert await refusal(enter(hub, "naor", code=code)) == (401, expected)
        tries = {await refusal(enter(hub, "naor", code="x")) for _ in range(6)}
        assert tries == {(401, "code_wrong"), (429, "too_many_tries")}
        entry.check_newcomer(hub, "sesame", "1.1.1.1")

    run(test, replace(UNLIMITED, hub_code="sesame"))


def test_a_browser_enters_again_as_who_it_is_and_under_another_name_as_another(
    run: RunOnHub,
) -> None:
    async def test(hub: Hub) -> None:
        naor, token = await enter(hub, "naor")
        await enter(hub, "mira")
        assert await enter(hub, " naor ", token) == (naor, token)
        assert await refusal(enter(hub, "Mira", token)) == (409, "name_taken")
        zed, other = await enter(hub, "zed", token)
        assert zed is not naor
        assert other != token
        hub.admission.set_mode("code")
        assert await enter(hub, "naor", token) == (naor, token)
        another = enter(hub, "another", token)
        assert await refusal(another) == (401, "code_needed"), "having come in before is no code"

    run(test)


def test_a_taken_name_tells_an_admitted_newcomer_whether_its_holder_is_here(
    run: RunOnHub,
) -> None:
    async def test(hub: Hub) -> None:
        async def told(**claims: str) -> str:
            with pytest.raises(Refused) as refused:
                await enter(hub, "naor", **claims)
            return refused.value.message

        naor, _ = await enter(hub, "naor")
        away = "The name naor is kept for somebody who was here. Choose another."
        here = "Somebody here is already called naor. Choose another."
        assert await told() == away
        hub.clients.add(client := FakeClient(naor))
        assert await told() == here
        hub.clients.remove(client)
        hub.admission.set_mode("login")
        assert await told(password=PASSWORD) == here, "who asks for an account is not admitted"

    run(test)


def test_a_hosts_device_needs_no_code(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        assert (await enter_as_host(hub))[0].host
        assert await refusal(enter(hub, "naor")) == (401, "code_needed")

    run(test, replace(UNLIMITED, hub_code="sesame"))


def test_newcomers_of_one_address_are_limited(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        found = []
        for number in range(6):
            try:
                await enter(hub, f"n{number}")
            except Refused as why:
                found.append((why.status, why.code))
        assert found == [(429, "too_many")] * 2
        elsewhere = asker(address="127.0.0.9")
        assert await entry.enter(hub, elsewhere, entry.Claims("naor"), REACH)

    run(test, replace(UNLIMITED, connections_per_address=1))


def test_where_accounts_are_wanted_a_newcomer_waits_for_a_host(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        assert await refusal(enter(hub, "naor")) == (401, "login_needed")
        assert await refusal(enter(hub, "naor", password="short")) == (422, "password_weak")
        told = notices_to_hosts(hub)
        person, token = await account(hub, "naor")
        assert person.waiting
        assert len(told) == 1, "the hosts hear of it"
        assert (await enter(hub, "naor", token))[0] is person, "asked again"
        assert [x["do"] for x in hub.audit.last] == ["asks"]

    run(test, WANTS_ACCOUNTS)


def test_who_waits_was_never_kept_without_a_password(run: RunOnHub) -> None:
    """A crash may keep one change and not the next: the name would be nobody's."""

    async def work(hub: Hub) -> None:
        hub.admission.set_mode("login")
        kept: list[Value] = []
        hub.keys.watch(lambda put: kept.extend(put[key] for key in put if key.startswith(PERSON)))
        await enter(hub, "naor", password=PASSWORD)
        assert kept[0] is not None
        person = person_in(kept[0])
        assert person is not None
        assert (person.waiting, person.password is None) == (True, False)

    run(work)


def test_an_invitation_lets_in_at_once_and_is_used_up(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        text = hub.admission.invite(1)
        wrong = enter(hub, "naor", password=PASSWORD, invitation="x")
        assert await refusal(wrong) == (401, "invite_used")
        assert not (await enter(hub, "naor", password=PASSWORD, invitation=text))[0].waiting
        again = enter(hub, "mira", password=PASSWORD, invitation=text)
        assert await refusal(again) == (401, "invite_used")

    run(test, WANTS_ACCOUNTS)


def test_a_newcomer_without_an_invitation_does_not_learn_who_is_there(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await enter_as_host(hub)
        for name in ("anna", "nobody"):
            asked = enter(hub, name, password=PASSWORD, invitation="x")
            assert await refusal(asked) == (401, "invite_used")
        weak = enter(hub, "naor", password="short", invitation="x")
        assert await refusal(weak) == (422, "password_weak"), "which is no wrong try"

    run(test, WANTS_ACCOUNTS)


def test_those_who_ask_for_an_account_are_limited_too(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        for number in range(4):
            await enter(hub, f"n{number}", password=PASSWORD)
        late = enter(hub, "naor", password=PASSWORD)
        assert await refusal(late) == (429, "too_many")

    run(test, replace(WANTS_ACCOUNTS, connections_per_address=1))


def test_a_guest_may_become_an_account_where_one_is_wanted(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        guest, token = await enter(hub, "guest")
        naor, other = await enter(hub, "naor")
        hub.admission.set_mode("login")
        text = hub.admission.invite(1)
        assert await refusal(enter(hub, "guest", token)) == (401, "login_needed")
        assert (await enter(hub, "guest", token, password=PASSWORD))[0] is guest
        assert guest.waiting
        asks = [(x["by"], x["do"]) for x in hub.audit.last]
        assert asks == [("guest", "asks")]
        invited = await enter(hub, "naor", other, password=PASSWORD, invitation=text)
        assert invited == (naor, other)
        assert not naor.waiting
        assert hub.admission.invitations() == []

    run(test)


def test_a_name_that_was_taken_while_a_password_was_hashed_uses_no_invitation(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        text = hub.admission.invite(1)
        keep = hub.checker.keep

        async def keep_slowly(password: str, address: str) -> str:
            kept = await keep(password, address)
            hub.people.enter("naor")
            return kept

        monkeypatch.setattr(hub.checker, "keep", keep_slowly)
        late = enter(hub, "naor", password=PASSWORD, invitation=text)
        assert await refusal(late) == (409, "name_taken")
        hub.admission.check_invitation(text, "1.1.1.1")

    run(test, WANTS_ACCOUNTS)


def test_a_banned_device_comes_in_by_no_way(run: RunOnHub) -> None:
    """Not even as somebody who is welcome, whose password or link it has."""

    async def test(hub: Hub) -> None:
        mira, _ = await account(hub, "mira")
        naor, token = await enter(hub, "naor")
        hub.people.ban(naor, True)
        banned = asker(token)
        for name in ("naor", "somebody else"):
            assert await refusal(enter(hub, name, token)) == (403, "banned")
        login = entry.log_in(hub, banned, "mira", PASSWORD)
        assert await refusal(login) == (401, "login_wrong")
        link = hub.admission.link(mira.who)
        followed = entry.follow_link(hub, banned, link, None, True)
        assert await refusal(followed) == (403, "link_used")
        assert await refusal(entry.log_out(hub, token)) == (403, "banned")
        with pytest.raises(Refused, match="closed this Hearth"):
            entry.greet(hub, banned, "another", None, None)
        assert len(hub.people.devices.of(mira.who)) == 1

    run(test)


def test_a_banned_person_comes_in_on_no_device(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await account(hub, "naor")
        link = hub.admission.link(naor.who)
        hub.people.ban(naor, True)
        assert await refusal(entry.log_in(hub, asker(), "naor", PASSWORD)) == (403, "banned")
        followed = entry.follow_link(hub, asker(), link, None, False)
        assert await refusal(followed) == (403, "link_used")

    run(test)


# -- hello ----------------------------------------------------------------------------------


def test_hello_by_name_token_and_session(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        visitor = entry.greet(hub, asker(), "mira", None, None)
        assert visitor.new
        assert visitor.person.visitor
        assert (visitor.device.agent, visitor.device.via) == ("A browser", "127.0.0.1")
        person, token = await enter(hub, "naor")
        for brought, said in ((token, None), (None, token), ("unknown", token)):
            greeting = entry.greet(hub, asker(brought, agent=""), "ignored", None, said)
            assert (greeting.person, greeting.token, greeting.new) == (person, token, False)
            assert greeting.device.agent == "A browser", "which it is known to be"
        for name, said in ((None, None), (None, "unknown"), ("zed", "unknown")):
            with pytest.raises(Refused, match="Say your name"):
                entry.greet(hub, asker(), name, None, said)

    run(test)


def test_hello_of_a_device_without_a_person_is_refused(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        window = hub.people.host_device()
        with pytest.raises(Refused, match="Say your name"):
            entry.greet(hub, asker(), None, None, window)

    run(test)


def test_hello_needs_the_code_of_the_hub(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        with pytest.raises(Refused, match="has a code"):
            entry.greet(hub, asker(), "naor", None, None)
        assert entry.greet(hub, asker(), "naor", "sesame", None).new

    run(test, replace(UNLIMITED, hub_code="sesame"))


# -- with a proof ---------------------------------------------------------------------------


def test_an_old_hash_is_renewed_at_login(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub) -> None:
        person, _ = await account(hub, "naor")
        old = person.password
        await entry.log_in(hub, asker(), "naor", PASSWORD)
        assert person.password == old, "which is not outdated"
        monkeypatch.setattr(passwords, "_LOG_N", 9)
        wrong = entry.log_in(hub, asker(), "naor", "wrong horse")
        assert await refusal(wrong) == (401, "login_wrong")
        assert person.password == old, "by nobody who does not know it"
        await entry.log_in(hub, asker(), "naor", PASSWORD)
        assert person.password is not None
        assert person.password.startswith("scrypt$9$")
        assert is_on_disk(hub)
        assert await entry.log_in(hub, asker(), "naor", PASSWORD)

    run(test)


def test_a_login_says_nothing_of_who_is_there(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await account(hub, "naor")
        await enter(hub, "mira")
        for name, password in (("naor", "wrong"), ("nobody", PASSWORD), ("mira", PASSWORD)):
            login = entry.log_in(hub, asker(), name, password)
            assert await refusal(login) == (401, "login_wrong")

    run(test)


def test_wrong_logins_of_one_address_are_limited(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await account(hub, "naor")
        tries = [await refusal(entry.log_in(hub, asker(), "naor", "wrong")) for _ in range(6)]
        assert tries == [(401, "login_wrong")] * 5 + [(429, "too_many_tries")]
        assert await entry.log_in(hub, asker(address="127.0.0.9"), "naor", PASSWORD)

    run(test)


def test_logins_of_one_person_are_limited(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await account(hub, "naor")
        limit_changes(hub, RateLimit(0.001, 1))
        assert await entry.log_in(hub, asker(), "naor", PASSWORD)
        again = entry.log_in(hub, asker(), "naor", PASSWORD)
        assert await refusal(again) == (429, "too_fast")

    run(test, replace(UNLIMITED, message_rate=1000.0))


def test_a_link_to_a_person_who_was_removed_is_used_up(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        link = hub.admission.link(naor.who)
        hub.people.remove(naor)
        followed = entry.follow_link(hub, asker(), link, None, False)
        assert await refusal(followed) == (403, "link_used")

    run(test)


def test_a_link_works_once_and_asks_who_is_somebody_already(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        _, token = await enter(hub, "mira")
        link = hub.admission.link(naor.who)
        asked = entry.follow_link(hub, asker(token), link, None, False)
        assert await refusal(asked) == (409, "already_in")
        new = await entry.follow_link(hub, asker(token), link, None, True)
        assert name_of(hub, new) == "naor"
        assert new != token
        again = entry.follow_link(hub, asker(), link, None, False)
        assert await refusal(again) == (403, "link_used")

    run(test)


def test_a_new_browser_is_described(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await account(hub, "naor")
        token = await entry.log_in(hub, asker(agent="A phone"), "naor", PASSWORD)
        device = hub.people.devices.get(token)
        assert device is not None
        assert (device.agent, device.address) == ("A phone", "127.0.0.1")
        assert device.via == "127.0.0.1"

    run(test)


def test_a_new_browser_logs_the_account_before_it_out(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        _, mira = await account(hub, "mira")
        _, guest = await enter(hub, "guest")
        await account(hub, "naor")
        for token, still in ((mira, None), (guest, "guest")):
            new = await entry.log_in(hub, asker(token), "naor", PASSWORD)
            assert name_of(hub, new) == "naor"
            assert name_of(hub, token) == still, "a guest could not come back"

    run(test)


def test_one_browser_too_many_ends_the_one_unused_for_longest(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry, "MOST_DEVICES", 2)

    async def test(hub: Hub) -> None:
        person, first = await account(hub, "naor")
        _, program = hub.people.add_device(person, purpose="a bot")
        device = hub.people.devices.get(first)
        assert device is not None
        device.used -= 1
        client = FakeClient(person, device.id)
        hub.clients.add(client)
        second, third = [await entry.log_in(hub, asker(), "naor", PASSWORD) for _ in "12"]
        assert [name_of(hub, x) for x in (first, second, third, program)] == [
            None, "naor", "naor", "naor",
        ]  # fmt: skip
        assert client.ended == ["You have come in on too many other devices."]

    run(test)


def test_a_ticket_works_once(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        ticket = hub.admission.ticket()
        token = await entry.redeem_ticket(hub, asker(), ticket)
        device = hub.people.devices.get(token)
        assert device is not None
        assert device.host
        assert device.agent == "A browser"
        assert [x["by"] for x in hub.audit.last] == ["the hub's own window"]
        for wrong in (ticket, "", "x"):
            redeemed = entry.redeem_ticket(hub, asker(), wrong)
            assert await refusal(redeemed) == (403, "ticket_used")

    run(test)


def test_a_ticket_puts_a_hosts_device_in_charge_again_and_nobody_elses(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        async def redeem(token: str) -> str:
            return await entry.redeem_ticket(hub, asker(token), hub.admission.ticket())

        person, token = await enter(hub, "naor")
        assert await redeem(token) != token
        assert not person.host, "whoever is logged in in this browser"
        hub.people.make_host(token)
        assert await redeem(token) == token
        assert await redeem("unknown") != "unknown"

    run(test)


def test_log_out_ends_the_device_and_its_connections_alone(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, token = await account(hub, "naor")
        other = await entry.log_in(hub, asker(), "naor", PASSWORD)
        clients = []
        for each in (token, other):
            device = hub.people.devices.get(each)
            assert device is not None
            clients.append(FakeClient(person, device.id))
            hub.clients.add(clients[-1])
        await entry.log_out(hub, token)
        assert [x.ended for x in clients] == [["You have logged out."], []]
        assert [name_of(hub, x) for x in (token, other)] == [None, "naor"]
        await entry.log_out(hub, token)
        await entry.log_out(hub, None)

    run(test)


def test_a_second_start_needs_the_secret_of_the_first(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        raised: list[tuple[str | None, str]] = []
        hub.raise_window = lambda room, activation: raised.append((room, activation)) is None
        for secret in ("", "x", hub.secret[:-1], hub.secret + "x", "ü"):
            for ticket in (False, True):
                asked = entry.second_start(hub, secret, ticket, None)
                assert await refusal(asked) == (403, "forbidden")
        assert raised == []
        assert (await entry.second_start(hub, hub.secret, False, "Kitchen", "token")).window
        assert (await entry.second_start(hub, hub.secret, False, None)).window
        assert raised == [("kitchen", "token"), (None, "")]
        asked = entry.second_start(hub, hub.secret, False, "con")
        assert await refusal(asked) == (404, "room_name")
        told = await entry.second_start(hub, hub.secret, True, None)
        assert not told.window
        assert await entry.redeem_ticket(hub, asker(), str(told.ticket))

    run(test)
