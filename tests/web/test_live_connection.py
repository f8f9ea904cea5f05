"""One live connection on a Hub without a server: what it writes, and when it stops."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from hub.errors import Refused
from hub.hub import Hub
from hub.protocol.commands import Say
from hub.room_rules import Author
from hub.web.live import LiveConnection
from tests.on_hub import RunOnHub, asker


class Socket:
    """Keeps what is written and why it was closed."""

    address = "127.0.0.1"

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.ended: list[tuple[int, str]] = []

    def write(self, text: bytes) -> None:
        self.heard += [json.loads(line) for line in text.split(b"\n")]

    def close(self, code: int, reason: str) -> None:
        self.ended.append((code, reason))

    def pause_reading(self) -> None:
        """Backpressure: it is not read from for a while."""


def connection(hub: Hub, *, from_here: bool = True) -> tuple[LiveConnection, Socket]:
    socket = Socket()
    return LiveConnection(hub, socket, asker(), from_here), socket  # type: ignore[arg-type]


def send(client: LiveConnection, do: str, **members: Any) -> None:
    for _ in client.text_received(json.dumps({"do": do, **members}).encode()):
        pass


async def until(wanted: Any) -> None:
    for _ in range(2000):
        if wanted():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


async def welcomed(hub: Hub) -> tuple[LiveConnection, Socket]:
    client, socket = connection(hub)
    send(client, "hello", name="naor")
    await until(lambda: socket.heard)
    assert socket.heard[0]["do"] == "welcome"
    return client, socket


async def post(hub: Hub, text: str) -> None:
    await hub.post("general", Author("guest"), Say(room="general", text=text))


def numbers(socket: Socket) -> list[int]:
    return [x["n"] for x in socket.heard if "n" in x]


def test_a_connection_that_is_gone_is_not_ended_for_want_of_a_hello(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.hello.HELLO_SECONDS", 0.02)

    async def test(hub: Hub) -> None:
        (gone, closed), (_, silent) = connection(hub), connection(hub)
        gone.closed()
        await until(lambda: silent.ended)
        assert silent.ended == [(1008, "Say hello first.")]
        assert closed.ended == []

    run(test)


def test_joining_again_sends_what_is_new_once_and_after_the_replay(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        for text in ("one", "two"):
            await post(hub, text)
        client, socket = await welcomed(hub)
        send(client, "join", room="general")
        await until(lambda: socket.heard[-1]["do"] == "here")
        client.pause_writing()
        send(client, "join", room="general", after=0)
        await post(hub, "three")
        client.resume_writing()
        await until(lambda: len(numbers(socket)) >= 3)
        await asyncio.sleep(0.05)
        assert numbers(socket) == [1, 2, 3]

    run(test)


def test_an_ended_connection_is_sent_no_answers_as_it_leaves_its_rooms(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        for text in ("one", "two"):
            await post(hub, text)
        room = await hub.rooms.room("general")
        client, socket = await welcomed(hub)
        send(client, "say", room="general", text="mine", key="k")
        await until(lambda: numbers(socket) == [3])
        client.pause_writing()
        send(client, "join", room="general", after=3)
        send(client, "join", room="general", after=0)
        client.subscriptions.answer(room, room.history.line(3) or b"", False)
        client.end("Go.")
        client.resume_writing()
        client.part(room)
        await asyncio.sleep(0.05)
        assert socket.ended == [(1008, "Go.")]
        assert 3 not in numbers(socket)[1:]

    run(test)


def test_a_hidden_room_that_cannot_be_opened_is_told_as_missing(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.open_rooms.SMALL", -1)

    async def test(hub: Hub) -> None:
        client, socket = await welcomed(hub)
        why = Refused("room_closed", "The room cannot be opened.", 503)

        def broken(name: str) -> None:
            raise why

        monkeypatch.setattr(hub.rooms, "_read", broken)
        for name, code in (
            ("private-0123456789abcdef", "no_such_room"),
            ("general", "room_closed"),
        ):
            hub.folder.room_file(name).touch()
            hub.rooms._failed.add(name)  # as when all were opened at the start
            send(client, "join", room=name)
            await until(lambda code=code: socket.heard[-1].get("code") == code)

    run(test)


def test_a_room_without_messages_is_let_go_when_its_last_client_is_gone(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        client, _ = await welcomed(hub)
        send(client, "join", room="empty")
        assert hub.rooms.get("empty") is not None
        client.closed()
        assert hub.rooms.get("empty") is None
        assert list(hub.clients) == []

    run(test)
