"""The HTTP API of returning without a proof: by another address of the hub, or by asking."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response
from msgspec import Meta, Struct

from hub import public, returning
from hub.hub import Hub
from hub.identity import person_of
from hub.net.host_header import host_of
from hub.net.reach import Reach
from hub.web.answers import HandedOver
from hub.web.requests import Request, json_answer, read_json, token_of, with_cookie
from hub.web.session import asker_of


class HandOver(Struct):
    """`to` is another address of this hub, as its Host says it; `state` what its page chose."""

    to: Annotated[str, Meta(max_length=300)]
    state: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{16,64}$")]


class Return(Struct):
    """From somebody who says that a name is theirs and cannot prove it."""

    name: str
    code: str | None = None


class Awaited(Struct):
    """`ask` is what `POST /api/return` gave; with `withdraw` its bearer waits no longer."""

    ask: str
    withdraw: bool = False


class Decision(Struct):
    yes: bool


def returns(hub: Hub, cookie: str, reach: Reach) -> Blueprint:
    """The blueprint of returning. `reach` knows to which addresses somebody may be sent."""
    pages = Blueprint("returns", __name__, url_prefix="/api")

    @pages.post("/devices/handover")
    async def hand_over(request: Request) -> Response:
        asked, asker = read_json(request, HandOver), asker_of(request, cookie)
        link = await returning.hand_over(hub, asker, asked.to, asked.state, reach)
        return json_answer(HandedOver(reach.base(host_of(asked.to)), link), 201)

    @pages.post("/return")
    async def ask(request: Request) -> Response:
        asked, asker = read_json(request, Return), asker_of(request, cookie)
        return json_answer(await returning.ask(hub, asker, asked.name, asked.code, reach), 202)

    @pages.post("/return/come")
    async def come(request: Request) -> Response:
        asked, asker = read_json(request, Awaited), asker_of(request, cookie)
        if asked.withdraw:
            return json_answer(await returning.withdraw(hub, asked.ask), 202)
        heard = await returning.hear(hub, asker, asked.ask)
        if isinstance(heard, returning.Waiting):
            return json_answer(heard, 202)
        return with_cookie(json_answer(public.me(hub, heard)), cookie, heard)

    @pages.post("/returns/<asked>")
    async def decide(request: Request, asked: str) -> Response:
        yes = read_json(request, Decision).yes
        person = person_of(hub, token_of(request, cookie), own=True)
        returning.answer(hub, hub.author(person), asked, yes)
        return Response(status=204)

    return pages
