"""What is asked of one message: its earlier versions."""

from __future__ import annotations

from flask import Blueprint, Response, request
from msgspec import UNSET

from hub.errors import Refused
from hub.hub import Hub
from hub.identity import reader_of
from hub.names import room_name
from hub.permissions import no_such_room
from hub.room import Room
from hub.room_view import versions
from hub.web.answers import Version, Versions
from hub.web.requests import Cross, json_answer, token_of


def messages(hub: Hub, cross: Cross, cookie: str) -> Blueprint:
    """The blueprint of single messages."""
    blueprint = Blueprint("messages", __name__, url_prefix="/api/chat/<name>/<int:n>")

    @blueprint.get("/versions")
    def all_versions(name: str, n: int) -> Response:
        room = cross(_room(hub, token_of(request, cookie), room_name(name)))
        found = versions(room.history, room.index, n)
        if found is None:
            raise no_such_message()
        shown = [Version(x.n, x.at, x.by, x.text or "", x.who or UNSET) for x in found]
        return json_answer(Versions(shown))

    return blueprint


def no_such_message() -> Refused:
    """What is told where there is no message of that number."""
    return Refused("no_such_message", "That message is not there any more.", 404)


async def _room(hub: Hub, token: str | None, name: str) -> Room:
    """The room for who asks. Raises Refused: 401, 403, 404."""
    author = reader_of(hub, token)
    room = await hub.rooms.find_existing(name, author and author.who)
    if room is None:
        raise no_such_room()
    return room
