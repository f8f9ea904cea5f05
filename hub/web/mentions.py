"""`GET /api/mentions`: what is meant for whoever asks, in all rooms that they may see."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, request
from msgspec import UNSET

from hub import thread_view
from hub.activity import read_state
from hub.errors import Refused
from hub.hub import Hub
from hub.identity import person_of
from hub.mention_index import Place
from hub.protocol.events import event_of
from hub.public import title_of
from hub.room import Room
from hub.web.answers import Mention, Mentions
from hub.web.forms import first
from hub.web.requests import Cross, json_answer, number, token_of

LIMIT: Final = 50
"""Mentions on a page where no limit is given."""
MOST: Final = 100
"""Mentions on a page, at most."""

_NEXT: Final = re.compile(r"(\d{1,15})\.(\d{1,16})\.(.{1,64})", re.ASCII)


def mentioning(hub: Hub, cross: Cross, cookie: str) -> Blueprint:
    """The blueprint of the list of mentions."""
    blueprint = Blueprint("mentions", __name__, url_prefix="/api")

    @blueprint.get("/mentions")
    def all_mentions() -> Response:
        after, limit = first(request.query_string, "after"), number(request, "limit")
        most = max(1, min(MOST, LIMIT if limit is None else limit))
        token = token_of(request, cookie)
        found, last = cross(_page(hub, token, _place(after), most))
        shown = [mention for place, room, title, unread in found if (
            mention := _shown(place.n, room, title, unread)
        )]  # fmt: skip
        return json_answer(Mentions(shown, UNSET if last is None else _name(last)))

    return blueprint


async def _page(
    hub: Hub, token: str | None, after: Place | None, most: int
) -> tuple[list[tuple[Place, Room, str, bool]], Place | None]:
    """A page of mentions: each with its room, the room's title, and whether it is unread; and the
    last one of the page where more follow. Raises Refused: 401, 403.
    """
    person = person_of(hub, token)
    author = hub.author(person)
    await hub.rooms.all_known()
    places = []
    for place in hub.meant.latest(person.who):
        known = hub.rooms.shown(place.room)
        seen = known is not None and known.permissions.may_see(person.who)
        if seen and (after is None or place < after):
            places.append(place)
    found = []
    for place in places[:most]:
        try:
            room = await hub.rooms.find_existing(place.room, person.who)
        except Refused:  # it went meanwhile, or its file cannot be read
            continue
        if room is not None:
            read, _ = read_state(room, person)
            found.append((place, room, title_of(hub, room, author), place.n > read))
    return found, places[most - 1] if len(places) > most else None


def _shown(n: int, room: Room, title: str, unread: bool) -> Mention | None:
    """A mention as it is shown; None where its message is gone. Raises Refused (503)."""
    room.history.reopen()
    lines = thread_view.shown(room, [n])
    if not lines or n in room.index.erased:
        return None
    event = event_of(lines[0])
    return Mention(
        room.name, title, n, event.at, event.by, event.text or "", unread,
        event.who or UNSET, event.re or UNSET, event.files or UNSET,
    )  # fmt: skip


def _name(place: Place) -> str:
    return f"{place.ms}.{place.n}.{place.room}"


def _place(text: str | None) -> Place | None:
    """What `_name` gave. Raises Refused (400)."""
    if text is None:
        return None
    found = _NEXT.fullmatch(text)
    if found is None:
        raise Refused("malformed", "after is what came as next.", 400)
    return Place(int(found[1]), found[3], int(found[2]))
