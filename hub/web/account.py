"""The HTTP API of one's own account: name, password, devices, tokens for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from flask import Blueprint, Response, request
from msgspec import Meta, Struct

from hub import entry
from hub.access.admission import LINK_SECONDS
from hub.access.people import MOST_DEVICES, Person
from hub.errors import Refused
from hub.host import device_shown
from hub.hub import Hub
from hub.names import shows
from hub.net import qr
from hub.web.forms import first
from hub.web.requests import Cross, Later, json_answer, read_json, token_of
from hub.web.wire.connection_limits import source

SHOWN = 20
"""So many people are found at most."""


class Password(Struct):
    password: str


class NewPassword(Struct):
    old: str
    new: str


class NewName(Struct):
    name: str


class Purpose(Struct):
    purpose: Annotated[str, Meta(min_length=1, max_length=100)]


def account(
    hub: Hub, cross: Cross, later: Later, cookie: str, addresses: Callable[[], list[str]]
) -> Blueprint:
    """The blueprint of accounts. `addresses` gives the bases at which peers reach the hub."""
    pages = Blueprint("account", __name__, url_prefix="/api")

    def token() -> str | None:
        return token_of(request, cookie)

    def address() -> str:
        return source(request.remote_addr) if request.remote_addr else ""

    @pages.post("/account")
    def claim() -> Response:
        asked = read_json(request, Password)
        return later(_claim(hub, token(), address(), asked.password))

    @pages.put("/account/password")
    def password() -> Response:
        return later(_password(hub, token(), address(), read_json(request, NewPassword)))

    @pages.put("/account/name")
    def name() -> Response:
        return json_answer(cross(_rename(hub, token(), read_json(request, NewName).name)))

    @pages.get("/devices")
    def devices() -> Response:
        return json_answer({"devices": cross(_devices(hub, token()))})

    @pages.delete("/devices")
    def everywhere() -> Response:
        cross(_everywhere(hub, token()))
        answer = Response(status=204)
        answer.delete_cookie(cookie, httponly=True, samesite="Strict")
        return answer

    @pages.delete("/devices/<device>")
    def one(device: str) -> Response:
        cross(_forget(hub, token(), device))
        return Response(status=204)

    @pages.post("/devices/link")
    def link() -> Response:
        text = cross(_link(hub, token()))
        url = f"{next(iter(addresses()), request.host_url)}general#link={text}"
        told = {"url": url, "qr": qr.matrix(url), "seconds": int(LINK_SECONDS)}
        return json_answer(told, 201)

    @pages.post("/tokens")
    def make_token() -> Response:
        return json_answer(cross(_token(hub, token(), read_json(request, Purpose).purpose)), 201)

    @pages.get("/people")
    def people() -> Response:
        found = cross(_people(hub, token(), first(request.query_string, "like") or ""))
        return json_answer({"people": found})

    return pages


async def person_here(hub: Hub, token: str | None, *, own: bool = False) -> Person:
    """Who asks. With `own`, a token made for a program is not enough: it may not make others.

    Raises Refused: 401 for nobody, 403.
    """
    person = entry.come_back(hub, token) if token else None
    if person is None or token is None:
        raise Refused("who_are_you", "Join first.", 401)
    device = hub.people.device(token)
    if own and device is not None and device.purpose is not None:
        raise Refused("forbidden", "A program's token may not do that.", 403)
    return person


async def _claim(hub: Hub, token: str | None, address: str, password: str) -> Response:
    person = await person_here(hub, token, own=True)
    if person.password is not None:
        raise Refused("claimed", "This name has a password. Change it instead.", 409)
    kept = await hub.checker.keep(password, address)
    if person.password is not None:
        raise Refused("claimed", "This name has a password. Change it instead.", 409)
    hub.people.update(person, password=kept)
    hub.audit.add(person.name, "claim", whom=person.who)
    await hub.people_kept()
    return json_answer({"who": person.who, "name": person.name, "account": True})


async def _password(hub: Hub, token: str | None, address: str, asked: NewPassword) -> Response:
    person = await person_here(hub, token, own=True)
    if person.password is None:
        raise Refused("no_password", "This name has no password yet.", 409)
    with hub.admission.one_try(person.who):
        if not await hub.checker.check(asked.old, person.password, address):
            raise Refused("login_wrong", "The old password is not right.", 401)
        hub.limits.check_change(person.who)
    hub.people.update(person, password=await hub.checker.keep(asked.new, address))
    for device in hub.people.forget_browsers(person, but=token or ""):
        hub.clients.end(person.who, "The password was changed. Log in with the new one.", device)
    hub.admission.unlink(person.who)
    hub.audit.add(person.name, "password", whom=person.who)
    await hub.people_kept()
    return Response(status=204)


async def _rename(hub: Hub, token: str | None, name: str) -> dict[str, Any]:
    person = await person_here(hub, token, own=True)
    hub.limits.check_change(person.who)
    before = person.name
    hub.people.rename(person, name)
    hub.audit.add(before, "rename", whom=person.who, name=person.name)
    hub.renamed(person)
    await hub.people_kept()
    return {"who": person.who, "name": person.name}


async def _devices(hub: Hub, token: str | None) -> list[dict[str, Any]]:
    person = await person_here(hub, token, own=True)
    mine = hub.people.device(token or "")
    return [
        {**device_shown(device), "here": mine is not None and device.id == mine.id}
        for device in hub.people.devices(person)
    ]


async def _forget(hub: Hub, token: str | None, device: str) -> None:
    person = await person_here(hub, token, own=True)
    if not hub.people.forget_device(person, device):
        raise Refused("no_such_device", "There is no such device.", 404)
    hub.clients.end(person.who, "This device was logged out.", device)
    await hub.people_kept()


async def _everywhere(hub: Hub, token: str | None) -> None:
    person = await person_here(hub, token, own=True)
    hub.people.forget_all(person)
    hub.admission.unlink(person.who)
    hub.clients.end(person.who, "You have logged out everywhere.")
    hub.audit.add(person.name, "everywhere", whom=person.who)
    await hub.people_kept()


async def _link(hub: Hub, token: str | None) -> str:
    person = await person_here(hub, token, own=True)
    hub.limits.check_change(person.who)
    return hub.admission.link(person.who)


async def _token(hub: Hub, token: str | None, purpose: str) -> dict[str, Any]:
    person = await person_here(hub, token, own=True)
    if not shows(purpose):
        raise Refused("invalid", "Say what the token is for, in letters that show.", 422)
    hub.limits.check_change(person.who)
    if len(hub.people.devices(person)) >= MOST_DEVICES:
        raise Refused("too_many", "End a device or token that you no longer use first.", 409)
    device, made = hub.people.add_device(person, purpose=purpose)
    hub.audit.add(person.name, "token", whom=person.who, text=purpose)
    await hub.people_kept()
    return {"id": device.id, "token": made}


async def _people(hub: Hub, token: str | None, like: str) -> list[dict[str, Any]]:
    await person_here(hub, token)
    wanted = like.strip().casefold()
    found = [x for x in hub.people.all() if wanted in x.name.casefold() and not x.waiting]
    found.sort(key=lambda x: not hub.clients.is_here(x.who))
    return [
        {"who": x.who, "name": x.name, "here": hub.clients.is_here(x.who)} for x in found[:SHOWN]
    ]
