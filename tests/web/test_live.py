"""Live connections as section 4 of the contract describes them: commands, limits and closing."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from hub.open_rooms import SMALL
from hub.web.live import BACKLOG, LiveConnection
from hub.web.wire.websocket import TURN
from tests.conftest import Live, Serve
from tests.live_clients import held_back, narrow, numbers, outbox_of
from tests.patience import PATIENCE
from tests.serving import Serving
from tests.talk import Talk, line


def test_a_foreign_page_gets_no_socket(hub: Serving, live: Live) -> None:
    cookie = hub.session("naor")["Cookie"]
    for origin in (None, "http://evil.example", "https://127.0.0.1", "null"):
        headers = {"Cookie": cookie, **({} if origin is None else {"Origin": origin})}
        with pytest.raises(InvalidStatus) as refused:
            live(headers=headers)
        assert refused.value.response.status_code == 403, origin


def test_there_is_one_socket_address(hub: Serving) -> None:
    for path in ("/", "/general", "/api/chat/general", "/api/live/", "/api/livex"):
        with pytest.raises(InvalidStatus) as refused:
            Talk(f"ws://{hub.name}{path}")
        assert refused.value.response.status_code == 404


def test_deflate_is_off(live: Live) -> None:
    talk = live("naor", compression="deflate")
    assert talk.socket.response is not None
    assert "Sec-WebSocket-Extensions" not in talk.socket.response.headers


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


def test_a_malformed_command_is_refused_under_its_key(live: Live) -> None:
    talk = live("naor")
    more: dict[str, Any]
    for n, more in enumerate(
        ({"text": 5}, {}, {"text": "x", "re": 0}, {"text": "\ud800"}, {"room": 5, "text": "x"})
    ):
        talk.send(**{"do": "say", "room": "general", "key": f"k{n}", **more})
        told = talk.expect("refused", key=f"k{n}", code="malformed")
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


def test_a_sender_who_is_in_the_room_is_sent_the_event_once(live: Live) -> None:
    talk = live("naor")
    talk.join()
    said = talk.say("hello")
    talk.settle()
    assert sum(x.get("n") == said["n"] for x in talk.heard) == 1


def test_an_unknown_do_is_ignored(live: Live) -> None:
    talk = live("naor")
    talk.join()
    for do in ("dance", "Say", "HELLO", "", "here", "joined", "welcome"):
        for _ in range(50):  # altogether more than malformed ones may be
            talk.send(do, room="general", text=5, key="k")
    assert [x for x in talk.settle() if x["do"] == "refused"] == []


def test_unknown_members_are_ignored(live: Live) -> None:
    talk = live("naor")
    assert "colour" not in talk.say("Hello", colour="red", by="mira", n=99, who="p_x")
    assert talk.heard[-1]["by"] == "naor"


def test_an_empty_message_is_refused(hub: Serving, live: Live) -> None:
    talk = live("naor")
    for text in ("", " ", "\n\t\u00a0"):
        assert talk.refused("say", room="general", text=text, key="k") == ("empty", "k")
    assert not hub.lines()


def test_a_message_that_is_too_long_is_refused(serve: Serve, live: Live) -> None:
    hub = serve(message_bytes=100)
    talk = live("naor", at=hub)
    assert talk.refused("say", room="general", text="é" * 51, key="k") == ("too_long", "k")
    assert talk.say("é" * 50)["n"] == 1
    assert talk.refused("edit", room="general", of=1, text="x" * 101, key="k2")[0] == "too_long"


def test_messages_beyond_the_rate_limit_are_refused(serve: Serve, live: Live) -> None:
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
def test_too_many_commands_are_held_back(
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
def test_a_full_room_behind_one_address_is_not_held_back(
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
def test_a_flood_is_held_back_and_others_are_not(
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
    with held_back(hub, "naor"):
        for _ in range(20):
            asked = {"name": "mira", "token": None}
            assert hub.ask("POST", "/api/session", asked, source="127.0.0.2").status in (201, 409)
            assert hub.ask("GET", "/api/health", source="127.0.0.2").status == 200
    assert 1 <= taken <= 300


def test_a_busy_connection_yields_to_others(
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


def test_backpressure_reaches_a_sender_while_a_large_room_opens(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.open_rooms.SMALL", 0)
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
    with held_back(hub, "naor") as session:
        assert session._waiting is not None
        assert len(session._waiting) == BACKLOG
        go.set()
    assert talk.expect("say", key="k999")["n"] == 1001
    said = [x["text"] for x in talk.heard if x["do"] == "say"]
    assert said == [str(n) for n in range(1000)], "nothing is lost, and all in order"


def test_answering_or_editing_a_missing_message_is_refused(hub: Serving, live: Live) -> None:
    talk = live("naor")
    for of in (1, 2**53):
        assert talk.refused("say", room="general", text="x", re=of, key="k")[0] == "no_such_message"
    talk.say("first")
    assert talk.say("second", re=1)["re"] == 1


def test_a_client_that_does_not_read_delays_nobody_and_misses_nothing(
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


def test_a_client_that_reads_late_but_in_time_is_sent_everything(hub: Serving, live: Live) -> None:
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


def test_binary_is_1003(live: Live) -> None:
    talk = live("naor")
    talk.socket.send(line("join", room="general").encode(), text=False)
    assert talk.closed()[0] == 1003


def test_text_that_is_not_utf8_is_1007(live: Live) -> None:
    for n, text in enumerate((b"\xff", b'{"do":"x","y":"\xed\xa0\x80"}', b"\xc0\x80", b"caf\xe9")):
        talk = live(f"naor{n}")
        talk.frame(text)
        assert talk.closed()[0] == 1007, text


def test_a_frame_has_at_most_64_kib(hub: Serving, live: Live) -> None:
    fits, too_large = live("naor"), live("mira")
    fits.frame(line("x") + " " * ((1 << 16) - len(line("x"))))
    fits.join()
    too_large.frame("x" * ((1 << 16) + 1))
    assert too_large.closed()[0] == 1009
    in_parts = live("third")
    with suppress(ConnectionClosed):  # it may be told so before its last part is sent
        in_parts.socket.send(["x" * (1 << 15)] * 3)
    assert in_parts.closed()[0] == 1009


def test_a_frame_without_a_mask_is_1002(hub: Serving) -> None:
    key = b"dGhlIHNhbXBsZSBub25jZQ=="
    head = (
        b"GET /api/live HTTP/1.1\r\nHost: %b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n" % (hub.name.encode(), key)
    )
    with socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE) as connection:
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
def test_stopping_does_not_wait_for_clients_that_do_not_read(hub: Serving) -> None:
    key = b"dGhlIHNhbXBsZSBub25jZQ=="
    head = (
        b"GET /api/live HTTP/1.1\r\nHost: %b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n" % (hub.name.encode(), key)
    )
    with socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE) as connection:
        connection.sendall(head)
        assert connection.recv(4096).startswith(b"HTTP/1.1 101 ")
        began = time.monotonic()
        hub.stop()
        assert time.monotonic() - began < 10
    hub.start()


def test_a_client_that_vanishes_is_removed(hub: Serving, live: Live) -> None:
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
