"""What is meant for whom: of each person the latest messages that mention or answer them.

Kept in keys: `mention/<who>/<room> <n>` holds when, in ms since 1970, and `meant/<room>/<n>` whom
that message means, so that an edit or a removal is followed. Whether somebody may still see a room
is for whoever shows this to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from hub.access.people import People
from hub.access.person import PERSON
from hub.clients import Clients
from hub.keys import Keys, Value
from hub.mentions import HERE
from hub.protocol import events
from hub.protocol.events import Event
from hub.room import Room
from hub.room_view import event_at

MENTION: Final = "mention/"
MEANT: Final = "meant/"
"""How the keys begin."""
MOST: Final = 500
"""Mentions of one person that are kept, the latest ones."""
HERE_MOST: Final = 200
"""People for whom one `@here` is kept."""
SNIPPET: Final = 300
"""Characters of a text that are told with a mention."""

_people: Final = msgspec.json.Decoder(list[str])


class Place(NamedTuple):
    """A message, and when it was said in ms since 1970."""

    ms: int
    room: str
    n: int


class MentionIndex:
    """Lives on the event loop that is running."""

    def __init__(self, keys: Keys, people: People, clients: Clients) -> None:
        self._keys = keys
        self._people = people
        self._clients = clients
        self._counted: dict[str, dict[str, list[int]]] = {}  # by person and room, as asked for
        self._forget_the_gone()

    def count(self, who: str, room: str, read: int) -> int:
        """How many messages after number `read` of a room are meant for somebody."""
        if who not in self._counted:
            if len(self._counted) > MOST:
                self._counted.clear()
            rooms = self._counted[who] = {}
            for place in self._places(who):
                rooms.setdefault(place.room, []).append(place.n)
        return sum(n > read for n in self._counted[who].get(room, ()))

    def latest(self, who: str) -> list[Place]:
        """What is meant for somebody, the newest first."""
        return sorted(self._places(who), reverse=True)

    def saved(self, room: Room, events: Sequence[Event]) -> set[str]:
        """Take in what was saved in a room, and tell whom it means.

        Gives those for whom something is meant no longer.
        """
        unmeant: set[str] = set()
        for event in events:
            if event.do == "say" and (event.to or event.re):
                self._set(room, event, event.n, self._meant(room, event, event.re))
            elif event.do in ("edit", "erase") and event.of is not None:
                unmeant |= self._changed(room, event, event.of)
        return unmeant

    def deleted(self, room: Room) -> None:
        """Forget what was meant in a room that is gone."""
        values: dict[str, Value] = {}
        for n, value in self._keys.group(f"{MEANT}{room.name}/").items():
            values[f"{MEANT}{room.name}/{n}"] = None
            for who in _decoded(value):
                values[_key(who, room.name, n)] = None
                self._counted.pop(who, None)
        self._put(values)

    def _places(self, who: str) -> Iterable[Place]:
        for place, value in self._keys.group(f"{MENTION}{who}/").items():
            room, _, n = place.partition(" ")
            if value.isdigit() and n.isdigit():
                yield Place(int(value), room, int(n))

    def _meant(self, room: Room, event: Event, re: int | None) -> set[str]:
        """Whom an event's text means, and whom it answers: those who may see the room."""
        found = set((event.to or {}).values())
        if HERE in found:
            found.discard(HERE)
            found.update(room.here.people(HERE_MOST))
        answered = event_at(room.history, re) if re is not None else None
        if answered is not None and answered.who is not None:
            found.add(answered.who)
        found.discard(event.who or "")
        sees = room.permissions.may_see
        return {who for who in found if sees(who) and self._people.person(who) is not None}

    def _changed(self, room: Room, event: Event, n: int) -> set[str]:
        """Follow an edit or a removal of message `n`; gives whom it means no longer."""
        before = set(_decoded(self._keys.get(f"{MEANT}{room.name}/{n}")))
        meant: set[str] = set()
        if event.do == "edit":
            message = event_at(room.history, n)
            meant = self._meant(room, event, message.re if message else None)
            if HERE in (event.to or {}).values():
                meant |= before  # who was here then
        if meant != before:
            self._set(room, event, n, meant)
        return before - meant

    def _set(self, room: Room, event: Event, n: int, meant: set[str]) -> None:
        """Keep whom message `n` means, and tell those of whom that is news."""
        key = f"{MEANT}{room.name}/{n}"
        before = set(_decoded(self._keys.get(key)))
        values: dict[str, Value] = {key: events.encode(sorted(meant)) if meant else None}
        for who in before - meant:
            values[_key(who, room.name, n)] = None
        for who in meant - before:
            self._make_way(who, values)
            values[_key(who, room.name, n)] = b"%d" % room.moment
        for who in before ^ meant:
            self._counted.pop(who, None)
        self._put(values)
        told = {
            "do": "mention", "room": room.name, "of": n, "by": event.by, "who": event.who,
            "text": (event.text or "")[:SNIPPET],
        }  # fmt: skip
        for who in meant - before:
            for client in self._clients.of(who):
                room.catch_up(client)  # the message comes first
                client.put(events.encode(told))

    def _make_way(self, who: str, values: dict[str, Value]) -> None:
        """Have the first mention of somebody go where they have MOST: the oldest, as keys stay in
        the order in which they came.
        """
        group = self._keys.group(f"{MENTION}{who}/")
        if len(group) < MOST:
            return
        first = next(iter(group))
        room, _, n = first.partition(" ")
        values[f"{MENTION}{who}/{first}"] = None
        key = f"{MEANT}{room}/{n}"
        others = [x for x in _decoded(values.get(key, self._keys.get(key))) if x != who]
        values[key] = events.encode(others) if others else None

    def _forget_the_gone(self) -> None:
        """Forget the mentions of people who were removed before this start."""
        people = self._keys.group(PERSON)
        values: dict[str, Value] = {}
        for place, _ in self._keys.items(MENTION):
            if place.partition("/")[0] not in people:
                values[MENTION + place] = None
        self._put(values)

    def _put(self, values: Mapping[str, Value]) -> None:
        self._keys.put({key: (self._keys.get(key), new) for key, new in values.items()})


def _key(who: str, room: str, n: int | str) -> str:
    return f"{MENTION}{who}/{room} {n}"


def _decoded(value: Value) -> list[str]:
    try:
        return [] if value is None else _people.decode(value)
    except ValueError:
        return []
