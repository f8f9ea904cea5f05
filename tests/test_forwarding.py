"""Messages that are sent on to other rooms."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Live
from tests.serving import Answer, Serving


class People:
    """Two people with a private room of one of them, and what each forwards."""

    def __init__(self, hub: Serving) -> None:
        self.hub = hub
        self.naor, self.mira = hub.session("naor"), hub.session("mira")
        made = hub.ask("POST", "/api/rooms", {"kind": "private", "title": "Secret"}, self.naor)
        self.private = made.json["room"]
        hub.ask("POST", "/api/chat/general", {"msg": "hello *you*"}, self.naor)
        hub.ask("POST", f"/api/chat/{self.private}", {"msg": "psst"}, self.naor)

    def forward(self, who: dict[str, str], room: str, n: int, to: str, **more: Any) -> Answer:
        address = f"/api/chat/{room}/{n}/forward"
        return self.hub.ask("POST", address, {"to": to, **more}, who)


@pytest.fixture
def people(hub: Serving) -> People:
    return People(hub)


def test_a_message_says_who_wrote_it_and_where(hub: Serving, people: People) -> None:
    answer = people.forward(people.mira, "general", 1, "Tea", key="k")
    assert answer.status == 201
    said, original = answer.json, hub.events()[0]
    assert (said["room"], said["do"], said["by"], said["text"]) == (
        "tea", "say", "mira", "hello *you*",
    )  # fmt: skip
    assert said["fwd"] == {
        "by": "naor", "at": original["at"], "who": original["who"], "room": "general", "n": 1,
    }  # fmt: skip
    again = people.forward(people.mira, "general", 1, "tea", key="k")
    assert (again.status, again.json) == (200, said)
    assert [x["n"] for x in hub.events("tea")] == [1]
    further = people.forward(people.naor, "tea", 1, "lunch").json
    assert further["fwd"] == said["fwd"], "whose words they are stays"


def test_nothing_tells_of_a_private_room(people: People) -> None:
    out = people.forward(people.naor, people.private, 2, "general").json
    assert set(out["fwd"]) == {"by", "at", "who"}
    within = people.forward(people.naor, people.private, 2, people.private).json
    assert within["fwd"]["room"] == people.private
    again = people.forward(people.naor, people.private, within["n"], people.private).json
    assert again["fwd"] == within["fwd"]
    further = people.forward(people.naor, people.private, within["n"], "general").json
    assert set(further["fwd"]) == {"by", "at", "who"}
    for n in (2, 99):
        answer = people.forward(people.mira, people.private, n, "general")
        assert answer.error == (404, "no_such_room")
    answer = people.forward(people.mira, "general", 1, people.private)
    assert answer.error == (404, "no_such_room")


def test_it_is_what_the_message_says_now(hub: Serving, people: People) -> None:
    hub.ask("POST", "/api/rooms/general", {"do": "edit", "of": 1, "text": "better"}, people.naor)
    assert people.forward(people.mira, "general", 1, "tea").json["text"] == "better"
    hub.ask("POST", "/api/rooms/general", {"do": "erase", "of": 1}, people.naor)
    before = hub.histories()
    for n in (0, 1, 2, 3, 99):
        answer = people.forward(people.mira, "general", n, "tea")
        assert answer.error == (404, "no_such_message"), n
    assert people.forward(people.mira, "nowhere", 1, "tea").error == (404, "no_such_room")
    assert hub.histories() == before


def test_a_poll_is_forwarded_as_text(hub: Serving, people: People) -> None:
    poll = {"msg": "Tea?", "poll": {"answers": ["yes", "no"]}}
    hub.ask("POST", "/api/chat/general", poll, people.naor)
    said = people.forward(people.mira, "general", 2, "tea").json
    assert said["text"] == "Tea?\n\n1. yes\n2. no"
    assert "poll" not in said


def test_who_may_not_write_there_is_refused(hub: Serving, people: People) -> None:
    host = hub.as_host("anna")
    hub.ask("POST", "/api/rooms", {"kind": "announcements", "title": "News", "name": "news"}, host)
    before = hub.histories()
    answer = people.forward(people.mira, "general", 1, "news")
    assert answer.error == (403, "may_not_write")
    assert people.forward({}, "general", 1, "tea").status in (401, 403)
    assert people.forward(people.mira, "general", 1, "con").error == (404, "room_name")
    who = hub.ask("GET", "/api/me", None, people.mira).json["person"]["who"]
    hub.ask("POST", "/api/host", {"do": "mute", "whom": who, "seconds": 60}, host)
    assert people.forward(people.mira, "general", 1, "tea").error == (403, "muted")
    assert hub.histories() == before


def test_nobody_puts_words_into_the_mouth_of_another(
    hub: Serving, people: People, live: Live
) -> None:
    people.forward(people.mira, "general", 1, "tea")
    change = {"do": "edit", "of": 1, "text": "something else"}
    answer = hub.ask("POST", "/api/rooms/tea", change, people.mira)
    assert answer.error == (422, "forward_fixed")
    fake = {"by": "anna", "at": "2026-11-22T20:17:03.123Z"}
    assert "fwd" not in live("bela").say("fake", fwd=fake)
    posted = hub.ask("POST", "/api/chat/general", {"msg": "fake", "fwd": fake}, people.mira)
    assert "fwd" not in posted.json
    erased = hub.ask("POST", "/api/rooms/tea", {"do": "erase", "of": 1}, people.mira)
    assert erased.status == 200
    assert b"hello" not in hub.folder.room_file("tea").read_bytes()
