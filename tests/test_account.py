"""One's own account, without HTTP: what is changed, whom it ends, and what is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from hub import account, entry
from hub.access.people import Person
from hub.access.rate_limit import RateLimit
from hub.hub import Hub
from tests.fakes import FakeClient
from tests.on_hub import (
    PASSWORD,
    UNLIMITED,
    RunOnHub,
    Work,
    asker,
    check_kept,
    check_refused_unkept,
    enter,
    limit_changes,
    name_of,
    refusal,
)
from tests.on_hub import account as member

pytestmark = pytest.mark.usefixtures("cheap_passwords")

HOME = "127.0.0.1"
NEW = "another horse"


async def _claim(hub: Hub, *_: object) -> None:
    _, token = await enter(hub, "guest")
    await account.claim(hub, token, HOME, PASSWORD)


async def _forget_a_device(hub: Hub, person: Person, token: str) -> None:
    await entry.log_in(hub, asker(), "naor", PASSWORD)
    await account.forget_device(hub, token, hub.people.devices.of(person.who)[1].id)


KEPT: dict[str, Work] = {
    "claim": _claim,
    "change the password": lambda hub, person, token: account.change_password(
        hub, token, HOME, PASSWORD, NEW
    ),
    "rename": lambda hub, person, token: account.rename(hub, token, "nora"),
    "forget a device": _forget_a_device,
    "log out everywhere": lambda hub, person, token: account.log_out_everywhere(hub, token),
    "make a token": lambda hub, person, token: account.make_token(hub, token, "a bot"),
}


@pytest.mark.parametrize("work", KEPT.values(), ids=KEPT)
def test_nothing_is_answered_before_it_is_on_disk(run: RunOnHub, work: Work) -> None:
    run(lambda hub: check_kept(hub, work))


@pytest.mark.parametrize("work", KEPT.values(), ids=KEPT)
def test_what_cannot_be_kept_is_refused(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, work: Work
) -> None:
    run(lambda hub: check_refused_unkept(hub, work, monkeypatch))


ASKED: dict[str, Callable[[Hub, str | None], Awaitable[object]]] = {
    "claim": lambda hub, token: account.claim(hub, token, HOME, PASSWORD),
    "password": lambda hub, token: account.change_password(hub, token, HOME, PASSWORD, NEW),
    "rename": lambda hub, token: account.rename(hub, token, "nora"),
    "devices": account.devices,
    "forget a device": lambda hub, token: account.forget_device(hub, token, "x"),
    "everywhere": account.log_out_everywhere,
    "link": account.make_link,
    "token": lambda hub, token: account.make_token(hub, token, "another"),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_neither_nobody_nor_a_program_has_an_account(
    run: RunOnHub, ask: Callable[[Hub, str | None], Awaitable[object]]
) -> None:
    async def test(hub: Hub) -> None:
        _, token = await member(hub, "naor")
        program = (await account.make_token(hub, token, "a bot")).token
        assert await refusal(ask(hub, program)) == (403, "forbidden")
        for nobody in (None, "", "unknown"):
            assert await refusal(ask(hub, nobody)) == (401, "who_are_you")

    run(test)


def test_a_name_is_claimed_once(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub) -> None:
        person, token = await enter(hub, "naor")
        weak = account.claim(hub, token, HOME, "short")
        assert await refusal(weak) == (422, "password_weak")
        keep = hub.checker.keep

        async def keep_slowly(password: str, address: str) -> str:
            kept = await keep(password, address)
            person.password = person.password or await keep(NEW, address)
            return kept

        monkeypatch.setattr(hub.checker, "keep", keep_slowly)
        late = account.claim(hub, token, HOME, PASSWORD)
        assert await refusal(late) == (409, "claimed"), "while it was hashed"
        monkeypatch.undo()
        assert await refusal(account.claim(hub, token, HOME, PASSWORD)) == (409, "claimed")
        assert await entry.log_in(hub, asker(), "naor", NEW)

    run(test)


def test_claiming_a_name_keeps_the_person_and_is_audited(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, token = await enter(hub, "naor")
        told = await account.claim(hub, token, HOME, PASSWORD)
        assert (told.who, told.name, told.account) == (person.who, "naor", True)
        assert [x["do"] for x in hub.audit.last] == ["claim"]
        assert name_of(hub, await entry.log_in(hub, asker(), "naor", PASSWORD)) == "naor"

    run(test)


def test_another_password_ends_all_browsers_but_this(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, token = await member(hub, "naor")
        thief = await entry.log_in(hub, asker(), "naor", PASSWORD)
        program = (await account.make_token(hub, token, "a bot")).token
        link = await account.make_link(hub, token)
        clients = [
            FakeClient(person, hub.people.standing(x)[0].id) for x in (token, thief, program)
        ]  # type: ignore[union-attr]
        for client in clients:
            hub.clients.add(client)
        await account.change_password(hub, token, HOME, PASSWORD, NEW)
        assert [name_of(hub, x) for x in (token, thief, program)] == ["naor", None, "naor"]
        assert [len(x.ended) for x in clients] == [0, 1, 0]
        followed = entry.follow_link(hub, asker(), link, None, False)
        assert await refusal(followed) == (403, "link_used")
        assert await refusal(entry.log_in(hub, asker(), "naor", PASSWORD)) == (401, "login_wrong")
        assert await entry.log_in(hub, asker(), "naor", NEW)
        assert hub.audit.last[-1]["do"] == "password"

    run(test)


def test_the_old_password_is_asked_for_and_not_guessed(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        _, guest = await enter(hub, "guest")
        asked = account.change_password(hub, guest, HOME, "", NEW)
        assert await refusal(asked) == (409, "no_password")
        person, token = await member(hub, "naor")
        kept = person.password
        weak = account.change_password(hub, token, HOME, PASSWORD, "short")
        assert await refusal(weak) == (422, "password_weak")
        tries = [
            await refusal(account.change_password(hub, token, HOME, "wrong horse", NEW))
            for _ in range(6)
        ]
        assert tries == [(401, "login_wrong")] * 5 + [(429, "too_many_tries")]
        assert person.password == kept
        assert await entry.log_in(hub, asker(), "naor", PASSWORD), "logins go on"

    run(test)


def test_a_rename_is_told_and_audited(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, token = await enter(hub, "naor")
        await enter(hub, "mira")
        assert await refusal(account.rename(hub, token, "Mira")) == (409, "name_taken")
        assert await refusal(account.rename(hub, token, "a\nb")) == (422, "name_invalid")
        renamed: list[tuple[str, str]] = []
        hub.renamed = lambda x: renamed.append((x.who, x.name))  # type: ignore[method-assign]
        told = await account.rename(hub, token, " nora ")
        assert (told.who, told.name) == (person.who, "nora")
        assert renamed == [(person.who, "nora")]
        assert [(x["by"], x["name"]) for x in hub.audit.last] == [("naor", "nora")]

    run(test)


def test_devices_are_shown_and_ended(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, token = await member(hub, "naor")
        other = await entry.log_in(hub, asker(agent="A phone"), "naor", PASSWORD)
        mine, phone = await account.devices(hub, token)
        assert [(x.here, x.agent) for x in (mine, phone)] == [
            (True, "A browser"), (False, "A phone"),
        ]  # fmt: skip
        clients = [FakeClient(person, x.id) for x in (mine, phone)]
        for client in clients:
            hub.clients.add(client)
        _, stranger = await enter(hub, "mira")
        asked = account.forget_device(hub, stranger, phone.id)
        assert await refusal(asked) == (404, "no_such_device")
        await account.forget_device(hub, token, phone.id)
        assert [x.ended for x in clients] == [[], ["This device was logged out."]]
        assert [name_of(hub, x) for x in (token, other)] == ["naor", None]

    run(test)


def test_logging_out_everywhere_ends_programs_and_links_too(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, token = await enter(hub, "naor")
        program = (await account.make_token(hub, token, "a bot")).token
        link = await account.make_link(hub, token)
        client = FakeClient(person)
        hub.clients.add(client)
        await account.log_out_everywhere(hub, token)
        assert [name_of(hub, x) for x in (token, program)] == [None, None]
        assert client.ended == ["You have logged out everywhere."]
        followed = entry.follow_link(hub, asker(), link, None, False)
        assert await refusal(followed) == (403, "link_used")
        assert hub.audit.last[-1]["do"] == "everywhere"

    run(test)


def test_tokens_have_a_purpose_and_a_bound(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "MOST_DEVICES", 2)

    async def test(hub: Hub) -> None:
        _, token = await enter(hub, "naor")
        nameless = account.make_token(hub, token, "\u200b ")
        assert await refusal(nameless) == (422, "invalid")
        made = await account.make_token(hub, token, "a bot")
        device = hub.people.devices.get(made.token)
        assert device is not None
        assert (device.id, device.purpose) == (made.id, "a bot")
        assert hub.audit.last[-1]["text"] == "a bot"
        assert await refusal(account.make_token(hub, token, "x")) == (409, "too_many")

    run(test)


@pytest.mark.parametrize("name", ["rename", "link", "token", "password"])
def test_changes_of_an_account_are_limited(run: RunOnHub, name: str) -> None:
    async def test(hub: Hub) -> None:
        person, token = await member(hub, "naor")
        kept = person.password
        limit_changes(hub, RateLimit(0.001, 1))
        await ASKED[name](hub, token)
        hub.people.update(person, password=kept)
        assert await refusal(ASKED[name](hub, token)) == (429, "too_fast")

    run(test, replace(UNLIMITED, message_rate=1000.0))


def test_people_are_found_by_a_part_of_their_name(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        _, token = await enter(hub, "Naor")
        nora, _ = await enter(hub, "Nora")
        waiting, _ = await enter(hub, "Norbert")
        hub.people.update(waiting, waiting=True)
        hub.clients.add(FakeClient(nora))
        found = await account.find_people(hub, token, " NO")
        assert [(x.name, x.here) for x in found] == [("Nora", True)]
        found = await account.find_people(hub, token, "")
        assert [(x.name, x.here) for x in found] == [("Nora", True), ("Naor", False)]
        monkeypatch.setattr(account, "MOST_FOUND", 1)
        assert len(await account.find_people(hub, token, "")) == 1
        program = (await account.make_token(hub, token, "a bot")).token
        assert await account.find_people(hub, program, "nora")
        assert await refusal(account.find_people(hub, None, "")) == (401, "who_are_you")

    run(test)
