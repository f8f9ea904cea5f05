"""The rooms that one live connection has joined: whose events it is sent, each once, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any, Final, Protocol

from hub.activity import read_state
from hub.clients import Client
from hub.errors import Refused
from hub.hub import Hub
from hub.outbox import Outbox
from hub.protocol import events
from hub.room import Room
from hub.room_view import number_of
from hub.web.replay import Backpressure, Replay

ROOMS: Final = 1000
"""Most rooms that one connection may join."""


class Subscriber(Client, Protocol):
    """The connection whose rooms they are."""

    ended: bool
    """Whether it is closing, so that it is sent nothing more."""

    def refused(self, why: Refused, key: str | None, room: str | None) -> None:
        """Tell it of a refusal."""

    def too_slow(self) -> None:
        """Close it: it does not read what it is sent."""


class Subscriptions:
    """All rooms that `client` has joined, by name."""

    __slots__ = ("_backpressure", "_client", "_hub", "_outbox", "_replays")

    def __init__(
        self, hub: Hub, client: Subscriber, outbox: Outbox, backpressure: Backpressure
    ) -> None:
        self._hub = hub
        self._client = client
        self._outbox = outbox
        self._backpressure = backpressure
        self._replays: dict[str, Replay | None] = {}  # None once the client has caught up

    @property
    def names(self) -> AbstractSet[str]:
        return self._replays.keys()

    def join(self, room: Room, after: int | None) -> None:
        """Send what the client has missed, then what comes, with no gap between.

        Raises Refused (429) for one room too many.
        """
        if room.name not in self._replays and len(self._replays) >= ROOMS:
            raise Refused("too_many_rooms", f"One connection can join {ROOMS} rooms.", 429)
        answers = self._stop_replay(room.name)
        room.leave(self._client)
        if after is None or after >= room.last:
            self._caught_up(room, answers)
        else:
            replay = self._replays[room.name] = Replay(room, after, answers)
            replay.task = asyncio.create_task(self._replay(room, replay))

    def leave(self, name: str) -> None:
        """Send nothing more of this room, but for answers that are still owed."""
        if name in self._replays:
            answers = self._stop_replay(name)
            room = self._hub.rooms.open(name)
            if room is not None:
                if not self._client.ended:
                    self._send_answers(room, answers)
                room.leave(self._client)
                self._hub.rooms.let_go(room)

    def leave_all(self) -> None:
        for name in list(self._replays):
            self.leave(name)

    def answer(self, room: Room, line: bytes, broadcast: bool) -> None:
        """Send an event as the answer to a command; `broadcast` says that all in the room
        were just sent it.

        In the room it comes once and in its order: what is broadcast, or is still to be
        replayed, is the answer, and nothing comes between the lines of a replay.
        """
        replay = self._replays.get(room.name)
        if replay is not None:
            replay.answers.add(number_of(line))
        elif not broadcast or room.name not in self._replays:
            room.catch_up(self._client)
            self._client.put(line[:-1])

    async def _replay(self, room: Room, replay: Replay) -> None:
        room.joining += 1  # so that it is this room that is joined in the end
        try:
            await replay.send(self._outbox, self._backpressure)
        except TimeoutError:
            self._client.too_slow()
        except OSError as error:
            why = f"The history cannot be read: {error.strerror}."
            self._client.refused(Refused("room_closed", why, 503), None, room.name)
            self.leave(room.name)
        else:
            self._caught_up(room, replay.missing())
        finally:
            room.joining -= 1

    def _stop_replay(self, name: str) -> list[int]:
        """Be in this room no more; gives the answers that a replay has not sent."""
        replay = self._replays.pop(name, None)
        return [] if replay is None else replay.stop()

    def _caught_up(self, room: Room, answers: Iterable[int]) -> None:
        """Tell the client that it has joined, and send it what is broadcast from now on."""
        self._replays[room.name] = None
        person = self._client.person
        read, unread = read_state(room, person)
        joined: dict[str, Any] = {
            "do": "joined", "room": room.name, "last": room.last,
            "said": room.unread.said, "unread": unread,
        }  # fmt: skip
        if meant := self._hub.meant.count(person.who, room.name, read):
            joined["mentions"] = meant
        if room.rules.topic:
            joined["topic"] = room.rules.topic
        if room.index.pins:
            joined["pinned"] = list(room.index.pins)
        self._client.put(events.encode(joined))
        self._hub.attendance.entering(room, self._client)
        room.join(self._client)
        self._send_answers(room, answers)

    def _send_answers(self, room: Room, numbers: Iterable[int]) -> None:
        try:
            for n in numbers:
                line = room.history.line(n)
                if line is not None:
                    self._client.put(line[:-1])
        except Refused as why:
            self._client.refused(why, None, room.name)
