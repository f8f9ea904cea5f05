"""The HTTP API of rooms themselves: listing, making, changing and deleting them."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from flask import Blueprint, Response
from msgspec import UNSET, Struct

from hub import file_space, public, room_lists
from hub.errors import Refused
from hub.file_space import Space
from hub.hub import Hub
from hub.identity import author_of, reader_of
from hub.names import room_name
from hub.permissions import no_such_room
from hub.protocol import commands, events
from hub.protocol.commands import Seen
from hub.room import Room
from hub.room_rules import Author
from hub.rooms_at_rest import Place
from hub.web.answers import RoomName, Rooms
from hub.web.forms import first
from hub.web.requests import (
    JSON,
    PlainAnswer,
    Request,
    address_of,
    check_json,
    json_answer,
    long_answer,
    number,
    read_json,
    token_of,
)

BLOCK: Final = 1 << 16
"""Bytes of the list of all rooms that are sent at a time."""
LONGEST: Final = 100
"""Characters of a text that rooms are looked for by, at most."""
_LIMIT: Final = re.compile("[1-9][0-9]{0,2}|1000", re.ASCII)


class _Piece(NamedTuple):
    limit: int
    after: Place | None
    find: str | None


class NewRoom(Struct):
    kind: Literal["private", "announcements", "direct"]
    title: str = ""
    name: str | None = None
    whom: str | None = None


def rooms(hub: Hub, cookie: str) -> Blueprint:
    """The blueprint of rooms."""
    pages = Blueprint("rooms", __name__, url_prefix="/api")

    @pages.get("/rooms")
    async def all_rooms(request: Request) -> Response | PlainAnswer:
        author = reader_of(hub, token_of(request, cookie))
        asked = _asked(request.query_string)
        if asked is None:
            return long_answer(await _all_rooms(hub, author))
        if asked.find is None:
            piece = await room_lists.latest(hub, author, asked.limit, asked.after)
        else:
            piece = await room_lists.found(hub, author, asked.find, asked.limit, asked.after)
        more = UNSET if piece.next is None else piece.next
        return json_answer(Rooms(piece.entries, more))

    @pages.post("/rooms")
    async def make(request: Request) -> Response:
        asked, token = read_json(request, NewRoom), token_of(request, cookie)
        return json_answer(await _make(hub, token, address_of(request), asked), 201)

    @pages.get("/rooms/<name>")
    async def one(request: Request, name: str) -> Response:
        return json_answer(await _room(hub, token_of(request, cookie), room_name(name)))

    @pages.get("/rooms/<name>/leaving")
    async def leaving(request: Request, name: str) -> Response:
        author = reader_of(hub, token_of(request, cookie))
        days, most = number(request, "days") or 0, number(request, "bytes") or 0
        room = await hub.rooms.find_existing(room_name(name), author and author.who)
        return json_answer(Space() if room is None else await file_space.leaving(room, days, most))

    @pages.post("/rooms/<name>")
    async def change(request: Request, name: str) -> Response:
        check_json(request)
        token = token_of(request, cookie)
        line = await _change(hub, token, room_name(name), request.get_data())
        return Response(status=204) if line is None else Response(line, content_type=JSON)

    @pages.delete("/rooms/<name>")
    async def delete(request: Request, name: str) -> Response:
        await _delete(hub, token_of(request, cookie), room_name(name))
        return Response(status=204)

    return pages


def _asked(query: bytes) -> _Piece | None:
    """The piece of the list that is asked for, None for all of it. Raises Refused (422)."""
    given = {name: first(query, name) for name in ("limit", "after", "find")}
    if all(value is None for value in given.values()):
        return None
    limit, after, find = given["limit"], given["after"], given["find"]
    if limit is not None and not _LIMIT.fullmatch(limit):
        raise Refused("invalid", f"limit is from 1 to {room_lists.LISTED}.", 422)
    if find is not None and len(find) > LONGEST:
        raise Refused("invalid", f"find has at most {LONGEST} characters.", 422)
    try:
        place = None if after is None else room_lists.place_of(after)
    except ValueError:
        raise Refused("invalid", "after is what an answer gave as next.", 422) from None
    return _Piece(int(limit or room_lists.LISTED), place, find)


async def _all_rooms(hub: Hub, author: Author | None) -> list[bytes]:
    """The JSON of all rooms, encoded as they come: to encode many at once would take long."""
    blocks, block = list[bytes](), bytearray(b'{"rooms":[')
    async for entry in room_lists.all_rooms(hub, author):
        if len(block) >= BLOCK:
            blocks.append(bytes(block))
            block.clear()
        block += events.encode(entry) + b","
    if block.endswith(b","):
        block.pop()
    return [*blocks, bytes(block + b"]}\n")]


async def _make(hub: Hub, token: str | None, address: str, asked: NewRoom) -> RoomName:
    author = author_of(hub, token, address)
    if asked.kind == "direct":
        return RoomName((await hub.direct(author, asked.whom or "")).name)
    name = room_name(asked.name or asked.title) if asked.kind == "announcements" else None
    return RoomName((await hub.make(asked.kind, asked.title, author, name)).name)


async def _seen(hub: Hub, name: str, author: Author | None) -> Room:
    room = await hub.rooms.find_existing(name, author and author.who)
    if room is None:
        raise no_such_room()
    return room


async def _room(hub: Hub, token: str | None, name: str) -> public.RoomDetails:
    author = reader_of(hub, token)
    return public.room_details(hub, await _seen(hub, name, author), author)


async def _change(hub: Hub, token: str | None, name: str, data: bytes) -> bytes | None:
    """The saved line, or None where nothing was to be saved in the room."""
    author = author_of(hub, token)
    room = await _seen(hub, name, author)
    command = commands.decode_change(data, name)
    if not isinstance(command, Seen):
        return await hub.change_room(room, author, command)
    person = hub.people.person(author.who or "")
    if person is not None:
        hub.seen(person, room, command.n)
    return None


async def _delete(hub: Hub, token: str | None, name: str) -> None:
    author = author_of(hub, token)
    await hub.delete(await _seen(hub, name, author), author)
