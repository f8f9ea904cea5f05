"""A person, and the keys in which people are kept. Knows no file."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from hub.access.records import Changes
from hub.errors import Refused
from hub.keys import Keys
from hub.names import folded, skeleton
from hub.protocol import events

VISITOR_SECONDS: Final = 86400.0
"""Seconds for which the token of a visitor who has left is kept."""
UNUSED_SECONDS: Final = 30 * 86400.0
"""Seconds without use after which a name without a password is free again."""
TOGETHER: Final = 500
"""Most keys in one change of what was found."""
PERSON: Final = "person/"
NAME: Final = "name/"
READ: Final = "read/"
PREFERENCES: Final = "preferences/"
STATUS: Final = "status/"
"""How keys begin: `person/<who>`; `name/<what the name looks like>`, which holds who has it;
`read/<who>/<room>`, which holds the last n; `preferences/<who>`; `status/<who>`."""
LOOKS: Final = "looks"
"""The key that tells by which rules it was found out what names look like."""
RULES: Final = f"1, Unicode {unicodedata.unidata_version}"
ID: Final = "id"
AT: Final = "at"
"""The key that tells when anything but what was read changed last, by the clock of that time."""


class Person(Struct, omit_defaults=True, weakref=True):
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

    def is_over(self, now: float) -> bool:
        """Whether they may be forgotten: a visitor who never came back, a name nobody used."""
        account = self.password is not None and not self.waiting
        longest = VISITOR_SECONDS if self.visitor else UNUSED_SECONDS
        return now - self.used > longest and not (account or self.host or self.banned)


_person: Final = msgspec.json.Decoder(Person)
_text: Final = msgspec.json.Decoder(str)
_moment: Final = msgspec.json.Decoder(float)

VISITOR: Final = b'"visitor":true'
FORMER: Final = b'"former":'
HOST: Final = b'"host":true'
WAITING: Final = b'"waiting":true'
BANNED: Final = b'"banned":true'
"""What a value holds of a visitor, of somebody with former names, of a host. No text in it can look
so, as quotes in texts are escaped."""


class _Named(Struct):
    name: str


_named: Final = msgspec.json.Decoder(_Named)


def named_like(people: Mapping[str, bytes], part: str) -> list[str]:
    """Which of these people have names that hold this, whatever the case and the accents."""
    wanted = folded(part)
    found = []
    for who, value in people.items():
        with suppress(ValueError):
            if wanted in folded(_named.decode(value).name):
                found.append(who)
    return found


def person_in(value: bytes) -> Person | None:
    """The person of a value, without what they have read; None for what cannot be read."""
    try:
        return _person.decode(value)
    except ValueError:
        return None


def read_in(marks: Mapping[str, bytes]) -> dict[str, int]:
    """How far somebody has read, by room."""
    return {room: int(n) for room, n in marks.items() if n.isdigit()}


def text_in(value: bytes | None) -> str | None:
    """The text that a value is; None for what is none."""
    try:
        return None if value is None else _text.decode(value)
    except ValueError:
        return None


def moment_in(value: bytes | None) -> float | None:
    """The time that a value is; None for what is none."""
    try:
        return None if value is None else _moment.decode(value)
    except ValueError:
        return None


def taken(name: str, *, account: bool = False, away: bool = False) -> Refused:
    """Why somebody cannot have a name; with `away` they may know that its holder is not here."""
    also = " If it is yours, log in." if account else ""
    why = (
        f"The name {name} is kept for somebody who was here."
        if away
        else f"Somebody here is already called {name}."
    )
    return Refused("name_taken", f"{why} Choose another.{also}", 409)


def prepare(keys: Keys) -> None:
    """Make keys fit together at a start.

    Names of visitors are free, as none of them is here yet; so are names of nobody. Where names
    were found out by other rules, or not yet, or one may be lost, they are found out anew.
    """
    held = {look: text_in(who) for look, who in keys.items(NAME)}
    values: dict[str, object] = {}
    if keys.get(LOOKS) == events.encode(RULES):
        names = {look: who for look, who in held.items() if who and _stays(keys, who)}
    else:
        found = [person_in(value) for value in keys.group(PERSON).values()]
        lasting = [person for person in found if person is not None and not person.visitor]
        names = {skeleton(name): x.who for x in lasting for name in x.former}
        names |= {skeleton(x.name): x.who for x in lasting}
        values |= {NAME + look: who for look, who in names.items()}
    values |= dict.fromkeys(NAME + look for look in held.keys() - names.keys())
    for who, value in keys.group(PERSON).items():
        if VISITOR in value and FORMER in value:
            person = person_in(value)
            if person is not None:
                person.former.clear()
                values[PERSON + who] = person
    values[LOOKS] = RULES
    kept = text_in(keys.get(ID))
    if kept is None or not re.fullmatch("[0-9a-f]{1,64}", kept):
        values[ID] = secrets.token_hex(8)
    _put(keys, values)


def _stays(keys: Keys, who: str) -> bool:
    value = keys.get(PERSON + who)
    return value is not None and VISITOR not in value


def _put(keys: Keys, values: dict[str, object]) -> None:
    """Put values, a bounded number of keys at a time and the rules last."""
    some = list(values.items())
    for at in range(0, len(some), TOGETHER):
        changes = Changes(keys)
        for key, value in some[at : at + TOGETHER]:
            changes.value(key, value)
        changes.put()
