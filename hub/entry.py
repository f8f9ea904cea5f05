"""Who may come in, come back and stay. Knows no HTTP: names, tokens and addresses in."""

from __future__ import annotations

from typing import Final

from hub.access.admission import Way
from hub.access.people import Person
from hub.errors import Refused
from hub.hub import Hub
from hub.names import person_name
from hub.protocol import events
from hub.room_rules import Author

_OPENED: Final[dict[Way, str]] = {
    "window": "the hub's own window",
    "browser": "a browser on this computer",
    "link": "the link of --reset-host",
}
"""Who redeemed a ticket, as the audit names them."""


def stranger(hub: Hub, name: str, address: str | None = None) -> Author:
    """The author of a message from a program without a session: an unverified name.

    Raises Refused: 401 where the hub is not open, 409 where the name is somebody's.
    """
    if not hub.is_open:
        raise Refused("who_are_you", "This Hearth is not open: join it first.", 401)
    name = person_name(name)
    hub.people.check_free(name)
    return Author(name, address=address)


def check_newcomer(hub: Hub, code: str | None, address: str) -> None:
    """Raises Refused where a new person may not come in: 401 or, after many tries, 429."""
    hub.limits.check_join(address)
    if hub.admission.mode == "login":
        raise Refused("login_needed", "Only people with an account can come in here.", 401)
    hub.admission.check_code(code, address)


def redeem(hub: Hub, ticket: str, token: str | None) -> str:
    """Make the device of `token`, or a new one, a host's; gives its token.

    Raises Refused (403) for a ticket that is not, or no longer, good.
    """
    hub.audit.add(_OPENED[hub.admission.redeem(ticket)], "opened")
    device, person = hub.people.standing(token)
    if token is not None and device is not None and person is not None and person.host:
        hub.people.make_host(token)
        return token
    return hub.people.host_device()  # never that of whoever is logged in in this browser


def may_stay(hub: Hub, person: Person) -> bool:
    """Whether the hub's present mode admits a person who came in under another."""
    return hub.admission.mode != "login" or person.host or person.password is not None


def may_return(hub: Hub, person: Person) -> bool:
    """Whether a newcomer may ask to be this person without a proof.

    Not for an account, which has its password; for a program that only said hello; nor for
    anyone who may not be here.
    """
    proved = person.password is not None or person.visitor
    return not (proved or person.banned or person.waiting) and may_stay(hub, person)


def may_be_answered(hub: Hub, person: Person) -> bool:
    """Whether anybody is here who can answer a request to return as this person.

    That is the person on another device or, unless the person is a host, any host.
    """
    asked = not person.host and bool(hub.clients.hosts())
    return asked or hub.clients.is_here(person.who)


def come_back(hub: Hub, token: str) -> Person | None:
    """The person of a token, or None.

    Raises Refused as People.come_back does, and 401 where the hub has come to want an account.
    """
    person = hub.people.come_back(token)
    if person is not None and not may_stay(hub, person):
        raise Refused("login_needed", "Only people with an account can come in here.", 401)
    return person


def tell_return_requests(hub: Hub, person: Person) -> None:
    """Tell a person's browsers, and the hosts, who asks to return as that person."""
    browsers = {x.id for x in hub.people.devices(person) if x.purpose is None}
    for client in hub.clients.of(person.who):
        if client.device in browsers:
            client.put(return_requests(hub, person.who))
    hub.clients.tell_hosts()


def return_requests(hub: Hub, who: str) -> bytes:
    """The event, which is not saved, that lists who asks to return as this person."""
    asks = [
        {"id": x.id, "agent": x.agent, "address": x.address, "made": x.made}
        for x in hub.admission.returns.waiting(who)
    ]
    return events.encode({"do": "returns", "asks": asks})
