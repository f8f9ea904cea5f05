"""The HTTP API of who has read how far."""

from __future__ import annotations

from flask import Blueprint, Response

from hub.access.people import Person
from hub.hub import Hub
from hub.identity import person_of
from hub.names import room_name
from hub.permissions import no_such_room
from hub.room import Room
from hub.room_view import event_at
from hub.web.answers import Reads
from hub.web.messages import no_such_message
from hub.web.requests import Request, json_answer, token_of


def reads(hub: Hub, cookie: str) -> Blueprint:
    """The blueprint of who has read how far. It is for people, not for their programs."""
    blueprint = Blueprint("reads", __name__, url_prefix="/api/chat/<name>")

    @blueprint.get("/reads")
    async def of_room(request: Request, name: str) -> Response:
        person, room = await _asked(hub, token_of(request, cookie), name)
        marks = [] if room is None else await hub.reads.of_room(room, person)
        return json_answer(Reads(marks is not None, marks or []))

    @blueprint.get("/<int:n>/reads")
    async def of_message(request: Request, name: str, n: int) -> Response:
        person, room = await _asked(hub, token_of(request, cookie), name)
        if room is None:
            raise no_such_room()
        said = event_at(room.history, n)
        if said is None or said.do != "say" or n in room.index.erased:
            raise no_such_message()
        return json_answer(await hub.reads.of_message(room, n, said.who, person))

    return blueprint


async def _asked(hub: Hub, token: str | None, name: str) -> tuple[Person, Room | None]:
    """Who asks, and the room, None where nothing was ever said in it. Raises Refused: 401, 403,
    404.
    """
    person = person_of(hub, token, own=True)
    room = await hub.rooms.find_existing(room_name(name), person.who)
    if room is not None:
        room.history.reopen()
    return person, room
