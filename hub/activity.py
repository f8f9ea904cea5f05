"""What clients are told about rooms that they have not joined: activity, invitations, removals.

A public room's activity is told to everybody, a hidden room's to its members. It is told with
passing events, which bear no number: clients keep their lists of rooms and unread counts by them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from hub.access.people import Person
from hub.clients import Client, Clients
from hub.protocol import events
from hub.protocol.events import Event
from hub.room import Room

ACTIVITY_SECONDS: Final = 1.0
"""Seconds between two notices of activity in rooms to the clients outside them."""


def read_state(room: Room, person: Person) -> tuple[int, int]:
    """The number up to which a person has read a room, and how many messages of others follow.

    In a public room that they never opened, what was said before they first came counts as read.
    """
    read = person.read.get(room.name)
    if read is None:
        read = 0 if room.rules.hidden else room.unread.before(person.made)
    return read, room.unread.after(read, person.who)


def seen_line(room: Room, person: Person) -> bytes:
    """The passing event that tells a person's devices how far they have read a room."""
    read, unread = read_state(room, person)
    told = {
        "do": "seen", "room": room.name, "read": read,
        "last": room.last, "said": room.unread.said, "unread": unread,
    }  # fmt: skip
    return events.encode(told)


class _Untold:
    """What was saved in a room since its activity was last told: who spoke, what was removed."""

    __slots__ = ("removed", "room", "spoke")

    def __init__(self, room: Room) -> None:
        self.room = room
        self.spoke: set[str] = set()
        self.removed: list[int] = []

    def line(self) -> bytes:
        room, rules = self.room, self.room.rules
        told = {
            "do": "room", "room": room.name, "last": room.last, "said": room.unread.said,
            "at": room.at, "topic": rules.topic,
        }  # fmt: skip
        if self.removed:
            told["removed"] = self.removed
        if rules.kind != "public":
            told |= {"kind": rules.kind, "title": rules.title}
        return events.encode(told)


class Activity:
    """Lives on the event loop that is running when it is made."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._loop = asyncio.get_running_loop()
        self._untold: dict[str, _Untold] = {}
        self._timer: asyncio.TimerHandle | None = None

    def saved(self, room: Room, events: Sequence[Event]) -> None:
        """Tell those whom saved events invited or removed at once, and all others soon."""
        untold = self._untold.get(room.name)
        if untold is None:
            untold = self._untold[room.name] = _Untold(room)
        for event in events:
            if event.do == "say":
                if event.who is not None:
                    untold.spoke.add(event.who)
            elif event.do == "erase" and event.of is not None:
                untold.removed.append(event.of)
            elif event.whom is not None and event.do != "make":
                self._tell_one(untold, event.whom)
        if self._timer is None:
            self._timer = self._loop.call_later(ACTIVITY_SECONDS, self._tell)

    def deleted(self, room: Room) -> None:
        """Part a room's members from it; nothing more is told of it."""
        self._untold.pop(room.name, None)
        self._part(room, room.rules.members)

    def _tell_one(self, untold: _Untold, who: str) -> None:
        """Tell a person that the room is theirs to see, or is no longer."""
        if untold.room.permissions.may_see(who):
            line = untold.line()
            for client in self._clients.of(who):
                client.put(line)
        else:
            self._part(untold.room, [who])

    def _part(self, room: Room, people: Iterable[str]) -> None:
        gone = events.encode({"do": "gone", "room": room.name})
        for who in people:
            for client in self._clients.of(who):
                client.part(room)
                client.put(gone)

    def _tell(self) -> None:
        """Tell how far each room is to the clients that have not joined it."""
        self._timer = None
        rooms, self._untold = self._untold, {}
        lines = {name: untold.line() for name, untold in rooms.items()}
        hidden = self._in_hidden([x.room for x in rooms.values() if x.room.rules.hidden])
        public = frozenset(name for name, x in rooms.items() if not x.room.rules.hidden)
        texts: dict[frozenset[str], bytes] = {}  # the same bytes for all who are told the same
        for client in tuple(self._clients) if public else tuple(hidden):
            names = public.difference(client.joined)  # not name by name, as many have joined some
            if client in hidden:
                names = names.union(hidden[client])
            if names:
                if names not in texts:
                    texts[names] = b"\n".join(line for name, line in lines.items() if name in names)
                client.put(texts[names])
        for untold in rooms.values():
            self._tell_speakers(untold)

    def _in_hidden(self, rooms: Iterable[Room]) -> dict[Client, list[str]]:
        """The clients of members of hidden rooms that have not joined them, and which these are."""
        found: dict[Client, list[str]] = {}
        for room in rooms:
            for who in room.rules.members:
                for client in self._clients.of(who):
                    if room.name not in client.joined:
                        found.setdefault(client, []).append(room.name)
        return found

    def _tell_speakers(self, untold: _Untold) -> None:
        """Tell those who spoke their own unread count: the line for all counts their messages."""
        room = untold.room
        for who in untold.spoke:
            clients = [x for x in self._clients.of(who) if room.name not in x.joined]
            if clients and room.permissions.may_see(who):
                line = seen_line(room, clients[0].person)
                for client in clients:
                    client.put(line)
