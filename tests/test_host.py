import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from hub import host, returning
from hub.access.people import Person
from hub.access.statuses import Status
from hub.config import Settings
from hub.errors import Refused
from hub.folder import Folder
from hub.hub import Hub
from hub.protocol.commands import Say
from hub.room_rules import Author
from tests.fakes import FakeClient
from tests.ledgers import kept_in
from tests.on_hub import is_on_disk

FREE = replace(Settings(), message_rate=0)


class Party:
    """A hub with a host, a member and somebody who waits."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.anna, _ = hub.people.enter("anna", hub.people.host_device())
        self.bela, self.token = hub.people.enter("bela")
        self.carl, self.carls = hub.people.enter("carl")
        hub.people.update(self.carl, waiting=True, password="kept")

    async def do(self, do: str, by: Person | None = None, **members: Any) -> dict[str, Any]:
        asked = host.deed(json.dumps({"do": do, **members}).encode())
        return await host.do(self.hub, self.hub.author(by or self.anna), asked)

    async def refused(self, do: str, by: Person | None = None, **members: Any) -> tuple[int, str]:
        """Have an action refused; nothing of it goes into the audit."""
        before = len(self.hub.audit.last)
        with pytest.raises(Refused) as refused:
            await self.do(do, by, **members)
        assert len(self.hub.audit.last) == before
        return refused.value.status, refused.value.code

    async def panel(self) -> Any:
        return to_builtins(await host.panel(self.hub, self.hub.author(self.anna)))

    def kept(self) -> dict[str, bytes]:
        """Everything that is kept of people and admission, but for the time of it."""
        return {key: value for key, value in self.hub.keys.items("") if key != "at"}

    def code(self, work: Callable[[], object]) -> str:
        with pytest.raises(Refused) as refused:
            work()
        return refused.value.code


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


Run = Callable[[Callable[[Party], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(test: Callable[[Party], Coroutine[Any, Any, None]]) -> None:
        async def main() -> None:
            hub = Hub(Folder.open(tmp_path / "rooms"), FREE)
            try:
                await test(Party(hub))
            finally:
                await hub.stop()
                hub.close()

        asyncio.run(main())

    return run


DEEDS: list[dict[str, Any]] = [
    *({"do": x, "whom": "p_1"} for x in ("kick", "ban", "unban", "approve", "deny", "free")),
    {"do": "clear_status", "whom": "p_1"},
    {"do": "host", "whom": "p_1"},
    {"do": "mute", "whom": "p_1", "seconds": 60},
    {"do": "readmit", "ask": "x"},
    {"do": "mode", "mode": "open"},
    {"do": "name", "text": "The old mill"},
    {"do": "code"},
    {"do": "code", "end": True},
    {"do": "invite", "count": 1},
    {"do": "withdraw", "invitation": "x"},
    {"do": "erase", "room": "general", "of": 1},
    {"do": "close", "room": "general"},
    {"do": "slow", "room": "general", "seconds": 5},
]


def test_every_kind_of_deed_is_decoded() -> None:
    read = {type(host.deed(json.dumps(x).encode())) for x in DEEDS}
    assert read == set(host.AnyDeed.__args__)


@pytest.mark.parametrize(
    "data",
    [
        {}, {"do": "x"}, {"do": "about", "whom": "p_1"}, {"do": "kick"}, {"do": "kick", "whom": 7},
        {"do": "mute", "whom": "p_1"}, {"do": "mute", "whom": "p_1", "seconds": -1},
        {"do": "mute", "whom": "p_1", "seconds": host.LONGEST_MUTE + 1},
        {"do": "mute", "whom": "p_1", "seconds": 1.5}, {"do": "mode", "mode": "shut"},
        {"do": "invite", "count": 0}, {"do": "invite", "count": 101}, {"do": "withdraw"},
        {"do": "erase", "room": "general", "of": 0}, {"do": "close"},
        {"do": "slow", "room": "general", "seconds": 86401}, [], 7,
    ],
)  # fmt: skip
def test_a_malformed_deed_is_refused(data: Any) -> None:
    with pytest.raises(Refused) as refused:
        host.deed(json.dumps(data).encode())
    assert (refused.value.status, refused.value.code) == (422, "invalid")


@pytest.mark.parametrize("data", [b"", b"{", b"\xff"])
def test_anything_but_json_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        host.deed(data)
    assert (refused.value.status, refused.value.code) == (400, "malformed")


@pytest.mark.parametrize("asked", DEEDS, ids=str)
def test_only_a_host_does_anything(run: Run, asked: dict[str, Any]) -> None:
    async def test(party: Party) -> None:
        deed = host.deed(json.dumps(asked).encode())
        before = party.kept()
        for author in (
            Author("nobody"),
            Author("anna", host=True),
            party.hub.author(party.bela),
            party.hub.author(party.bela, bot=True),
        ):
            with pytest.raises(Refused) as refused:
                await host.do(party.hub, author, deed)
            assert (refused.value.status, refused.value.code) == (403, "forbidden")
            with pytest.raises(Refused):
                await host.panel(party.hub, author)
        assert party.kept() == before
        assert list(party.hub.audit.last) == []

    run(test)


@pytest.mark.parametrize(
    "do", ["kick", "ban", "unban", "approve", "deny", "free", "clear_status", "host"]
)
def test_unknown_people_are_refused(run: Run, do: str) -> None:
    async def test(party: Party) -> None:
        assert await party.refused(do, whom="p_nobody") == (404, "no_such_person")
        assert await party.refused(do, whom=party.anna.who) == (422, "yourself")

    run(test)


def test_kick_ends_every_device_and_keeps_the_name(run: Run) -> None:
    async def test(party: Party) -> None:
        people, link = party.hub.people, party.hub.admission.link(party.bela.who)
        _, other = people.add_device(party.bela, purpose="bot")
        assert await party.do("kick", whom=party.bela.who) == {"ok": True}
        assert people.come_back(party.token) is None
        assert people.come_back(other) is None
        assert people.named("bela") is party.bela
        assert party.code(lambda: party.hub.admission.follow(link, "")) == "link_used"

    run(test)


@pytest.mark.parametrize("do", ["kick", "ban", "mute", "host", "clear_status"])
def test_what_is_done_to_a_person_is_on_disk_before_it_is_answered(run: Run, do: str) -> None:
    async def test(party: Party) -> None:
        await party.hub.kept()
        more = {"seconds": 60} if do == "mute" else {}
        await party.do(do, whom=party.bela.who, **more)
        assert is_on_disk(party.hub)

    run(test)


def test_ban_and_unban(run: Run) -> None:
    async def test(party: Party) -> None:
        await party.do("ban", whom=party.bela.who)
        assert party.code(lambda: party.hub.people.come_back(party.token)) == "banned"
        await party.do("unban", whom=party.bela.who)
        assert party.hub.people.come_back(party.token) is party.bela

    run(test)


def test_mute_and_unmute(run: Run) -> None:
    async def test(party: Party) -> None:
        await party.do("mute", whom=party.bela.who, seconds=60)
        assert 59 < party.hub.people.muted_for(party.bela) <= 60
        with pytest.raises(Refused) as refused:
            await party.hub.post("a", party.hub.author(party.bela), Say(room="a", text="x"))
        assert refused.value.code == "muted"
        assert refused.value.retry_after
        await party.do("mute", whom=party.bela.who, seconds=0)
        await party.hub.post("a", party.hub.author(party.bela), Say(room="a", text="x"))

    run(test)


def test_a_cleared_status_is_gone_for_everybody(run: Run) -> None:
    async def test(party: Party) -> None:
        client = FakeClient(party.bela)
        party.hub.clients.add(client)
        party.hub.attendance.set_status(party.bela.who, Status("Buy now"))
        await party.do("clear_status", whom=party.bela.who, text="Something else")
        assert party.hub.attendance.status_of(party.bela.who) is None
        assert client.told("status")[-1] == {"do": "status", "status": None}
        noted = {x: party.hub.audit.last[-1][x] for x in ("by", "do", "whom", "name")}
        assert noted == {
            "by": "anna", "do": "clear_status", "whom": party.bela.who, "name": "bela"
        }  # fmt: skip
        assert "text" not in party.hub.audit.last[-1]

    run(test)


def test_approve_and_deny(run: Run) -> None:
    async def test(party: Party) -> None:
        people = party.hub.people
        assert await party.refused("deny", whom=party.bela.who) == (422, "not_waiting")
        await party.do("approve", whom=party.carl.who)
        assert people.come_back(party.carls) is party.carl
        people.update(party.carl, waiting=True)
        await party.do("deny", whom=party.carl.who)
        assert people.named("carl") is None
        assert people.come_back(party.carls) is None

    run(test)


def test_free_refuses_names_in_use_and_accounts(run: Run) -> None:
    async def test(party: Party) -> None:
        assert await party.refused("free", whom=party.carl.who) == (409, "in_use")
        client = FakeClient(party.bela)
        party.hub.clients.add(client)
        assert await party.refused("free", whom=party.bela.who) == (409, "in_use")
        party.hub.clients.remove(client)
        await party.do("free", whom=party.bela.who)
        party.hub.people.enter("bela")

    run(test)


def test_make_and_unmake_a_host(run: Run) -> None:
    async def test(party: Party) -> None:
        assert await party.refused("code", by=party.bela) == (403, "forbidden")
        await party.do("host", whom=party.bela.who)
        await party.do("host", by=party.bela, whom=party.anna.who, off=True)
        assert await party.refused("code") == (403, "forbidden")
        assert [x.get("text") for x in party.hub.audit.last] == [None, "no longer"]

    run(test)


def test_mode_code_and_invitations(run: Run) -> None:
    async def test(party: Party) -> None:
        told = await party.do("mode", mode="code")
        code = told["code"]
        assert code == party.hub.admission.code != ""
        told = await party.do("code")
        assert told["code"] not in ("", code)
        assert party.hub.people.come_back(party.token) is party.bela
        told = await party.do("invite", count=3)
        party.hub.admission.check_invitation(told["invite"], "")
        assert [x["left"] for x in (await party.panel())["invites"]] == [3]
        kept = kept_in(party.hub.folder.ledger_file)
        assert '"left": 3' in json.dumps(kept), "it is on disk once it is told"
        assert told["invite"] not in text_of(party.hub.folder.ledger_file)
        (shown,) = (await party.panel())["invites"]
        await party.do("withdraw", invitation=shown["id"])
        assert "left" not in json.dumps(kept_in(party.hub.folder.ledger_file))
        assert await party.refused("withdraw", invitation=shown["id"]) == (
            404, "no_such_invitation",
        )  # fmt: skip

    run(test)


def test_a_new_code_can_end_all_but_hosts(run: Run) -> None:
    async def test(party: Party) -> None:
        gone, token = party.hub.people.visit("dora")
        party.hub.people.leave(gone)
        link = party.hub.admission.link(party.bela.who)
        await party.do("code", end=True)
        for one in (party.token, party.carls, token):
            assert party.hub.people.come_back(one) is None
        assert party.code(lambda: party.hub.admission.follow(link, "")) == "link_used"
        assert party.hub.people.devices.of(party.anna.who) != []

    run(test)


def test_a_host_erases_closes_and_slows_rooms(run: Run) -> None:
    async def test(party: Party) -> None:
        hub = party.hub
        await hub.post("a", hub.author(party.bela), Say(room="a", text="secret"))
        await party.do("erase", room="a", of=1)
        assert "secret" not in text_of(hub.folder.room_file("a"))
        assert await party.refused("erase", room="a", of=1) == (404, "no_such_message")
        await party.do("close", room="A")
        assert await party.refused("close", room="nowhere") == (404, "no_such_room")
        assert await party.refused("close", room="con") == (404, "room_name")
        await party.do("close", room="a", off=True)
        await party.do("slow", room="a", seconds=5)
        room = await hub.rooms.room("a")
        assert (room.rules.closed, room.rules.slow) == (False, 5)

    run(test)


def test_a_host_neither_reaches_nor_sees_private_rooms(run: Run) -> None:
    async def test(party: Party) -> None:
        hub = party.hub
        room = await hub.make("private", "Surprise", hub.author(party.bela))
        for name in (room.name, "private-0123456789abcdef"):
            for do, more in (("erase", {"of": 1}), ("close", {}), ("slow", {"seconds": 1})):
                assert await party.refused(do, room=name, **more) == (404, "no_such_room")
        before = json.dumps(await party.panel())
        assert "Surprise" not in before
        assert room.name not in before
        await hub.delete(room, hub.author(party.bela))
        after = json.dumps(await party.panel())
        assert "Surprise" not in after
        assert room.name not in after

    run(test)


def test_a_host_answers_requests_to_return(run: Run) -> None:
    async def test(party: Party) -> None:
        hub = party.hub
        returns = hub.admission.returns
        for yes in (True, False):
            ask, token = returns.ask(party.bela.who, "192.168.1.7", "A browser")
            shown = await party.panel()
            assert shown["returns"] == [{
                "id": ask.id, "who": party.bela.who, "agent": "A browser",
                "address": "192.168.1.7", "made": ask.made,
            }]  # fmt: skip
            assert token not in json.dumps(shown)
            assert await party.do("readmit", ask=ask.id, off=not yes) == {"ok": True}
            assert returns.heard(token)[0].answer is yes
            entry = hub.audit.last[-1]
            assert (entry["by"], entry["do"], entry["name"], entry["text"]) == (
                "anna", "readmit", "bela", f"{'yes' if yes else 'no'} to 192.168.1.7",
            )  # fmt: skip
            assert await party.refused("readmit", ask=ask.id) == (404, "no_such_ask")

    run(test)


def test_only_a_host_themself_answers_for_a_host(run: Run) -> None:
    async def test(party: Party) -> None:
        hub, bela = party.hub, party.bela
        await party.do("host", whom=bela.who)
        ask, token = hub.admission.returns.ask(bela.who, "192.168.1.7", "")
        assert (await party.panel())["returns"] == []
        assert await party.refused("readmit", ask=ask.id) == (403, "forbidden")
        returning.answer(hub, hub.author(bela), ask.id, True)
        assert hub.admission.returns.heard(token)[0].answer is True

    run(test)


def test_a_yes_is_void_once_the_name_has_a_proof(run: Run) -> None:
    async def test(party: Party) -> None:
        hub, bela = party.hub, party.bela
        for change in ({"password": "kept"}, {"banned": True}, {"waiting": True}):
            before = {name: getattr(bela, name) for name in change}
            ask, _ = hub.admission.returns.ask(bela.who, f"192.168.1.{len(hub.audit.last)}", "")
            hub.people.update(bela, **change)
            assert await party.refused("readmit", ask=ask.id) == (409, "no_return")
            await party.do("readmit", ask=ask.id, off=True)
            hub.people.update(bela, **before)
        bot = hub.author(party.anna, bot=True)
        with pytest.raises(Refused) as refused:
            await host.do(hub, bot, host.deed(b'{"do": "readmit", "ask": "x"}'))
        assert refused.value.message == "A program's token may not do that."

    run(test)


def test_the_panel(run: Run) -> None:
    async def test(party: Party) -> None:
        hub = party.hub
        hub.people.devices.describe(party.token, "A browser", "192.168.1.7")
        await hub.post("a", hub.author(party.bela), Say(room="a", text="x"))
        await party.do("mute", whom=party.bela.who, seconds=60)
        shown = await party.panel()
        assert list(shown) == [
            "mode", "code", "people", "returns", "rooms", "audit", "invites",
        ]  # fmt: skip
        anna, bela, carl = shown["people"]
        assert (anna["host"], anna["account"], anna["muted_until"]) == (True, False, None)
        assert (carl["waiting"], carl["account"]) == (True, True)
        assert bela["muted_until"] == party.bela.muted
        assert (
            bela["devices"][0].items() >= {"agent": "A browser", "address": "192.168.1.7"}.items()
        )
        assert [x["name"] for x in shown["rooms"]] == ["a"]
        (entry,) = shown["audit"]
        assert (entry["by"], entry["do"], entry["name"], entry["text"]) == (
            "anna", "mute", "bela", "60 s",
        )  # fmt: skip
        text = json.dumps(shown)
        for secret in (party.token, "kept"):
            assert secret not in text

    run(test)


def test_of_very_many_rooms_the_panel_has_the_latest(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "LISTED", 2)

    async def test(party: Party) -> None:
        for name in ("a", "b", "c"):
            await party.hub.post(name, party.hub.author(party.bela), Say(room=name, text="x"))
        await party.hub.make("private", "Plans", party.hub.author(party.bela))
        assert [x["name"] for x in (await party.panel())["rooms"]] == ["c", "b"]

    run(test)
