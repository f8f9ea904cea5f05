"""What clients are told about rooms that they have not joined: activity, invitations, removals.

It is told in turns, with passing events, which bear no number: clients keep their lists of rooms
and unread counts by them. A hidden room's activity is told to its members, a public room's to those
who watch the room in the next turn, and to everybody when its turn has come. To be told twice does
no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from hub.access.people import Person
from hub.clients import Client, Clients
from hub.protocol import events
from hub.protocol.events import Event
from hub.room import Room
from hub.turns import SLICE, Turns

ROOMS: Final = 50
"""Public rooms that everybody is told of in one turn; the others wait for the next ones."""
SEEN_SECONDS: Final = 0.25
"""Seconds until a person's devices are told what was read on another: most find out themselves."""
ERASED: Final = 1000
"""Removals in one room, the latest ones, that everybody is told of."""


Mentions = Callable[[str, str, int], int]
"""How many messages are meant for a person, in a room, after a number: see MentionIndex.count."""


def read_state(room: Room, person: Person) -> tuple[int, int]:
    """The number up to which a person has read a room, and how many messages of others follow.

    In a public room that they never opened, what was said before they first came counts as read.
    """
    read = person.read.get(room.name)
    if read is None:
        read = 0 if room.rules.hidden else room.unread.before(person.made)
    return read, room.unread.after(read, person.who)


def seen_line(room: Room, person: Person, mentions: Mentions = lambda *_: 0) -> bytes:
    """The passing event that tells a person's devices how far they have read a room."""
    read, unread = read_state(room, person)
    told = {
        "do": "seen", "room": room.name, "read": read,
        "last": room.last, "said": room.unread.said, "unread": unread,
    }  # fmt: skip
    if meant := mentions(person.who, room.name, read):
        told["mentions"] = meant
    return events.encode(told)


class Activity:
    """Lives on the event loop that is running when it is made.

    `mentions` counts what is unread and meant for somebody.
    """

    def __init__(self, clients: Clients, mentions: Mentions = lambda *_: 0) -> None:
        self._clients = clients
        self._mentions = mentions
        self._loop = asyncio.get_running_loop()
        self._moved: dict[str, Room] = {}  # since the last turn
        self._spoke: dict[str, set[str]] = {}  # who did since then, by room
        self._waiting: dict[str, Room] = {}  # public rooms, until everybody is told of them
        self._erased: dict[str, list[tuple[int, int]]] = {}  # what everybody is to be told, by room
        self._seen: dict[tuple[str, str], tuple[Room, set[Client]]] = {}  # by person, room
        self._turns = Turns(clients, self._tell)

    def stop(self) -> None:
        """Tell nothing any more."""
        self._turns.stop()

    def saved(self, room: Room, events: Sequence[Event]) -> None:
        """Tell those whom saved events invited or removed at once, and all others in turns."""
        self._moved[room.name] = room
        for event in events:
            if event.do == "say":
                if event.who is not None:
                    self._spoke.setdefault(room.name, set()).add(event.who)
            elif event.do == "erase" and event.of is not None:
                erased = self._erased.setdefault(room.name, [])
                erased.append((event.n, event.of))
                del erased[:-ERASED]
            elif event.whom is not None and event.do != "make":
                self._tell_one(room, event.whom)
        self._turns.soon()

    def holds(self, room: Room) -> bool:
        """Whether something is still to be told of a room."""
        return room.name in self._moved or room.name in self._waiting

    def deleted(self, room: Room) -> None:
        """Part a room's members from it; nothing more is told of it."""
        for untold in (self._moved, self._spoke, self._erased):
            untold.pop(room.name, None)
        self._part(room, room.rules.members)

    def watch(self, client: Client, names: frozenset[str]) -> None:
        """Have a client told of these public rooms, in place of others, as soon as they move."""
        client.watched = names
        behind = names.intersection(self._waiting).difference(client.joined)
        if behind:
            client.put(b"\n".join(self._line(self._waiting[name]) for name in behind))

    def seen(self, who: str, room: Room, by: Client | None, *, further: bool) -> None:
        """Tell a person's connections soon how far they have read a room: `further` than was known
        before, or as far. `by` is the one that says so, if any: it is not told, nor is another that
        says the same meanwhile.
        """
        key = who, room.name
        if further and any(client is not by for client in self._clients.of(who)):
            if not self._seen:
                self._loop.call_later(SEEN_SECONDS, self._tell_seen)
            self._seen[key] = room, set()
        if by is not None and key in self._seen:
            self._seen[key][1].add(by)

    def recount(self, who: str, room: Room) -> None:
        """Tell a person's connections anew what is unread in a room, as less is meant for them."""
        if room.permissions.may_see(who):
            for client in self._clients.of(who):
                room.catch_up(client)
                client.put(self._seen_line(room, client.person))

    def _seen_line(self, room: Room, person: Person) -> bytes:
        return seen_line(room, person, self._mentions)

    def _tell_seen(self) -> None:
        seen, self._seen = self._seen, {}
        for (who, _), (room, know) in seen.items():
            for client in self._clients.of(who):
                if client not in know and room.permissions.may_see(who):
                    room.catch_up(client)
                    client.put(self._seen_line(room, client.person))

    def _line(self, room: Room) -> bytes:
        rules, erased = room.rules, self._erased.get(room.name)
        told = {
            "do": "room", "room": room.name, "last": room.last, "said": room.unread.said,
            "at": room.at, "topic": rules.topic,
        }  # fmt: skip
        if erased:
            told["erased"] = erased  # the number of each removal, and of its message
        if rules.icon:
            told["icon"] = rules.icon
        if rules.tint:
            told["tint"] = rules.tint
        if rules.closed:
            told["closed"] = True
        if rules.kind != "public":
            told |= {"kind": rules.kind, "title": rules.title}
        return events.encode(told)

    def _tell_one(self, room: Room, who: str) -> None:
        """Tell a person that the room is theirs to see, or is no longer."""
        if room.permissions.may_see(who):
            line = self._line(room)
            for client in self._clients.of(who):
                client.put(line)
        else:
            self._part(room, [who])

    def _part(self, room: Room, people: Iterable[str]) -> None:
        gone = events.encode({"do": "gone", "room": room.name})
        for who in people:
            for client in self._clients.of(who):
                client.part(room)
                client.put(gone)

    async def _tell(self) -> None:
        """Tell how far each room is to the clients that have not joined it."""
        try:
            await self._tell_moved()
        finally:
            if self._moved or self._waiting:
                self._turns.soon()

    async def _tell_moved(self) -> None:
        moved, self._moved = self._moved, {}
        spoke, self._spoke = self._spoke, {}
        public = {name: room for name, room in moved.items() if not room.rules.hidden}
        for name in moved.keys() - public.keys():
            self._tell_members(moved[name])
            self._tell_speakers(moved[name], spoke.get(name, ()))
        await self._tell_everybody(public)
        for name, room in public.items():
            self._tell_speakers(room, spoke.get(name, ()))

    def _tell_members(self, room: Room) -> None:
        line = self._line(room)
        self._erased.pop(room.name, None)
        for who in room.rules.members:
            for client in self._clients.of(who):
                if room.name not in client.joined:
                    client.put(line)

    async def _tell_everybody(self, moved: Mapping[str, Room]) -> None:
        """Tell all of the rooms whose turn it is, and of those that moved who watches them."""
        for name, room in moved.items():
            self._waiting.setdefault(name, room)
        lines: dict[str, bytes] = {}
        for name in tuple(islice(self._waiting, ROOMS)):
            lines[name] = self._line(self._waiting.pop(name))
            self._erased.pop(name, None)
        names = frozenset(lines)
        texts = {frozenset[str](): b"", names: b"\n".join(lines.values())}  # the same for many
        for at, client in enumerate(tuple(self._clients) if names else ()):
            if at % SLICE == SLICE - 1:
                await asyncio.sleep(0)
            own = names
            if client.watched or not client.joined.isdisjoint(names):
                own = names.union(client.watched.intersection(moved)).difference(client.joined)
            text = texts.get(own)
            if text is None:
                for name in own.difference(lines):
                    lines[name] = self._line(moved[name])
                text = texts[own] = b"\n".join(lines[name] for name in own)
            if text:
                client.put(text)

    def _tell_speakers(self, room: Room, speakers: Iterable[str]) -> None:
        """Tell those who spoke their own unread count: the line for all counts their messages."""
        for who in speakers:
            clients = [x for x in self._clients.of(who) if room.name not in x.joined]
            if clients and room.permissions.may_see(who):
                line = self._seen_line(room, clients[0].person)
                for client in clients:
                    client.put(line)
