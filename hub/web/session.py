"""The HTTP API of coming in: names, passwords, links, tickets, and what this asker is."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request
from msgspec import Struct

from hub import entry, public
from hub.errors import Refused
from hub.hub import Hub
from hub.identity import Asker, reader_of
from hub.names import room_name
from hub.net import qr
from hub.net.reach import Reach
from hub.web.answers import Admitting, Invitation
from hub.web.forms import first
from hub.web.requests import (
    AnyRequest,
    Cross,
    Request,
    json_answer,
    read_json,
    token_of,
    with_cookie,
)
from hub.web.wire.connection_limits import source


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
    """`replace` says that whoever is somebody here already knows that they will be another.

    A link that came from another address of the hub is good only with the `state` that the page
    had chosen for it.
    """

    link: str
    replace: bool = False
    state: str | None = None


class Knock(Struct):
    """From a second start on the same folder; `room` is the one that it was asked for by name, and
    `activation` is what lets a window come to the front, as its desktop gave it.
    """

    secret: str
    ticket: bool = False
    room: str | None = None
    activation: str = ""


def asker_of(request: AnyRequest, cookie: str) -> Asker:
    peer = request.remote_addr or ""
    address = source(peer) if peer else ""
    agent, host = (request.headers.get(name, "") for name in ("user-agent", "host"))
    return Asker(token_of(request, cookie), address, agent, host, peer)


def logged_out(cookie: str) -> Response:
    """The answer that makes a browser forget its session."""
    answer = Response(status=204)
    answer.delete_cookie(cookie, httponly=True, samesite="Strict")
    return answer


async def let_in(hub: Hub, cookie: str, coming: Coroutine[Any, Any, str]) -> Response:
    """The answer that gives a browser its session, once `coming` gives its token."""
    token = await coming
    return with_cookie(json_answer(public.me(hub, token)), cookie, token)


def session(
    hub: Hub,
    cross: Cross,
    cookie: str,
    addresses: Callable[[], list[str]],
    reach: Reach,
) -> Blueprint:
    """The blueprint of sessions. `addresses` gives the bases at which peers reach the hub;
    `reach` knows where else it is itself.
    """
    pages = Blueprint("session", __name__, url_prefix="/api")

    @pages.get("/me")
    async def who(request: Request) -> Response:
        wanted = first(request.query_string, "room")
        return json_answer(public.me(hub, token_of(request, cookie), wanted))

    @pages.post("/session")
    async def enter(request: Request) -> Response:
        asked, asker = read_json(request, Entry), asker_of(request, cookie)
        return await _entered(hub, asker, asked, reach, cookie)

    @pages.delete("/session")
    async def leave(request: Request) -> Response:
        await entry.log_out(hub, token_of(request, cookie))
        return logged_out(cookie)

    @pages.post("/login")
    async def login(request: Request) -> Response:
        asked, asker = read_json(request, Login), asker_of(request, cookie)
        return await let_in(hub, cookie, entry.log_in(hub, asker, asked.name, asked.password))

    @pages.post("/link")
    async def follow(request: Request) -> Response:
        asked, asker = read_json(request, Link), asker_of(request, cookie)
        coming = entry.follow_link(hub, asker, asked.link, asked.state, asked.replace)
        return await let_in(hub, cookie, coming)

    @pages.post("/ticket")
    async def redeem(request: Request) -> Response:
        asked, asker = read_json(request, Ticket), asker_of(request, cookie)
        return await let_in(hub, cookie, entry.redeem_ticket(hub, asker, asked.ticket))

    @pages.post("/window")
    async def window(request: Request) -> Response:
        own, _ = request.server or ("", None)
        _check_from_here(request.remote_addr or "", own)
        knock = read_json(request, Knock)
        return json_answer(
            await entry.second_start(hub, knock.secret, knock.ticket, knock.room, knock.activation)
        )

    @pages.get("/invite")
    def invite() -> Response:
        code = cross(_code_to_share(hub, asker_of(request, cookie)))
        room = quote(room_name(first(request.query_string, "room") or "general"))
        fragment = f"#code={quote(code, safe='')}" if code else ""
        links = [base + room + fragment for base in addresses()]
        return json_answer(Invitation(links, {link: qr.matrix(link) for link in links}))

    return pages


def _check_from_here(peer: str, own: str) -> None:
    """Raises Refused (403) unless a peer is on loopback, or came from the address it asked."""
    address = ip_address(peer.partition("%")[0] or "::")
    mapped = getattr(address, "ipv4_mapped", None)
    if not ((mapped or address).is_loopback or peer == own):
        raise Refused("forbidden", "Only this computer may do that.", 403)


# -- on the event loop ----------------------------------------------------------------------


async def _entered(hub: Hub, asker: Asker, asked: Entry, reach: Reach, cookie: str) -> Response:
    claims = entry.Claims(asked.name, asked.code, asked.password, asked.invite)
    person, token = await entry.enter(hub, asker, claims, reach)
    if person.waiting:
        answer = json_answer(Admitting(waiting=True), 202)
    else:
        answer = json_answer(public.Named(person.who, person.name), 201)
    return with_cookie(answer, cookie, token)


async def _code_to_share(hub: Hub, asker: Asker) -> str | None:
    """The hub's code, for the links of a person who invites others.

    Raises Refused: as `reader_of` does, and 429 where codes are drawn too often.
    """
    author = reader_of(hub, asker.token)
    hub.limits.check_invite(asker.address)
    return hub.admission.code if author and hub.admission.mode == "code" else None
