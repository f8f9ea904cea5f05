"""Who has read how far, as others are shown it: live in small rooms, elsewhere when it is asked of
one message.

Small are rooms for two, private rooms of at most SMALL members, and public rooms in which at most
SMALL people are and at most SMALL have ever read something (of those whom the hub still knows).
Who that is in a public room is found out when somebody first asks for its marks, and kept for as
long as the room is open: rooms of which nobody asks cost nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from weakref import WeakKeyDictionary

from msgspec import Struct

from hub.access.people import People, Person
from hub.access.read_marks import ReadMarks
from hub.clients import Clients
from hub.errors import Refused
from hub.protocol import events
from hub.room import Listener, Room
from hub.turns import SLICE, Turns

SMALL: Final = 20
"""Most people of a small room."""
NAMED: Final = 100
"""Most people who are named for one message; the others are only counted."""


class ReadMark(Struct):
    """How far a person has read: up to event `n`; 0 where that is not shown any more."""

    who: str
    name: str
    n: int


class Reader(Struct):
    who: str
    name: str


class Readers(Struct):
    """Who has read a message: `count` of the `of` people who could have; the first of them by
    name, at most 100. Neither its author nor whoever asks is among them.
    """

    people: list[Reader]
    count: int
    of: int


class _Asked:
    """A room whose marks somebody asked for: who has one, of a public room (of a large one SMALL
    of them and one more); whether those who are in it are told of them live.
    """

    __slots__ = ("readers", "told")

    def __init__(self) -> None:
        self.readers: set[str] = set()
        self.told = False


class Reads:
    """Lives on the event loop that is running when it is made."""

    def __init__(self, marks: ReadMarks, people: People, clients: Clients) -> None:
        self._marks = marks
        self._people = people
        self._clients = clients
        self._loop = asyncio.get_running_loop()
        self._asked: WeakKeyDictionary[Room, _Asked] = WeakKeyDictionary()
        self._finding: dict[Room, asyncio.Task[None]] = {}
        self._following: dict[tuple[Room, Listener], asyncio.Task[None]] = {}
        self._moved: dict[Room, set[str]] = {}  # who read on since the last turn
        self._turns = Turns(clients, self._tell)

    def stop(self) -> None:
        """Tell nothing any more."""
        self._turns.stop()

    # -- what is asked ---------------------------------------------------------------------

    async def of_room(self, room: Room, person: Person) -> list[ReadMark] | None:
        """How far the others have read a room that `person` sees; None where it is not small.

        Raises Refused: 403 for who has switched this off, 404 where they see it no more.
        """
        self._check_shows(person)
        small = await self._is_small(room)
        room.permissions.check_sees(person.who)
        if not small:
            return None
        asked = self._asked.setdefault(room, _Asked())
        asked.told = True
        others = {*(room.rules.members if room.rules.hidden else asked.readers)} - {person.who}
        marks = (self._mark(room, who) for who in others)
        return sorted((mark for mark in marks if mark.n), key=_by_name)

    async def of_message(self, room: Room, n: int, author: str | None, person: Person) -> Readers:
        """Who has read event `n` by `author`, of a room that `person` sees. Raises as above."""
        self._check_shows(person)
        found, count, of = list[Reader](), 0, 0
        for some in self._all_marks(room):
            for who, mark in some:
                if who in (person.who, author) or not self._is_shown(room, who):
                    continue
                of += 1
                count += mark >= n
                reader = self._people.person(who) if mark >= n and count <= NAMED else None
                if reader is not None:
                    found.append(Reader(who, reader.name))
            await asyncio.sleep(0)
        room.permissions.check_sees(person.who)
        return Readers(sorted(found, key=_by_name), count, of)

    def _check_shows(self, person: Person) -> None:
        if not self._marks.shows(person.who):
            raise Refused(
                "reads_off", "You hide how far you have read, so you do not see it of others.", 403
            )

    async def _is_small(self, room: Room) -> bool:
        if room.rules.hidden:
            return len(room.rules.members) <= SMALL
        if room.present > SMALL:
            return False
        asked = self._asked.get(room)
        whole = asked is None or len(asked.readers) <= SMALL or room in self._finding
        if asked is not None and not whole and self._drop_gone(room, asked):
            asked = None  # others may be there in their place
        if asked is None:
            self._asked[room] = asked = _Asked()
            self._finding[room] = self._loop.create_task(self._find(room, asked.readers))
        if room in self._finding:
            await asyncio.shield(self._finding[room])
        self._drop_gone(room, asked)
        return len(asked.readers) <= SMALL

    async def _find(self, room: Room, readers: set[str]) -> None:
        """Find out who has a mark in a public room; who reads it meanwhile is added as they do."""
        try:
            for some in self._marks.in_slices(room.name):
                for who, _ in some:
                    if len(readers) > SMALL:
                        return
                    readers.add(who)
                await asyncio.sleep(0)
        finally:
            del self._finding[room]

    def _drop_gone(self, room: Room, asked: _Asked) -> bool:
        """Drop those whose marks are gone, as they themselves are; whether there were any."""
        gone = {who for who in asked.readers if not self._marks.of(who, room.name)}
        asked.readers -= gone
        return bool(gone)

    def _all_marks(self, room: Room) -> Iterator[Iterable[tuple[str, int]]]:
        if not room.rules.hidden:
            return self._marks.in_slices(room.name)
        return iter([[(who, self._marks.of(who, room.name)) for who in room.rules.members]])

    def _is_shown(self, room: Room, who: str) -> bool:
        return room.permissions.may_see(who) and self._marks.shows(who)

    def _mark(self, room: Room, who: str) -> ReadMark:
        person = self._people.person(who) if self._is_shown(room, who) else None
        if person is None:
            return ReadMark(who, "", 0)
        return ReadMark(who, person.name, self._marks.of(who, room.name))

    # -- what is told ----------------------------------------------------------------------

    def follow(self, room: Room, listener: Listener) -> None:
        """Tell somebody who is in a room how far all others have read it, then what changes.

        Nothing is told to a program, nor to who has switched this off.
        """
        author = room.listeners.get(listener)
        if author is None or author.bot or (room, listener) in self._following:
            return
        person = self._people.person(author.who or "")
        if person is not None:
            work = self._loop.create_task(self._tell_all(room, listener, person))
            self._following[room, listener] = work

    async def _tell_all(self, room: Room, listener: Listener, person: Person) -> None:
        line: dict[str, object] = {"do": "reads", "room": room.name}
        try:
            marks = await self.of_room(room, person)
        except Refused:
            return
        finally:
            del self._following[room, listener]
        if marks is not None:
            line |= {"all": True, "reads": marks}
        if listener in room.listeners:
            room.catch_up(listener)
            listener.put(events.encode(line))

    def moved(self, room: Room, who: str) -> None:
        """Somebody has read on: those who are in the room are told soon, if it is small."""
        asked = self._asked.get(room)
        if asked is None:
            return
        if len(asked.readers) <= SMALL and not room.rules.hidden:
            asked.readers.add(who)
        if asked.told:
            self._tell_later(room, who)

    def changed(self, person: Person) -> None:
        """Tell soon what others are to see of a person now: their name or switch is another, or
        they are not here any more.
        """
        for room, asked in tuple(self._asked.items()):
            if asked.told and room.name in person.read:
                self._tell_later(room, person.who)

    def _tell_later(self, room: Room, who: str) -> None:
        self._moved.setdefault(room, set()).add(who)
        self._turns.soon()

    async def _tell(self) -> None:
        moved, self._moved = self._moved, {}
        known: dict[str, bool] = {}

        def shows(who: str) -> bool:
            if who not in known:
                known[who] = self._marks.shows(who)
            return known[who]

        told = 0
        for room, whos in moved.items():
            told += self._tell_room(room, whos, shows)
            if told >= SLICE:
                told = 0
                await asyncio.sleep(0)

    def _tell_room(self, room: Room, whos: set[str], shows: Callable[[str], bool]) -> int:
        """Tell who is in a room how far others have read; gives how many were told."""
        asked = self._asked[room]
        line: dict[str, object] = {"do": "reads", "room": room.name}
        if room.rules.hidden:
            asked.told = len(room.rules.members) <= SMALL
        else:
            asked.told = len(asked.readers) <= SMALL and room.present <= SMALL
        if asked.told:
            line["reads"] = [self._mark(room, who) for who in sorted(whos)]
        text, told = events.encode(line), 0
        for listener, author in tuple(room.listeners.items()):
            only = author.who is None or author.bot or (asked.told and whos == {author.who})
            if not only and shows(author.who or ""):
                room.catch_up(listener)
                listener.put(text)
                told += 1
        return told


def _by_name(reader: ReadMark | Reader) -> str:
    return reader.name.casefold()
