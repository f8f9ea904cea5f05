"""The live connections of one hub, found by the person whose they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Final, Protocol

from hub.access.people import People, Person
from hub.protocol import events
from hub.room import Listener, Room

SLICE: Final = 256
"""Connections that are told something at a time; then others have their turn."""
HOSTS_SECONDS: Final = 1.0
"""Seconds between two notices to the hosts that their panel is out of date."""


class Client(Listener, Protocol):
    """One live connection of a person."""

    device: str | None
    """The id of the device that it came with."""
    watched: frozenset[str]
    """The names of the public rooms of which it is told as soon as they move."""
    from_here: bool
    """Whether it comes from this computer."""

    @property
    def person(self) -> Person: ...

    @property
    def joined(self) -> AbstractSet[str]:
        """The names of the rooms whose events it is sent."""

    def end(self, reason: str) -> None:
        """Close it: its person may not be here any more."""

    def pause(self) -> None:
        """Close it: its person may come back later."""

    def part(self, room: Room) -> None:
        """Make it leave a room that it may not be in any more."""


class Clients:
    """All live connections; iterating gives them in the order in which they came.

    Lives on the event loop that is running when it is made.
    """

    def __init__(self, people: People) -> None:
        self._people = people
        self._loop = asyncio.get_running_loop()
        self._all: dict[Client, None] = {}
        self._by_person: dict[str, list[Client]] = {}
        self._telling_hosts = False

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Client]:
        return iter(self._all)

    def add(self, client: Client) -> None:
        """Count in a connection whose person is known by now."""
        self._all[client] = None
        self._by_person.setdefault(client.person.who, []).append(client)
        self.tell_hosts()

    def remove(self, client: Client) -> None:
        """Count out a connection; with the last one its person has left."""
        del self._all[client]
        person = client.person
        own = self._by_person[person.who]
        own.remove(client)
        if not own:
            del self._by_person[person.who]
            self._people.leave(person)
        self.tell_hosts()

    def of(self, who: str) -> list[Client]:
        """The connections of one person, which may be ended while the list is gone through."""
        return list(self._by_person.get(who, ()))

    def is_here(self, who: str) -> bool:
        """Whether a person is connected."""
        return who in self._by_person

    def hosts(self) -> list[Client]:
        """The connections of all hosts."""
        return [client for who in self._people.hosts for client in self.of(who)]

    def peers(self) -> int:
        """How many people are connected from other computers."""
        return len({client.person.who for client in self._all if not client.from_here})

    def tell_all(self, line: bytes) -> None:
        """Tell every connection of now an event."""
        self._each(tuple(self._all), lambda client: client.put(line))

    def pause(self) -> None:
        """Close the connections of now that come from other computers."""
        peers = tuple(client for client in self._all if not client.from_here)
        self._each(peers, lambda client: client.pause())

    def _each(self, clients: tuple[Client, ...], do: Callable[[Client], None]) -> None:
        waiting = iter(clients)

        def do_some() -> None:
            some = tuple(islice(waiting, SLICE))
            for client in some:
                do(client)
            if some:
                self._loop.call_soon(do_some)

        do_some()

    def tell_hosts(self) -> None:
        """Tell the hosts, at most every HOSTS_SECONDS, that their panel is out of date."""
        if not self._telling_hosts:
            self._telling_hosts = True
            self._loop.call_later(HOSTS_SECONDS, self._tell_hosts)

    def _tell_hosts(self) -> None:
        self._telling_hosts = False
        self._put_to_hosts(b'{"do":"host"}')

    def tell_notices(self, notices: list[str]) -> None:
        """Tell the hosts what they are to know of the program now, in place of what they knew."""
        self._put_to_hosts(events.encode({"do": "notices", "notices": notices}))

    def _put_to_hosts(self, line: bytes) -> None:
        for client in self.hosts():
            client.put(line)

    def end(self, who: str, reason: str, device: str | None = None) -> None:
        """Close the connections of a person, or only those of one device."""
        for client in self.of(who):
            if device is None or client.device == device:
                client.end(reason)
