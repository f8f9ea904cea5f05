"""What the page asks for first, in one answer: who asks, their rooms, the end of one of them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from flask import Blueprint, Response, request
from msgspec import Raw

from hub import account, public, room_lists
from hub.errors import Refused
from hub.hub import Hub
from hub.identity import reader_of
from hub.names import room_name
from hub.room import Room
from hub.web.forms import first
from hub.web.requests import Cross, json_answer, token_of
from hub.web.transcript import JSON, empty_page, transcript

EVENTS: Final = 60
"""Events on the page of a room."""
LONGEST: Final = 1 << 18
"""Bytes of a page; a longer one is left to GET /api/chat, which never holds all of it."""


def start(hub: Hub, cross: Cross, cookie: str) -> Blueprint:
    """The blueprint of the first answer."""
    pages = Blueprint("start", __name__, url_prefix="/api")

    @pages.get("/start")
    def begin() -> Response:
        wanted = first(request.query_string, "room")
        told, room = cross(_told(hub, token_of(request, cookie), wanted))
        if room is not None and (page := _last_page(room)) is not None:
            told["page"] = Raw(page)
        return json_answer(told)

    return pages


async def _told(
    hub: Hub, token: str | None, wanted: str | None
) -> tuple[dict[str, Any], Room | None]:
    """What is told, and the room whose page is to be added to it."""
    me = public.me(hub, token, wanted)
    told: dict[str, Any] = {"me": me}
    if me.person is None:
        return told, None
    with suppress(Refused):  # for a program
        told["preferences"] = account.preferences(hub, token)
        told["preferences_tag"] = hub.preferences.tag(me.person.who)
    if not hub.rooms.all_open:
        return told, None
    try:
        author = reader_of(hub, token)
        rooms, told["rooms_tag"] = await room_lists.first(hub, author)
        told["rooms"] = rooms.entries
        if rooms.next is not None:
            told["rooms_next"] = rooms.next
        name = room_name(wanted or "")
        room = await hub.rooms.find_existing(name, me.person.who)
    except Refused:
        return told, None
    if room is None:
        told["page"] = Raw(empty_page(name))
    return told, room


def _last_page(room: Room) -> bytes | None:
    """The last events of a room as JSON, or None where they are long or cannot be read."""
    page = bytearray()
    try:
        room.history.reopen()
        for block in transcript(room, *room.history.page(limit=EVENTS), JSON):
            page += block
            if len(page) > LONGEST:
                return None
    except (Refused, OSError):
        return None
    return bytes(page)
