"""The HTTP API of returning without a proof: by another address of the hub, or by asking."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, request
from msgspec import Meta, Struct

from hub import public, returning
from hub.hub import Hub
from hub.identity import Asker, person_of
from hub.net.host_header import host_of
from hub.net.reach import Reach
from hub.web.answers import HandedOver
from hub.web.requests import Cross, json_answer, read_json, token_of, with_cookie
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


def returns(hub: Hub, cross: Cross, cookie: str, reach: Reach) -> Blueprint:
    """The blueprint of returning. `reach` knows to which addresses somebody may be sent."""
    pages = Blueprint("returns", __name__, url_prefix="/api")

    def asker() -> Asker:
        return asker_of(request, cookie)

    @pages.post("/devices/handover")
    def hand_over() -> Response:
        asked = read_json(request, HandOver)
        link = cross(returning.hand_over(hub, asker(), asked.to, asked.state, reach))
        return json_answer(HandedOver(reach.base(host_of(asked.to)), link), 201)

    @pages.post("/return")
    def ask() -> Response:
        asked = read_json(request, Return)
        return json_answer(cross(returning.ask(hub, asker(), asked.name, asked.code, reach)), 202)

    @pages.post("/return/come")
    def come() -> Response:
        answer: Response = cross(_come(hub, asker(), read_json(request, Awaited), cookie))
        return answer

    @pages.post("/returns/<asked>")
    def decide(asked: str) -> Response:
        yes = read_json(request, Decision).yes
        cross(_decide(hub, token_of(request, cookie), asked, yes))
        return Response(status=204)

    return pages


# -- on the event loop ----------------------------------------------------------------------


async def _come(hub: Hub, asker: Asker, asked: Awaited, cookie: str) -> Response:
    if asked.withdraw:
        return json_answer(await returning.withdraw(hub, asked.ask), 202)
    heard = await returning.hear(hub, asker, asked.ask)
    if isinstance(heard, returning.Waiting):
        return json_answer(heard, 202)
    return with_cookie(json_answer(public.me(hub, heard)), cookie, heard)


async def _decide(hub: Hub, token: str | None, asked: str, yes: bool) -> None:
    returning.answer(hub, hub.author(person_of(hub, token, own=True)), asked, yes)
