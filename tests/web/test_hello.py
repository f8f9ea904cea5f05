"""Hello and welcome on a live connection."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.conftest import Live, Serve
from tests.patience import PATIENCE
from tests.serving import Serving


def test_hello_is_answered_by_a_welcome(hub: Serving, live: Live) -> None:
    welcome = live().hello("naor")
    assert welcome["name"] == "naor"
    assert welcome["who"].startswith("p_")
    assert welcome["token"]
    assert welcome["instance"] == hub.get("/api/health").json["instance"]


@pytest.mark.slow
def test_a_connection_without_hello_is_ended_in_time(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.hello.HELLO_SECONDS", 1.5)
    began = time.monotonic()
    code, reason = live().closed()
    assert code == 1008
    assert reason
    assert 1.4 < time.monotonic() - began < 15
    greeted = live("naor")
    assert greeted.quiet(2) == [], "who said hello in time stays"
    greeted.join()


def test_nothing_comes_before_hello(hub: Serving, live: Live) -> None:
    for do in ("join", "say", "typing", "seen", "leave", "erase"):
        talk = live()
        talk.send(do, room="general", text="x", key="k", n=1, of=1)
        assert talk.expect("refused")["code"] == "hello_first", do
        assert talk.closed()[0] == 1008
    assert not hub.lines()


def test_unknown_commands_may_come_before_hello(live: Live) -> None:
    talk = live()
    talk.send("dance", room=5)
    talk.hello("naor")


def test_a_malformed_command_before_hello_ends_the_connection(live: Live) -> None:
    talk = live()
    talk.frame("nonsense")
    assert talk.expect("refused")["code"] == "malformed"
    assert talk.closed() == (1008, "That is not how to talk to a hub.")


def test_the_name_of_somebody_here_is_taken(live: Live) -> None:
    live("naor")
    other = live()
    assert other.refused("hello", name="Naor") == ("name_taken", None)
    assert other.hello("mira")["name"] == "mira", "another name may be said"


def test_an_impossible_name_is_refused(live: Live) -> None:
    talk = live()
    for name in ("", " ", "x" * 41, "x" * 10_000, "a\u0000b", "\u202ex"):
        assert talk.refused("hello", name=name)[0] == "name_invalid", name
    talk.hello("naor")


def test_hello_without_a_name_or_token_is_refused(live: Live) -> None:
    talk = live()
    assert talk.refused("hello")[0] == "who_are_you"
    assert talk.closed() == (1008, "Say your name."), "at once, not when its time is up"


def test_a_visitor_who_leaves_gives_the_name_back(hub: Serving, live: Live) -> None:
    first = live()
    who = first.hello("naor")["who"]
    first.close()
    deadline = time.monotonic() + PATIENCE
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


def test_an_unknown_token_is_refused(live: Live) -> None:
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


def test_a_code_is_asked_for(serve: Serve, live: Live) -> None:
    hub = serve(hub_code="ember")
    for wrong in (None, "coal"):
        talk = live(at=hub)
        code = talk.refused("hello", name="naor", code=wrong)[0]
        assert code == ("code_wrong" if wrong else "code_needed")
        assert talk.closed()[0] == 1008
    live(at=hub).hello("naor", code="ember")


def test_events_wait_until_a_newcomer_is_welcomed(
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
    monkeypatch.setattr(own, "kept", not_yet)
    talk = live()
    talk.send("hello", name="naor")
    deadline = time.monotonic() + PATIENCE
    while not kept:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    hub.say("Hello")
    other.expect("room", room="general")
    monkeypatch.undo()
    hub.on_loop(lambda: kept[0].set())
    assert talk.next()["do"] == "welcome"
    assert talk.next() == other.heard[-1], "and it is not forgotten"
