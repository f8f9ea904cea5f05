"""Messages with files on the live connection: what is said, told and polled is the same."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.conftest import Live, Serve
from tests.patience import PATIENCE
from tests.serving import Serving
from tests.web.sent_files import LOBBY, begun, head, put, sent, stored, waiting

LINES = "application/x-ndjson"


def bare(told: dict[str, Any]) -> dict[str, Any]:
    return {x: y for x, y in told.items() if x != "crc"}


def test_a_message_bears_files(hub: Serving, live: Live) -> None:
    session = hub.session("naor")
    files = [waiting(hub, f"f{n}", query=f"name=a{n}.txt", headers=session) for n in range(2)]
    naor, mira = live(headers=session), live("mira")
    naor.hello()
    mira.join("lobby")
    event = naor.say("Look", "lobby", files=["f1", "f0"])
    assert event["files"] == files[::-1]
    heard = mira.expect("say", room="lobby")
    assert heard["files"] == files[::-1]
    page = hub.get("/api/chat/lobby", Accept="application/json").json["events"]
    [line] = hub.get("/api/chat/lobby", Accept=LINES).body.splitlines()
    assert bare(page[0]) == bare(json.loads(line)) == bare(heard)
    again = live("eve").join("lobby", after=0)
    assert [bare(x) for x in again] == [bare(heard)]
    assert hub.get(f"{LOBBY}/f0").body == b"Hello"
    assert set(stored(hub)) == {"a0.txt", "a1.txt"}


def test_a_file_needs_no_words(hub: Serving, live: Live) -> None:
    session = hub.session("naor")
    waiting(hub, query="", headers=session)
    naor = live(headers=session)
    naor.hello()
    assert naor.refused("say", room="lobby", text="", key="k1") == ("empty", "k1")
    assert naor.say("", "lobby", files=["f1"])["files"][0]["id"] == "f1"


def test_what_a_program_sends_is_heard(hub: Serving, live: Live) -> None:
    mira = live("mira")
    mira.join("lobby")
    event = sent(hub, query="username=bob&text=Look")
    heard = mira.expect("say", room="lobby", by="bob")
    assert bare(heard) == bare(event)


def test_a_repeated_message_is_the_first_one(hub: Serving, live: Live) -> None:
    session = hub.session("naor")
    waiting(hub, query="", headers=session)
    naor = live(headers=session)
    naor.hello()
    first = naor.say("", "lobby", files=["f1"], key="k")
    assert naor.say("", "lobby", files=["f1"], key="k") == first
    assert len(hub.lines("lobby")) == 1
    assert naor.refused("say", room="lobby", text="", key="l", files=["f1"]) == ("file_sent", "l")


def test_files_that_cannot_be_borne(hub: Serving, live: Live) -> None:
    session = hub.session("naor")
    waiting(hub, "other")
    begun(hub, "half", query="", headers=session)
    waiting(hub, "mine", query="", headers=session)
    naor = live(headers=session)
    naor.hello()
    for id_, code in (
        ("other", "no_such_file"), ("none", "no_such_file"), ("half", "file_unfinished")
    ):  # fmt: skip
        told = naor.refused("say", room="lobby", text="x", key="k", files=["mine", id_])
        assert told == (code, "k")
    in_another_room = naor.refused("say", room="general", text="x", key="k", files=["mine"])
    assert in_another_room == ("no_such_file", "k")
    assert hub.lines("lobby") == []
    assert head(hub, "other").headers["Upload-Complete"] == "?1"
    assert naor.say("", "lobby", files=["mine"])["files"][0]["id"] == "mine"


@pytest.mark.parametrize("files", ["f1", [5], [""], ["a b"], ["x" * 65], ["../x"], ["f"] * 21])
def test_what_are_no_ids(hub: Serving, live: Live, files: Any) -> None:
    naor = live("naor")
    code = naor.refused("say", room="lobby", text="x", key="k", files=files)[0]
    assert code in ("invalid", "malformed")
    told = hub.post("/api/chat/lobby", {"username": "bob", "msg": "x", "files": files})
    assert told.error == (422, "invalid")


def test_a_removed_message_has_no_files(hub: Serving, live: Live) -> None:
    session = hub.session("naor")
    sent(hub, query="", headers=session)
    naor, mira = live(headers=session), live("mira")
    naor.hello()
    mira.join("lobby")
    naor.do("erase", "lobby", of=1)
    mira.expect("erase", room="lobby", of=1)
    [first] = [x for x in live("eve").join("lobby", after=0) if x["n"] == 1]
    assert "files" not in first
    assert hub.get(f"{LOBBY}/f1").error == (404, "no_such_file")


def test_messages_and_files_keep_their_order(hub: Serving, live: Live) -> None:
    """A message that waits for the disk does not hold up others, and none is lost."""
    session = hub.session("naor")
    for n in range(10):
        waiting(hub, f"f{n}", query="", headers=session)
    naor = live(headers=session)
    naor.hello()
    for n in range(10):
        naor.send("say", room="lobby", text="", key=f"f{n}", files=[f"f{n}"])
        naor.send("say", room="lobby", text=str(n), key=f"k{n}")
    keys: set[str] = set()
    end = time.monotonic() + PATIENCE
    while len(keys) < 20 and time.monotonic() < end:
        keys.add(naor.expect("say", room="lobby")["key"])
    assert len(keys) == 20
    borne = [x["files"][0]["id"] for x in hub.events("lobby") if "files" in x]
    assert borne == [f"f{n}" for n in range(10)]


def test_forwarded_files_are_the_same(hub: Serving) -> None:
    session = hub.session("naor")
    event = sent(hub, query="name=a.txt", headers=session)
    answer = hub.ask("POST", "/api/chat/lobby/1/forward", {"to": "other", "key": "k"}, session)
    assert answer.status == 201, answer.text
    [file] = answer.json["files"]
    assert file["id"] != "f1"
    assert file | {"id": "f1"} == event["files"][0]
    assert hub.get(f"/api/files/other/{file['id']}").body == b"Hello"


def test_a_sender_who_is_too_fast_is_told(serve: Serve, live: Live) -> None:
    hub = serve(message_rate=1.0)
    session = hub.session("naor")
    for n in range(4):
        assert put(hub, f"f{n}", query="announce=no", headers=session).status == 201
    naor = live(headers=session, at=hub)
    naor.hello()
    for n in range(4):
        naor.send("say", room="lobby", text="", key=f"k{n}", files=[f"f{n}"])
    told = naor.expect("refused")
    assert (told["code"], told["key"]) == ("too_fast", "k2")
