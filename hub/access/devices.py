"""The browsers and programs that were let in, each known by a token.

Tokens are kept only as their SHA-256, so that nobody who reads the file can be anybody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct

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


class Devices:
    """`changed` is called when there is something to keep; `clock` gives seconds since 1970."""

    def __init__(self, changed: Callable[[], None], clock: Callable[[], float]) -> None:
        self._changed = changed
        self._clock = clock
        self.known: dict[str, Device] = {}
        """All of them, by the SHA-256 of their token; this is what is kept."""

    def add(self, who: str | None = None, purpose: str | None = None) -> tuple[Device, str]:
        """Let one more device in; gives it and its token."""
        token, now = secrets.token_urlsafe(24), self._clock()
        device = Device(secrets.token_hex(6), now, now, who, purpose=purpose)
        self.known[_hash(token)] = device
        self._changed()
        return device, token

    def get(self, token: str | None) -> Device | None:
        """The device of a token; None for one that is unknown, and without a token."""
        return self.known.get(_hash(token)) if token else None

    def used(self, token: str) -> float | None:
        """When the device of a token was last used; None where there is none."""
        device = self.get(token)
        return device.used if device else None

    def of(self, who: str) -> list[Device]:
        """The devices of one person, in the order in which they came."""
        return [device for device in self.known.values() if device.who == who]

    def by_person(self) -> dict[str, list[Device]]:
        """The devices of everybody who has any, by who they are."""
        found: dict[str, list[Device]] = {}
        for device in self.known.values():
            if device.who is not None:
                found.setdefault(device.who, []).append(device)
        return found

    def describe(self, token: str, agent: str, address: str, via: str = "") -> None:
        """Note what a device calls itself, where it is, and by which name of the hub it came."""
        device = self.get(token)
        now = (agent[:200], address, via[:300])
        if device is not None and (device.agent, device.address, device.via) != now:
            device.agent, device.address, device.via = now
            self._changed()

    def end(self, token: str) -> None:
        """End the device of a token; its person and their name stay."""
        if self.known.pop(_hash(token), None) is not None:
            self._changed()

    def end_one(self, who: str, device_id: str) -> bool:
        """End a person's device by its id; whether there was one."""
        return bool(self._end(lambda device: device.who == who and device.id == device_id))

    def end_browsers(self, who: str, but: str) -> list[str]:
        """End a person's browsers, but for the one with the token `but`; gives their ids."""
        kept = self.get(but)
        return self._end(
            lambda device: device.who == who and device.purpose is None and device is not kept
        )

    def end_all(self, people: Iterable[str]) -> None:
        """End all browsers and programs of these people."""
        gone = set(people)
        self._end(lambda device: device.who in gone)

    def _end(self, ends: Callable[[Device], bool]) -> list[str]:
        """End the devices for which `ends` is true; gives their ids."""
        gone = {key: device.id for key, device in self.known.items() if ends(device)}
        for key in gone:
            del self.known[key]
        if gone:
            self._changed()
        return list(gone.values())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
