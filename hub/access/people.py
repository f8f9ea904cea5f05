"""People, the names that they hold, and the devices that prove who they are.

Knows no room, no HTTP and no file: it is read from bytes and gives bytes to keep.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct, field

from hub.access.devices import Device, Devices
from hub.errors import Refused
from hub.names import PERSON_CHARACTERS, person_name, skeleton

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


class Person(Struct, omit_defaults=True):
    """`who` is the lasting id; times are seconds since 1970; `read` is the last n by room.

    A visitor came with nothing but a name: it is theirs while they are here, and for good once
    they have come back with their token. `password` (what hub.access.passwords keeps) makes the
    name an account. Somebody `waiting` has asked to come in; `muted` is until when.
    """

    who: str
    name: str
    made: float
    used: float
    host: bool = False
    visitor: bool = False
    waiting: bool = False
    banned: bool = False
    muted: float = 0.0
    password: str | None = None
    former: list[str] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)


class _Kept(Struct):
    people: list[Person]
    devices: dict[str, Device]
    at: float = 0.0  # when it was kept, by the clock of that time
    id: Annotated[str, Meta(pattern="^[0-9a-f]{0,64}$")] = ""


class People:
    """`clock` gives seconds since 1970; `changed` is called when there is something to keep.

    `id` is random, and lasts as long as the people and their devices. `hosts` says who are hosts;
    it is only read elsewhere.
    """

    def __init__(
        self,
        changed: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._changed = changed
        self._clock = clock
        self.id = secrets.token_hex(8)
        self._people: dict[str, Person] = {}
        self._names: dict[str, str] = {}  # what a name looks like -> who holds it
        self.devices = Devices(changed, clock)
        self.hosts: set[str] = set()

    # -- coming in -------------------------------------------------------------------------

    def enter(self, name: str, token: str | None = None) -> tuple[Person, str]:
        """Let a new person in under a name; gives the person and the token of the device.

        `token` is that of a device that has no person yet. Raises Refused: 422
        "name_invalid", 409 "name_taken".
        """
        name = person_name(name)
        self.check_free(name)
        now = self._clock()
        device = self.devices.get(token)
        if token is None or device is None or device.who is not None:
            device, token = self.devices.add()
        person = Person("p_" + secrets.token_hex(8), name, now, now, host=device.host)
        device.who = person.who
        self._people[person.who] = person
        if person.host:
            self.hosts.add(person.who)
        self._names[skeleton(name)] = person.who
        self._changed()
        return person, token

    def visit(self, name: str) -> tuple[Person, str]:
        """Let in a visitor (see Person), who only said hello. Raises Refused as `enter` does."""
        person, token = self.enter(name)
        person.visitor = True
        return person, token

    def leave(self, person: Person) -> None:
        """The last connection of this person is gone: a visitor gives the name back."""
        if person.visitor and self._names.get(skeleton(person.name)) == person.who:
            for name in (*person.former, person.name):
                self._names.pop(skeleton(name), None)
            person.former.clear()
            person.used = self._clock()
            self._changed()

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
        if person.visitor:
            if self._names.setdefault(skeleton(person.name), person.who) != person.who:
                raise _taken(person.name)
            person.visitor = False
            self._changed()
        if now - person.used > USED_EVERY or now - device.used > USED_EVERY:
            device.used = person.used = now
            self._changed()
        return person

    def add_device(self, person: Person, *, purpose: str | None = None) -> tuple[Device, str]:
        """One more device of a person, or a token for a program; gives it and its token."""
        device, token = self.devices.add(person.who, purpose)
        device.host = person.host and purpose is None
        return device, token

    def host_device(self) -> str:
        """Make a host's device, whose person has yet to say a name; gives its token."""
        device, token = self.devices.add()
        device.host = True
        return token

    def make_host(self, token: str) -> None:
        """Make the device of this token, and its person, a host."""
        device = self.devices.get(token)
        assert device is not None
        device.host = True
        if device.who is not None:
            self.set_host(self._people[device.who], True)
        self._changed()

    def set_host(self, person: Person, host: bool) -> None:
        person.host = host
        (self.hosts.add if host else self.hosts.discard)(person.who)
        for device in self.devices.of(person.who):
            if device.purpose is None:
                device.host = host
        self._changed()

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
        device.who = person.who
        self._changed()
        return True

    # -- what people change ----------------------------------------------------------------

    def rename(self, person: Person, name: str) -> None:
        """Give a person another name. Raises Refused as `enter` does."""
        name = person_name(name)
        if self._names.get(skeleton(name)) != person.who:
            self.check_free(name)
        names = [*person.former, person.name]
        person.former, person.name = names[-FORMER:], name
        kept = {skeleton(x) for x in (*person.former, name)}
        for look in {skeleton(x) for x in names} - kept:
            self._names.pop(look, None)
        self._names[skeleton(name)] = person.who
        self._changed()

    def update(self, person: Person, **changes: object) -> None:
        """Set members of a person: password, waiting, banned, muted."""
        for name, value in changes.items():
            setattr(person, name, value)
        if changes.get("password"):
            person.visitor = False
        self._changed()

    def ban(self, person: Person, banned: bool) -> None:
        """Ban a person with all devices that they came with, or let them in again."""
        person.banned = banned
        for device in self.devices.of(person.who):
            device.banned = banned
        self._changed()

    def remove(self, *people: Person) -> None:
        """Forget people and free their names; what they said stays."""
        self.devices.end_all(person.who for person in people)
        for person in people:
            self._people.pop(person.who, None)
            self.hosts.discard(person.who)
        self._names = {look: who for look, who in self._names.items() if who in self._people}
        self._changed()

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
        person.read[room] = n
        self._changed()
        return True

    # -- keeping ---------------------------------------------------------------------------

    def tidy(self, here: Callable[[str], bool] = lambda who: False) -> None:
        """Forget visitors who never came back, and free names that nobody used or claimed."""
        self._tidy(self._clock(), here)

    def _tidy(self, now: float, here: Callable[[str], bool]) -> None:
        gone = []
        for person in self._people.values():
            if here(person.who):
                person.used = now
            account = person.password is not None and not person.waiting
            lasting = account or person.host or person.banned
            longest = VISITOR_SECONDS if person.visitor else UNUSED_SECONDS
            if not lasting and now - person.used > longest:
                gone.append(person)
        if gone:
            self.remove(*gone)

    def dump(self) -> bytes:
        """Everything that lasts, as JSON; a visitor who holds a name is here now."""
        for who in self._names.values():
            if self._people[who].visitor:
                self._people[who].used = self._clock()
        kept = _Kept(list(self._people.values()), self.devices.known, self._clock(), self.id)
        return msgspec.json.format(msgspec.json.encode(kept), indent=1)

    def load(self, data: bytes) -> None:
        """Take what `dump` gave. Raises ValueError where it is not that."""
        kept = msgspec.json.decode(data, type=_Kept)
        self.id = kept.id or self.id
        self._people = {person.who: person for person in kept.people}
        self.hosts = {person.who for person in kept.people if person.host}
        for person in kept.people:
            if person.visitor:
                person.former.clear()
        self._names = {skeleton(x): y.who for y in kept.people for x in y.former}
        self._names |= {skeleton(x.name): x.who for x in kept.people if not x.visitor}
        self.devices.known = kept.devices
        # Not by today's clock: it may have been set since, and nobody has had time to come back.
        self._tidy(kept.at, lambda who: False)


def _taken(name: str, *, account: bool = False, away: bool = False) -> Refused:
    also = " If it is yours, log in." if account else ""
    why = (
        f"The name {name} is kept for somebody who was here."
        if away
        else f"Somebody here is already called {name}."
    )
    return Refused("name_taken", f"{why} Choose another.{also}", 409)
