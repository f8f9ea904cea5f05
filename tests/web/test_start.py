"""The first answer: who asks, their rooms and a page, each as its own request would give it."""

from __future__ import annotations

import os
import threading
from typing import Any
from urllib.parse import quote

import pytest

from hub.rooms import Rooms
from tests.conftest import Live, Serve
from tests.guests import PASSWORD, Cast, Guest, come, cookie_of, guest, heard_by, host, member
from tests.serving import Serving

pytestmark = pytest.mark.usefixtures("cheap_passwords")

JSON = "application/json"
WHOLE = {"me", "preferences", "preferences_tag", "rooms", "rooms_tag", "page"}


def start(asker: Guest, room: str = "general") -> dict[str, Any]:
    answer = asker.get(f"/api/start?room={quote(room)}")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    told: dict[str, Any] = answer.json
    return told


def test_it_holds_what_three_requests_answer(hub: Serving) -> None:
    naor, mira = guest(hub, "naor"), member(hub, "mira")
    for n in range(70):
        hub.say(f"message {n}")
    hub.say("Hello", "garden")
    assert mira.say("mine").status == 201
    assert mira.change("general", "edit", of=71, text="mine, but better").status == 200
    program = mira.program()
    for asker in (naor, mira, program):
        for room in ("general", "garden"):
            told = asker.get(f"/api/start?room={room}")
            page = asker.get(f"/api/chat/{room}?limit=60", Accept=JSON)
            assert page.body.rstrip() in told.body, "the bytes of the room's file"
            assert told.json["me"] == asker.get(f"/api/me?room={room}").json
            assert told.json["rooms"] == asker.get("/api/rooms").json["rooms"]
            assert told.json["page"] == page.json
            if asker is program:
                assert set(told.json) == WHOLE - {"preferences", "preferences_tag"}
            else:
                assert told.json["preferences"] == asker.get("/api/me/preferences").json
                assert set(told.json) == WHOLE
    numbers = [x["n"] for x in start(naor)["page"]["events"]]
    assert numbers == list(range(13, 73))


def test_a_room_has_one_name_and_need_not_be_there(hub: Serving) -> None:
    naor = guest(hub, "naor")
    hub.say("Hello", "tea-time")
    for name in ("Tea Time", "TEA-TIME", "tea-time"):
        assert start(naor, name)["page"]["events"][0]["text"] == "Hello"
    assert start(naor, "attic")["page"] == {"room": "attic", "events": [], "last": 0}
    assert not (hub.path / "attic.jsonl").exists()
    for name in ("con", "../x", ".", "private-x"):
        assert set(start(naor, name)) == WHOLE - {"page"}, name
    assert set(naor.get("/api/start").json) == WHOLE - {"page"}


def test_nobody_learns_more_than_by_asking_for_each(hub: Serving) -> None:
    cast = Cast(hub)
    private = cast.host.make("private", title="Surprise party")
    assert cast.host.say("The secret words", private).status == 201
    for mode in ("open", "code", "login"):
        cast.host.did("mode", mode=mode)
        for name, asker in {**cast.standings, "host": cast.host}.items():
            told = start(asker)
            assert told["me"] == asker.get("/api/me?room=general").json
            listed, page = asker.get("/api/rooms"), asker.get("/api/chat/general", Accept=JSON)
            is_in = told["me"]["person"] is not None and listed.status == page.status == 200
            out = {"stranger", "banned", "waiting"} | ({"guest"} if mode == "login" else set())
            assert is_in == (name not in out), (mode, name)
            has = asker.get("/api/me/preferences").status == 200
            assert ("preferences" in told) == has, (mode, name)
            own = {"preferences", "preferences_tag"}
            assert set(told) | own == (WHOLE if is_in else {"me", *own}), (mode, name)
            if is_in:
                assert told["rooms"] == listed.json["rooms"]
            hidden = start(asker, private)
            assert ("page" in hidden) == (name == "host"), (mode, name)
            assert ("secret" in str(hidden)) == (name == "host"), (mode, name)
            assert "room" not in hidden["me"]
    assert start(Guest.bearer(hub, "nonsense")).keys() == {"me"}


def test_whoever_comes_in_is_given_all_of_it(serve: Serve) -> None:
    hub = serve(hub_code="open sesame")
    came = cookie_of(hub, come(hub, name="naor", code="open sesame"))
    assert set(start(came)) == WHOLE
    host(hub).did("mode", mode="login")
    assert set(start(came)) == {"me"}, "until there is a password"
    assert came.post("/api/session", {"name": "naor", "password": PASSWORD}).status in (201, 202)


def test_a_page_that_cannot_be_read_or_is_long_is_left_out(hub: Serving) -> None:
    naor = guest(hub, "naor")
    for n in range(20):
        hub.say(f"{n} " + "x" * 16_000, "long")
    hub.say("Hello", "short")
    assert set(start(naor, "long")) == WHOLE - {"page"}
    assert len(naor.get("/api/chat/long?limit=60", Accept=JSON).json["events"]) == 20
    os.truncate(hub.path / "short.jsonl", 100)
    assert set(start(naor, "short")) == WHOLE - {"page"}
    assert set(start(naor)) == WHOLE


def test_of_very_many_rooms_it_has_the_latest(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    naor = member(hub, "naor")
    for n in range(3):
        hub.say("Hello", f"room{n}")
    whole = start(naor)["rooms_tag"]
    monkeypatch.setattr("hub.room_lists.LISTED", 2)
    told = start(naor, "room0")
    assert set(told) == {*WHOLE, "rooms_next"}
    assert [x["name"] for x in told["rooms"]] == ["room2", "room1"]
    rest = naor.get(f"/api/rooms?after={told['rooms_next']}").json
    assert [x["name"] for x in rest["rooms"]] == ["room0"]
    with hub.talk(naor.headers) as talk:
        assert talk.hello(rooms_tag=whole)["rooms_current"] is False
    with hub.talk(naor.headers) as talk:
        assert talk.hello(rooms_tag=told["rooms_tag"])["rooms_current"] is True
    hub.say("More", "room0")
    with hub.talk(naor.headers) as talk:
        assert talk.hello(rooms_tag=told["rooms_tag"])["rooms_current"] is False


def test_while_rooms_are_being_opened_it_is_not_held_up(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    naor = guest(hub, "naor")
    hub.say("Hello")
    for n in range(100):
        hub.say(f"{n} " + "x" * 16_000, "large")
    hub.stop()
    (hub.path / "hub" / "rooms.catalog").unlink()
    going_on = threading.Event()
    real = Rooms._read

    def read(self: Rooms, name: str) -> Any:
        assert name != "large" or going_on.wait(60)
        return real(self, name)

    monkeypatch.setattr(Rooms, "_read", read)
    hub.start()
    told = start(naor)
    assert told.pop("preferences_tag")
    assert told == {"me": naor.get("/api/me?room=general").json, "preferences": {}}
    going_on.set()
    assert [x["name"] for x in naor.get("/api/rooms").json["rooms"]] == ["general", "large"]
    assert set(start(naor)) == WHOLE


def test_the_tag_of_the_list_follows_everything_in_it(hub: Serving, live: Live) -> None:
    naor, mira = member(hub, "naor"), member(hub, "mira")
    other = heard_by(live, mira)
    hub.say("Hello")
    hub.say("Hello", "garden")
    private = naor.make("private", title="Ours")
    alone = mira.make("private", title="Mine")
    direct = naor.make("direct", whom=mira.who)
    tags = [start(naor)["rooms_tag"]]

    def differs() -> bool:
        """Whether the tag is another one than it was; a live connection is told the same."""
        tag = start(naor)["rooms_tag"]
        with hub.talk(naor.headers) as talk:
            assert talk.hello(rooms_tag=tag)["rooms_current"] is True
        with hub.talk(naor.headers) as talk:
            assert talk.hello(rooms_tag=tags[-1])["rooms_current"] is (tag == tags[-1])
        tags.append(tag)
        return tag != tags[-2]

    assert not differs()
    other.join("garden")
    assert not differs(), "who is here is not told live either"
    assert mira.say("Psst", alone).status == 201
    mira.changed(alone, "title", text="Mine alone")
    assert not differs(), "it tells nothing of rooms that one may not see"
    for act in (
        lambda: hub.say("More", "garden"),
        lambda: hub.say("Hello", "attic"),
        lambda: naor.change("garden", "seen", n=1),
        lambda: naor.changed(private, "title", text="Really ours"),
        lambda: naor.changed(private, "archive"),
        lambda: mira.changed(alone, "invite", whom=naor.who),
        lambda: mira.changed(alone, "remove", whom=naor.who),
        lambda: mira.ask("PUT", "/api/account/name", {"name": "mirabel"}),
        lambda: naor.ask("DELETE", f"/api/rooms/{private}"),
        lambda: host(hub).did("close", room="garden"),
        hub.restart,
    ):
        act()
        assert differs()
    assert direct in naor.rooms()


def test_the_welcome_tells_whether_preferences_were_changed_since(hub: Serving) -> None:
    naor, mira = member(hub, "naor"), member(hub, "mira")
    path = "/api/me/preferences"

    def welcomed(who: Guest) -> Any:
        with hub.talk(who.headers) as talk:
            token = None if "Cookie" in who.headers else who.token
            return talk.hello(token=token).get("preferences_tag")

    for change in ({"last_here": False}, {"rooms": {"sort": "news"}}, {"last_here": None}):
        before = start(naor)["preferences_tag"]
        assert welcomed(naor) == before
        assert mira.ask("PATCH", path, {"reads": False}).status == 200
        assert welcomed(naor) == before, "somebody else's"
        assert naor.ask("PATCH", path, change).status == 200
        assert welcomed(naor) == start(naor)["preferences_tag"] != before
    assert welcomed(naor.program()) is None


def test_a_hello_without_a_tag_is_told_nothing_of_the_list(hub: Serving, live: Live) -> None:
    assert "rooms_current" not in live().hello("naor")
    assert live().hello("mira", rooms_tag="nonsense")["rooms_current"] is False
    assert live("anna").refused("hello", rooms_tag=5)[0]
