"""A person, and the keys in which people are kept. Knows no file."""

from __future__ import annotations

import re
import secrets
import sys
import unicodedata
from typing import Final, TypeVar

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from hub.access.records import Changes
from hub.keys import Keys
from hub.names import skeleton
from hub.protocol import events

T = TypeVar("T")

TOGETHER: Final = 500
"""Most keys in one change of what was found."""
PERSON: Final = "person/"
NAME: Final = "name/"
READ: Final = "read/"
"""How keys begin: `person/<who>`; `name/<what the name looks like>`, which holds who has it;
`read/<who>/<room>`, which holds the last n."""
LOOKS: Final = "looks"
"""The key that tells by which rules it was found out what names look like."""
RULES: Final = f"1, Unicode {unicodedata.unidata_version}"
ID: Final = "id"
AT: Final = "at"
"""The key that tells when anything but what was read changed last, by the clock of that time."""


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

    def kept(self, **changes: object) -> bytes:
        """The value of its key: all but what was read, which has keys of its own."""
        return events.encode(replace(self, read={}, **changes))


_person: Final = msgspec.json.Decoder(Person)
_text: Final = msgspec.json.Decoder(str)
_count: Final = msgspec.json.Decoder(int)
_moment: Final = msgspec.json.Decoder(float)


class Loaded:
    """What keys hold of people: `people` by who they are, `names` with who holds them, the `id`.

    `at` is the time of the last change, or None; `unread` is how many keys cannot be read: these
    are left out. What does not fit together any more is taken out of the keys, and so are names
    of visitors, as none of them is here yet.
    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._values: dict[str, object] = {}  # to be put
        self.people: dict[str, Person] = {}
        self.names: dict[str, str] = {}
        self.unread = 0
        self._load_people()
        self._load_read()
        self._load_names()
        self.id = self._load_id()
        self.at = self._read(_moment, keys.get(AT))
        self._put()

    def _load_people(self) -> None:
        for who, value in self._keys.items(PERSON):
            person = self._read(_person, value)
            if person is not None:
                self.people[who] = person
                if person.visitor:
                    person.former.clear()

    def _load_read(self) -> None:
        for key, value in self._keys.items(READ):
            who, _, room = key.partition("/")
            person, n = self.people.get(who), self._read(_count, value)
            if person is None:
                self._values[READ + key] = None
            elif n is not None:
                person.read[sys.intern(room)] = n

    def _load_names(self) -> None:
        held = {look: self._read(_text, who) for look, who in self._keys.items(NAME)}
        if self._keys.get(LOOKS) == events.encode(RULES):
            self.names = {look: who for look, who in held.items() if who and self._stays(who)}
        else:
            everybody = self.people.values()
            self.names = {skeleton(name): x.who for x in everybody for name in x.former}
            self.names |= {skeleton(x.name): x.who for x in everybody if not x.visitor}
            self._values |= {NAME + look: who for look, who in self.names.items()}
        self._values |= dict.fromkeys(NAME + look for look in held.keys() - self.names.keys())
        self._values[LOOKS] = RULES

    def _stays(self, who: str) -> bool:
        person = self.people.get(who)
        return person is not None and not person.visitor

    def _load_id(self) -> str:
        kept = self._keys.get(ID)
        if kept is not None and re.fullmatch(b'"[0-9a-f]{1,64}"', kept):
            return kept[1:-1].decode()
        self._values[ID] = made = secrets.token_hex(8)
        return made

    def _put(self) -> None:
        """Put what was found, a bounded number of keys at a time and the rules last."""
        values = list(self._values.items())
        for at in range(0, len(values), TOGETHER):
            changes = Changes(self._keys)
            for key, value in values[at : at + TOGETHER]:
                changes.value(key, value)
            changes.put()

    def _read(self, decoder: msgspec.json.Decoder[T], value: bytes | None) -> T | None:
        if value is not None:
            try:
                return decoder.decode(value)
            except ValueError:
                self.unread += 1
        return None
