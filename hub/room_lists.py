"""Lists of rooms as answers show them, made in slices: a hub may have a hundred thousand."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from typing import ClassVar, Final, NamedTuple
from weakref import WeakSet

from msgspec import structs

from hub import public
from hub.errors import Refused
from hub.hub import Hub
from hub.names import room_name
from hub.protocol import events
from hub.public import RoomEntry
from hub.resting import Resting
from hub.room import Room
from hub.room_rules import DIRECT, Author, hidden
from hub.rooms_at_rest import Place

LISTED: Final = 1000
"""Most rooms of a piece of the list: nobody should wait for more before their messages."""
LOOKED_AT: Final = 10_000
"""Rooms of which the names are taken at a time, where some are looked for."""
SLICE_SECONDS: Final = 0.003
"""Seconds of work between two turns of the others, of all lists that are being made."""


class Piece(NamedTuple):
    """Some rooms of a list, and the text by which the next ones are asked for, if there are any."""

    entries: list[RoomEntry]
    next: str | None


class Slices:
    """Gives the others on the event loop their turn while something long is done.

    Where several lists are made at once, they share the time between two of these turns.
    """

    _all: ClassVar[WeakSet[Slices]] = WeakSet()

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._all.add(self)
        self._begin()

    def _begin(self) -> None:
        self._until = self._loop.time() + SLICE_SECONDS / len(self._all)

    async def step(self) -> None:
        """Go on, or have the others go on first."""
        if self._loop.time() >= self._until:
            await asyncio.sleep(0)
            self._begin()


async def all_rooms(hub: Hub, author: Author | None) -> AsyncIterator[RoomEntry]:
    """All rooms that an author, or a stranger, may see, by name, once the hub knows them all."""
    await hub.rooms.all_known()
    async for entry in _entries(hub, author, hub.rooms.visible_to(_who(author)), Slices()):
        yield entry


async def latest(hub: Hub, author: Author | None, limit: int, after: Place | None) -> Piece:
    """So many of them: hidden ones first, of each kind the latest first; those after a place."""
    await hub.rooms.all_known()
    places = hub.rooms.latest_to(_who(author), limit + 1, after)
    return await _piece(hub, author, *_cut(places, limit))


async def found(
    hub: Hub, author: Author | None, text: str, limit: int, after: Place | None
) -> Piece:
    """So many of them that have a text in their name, title or topic, whatever its case, likewise.

    The public room whose name it is comes before the first piece, and is not counted.
    """
    await hub.rooms.all_known()
    meant = _meant(hub, text)
    exact = [meant] if meant and after is None else []
    names, more = _cut(await _alike(hub, author, text.casefold(), limit + 1, after, meant), limit)
    return await _piece(hub, author, exact + names, more)


async def first(hub: Hub, author: Author | None) -> tuple[Piece, str]:
    """The list that a client begins with: by name, or of more than LISTED the latest; and its tag.

    The tag is another text for each list, apart from who is here, and after each start of the hub.
    """
    piece = await _piece(hub, author, *_first(hub, author))
    return piece, _tag(hub, piece)


def first_tag(hub: Hub, author: Author | None) -> str | None:
    """The tag of that list, None where that takes long: while the hub gets to know its rooms, or
    where unread counts are in the files of rooms at rest.
    """
    if not hub.rooms.all_open:
        return None
    names, more = _first(hub, author)
    rooms = [hub.rooms.shown(name) for name in names]
    if any(_is_behind(hub, author, room) for room in rooms):
        return None
    entries = [public.room_entry(hub, room, author) for room in rooms if room is not None]
    return _tag(hub, Piece(entries, more))


def place_of(text: str) -> Place:
    """The place that the `next` of a piece means. Raises ValueError."""
    moment, _, name = text.partition("-")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 17 and name):
        raise ValueError(text)
    return int(moment), name


def _first(hub: Hub, author: Author | None) -> tuple[list[str], str | None]:
    names, more = _cut(hub.rooms.latest_to(_who(author), LISTED + 1), LISTED)
    return (sorted(names), None) if more is None else (names, more)


def _cut(places: list[Place], limit: int) -> tuple[list[str], str | None]:
    """The names of the first ones, and where the next piece begins, if there are more."""
    more = None if len(places) <= limit else "{}-{}".format(*places[limit - 1])
    return [name for _, name in places[:limit]], more


async def _piece(hub: Hub, author: Author | None, names: list[str], more: str | None) -> Piece:
    return Piece([x async for x in _entries(hub, author, names, Slices())], more)


async def _entries(
    hub: Hub, author: Author | None, names: Iterable[str], slices: Slices
) -> AsyncIterator[RoomEntry]:
    """The entries of these rooms, as far as the author may see them by now."""
    for name in names:
        await slices.step()
        room = hub.rooms.shown(name)
        if _is_behind(hub, author, room):
            try:
                room = await hub.rooms.look(name)
            except Refused:
                continue
        if room is not None and room.permissions.may_see(_who(author)):
            yield public.room_entry(hub, room, author)


def _is_behind(hub: Hub, author: Author | None, room: Room | Resting | None) -> bool:
    """Whether what an author has not read of a room at rest stands in its file alone."""
    person = hub.people.person(author.who) if author and author.who else None
    return person is not None and isinstance(room, Resting) and room.read_state(person) is None


def _meant(hub: Hub, text: str) -> str | None:
    """The name of the public room that is called so, if something was said in it."""
    try:
        name = room_name(text)
    except Refused:
        return None
    room = None if hidden(name) else hub.rooms.shown(name)
    return name if room is not None and room.last else None


async def _alike(
    hub: Hub, author: Author | None, like: str, count: int, after: Place | None, meant: str | None
) -> list[Place]:
    """So many rooms that have this text, after a place, without the one that is meant."""
    slices, alike = Slices(), list[Place]()
    while True:
        places = hub.rooms.latest_to(_who(author), LOOKED_AT, after)
        for place in places:
            await slices.step()
            if place[1] != meant and _is_like(hub, author, place[1], like):
                alike.append(place)
                if len(alike) == count:
                    return alike
        if len(places) < LOOKED_AT:
            return alike
        after = places[-1]


def _is_like(hub: Hub, author: Author | None, name: str, like: str) -> bool:
    """Whether a room has this text in its title or topic or, where that says much, its name."""
    if not hidden(name) and like.replace(" ", "-") in name.casefold():
        return True
    if not name.startswith(DIRECT):
        return any(like in text.casefold() for text in hub.rooms.texts(name))
    room = hub.rooms.shown(name)
    return room is not None and like in public.title_of(hub, room, author).casefold()


def _tag(hub: Hub, piece: Piece) -> str:
    digest = hashlib.blake2b(hub.instance.encode(), digest_size=12)
    for entry in piece.entries:
        digest.update(events.encode(structs.replace(entry, here=0)))
    return digest.hexdigest()


def _who(author: Author | None) -> str | None:
    return author.who if author else None
