"""The live interface as contract 4 tells it, over real sockets to a real hub."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

import hub.store.writer as hub_writer
from hub.rooms import SMALL
from hub.web.live import BACKLOG, LiveConnection
from hub.web.wire.websocket import TURN
from tests.conftest import Live, Serve
from tests.serving import Serving
from tests.talk import Talk, line

Untold = tuple[Callable[[str], None], Callable[[], None]]

JSON = "application/json"
LINES = "application/x-ndjson"


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [x["n"] for x in events if "n" in x]


# -- hello ------------------------------------------------------------------------------------


def test_hello_is_answered_by_a_welcome(hub: Serving, live: Live) -> None:
    welcome = live().hello("naor")
    assert welcome["name"] == "naor"
    assert welcome["who"].startswith("p_")
    assert welcome["token"]
    assert welcome["instance"] == hub.get("/api/health").json["instance"]


@pytest.mark.slow
def test_hello_comes_within_its_time(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.hello.HELLO_SECONDS", 1.5)
    began = time.monotonic()
    code, reason = live().closed()
    assert code == 1008
    assert reason
    assert 1.4 < time.monotonic() - began < 15
    greeted = live("naor")
    assert greeted.quiet(2) == [], "who said hello in time stays"
    greeted.join()


@pytest.mark.parametrize("do", ["join", "say", "typing", "seen", "leave", "erase"])
def test_nothing_comes_before_hello(hub: Serving, live: Live, do: str) -> None:
    talk = live()
    talk.send(do, room="general", text="x", key="k", n=1, of=1)
    assert talk.expect("refused")["code"] == "hello_first"
    assert talk.closed()[0] == 1008
    assert not hub.lines()


def test_what_is_unknown_may_come_before_hello(live: Live) -> None:
    talk = live()
    talk.send("dance", room=5)
    talk.hello("naor")


def test_malformed_before_hello_ends_it(live: Live) -> None:
    talk = live()
    talk.frame("nonsense")
    assert talk.expect("refused")["code"] == "malformed"
    assert talk.closed()[0] == 1008


def test_a_name_that_is_here_is_taken(live: Live) -> None:
    live("naor")
    other = live()
    assert other.refused("hello", name="Naor") == ("name_taken", None)
    assert other.hello("mira")["name"] == "mira", "another name may be said"


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "x" * 10_000, "a\u0000b", "\u202ex"])
def test_an_impossible_name_is_refused(live: Live, name: str) -> None:
    talk = live()
    assert talk.refused("hello", name=name)[0] == "name_invalid"
    talk.hello("naor")


def test_hello_needs_somebody(live: Live) -> None:
    talk = live()
    assert talk.refused("hello")[0] == "who_are_you"
    assert talk.closed()[0] == 1008


def test_who_leaves_gives_the_name_back(hub: Serving, live: Live) -> None:
    first = live()
    who = first.hello("naor")["who"]
    first.close()
    deadline = time.monotonic() + 20
    while True:
        second = live()
        second.send("hello", name="naor")
        told = second.until(lambda x: x["do"] in ("welcome", "refused"))
        if told["do"] == "welcome":
            break
        assert time.monotonic() < deadline
        second.close()
        time.sleep(0.05)
    assert told["who"] != who


def test_a_token_comes_back_as_the_same_person(hub: Serving, live: Live) -> None:
    first = live()
    welcome = first.hello("naor")
    first.close()
    second = live()
    again = second.hello(token=welcome["token"])
    assert (again["who"], again["name"]) == (welcome["who"], "naor")
    second.close()
    third = live()
    assert third.refused("hello", name="naor")[0] == "name_taken", "who came back stays"
    hub.restart()
    fourth = live()
    assert fourth.hello(token=welcome["token"])["who"] == welcome["who"]


def test_a_token_of_nobody_is_refused(live: Live) -> None:
    talk = live()
    assert talk.refused("hello", name="naor", token="guessed")[0] == "who_are_you"
    assert talk.closed()[0] == 1008


def test_a_browser_says_hello_by_its_cookie(hub: Serving, live: Live) -> None:
    session = hub.session("naor")
    me = hub.ask("GET", "/api/me", None, session).json["person"]
    talk = live(headers=session)
    welcome = talk.hello()
    assert (welcome["who"], welcome["name"]) == (me["who"], "naor")
    assert "token" not in welcome, "a page never sees its token"
    talk.join()
    assert talk.say("Hello")["who"] == me["who"]


@pytest.mark.parametrize("origin", [None, "http://evil.example", "https://127.0.0.1", "null"])
def test_a_foreign_page_gets_no_socket(hub: Serving, live: Live, origin: str | None) -> None:
    headers = hub.session("naor")
    del headers["Origin"]
    if origin is not None:
        headers["Origin"] = origin
    with pytest.raises(InvalidStatus) as refused:
        live(headers=headers)
    assert refused.value.response.status_code == 403


def test_a_code_is_asked_for(serve: Serve, live: Live) -> None:
    hub = serve(hub_code="ember")
    for wrong in (None, "coal"):
        talk = live(at=hub)
        code = talk.refused("hello", name="naor", code=wrong)[0]
        assert code == ("code_wrong" if wrong else "code_needed")
        assert talk.closed()[0] == 1008
    live(at=hub).hello("naor", code="ember")


def test_there_is_one_socket_address(hub: Serving) -> None:
    for path in ("/", "/general", "/api/chat/general", "/api/live/", "/api/livex"):
        with pytest.raises(InvalidStatus) as refused:
            Talk(f"ws://{hub.name}{path}")
        assert refused.value.response.status_code == 404


def test_deflate_is_off(live: Live) -> None:
    talk = live("naor", compression="deflate")
    assert talk.socket.response is not None
    assert "Sec-WebSocket-Extensions" not in talk.socket.response.headers


# -- rooms ------------------------------------------------------------------------------------


def test_several_lines_in_one_frame(hub: Serving, live: Live) -> None:
    talk = live()
    said = [line("say", room="general", text=str(n), key=f"k{n}") for n in range(5)]
    talk.frame("\n".join([line("hello", name="naor"), "", line("join", room="general"), *said]))
    assert [talk.expect("say", key=f"k{n}")["n"] for n in range(5)] == [1, 2, 3, 4, 5]
    assert len(hub.lines()) == 5


def test_a_message_in_fragments(live: Live) -> None:
    talk = live("naor")
    talk.join()
    whole = line("say", room="general", text="é" * 100, key="k")
    talk.socket.send([whole[:20], whole[20:21], "", whole[21:]])
    assert talk.expect("say")["text"] == "é" * 100


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


@pytest.mark.parametrize(("after", "replayed"), [(0, [1, 2, 3]), (2, [3]), (3, []), (99, [])])
def test_join_replays_what_follows(
    hub: Serving, live: Live, after: int, replayed: list[int]
) -> None:
    for n in range(3):
        hub.say(str(n))
    talk = live("naor")
    assert numbers(talk.join(after=after)) == replayed
    assert talk.heard[-1]["last"] == 3, "joined comes when the replay is complete"
    hub.say("new")
    assert talk.expect("say")["n"] == 4


def test_a_long_replay_is_whole(hub: Serving, live: Live) -> None:
    talk = live("naor")
    for n in range(300):
        talk.send("say", room="general", text=f"{n} " + "x" * 3000, key=f"k{n}")
    talk.expect("say", key="k299")
    late = live("mira")
    assert numbers(late.join(after=0)) == list(range(1, 301))
    assert [x for x in late.lines if b'"n":' in x] == [x[:-1] for x in hub.lines()]


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


def test_who_left_hears_no_more(hub: Serving, live: Live) -> None:
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


@pytest.mark.parametrize("room", ["", "con", "a/b", "..", "x" * 65, "x" * 10_000, "api", "\u202e"])
def test_an_impossible_room_is_refused(hub: Serving, live: Live, room: str) -> None:
    talk = live("naor")
    for do in ("join", "say", "leave", "typing"):
        assert talk.refused(do, room=room, text="x", key="k")[0] == "room_name"
    assert not list(hub.path.glob("*.jsonl"))


# -- saying -----------------------------------------------------------------------------------


def test_the_own_event_is_the_acknowledgement(hub: Serving, live: Live) -> None:
    naor, mira = live("naor"), live("mira")
    naor.join()
    mira.join()
    event = naor.say("Hello", key="k1")
    assert event == json.loads(hub.lines()[0])
    assert (event["by"], event["key"], event["n"]) == ("naor", "k1", 1)
    assert mira.expect("say") == event
    assert numbers(naor.settle()) == [], "told once"


def test_who_is_not_in_the_room_is_told_too(hub: Serving, live: Live) -> None:
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


# -- answers, replays and what is handed out, crossing -----------------------------------------


@pytest.fixture
def five(live: Live) -> Talk:
    """naor, in no room, who said 'k1' to 'k4' and edited the first under 'k5'."""
    talk = live("naor")
    for n in range(1, 5):
        talk.say(f"text {n}", key=f"k{n}")
    talk.do("edit", of=1, text="better", key="k5")
    talk.heard.clear()
    return talk


def repeated(number: int) -> str:
    if number == 5:
        return line("edit", room="general", of=1, text="better", key="k5")
    return line("say", room="general", text=f"text {number}", key=f"k{number}")


def test_what_a_replay_brings_is_the_answer(five: Talk) -> None:
    five.frame("\n".join([line("join", room="general", after=0), *map(repeated, (5, 2, 2, 4))]))
    five.expect("joined")
    five.settle()
    assert numbers(five.heard) == [1, 2, 3, 4, 5]


def test_no_answer_comes_between_the_lines_of_a_replay(five: Talk) -> None:
    five.frame("\n".join([line("join", room="general", after=2), *map(repeated, (2, 4, 1))]))
    five.expect("joined")
    assert numbers(five.heard) == [3, 4, 5]
    five.settle()
    assert numbers(five.heard) == [3, 4, 5, 1, 2], "and what it does not bring comes behind it"


def test_what_is_new_comes_once_whatever_it_crosses(five: Talk) -> None:
    new = line("say", room="general", text="new", key="new")
    five.frame("\n".join([new, line("join", room="general", after=0), new, repeated(1), new]))
    five.until(lambda x: x.get("n") == 6)
    five.settle()
    five.settle()
    assert numbers(five.heard) == [1, 2, 3, 4, 5, 6]


def test_who_comes_or_goes_while_it_is_saved_has_one_answer(five: Talk) -> None:
    new = line("say", room="general", text="new", key="new")
    five.frame("\n".join([new, new, line("join", room="general")]))
    five.until(lambda x: x.get("n") == 6)
    five.settle()
    assert numbers(five.heard) == [6], "in the room it is handed out"
    newer = line("say", room="general", text="newer", key="newer")
    five.frame("\n".join([newer, line("leave", room="general")]))
    five.until(lambda x: x.get("n") == 7)
    five.settle()
    assert numbers(five.heard) == [6, 7], "who has left is answered"


def test_who_leaves_in_a_replay_has_the_answer(five: Talk) -> None:
    five.frame(
        "\n".join(
            [line("join", room="general", after=0), repeated(3), line("leave", room="general")]
        )
    )
    five.settle()
    assert numbers(five.heard) == [3]


@pytest.mark.parametrize(("after", "told"), [(0, [1, 2, 3, 4, 5]), (3, [4, 5, 3]), (None, [3])])
def test_who_joins_again_in_a_replay_has_the_answer(
    five: Talk, after: int | None, told: list[int]
) -> None:
    join = line("join", room="general", after=0)
    five.frame("\n".join([join, repeated(3), line("join", room="general", after=after)]))
    five.expect("joined")
    five.settle()
    assert numbers(five.heard) == told


def test_an_answer_that_a_replay_would_have_brought_is_not_lost_with_it(
    hub: Serving, live: Live
) -> None:
    for n in range(200):
        hub.say(f"{n} " + "x" * 15_000)
    slow, ear = live("slow", **narrow(hub)), live("ear")
    ear.join()
    slow.send("join", room="general", after=0)
    slow.send("say", room="general", text="new", key="new")
    event = ear.expect("say", key="new")
    slow.send("leave", room="general")
    slow.settle()
    assert [x for x in slow.heard if x.get("key") == "new"] == [event]
    assert len(numbers(slow.heard)) < 200, "the replay was still under way"


def test_who_leaves_in_a_replay_as_it_goes_on_has_left(hub: Serving, live: Live) -> None:
    """At the very moment at which there is room for more again."""
    for n in range(200):
        hub.say(f"{n} " + "x" * 15_000)
    slow = live("slow", **narrow(hub))
    slow.send("join", room="general", after=0)
    [session] = list(hub.server._hub.clients) if hub.server._hub else []
    assert isinstance(session, LiveConnection)
    deadline = time.monotonic() + 20
    while not hub.on_loop(lambda: session._outbox.paused):
        assert time.monotonic() < deadline
        time.sleep(0.01)

    def go_on_and_leave() -> None:
        session.drained()
        session._subscriptions.leave("general")

    hub.on_loop(go_on_and_leave)
    slow.settle()
    assert 0 < len(numbers(slow.heard)) < 200
    hub.say("unheard")
    slow.settle()
    assert "joined" not in [x["do"] for x in slow.heard]
    assert 201 not in numbers(slow.heard)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_crosses_each_line_comes_once_and_in_its_order(
    hub: Serving, live: Live, seed: int
) -> None:
    """Clients that come and go, speak, and say again what they have said, all at once."""
    for n in range(50):
        hub.say(f"{n} " + "x" * 2000)
    talks = [live(f"naor{n}", **(narrow(hub) if n == 0 else {})) for n in range(4)]

    def come_go_and_repeat(number: int) -> None:
        chance = random.Random(seed * 10 + number)
        said: dict[str, int] = {}
        for turn in range(25):
            keys = [f"{number}-{turn}-{n}" for n in range(chance.randrange(4))]
            keys += chance.choices([*keys, *said, f"{number}"], k=chance.randrange(4))
            chance.shuffle(keys)
            after = chance.randrange(max([50, *said.values()]))
            heard = one_turn(talks[number], chance, keys, after)
            said |= {x["key"]: x["n"] for x in heard if x.get("key") in keys}
            follow(heard, after, {said[x] for x in keys})

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(come_go_and_repeat, number) for number in range(4)]:
            each.result(120)


def one_turn(talk: Talk, chance: random.Random, keys: list[str], after: int) -> list[Any]:
    """Join, say something under each key, leave; gives what was heard of the room."""
    commands = [line("say", room="general", text="x" * 500, key=x) for x in keys]
    commands.insert(0, line("join", room="general", after=after))
    stays = chance.random() < 0.7
    if not stays:
        commands.append(line("leave", room="general"))
    before = len(talk.heard)
    while commands:
        cut = chance.randint(1, len(commands))
        talk.frame("\n".join(commands[:cut]))
        del commands[:cut]
    awaited = {*keys, *(["joined"] if stays else [])}
    while awaited:
        told = talk.next()
        awaited -= {told.get("key"), told["do"]}
    talk.send("leave", room="general")
    talk.settle()
    return [x for x in talk.heard[before:] if "n" in x or x["do"] == "joined"]


def follow(heard: list[Any], last: int, own: set[int]) -> None:
    """First comes the replay, whole unless the client left; then what is new, and answers."""
    numbered = [x.get("n") for x in heard]
    while numbered and numbered[0] == last + 1:
        last += 1
        del numbered[0]
    if None in numbered:
        assert numbered[0] is None, "nothing else comes in a replay"
        assert heard[-len(numbered)]["last"] == last
        del numbered[0]
    for n in numbered:
        assert n == last + 1 or n in own, (n, last)
        last = max(last, n or 0)


def test_two_connections_of_one_person_each_have_each_event_once(hub: Serving, live: Live) -> None:
    session = hub.session("naor")
    here, late, out = (live(headers=session) for _ in range(3))
    for talk in (here, late, out):
        talk.hello()
    here.join()
    here.say("first", key="k1")
    new = line("say", room="general", text="new", key="new")
    late.frame("\n".join([line("join", room="general", after=0), repeated(1)]))
    for talk in (here, late, out):
        talk.frame(new)
        talk.until(lambda x: x.get("key") == "new")
    for talk, all_ in ((here, [1, 2]), (late, [1, 2]), (out, [2])):
        talk.settle()
        assert sorted(set(numbers(talk.heard))) == all_
        assert numbers(talk.heard)[: len(all_)] == all_
    assert len(hub.lines()) == 2


def test_a_replay_that_cannot_be_read_ends_and_is_told(
    five: Talk, hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("hub.store.history.History.blocks", unreadable)
        five.frame("\n".join([line("join", room="general", after=0), repeated(3)]))
        assert five.expect("refused")["code"] == "room_closed"
    five.settle()
    assert numbers(five.heard) == [3]
    five.say("not in the room, and answered")
    assert numbers(five.join(after=0)) == [1, 2, 3, 4, 5, 6]


def test_nothing_comes_before_the_welcome(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rooms move on while a newcomer's token is still on its way to the disk."""
    own = hub.server._hub
    assert own is not None
    kept: list[asyncio.Event] = []

    async def not_yet() -> None:
        kept.append(asyncio.Event())
        await kept[0].wait()

    other = live("mira")
    monkeypatch.setattr(own, "people_kept", not_yet)
    talk = live()
    talk.send("hello", name="naor")
    deadline = time.monotonic() + 20
    while not kept:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    hub.say("Hello")
    other.expect("room", room="general")
    monkeypatch.undo()
    hub.on_loop(lambda: kept[0].set())
    assert talk.next()["do"] == "welcome"
    assert talk.next() == other.heard[-1], "and it is not forgotten"


MALFORMED = [
    "x",
    "{",
    "null",
    "5",
    '"say"',
    "[]",
    "{}",
    '{"do":null}',
    '{"do":5}',
    '{"room":"general"}',
    '{"do":"say"}',
    '{"do":"say","room":"general"}',
    '{"do":"say","room":5,"text":"x"}',
    '{"do":"say","room":null,"text":"x"}',
    '{"do":"say","room":"general","text":null}',
    '{"do":"say","room":"general","text":["x"]}',
    '{"do":"say","room":"general","text":"x","key":""}',
    '{"do":"say","room":"general","text":"x","key":5}',
    '{"do":"say","room":"general","text":"x","key":"' + "k" * 129 + '"}',
    '{"do":"say","room":"general","text":"x","re":0}',
    '{"do":"say","room":"general","text":"x","re":"1"}',
    '{"do":"say","room":"general","text":"\\ud800"}',
    '{"do":"join"}',
    '{"do":"join","room":"general","after":-1}',
    '{"do":"join","room":"general","after":1.5}',
    '{"do":"join","room":"general","after":"1"}',
    '{"do":"join","room":"general","after":' + "9" * 30 + "}",
    '{"do":"edit","room":"general","text":"x"}',
    '{"do":"edit","room":"general","of":1}',
    '{"do":"erase","room":"general","of":-1}',
    '{"do":"react","room":"general","of":"1","text":"x"}',
    '{"do":"pin","room":"general"}',
    '{"do":"seen","room":"general"}',
    '{"do":"seen","room":"general","n":-1}',
    '{"do":"topic","room":"general"}',
    '{"do":"say","room":"general","text":"x"} {}',
    "[" * 50_000,
    '{"a":' * 10_000,
    '{"do":"hello","name":5}',
]


def test_malformed_commands_are_refused_one_by_one(hub: Serving, live: Live) -> None:
    talk = live("naor")
    talk.join()
    for text in MALFORMED:
        talk.frame(text)
        told = talk.expect("refused")
        assert told["code"] == "malformed", text[:80]
    assert talk.say("still here")["n"] == 1
    assert len(hub.lines()) == 1


@pytest.mark.parametrize(
    "more", [{"text": 5}, {}, {"text": "x", "re": 0}, {"text": "\ud800"}, {"room": 5, "text": "x"}]
)
def test_a_malformed_command_is_refused_under_its_key(live: Live, more: dict[str, Any]) -> None:
    talk = live("naor")
    talk.send(**{"do": "say", "room": "general", "key": "k1", **more})
    told = talk.expect("refused", key="k1", code="malformed")
    assert told.get("room") == (None if "room" in more else "general")


def test_a_command_that_the_hub_breaks_on_is_refused_and_the_next_is_not(
    live: Live, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("ours")

    talk = live("naor")
    talk.join()
    with monkeypatch.context() as patched:
        patched.setattr("hub.hub.Hub.take", broken)
        talk.send("say", room="general", text="x", key="k1")
        told = talk.expect("refused", key="k1", room="general")
        assert told["code"] == "failed"
    assert talk.say("Hello")["n"] == 1
    assert "a command failed" in caplog.text


def test_many_malformed_commands_end_it(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.live.FAULTS", 10)
    talk = live("naor")
    for _ in range(9):
        talk.frame("x")
    talk.join()
    talk.frame("x")
    assert talk.closed()[0] == 1008


@pytest.mark.parametrize("do", ["dance", "Say", "HELLO", "", "here", "joined", "welcome"])
def test_an_unknown_do_is_ignored(live: Live, do: str) -> None:
    talk = live("naor")
    talk.join()
    for _ in range(150):  # more than malformed ones may be
        talk.send(do, room="general", text=5, key="k")
    assert [x for x in talk.settle() if x["do"] == "refused"] == []


def test_unknown_members_are_ignored(live: Live) -> None:
    talk = live("naor")
    assert "colour" not in talk.say("Hello", colour="red", by="mira", n=99, who="p_x")
    assert talk.heard[-1]["by"] == "naor"


@pytest.mark.parametrize("text", ["", " ", "\n\t\u00a0"])
def test_an_empty_message_is_refused(hub: Serving, live: Live, text: str) -> None:
    assert live("naor").refused("say", room="general", text=text, key="k") == ("empty", "k")
    assert not hub.lines()


def test_a_message_that_is_too_long_is_refused(serve: Serve, live: Live) -> None:
    hub = serve(message_bytes=100)
    talk = live("naor", at=hub)
    assert talk.refused("say", room="general", text="é" * 51, key="k") == ("too_long", "k")
    assert talk.say("é" * 50)["n"] == 1
    assert talk.refused("edit", room="general", of=1, text="x" * 101, key="k2")[0] == "too_long"


def test_who_is_too_fast_is_refused(serve: Serve, live: Live) -> None:
    hub = serve(message_rate=2.0)
    talk = live("naor", at=hub)
    said = [line("say", room="general", text=str(n), key=f"k{n}") for n in range(4)]
    # In one piece: the time that a disk takes to save the first would earn another.
    talk.frame("\n".join([*said, line("say", room="general", text="x", key="k")]))
    told = talk.expect("refused")
    assert (told["code"], told["key"], told["room"]) == ("too_fast", "k", "general")
    assert 0 < told["retry_after"] <= 0.5
    time.sleep(told["retry_after"])
    assert talk.say("in time", key="k")["n"] == 5


@pytest.mark.slow
def test_who_sends_too_many_commands_waits_for_the_others(
    serve: Serve, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.wire.connection_limits.COMMAND_BURST", 10)
    talk = live("naor", at=serve(message_rate=0.1))
    began = time.monotonic()
    talk.frame("\n".join(line("join", room=f"r{n}") for n in range(40)))
    told = [talk.expect("joined")["room"] for _ in range(40)]
    assert told == [f"r{n}" for n in range(40)], "late, in order and all of them"
    assert time.monotonic() - began > 0.5


@pytest.mark.slow
def test_a_full_room_behind_one_address_is_not_held_up(
    serve: Serve, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of its pages answers each message with how far it has read."""
    monkeypatch.setattr("hub.web.wire.connection_limits.COMMAND_BURST", 400)
    talk = live("naor", at=serve(message_rate=2.0))
    began = time.monotonic()
    seen = [line("seen", room="general", n=1)] * 1300
    talk.frame("\n".join([*seen, line("join", room="general")]))
    talk.expect("joined")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize(
    "sent",
    [
        line("join", room="general"),
        line("typing", room="general"),
        line("seen", room="general", n=1),
        line("say", room="general", text=""),
        line("unheard-of"),
        '{"do":"say"}',
        "[",
        "",
    ],
)
def test_whatever_comes_beyond_the_rate_waits_and_others_do_not(
    serve: Serve, live: Live, monkeypatch: pytest.MonkeyPatch, sent: str, apart: bool
) -> None:
    """Counted are the lines that the hub has taken when somebody else is answered."""
    monkeypatch.setattr("hub.web.wire.connection_limits.COMMAND_BURST", 300)
    monkeypatch.setattr("hub.web.live.FAULTS", 10_000)
    taken = 0

    def receive(session: LiveConnection, text: bytes) -> None:
        nonlocal taken
        taken += 1
        really(session, text)

    really = LiveConnection._receive
    hub = serve(message_rate=0.001)  # so that no time gives more
    talk = live("naor", at=hub, close_timeout=0.1)
    talk.join()
    monkeypatch.setattr(LiveConnection, "_receive", receive)
    if apart:
        for _ in range(500):
            talk.frame(sent)
    else:
        talk.frame("\n".join([sent] * 1000))
    with rested(hub, "naor"):
        for _ in range(20):
            asked = {"name": "mira", "token": None}
            assert hub.ask("POST", "/api/session", asked, source="127.0.0.2").status in (201, 409)
            assert hub.ask("GET", "/api/health", source="127.0.0.2").status == 200
    assert 1 <= taken <= 300


def test_who_sends_much_gives_others_their_turn(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much lies in one frame, the loop serves others after so many lines of it."""
    taken = 0
    turns: list[int] = []

    def receive(session: LiveConnection, text: bytes) -> None:
        nonlocal taken
        if taken % 100 == 0:
            asyncio.get_running_loop().call_soon(lambda before: turns.append(taken - before), taken)
        taken += 1

    talk = live("naor")
    monkeypatch.setattr(LiveConnection, "_receive", receive)
    talk.frame("\n" * 20_000)
    deadline = time.monotonic() + 60
    while taken < 20_001:
        assert time.monotonic() < deadline, taken
        time.sleep(0.01)
    assert len(turns) >= 200
    assert max(turns) <= TURN


def test_what_comes_while_a_large_room_opens_waits_with_its_sender(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.rooms.SMALL", 0)
    hub.say("Hello", "large")
    own = hub.server._hub
    assert own is not None
    hub.on_loop(lambda: own.rooms._rooms.clear())
    read, go = own.rooms._read, threading.Event()

    def slowly(name: str) -> Any:
        assert go.wait(60)
        return read(name)

    monkeypatch.setattr(own.rooms, "_read", slowly)
    talk = live("naor")
    talk.send("join", room="large")
    for n in range(1000):
        talk.send("say", room="large", text=str(n), key=f"k{n}")
    with rested(hub, "naor") as session:
        assert session._waiting is not None
        assert len(session._waiting) == BACKLOG
        go.set()
    assert talk.expect("say", key="k999")["n"] == 1001
    said = [x["text"] for x in talk.heard if x["do"] == "say"]
    assert said == [str(n) for n in range(1000)], "nothing is lost, and all in order"


@contextmanager
def rested(hub: Serving, name: str) -> Iterator[LiveConnection]:
    """The session of somebody, once nothing more is read from them."""
    own = hub.server._hub
    assert own is not None
    session = next(x for x in own.clients if x.person.name == name)
    assert isinstance(session, LiveConnection)
    deadline = time.monotonic() + 60
    while hub.on_loop(session._socket.transport.is_reading):
        assert time.monotonic() < deadline, "it is still read from"
        time.sleep(0.01)
    yield session


def test_an_answer_to_what_is_not_there(hub: Serving, live: Live) -> None:
    talk = live("naor")
    for of in (1, 2**53):
        assert talk.refused("say", room="general", text="x", re=of, key="k")[0] == "no_such_message"
    talk.say("first")
    assert talk.say("second", re=1)["re"] == 1


# -- edit, erase, react, pin, topic -----------------------------------------------------------


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
    for text in ("", "a b", "x" * 17, "\n", "\x00"):
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


# -- passing events ---------------------------------------------------------------------------


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


def test_who_was_listed_and_leaves_at_once_is_told_to_have_left(hub: Serving, live: Live) -> None:
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


def test_typing_passes_to_the_others(live: Live) -> None:
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


def test_seen_passes_to_the_own_devices(hub: Serving, live: Live) -> None:
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
def test_other_rooms_tell_that_they_moved_on(hub: Serving, live: Live) -> None:
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


# -- under load -------------------------------------------------------------------------------


def test_replay_under_load_has_no_gap_and_no_duplicate(hub: Serving, live: Live) -> None:
    senders, each = 8, 60
    events = senders * each
    talks = [live(f"sender{n}") for n in range(senders)]
    talks[0].join(after=0)

    def send(number: int) -> None:
        for n in range(each):
            talks[number].send("say", room="general", text=f"{number}-{n}", key=f"k{n}")
            if n % 5 == 0:
                time.sleep(0.002)

    with ThreadPoolExecutor(senders + 6) as pool:
        readers = [pool.submit(come_and_go, hub, f"reader{n}", events) for n in range(6)]
        list(pool.map(send, range(senders)))
        for reader in readers:
            reader.result(120)
    talks[0].until(lambda x: x.get("n") == events, 30)
    assert numbers(talks[0].heard) == list(range(1, events + 1))
    assert [json.loads(x)["n"] for x in hub.lines()] == list(range(1, events + 1))
    for number, talk in enumerate(talks[1:], 1):
        acks = [talk.until(lambda x, n=n: x.get("key") == f"k{n}") for n in range(each)]
        assert [x["text"] for x in acks] == [f"{number}-{n}" for n in range(each)]


def come_and_go(hub: Serving, name: str, events: int) -> None:
    """Join in the middle of it, over and over, until all events were heard one by one."""

    last = 0

    def follow(told: dict[str, Any]) -> None:
        nonlocal last
        if "n" in told:
            assert told["n"] == last + 1, f"{told['n']} came after {last}"
            last += 1

    with hub.talk() as talk:
        talk.hello(name)
        while last < events:
            talk.send("join", room="general", after=last)
            before = len(talk.heard)
            while last < events and len(talk.heard) < before + 40:
                follow(talk.next())
            talk.send("leave", room="general")
            for told in talk.settle():
                follow(told)


@pytest.fixture
def untold(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[Untold]:
    """Two functions: the first has a command for 'general' saved and comes back when it is on
    disk and not yet told, as the disk is busy with another room of the batch; the second ends
    that."""
    busy = {"first": threading.Event(), "second": threading.Event()}
    on_disk = threading.Event()
    sync = hub_writer._sync

    def held(work: Any) -> None:
        sync(work)
        room = work.history.room if isinstance(work, hub_writer._Append) else ""
        if room == "general":
            on_disk.set()
        elif room in busy:
            busy[room].wait(60)

    def save(command: str) -> None:
        monkeypatch.setattr("hub.store.writer._sync", held)
        naor.send("say", room="first", text="x")
        naor.settle()
        naor.frame(command)
        naor.send("say", room="second", text="x")
        naor.settle()
        busy["first"].set()
        assert on_disk.wait(30)

    def tell() -> None:
        for gate in busy.values():
            gate.set()

    with hub.talk() as naor:
        naor.hello("naor")
        naor.say("one")
        yield save, tell
        tell()


def test_what_is_saved_and_not_yet_told_is_heard_once(live: Live, untold: Untold) -> None:
    save, tell = untold
    mira = live("mira")
    save(line("say", room="general", text="two"))
    mira.join(after=0)
    tell()
    mira.expect("room", room="second")
    assert numbers(mira.heard) == [1, 2]


def test_a_page_with_an_edit_that_is_not_yet_told(hub: Serving, untold: Untold) -> None:
    save, tell = untold
    save(line("edit", room="general", of=1, text="better"))
    early = hub.get("/api/chat/general", Accept=JSON)
    tell()
    deadline = time.monotonic() + 20
    while "better" not in hub.get("/api/chat/general").text:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    tag = early.headers["ETag"]
    assert hub.get("/api/chat/general", Accept=JSON, If_None_Match=tag).status == 200


def test_one_who_does_not_read_delays_nobody_and_misses_nothing(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.outbox.BYTES", 1 << 18)
    slow = live("slow", **narrow(hub))
    slow.join(after=0)
    naor = live("naor")
    naor.join()
    last = 0
    for _ in range(1000):
        began = time.monotonic()
        last = naor.say("x" * 12_000)["n"]
        assert time.monotonic() - began < 15
        if outbox_of(hub, "slow") is None:
            break
    else:
        raise AssertionError("it was never closed")
    assert slow.closed()[0] == 1013
    heard = numbers(slow.heard)
    assert heard == list(range(1, len(heard) + 1))
    assert len(heard) < last
    assert numbers(live("again").join(after=len(heard))) == list(range(len(heard) + 1, last + 1))


def test_one_who_reads_late_but_in_time_hears_it_all(hub: Serving, live: Live) -> None:
    slow = live("slow", **narrow(hub))
    slow.join()
    naor = live("naor")
    for _ in range(1000):
        last = naor.say("x" * 12_000)["n"]
        if (outbox_of(hub, "slow") or 0) > 1 << 19:
            break
    else:
        raise AssertionError("nothing ever waited")
    slow.until(lambda x: x.get("n") == last)
    assert naor.say("and on")["n"] == last + 1
    slow.expect("say", n=last + 1)
    assert numbers(slow.heard) == list(range(1, last + 2))
    assert slow.socket.close_code is None


def narrow(hub: Serving) -> dict[str, Any]:
    """The options of a connection that takes little at a time."""
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.connect(("127.0.0.1", hub.port))
    return {"sock": small, "max_queue": 1, "close_timeout": 0.2}


def outbox_of(hub: Serving, name: str) -> int | None:
    """How many bytes wait for somebody; None where the hub has given up."""
    own = hub.server._hub
    assert own is not None

    def waiting() -> int | None:
        found = [x._outbox for x in own.clients if x.person.name == name]  # type: ignore[attr-defined]
        return found[0]._bytes if found and not found[0]._closed else None

    return hub.on_loop(waiting)


def test_a_slow_reader_of_a_long_replay_gets_it_all(hub: Serving, live: Live) -> None:
    """Whoever reads slowly but does read is waited for, however much there is."""
    naor = live("naor")
    for n in range(500):
        naor.send("say", room="general", text=f"{n} " + "x" * 12_000, key=f"k{n}")
    naor.expect("say", key="k499")
    slow = live("slow", **narrow(hub))
    slow.send("join", room="general", after=0)
    time.sleep(0.5)
    for n in range(10):
        hub.say(f"meanwhile {n}")
    slow.expect("joined", 60)
    slow.settle()
    assert numbers(slow.heard) == list(range(1, 511))


def test_replays_of_many_rooms_wait_for_a_slow_reader_one_by_one(hub: Serving, live: Live) -> None:
    """However many rooms a client comes back to, no more than a block or two waits for it."""
    rooms = [f"room{number}" for number in range(40)]
    for room in rooms:
        for n in range(10):
            hub.say(f"{n} " + "x" * 12_000, room)
    slow = live("slow", **narrow(hub))
    for room in rooms:
        slow.send("join", room=room, after=0)
    time.sleep(0.5)
    assert (outbox_of(hub, "slow") or 0) < 1 << 17
    for _ in rooms:
        slow.expect("joined", 60)
    for room in rooms:
        assert [x["n"] for x in slow.heard if x.get("room") == room and "n" in x] == list(
            range(1, 11)
        )


# -- the end of it ----------------------------------------------------------------------------


def test_binary_is_1003(live: Live) -> None:
    talk = live("naor")
    talk.socket.send(line("join", room="general").encode(), text=False)
    assert talk.closed()[0] == 1003


@pytest.mark.parametrize(
    "text", [b"\xff", b'{"do":"x","y":"\xed\xa0\x80"}', b"\xc0\x80", b"caf\xe9"]
)
def test_what_is_not_utf8_is_1007(live: Live, text: bytes) -> None:
    talk = live("naor")
    talk.frame(text)
    assert talk.closed()[0] == 1007


def test_a_frame_has_at_most_64_kib(hub: Serving, live: Live) -> None:
    fits, too_large = live("naor"), live("mira")
    fits.frame(line("x") + " " * ((1 << 16) - len(line("x"))))
    fits.join()
    too_large.frame("x" * ((1 << 16) + 1))
    assert too_large.closed()[0] == 1009
    in_parts = live("third")
    in_parts.socket.send(["x" * (1 << 15)] * 3)
    assert in_parts.closed()[0] == 1009


def test_a_frame_without_a_mask_is_1002(hub: Serving) -> None:
    key = b"dGhlIHNhbXBsZSBub25jZQ=="
    head = (
        b"GET /api/live HTTP/1.1\r\nHost: %b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n" % (hub.name.encode(), key)
    )
    with socket.create_connection(("127.0.0.1", hub.port), timeout=20) as connection:
        connection.sendall(head)
        assert connection.recv(4096).startswith(b"HTTP/1.1 101 ")
        connection.sendall(b"\x81\x02{}")
        taken = b""
        while more := connection.recv(4096):
            taken += more
            if len(taken) > 4:
                break
    assert taken[0] == 0x88
    assert int.from_bytes(taken[2:4], "big") == 1002


def test_a_session_that_ends_while_it_is_live(hub: Serving, live: Live) -> None:
    session = hub.session("naor")
    talk = live(headers=session)
    talk.hello()
    assert hub.ask("DELETE", "/api/session", None, session).status == 204
    again = live(headers=session)
    assert again.refused("hello")[0] == "who_are_you"
    assert again.closed()[0] == 1008


def test_stopping_closes_with_1001(hub: Serving, live: Live) -> None:
    talks = [live(f"naor{n}") for n in range(5)]
    for talk in talks:
        talk.join()
    waiting = live()
    began = time.monotonic()
    hub.stop()
    assert time.monotonic() - began < 10
    assert {x.closed()[0] for x in [*talks, waiting]} == {1001}
    hub.start()


@pytest.mark.slow
def test_stopping_does_not_wait_for_one_who_does_not_read(hub: Serving) -> None:
    key = b"dGhlIHNhbXBsZSBub25jZQ=="
    head = (
        b"GET /api/live HTTP/1.1\r\nHost: %b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n" % (hub.name.encode(), key)
    )
    with socket.create_connection(("127.0.0.1", hub.port), timeout=20) as connection:
        connection.sendall(head)
        assert connection.recv(4096).startswith(b"HTTP/1.1 101 ")
        began = time.monotonic()
        hub.stop()
        assert time.monotonic() - began < 10
    hub.start()


def test_one_who_vanishes_is_gone(hub: Serving, live: Live) -> None:
    mira, naor = live("mira"), live("naor")
    mira.join()
    naor.join()
    mira.until(lambda x: x["do"] == "here" and x["count"] == 2)
    naor.socket.socket.shutdown(socket.SHUT_RDWR)
    mira.until(lambda x: x["do"] == "here" and x.get("left") and x["count"] == 1)
    mira.say("goes on")


def test_idle_people_cost_no_thread(hub: Serving, live: Live) -> None:
    before = set(threading.enumerate())
    talks = [live(f"idle{n}") for n in range(20)]
    for talk in talks:
        talk.join()
    new = [x.name for x in set(threading.enumerate()) - before]
    # Each client of the test has threads of its own, which are the test's.
    ours = [x for x in new if x.endswith(("(recv_events)", "(keepalive)"))]
    assert len(ours) >= len(talks)
    assert len(new) - len(ours) < 5, new  # a hub of an earlier test may still be ending


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


def test_a_large_room_that_breaks_the_hub_does_not_make_a_client_deaf(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("ours")

    hub.folder.room_file("large").write_bytes(b"x" * (SMALL + 1))
    talk = live("naor")
    monkeypatch.setattr("hub.rooms.Rooms._read", broken)
    told = talk.refused("say", room="large", text="x", key="k1")
    assert told == ("failed", "k1")
    monkeypatch.undo()
    talk.join()
    assert talk.say("Hello")["n"] == 1
