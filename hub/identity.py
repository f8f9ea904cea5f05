"""Who is asking: the person of a token, or a name that nobody proves. Knows no HTTP."""

from __future__ import annotations

from typing import NamedTuple

from hub.access.people import Person
from hub.errors import Refused
from hub.hub import Hub
from hub.names import person_name
from hub.room_rules import Author


class Asker(NamedTuple):
    """Where a request comes from.

    `token` is that of its session, if it has one; `address` is the one that rate limits count,
    and `peer` the other end of the connection; `agent` and `host` are what its headers say.
    """

    token: str | None
    address: str
    agent: str
    host: str
    peer: str


def may_stay(hub: Hub, person: Person) -> bool:
    """Whether the hub's present mode admits a person who came in under another."""
    return hub.admission.mode != "login" or person.host or person.password is not None


def come_back(hub: Hub, token: str | None) -> Person | None:
    """The person of a token; None without a token and for one that is unknown.

    Raises Refused as People.come_back does, and 401 where the hub has come to want an account.
    """
    person = hub.people.come_back(token) if token else None
    if person is not None and not may_stay(hub, person):
        raise login_needed()
    return person


def person_of(hub: Hub, token: str | None, *, own: bool = False) -> Person:
    """The person who asks. With `own` they must ask themself: a program's token is refused.

    Raises Refused: 401 for nobody, 403.
    """
    person = come_back(hub, token)
    if person is None:
        raise Refused("who_are_you", "Join first.", 401)
    if own and _is_program(hub, token):
        raise Refused("forbidden", "A program's token may not do that.", 403)
    return person


def author_of(hub: Hub, token: str | None, address: str | None = None) -> Author:
    """The person who asks, as an author. Raises Refused as `person_of` does."""
    return hub.author(person_of(hub, token), bot=_is_program(hub, token), address=address)


def reader_of(hub: Hub, token: str | None) -> Author | None:
    """Who reads: a person, or None for a stranger on an open hub.

    Raises Refused: 401 for a stranger on another hub, 403 for anyone who may not come in.
    """
    person = come_back(hub, token)
    if person is not None:
        return hub.author(person, bot=_is_program(hub, token))
    if not hub.is_open:
        raise _join_first()
    return None


def writer_of(hub: Hub, token: str | None, address: str | None, name: str | None) -> Author:
    """Who writes over HTTP: the person of the token, or a stranger by the name that is given.

    Raises Refused: as `reader_of` does, 401 for a token that is unknown, 422 for no name.
    """
    author = reader_of(hub, token) if token is not None or not hub.is_open else None
    if author is not None:
        return author._replace(address=address)
    if token is not None:
        raise Refused("who_are_you", "This session has ended: join again.", 401)
    if name is None:
        raise Refused("no_name", "Say who is writing: username.", 422)
    return stranger(hub, name, address)


def stranger(hub: Hub, name: str, address: str | None = None) -> Author:
    """The author of a message from a program without a session: an unverified name.

    Raises Refused: 401 where the hub is not open, 409 where the name is somebody's.
    """
    if not hub.is_open:
        raise _join_first()
    name = person_name(name)
    hub.people.check_free(name)
    return Author(name, address=address)


def check_not_banned(hub: Hub, token: str | None) -> None:
    """Raises Refused (403) for a device that was banned."""
    device, _ = hub.people.standing(token)
    if device is not None and device.banned:
        raise banned()


def banned() -> Refused:
    return Refused("banned", "The host has closed this Hearth to you.", 403)


def login_needed() -> Refused:
    return Refused("login_needed", "Only people with an account can come in here.", 401)


def _join_first() -> Refused:
    return Refused("who_are_you", "This Hearth is not open: join it first.", 401)


def _is_program(hub: Hub, token: str | None) -> bool:
    device, _ = hub.people.standing(token)
    return device is not None and device.purpose is not None
