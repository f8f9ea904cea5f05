"""What is asked of one message: its earlier versions, what answers it, votes, and sending it on."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

import msgspec
from flask import Blueprint, Response, request
from msgspec import UNSET, Struct

from hub import thread_view
from hub.errors import Refused
from hub.forwarding import forward
from hub.hub import Hub
from hub.identity import author_of, reader_of
from hub.names import room_name
from hub.permissions import no_such_room
from hub.protocol.commands import Key
from hub.room import Room
from hub.room_view import event_at, versions
from hub.web.answers import Ballot, Version, Versions, Votes
from hub.web.requests import (
    JSON,
    Cross,
    Request,
    address_of,
    json_answer,
    number,
    read_json,
    token_of,
)


class Forward(Struct):
    """The room to which a message is sent on; `key` makes it safe to repeat."""

    to: str
    key: Key | None = None


LIMIT: Final = 100
"""Answers on a page where no limit is given."""
MOST: Final = 500
"""Answers on a page, at most."""


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

    @blueprint.get("/replies")
    def all_replies(name: str, n: int) -> Response:
        after, limit = number(request, "after") or 0, number(request, "limit")
        token = token_of(request, cookie)
        room, below = cross(_room_and_replies(hub, token, room_name(name), n))
        room.history.reopen()
        found = thread_view.shown(room, [n])
        if not found:
            raise no_such_message()
        numbers = below[bisect_right(below, after) :]
        page = numbers[: min(MOST, LIMIT if limit is None else limit)]
        told = {
            "chain": _raw(thread_view.shown(room, thread_view.answered_by(room, n))),
            "message": msgspec.Raw(found[0]),
            "events": _raw(thread_view.shown(room, page)),
            "count": len(below),
            "more": len(page) < len(numbers),
        }
        return json_answer(told)

    @blueprint.get("/votes")
    def all_votes(name: str, n: int) -> Response:
        return json_answer(cross(_votes(hub, token_of(request, cookie), room_name(name), n)))

    @blueprint.post("/forward")
    async def send_on(request: Request, name: str, n: int) -> Response:
        asked = read_json(request, Forward)
        author = author_of(hub, token_of(request, cookie), address_of(request))
        source, to = room_name(name), room_name(asked.to)
        line, new = await forward(hub, author, source, n, to, asked.key)
        return Response(line, 201 if new else 200, content_type=JSON)

    return blueprint


def _raw(lines: list[bytes]) -> list[msgspec.Raw]:
    return list(map(msgspec.Raw, lines))


def no_such_message() -> Refused:
    """What is told where there is no message of that number."""
    return Refused("no_such_message", "That message is not there any more.", 404)


async def _room_and_replies(
    hub: Hub, token: str | None, name: str, n: int
) -> tuple[Room, list[int]]:
    """The room as below, and the numbers of what answers message `n`."""
    room = await _room(hub, token, name)
    return room, await thread_view.answers_to(room, n)


async def _votes(hub: Hub, token: str | None, name: str, n: int) -> Votes:
    room = await _room(hub, token, name)
    event = event_at(room.history, n)
    if event is None or event.poll is None or n in room.index.erased:
        raise Refused("no_such_poll", "That message is no poll.", 404)
    names = ((who, hub.people.person(who), choice) for who, choice in room.index.polls.votes(n))
    votes = [Ballot(who, person.name if person else who, choice) for who, person, choice in names]
    return Votes(room.index.polls.ended(n), votes, room.last)


async def _room(hub: Hub, token: str | None, name: str) -> Room:
    """The room for who asks. Raises Refused: 401, 403, 404."""
    author = reader_of(hub, token)
    room = await hub.rooms.find_existing(name, author and author.who)
    if room is None:
        raise no_such_room()
    return room
