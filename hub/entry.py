"""Coming in and going out: by name, code, password, invitation, link, ticket or token.

Knows no HTTP. What a person or device is let in with is on stable storage before it is given.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from msgspec import UNSET, Struct, UnsetType

from hub.access.admission import Way
from hub.access.devices import MOST_DEVICES, Device
from hub.access.passwords import check_strength, outdated
from hub.access.people import Person
from hub.errors import Refused
from hub.hub import Hub
from hub.identity import Asker, banned, check_not_banned, come_back, login_needed, may_stay
from hub.names import person_name, room_name
from hub.net.host_header import handed_over, host_of
from hub.net.reach import Reach

MOST_ELSEWHERE: Final = 2
"""Most addresses that are offered as those by which somebody may have come before."""

_OPENED: Final[dict[Way, str]] = {
    "window": "the hub's own window",
    "browser": "a browser on this computer",
    "link": "the link of --reset-host",
}
"""Who redeemed a ticket, as the audit names them."""


class Claims(NamedTuple):
    """What a newcomer gives: a name, and what the hub's mode asks for."""

    name: str
    code: str | None = None
    password: str | None = None
    invitation: str | None = None


class Greeting(NamedTuple):
    """Who said hello on a live connection; `new` people are not on stable storage yet."""

    person: Person
    token: str
    device: Device
    new: bool


class SecondStart(Struct):
    """Whether the hub's own window was raised, or a `ticket` for a browser."""

    window: bool
    ticket: str | UnsetType = UNSET


# -- with a name ----------------------------------------------------------------------------


async def enter(hub: Hub, asker: Asker, claims: Claims, reach: Reach) -> tuple[Person, str]:
    """Let a browser in under a name; gives the person, who may have to wait, and the token.

    Raises Refused, with the ways back to a name that is somebody's (409, "name_taken").
    """
    check_not_banned(hub, asker.token)
    device, known = hub.people.standing(asker.token)
    if known is not None and asker.token is not None and known.name == person_name(claims.name):
        if not may_stay(hub, known) and not known.waiting:
            await _add_password(hub, known, asker, claims)
        return known, asker.token
    holder = hub.people.named(claims.name)
    if holder and asker.token and hub.people.take_back(holder, asker.token):
        await hub.kept()
        return holder, asker.token
    waiting = invited = False
    if device is None or not device.host:
        waiting = _must_wait(hub, asker, claims)
        invited = hub.admission.mode == "login" and not waiting
    name = person_name(claims.name)
    try:
        hub.people.check_free(name, away=_known_away(hub, holder))
    except Refused as why:
        why.more = _ways_back(hub, holder, asker, reach)
        raise
    password = None
    if claims.password is not None:
        password = await hub.checker.keep(claims.password, asker.address)
    if invited:  # used up only now, when nothing else can be refused
        hub.people.check_free(name)
        hub.admission.use_invitation(claims.invitation or "", asker.address)
    person, token = hub.people.enter(claims.name, asker.token, password=password, waiting=waiting)
    _describe(hub, token, asker)
    if waiting:
        _ask_hosts(hub, person)
    await hub.kept()
    return person, token


async def _add_password(hub: Hub, person: Person, asker: Asker, claims: Claims) -> None:
    """Make an account of a guest, now that the hub wants one: the name stays theirs."""
    waiting = _must_wait(hub, asker, claims)
    password = await hub.checker.keep(claims.password or "", asker.address)
    if not waiting:
        hub.admission.use_invitation(claims.invitation or "", asker.address)
    hub.people.update(person, password=password, waiting=waiting)
    _ask_hosts(hub, person)
    await hub.kept()


def _must_wait(hub: Hub, asker: Asker, claims: Claims) -> bool:
    """Whether a newcomer has to wait for a host. Raises Refused where they may not come in."""
    if hub.admission.mode != "login":
        check_newcomer(hub, claims.code, asker.address)
        return False
    hub.limits.check_join(asker.address)
    if claims.password is None:
        raise login_needed()
    check_strength(claims.password)
    if claims.invitation is None:
        return True
    hub.admission.check_invitation(claims.invitation, asker.address)
    return False


def check_newcomer(hub: Hub, code: str | None, address: str) -> None:
    """Raises Refused where a new person may not come in: 401 or, after many tries, 429."""
    hub.limits.check_join(address)
    if hub.admission.mode == "login":
        raise login_needed()
    hub.admission.check_code(code, address)


def _ask_hosts(hub: Hub, person: Person) -> None:
    hub.audit.add(person.name, "asks", whom=person.who)
    hub.clients.tell_hosts()


def _known_away(hub: Hub, holder: Person | None) -> bool:
    """Whether the holder of a name is not here, as far as an admitted newcomer may know.

    Whoever asks for an account is not admitted yet, and is told the same of everybody.
    """
    return (
        holder is not None and hub.admission.mode != "login" and not hub.clients.is_here(holder.who)
    )


def greet(
    hub: Hub, asker: Asker, name: str | None, code: str | None, token: str | None
) -> Greeting:
    """Who says hello on a live connection: by a token, by the session of `asker`, or by name.

    The newcomer's token is good at once; `Hub.kept` waits until it outlives a crash.
    Raises Refused.
    """
    mine = token or asker.token
    person = come_back(hub, mine)
    new = person is None and name is not None and token is None
    if new:
        check_newcomer(hub, code, asker.address)
        person, mine = hub.people.visit(name or "")
    device, _ = hub.people.standing(mine)
    if person is None or mine is None or device is None:
        raise Refused("who_are_you", "Say your name.", 401)
    _describe(hub, mine, asker._replace(agent=asker.agent or device.agent))
    return Greeting(person, mine, hub.people.devices.get(mine) or device, new)


# -- with a proof ---------------------------------------------------------------------------


async def log_in(hub: Hub, asker: Asker, name: str, password: str) -> str:
    """The token of a new device for whoever knows the password. Raises Refused."""
    with hub.admission.tries.one(asker.address):
        device, _ = hub.people.standing(asker.token)
        person = hub.people.named(name)
        kept = person.password if person else None
        right = await hub.checker.check(password, kept, asker.address)
        if person is None or kept is None or not right or (device is not None and device.banned):
            raise Refused("login_wrong", "That name and password do not belong together.", 401)
        hub.limits.check_change(person.who)  # counted: the right password costs as much time
    if person.banned:
        raise banned()
    if outdated(kept):
        hub.people.update(person, password=await hub.checker.keep(password, asker.address))
    return await add_browser(hub, person, asker)


async def follow_link(hub: Hub, asker: Asker, link: str, state: str | None, replace: bool) -> str:
    """The token of a new device for whoever was given a person's link.

    A link made for another address of the hub is good only with the `state` that the page there
    chose. With `replace` the asker knows that they will be somebody else. Raises Refused.
    """
    device, known = hub.people.standing(asker.token)
    if known is not None and not replace:
        raise Refused("already_in", f"You are {known.name} here already.", 409)
    bound = handed_over(asker.host, state) if state else ""
    person = hub.people.person(hub.admission.follow(link, asker.address, bound))
    if person is None or person.banned or (device is not None and device.banned):
        raise Refused("link_used", "That link was used or is too old. Make another.", 403)
    return await add_browser(hub, person, asker)


async def add_browser(hub: Hub, person: Person, asker: Asker) -> str:
    """A fresh token, never one that the asker brought: that one may be somebody else's."""
    _, before = hub.people.standing(asker.token)
    if before is not None and before.password is not None:  # else it could not come back
        await log_out(hub, asker.token)
    browsers = [x for x in hub.people.devices.of(person.who) if x.purpose is None]
    if len(browsers) >= MOST_DEVICES:
        oldest = min(browsers, key=lambda x: x.used).id
        hub.people.devices.end_one(person.who, oldest)
        hub.clients.end(person.who, "You have come in on too many other devices.", oldest)
    _, token = hub.people.add_device(person)
    _describe(hub, token, asker)
    await hub.kept()
    return token


async def redeem_ticket(hub: Hub, asker: Asker, ticket: str) -> str:
    """Put the asker's device, or a new one, in charge; gives its token.

    Raises Refused (403) for a ticket that is not, or no longer, good.
    """
    hub.audit.add(_OPENED[hub.admission.redeem(ticket)], "opened")
    device, person = hub.people.standing(asker.token)
    if asker.token is not None and device is not None and person is not None and person.host:
        token = asker.token
        hub.people.make_host(token)
    else:  # never the session of whoever is logged in in this browser
        token = hub.people.host_device()
    _describe(hub, token, asker)
    await hub.kept()
    return token


async def second_start(
    hub: Hub, secret: str, ticket: bool, room: str | None, activation: str = ""
) -> SecondStart:
    """Serve a second start on the same folder, which can read the first one's secret.

    Gives it a ticket for a browser, or raises the hub's own window, in a room if it names one;
    `activation` is what the desktop gave it for that.
    Raises Refused: 403 for a wrong secret, 404 for what is no room's name.
    """
    if not hmac.compare_digest(secret.encode(), hub.secret.encode()):
        raise Refused("forbidden", "Only this computer may do that.", 403)
    if ticket:
        return SecondStart(False, hub.admission.ticket("link"))
    name = None if room is None else room_name(room)
    # The toolkit's thread may wait for the event loop just now.
    return SecondStart(await asyncio.to_thread(hub.raise_window, name, activation))


async def log_out(hub: Hub, token: str | None) -> None:
    """End a device and its live connections. Raises Refused (403) for one that was banned."""
    device, person = hub.people.standing(token)
    if token is None or device is None:
        return
    check_not_banned(hub, token)  # it keeps its cookie too, by which the ban knows it
    hub.people.devices.end(token)
    if person is not None:
        hub.clients.end(person.who, "You have logged out.", device.id)
    await hub.kept()


def _describe(hub: Hub, token: str, asker: Asker) -> None:
    hub.people.devices.describe(token, asker.agent, asker.address, host_of(asker.host))


# -- back to a name without a proof ---------------------------------------------------------


def may_return(hub: Hub, person: Person) -> bool:
    """Whether a newcomer may ask to be this person without a proof.

    Not for an account, which has its password; for a program that only said hello; nor for
    anyone who may not be here.
    """
    proved = person.password is not None or person.visitor
    return not (proved or person.banned or person.waiting) and may_stay(hub, person)


def _ways_back(hub: Hub, holder: Person | None, asker: Asker, reach: Reach) -> dict[str, Any]:
    """How whoever says a name that is held may be its holder after all.

    `elsewhere` are addresses of this hub by which the holder came with a browser like this one;
    `ask` says whether the holder's other devices and the hosts can be asked.
    """
    if holder is None or holder.password is not None or holder.banned or holder.waiting:
        return {}
    if not may_stay(hub, holder):
        return {}
    like = [
        device
        for device in hub.people.devices.of(holder.who)
        if device.purpose is None and _family(device.agent) == _family(asker.agent)
    ]
    like.sort(key=lambda device: -device.used)
    bases = dict.fromkeys(reach.base(device.via) for device in like if device.via)
    here = reach.base(host_of(asker.host))
    elsewhere = [
        base
        for base in bases
        if base != here and reach.leads_here(urlsplit(base).netloc, asker.peer)
    ]
    return {"elsewhere": elsewhere[:MOST_ELSEWHERE], "ask": may_return(hub, holder)}


def _family(agent: str) -> str:
    """A browser without its version, which changes overnight."""
    return re.sub(r"[\d.]+", "", agent[:200])
