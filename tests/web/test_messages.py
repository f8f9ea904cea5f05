"""What is asked of one message over HTTP."""

from __future__ import annotations

import pytest

from hub.web import messages as module
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


@pytest.mark.parametrize("what", ["versions", "replies"])
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


@pytest.mark.parametrize("what", ["versions", "replies"])
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


def test_what_answers_a_message_comes_in_pages(hub: Serving, live: Live) -> None:
    naor = live("naor")
    for re in (None, 1, 2, None, 2, 1):
        naor.say(f"to {re}", **({} if re is None else {"re": re}))
    naor.do("erase", of=3)
    naor.do("edit", of=5, text="better")
    address = "/api/chat/general/2/replies"
    told = hub.get(address).json
    assert [x["n"] for x in told["chain"]] == [1]
    assert (told["message"]["n"], told["message"]["re"]) == (2, 1)
    assert [(x["n"], x["text"]) for x in told["events"]] == [(3, ""), (5, "better")]
    assert told["events"][0]["erased"] is True
    assert (told["count"], told["more"]) == (2, False)
    address = "/api/chat/general/1/replies"
    pages = [hub.get(f"{address}{x}").json for x in ("?limit=3", "?limit=3&after=5", "?after=99")]
    assert [([x["n"] for x in page["events"]], page["more"]) for page in pages] == [
        ([2, 3, 5], True),
        ([6], False),
        ([], False),
    ]
    assert {page["count"] for page in pages} == {4}
    assert hub.get(f"{address}?limit=0").json["more"] is True
    for odd in ("limit=x", "after=-1", "limit=1.5"):
        assert hub.get(f"{address}?{odd}").error == (400, "malformed")


def test_a_page_of_answers_has_an_end(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 2)
    monkeypatch.setattr(module, "MOST", 3)
    hub.say("x")
    for _ in range(5):
        hub.say("y", re=1)
    assert len(hub.get("/api/chat/general/1/replies").json["events"]) == 2
    assert len(hub.get("/api/chat/general/1/replies?limit=9").json["events"]) == 3


def test_a_page_of_history_says_how_many_answers_there_are(hub: Serving) -> None:
    for re in (None, 1, None, 1, 2):
        hub.say("x", **({} if re is None else {"re": re}))
    told = hub.get("/api/chat/general?limit=4", Accept="application/json").json
    assert told["replies"] == [[2, 1]]
    told = hub.get("/api/chat/general", Accept="application/json").json
    assert told["replies"] == [[1, 2], [2, 1]]
    told = hub.get("/api/chat/general?after=2", Accept="application/json").json
    assert "replies" not in told


def test_an_answer_to_what_was_removed_is_refused(hub: Serving, live: Live) -> None:
    naor = live("naor")
    naor.say("x")
    naor.do("erase", of=1)
    for re in (1, 2, 3, 99):
        answer = hub.post("/api/chat/general", {"username": "guest", "msg": "y", "re": re})
        assert answer.error == (404, "no_such_message")
    assert hub.get("/api/chat/general/1/replies").json["count"] == 0


def test_votes_are_told_with_names(hub: Serving, live: Live) -> None:
    naor, mira = live("naor"), live("mira")
    naor.say("Tea?", poll={"answers": ["yes", "no"]})
    mira.join("general")
    mira.do("vote", of=1, choice=[2])
    told = hub.get("/api/chat/general/1/votes").json
    assert told["ended"] is False
    assert [(x["name"], x["choice"]) for x in told["votes"]] == [("mira", [2])]
    assert told["last"] == 2
    naor.do("end", of=1)
    assert hub.get("/api/chat/general/1/votes").json["ended"] is True
    for n in (0, 2, 3, 9):
        assert hub.get(f"/api/chat/general/{n}/votes").error == (404, "no_such_poll")
    naor.do("erase", of=1)
    assert hub.get("/api/chat/general/1/votes").error == (404, "no_such_poll")


def test_a_posted_poll_with_too_many_answers_loses_nothing(hub: Serving) -> None:
    hub.say("hello")
    before = hub.histories()
    for count in (1, 1000):
        body = {
            "username": "guest",
            "msg": "Tea?",
            "poll": {"answers": [f"{n}" for n in range(count)]},
        }
        answer = hub.post("/api/chat/general", body)
        assert answer.error == (422, "poll_invalid")
        assert f"this one has {count}" in answer.json["error"]["message"]
    assert hub.histories() == before
    said = hub.say("Tea?", poll={"answers": ["yes", "no"], "many": True})
    assert said["poll"] == {"answers": ["yes", "no"], "many": True, "question": "Tea?"}
    assert "guest: Tea?\n\t\n\t1. yes\n\t2. no" in hub.get("/api/chat/general").text
