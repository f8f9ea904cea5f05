"""Returning without a proof: by way of another address of the hub, or by asking.

Somebody may ask to be let in as a person; that person's own devices or a host decide.
"""

from __future__ import annotations

import asyncio
import math
from typing import Final

from msgspec import Struct

from hub import public
from hub.access.people import Person
from hub.access.return_requests import ASK_SECONDS, ReturnRequest
from hub.entry import add_browser, check_newcomer, may_return
from hub.errors import Refused
from hub.hub import Hub
from hub.identity import Asker, check_not_banned, person_of
from hub.net.host_header import handed_over
from hub.net.reach import Reach
from hub.protocol import events
from hub.room_rules import Author

LOOK_SECONDS: Final = 5.0
"""Seconds between two looks whether an asker is still there."""


class Asked(Struct):
    """`ask` is the token to wait with; `heard` says whether anybody is here who can answer."""

    ask: str
    seconds: int
    heard: bool


class Waiting(Struct):
    """What is told while there is no answer; `seconds` are left for one."""

    seconds: int
    heard: bool


async def hand_over(hub: Hub, asker: Asker, to: str, state: str, reach: Reach) -> str:
    """A link for the page of another address of this hub, `to`, and for no other.

    Raises Refused: 401, 403 for what is no address of the hub, 429.
    """
    person = person_of(hub, asker.token, own=True)
    hub.limits.check_change(person.who)
    if not reach.leads_here(to, asker.peer):
        raise Refused("not_ours", "That is no address of this Hearth. Nothing was sent there.", 403)
    return hub.admission.link(person.who, handed_over(to, state))


async def ask(hub: Hub, asker: Asker, name: str, code: str | None, reach: Reach) -> Asked:
    """Have the devices of a person and the hosts asked whether this is that person.

    Raises Refused, as for a newcomer, and 403 where nobody can be asked.
    """
    _check_nobody(hub, asker)
    check_newcomer(hub, code, asker.address)
    person = hub.people.named(name)
    if person is None or not may_return(hub, person):
        raise Refused("no_return", "Nobody can be asked about that name.", 403)
    request, token = hub.admission.returns.ask(person.who, asker.address, asker.agent)
    _end_cut_connections(hub, person, reach)
    hub.audit.add(asker.address, "return", whom=person.who, name=person.name)
    _tell(hub, person)
    _watch(hub, person, request)
    return Asked(token, int(ASK_SECONDS), _may_be_answered(hub, person))


async def hear(hub: Hub, asker: Asker, asked: str) -> str | Waiting:
    """The token of a browser that was let in, or how long it may still wait.

    Raises Refused (403) for a no, and where it took too long.
    """
    _check_nobody(hub, asker)
    request, left = hub.admission.returns.heard(asked)
    person = hub.people.person(request.who)
    if person is None or request.answer is False or not may_return(hub, person):
        raise Refused("return_no", "The answer was no. Choose another name.", 403)
    if request.answer is None:
        return Waiting(math.ceil(left), _may_be_answered(hub, person))
    return await add_browser(hub, person, asker)


async def withdraw(hub: Hub, asked: str) -> Waiting:
    """The asker waits no longer."""
    request = hub.admission.returns.withdraw(asked)
    person = hub.people.person(request.who) if request else None
    if person is not None:
        _tell(hub, person)
    return Waiting(0, False)


def answer(hub: Hub, author: Author, asked: str, yes: bool) -> None:
    """Say whether those who ask to return are who they say; `asked` is the request's id.

    Raises Refused: 403 for anyone who is neither meant nor a host, or where a host is meant; 404
    where nobody waits; 409 for a yes where the name is proved by now.
    """
    request = next((x for x in hub.admission.returns.waiting() if x.id == asked), None)
    person = hub.people.person(request.who) if request else None
    if request is None or person is None:
        raise Refused("no_such_ask", "They wait no longer.", 404)
    if author.who != person.who and (person.host or not author.host):
        raise Refused("forbidden", "Only they themselves can say that.", 403)
    if yes and not may_return(hub, person):
        raise Refused("no_return", "That person has to come in otherwise.", 409)
    hub.admission.returns.answer(request, yes)
    text = f"{'yes' if yes else 'no'} to {request.address}"
    hub.audit.add(author.name, "readmit", whom=person.who, name=person.name, text=text)
    _tell(hub, person)


def requests_event(hub: Hub, who: str) -> bytes:
    """The event, which is not saved, that lists who asks to return as this person."""
    asks = [public.asking(x) for x in hub.admission.returns.waiting(who)]
    return events.encode({"do": "returns", "asks": asks})


def requests_for_hosts(hub: Hub) -> list[public.Asking]:
    """Who asks to return as anyone but a host: that only the host's own devices can tell."""
    shown = []
    for request in hub.admission.returns.waiting():
        person = hub.people.person(request.who)
        if person is not None and not person.host:
            shown.append(public.asking(request))
            shown[-1].who = person.who
    return shown


def _tell(hub: Hub, person: Person) -> None:
    """Tell a person's browsers, and the hosts, who asks to return as that person."""
    browsers = {x.id for x in hub.people.devices.of(person.who) if x.purpose is None}
    for client in hub.clients.of(person.who):
        if client.device in browsers:
            client.put(requests_event(hub, person.who))
    hub.clients.tell_hosts()


def _watch(hub: Hub, person: Person, request: ReturnRequest, told: bool = True) -> None:
    """Tell when the asker leaves, comes back or has waited too long; `told`: as one who waits."""
    waits = request in hub.admission.returns.waiting(person.who)
    if waits != told:
        _tell(hub, person)
    if hub.admission.returns.is_open(request):
        asyncio.get_running_loop().call_later(LOOK_SECONDS, _watch, hub, person, request, waits)


def _may_be_answered(hub: Hub, person: Person) -> bool:
    """Whether anybody is here who can answer: the person on another device or, unless the
    person is a host, any host.
    """
    asked = not person.host and bool(hub.clients.hosts())
    return asked or hub.clients.is_here(person.who)


def _end_cut_connections(hub: Hub, person: Person, reach: Reach) -> None:
    """Let nobody be taken for being here by connections to an address that the hub has lost."""
    via = {device.id: device.via for device in hub.people.devices.of(person.who)}
    for client in hub.clients.of(person.who):
        if client.device is not None and reach.is_gone(via.get(client.device, "")):
            client.end("Hearth is no longer at this address.")


def _check_nobody(hub: Hub, asker: Asker) -> None:
    """Raises Refused for a browser that was banned (403), or is somebody here (409)."""
    check_not_banned(hub, asker.token)
    _, known = hub.people.standing(asker.token)
    if known is not None:
        raise Refused("already_in", f"You are {known.name} here already.", 409)
