"""What answers show of people, devices and rooms: the public form of each, said once.

Nothing secret is in any of it: no token, no password, no address to anyone but its owner and hosts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, Struct, UnsetType, field, structs

import hub as package
from hub.access import devices, people
from hub.access.admission import Mode
from hub.access.return_requests import ReturnRequest
from hub.activity import read_state
from hub.errors import Refused
from hub.hub import Hub
from hub.names import PERSON_CHARACTERS, room_name
from hub.resting import Resting
from hub.room import Room
from hub.room_rules import Author, hidden


class Named(Struct):
    who: str
    name: str


class Found(Named):
    """Somebody who was looked for by name."""

    here: bool


class Profile(Named):
    """A person, to themself; `muted_until` is in seconds since 1970."""

    account: bool
    host: bool
    muted_until: float | None


class Device(Struct):
    """A browser, or a token for a program, which has a `purpose`.

    Times are seconds since 1970. `here` marks the device that asks for its person's list.
    """

    id: str
    agent: str
    address: str
    made: float
    used: float
    purpose: str | UnsetType = UNSET
    here: bool | UnsetType = UNSET


class Member(Profile):
    """A person, to hosts."""

    waiting: bool
    banned: bool
    here: bool
    devices: list[Device]


class Asking(Struct):
    """Somebody who asks to return as a person; `who` is told to hosts."""

    id: str
    agent: str
    address: str
    made: float
    who: str | UnsetType = UNSET


class HubFacts(Struct):
    """`notices` are sentences for hosts alone: what they ought to know of the program's start."""

    name: str
    version: str
    instance: str
    mode: Mode
    notices: list[str] | UnsetType = UNSET


class Limits(Struct):
    """`message_bytes` is 0 where there is no limit."""

    message_bytes: int
    name_characters: int


class Preview(Struct):
    """What a newcomer may know of the room that they are about to enter."""

    name: str
    title: str
    here: int


class Me(Struct):
    """What whoever asks is to this hub. `host` is true of a host's device without a name too."""

    person: Profile | None
    waiting: bool
    banned: bool
    host: bool
    hub: HubFacts
    limits: Limits
    room: Preview | UnsetType = UNSET


class RoomEntry(Struct):
    """A room in a list. `last` is the number of the newest event, `said` counts messages; `read`,
    `unread` and `mentions`, which are unread and meant for whoever asks, are told to people only;
    `with` is the other person of a direct room; `owner` marks rooms of whoever asks; `slow` is in
    seconds; `icon` and `tint` are how the room looks; files stay for `keep_days`, and the newest up
    to `keep_bytes`.
    """

    name: str
    kind: str
    title: str
    topic: str
    last: int
    said: int
    at: str | None
    here: int
    may_write: bool
    read: int | UnsetType = UNSET
    unread: int | UnsetType = UNSET
    mentions: int | UnsetType = UNSET
    other: str | UnsetType = field(default=UNSET, name="with")
    owner: bool | str | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET
    closed: bool | UnsetType = UNSET
    slow: int | UnsetType = UNSET
    icon: str | UnsetType = UNSET
    tint: str | UnsetType = UNSET
    keep_days: int | UnsetType = UNSET
    keep_bytes: int | UnsetType = UNSET


class RoomDetails(RoomEntry):
    """One room; `owner` is its owner's id. Private rooms have members, announcements writers."""

    members: list[Named] | UnsetType = UNSET
    writers: list[Named] | UnsetType = UNSET


class HostedRoom(Struct):
    """A room, to hosts."""

    name: str
    kind: str
    title: str
    last: int
    here: int
    closed: bool
    slow: int


class Invite(Struct):
    """An invitation, without the text that lets people in; `left` people may still use it."""

    id: str
    made: float
    left: int


class Panel(Struct):
    """What a host is shown."""

    mode: Mode
    code: str
    people: list[Member]
    returns: list[Asking]
    rooms: list[HostedRoom]
    audit: list[dict[str, Any]]
    invites: list[Invite]


# -- people ---------------------------------------------------------------------------------


def me(hub: Hub, token: str | None, wanted: str | None = None) -> Me:
    """What the bearer of a token is; with the name of a room, what a newcomer may know of it."""
    known, person = hub.people.standing(token)
    banned = bool((known and known.banned) or (person and person.banned))
    waiting = bool(person and person.waiting)
    is_host = bool(known and known.host and not banned)
    return Me(
        None if person is None or banned or waiting else Profile(*_profile(hub, person)),
        waiting,
        banned,
        is_host,
        HubFacts(
            hub.admission.name,
            package.__version__,
            hub.instance,
            hub.admission.mode,
            hub.notices() if is_host else UNSET,
        ),
        Limits(hub.settings.message_bytes, PERSON_CHARACTERS),
        UNSET if wanted is None or banned else _preview(hub, wanted),
    )


def _preview(hub: Hub, wanted: str) -> Preview | UnsetType:
    """The room that somebody is about to enter: only where everybody may know of it."""
    try:
        name = room_name(wanted)
    except Refused:
        return UNSET
    if not hub.is_open or hidden(name):
        return UNSET
    room = hub.rooms.shown(name)
    return Preview(name, room.rules.title, room.present) if room else Preview(name, name, 0)


def _profile(hub: Hub, person: people.Person) -> tuple[str, str, bool, bool, float | None]:
    muted_until = person.muted if hub.people.muted_for(person) else None
    return person.who, person.name, person.password is not None, person.host, muted_until


def member(hub: Hub, person: people.Person, own: list[devices.Device]) -> Member:
    return Member(
        *_profile(hub, person),
        person.waiting,
        person.banned,
        hub.clients.is_here(person.who),
        [device(x) for x in own],
    )


def device(known: devices.Device) -> Device:
    purpose = UNSET if known.purpose is None else known.purpose
    return Device(known.id, known.agent, known.address, known.made, known.used, purpose)


def asking(request: ReturnRequest) -> Asking:
    return Asking(request.id, request.agent, request.address, request.made)


# -- rooms ----------------------------------------------------------------------------------


def room_entry(hub: Hub, room: Room | Resting, author: Author | None) -> RoomEntry:
    """A room as `author`, or a stranger, sees it in a list.

    Of one at rest unread counts are told only where they are known without its file.
    """
    rules = room.rules
    shown = RoomEntry(
        name=room.name,
        kind=rules.kind,
        title=title_of(hub, room, author),
        topic=rules.topic,
        last=room.last,
        said=room.said,
        at=room.at,
        here=room.present,
        may_write=room.permissions.may_write(author or Author("")),
        archived=rules.archived or UNSET,
        closed=rules.closed or UNSET,
        slow=rules.slow or UNSET,
        icon=rules.icon or UNSET,
        tint=rules.tint or UNSET,
        keep_days=rules.keep_days or UNSET,
        keep_bytes=rules.keep_bytes or UNSET,
    )
    if author is None:
        return shown
    person = hub.people.person(author.who) if author.who else None
    if person is not None:
        known = room.read_state(person) if isinstance(room, Resting) else read_state(room, person)
        if known is not None:
            shown.read, shown.unread = known
            shown.mentions = hub.meant.count(person.who, room.name, known[0]) or UNSET
    if rules.kind == "direct":
        shown.other = _other(room, author)
    if rules.owner == author.who and rules.owner is not None:
        shown.owner = True
    return shown


def title_of(hub: Hub, room: Room | Resting, author: Author | None) -> str:
    """What a room is called in `author`'s list: one for two people as the other one is now."""
    rules = room.rules
    if rules.kind != "direct" or author is None:
        return rules.title
    whom = _other(room, author)
    other = hub.people.person(whom)
    return other.name if other else rules.members.get(whom, "")


def _other(room: Room | Resting, author: Author) -> str:
    return next((x for x in room.rules.members if x != author.who), "")


def room_details(hub: Hub, room: Room, author: Author | None) -> RoomDetails:
    rules, entry = room.rules, room_entry(hub, room, author)
    shown = RoomDetails(**structs.asdict(entry))
    shown.owner = rules.owner
    if rules.hidden:
        shown.members = _named(hub, rules.members)
    if rules.kind == "announcements":
        shown.writers = _named(hub, rules.writers)
    return shown


def hosted_room(room: Room | Resting) -> HostedRoom:
    rules = room.rules
    return HostedRoom(
        room.name, rules.kind, rules.title, room.last, room.present, rules.closed, rules.slow
    )


def _named(hub: Hub, names: Mapping[str, str]) -> list[Named]:
    """People of a room, by the names that they have now; `names` are those they had then."""
    found = ((who, then, hub.people.person(who)) for who, then in names.items())
    return [Named(who, person.name if person else then) for who, then, person in found]
