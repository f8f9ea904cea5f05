"""What is asked of one message over HTTP."""

from __future__ import annotations

import pytest

from tests.conftest import Live
from tests.serving import Serving


def test_the_versions_of_a_message(hub: Serving, live: Live) -> None:
    naor = live("naor")
    naor.say("frist")
    naor.do("edit", of=1, text="first")
    naor.do("edit", of=1, text="First!")
    answer = hub.get("/api/chat/general/1/versions")
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json["versions"]
    assert [(x["n"], x["text"], x["by"]) for x in found] == [
        (3, "First!", "naor"),
        (2, "first", "naor"),
        (1, "frist", "naor"),
    ]
    assert all(x["at"].endswith("Z") and x["who"].startswith("p_") for x in found)
    naor.do("erase", of=1)
    assert hub.get("/api/chat/general/1/versions").json == {"versions": []}


def test_a_message_of_nobody_who_proved_it_has_versions_too(hub: Serving) -> None:
    hub.say("hello")
    [version] = hub.get("/api/chat/general/1/versions").json["versions"]
    assert set(version) == {"n", "at", "by", "text"}


@pytest.mark.parametrize("what", ["versions"])
def test_what_is_not_there_is_refused(hub: Serving, what: str) -> None:
    hub.say("hello")
    hub.ask("POST", "/api/rooms/general", {"do": "topic", "text": "x"}, hub.session("mira"))
    for n in ("0", "2", "3", "9" * 40):
        answer = hub.get(f"/api/chat/general/{n}/{what}")
        assert answer.error == (404, "no_such_message"), n
    for n in ("x", "-1", "1.5"):
        assert hub.get(f"/api/chat/general/{n}/{what}").error == (404, "not_found"), n
    assert hub.get(f"/api/chat/nowhere/1/{what}").error == (404, "no_such_room")
    assert hub.get(f"/api/chat/con/1/{what}").error == (404, "room_name")


@pytest.mark.parametrize("what", ["versions"])
def test_only_who_may_read_the_room_learns_of_its_messages(hub: Serving, what: str) -> None:
    mira, naor = hub.session("mira"), hub.session("naor")
    made = hub.ask("POST", "/api/rooms", {"kind": "private", "title": "x"}, mira).json["room"]
    hub.ask("POST", f"/api/chat/{made}", {"msg": "secret"}, mira)
    address = f"/api/chat/{made}/2/{what}"
    assert hub.ask("GET", address, None, mira).status == 200
    missing = hub.ask("GET", f"/api/chat/private-0000000000000000/2/{what}", None, naor)
    for headers in (naor, {}):
        answer = hub.ask("GET", address, None, headers)
        assert answer.error == (404, "no_such_room")
        assert answer.body == missing.body
