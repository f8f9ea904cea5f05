"""The list of rooms with its unread counts, and what a newcomer is told of a room."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Live, Serve
from tests.serving import Serving


def test_rooms(hub: Serving, live: Live) -> None:
    assert hub.get("/api/rooms").json == {"rooms": []}
    event = hub.say("Hello", "zebra")
    naor = live("naor")
    naor.join("general")
    naor.do("topic", text="All about it")
    live("mira").join("general")
    live("mira2").join("empty")
    rooms = hub.get("/api/rooms").json["rooms"]
    assert [x["name"] for x in rooms] == ["general", "zebra"]
    assert rooms[0]["topic"] == "All about it"
    assert (rooms[0]["last"], rooms[0]["here"]) == (1, 2)
    assert rooms[1] == {
        "name": "zebra", "kind": "public", "title": "zebra", "topic": "",
        "last": 1, "said": 1, "at": event["at"], "here": 0, "may_write": True,
    }  # fmt: skip
    hub.restart()
    rooms = hub.get("/api/rooms").json["rooms"]
    assert [(x["name"], x["topic"], x["here"]) for x in rooms] == [
        ("general", "All about it", 0),
        ("zebra", "", 0),
    ]


def test_the_list_has_unread_counts(hub: Serving, live: Live) -> None:
    hub.say("before anybody came")
    session = hub.session("naor")
    mira = live("mira")

    def counted(who: dict[str, str] | None = None) -> dict[str, Any]:
        rooms = hub.ask("GET", "/api/rooms", None, who or session).json["rooms"]
        return {x: rooms[0].get(x) for x in ("last", "said", "read", "unread")}

    assert counted() == {"last": 1, "said": 1, "read": 1, "unread": 0}
    mira.say("one")
    mira.say("two")
    hub.ask("POST", "/api/chat/general", {"msg": "my own"}, session)
    assert counted() == {"last": 4, "said": 4, "read": 1, "unread": 2}
    mira.do("react", of=2, text="👍")
    mira.do("edit", of=2, text="once")
    mira.do("pin", of=2)
    mira.do("topic", text="All about it")
    assert counted() == {"last": 8, "said": 4, "read": 1, "unread": 2}, "one message is one"
    mira.do("erase", of=2)
    assert counted()["unread"] == 1
    hub.restart()
    assert counted() == {"last": 9, "said": 4, "read": 1, "unread": 1}
    with hub.talk(session) as phone:
        phone.hello()
        path, seen = "/api/rooms/general", {"do": "seen", "n": 99}
        assert hub.ask("POST", path, seen, session).status == 204
        assert phone.expect("seen") == {
            "do": "seen", "room": "general", "read": 9, "last": 9, "said": 4, "unread": 0,
        }  # fmt: skip
    assert counted() == {"last": 9, "said": 4, "read": 9, "unread": 0}
    assert hub.ask("POST", path, {"do": "seen", "n": -1}, session).error == (422, "invalid")
    assert hub.ask("POST", "/api/rooms/nowhere", seen, session).status == 404
    nobody = hub.get("/api/rooms").json["rooms"][0]
    assert "unread" not in nobody
    assert "read" not in nobody


def test_a_newcomer_is_told_how_many_are_in_the_room(hub: Serving, live: Live) -> None:
    live("naor").join("general")
    live("mira").join("general")
    told = hub.get("/api/me?room=General").json
    assert told["person"] is None
    assert told["room"] == {"name": "general", "title": "general", "here": 2}
    assert hub.get("/api/me?room=nowhere").json["room"]["here"] == 0
    assert not hub.folder.room_file("nowhere").exists()
    host = hub.as_host("anna")
    news = {"kind": "announcements", "title": "House News", "name": "news"}
    hub.ask("POST", "/api/rooms", news, host)
    assert hub.get("/api/me?room=news").json["room"]["title"] == "House News"
    assert "room" not in hub.get("/api/me").json
    assert "room" not in hub.get("/api/me?room=con").json


def test_a_newcomer_is_told_nothing_of_a_hidden_room(hub: Serving) -> None:
    naor, dana = hub.session("naor"), hub.session("dana")
    whom = hub.ask("GET", "/api/me", None, dana).json["person"]["who"]
    asked = ({"kind": "private", "title": "Birthday"}, {"kind": "direct", "whom": whom})
    made = [hub.ask("POST", "/api/rooms", x, naor).json["room"] for x in asked]
    for name in (*made, "private-0123456789abcdef", "dm-nobody"):
        assert "room" not in hub.get(f"/api/me?room={name}").json, name


@pytest.mark.parametrize("settings", [{"hub_code": "mellon"}, {"accounts": "login"}])
def test_a_newcomer_is_told_nothing_where_the_hub_is_not_open(
    serve: Serve, settings: dict[str, str]
) -> None:
    assert "room" not in serve(**settings).get("/api/me?room=general").json


def test_a_banned_person_is_told_nothing_of_rooms(hub: Serving) -> None:
    host, naor = hub.as_host("anna"), hub.session("naor")
    who = hub.ask("GET", "/api/me", None, naor).json["person"]["who"]
    assert "room" in hub.ask("GET", "/api/me?room=general", None, naor).json
    hub.ask("POST", "/api/host", {"do": "ban", "whom": who}, host)
    assert "room" not in hub.ask("GET", "/api/me?room=general", None, naor).json


def test_the_list_comes_in_pieces(hub: Serving) -> None:
    for name in ("attic", "garden", "house"):
        hub.say("Hello", name)
    seen = []
    address = "/api/rooms?limit=2"
    for _ in range(2):
        told = hub.get(address).json
        seen += [x["name"] for x in told["rooms"]]
        address = f"/api/rooms?limit=2&after={told.get('next')}"
    assert seen == ["house", "garden", "attic"]
    assert set(told) == {"rooms"}, "nothing follows"
    found = hub.get("/api/rooms?find=GARD").json
    assert [x["name"] for x in found["rooms"]] == ["garden"]
    assert (
        hub.get("/api/rooms?find=").json["rooms"] == hub.get("/api/rooms?limit=1000").json["rooms"]
    )
    piece = hub.get("/api/rooms?find=e&limit=1").json
    assert [x["name"] for x in piece["rooms"]] == ["house"]
    more = hub.get(f"/api/rooms?find=e&limit=1&after={piece['next']}").json
    assert [x["name"] for x in more["rooms"]] == ["garden"]
    assert "next" not in more


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=1001", "limit=-1", "limit=", "limit=x", "limit=%D9%A1", "limit=01",
        "after=", "after=x", "after=5", "after=x-y", "after=-", "find=" + "x" * 101,
    ],
)  # fmt: skip
def test_a_piece_that_cannot_be(hub: Serving, query: str) -> None:
    assert hub.get(f"/api/rooms?{query}").error == (422, "invalid")


def test_a_long_list_is_sent_in_blocks(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("attic", "garden", "house"):
        hub.say("Hello", name)
    whole = hub.get("/api/rooms")
    for size in (1, 100, 200):
        monkeypatch.setattr("hub.web.rooms.BLOCK", size)
        told = hub.get("/api/rooms")
        assert (told.json, told.status) == (whole.json, 200)
        assert told.headers["Content-Length"] == str(len(told.body)) == str(len(whole.body))
        assert told.headers["Content-Type"] == "application/json"
        assert told.headers["Cache-Control"] == "no-store"
    assert hub.ask("HEAD", "/api/rooms").body == b""


def test_a_newcomer_is_told_the_title_of_a_room_at_rest(hub: Serving) -> None:
    host = hub.as_host("anna")
    news = {"kind": "announcements", "title": "House News", "name": "news"}
    hub.ask("POST", "/api/rooms", news, host)
    hub.restart()
    hub.get("/api/rooms")
    own = hub.server._hub
    assert own is not None
    assert own.rooms.get("news") is None
    told = hub.get("/api/me?room=news").json["room"]
    assert told == {"name": "news", "title": "House News", "here": 0}
