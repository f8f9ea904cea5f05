"""The HTTP API of rooms themselves: listing, making, changing and deleting them."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, Response
from msgspec import Struct

from hub import public
from hub.hub import Hub
from hub.identity import author_of, reader_of
from hub.names import room_name
from hub.permissions import no_such_room
from hub.protocol import commands
from hub.protocol.commands import Seen
from hub.room import Room
from hub.room_rules import Author
from hub.web.answers import RoomName, Rooms
from hub.web.requests import JSON, Request, address_of, check_json, json_answer, read_json, token_of


class NewRoom(Struct):
    kind: Literal["private", "announcements", "direct"]
    title: str = ""
    name: str | None = None
    whom: str | None = None


def rooms(hub: Hub, cookie: str) -> Blueprint:
    """The blueprint of rooms."""
    pages = Blueprint("rooms", __name__, url_prefix="/api")

    @pages.get("/rooms")
    async def all_rooms(request: Request) -> Response:
        return json_answer(Rooms(await _rooms(hub, token_of(request, cookie))))

    @pages.post("/rooms")
    async def make(request: Request) -> Response:
        asked, token = read_json(request, NewRoom), token_of(request, cookie)
        return json_answer(await _make(hub, token, address_of(request), asked), 201)

    @pages.get("/rooms/<name>")
    async def one(request: Request, name: str) -> Response:
        return json_answer(await _room(hub, token_of(request, cookie), room_name(name)))

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


async def _rooms(hub: Hub, token: str | None) -> list[public.RoomEntry]:
    author = reader_of(hub, token)
    rooms = await hub.rooms.visible_to(author and author.who)
    return [public.room_entry(hub, room, author) for room in rooms]


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
