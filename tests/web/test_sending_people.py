"""Who may send files, and where."""

from __future__ import annotations

import pytest

from tests.conftest import Serve
from tests.serving import Serving
from tests.web.sent_files import (
    LOBBY,
    parts,
    put,
    sent,
    stored,
    waiting,
)

# -- who may ----------------------------------------------------------------------------------


def test_a_session_needs_no_username_but_an_origin(hub: Serving) -> None:
    session = hub.session("naor")
    event = sent(hub, "f1", query="", headers=session)
    assert event["by"] == "naor"
    assert event["who"]
    bare = {"Cookie": session["Cookie"]}
    assert put(hub, "f2", query="", headers=bare).error == (403, "no_origin")
    foreign = session | {"Origin": "http://evil.example"}
    assert put(hub, "f2", query="", headers=foreign).error == (403, "foreign_origin")
    assert put(hub, "f1", query="username=eve").error == (409, "file_id_taken")
    assert put(hub, "f2", query="username=naor").error == (409, "name_taken")
    assert put(hub, "f2", query="").error == (422, "no_name")
    assert parts(hub) == []


def test_a_program_has_a_token(hub: Serving) -> None:
    session = hub.session("naor")
    made = hub.ask("POST", "/api/account", {"password": "correct horse battery"}, session)
    assert made.status == 200, made.text
    made = hub.ask("POST", "/api/tokens", {"purpose": "backup"}, session)
    assert made.status == 201, made.text
    bearer = {"Authorization": f"Bearer {made.json['token']}"}
    event = sent(hub, "f1", query="", headers=bearer)
    assert (event["by"], event["bot"]) == ("naor", True)
    wrong = {"Authorization": "Bearer x"}
    assert put(hub, "f2", query="", headers=wrong).error == (401, "who_are_you")


def test_whoever_may_not_write_sends_nothing(hub: Serving) -> None:
    host, naor, eve = hub.as_host("mira"), hub.session("naor"), hub.session("eve")
    who = [hub.ask("GET", "/api/me", None, x).json["person"]["who"] for x in (naor, eve)]
    deeds = [{"do": "mute", "whom": who[0], "seconds": 60}, {"do": "ban", "whom": who[1]}]
    for deed in deeds:
        done = hub.ask("POST", "/api/host", deed, host)
        assert done.status == 200, done.text
    assert put(hub, query="", headers=naor).error == (403, "muted")
    assert put(hub, query="", headers=eve).error == (403, "banned")
    hub.say("x", "lobby")
    closed = hub.ask("POST", "/api/rooms/lobby", {"do": "close"}, host)
    assert closed.status == 200, closed.text
    assert put(hub).error == (403, "room_shut")
    assert parts(hub) == []


@pytest.mark.parametrize("settings", [{"hub_code": "sesame"}, {"accounts": "login"}])
def test_a_hub_that_is_not_open(serve: Serve, settings: dict[str, str]) -> None:
    hub = serve(**settings)
    assert put(hub).error[0] == 401
    assert hub.get(f"{LOBBY}/f1").error[0] == 401
    assert hub.get(LOBBY).error[0] == 401


def test_a_private_room_is_no_room_to_strangers(hub: Serving) -> None:
    naor = hub.session("naor")
    room = hub.ask("POST", "/api/rooms", {"kind": "private", "title": "Den"}, naor).json["room"]
    sent(hub, "f1", query="", headers=naor, room=room)
    none = "private-0123456789abcdef"
    for method in ("PUT", "PATCH", "DELETE", "GET", "HEAD"):
        for tail in ("/f1", "/f2", "/f1/preview"):
            if tail.endswith("preview") and method in ("PATCH", "DELETE"):
                continue
            answers = [
                hub.ask(method, f"/api/files/{x}{tail}?username=bob", b"x" * (method[0] == "P"))
                for x in (room, none)
            ]
            assert [x.status for x in answers] == [404, 404]
            assert answers[0].body == answers[1].body
    assert list(stored(hub, room)) == ["f1"]


def test_asking_makes_no_room(hub: Serving) -> None:
    own = hub.server._hub
    assert own is not None
    for method in ("PUT", "PATCH", "DELETE", "HEAD", "GET"):
        hub.ask(method, "/api/files/new-room/f1", b"" if method[0] == "P" else None)
        hub.ask(method, "/api/files/new-room/f1?username=bob&announce=no", b"x")
    waiting(hub, "f2", room="new-room")
    assert hub.on_loop(lambda: [x.name for x in own.rooms]) == []
    assert not hub.folder.room_file("new-room").exists()


# -- odd addresses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/api/files/lobby/",
        "/api/files/lobby/a%2Fb",
        "/api/files/lobby/f1/",
        "/api/files/lobby/f1/other",
        "/api/files/lobby/f1/preview/",
        "/api/files/",
        "/api/files",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_there_is_nothing_at_an_odd_address(lasting: Serving, method: str, path: str) -> None:
    body = b"x" if method in ("PUT", "PATCH") else None
    answer = lasting.ask(method, f"{path}?username=bob", body)
    assert answer.error in ((404, "not_found"), (405, "method_not_allowed"))


@pytest.mark.parametrize("path", ["/api/files//f1", "/api/files//lobby/f1", "/api//files/lobby/f1"])
def test_empty_parts_lead_elsewhere(lasting: Serving, path: str) -> None:
    answer = lasting.ask("PUT", f"{path}?username=bob", b"x")
    assert answer.status in (308, 404, 405)


@pytest.mark.parametrize("room", ["a.b", "con", "%20", "x" * 65])
def test_rooms_that_cannot_be(lasting: Serving, room: str) -> None:
    answer = lasting.ask("PUT", f"/api/files/{room}/f1?username=bob", b"x")
    assert answer.error == (404, "room_name")


def test_options_tells_the_methods(lasting: Serving) -> None:
    told = lasting.ask("OPTIONS", f"{LOBBY}/f1")
    allowed = set(told.headers["Allow"].split(", "))
    assert allowed == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}
