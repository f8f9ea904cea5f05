"""The HTTP API of who is there: coming in, the host's window, invitations."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Coroutine
from typing import Any, Final
from urllib.parse import quote

from flask import Blueprint, Response, request
from msgspec import Struct

import hub as package
from hub.access.people import Person
from hub.errors import Refused
from hub.hub import Hub
from hub.names import room_name
from hub.net import qr
from hub.web.bodies import check_reader, json_answer, person_of, read_json, token_of

Cross = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine on the hub's event loop and gives what it gave."""

SESSION_SECONDS: Final = 400 * 86400
"""How long a browser keeps its session: the most that browsers grant."""


class Entry(Struct):
    name: str
    code: str | None = None


class Ticket(Struct):
    ticket: str


class Knock(Struct):
    """From a second start on the same folder, which can read the first one's secret."""

    secret: str


def session(hub: Hub, cross: Cross, cookie: str, addresses: Callable[[], list[str]]) -> Blueprint:
    """The blueprint of sessions. `addresses` gives the bases at which peers reach the hub."""
    pages = Blueprint("session", __name__, url_prefix="/api")

    @pages.get("/me")
    def me() -> Response:
        return json_answer(cross(_me(hub, token_of(request, cookie))))

    @pages.post("/session")
    def enter() -> Response:
        entry = read_json(request, Entry)
        token = token_of(request, cookie)
        person, token = cross(_enter(hub, entry, token, request.remote_addr or ""))
        answer = json_answer({"who": person.who, "name": person.name}, 201)
        return _with_cookie(answer, cookie, token)

    @pages.delete("/session")
    def forget() -> Response:
        cross(_forget(hub, token_of(request, cookie)))
        answer = Response(status=204)
        answer.delete_cookie(cookie, httponly=True, samesite="Strict")
        return answer

    @pages.post("/ticket")
    def redeem() -> Response:
        ticket = read_json(request, Ticket).ticket
        token = cross(_redeem(hub, ticket, token_of(request, cookie)))
        return _with_cookie(json_answer(cross(_me(hub, token))), cookie, token)

    @pages.post("/window")
    def window() -> Response:
        return json_answer({"window": cross(_knock(hub, read_json(request, Knock).secret))})

    @pages.get("/invite")
    def invite() -> Response:
        cross(check_reader(hub, token_of(request, cookie)))
        room = quote(room_name(request.args.get("room", "general")))
        links = [base + room for base in addresses()]
        return json_answer({"addresses": links, "qr": {link: qr.matrix(link) for link in links}})

    return pages


async def _me(hub: Hub, token: str | None) -> dict[str, Any]:
    person = await person_of(hub, token)
    device = hub.people.device(token) if token else None
    settings = hub.settings
    mode = "login" if settings.accounts == "login" else "code" if settings.hub_code else "open"
    return {
        "person": {"who": person.who, "name": person.name} if person else None,
        "host": bool(device and device.host),
        "hub": {
            "name": "Hearth",
            "version": package.__version__,
            "instance": hub.instance,
            "mode": mode,
        },
        "limits": {"message_bytes": settings.message_bytes},
    }


async def _enter(hub: Hub, entry: Entry, token: str | None, address: str) -> tuple[Person, str]:
    """Let a browser in, and keep that on disk before it is told."""
    known = await person_of(hub, token)
    if known is not None and token is not None and known.name == entry.name:
        return known, token
    device = hub.people.device(token) if token else None
    if device is None or not device.host:
        hub.may_come_in(entry.code, address)
    person, token = hub.people.enter(entry.name, token)
    await hub.people_kept()
    return person, token


async def _forget(hub: Hub, token: str | None) -> None:
    if token is not None:
        hub.people.forget(token)
        await hub.people_kept()


async def _redeem(hub: Hub, ticket: str, token: str | None) -> str:
    token = hub.redeem(ticket, token)
    await hub.people_kept()
    return token


async def _knock(hub: Hub, secret: str) -> bool:
    """Raise the hub's own window; whether it has one."""
    if not hmac.compare_digest(secret.encode(), hub.secret.encode()):
        raise Refused("forbidden", "Only this computer may do that.", 403)
    return hub.raise_window()


def _with_cookie(answer: Response, cookie: str, token: str) -> Response:
    answer.set_cookie(
        cookie, token, max_age=SESSION_SECONDS, path="/", httponly=True, samesite="Strict"
    )
    return answer
