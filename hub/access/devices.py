"""The browsers and programs that were let in, each known by a token.

Tokens are kept only as their SHA-256, so that nobody who reads the file can be anybody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from hub.access.records import Changes
from hub.keys import Keys, Value
from hub.protocol import events

MOST_DEVICES: Final = 100
"""Most browsers of one person, and most browsers and programs together."""


class Device(Struct, omit_defaults=True):
    """A browser or program that was let in; times are seconds since 1970.

    `who` is missing until its person gives a name. `purpose` marks a token that a person made for
    a program. A `banned` device stays known, so that it does not come in again under another
    name. `via` is the name or address of the hub by which it came last.
    """

    id: str
    made: float
    used: float
    who: str | None = None
    host: bool = False
    banned: bool = False
    purpose: str | None = None
    agent: str = ""
    address: str = ""
    via: str = ""

    def kept(self, **changes: object) -> bytes:
        """The value of its key."""
        return events.encode(replace(self, **changes))


_device: Final = msgspec.json.Decoder(Device)

KIND: Final = "device/"
"""How the keys of devices begin; the SHA-256 of the token follows."""
TOGETHER: Final = 100
"""Most devices that are ended in one change, where they are those of many people."""


class Devices:
    """What `keys` hold of devices; `clock` gives seconds since 1970.

    Each is read from its key when it is asked for, so that those who are not here take little.
    """

    def __init__(self, keys: Keys, clock: Callable[[], float]) -> None:
        self._keys = keys
        self._clock = clock
        # By person, the keys of the devices that they have, and perhaps of some that they had.
        self._hints: dict[str, tuple[str, ...]] = {}
        for key, value in keys.group(KIND).items():
            self._notice(key, value)
        keys.watch(self._changed)

    @property
    def known(self) -> dict[str, Device]:
        """All of them, by the SHA-256 of their token."""
        found = {key: _read(value) for key, value in self._keys.group(KIND).items()}
        return {key: device for key, device in found.items() if device is not None}

    def add(
        self, who: str | None = None, purpose: str | None = None, *, host: bool = False
    ) -> tuple[Device, str]:
        """Let one more device in; gives it and its token."""
        changes = Changes(self._keys)
        added = self.adding(changes, who, purpose, host=host)
        changes.put()
        return added

    def adding(
        self, changes: Changes, who: str | None, purpose: str | None = None, *, host: bool = False
    ) -> tuple[Device, str]:
        """Let one more device in with these changes; gives it and its token."""
        token, now = secrets.token_urlsafe(24), self._clock()
        device = Device(secrets.token_hex(6), now, now, who, host, purpose=purpose)
        changes.set(KIND + _hash(token), device)
        return device, token

    def changing(self, changes: Changes, token: str, **members: object) -> None:
        """Set members of the device of a token, if there is one, with these changes."""
        device = self.get(token)
        if device is not None:
            changes.set(KIND + _hash(token), device, **members)

    def changing_of(self, changes: Changes, who: str, programs: bool, **members: object) -> None:
        """Set members of a person's browsers, and of their `programs` too, with these changes."""
        for key, device in self._of(who):
            if programs or device.purpose is None:
                changes.set(KIND + key, device, **members)

    def get(self, token: str | None) -> Device | None:
        """The device of a token; None for one that is unknown, and without a token."""
        value = self._keys.get(KIND + _hash(token)) if token else None
        return None if value is None else _read(value)

    def used(self, token: str) -> float | None:
        """When the device of a token was last used; None where there is none."""
        device = self.get(token)
        return device.used if device else None

    def of(self, who: str) -> list[Device]:
        """The devices of one person, in the order in which they came."""
        return [device for _, device in self._of(who)]

    def by_person(self) -> dict[str, list[Device]]:
        """The devices of everybody who has any, by who they are."""
        found: dict[str, list[Device]] = {}
        for device in self.known.values():
            if device.who is not None:
                found.setdefault(device.who, []).append(device)
        return found

    def keys_of(self, people: AbstractSet[str]) -> dict[str, list[str]]:
        """The keys by which the devices of these people are known, by who they are."""
        return {who: keys for who in people if (keys := self._keys_of(who))}

    def describe(self, token: str, agent: str, address: str, via: str = "") -> None:
        """Note what a device calls itself, where it is, and by which name of the hub it came."""
        device = self.get(token)
        now = (agent[:200], address, via[:300])
        if device is not None and (device.agent, device.address, device.via) != now:
            changes = Changes(self._keys)
            self.changing(changes, token, agent=now[0], address=now[1], via=now[2])
            changes.put()

    def end(self, token: str) -> None:
        """End the device of a token; its person and their name stay."""
        if self.get(token) is not None:
            self._end([_hash(token)])

    def end_one(self, who: str, device_id: str) -> bool:
        """End a person's device by its id; whether there was one."""
        gone = [key for key, device in self._of(who) if device.id == device_id]
        self._end(gone)
        return bool(gone)

    def end_browsers(self, who: str, but: str) -> list[str]:
        """End a person's browsers, but for the one with the token `but`; gives their ids."""
        browsers = {key: x.id for key, x in self._of(who) if x.purpose is None}
        browsers.pop(_hash(but), None)
        self._end(list(browsers))
        return list(browsers.values())

    def end_all(self, people: Iterable[str]) -> None:
        """End all browsers and programs of these people."""
        gone = set(people)
        self._end([key for keys in self.keys_of(gone).values() for key in keys])
        self.forget(gone)

    def forget(self, people: Iterable[str]) -> None:
        """Hold nothing of people whose devices were ended."""
        for who in people:
            self._keys_of(who)

    def ending(self, changes: Changes, keys: Iterable[str]) -> None:
        """End the devices that are known by these keys, with these changes."""
        for key in keys:
            changes.value(KIND + key, None)

    def _changed(self, changes: Mapping[str, Value]) -> None:
        for key, value in changes.items():
            if value is not None and key.startswith(KIND):
                self._notice(key.removeprefix(KIND), value)

    def _notice(self, key: str, value: bytes) -> None:
        who = _who(value)
        hints = self._hints.get(who, ())
        if who and key not in hints:
            self._hints[who] = (*hints, key)

    def _keys_of(self, who: str) -> list[str]:
        there = self._keys.group(KIND)
        found = [key for key in self._hints.get(who, ()) if key in there]
        if found:
            self._hints[who] = tuple(found)
        else:
            self._hints.pop(who, None)
        return found

    def _of(self, who: str) -> list[tuple[str, Device]]:
        there = self._keys.group(KIND)
        found = [(key, _read(there[key])) for key in self._keys_of(who)]
        return [(key, device) for key, device in found if device is not None and device.who == who]

    def _end(self, keys: Sequence[str]) -> None:
        for at in range(0, len(keys), TOGETHER):
            changes = Changes(self._keys)
            self.ending(changes, keys[at : at + TOGETHER])
            changes.put()


def _read(value: bytes) -> Device | None:
    """None for what cannot be read."""
    try:
        return _device.decode(value)
    except ValueError:
        return None


_MARK: Final = b'"who":"'


def _who(value: bytes) -> str:
    """Whose device a value is, without reading all of it; empty where it is nobody's.

    No text in it can look so, as quotes in texts are escaped.
    """
    start = value.find(_MARK) + len(_MARK)
    return "" if start < len(_MARK) else value[start : value.index(b'"', start)].decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
