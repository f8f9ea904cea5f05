"""The JSON of answers, as the OpenAPI document shows it."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

from hub.access.admission import Mode
from hub.protocol import events

Qr = list[str]
"""The rows of a QR code from above; `1` is a dark module."""


class Health(Struct):
    """`instance` is new at each start."""

    app: Literal["hearth"]
    version: str
    instance: str


class Refusal(Struct):
    """`code` is for programs, `message` for people; docs/errors.md lists them.

    `retry_after` is in seconds. Where a name is in use, `elsewhere` has addresses at which its
    holder came in before, and `ask` says whether POST /api/return is possible.
    """

    code: str
    message: str
    retry_after: float | UnsetType = UNSET
    elsewhere: list[str] | UnsetType = UNSET
    ask: bool | UnsetType = UNSET


class Error(Struct):
    error: Refusal


class Event(events.Event, kw_only=True):
    """One thing that happened in a room; members that say nothing are left out.

    `n` counts the events of a room from 1; `at` is UTC, ISO 8601 with milliseconds; `by` is the
    name shown, `who` the person's id, which is missing where nobody proved who they are; `do` is
    what happened: say, edit, erase, react, pin, topic, make, title, invite, remove, owner, writer,
    archive, close, slow, and more in later versions. `of` is the number of the message that is
    changed, `re` of the one that is answered; `key` is what the sender chose. On a page, `edited`
    is the number of the newest edit, and `erased` marks a text that is gone.
    """

    edited: int | UnsetType = UNSET
    erased: bool | UnsetType = UNSET
    crc: str | UnsetType = UNSET


class Page(Struct):
    """`last` is the number of the room's newest event; `damaged` are those that cannot be read."""

    room: str
    last: int
    events: list[Event]
    damaged: list[int] | UnsetType = UNSET


# -- people and devices ---------------------------------------------------------------------


class Named(Struct):
    who: str
    name: str


class Found(Named):
    here: bool


class People(Struct):
    """Those who are here come first."""

    people: list[Found]


class Claimed(Named):
    account: bool


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


class Devices(Struct):
    devices: list[Device]


class NewToken(Struct):
    """A token for a program, which is told this once; `id` is its device's."""

    id: str
    token: str


class PhoneLink(Struct):
    """`seconds` is how long the link works."""

    url: str
    qr: Qr
    seconds: int


class HubFacts(Struct):
    name: str
    version: str
    instance: str
    mode: Mode


class Limits(Struct):
    """`message_bytes` is 0 where there is no limit."""

    message_bytes: int
    name_characters: int


class Preview(Struct):
    """What a newcomer may know of a public room on an open hub."""

    name: str
    title: str
    here: int


class Me(Struct):
    """What the client is to this hub. `host` is true of a host's device without a name too."""

    person: Profile | None
    waiting: bool
    banned: bool
    host: bool
    hub: HubFacts
    limits: Limits
    room: Preview | UnsetType = UNSET


class Admitting(Struct):
    """A host has yet to admit this person."""

    waiting: bool


class HandedOver(Struct):
    url: str
    link: str


class Asked(Struct):
    """`ask` is the token to wait with; `heard` says whether anybody is here who can answer."""

    ask: str
    seconds: int
    heard: bool


class Waiting(Struct):
    """`seconds` are left for an answer."""

    seconds: int
    heard: bool


class SecondStart(Struct):
    """Whether the hub's own window was raised, or a `ticket` for a browser."""

    window: bool
    ticket: str | UnsetType = UNSET


class Invitation(Struct):
    """The addresses of a room, and the QR code of each."""

    addresses: list[str]
    qr: dict[str, Qr]


# -- rooms ----------------------------------------------------------------------------------


class RoomEntry(Struct):
    """A room in a list. `last` is the number of the newest event, `said` counts messages; `read`
    and `unread` are told to people only; `with` is the other person of a direct room; `owner`
    marks rooms of the client's person; `slow` is in seconds.
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
    other: str | UnsetType = field(default=UNSET, name="with")
    owner: bool | str | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET
    closed: bool | UnsetType = UNSET
    slow: int | UnsetType = UNSET


class RoomDetails(RoomEntry):
    """One room; `owner` is its owner's id. Private rooms have members, announcements writers."""

    members: list[Named] | UnsetType = UNSET
    writers: list[Named] | UnsetType = UNSET


class Rooms(Struct):
    rooms: list[RoomEntry]


class RoomName(Struct):
    room: str


# -- hosts ----------------------------------------------------------------------------------


class Member(Profile):
    """A person, to hosts."""

    waiting: bool
    banned: bool
    here: bool
    devices: list[Device]


class Asking(Struct):
    """Somebody who asks to return as a person."""

    id: str
    agent: str
    address: str
    made: float
    who: str | UnsetType = UNSET


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
    mode: Mode
    code: str
    people: list[Member]
    returns: list[Asking]
    rooms: list[HostedRoom]
    audit: list[dict[str, Any]]
    invites: list[Invite]


class Done(Struct):
    """`code` is the hub's code now; `invite` is a new invitation, with its address and QR code."""

    ok: bool
    code: str | UnsetType = UNSET
    invite: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    qr: Qr | UnsetType = UNSET
