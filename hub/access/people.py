"""People, the names that they hold, and the devices that prove who they are.

Knows no room, no HTTP and no file: what is to last is kept in keys.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from hub.access.devices import Device, Devices
from hub.access.person import AT, NAME, PERSON, READ, Loaded, Person
from hub.access.records import Changes
from hub.errors import Refused
from hub.keys import Conflict, Keys
from hub.names import PERSON_CHARACTERS, person_name, skeleton

__all__ = ["People", "Person"]

TIDIED: Final = 1000
"""Most people who are forgotten at a time while the hub runs."""
USED_EVERY: Final = 3600.0
"""Seconds between updates of when somebody was last here."""
VISITOR_SECONDS: Final = 86400.0
"""Seconds for which the token of a visitor who has left is kept."""
LONGEST_NAME: Final = 10 * PERSON_CHARACTERS
"""Most characters of a name as it may be typed: with spaces, and letters not yet composed."""
FORMER: Final = 5
"""Former names that stay a person's own; the audit has them all."""
UNUSED_SECONDS: Final = 30 * 86400.0
"""Seconds without use after which a name without a password is free again."""


class People:
    """What `keys` hold of people; `clock` gives seconds since 1970.

    `id` is random, and lasts as long as the people and their devices. `hosts` says who are hosts;
    it is only read elsewhere. `unread` is how many keys cannot be read, and are left out.
    """

    def __init__(self, keys: Keys | None = None, clock: Callable[[], float] = time.time) -> None:
        self._keys = Keys() if keys is None else keys
        self._clock = clock
        loaded = Loaded(self._keys)
        self.id = loaded.id
        self._people = loaded.people
        self._names = loaded.names  # what a name looks like -> who holds it
        self.hosts = {person.who for person in self._people.values() if person.host}
        self.devices = Devices(self._keys, clock)
        self.unread = loaded.unread + self.devices.unread
        if loaded.at is not None:
            # Not by today's clock: it may have been set since, and nobody could come back yet.
            self._tidy(loaded.at, lambda who: False, len(self._people) + 1)

    # -- coming in -------------------------------------------------------------------------

    def enter(self, name: str, token: str | None = None) -> tuple[Person, str]:
        """Let a new person in under a name; gives the person and the token of the device.

        `token` is that of a device that has no person yet. Raises Refused: 422
        "name_invalid", 409 "name_taken".
        """
        return self._enter(name, token)

    def visit(self, name: str) -> tuple[Person, str]:
        """Let in a visitor (see Person), who only said hello. Raises Refused as `enter` does."""
        return self._enter(name, None, visitor=True)

    def _enter(self, name: str, token: str | None, *, visitor: bool = False) -> tuple[Person, str]:
        name = person_name(name)
        self.check_free(name)
        now, who = self._clock(), "p_" + secrets.token_hex(8)
        changes = Changes(self._keys)
        device = self.devices.get(token)
        if token is None or device is None or device.who is not None:
            device, token = self.devices.adding(changes, who)
        else:
            self.devices.changing(changes, token, who=who)
        person = Person(who, name, now, now, host=device.host, visitor=visitor)
        changes.set(PERSON + who, person)
        self._claim(changes, name, person)
        self._put(changes, name)
        self._people[who] = person
        if person.host:
            self.hosts.add(who)
        return person, token

    def _claim(self, changes: Changes, name: str, person: Person) -> None:
        look = skeleton(name)
        changes.claim(NAME + look, person.who)
        changes.then(lambda: self._names.update({look: person.who}))

    def _free(self, changes: Changes, looks: Iterable[str]) -> None:
        for look in looks:
            changes.value(NAME + look, None)
            changes.then(partial(self._names.pop, look, None))

    def _put(self, changes: Changes, name: str = "") -> None:
        """Raises Refused (409, "name_taken") where somebody else holds `name`, which is claimed."""
        changes.value(AT, self._clock())
        try:
            changes.put()
        except Conflict:
            raise _taken(name) from None

    def _change(self, person: Person, **members: object) -> None:
        changes = Changes(self._keys)
        changes.set(PERSON + person.who, person, **members)
        self._put(changes)

    def leave(self, person: Person) -> None:
        """The last connection of this person is gone: a visitor gives the name back."""
        if person.visitor and self._names.get(skeleton(person.name)) == person.who:
            changes = Changes(self._keys)
            looks = {skeleton(name) for name in (*person.former, person.name)}
            self._free(changes, [x for x in looks if self._names.get(x) == person.who])
            changes.set(PERSON + person.who, person, former=[], used=self._clock())
            self._put(changes)

    def come_back(self, token: str) -> Person | None:
        """The person of a token, or None. A visitor that comes back stays.

        Raises Refused: 403 "banned", "waiting"; 409 "name_taken" where a visitor's name went to
        somebody else.
        """
        device, person = self.standing(token)
        if (device and device.banned) or (person and person.banned):
            raise Refused("banned", "The host has closed this Hearth to you.", 403)
        if device is None or person is None:
            return None
        if person.waiting:
            raise Refused("waiting", "The host has yet to let you in.", 403)
        now = self._clock()
        members: dict[str, object] = {}
        changes = Changes(self._keys)
        if person.visitor:
            if self._names.get(skeleton(person.name), person.who) != person.who:
                raise _taken(person.name)
            self._claim(changes, person.name, person)
            members["visitor"] = False
        if now - person.used > USED_EVERY or now - device.used > USED_EVERY:
            self.devices.changing(changes, token, used=now)
            members["used"] = now
        if members:
            changes.set(PERSON + person.who, person, **members)
            self._put(changes, person.name)
        return person

    def add_device(self, person: Person, *, purpose: str | None = None) -> tuple[Device, str]:
        """One more device of a person, or a token for a program; gives it and its token."""
        return self.devices.add(person.who, purpose, host=person.host and purpose is None)

    def host_device(self) -> str:
        """Make a host's device, whose person has yet to say a name; gives its token."""
        return self.devices.add(host=True)[1]

    def make_host(self, token: str) -> None:
        """Make the device of this token, and its person, a host."""
        device = self.devices.get(token)
        assert device is not None
        if device.who is not None:
            self.set_host(self._people[device.who], True)
        if not device.host:
            changes = Changes(self._keys)
            self.devices.changing(changes, token, host=True)
            self._put(changes)

    def set_host(self, person: Person, host: bool) -> None:
        changes = Changes(self._keys)
        changes.set(PERSON + person.who, person, host=host)
        self.devices.changing_of(changes, person.who, programs=False, host=host)
        self._put(changes)
        (self.hosts.add if host else self.hosts.discard)(person.who)

    def take_back(self, person: Person, token: str) -> bool:
        """Give a host's device the name of a host who has no password; whether it did.

        This way the hub's own window, and anyone let in from the machine itself, are the
        person that they were.
        """
        device = self.devices.get(token)
        if device is None or not device.host or device.who is not None:
            return False
        if not person.host or person.password is not None:
            return False
        changes = Changes(self._keys)
        self.devices.changing(changes, token, who=person.who)
        self._put(changes)
        return True

    # -- what people change ----------------------------------------------------------------

    def rename(self, person: Person, name: str) -> None:
        """Give a person another name. Raises Refused as `enter` does."""
        name = person_name(name)
        if self._names.get(skeleton(name)) != person.who:
            self.check_free(name)
        names = [*person.former, person.name]
        kept = {skeleton(x) for x in (*names[-FORMER:], name)}
        changes = Changes(self._keys)
        changes.set(PERSON + person.who, person, former=names[-FORMER:], name=name)
        gone = {skeleton(x) for x in names} - kept
        self._free(changes, [x for x in gone if self._names.get(x) == person.who])
        self._claim(changes, name, person)
        self._put(changes, name)

    def update(self, person: Person, **changes: object) -> None:
        """Set members of a person: password, waiting, banned, muted."""
        if changes.get("password"):
            changes["visitor"] = False
        self._change(person, **changes)

    def ban(self, person: Person, banned: bool) -> None:
        """Ban a person with all devices that they came with, or let them in again."""
        changes = Changes(self._keys)
        changes.set(PERSON + person.who, person, banned=banned)
        self.devices.changing_of(changes, person.who, programs=True, banned=banned)
        self._put(changes)

    def remove(self, *people: Person) -> None:
        """Forget people and free their names; what they said stays."""
        gone = {person.who for person in people}
        looks: dict[str, list[str]] = {}
        for look, who in self._names.items():
            if who in gone:
                looks.setdefault(who, []).append(look)
        devices = self.devices.keys_of(gone)
        for person in people:
            changes = Changes(self._keys)
            changes.value(PERSON + person.who, None)
            self._free(changes, looks.get(person.who, ()))
            self.devices.ending(changes, devices.get(person.who, ()))
            for room in person.read:
                changes.value(f"{READ}{person.who}/{room}", None)
            self._put(changes)
            self._people.pop(person.who, None)
            self.hosts.discard(person.who)

    # -- queries ---------------------------------------------------------------------------

    def standing(self, token: str | None) -> tuple[Device | None, Person | None]:
        """The device of a token and its person, whether or not they may come in."""
        device = self.devices.get(token)
        return device, self._people.get(device.who) if device and device.who else None

    def muted_for(self, person: Person) -> float:
        """For how many seconds more a person is muted."""
        return max(0.0, person.muted - self._clock())

    def person(self, who: str) -> Person | None:
        return self._people.get(who)

    def named(self, name: str) -> Person | None:
        """The holder of this name or its like; None for what is too long to be a name."""
        who = self._names.get(skeleton(name)) if len(name) <= LONGEST_NAME else None
        return self._people.get(who) if who else None

    def all(self) -> list[Person]:
        """Everybody who holds a name, by name; visitors who have gone hold none."""
        return sorted(
            (self._people[x] for x in set(self._names.values())), key=lambda x: x.name.casefold()
        )

    def everybody(self) -> list[Person]:
        """All people, with visitors who have gone: their tokens are still good."""
        return list(self._people.values())

    def check_free(self, name: str, *, away: bool = False) -> None:
        """Raises Refused (409, "name_taken") where somebody holds this name or its like.

        With `away` the asker may know that the holder is not here.
        """
        holder = self.named(name)
        if holder is not None:
            raise _taken(name, account=holder.password is not None, away=away)

    def read_up_to(self, person: Person, room: str, n: int) -> bool:
        """Keep how far somebody has read; whether that is further than before."""
        if n <= person.read.get(room, 0):
            return False
        key = f"{READ}{person.who}/{room}"
        self._keys.put({key: (self._keys.get(key), b"%d" % n)})
        person.read[room] = n
        return True

    # -- keeping ---------------------------------------------------------------------------

    def tidy(self, here: Callable[[str], bool] = lambda who: False) -> bool:
        """Forget visitors who never came back, and free names that nobody used or claimed.

        Whoever is `here` uses theirs. Gives whether there are more: it stops at TIDIED.
        """
        return self._tidy(self._clock(), here, TIDIED)

    def _tidy(self, now: float, here: Callable[[str], bool], most: int) -> bool:
        gone, used = [], 0
        for person in self._people.values():
            if here(person.who):
                if now - person.used > USED_EVERY:
                    self._change(person, used=now)
                    used += 1
                person.used = now
            account = person.password is not None and not person.waiting
            lasting = account or person.host or person.banned
            longest = VISITOR_SECONDS if person.visitor else UNUSED_SECONDS
            if not lasting and now - person.used > longest:
                gone.append(person)
            if len(gone) + used == most:
                break
        if gone:
            self.remove(*gone)
        return len(gone) + used == most


def _taken(name: str, *, account: bool = False, away: bool = False) -> Refused:
    also = " If it is yours, log in." if account else ""
    why = (
        f"The name {name} is kept for somebody who was here."
        if away
        else f"Somebody here is already called {name}."
    )
    return Refused("name_taken", f"{why} Choose another.{also}", 409)
