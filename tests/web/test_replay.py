"""Catching up: what a client that joins with `after` is sent."""

from __future__ import annotations

import asyncio
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hub.outbox import Outbox
from hub.web.live import LiveConnection
from hub.web.replay import Backpressure
from tests.conftest import Live
from tests.live_clients import narrow, numbers, outbox_of
from tests.patience import PATIENCE
from tests.serving import Serving
from tests.talk import Talk, line


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


def test_a_replayed_event_is_the_answer(five: Talk) -> None:
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


def test_an_event_saved_during_a_replay_is_sent_once(five: Talk) -> None:
    new = line("say", room="general", text="new", key="new")
    five.frame("\n".join([new, line("join", room="general", after=0), new, repeated(1), new]))
    five.until(lambda x: x.get("n") == 6)
    five.settle()
    five.settle()
    assert numbers(five.heard) == [1, 2, 3, 4, 5, 6]


def test_joining_or_leaving_during_a_save_yields_one_answer(five: Talk) -> None:
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


def test_leaving_during_a_replay_keeps_the_answer(five: Talk) -> None:
    five.frame(
        "\n".join(
            [line("join", room="general", after=0), repeated(3), line("leave", room="general")]
        )
    )
    five.settle()
    assert numbers(five.heard) == [3]


@pytest.mark.parametrize(("after", "told"), [(0, [1, 2, 3, 4, 5]), (3, [4, 5, 3]), (None, [3])])
def test_joining_again_during_a_replay_keeps_the_answer(
    five: Talk, after: int | None, told: list[int]
) -> None:
    join = line("join", room="general", after=0)
    five.frame("\n".join([join, repeated(3), line("join", room="general", after=after)]))
    five.expect("joined")
    five.settle()
    assert numbers(five.heard) == told


def test_an_answer_survives_the_replay_that_was_to_bring_it(hub: Serving, live: Live) -> None:
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


def test_leaving_as_a_replay_resumes_ends_it(hub: Serving, live: Live) -> None:
    """At the very moment at which there is room for more again."""
    for n in range(200):
        hub.say(f"{n} " + "x" * 15_000)
    slow = live("slow", **narrow(hub))
    slow.send("join", room="general", after=0)
    [session] = list(hub.server._hub.clients) if hub.server._hub else []
    assert isinstance(session, LiveConnection)
    deadline = time.monotonic() + PATIENCE
    while not hub.on_loop(lambda: session._outbox.paused):
        assert time.monotonic() < deadline
        time.sleep(0.01)

    def go_on_and_leave() -> None:
        session.resume_writing()
        session.subscriptions.leave("general")

    hub.on_loop(go_on_and_leave)
    slow.settle()
    assert 0 < len(numbers(slow.heard)) < 200
    hub.say("unheard")
    slow.settle()
    assert "joined" not in [x["do"] for x in slow.heard]
    assert 201 not in numbers(slow.heard)


@pytest.mark.parametrize("seed", range(3))
def test_each_event_comes_once_and_in_order_under_concurrency(
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


def test_an_unreadable_history_ends_the_replay_with_a_refusal(
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


# -- a client that does not read ------------------------------------------------------------


def test_writable_waits_until_the_client_reads_again() -> None:
    async def main() -> None:
        sent: list[bytes] = []
        outbox = Outbox(sent.append, lambda: None)
        backpressure = Backpressure(outbox)
        await backpressure.writable()
        backpressure.full()
        waiting = asyncio.create_task(backpressure.writable())
        for _ in range(3):
            await asyncio.sleep(0)
        assert not waiting.done()
        outbox.put(b"x")
        assert sent == []
        backpressure.drained()
        await waiting
        assert sent == [b"x"]

    asyncio.run(main())


def test_writable_waits_on_where_the_outbox_fills_the_connection_again() -> None:
    async def main() -> None:
        outbox = Outbox(lambda _: backpressure.full(), lambda: None)
        backpressure = Backpressure(outbox)
        backpressure.full()
        outbox.put(b"x")
        waiting = asyncio.create_task(backpressure.writable())
        await asyncio.sleep(0)
        backpressure.drained()
        for _ in range(3):
            await asyncio.sleep(0)
        assert not waiting.done()
        backpressure.drained()
        await waiting

    asyncio.run(main())


def test_a_client_that_stops_reading_in_a_replay_is_ended(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is sent to it, so only the replay can notice."""
    monkeypatch.setattr("hub.web.replay.STALLED_SECONDS", 0.5)
    for n in range(60):
        hub.say(f"{n} " + "x" * 15_000)
    slow = live("slow", **narrow(hub))
    slow.send("join", room="general", after=0)
    own = hub.server._hub
    assert own is not None
    deadline = time.monotonic() + 60
    while hub.on_loop(lambda: any(x.person.name == "slow" and not x.ended for x in own.clients)):  # type: ignore[attr-defined]
        assert time.monotonic() < deadline, "it is still waited for"
        time.sleep(0.02)
    assert slow.closed() == (1013, "Too far behind: come back with after.")
    back = live("slow too")
    last = max(numbers(slow.heard))
    assert numbers(back.join(after=last)) == list(range(last + 1, 61)), "nothing is lost"
