"""What Hearth kept before it had keys: people.json and door.json, as keys and values."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from hub.access.admission import DOOR, INVITATION, Door, Invitation, Mode
from hub.access.devices import KIND, Device
from hub.access.person import AT, ID, PERSON, READ, Person
from hub.protocol import events


class _People(Struct):
    people: list[Person]
    devices: dict[str, Device]
    at: float = 0.0
    id: Annotated[str, Meta(pattern="^[0-9a-f]{0,64}$")] = ""


class _Door(Struct):
    mode: Mode = "open"
    code: str = ""
    invitations: dict[str, Invitation] = field(default_factory=dict)


def people_in(data: bytes) -> dict[str, bytes]:
    """What a people.json holds, but for the names. Raises ValueError where it is none."""
    kept = msgspec.json.decode(data, type=_People)
    items = {AT: events.encode(kept.at)}
    if kept.id:
        items[ID] = events.encode(kept.id)
    for person in kept.people:
        items[PERSON + person.who] = person.kept()
    items |= {KIND + key: device.kept() for key, device in kept.devices.items()}
    for person in kept.people:
        items |= {f"{READ}{person.who}/{room}": b"%d" % n for room, n in person.read.items()}
    return items


def door_in(data: bytes) -> dict[str, bytes]:
    """What a door.json holds. Raises ValueError where it is none."""
    kept = msgspec.json.decode(data, type=_Door)
    invitations = {INVITATION + key: x.kept() for key, x in kept.invitations.items()}
    return {DOOR: Door(kept.mode, kept.code).kept(), **invitations}
