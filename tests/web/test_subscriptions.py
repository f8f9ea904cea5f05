"""Joining and leaving rooms live, and each event once, in order."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from hub.errors import Refused
from hub.outbox import Outbox
from hub.store.history import History
from hub.web.replay import Backpressure, Replay
from tests.conftest import Live
from tests.live_clients import numbers
from tests.patience import PATIENCE
from tests.serving import Serving
from tests.talk import line

JSON = "application/json"
LINES = "application/x-ndjson"


def test_join_without_after_replays_nothing(hub: Serving, live: Live) -> None:
    for n in range(3):
        hub.say(str(n))
    talk = live("naor")
    assert talk.join() == []
    assert talk.heard[-1] == {
        "do": "joined", "room": "general", "last": 3, "said": 3, "unread": 0,
    }, "what was said before somebody first came is not news to them"  # fmt: skip
    hub.say("new")
    assert talk.expect("say")["n"] == 4


def test_joined_tells_the_topic(hub: Serving, live: Live) -> None:
    naor = live("naor")
    naor.do("topic", text="  All   about it ")
    mira = live("mira")
    mira.join()
    assert mira.heard[-1]["topic"] == "All about it"


def test_join_again_replays_again(hub: Serving, live: Live) -> None:
    talk = live("naor")
    hub.say("one")
    assert numbers(talk.join(after=0)) == [1]
    assert numbers(talk.join(after=0)) == [1]
    hub.say("two")
    talk.expect("say")
    assert numbers(talk.settle()) == [], "it is handed out once"


def test_a_client_that_left_is_sent_nothing_more(hub: Serving, live: Live) -> None:
    talk = live("naor")
    talk.join()
    talk.send("leave", room="general")
    talk.settle()
    hub.say("unheard")
    assert numbers(talk.settle()) == []
    assert numbers(talk.join(after=0)) == [1]


def test_rooms_do_not_mix(hub: Serving, live: Live) -> None:
    naor, mira = live("naor"), live("mira")
    naor.join("one")
    mira.join("two")
    naor.say("in one", "one")
    mira.say("in two", "two")
    assert numbers(naor.settle()) == []
    naor.send("join", room="Two", after=0)
    assert naor.expect("joined")["room"] == "two", "the hub says the room's one name"


def test_an_impossible_room_is_refused(hub: Serving, live: Live) -> None:
    talk = live("naor")
    for room in ("", "con", "a/b", "..", "x" * 65, "x" * 10_000, "api", "\u202e"):
        for do in ("join", "say", "leave", "typing"):
            assert talk.refused(do, room=room, text="x", key="k")[0] == "room_name", room
    assert not list(hub.path.glob("*.jsonl"))


def test_one_connection_joins_a_bounded_number_of_rooms(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.subscriptions.ROOMS", 2)
    talk = live("naor")
    talk.join("a")
    talk.join("b")
    assert talk.refused("join", room="c")[0] == "too_many_rooms"
    talk.join("b")
    talk.send("leave", room="a")
    talk.join("c")


def test_a_clients_own_event_is_its_acknowledgement(hub: Serving, live: Live) -> None:
    naor, mira = live("naor"), live("mira")
    naor.join()
    mira.join()
    event = naor.say("Hello", key="k1")
    assert event == json.loads(hub.lines()[0])
    assert (event["by"], event["key"], event["n"]) == ("naor", "k1", 1)
    assert mira.expect("say") == event
    assert numbers(naor.settle()) == [], "told once"


def test_a_client_outside_the_room_is_answered_too(hub: Serving, live: Live) -> None:
    talk = live("naor")
    assert talk.say("Hello")["n"] == 1
    talk.join()
    talk.send("leave", room="general")
    assert talk.say("Hello again")["n"] == 2
    assert numbers(talk.settle()) == []


def test_the_bytes_are_the_same_everywhere(hub: Serving, live: Live) -> None:
    naor, mira = live("naor"), live("mira")
    naor.join()
    mira.join()
    texts = ["Hello", "é\u2028\n\x00\x1b", '"}\\', "👩‍👩‍👧", "</script>", "a" * 9000]
    for text in texts:
        assert naor.say(text, re=None)["text"] == text
        assert mira.expect("say")["text"] == text
    hub.say("by HTTP")
    naor.expect("say")
    mira.expect("say")
    in_file = hub.lines()
    late = live("late")
    late.join(after=0)
    for talk in (naor, mira, late):
        assert [x + b"\n" for x in talk.lines if b'"n":' in x] == in_file
    assert hub.get("/api/chat/general", Accept=LINES).body == b"".join(in_file)


def test_a_repeated_key_is_answered_with_the_first_event(hub: Serving, live: Live) -> None:
    talk, other = live("naor"), live("mira")
    talk.join()
    other.join()
    first = talk.say("Hello", key="k1")
    assert talk.say("Hello", key="k1") == first
    for _ in range(3):
        talk.send("say", room="general", text="under way", key="k2")
    talk.say("last", key="k3")
    assert next(x["n"] for x in talk.heard if x.get("key") == "k2") == 2
    assert len(hub.lines()) == 3
    other.expect("say", key="k3")
    assert numbers(other.heard) == [1, 2, 3], "others hear it once"


def test_a_key_is_the_same_over_http_and_live(hub: Serving, live: Live) -> None:
    session = hub.session("naor")
    talk = live(headers=session)
    talk.hello()
    event = talk.say("Hello", key="k1")
    answer = hub.ask("POST", "/api/chat/general", {"msg": "Hello", "key": "k1"}, session)
    assert (answer.status, answer.json) == (200, event)


Untold = tuple[Callable[[str], None], Callable[[], None]]


@pytest.fixture
def untold(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[Untold]:
    """Two functions: the first has a command for 'general' saved and comes back when it is on
    disk and not yet told; the second lets it be told."""
    on_disk, may_be_told = threading.Event(), threading.Event()
    own = hub.server._hub
    assert own is not None
    saves = own._writer._commit.save

    def held(written: Sequence[tuple[History, Sequence[bytes]]]) -> list[Refused | None]:
        saved = saves(written)
        on_disk.set()
        may_be_told.wait(60)
        return saved

    def save(command: str) -> None:
        monkeypatch.setattr(own._writer._commit, "save", held)
        naor.frame(command)
        assert on_disk.wait(PATIENCE)

    with hub.talk() as naor:
        naor.hello("naor")
        naor.say("one")
        yield save, may_be_told.set
        may_be_told.set()


def test_an_event_saved_before_its_broadcast_is_sent_once(live: Live, untold: Untold) -> None:
    save, tell = untold
    mira = live("mira")
    save(line("say", room="general", text="two"))
    mira.join(after=0)
    tell()
    mira.expect("say", text="two")
    mira.settle()
    assert numbers(mira.heard) == [1, 2]


def test_a_page_does_not_show_an_edit_before_its_broadcast(hub: Serving, untold: Untold) -> None:
    save, tell = untold
    save(line("edit", room="general", of=1, text="better"))
    early = hub.get("/api/chat/general", Accept=JSON)
    tell()
    deadline = time.monotonic() + PATIENCE
    while "better" not in hub.get("/api/chat/general").text:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    tag = early.headers["ETag"]
    assert hub.get("/api/chat/general", Accept=JSON, If_None_Match=tag).status == 200


@pytest.mark.parametrize("end", ["joined", "left", "unreadable"])
def test_a_room_is_in_use_while_somebody_catches_up(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """They are to join this very room in the end, so it must not go to rest meanwhile."""
    hub.say("Hello")
    own = hub.server._hub
    assert own is not None
    room = own.rooms.get("general")
    assert room is not None
    used: list[bool] = []
    began, send = threading.Event(), Replay.send

    async def noted(self: Replay, outbox: Outbox, backpressure: Backpressure) -> None:
        used.append(room.in_use and not room.listeners)
        began.set()
        if end == "unreadable":
            raise OSError(5, "Input/output error")
        if end == "left":
            await asyncio.Event().wait()
        await send(self, outbox, backpressure)

    monkeypatch.setattr(Replay, "send", noted)
    talk = live("naor")
    talk.send("join", room="general", after=0)
    assert began.wait(PATIENCE)
    if end == "left":
        talk.send("leave", room="general")
        talk.settle()
    else:
        talk.expect("joined" if end == "joined" else "refused")
    assert used == [True]
    assert hub.on_loop(lambda: room.joining) == 0
    assert hub.on_loop(lambda: room.in_use) == (end == "joined")
