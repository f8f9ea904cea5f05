"""The JSON of answers, beside that of people, devices and rooms, which hub.public has."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from hub.protocol import events
from hub.protocol.sent_file import SentFile
from hub.public import Device, Found, Me, RoomEntry
from hub.reads import ReadMark

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
    name shown, `who` the person's id, which is missing where nobody proved who they are; `do`
    is what happened: say, edit, erase, react, pin, vote, end, topic, look, make, title, invite,
    remove, owner, writer, archive, close, slow, keep, expire, and more in later versions. `of`
    is the number of the message that is changed, `re` of the one that is answered; `to` has
    each name behind an @ in the text that means somebody, with the person's id, or `here`;
    `poll` is what a message asks, `choice` the numbers of the answers that somebody chose,
    `fwd` where a message comes from; `key` is what the sender chose. On a page, `edited` is the
    number of the newest edit, and `erased` marks a text that is gone.
    """

    edited: int | UnsetType = UNSET
    erased: bool | UnsetType = UNSET
    crc: str | UnsetType = UNSET


class Page(Struct):
    """`last` is the number of the room's newest event; `damaged` are those that cannot be read.

    `replies` has the number of each message that others up to `last` answer, and how many do so
    themselves; it is left out where there is none, and on a page of more than 1000 events.
    """

    room: str
    last: int
    events: list[Event]
    damaged: list[int] | UnsetType = UNSET
    replies: list[list[int]] | UnsetType = UNSET


class Version(Struct):
    """What a message said from event `n` on."""

    n: int
    at: str
    by: str
    text: str
    who: str | UnsetType = UNSET


class Versions(Struct):
    """The newest first, at most 100; none of a removed message."""

    versions: list[Version]


class Reads(Struct):
    """How far others have read a room, where it is `small`."""

    small: bool
    reads: list[ReadMark]


class Replies(Struct):
    """A message, the `chain` of what it answers, and a page of what answers it.

    The chain begins with its root, and has the 100 nearest at most. `events` answer the message
    directly or through others, in order of n; `count` is how many there are, counted up to 100,000,
    and `more` whether some follow on the next page. Removed ones are among them.
    """

    chain: list[Event]
    message: Event
    events: list[Event]
    count: int
    more: bool


class Ballot(Struct):
    """Whom somebody is called now, and the numbers of the answers that they chose."""

    who: str
    name: str
    choice: list[int]


class Votes(Struct):
    """The latest vote of each person in a poll, as of event `last`."""

    ended: bool
    votes: list[Ballot]
    last: int


class Mention(Struct):
    """A message that means whoever asks, or answers one of theirs: `re` is the one answered."""

    room: str
    title: str
    n: int
    at: str
    by: str
    text: str
    unread: bool
    who: str | UnsetType = UNSET
    re: int | UnsetType = UNSET
    files: list[SentFile] | UnsetType = UNSET


class Mentions(Struct):
    """The newest first. `next` is there where more follow: with it as `after` they are given."""

    mentions: list[Mention]
    next: str | UnsetType = UNSET


class People(Struct):
    """Those who are here come first."""

    people: list[Found]


class Devices(Struct):
    devices: list[Device]


class PhoneLink(Struct):
    """`seconds` is how long the link works."""

    url: str
    qr: Qr
    seconds: int


class Admitting(Struct):
    """A host has yet to admit this person."""

    waiting: bool


class HandedOver(Struct):
    url: str
    link: str


class Invitation(Struct):
    """The addresses of a room, and the QR code of each."""

    addresses: list[str]
    qr: dict[str, Qr]


class Rooms(Struct):
    """`next` is there where more follow: GET /api/rooms with it as `after` gives them."""

    rooms: list[RoomEntry]
    next: str | UnsetType = UNSET


class Start(Struct):
    """`me` is what GET /api/me answers, `preferences` what GET /api/me/preferences does, `rooms`
    are those of GET /api/rooms, `page` is the end of what GET /api/chat/{room} answers. All but
    `me` are given to those who are in. Rooms and page are left out, to be asked for by themselves,
    while the hub opens its rooms at its start; so is a page that is refused or very long, and
    preferences for a program. Of more than 1000 rooms it has the first 1000 of the pieces of GET
    /api/rooms: private and direct ones, then those in which something was said last; `rooms_next`
    is where that goes on. `rooms_tag` is for the hello of a live connection: `rooms_current` in its
    welcome says whether this list is still the same. The welcome has `preferences_tag` too, another
    one where preferences were changed meanwhile.
    """

    me: Me
    rooms: list[RoomEntry] | UnsetType = UNSET
    rooms_next: str | UnsetType = UNSET
    rooms_tag: str | UnsetType = UNSET
    page: Page | UnsetType = UNSET
    preferences: dict[str, Any] | UnsetType = UNSET
    preferences_tag: str | UnsetType = UNSET


class RoomName(Struct):
    room: str


class Done(Struct):
    """`code` is the hub's code now; `invite` is a new invitation, with its address and QR code."""

    ok: bool
    code: str | UnsetType = UNSET
    invite: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    qr: Qr | UnsetType = UNSET
