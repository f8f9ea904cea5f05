"""Who is who: people, the names they hold, and the devices that prove it.

Knows no room, no HTTP and no file: it is read from bytes and gives bytes to keep. Tokens are
kept only as their SHA-256, so that who reads the file cannot be anybody.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import Struct, field

from hub.errors import Refused
from hub.names import person_name, skeleton

USED_EVERY: Final = 3600.0
"""How exactly, in seconds, it is kept when somebody was last here."""
VISITOR_SECONDS: Final = 86400.0
"""How long a visitor's token is kept."""


class Person(Struct):
    """`who` is the lasting id; times are seconds since 1970; `read` is the last n by room.

    A visitor came with nothing but a name: it is theirs while they are here, and for good once
    they have come back with their token.
    """

    who: str
    name: str
    made: float
    used: float
    host: bool = False
    visitor: bool = False
    read: dict[str, int] = field(default_factory=dict)


class Device(Struct):
    """A browser or program that was let in. `who` is missing until its person says a name."""

    made: float
    used: float
    who: str | None = None
    host: bool = False


class _Kept(Struct):
    people: list[Person]
    devices: dict[str, Device]


class People:
    """`clock` gives seconds since 1970; `changed` is called when there is something to keep."""

    def __init__(
        self,
        changed: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._changed = changed
        self._clock = clock
        self._people: dict[str, Person] = {}
        self._names: dict[str, str] = {}  # what a name looks like -> who holds it
        self._devices: dict[str, Device] = {}  # SHA-256 of the token

    # -- coming in -------------------------------------------------------------------------

    def enter(self, name: str, token: str | None = None) -> tuple[Person, str]:
        """Let a new person in under a name; gives the person and the token of the device.

        `token` is that of a device that has no person yet. Raises Refused: 422
        "name_invalid", 409 "name_taken".
        """
        name = person_name(name)
        self.check_free(name)
        now = self._clock()
        device = self.device(token) if token else None
        if token is None or device is None or device.who is not None:
            token, device = secrets.token_urlsafe(24), Device(now, now)
            self._devices[_hash(token)] = device
        person = Person("p_" + secrets.token_hex(8), name, now, now, host=device.host)
        device.who = person.who
        self._people[person.who] = person
        self._names[skeleton(name)] = person.who
        self._changed()
        return person, token

    def visit(self, name: str) -> tuple[Person, str]:
        """The same for a program that only said hello: see Person."""
        person, token = self.enter(name)
        person.visitor = True
        return person, token

    def leave(self, person: Person) -> None:
        """The last connection of this person is gone: a visitor gives the name back."""
        if person.visitor and self._names.get(skeleton(person.name)) == person.who:
            del self._names[skeleton(person.name)]
            person.used = self._clock()
            self._changed()

    def come_back(self, token: str) -> Person | None:
        """Who this token belongs to, or None. A visitor that comes back stays.

        Raises Refused (409, "name_taken") where a visitor's name went to somebody else.
        """
        device = self.device(token)
        person = self._people.get(device.who) if device and device.who else None
        if device is None or person is None:
            return None
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

    def host_device(self) -> str:
        """The token of a new device that is in charge; its person has yet to say a name."""
        token, now = secrets.token_urlsafe(24), self._clock()
        self._devices[_hash(token)] = Device(now, now, host=True)
        self._changed()
        return token

    def make_host(self, token: str) -> None:
        """Put the device of this token, and its person, in charge."""
        device = self._devices[_hash(token)]
        device.host = True
        if device.who is not None:
            self._people[device.who].host = True
        self._changed()

    def forget(self, token: str) -> None:
        """End one device; its person and name stay."""
        if self._devices.pop(_hash(token), None) is not None:
            self._changed()

    # -- asking ----------------------------------------------------------------------------

    def device(self, token: str) -> Device | None:
        return self._devices.get(_hash(token))

    def person(self, who: str) -> Person | None:
        return self._people.get(who)

    def check_free(self, name: str) -> None:
        """Raises Refused (409, "name_taken") where somebody holds this name or its like."""
        if skeleton(name) in self._names:
            raise _taken(name)

    def read_up_to(self, person: Person, room: str, n: int) -> bool:
        """Note how far somebody has read; whether that is further than before."""
        if n <= person.read.get(room, 0):
            return False
        person.read[room] = n
        self._changed()
        return True

    # -- keeping ---------------------------------------------------------------------------

    def dump(self) -> bytes:
        """Everything that lasts, as JSON; visitors who are gone for a day do not."""
        long_ago = self._clock() - VISITOR_SECONDS
        here = self._names.values()  # of visitors, those who are connected
        people = [
            x for x in self._people.values() if not x.visitor or x.used > long_ago or x.who in here
        ]
        known = {person.who for person in people}
        devices = {k: x for k, x in self._devices.items() if x.who is None or x.who in known}
        kept = _Kept(people, devices)
        return msgspec.json.format(msgspec.json.encode(kept), indent=1)

    def load(self, data: bytes) -> None:
        """Take what `dump` gave. Raises ValueError where it is not that."""
        kept = msgspec.json.decode(data, type=_Kept)
        self._people = {person.who: person for person in kept.people}
        self._names = {skeleton(x.name): x.who for x in kept.people if not x.visitor}
        self._devices = kept.devices


def _taken(name: str) -> Refused:
    return Refused("name_taken", f"Somebody here is already called {name}. Choose another.", 409)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
