"""Who is here, away or gone, and what each says of themself: told to the rooms in which they are,
and to those who follow them.

Pages tell of keys and touches, and the hub keeps the time: a page in the background, whose timers
stand still, can neither keep its person here nor send them away. Who is active on one device is not
away. Programs and older pages tell nothing of it, and nobody is away for their sake.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import takewhile
from typing import Any, Final

from hub.access.people import People
from hub.access.preferences import AllPreferences
from hub.access.statuses import Status, Statuses
from hub.clients import Client, Clients
from hub.errors import Refused
from hub.protocol import events
from hub.room import Room
from hub.room_rules import direct_name
from hub.rooms import Rooms
from hub.turns import SLICE, Turns

AWAY_SECONDS: Final = 300.0
"""Seconds without a key or touch after which somebody is away."""
REPORT_SECONDS: Final = 60.0
"""Seconds for which a page may keep to itself that somebody is active."""
LOOK_SECONDS: Final = 15.0
"""Seconds between two looks for those who have gone away."""
LONGEST_WAIT: Final = 3600.0
"""Seconds after which the ends of statuses are looked at anew, as clocks are set."""


class Attendance:
    """Lives on the event loop that is running when it is made. `clock` gives seconds since 1970."""

    def __init__(
        self,
        clients: Clients,
        rooms: Rooms,
        people: People,
        statuses: Statuses,
        preferences: AllPreferences,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clients = clients
        self._rooms = rooms
        self._people = people
        self._statuses = statuses
        self._preferences = preferences
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._active: dict[
            Client, float
        ] = {}  # by the loop's time, those that told longest ago first
        self._away: set[str] = set()
        self._left: dict[str, float] = {}  # when those who were here left
        self._followed: dict[Client, frozenset[str]] = {}
        self._followers: dict[str, dict[Client, None]] = {}
        self._changed: dict[str, None] = {}
        self._turns = Turns(clients, self._tell)
        self._look = self._loop.call_later(LOOK_SECONDS, self._look_for_away)
        self._ending: asyncio.TimerHandle | None = None
        self._wait_for_end()

    def stop(self) -> None:
        """Look at nothing any more, and tell nothing."""
        self._turns.stop()
        self._look.cancel()
        if self._ending is not None:
            self._ending.cancel()

    # -- who comes and goes ----------------------------------------------------------------

    def came(self, client: Client) -> None:
        """A client was counted in."""
        who = client.person.who
        if len(self._clients.of(who)) == 1:
            self._left.pop(who, None)
            self._tell_followers(who)

    def left(self, client: Client) -> None:
        """A client was counted out."""
        for followed in self._followed.pop(client, ()):
            self._unfollow(followed, client)
        person = client.person
        self._active.pop(client, None)
        if self._clients.is_here(person.who):
            self._judge(person.who)
            return
        now = self._clock()
        if not person.visitor:  # of these any number may come and go
            self._left[person.who] = now
        self._away.discard(person.who)
        if person.who in self._followers:
            with suppress(Refused):  # they may be removed
                self._people.update(person, used=now)  # a restart forgets the rest
            self._tell_followers(person.who)

    def entering(self, room: Room, client: Client) -> None:
        """A client is about to join a room: who is there is to see the status of its person."""
        room.here.show(client.person.who, self._sign(client.person.who))

    def idle(self, client: Client, seconds: float) -> None:
        """Somebody touched a page so many seconds ago for the last time."""
        self._active.pop(client, None)
        self._active[client] = self._loop.time() - seconds
        self._judge(client.person.who)

    def _look_for_away(self) -> None:
        self._look = self._loop.call_later(LOOK_SECONDS, self._look_for_away)
        before = self._loop.time() - AWAY_SECONDS - REPORT_SECONDS
        silent = [x for x, _ in takewhile(lambda entry: entry[1] < before, self._active.items())]
        for client in silent:
            del self._active[client]
            self._active[client] = -math.inf  # behind those of whom there is more to find out
            self._judge(client.person.who)

    def _judge(self, who: str) -> None:
        told = [self._active[x] for x in self._clients.of(who) if x in self._active]
        away = bool(told) and max(told) <= self._loop.time() - AWAY_SECONDS
        if away != (who in self._away):
            (self._away.add if away else self._away.discard)(who)
            self._show(who)

    # -- what people say of themselves ------------------------------------------------------

    def status_of(self, who: str) -> Status | None:
        """What a person says of themself now."""
        return self._statuses.of(who)

    def set_status(self, who: str, status: Status | None) -> None:
        """Keep what somebody says of themself, and tell everybody whom it concerns."""
        self._statuses.set(who, status)
        self._status_changed(who)
        self._wait_for_end()

    def _status_changed(self, who: str) -> None:
        line = events.encode({"do": "status", "status": self._statuses.of(who)})
        for client in self._clients.of(who):
            client.put(line)
        self._show(who)

    def _wait_for_end(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        seconds = self._statuses.seconds_left()
        wait = None if seconds is None else min(seconds + 0.01, LONGEST_WAIT)
        self._ending = None if wait is None else self._loop.call_later(wait, self._end_statuses)

    def _end_statuses(self) -> None:
        for who in self._statuses.clear_over():
            self._status_changed(who)
        self._wait_for_end()

    # -- who is told -----------------------------------------------------------------------

    def _sign(self, who: str) -> Mapping[str, object]:
        """What stands beside a name."""
        sign: dict[str, object] = {}
        status = self._statuses.of(who)
        if status is not None:
            sign["status"] = status
        if who in self._away:
            sign["away"] = True
        return sign

    def _show(self, who: str) -> None:
        """Tell the rooms in which somebody is, and their followers, what they are now."""
        sign = self._sign(who)
        for name in {name for client in self._clients.of(who) for name in client.joined}:
            room = self._rooms.open(name)
            if room is not None:
                room.here.show(who, sign)
        self._tell_followers(who)

    def follow(self, client: Client, people: frozenset[str]) -> None:
        """Tell a client of these people, in place of others, now and whenever they change."""
        before = self._followed.get(client, frozenset())
        for who in before - people:
            self._unfollow(who, client)
        self._followed[client] = people
        lines = []
        for who in people - before:
            self._followers.setdefault(who, {})[client] = None
            if self._people.person(who) is not None:
                lines.append(self._line(who, client.person.who))
        if lines:
            client.put(b"\n".join(lines))

    def _unfollow(self, who: str, client: Client) -> None:
        followers = self._followers[who]
        del followers[client]
        if not followers:
            del self._followers[who]

    def last_shown(self, who: str) -> None:
        """Somebody shows when they were here last, or no longer does."""
        self._tell_followers(who)
        for client in self._clients.of(who):
            people = self._followed.get(client, frozenset())
            if people:
                client.put(b"\n".join(self._line(x, who) for x in people))

    def _line(self, who: str, asker: str) -> bytes:
        told: dict[str, Any] = {"do": "person", "who": who, "here": self._clients.is_here(who)}
        if not told["here"] and self._may_know_last(who, asker):
            person = self._people.person(who)
            told["last"] = self._left.get(who) or (person.used if person else 0)
        return events.encode({**told, **self._sign(who)})

    def _may_know_last(self, who: str, asker: str) -> bool:
        """Whether two people write to each other, and both show when they were here."""
        try:
            self._rooms.find_at_once(direct_name(who, asker), asker)
        except Refused:
            return False
        return self._preferences.show_last(who) and self._preferences.show_last(asker)

    def _tell_followers(self, who: str) -> None:
        if who in self._followers:
            self._changed[who] = None
            self._turns.soon()

    async def _tell(self) -> None:
        changed, self._changed = self._changed, {}
        told = 0
        for who in changed:
            for client in tuple(self._followers.get(who, ())):
                client.put(self._line(who, client.person.who))
                told += 1
                if told % SLICE == 0:
                    await asyncio.sleep(0)
