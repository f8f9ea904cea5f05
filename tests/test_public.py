"""What answers show of people, devices and rooms, and what they leave out."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from msgspec import to_builtins

from hub import public
from hub.hub import Hub
from hub.protocol.commands import Close, Look, Say, Slow, Topic
from hub.room_rules import Author
from tests.on_hub import UNLIMITED, RunOnHub, account, enter, enter_as_host

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def me(hub: Hub, token: str | None, wanted: str | None = None) -> dict[str, Any]:
    told: dict[str, Any] = to_builtins(public.me(hub, token, wanted))
    return told


def test_what_somebody_is_told_of_themself(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, token = await account(hub, "naor")
        assert me(hub, token)["person"] == {
            "who": naor.who, "name": "naor", "account": True, "host": False, "muted_until": None,
        }  # fmt: skip
        hub.people.update(naor, muted=time.time() + 60)
        assert me(hub, token)["person"]["muted_until"] == naor.muted
        hub.people.update(naor, muted=time.time() - 1)
        assert me(hub, token)["person"]["muted_until"] is None

    run(test)


def test_what_the_waiting_the_banned_and_nobody_are_told(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, token = await enter_as_host(hub, "naor")
        mira, other = await enter(hub, "mira")
        hub.people.update(mira, waiting=True)
        hub.people.ban(naor, True)
        window = hub.people.host_device()
        found = [
            {x: told[x] for x in ("person", "waiting", "banned", "host")}
            for told in (me(hub, x, "general") for x in (token, other, window, None, "unknown"))
        ]
        nothing = {"person": None, "waiting": False, "banned": False, "host": False}
        assert found == [
            {**nothing, "banned": True},
            {**nothing, "waiting": True},
            {**nothing, "host": True},
            nothing,
            nothing,
        ]
        assert "room" not in me(hub, token, "general"), "a banned browser learns nothing of it"

    run(test)


def test_the_hub_and_its_limits(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        told = me(hub, None)
        assert set(told["hub"]) == {"name", "version", "instance", "mode"}
        assert (told["hub"]["instance"], told["hub"]["mode"]) == (hub.instance, "open")
        assert told["limits"] == {"message_bytes": 16384, "name_characters": 40}
        assert "room" not in told

    run(test)


def test_a_newcomer_learns_of_public_rooms_alone(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        assert me(hub, None, "Kitchen")["room"] == {
            "name": "kitchen", "title": "kitchen", "here": 0,
        }  # fmt: skip
        anna, _ = await enter_as_host(hub)
        await hub.make("announcements", "The news", hub.author(anna), "news")
        assert me(hub, None, "news")["room"]["title"] == "The news"
        for wanted in ("con", "", "private-0123456789abcdef", "dm-x"):
            assert "room" not in me(hub, None, wanted)
        hub.admission.set_mode("code")
        assert "room" not in me(hub, None, "kitchen")

    run(test)


def test_a_device_is_shown_without_its_token(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        person, token = await enter(hub, "naor")
        program, _ = hub.people.add_device(person, purpose="a bot")
        browser = hub.people.devices.get(token)
        assert browser is not None
        shown = [to_builtins(public.device(x)) for x in (browser, program)]
        assert set(shown[0]) == {"id", "agent", "address", "made", "used"}
        assert set(shown[1]) == {*shown[0], "purpose"}
        assert token not in str(shown)

    run(test)


def test_a_member_is_shown_to_hosts_without_their_password(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await account(hub, "naor")
        shown = to_builtins(public.member(hub, naor, hub.people.devices.of(naor.who)))
        assert {x: y for x, y in shown.items() if x != "devices"} == {
            "who": naor.who, "name": "naor", "account": True, "host": False, "muted_until": None,
            "waiting": False, "banned": False, "here": False,
        }  # fmt: skip
        assert len(shown["devices"]) == 1

    run(test)


async def say(hub: Hub, author: Author, room: str = "kitchen") -> None:
    await hub.post(room, author, Say(room=room, text="x"))


def test_a_public_room_as_a_stranger_and_a_person_see_it(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        author = hub.author(naor)
        await say(hub, Author("guest"))
        room = await hub.rooms.room("kitchen")
        stranger = to_builtins(public.room_entry(hub, room, None))
        assert stranger == {
            "name": "kitchen", "kind": "public", "title": "kitchen", "topic": "", "last": 1,
            "said": 1, "at": room.at, "here": 0, "may_write": True,
        }  # fmt: skip
        own = to_builtins(public.room_entry(hub, room, author))
        assert own == {**stranger, "read": 0, "unread": 1}
        details = to_builtins(public.room_details(hub, room, author))
        assert details == {**own, "owner": None}

    run(test)


def test_marks_of_a_room_are_shown_where_they_are_set(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        anna, _ = await enter_as_host(hub)
        author = hub.author(anna)
        await hub.make("announcements", "News", author, "news")
        room = await hub.rooms.room("news")
        await hub.change_room(room, author, Topic(room="news", text="All of it"))
        await hub.change_room(room, author, Slow(room="news", seconds=5))
        await hub.change_room(room, author, Look(room="news", icon="🌱", tint="green"))
        await hub.change_room(room, author, Close(room="news"))
        shown = to_builtins(public.room_details(hub, room, None))
        assert (shown["topic"], shown["closed"], shown["slow"]) == ("All of it", True, 5)
        assert (shown["icon"], shown["tint"]) == ("🌱", "green")
        assert shown["may_write"] is False
        assert "archived" not in shown
        assert shown["writers"] == []
        assert "members" not in shown
        hosted = to_builtins(public.hosted_room(room))
        assert hosted == {
            "name": "news", "kind": "announcements", "title": "News", "last": room.last,
            "here": 0, "closed": True, "slow": 5,
        }  # fmt: skip

    run(test)


def test_a_direct_room_is_called_as_the_other_person_is_now(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        mira, _ = await enter(hub, "mira")
        room = await hub.direct(hub.author(naor), mira.who)
        hub.people.rename(mira, "Mia")
        shown = to_builtins(public.room_entry(hub, room, hub.author(naor)))
        assert (shown["title"], shown["with"]) == ("Mia", mira.who)
        shown = to_builtins(public.room_entry(hub, room, hub.author(mira)))
        assert (shown["title"], shown["with"]) == ("naor", naor.who)
        hub.people.remove(mira)
        shown = to_builtins(public.room_entry(hub, room, hub.author(naor)))
        assert shown["title"] == "mira", "the name of one who was removed"

    run(test)


def test_a_private_room_shows_its_members_and_whose_it_is(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        naor, _ = await enter(hub, "naor")
        room = await hub.make("private", "Plans", hub.author(naor))
        mine = to_builtins(public.room_entry(hub, room, hub.author(naor)))
        assert mine["owner"] is True
        details = to_builtins(public.room_details(hub, room, hub.author(naor)))
        assert details["owner"] == naor.who
        assert details["members"] == [{"who": naor.who, "name": "naor"}]
        mira, _ = await enter(hub, "mira")
        assert "owner" not in to_builtins(public.room_entry(hub, room, hub.author(mira)))

    run(test, replace(UNLIMITED, message_bytes=100))
