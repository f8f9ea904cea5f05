"""The HTTP API of coming in: names, passwords, links, tickets, and what this asker is."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from flask import Blueprint, Request, Response, request
from msgspec import Struct

import hub as package
from hub import entry
from hub.access.passwords import check_strength, outdated
from hub.access.people import MOST_DEVICES, Person
from hub.errors import Refused
from hub.hub import Hub
from hub.names import PERSON_CHARACTERS, person_name, room_name
from hub.net import qr
from hub.net.host_header import handed_over, host_of
from hub.net.reach import Reach
from hub.room_rules import Author, hidden
from hub.web.forms import first
from hub.web.requests import (
    Cross,
    Later,
    json_answer,
    read_json,
    token_of,
    who_of,
    with_cookie,
)
from hub.web.wire.connection_limits import source

ELSEWHERE: Final = 2
"""So many addresses are offered at most by which somebody may have come before."""


class Entry(Struct):
    name: str
    code: str | None = None
    password: str | None = None
    invite: str | None = None


class Login(Struct):
    name: str
    password: str


class Ticket(Struct):
    ticket: str


class Link(Struct):
    """`replace` says that who is somebody here already knows that they will be another.

    A link that came from another address of the hub is good only with the `state` that the page
    had chosen for it.
    """

    link: str
    replace: bool = False
    state: str | None = None


class Knock(Struct):
    """From a second start on the same folder, which can read the first one's secret.

    `room` is the one that it was asked for by name.
    """

    secret: str
    ticket: bool = False
    room: str | None = None


class Asker(NamedTuple):
    """What a request says of whence it comes."""

    token: str | None
    address: str
    agent: str
    host: str
    """What its Host header says."""
    peer: str
    """The very address of the connection's other end."""


def asker_of(request: Request, cookie: str) -> Asker:
    peer = request.remote_addr or ""
    address = source(peer) if peer else ""
    agent, host = (request.headers.get(name, "") for name in ("User-Agent", "Host"))
    return Asker(token_of(request, cookie), address, agent, host, peer)


def session(
    hub: Hub,
    cross: Cross,
    later: Later,
    cookie: str,
    addresses: Callable[[], list[str]],
    reach: Reach,
) -> Blueprint:
    """The blueprint of sessions. `addresses` gives the bases at which peers reach the hub;
    `reach` knows where else it is itself.
    """
    pages = Blueprint("session", __name__, url_prefix="/api")

    def asker() -> Asker:
        return asker_of(request, cookie)

    def let_in(token: str) -> Response:
        return with_cookie(json_answer(cross(me(hub, token))), cookie, token)

    @pages.get("/me")
    def who() -> Response:
        return json_answer(
            cross(me(hub, token_of(request, cookie), first(request.query_string, "room")))
        )

    @pages.post("/session")
    def enter() -> Response:
        return later(_entered(hub, read_json(request, Entry), asker(), reach, cookie))

    @pages.delete("/session")
    def leave() -> Response:
        cross(_leave(hub, token_of(request, cookie)))
        answer = Response(status=204)
        answer.delete_cookie(cookie, httponly=True, samesite="Strict")
        return answer

    @pages.post("/login")
    def login() -> Response:
        return later(_logged_in(hub, read_json(request, Login), asker(), cookie))

    @pages.post("/link")
    def follow() -> Response:
        return let_in(cross(_follow(hub, read_json(request, Link), asker())))

    @pages.post("/ticket")
    def redeem() -> Response:
        return let_in(cross(_redeem(hub, read_json(request, Ticket).ticket, asker())))

    @pages.post("/window")
    def window() -> Response:
        _check_from_here(request.remote_addr or "", request.environ["SERVER_NAME"])
        return json_answer(cross(_knock(hub, read_json(request, Knock))))

    @pages.get("/invite")
    def invite() -> Response:
        author = cross(_invite(hub, asker()))
        room = quote(room_name(first(request.query_string, "room") or "general"))
        fragment = (
            f"#code={quote(hub.admission.code, safe='')}"
            if author and hub.admission.mode == "code"
            else ""
        )
        links = [base + room + fragment for base in addresses()]
        return json_answer({"addresses": links, "qr": {link: qr.matrix(link) for link in links}})

    return pages


def _check_from_here(peer: str, own: str) -> None:
    """Raises Refused (403) unless a peer is on loopback, or came from the address it asked."""
    address = ip_address(peer.partition("%")[0] or "::")
    mapped = getattr(address, "ipv4_mapped", None)
    if not ((mapped or address).is_loopback or peer == own):
        raise Refused("forbidden", "Only this computer may do that.", 403)


# -- on the event loop ----------------------------------------------------------------------


async def me(hub: Hub, token: str | None, wanted: str | None = None) -> dict[str, Any]:
    """What the asker is to this hub; with the name of a room, what a stranger may know of it."""
    device, person = hub.people.standing(token)
    banned = bool((device and device.banned) or (person and person.banned))
    waiting = bool(person and person.waiting)
    shown = None
    if person is not None and not banned and not waiting:
        shown = {
            "who": person.who,
            "name": person.name,
            "account": person.password is not None,
            "host": person.host,
            "muted_until": person.muted if hub.people.muted_for(person) else None,
        }
    return {
        "person": shown,
        "waiting": waiting,
        "banned": banned,
        "host": bool(device and device.host and not banned),
        "hub": {
            "name": "Hearth",
            "version": package.__version__,
            "instance": hub.instance,
            "mode": hub.admission.mode,
        },
        "limits": {
            "message_bytes": hub.settings.message_bytes,
            "name_characters": PERSON_CHARACTERS,
        },
        **({} if wanted is None or banned else _before(hub, wanted)),
    }


def _before(hub: Hub, wanted: str) -> dict[str, Any]:
    """The room that somebody is about to enter: only where everybody may know of it."""
    try:
        name = room_name(wanted)
    except Refused:
        return {}
    if not hub.is_open or hidden(name):
        return {}
    room = hub.rooms.opened(name)
    title, here = (room.rules.title, room.here.count) if room else (name, 0)
    return {"room": {"name": name, "title": title, "here": here}}


async def _invite(hub: Hub, asker: Asker) -> Author | None:
    """Who wants to invite. Raises Refused (429) where codes are drawn too often."""
    author = await who_of(hub, asker.token)
    hub.limits.check_invite(asker.address)
    return author


async def _entered(hub: Hub, asked: Entry, asker: Asker, reach: Reach, cookie: str) -> Response:
    person, token = await _enter(hub, asked, asker, reach)
    if person.waiting:
        answer = json_answer({"waiting": True}, 202)
    else:
        answer = json_answer({"who": person.who, "name": person.name}, 201)
    return with_cookie(answer, cookie, token)


async def _enter(hub: Hub, asked: Entry, asker: Asker, reach: Reach) -> tuple[Person, str]:
    """Let a browser in, and keep that on disk before it is told."""
    device, known = hub.people.standing(asker.token)
    if device is not None and device.banned:
        raise Refused("banned", "The host has closed this Hearth to you.", 403)
    if known is not None and asker.token is not None and known.name == person_name(asked.name):
        if entry.may_stay(hub, known) or known.waiting:
            return known, asker.token
        return await _ask_with(hub, known, asked, asker)
    holder = hub.people.named(asked.name)
    if holder and asker.token and hub.people.take_back(holder, asker.token):
        await hub.people_kept()
        return holder, asker.token
    waiting = invited = False
    if device is None or not device.host:
        waiting = _check_door(hub, asked, asker)
        invited = hub.admission.mode == "login" and not waiting
    name = person_name(asked.name)
    try:
        hub.people.check_free(name, away=_shown_away(hub, holder))
    except Refused as why:
        why.more = _ways_back(hub, holder, asker, reach)
        raise
    password = None
    if asked.password is not None:
        password = await hub.checker.keep(asked.password, asker.address)
    if invited:  # only now, when nothing else can be refused, is it used up
        hub.people.check_free(name)
        hub.admission.use_invitation(asked.invite or "", asker.address)
    person, token = hub.people.enter(asked.name, asker.token)
    hub.people.update(person, password=password, waiting=waiting)
    _describe(hub, token, asker)
    if waiting:
        hub.audit.add(person.name, "asks", whom=person.who)
        hub.clients.tell_hosts()
    await hub.people_kept()
    return person, token


async def _ask_with(hub: Hub, person: Person, asked: Entry, asker: Asker) -> tuple[Person, str]:
    """Somebody without a password, now that the hub wants one: the name stays theirs."""
    waiting = _check_door(hub, asked, asker)
    password = await hub.checker.keep(asked.password or "", asker.address)
    if not waiting:
        hub.admission.use_invitation(asked.invite or "", asker.address)
    hub.people.update(person, password=password, waiting=waiting)
    hub.audit.add(person.name, "asks", whom=person.who)
    hub.clients.tell_hosts()
    await hub.people_kept()
    return person, asker.token or ""


def _check_door(hub: Hub, asked: Entry, asker: Asker) -> bool:
    """Whether the newcomer has to wait for a host. Raises Refused where they may not come."""
    if hub.admission.mode != "login":
        entry.check_newcomer(hub, asked.code, asker.address)
        return False
    hub.limits.check_join(asker.address)
    if asked.password is None:
        raise Refused("login_needed", "Only people with an account can come in here.", 401)
    check_strength(asked.password)
    if asked.invite is None:
        return True
    hub.admission.check_invitation(asked.invite, asker.address)
    return False


def _shown_away(hub: Hub, holder: Person | None) -> bool:
    """Whether the holder of a name is not here, as far as whoever passed the door may know.

    Who asks for an account has passed none: they are told the same of everybody.
    """
    return (
        holder is not None and hub.admission.mode != "login" and not hub.clients.is_here(holder.who)
    )


def _ways_back(hub: Hub, holder: Person | None, asker: Asker, reach: Reach) -> dict[str, Any]:
    """How whoever says a name that is held may be its holder after all.

    `elsewhere` are addresses of this hub by which the holder came with a browser like this one;
    `ask` says whether the holder's other devices and the hosts can be asked.
    """
    if holder is None or holder.password is not None or holder.banned or holder.waiting:
        return {}
    if not entry.may_stay(hub, holder):
        return {}
    like = [
        device
        for device in hub.people.devices(holder)
        if device.purpose is None and _kind(device.agent) == _kind(asker.agent)
    ]
    like.sort(key=lambda device: -device.used)
    bases = {reach.base(device.via): device for device in like if device.via}
    here = reach.base(host_of(asker.host))
    elsewhere = [
        base
        for base in bases
        if base != here and reach.leads_here(urlsplit(base).netloc, asker.peer)
    ]
    return {"elsewhere": elsewhere[:ELSEWHERE], "ask": entry.may_return(hub, holder)}


def _kind(agent: str) -> str:
    """A browser without its version, which changes overnight."""
    return re.sub(r"[\d.]+", "", agent[:200])


async def _leave(hub: Hub, token: str | None) -> None:
    device, person = hub.people.standing(token)
    if token is None or device is None:
        return
    if device.banned:  # its cookie stays too: it is what the ban knows it by
        raise Refused("banned", "The host has closed this Hearth to you.", 403)
    hub.people.forget(token)
    if person is not None:
        hub.clients.end(person.who, "You have logged out.", device.id)
    await hub.people_kept()


async def _logged_in(hub: Hub, asked: Login, asker: Asker, cookie: str) -> Response:
    token = await _login(hub, asked, asker)
    return with_cookie(json_answer(await me(hub, token)), cookie, token)


async def _login(hub: Hub, asked: Login, asker: Asker) -> str:
    """A new device for whoever knows the password; gives its token."""
    with hub.admission.one_try(asker.address):
        device, _ = hub.people.standing(asker.token)
        person = hub.people.named(asked.name)
        kept = person.password if person else None
        right = await hub.checker.check(asked.password, kept, asker.address)
        if person is None or kept is None or not right or (device is not None and device.banned):
            raise Refused("login_wrong", "That name and password do not belong together.", 401)
        hub.limits.check_change(person.who)  # counted: the right password costs as much time
    if person.banned:
        raise Refused("banned", "The host has closed this Hearth to you.", 403)
    if outdated(kept):
        again = await hub.checker.keep(asked.password, asker.address)
        hub.people.update(person, password=again)
    return await come_with(hub, person, asker)


async def _follow(hub: Hub, asked: Link, asker: Asker) -> str:
    device, known = hub.people.standing(asker.token)
    if known is not None and not asked.replace:
        raise Refused("already_in", f"You are {known.name} here already.", 409)
    bound = handed_over(asker.host, asked.state) if asked.state else ""
    person = hub.people.person(hub.admission.follow(asked.link, asker.address, bound))
    if person is None or person.banned or (device is not None and device.banned):
        raise Refused("link_used", "That link was used or is too old. Make another.", 403)
    return await come_with(hub, person, asker)


async def come_with(hub: Hub, person: Person, asker: Asker) -> str:
    """A fresh token, never one that the asker brought: that one may be somebody else's."""
    _, before = hub.people.standing(asker.token)
    if before is not None and before.password is not None:  # else it could not come back
        await _leave(hub, asker.token)
    browsers = [x for x in hub.people.devices(person) if x.purpose is None]
    if len(browsers) >= MOST_DEVICES:
        oldest = min(browsers, key=lambda x: x.used).id
        hub.people.forget_device(person, oldest)
        hub.clients.end(person.who, "You have come in on too many other devices.", oldest)
    _, token = hub.people.add_device(person)
    _describe(hub, token, asker)
    await hub.people_kept()
    return token


async def _redeem(hub: Hub, ticket: str, asker: Asker) -> str:
    token = entry.redeem(hub, ticket, asker.token)
    _describe(hub, token, asker)
    await hub.people_kept()
    return token


def _describe(hub: Hub, token: str, asker: Asker) -> None:
    hub.people.describe(token, asker.agent, asker.address, host_of(asker.host))


async def _knock(hub: Hub, knock: Knock) -> dict[str, Any]:
    """Raise the hub's own window, in that room, or give a ticket for a browser here."""
    if not hmac.compare_digest(knock.secret.encode(), hub.secret.encode()):
        raise Refused("forbidden", "Only this computer may do that.", 403)
    if knock.ticket:
        return {"window": False, "ticket": hub.admission.ticket("link")}
    room = None if knock.room is None else room_name(knock.room)
    return {"window": hub.raise_window(room)}
