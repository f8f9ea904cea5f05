"""What people do in rooms, and what others in them hear, live."""

from __future__ import annotations

import time

import pytest

from tests.conftest import Live
from tests.live_clients import numbers
from tests.serving import Serving
from tests.talk import Talk, line


@pytest.fixture
def two(hub: Serving, live: Live) -> tuple[Talk, Talk]:
    """naor, who said 'first', and mira; both in the room."""
    naor, mira = live("naor"), live("mira")
    naor.join()
    mira.join()
    naor.say("first")
    mira.expect("say")
    return naor, mira


def test_edit(hub: Serving, two: tuple[Talk, Talk]) -> None:
    naor, mira = two
    event = naor.do("edit", of=1, text="better")
    assert (event["n"], event["of"], event["text"]) == (2, 1, "better")
    assert mira.expect("edit") == event
    assert mira.refused("edit", room="general", of=1, text="x", key="k") == ("not_yours", "k")
    assert naor.refused("edit", room="general", of=1, text=" ", key="k")[0] == "empty"
    assert naor.refused("edit", room="general", of=2, text="x", key="k")[0] == "no_such_message"
    assert naor.refused("edit", room="general", of=9, text="x", key="k")[0] == "not_yours"
    hub.say("by nobody")
    assert naor.refused("edit", room="general", of=3, text="x", key="k")[0] == "not_yours"
    assert len(hub.lines()) == 3


def test_erase(hub: Serving, two: tuple[Talk, Talk]) -> None:
    naor, mira = two
    naor.do("edit", of=1, text="even more secret")
    assert mira.refused("erase", room="general", of=1, key="k") == ("not_yours", "k")
    size = hub.folder.room_file("general").stat().st_size
    event = naor.do("erase", of=1)
    assert (event["of"], "text" in event) == (1, False)
    assert mira.expect("erase") == event
    data = hub.folder.room_file("general").read_bytes()
    assert b"first" not in data
    assert b"secret" not in data
    assert len(data) == size + len(hub.lines()[-1]), "no other line moves"
    for do in ("edit", "erase", "react", "pin"):
        code = naor.refused(do, room="general", of=1, text="x", key="k")[0]
        assert code == "no_such_message"
    assert naor.refused("say", room="general", re=1, text="x", key="k")[0] == "no_such_message"


def test_a_late_joiner_gets_no_erased_text(
    hub: Serving, live: Live, two: tuple[Talk, Talk]
) -> None:
    naor, _ = two
    naor.do("erase", of=1)
    late = live("late")
    assert numbers(late.join(after=0)) == [1, 2]
    assert not any(b"first" in x for x in late.lines)


def test_the_host_may_erase_everything(hub: Serving, live: Live, two: tuple[Talk, Talk]) -> None:
    ticket = hub.post("/api/ticket", {"ticket": hub.server.ticket()})
    session = {"Cookie": ticket.headers["Set-Cookie"].partition(";")[0], "Origin": hub.url}
    assert hub.ask("POST", "/api/session", {"name": "boss"}, session).status == 201
    boss = live(headers=session)
    boss.hello()
    assert boss.refused("edit", room="general", of=1, text="x", key="k")[0] == "not_yours"
    assert boss.do("erase", of=1)["n"] == 2
    assert boss.refused("erase", room="general", of=9, key="k")[0] == "no_such_message"


def test_react(hub: Serving, two: tuple[Talk, Talk]) -> None:
    naor, mira = two
    assert "off" not in mira.do("react", of=1, text="👍")
    assert "off" not in naor.do("react", of=1, text="👍")
    assert mira.do("react", of=1, text="👍")["off"] is True
    assert "off" not in mira.do("react", of=1, text="👍")
    assert "off" not in mira.do("react", of=1, text="🔥")
    for text in ("", "lol", "<img src=x onerror=alert(1)>", "👍👍", "\x00"):
        code = mira.refused("react", room="general", of=1, text=text, key="k")[0]
        assert code == "not_a_reaction"
    assert len(hub.lines()) == 6


def test_toggles_are_remembered_after_a_restart(hub: Serving, live: Live) -> None:
    talk = live()
    token = talk.hello("naor")["token"]
    talk.say("first")
    talk.do("react", of=1, text="👍")
    talk.do("pin", of=1)
    hub.restart()
    again = live()
    again.hello(token=token)
    assert again.do("react", of=1, text="👍")["off"] is True
    assert again.do("pin", of=1)["off"] is True


def test_pin(two: tuple[Talk, Talk]) -> None:
    naor, mira = two
    assert "off" not in mira.do("pin", of=1)
    assert naor.do("pin", of=1)["off"] is True
    assert naor.refused("pin", room="general", of=2, key="k")[0] == "no_such_message"


def test_topic(hub: Serving, two: tuple[Talk, Talk]) -> None:
    naor, mira = two
    assert naor.do("topic", text="All about it")["text"] == "All about it"
    assert mira.expect("topic")["text"] == "All about it"
    assert naor.refused("topic", room="general", text="x" * 201, key="k")[0] == "too_long"
    assert naor.do("topic", text="")["n"] == 3
    assert hub.get("/api/rooms").json["rooms"][0]["topic"] == ""


def test_here_tells_who_is_here(hub: Serving, live: Live) -> None:
    naor = live("naor")
    naor.join()
    here = naor.expect("here")
    assert here["count"] == 1
    assert [x["name"] for x in here["people"]] == ["naor"]
    assert "n" not in here
    mira = live()
    who = mira.hello("mira")["who"]
    mira.join()
    assert mira.expect("here")["count"] == 2
    changed = naor.until(lambda x: x["do"] == "here" and x.get("came") and x["count"] == 2)
    assert {"name": "mira", "who": who} in changed["came"]
    mira.close()
    changed = naor.until(lambda x: x["do"] == "here" and x.get("left"))
    assert (changed["left"], changed["count"]) == ([who], 1)


def test_leaving_right_after_being_listed_is_broadcast(hub: Serving, live: Live) -> None:
    naor, mira = live(), live("mira")
    who = naor.hello("naor")["who"]
    naor.join()
    mira.join()
    assert mira.expect("here")["count"] == 2
    naor.send("leave", room="general")
    changed = mira.until(lambda x: x["do"] == "here" and x["count"] == 1)
    assert who in changed["left"]


def test_two_devices_are_one_person(hub: Serving, live: Live) -> None:
    session = hub.session("naor")
    first, second = live(headers=session), live(headers=session)
    for talk in (first, second):
        talk.hello()
        talk.join()
    assert second.expect("here")["count"] == 1
    first.close()
    assert [x for x in second.quiet(0.6) if x["do"] == "here" and x.get("left")] == []


def test_typing_is_broadcast_to_the_others(live: Live) -> None:
    naor, mira, elsewhere = live("naor"), live("mira"), live("else")
    naor.join()
    mira.join()
    elsewhere.join("other")
    naor.frame("\n".join([line("typing", room="general")] * 5))
    told = mira.expect("typing")
    assert (told["by"], told["room"], "n" in told) == ("naor", "general", False)
    assert told["who"].startswith("p_")
    for talk in (naor, mira, elsewhere):
        assert [x for x in talk.settle() if x["do"] == "typing"] == [], "once a second, not to me"
    elsewhere.send("typing", room="general")
    elsewhere.settle()
    assert [x for x in mira.settle() if x["do"] == "typing"] == [], "only who is in the room types"


def test_seen_is_sent_to_the_persons_other_devices(hub: Serving, live: Live) -> None:
    for n in range(5):
        hub.say(str(n))
    session = hub.session("naor")
    first, second, other = live(headers=session), live(headers=session), live("mira")
    first.hello()
    second.hello()
    for talk in (first, second, other):
        talk.join()
    first.send("seen", room="general", n=3)
    told = second.expect("seen")
    assert told == {
        "do": "seen", "room": "general", "read": 3, "last": 5, "said": 5, "unread": 2,
    }  # fmt: skip
    first.send("seen", room="general", n=2)
    first.send("seen", room="general", n=99)
    assert second.expect("seen")["read"] == 5, "never back, never beyond what there is"
    for talk in (first, other):
        assert [x for x in talk.settle() if x["do"] == "seen"] == []
    assert live(headers=session).hello()["read"] == {"general": 5}
    hub.restart()
    assert live(headers=session).hello()["read"] == {"general": 5}


@pytest.mark.slow
def test_activity_in_other_rooms_is_announced(hub: Serving, live: Live) -> None:
    naor = live("naor")
    naor.join("other")
    began = time.monotonic()
    for n in range(20):
        event = hub.say(str(n))
    told = naor.expect("room", room="general", last=20)
    took = time.monotonic() - began
    assert told["at"] == event["at"]
    assert "n" not in told
    assert sum(x["do"] == "room" for x in naor.heard) <= 2 + took, "at most once a second"
    hub.say("here", "other")
    naor.expect("say")
    assert [x for x in naor.quiet(1.3) if x["do"] == "room"] == []


@pytest.mark.parametrize("people", [220])
def test_a_crowd_is_counted_and_not_named(hub: Serving, people: int) -> None:
    talks = []
    try:
        for n in range(people):
            talks.append(hub.talk(ping_interval=None))
            talks[-1].send("hello", name=f"guest {n}")
            talks[-1].send("join", room="general")
        here = talks[-1].until(lambda x: x["do"] == "here" and x["count"] > 200)
        assert "people" not in here
        talks[0].until(lambda x: x["do"] == "here" and x["count"] == people)
        assert hub.say("Hello all")["n"] == 1
        for talk in talks:
            talk.expect("say")
    finally:
        for talk in talks:
            talk.close()


def test_a_room_that_is_watched_is_told_of_as_soon_as_it_moves(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.activity.ROOMS", 1)
    monkeypatch.setattr("hub.turns.TURN_SECONDS", 0.05)
    mira = live("mira")
    mira.send("watch", rooms=["Last room"])
    for number in range(100):
        hub.say("Hello", f"room-{number}")
    hub.say("Hello", "last-room")
    mira.expect("room", room="last-room")
    assert "room-99" not in {told["room"] for told in mira.heard if told["do"] == "room"}


def test_what_cannot_be_watched_is_refused(hub: Serving, live: Live) -> None:
    mira = live("mira")
    assert mira.refused("watch", rooms=["con"])[0] == "room_name"
    assert mira.refused("watch", rooms=["room"] * 101)[0] == "malformed"
    assert mira.refused("watch")[0] == "malformed"
