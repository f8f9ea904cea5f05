"""The HTTP API of coming back without a proof: from another address of the hub, or by asking."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Annotated, Any

from flask import Blueprint, Response, request
from msgspec import Meta, Struct

from hub import entry
from hub.access.people import Person
from hub.access.return_requests import ASK_SECONDS
from hub.errors import Refused
from hub.host import answer_return
from hub.hub import Hub
from hub.net.host_header import handed_over, host_of
from hub.net.reach import Reach
from hub.web.account import person_here
from hub.web.requests import Cross, json_answer, read_json, token_of, with_cookie
from hub.web.session import Asker, asker_of, come_with, me


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
    """The blueprint of coming back. `reach` knows to which addresses somebody may be sent."""
    pages = Blueprint("returns", __name__, url_prefix="/api")

    @pages.post("/devices/handover")
    def hand_over() -> Response:
        asked, peer = read_json(request, HandOver), request.remote_addr or ""
        token = token_of(request, cookie)
        link = cross(_hand_over(hub, token, asked, lambda: reach.leads_here(asked.to, peer)))
        return json_answer({"url": reach.base(host_of(asked.to)), "link": link}, 201)

    @pages.post("/return")
    def ask() -> Response:
        asked = read_json(request, Return)
        return json_answer(cross(_ask(hub, asked, asker_of(request, cookie), reach)), 202)

    @pages.post("/return/come")
    def come() -> Response:
        asked = read_json(request, Awaited)
        token, told = cross(_heard(hub, asked, asker_of(request, cookie)))
        if token is None:
            return json_answer(told, 202)
        return with_cookie(json_answer(cross(me(hub, token))), cookie, token)

    @pages.post("/returns/<asked>")
    def decide(asked: str) -> Response:
        cross(_decide(hub, token_of(request, cookie), asked, read_json(request, Decision).yes))
        return Response(status=204)

    return pages


# -- on the event loop ----------------------------------------------------------------------


async def _hand_over(
    hub: Hub, token: str | None, asked: HandOver, leads_here: Callable[[], bool]
) -> str:
    """A link for the page of another address of this hub, and for no other."""
    person = await person_here(hub, token, own=True)
    hub.limits.check_change(person.who)
    if not leads_here():
        raise Refused("not_ours", "That is no address of this Hearth. Nothing was sent there.", 403)
    return hub.admission.link(person.who, handed_over(asked.to, asked.state))


async def _ask(hub: Hub, asked: Return, asker: Asker, reach: Reach) -> dict[str, Any]:
    """Have the devices of a person and the hosts asked whether this is that person."""
    _check_nobody(hub, asker)
    entry.check_newcomer(hub, asked.code, asker.address)
    person = hub.people.named(asked.name)
    if person is None or not entry.may_return(hub, person):
        raise Refused("no_return", "Nobody can be asked about that name.", 403)
    _, token = hub.admission.returns.ask(person.who, asker.address, asker.agent)
    _end_what_is_cut(hub, person, reach)
    hub.audit.add(asker.address, "return", whom=person.who, name=person.name)
    entry.tell_return_requests(hub, person)
    asyncio.get_running_loop().call_later(ASK_SECONDS + 1, entry.tell_return_requests, hub, person)
    return {"ask": token, "seconds": int(ASK_SECONDS), "heard": entry.may_be_answered(hub, person)}


def _end_what_is_cut(hub: Hub, person: Person, reach: Reach) -> None:
    """Let nobody be taken for being here by connections to an address that the hub has no more."""
    via = {device.id: device.via for device in hub.people.devices(person)}
    for client in hub.clients.of(person.who):
        if client.device is not None and reach.is_gone(via.get(client.device, "")):
            client.end("Hearth is no longer at this address.")


async def _heard(hub: Hub, asked: Awaited, asker: Asker) -> tuple[str | None, dict[str, Any]]:
    """The token of whoever may come in; None while there is no answer, and what to say then.

    Raises Refused (403) for a no, and where it took too long.
    """
    if asked.withdraw:
        ask = hub.admission.returns.withdraw(asked.ask)
        person = hub.people.person(ask.who) if ask else None
        if person is not None:
            entry.tell_return_requests(hub, person)
        return None, {"seconds": 0, "heard": False}
    _check_nobody(hub, asker)
    ask, left = hub.admission.returns.heard(asked.ask)
    person = hub.people.person(ask.who)
    if person is None or ask.answer is False or not entry.may_return(hub, person):
        raise Refused("return_no", "The answer was no. Choose another name.", 403)
    if ask.answer is None:
        return None, {"seconds": math.ceil(left), "heard": entry.may_be_answered(hub, person)}
    return await come_with(hub, person, asker), {}


def _check_nobody(hub: Hub, asker: Asker) -> None:
    """Raises Refused for a browser that was banned (403), or is somebody here (409)."""
    device, known = hub.people.standing(asker.token)
    if device is not None and device.banned:
        raise Refused("banned", "The host has closed this Hearth to you.", 403)
    if known is not None:
        raise Refused("already_in", f"You are {known.name} here already.", 409)


async def _decide(hub: Hub, token: str | None, asked: str, yes: bool) -> None:
    """Whether somebody who asks to come back as this person is this person."""
    person = await person_here(hub, token, own=True)
    answer_return(hub, hub.author(person), asked, yes)
