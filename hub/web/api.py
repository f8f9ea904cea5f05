"""The HTTP API of rooms: what was said, and saying something."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Request, Response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

import hub as package
from hub.errors import Refused
from hub.hub import Hub
from hub.identity import reader_of
from hub.names import room_name
from hub.protocol import events
from hub.room import Room
from hub.web.forms import first
from hub.web.openapi import openapi
from hub.web.requests import JSON, Cross, json_answer, token_of
from hub.web.transcript import LINES, TEXT, transcript

KINDS: Final = 32
"""So many kinds of answer are looked at in an Accept header."""


def api(hub: Hub, cross: Cross, cookie: str) -> Blueprint:
    """The blueprint of health, description, rooms and messages."""
    pages = Blueprint("api", __name__, url_prefix="/api")

    @pages.get("/health")
    def health() -> Response:
        return json_answer(
            {"app": "hearth", "version": package.__version__, "instance": hub.instance}
        )

    @pages.get("/openapi.json")
    def description() -> Response:
        return json_answer(openapi(package.__version__))

    @pages.get("/chat/<name>")
    def history(name: str) -> Response:
        name = room_name(name)
        form = _wanted(request.headers.get("Accept", ""))
        after, before, limit = (_count(request, part) for part in ("after", "before", "limit"))
        room = cross(_page(hub, token_of(request, cookie), name))
        if room is None:
            empty = events.encode({"room": name, "events": [], "last": 0})
            return _typed(Response(empty if form == JSON else b""), form)
        room.history.reopen()
        first, last = room.history.page(after, before, limit)
        seen = f"{room.history.id}-{room.last}-{first}-{last}-{form.rpartition('/')[2]}"
        if request.if_none_match.contains_weak(seen):
            answer = Response(status=304)
        else:
            # As they come: Werkzeug would hold on to the last block.
            answer = Response(transcript(room, first, last, form), direct_passthrough=True)
        answer.set_etag(seen)
        return _typed(answer, form)

    return pages


def _wanted(accept: str) -> str:
    """In which form a page is wanted, whatever is said of its letters.

    The first KINDS that are named count: to weigh thousands takes long.
    """
    accept = ",".join("".join(accept.split()).split(",", KINDS)[:KINDS])  # slow to split at spaces
    asked = parse_accept_header(accept, MIMEAccept)
    kinds = MIMEAccept([(kind.partition(";")[0], quality) for kind, quality in asked])
    return kinds.best_match([TEXT, JSON, LINES], default=TEXT)


async def _page(hub: Hub, token: str | None, name: str) -> Room | None:
    author = reader_of(hub, token)
    return await hub.rooms.find_existing(name, author and author.who)


def _count(request: Request, name: str) -> int | None:
    text = first(request.query_string, name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise Refused("malformed", f"{name} must be a whole number.", 400)
    return int(text)


def _typed(answer: Response, form: str) -> Response:
    answer.headers["Content-Type"] = f"{TEXT}; charset=utf-8" if form == TEXT else form
    answer.headers["Vary"] = "Accept, Cookie, Authorization"
    answer.headers["Cache-Control"] = "no-cache"
    return answer
