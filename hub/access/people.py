"""People, the names that they hold, and the devices that prove who they are.

Knows no room, no HTTP and no file: what is to last is kept in keys.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from typing import Final
from weakref import WeakValueDictionary

from hub.access import person as person_keys
from hub.access.devices import Device, Devices
from hub.access.person import AT, HOST, ID, NAME, PERSON, PREFERENCES, READ, VISITOR, Person
from hub.access.records import Changes
from hub.errors import Refused
from hub.keys import Conflict, Keys
from hub.names import PERSON_CHARACTERS, person_name, skeleton

__all__ = ["People", "Person"]

TIDIED: Final = 2000
"""How many people are looked at at a time for who is to be forgotten."""
USED_EVERY: Final = 3600.0
"""Seconds between updates of when somebody was last here."""
LONGEST_NAME: Final = 10 * PERSON_CHARACTERS
"""Most characters of a name as it may be typed: with spaces, and letters not yet composed."""
FORMER: Final = 5
"""Former names that stay a person's own; the audit has them all."""


class People:
    """What `keys` hold of people; `clock` gives seconds since 1970.

    A person is read from the keys when somebody asks for them, and is the same one for as long as
    anybody holds on to them: those who are not here take little. `id` is random, and lasts as long
    as the people and their devices. `hosts` says who are hosts; it is only read elsewhere.
    """

    def __init__(self, keys: Keys | None = None, clock: Callable[[], float] = time.time) -> None:
        self._keys = Keys() if keys is None else keys
        self._clock = clock
        self._held: WeakValueDictionary[str, Person] = WeakValueDictionary()
        self._untidied: list[str] = []
        person_keys.prepare(self._keys)
        self.id = person_keys.text_in(self._keys.get(ID)) or ""
        self.devices = Devices(self._keys, clock)
        people = self._keys.group(PERSON)
        self.hosts = {who for who, value in people.items() if HOST in value}
        at = person_keys.moment_in(self._keys.get(AT))
        if at is not None:
            # Not by today's clock: it may have been set since, and nobody could come back yet.
            self._forget([who for who, value in people.items() if VISITOR in value], at)

    # -- coming in -------------------------------------------------------------------------

    def enter(
        self,
        name: str,
        token: str | None = None,
        *,
        visitor: bool = False,
        password: str | None = None,
        waiting: bool = False,
    ) -> tuple[Person, str]:
        """Let a new person in under a name; gives the person and the token of the device.

        `token` is that of a device that has no person yet. Raises Refused: 422
        "name_invalid", 409 "name_taken".
        """
        name = person_name(name)
        self.check_free(name)
        now, who = self._clock(), "p_" + secrets.token_hex(8)
        changes = Changes(self._keys)
        device = self.devices.get(token)
        if token is None or device is None or device.who is not None:
            device, token = self.devices.adding(changes, who)
        else:
            self.devices.changing(changes, token, who=who)
        person = Person(who, name, now, now, device.host, visitor, waiting, password=password)
        changes.set(PERSON + who, person)
        self._claim(changes, name, person)
        self._put(changes, name)
        self._held[who] = person
        if person.host:
            self.hosts.add(who)
        return person, token

    def _claim(self, changes: Changes, name: str, person: Person) -> None:
        changes.claim(NAME + skeleton(name), person.who)

    def _free(self, changes: Changes, looks: Iterable[str]) -> None:
        for look in looks:
            changes.value(NAME + look, None)

    def _holder(self, look: str) -> str | None:
        """Who holds the names that look so."""
        return person_keys.text_in(self._keys.get(NAME + look))

    def _put(self, changes: Changes, name: str = "") -> None:
        """Raises Refused (409, "name_taken") where somebody else holds `name`, which is claimed."""
        changes.value(AT, self._clock())
        try:
            changes.put()
        except Conflict:
            raise person_keys.taken(name) from None

    def _change(self, person: Person, **members: object) -> None:
        if self._keys.get(PERSON + person.who) is None:  # they would be there again
            raise Refused("who_are_you", "That name was removed. Join again.", 401)
        changes = Changes(self._keys)
        changes.set(PERSON + person.who, person, **members)
        self._put(changes)

    def visit(self, name: str) -> tuple[Person, str]:
        """Let in a visitor (see Person), who only said hello. Raises Refused as `enter` does."""
        return self.enter(name, visitor=True)

    def leave(self, person: Person) -> None:
        """The last connection of this person is gone: a visitor gives the name back."""
        if person.visitor and self._holds(person):
            changes = Changes(self._keys)
            looks = {skeleton(name) for name in (*person.former, person.name)}
            self._free(changes, [x for x in looks if self._holder(x) == person.who])
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
            if self._holder(skeleton(person.name)) not in (None, person.who):
                raise person_keys.taken(person.name)
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
        person = self.person(device.who) if device.who is not None else None
        if person is not None:
            self.set_host(person, True)
        if person is None or device.purpose is not None:
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
        if self._holder(skeleton(name)) != person.who:
            self.check_free(name)
        names = [*person.former, person.name]
        own = {skeleton(x) for x in (*names[-FORMER:], name)}
        changes = Changes(self._keys)
        changes.set(PERSON + person.who, person, former=names[-FORMER:], name=name)
        gone = {skeleton(x) for x in names} - own
        self._free(changes, [x for x in gone if self._holder(x) == person.who])
        self._claim(changes, name, person)
        self._put(changes, name)

    def update(self, person: Person, **changes: object) -> None:
        """Set members of a person: password, waiting, banned, muted.

        Raises Refused (401) where the person was removed meanwhile.
        """
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
        for look, value in self._keys.items(NAME):
            who = value[1:-1].decode()
            if who in gone:
                looks.setdefault(who, []).append(look)
        devices = self.devices.keys_of(gone)
        for who in gone:
            changes = Changes(self._keys)
            changes.value(PERSON + who, None)
            changes.value(PREFERENCES + who, None)
            changes.value(person_keys.STATUS + who, None)
            self._free(changes, looks.get(who, ()))
            self.devices.ending(changes, devices.get(who, ()))
            for room in self._keys.group(f"{READ}{who}/"):
                changes.value(f"{READ}{who}/{room}", None)
            self._put(changes)
            self._held.pop(who, None)
            self.hosts.discard(who)
        self.devices.forget(gone)

    # -- queries ---------------------------------------------------------------------------

    def standing(self, token: str | None) -> tuple[Device | None, Person | None]:
        """The device of a token and its person, whether or not they may come in."""
        device = self.devices.get(token)
        return device, self.person(device.who) if device and device.who else None

    def muted_for(self, person: Person) -> float:
        """For how many seconds more a person is muted."""
        return max(0.0, person.muted - self._clock())

    def person(self, who: str) -> Person | None:
        person = self._held.get(who)
        value = self._keys.get(PERSON + who) if person is None else None
        if value is not None:
            person = person_keys.person_in(value)
            if person is not None:
                person.read = person_keys.read_in(self._keys.group(f"{READ}{who}/"))
                self._held[who] = person
        return person

    def named(self, name: str) -> Person | None:
        """The holder of this name or its like; None for what is too long to be a name."""
        who = self._holder(skeleton(name)) if len(name) <= LONGEST_NAME else None
        return self.person(who) if who else None

    def all(self) -> list[Person]:
        """Everybody who holds a name, by name; visitors who have gone hold none."""
        return self._holders(self._keys.group(PERSON))

    def like(self, part: str) -> list[Person]:
        """Everybody who holds a name with this in it, whatever case and accents, by name."""
        return self._holders(person_keys.named_like(self._keys.group(PERSON), part))

    def _holders(self, people: Iterable[str]) -> list[Person]:
        found = [x for x in self._all(people) if not x.visitor or self._holds(x)]
        return sorted(found, key=lambda person: person.name.casefold())

    def _holds(self, person: Person) -> bool:
        return self._holder(skeleton(person.name)) == person.who

    def everybody(self) -> list[Person]:
        """All people, with visitors who have gone: their tokens are still good."""
        return self._all(self._keys.group(PERSON))

    def _all(self, people: Iterable[str]) -> list[Person]:
        return [person for who in people if (person := self.person(who)) is not None]

    def check_free(self, name: str, *, away: bool = False) -> None:
        """Raises Refused (409, "name_taken") where somebody holds this name or its like.

        With `away` the asker may know that the holder is not here.
        """
        holder = self.named(name)
        if holder is not None:
            raise person_keys.taken(name, account=holder.password is not None, away=away)

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

        Whoever is `here` uses theirs. It looks at TIDIED people and goes on with others the next
        time; gives whether there are more.
        """
        if not self._untidied:
            self._untidied = list(self._keys.group(PERSON))
        some = self._untidied[:TIDIED]
        del self._untidied[:TIDIED]
        now = self._clock()
        for who in filter(here, some):
            person = self.person(who)
            if person is not None and now - person.used > USED_EVERY:
                self._change(person, used=now)
        self._forget([who for who in some if not here(who)], now)
        return bool(self._untidied)

    def _forget(self, people: Iterable[str], now: float) -> None:
        """Forget those of these people whose time is over."""
        found = [person_keys.person_in(self._keys.get(PERSON + who) or b"") for who in people]
        gone = [person for person in found if person is not None and person.is_over(now)]
        if gone:
            self.remove(*gone)
