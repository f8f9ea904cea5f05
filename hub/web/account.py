"""The HTTP API of one's own account: name, password, devices, tokens for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from flask import Blueprint, Response, request
from msgspec import Meta, Struct

from hub import account as own
from hub.access.admission import LINK_SECONDS
from hub.hub import Hub
from hub.net import qr
from hub.web.answers import Devices, People, PhoneLink
from hub.web.forms import first
from hub.web.requests import Cross, Request, address_of, json_answer, read_json, token_of
from hub.web.session import logged_out


class Password(Struct):
    password: str


class NewPassword(Struct):
    old: str
    new: str


class NewName(Struct):
    name: str


Preferences = dict[str, Any]
"""A JSON merge patch, RFC 7396: null takes a member away."""


class Purpose(Struct):
    purpose: Annotated[str, Meta(min_length=1, max_length=100)]


def account(hub: Hub, cross: Cross, cookie: str, addresses: Callable[[], list[str]]) -> Blueprint:
    """The blueprint of accounts. `addresses` gives the bases at which peers reach the hub."""
    pages = Blueprint("account", __name__, url_prefix="/api")

    @pages.post("/account")
    async def claim(request: Request) -> Response:
        password = read_json(request, Password).password
        token = token_of(request, cookie)
        return json_answer(await own.claim(hub, token, address_of(request), password))

    @pages.put("/account/password")
    async def password(request: Request) -> Response:
        asked = read_json(request, NewPassword)
        token, address = token_of(request, cookie), address_of(request)
        await own.change_password(hub, token, address, asked.old, asked.new)
        return Response(status=204)

    @pages.put("/account/name")
    async def name(request: Request) -> Response:
        asked, token = read_json(request, NewName), token_of(request, cookie)
        return json_answer(await own.rename(hub, token, asked.name))

    @pages.get("/me/preferences")
    async def preferences(request: Request) -> Response:
        return json_answer(own.preferences(hub, token_of(request, cookie)))

    @pages.patch("/me/preferences")
    async def change_preferences(request: Request) -> Response:
        patch = read_json(request, Preferences)
        return json_answer(await own.change_preferences(hub, token_of(request, cookie), patch))

    @pages.get("/devices")
    async def devices(request: Request) -> Response:
        return json_answer(Devices(await own.devices(hub, token_of(request, cookie))))

    @pages.delete("/devices")
    async def everywhere(request: Request) -> Response:
        await own.log_out_everywhere(hub, token_of(request, cookie))
        return logged_out(cookie)

    @pages.delete("/devices/<device>")
    async def one(request: Request, device: str) -> Response:
        await own.forget_device(hub, token_of(request, cookie), device)
        return Response(status=204)

    @pages.post("/devices/link")
    def link() -> Response:
        text = cross(own.make_link(hub, token_of(request, cookie)))
        url = f"{next(iter(addresses()), request.host_url)}general#link={text}"
        return json_answer(PhoneLink(url, qr.matrix(url), int(LINK_SECONDS)), 201)

    @pages.post("/tokens")
    async def make_token(request: Request) -> Response:
        asked, token = read_json(request, Purpose), token_of(request, cookie)
        return json_answer(await own.make_token(hub, token, asked.purpose), 201)

    @pages.get("/people")
    async def people(request: Request) -> Response:
        like = first(request.query_string, "like") or ""
        return json_answer(People(await own.find_people(hub, token_of(request, cookie), like)))

    return pages
