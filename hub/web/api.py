"""The HTTP API that reads: pages of a room's history, health, the OpenAPI document."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

import hub as package
from hub.hub import Hub
from hub.identity import reader_of
from hub.names import room_name
from hub.room import Room
from hub.web.answers import Health
from hub.web.openapi import openapi
from hub.web.requests import JSON, Cross, json_answer, number, token_of
from hub.web.transcript import LINES, TEXT, empty_page, transcript

MOST_TYPES: Final = 32
"""Media types of an Accept header that are read: to weigh thousands takes long."""


def api(hub: Hub, cross: Cross, cookie: str) -> Blueprint:
    """The blueprint of history, health and the OpenAPI document."""
    blueprint = Blueprint("api", __name__, url_prefix="/api")

    @blueprint.get("/health")
    def health() -> Response:
        return json_answer(Health("hearth", package.__version__, hub.instance))

    @blueprint.get("/openapi.json")
    def description() -> Response:
        return json_answer(openapi(package.__version__))

    @blueprint.get("/chat/<name>")
    def history(name: str) -> Response:
        name = room_name(name)
        form = _negotiated(request.headers.get("Accept", ""))
        after, before, limit = (number(request, part) for part in ("after", "before", "limit"))
        room = cross(_room(hub, token_of(request, cookie), name))
        if room is None:
            return _with_headers(Response(empty_page(name) if form == JSON else b""), form)
        room.history.reopen()
        first, last = room.history.page(after, before, limit)
        tag = f"{room.history.id}-{room.last}-{first}-{last}-{form.rpartition('/')[2]}"
        if request.if_none_match.contains_weak(tag):
            answer = Response(status=304)
        else:
            # Passed through, as Werkzeug would keep a reference to the last block.
            answer = Response(transcript(room, first, last, form), direct_passthrough=True)
        answer.set_etag(tag)
        return _with_headers(answer, form)

    return blueprint


def _negotiated(accept: str) -> str:
    """The media type of a page that an Accept header prefers, whatever charset it names."""
    # Spaces go first: Werkzeug's pattern takes quadratic time on them.
    accept = ",".join("".join(accept.split()).split(",", MOST_TYPES)[:MOST_TYPES])
    asked = parse_accept_header(accept, MIMEAccept)
    types = MIMEAccept([(kind.partition(";")[0], quality) for kind, quality in asked])
    return types.best_match([TEXT, JSON, LINES], default=TEXT)


async def _room(hub: Hub, token: str | None, name: str) -> Room | None:
    """The room, or None where there is none yet. Raises Refused: 401, 403, 404."""
    author = reader_of(hub, token)
    return await hub.rooms.find_existing(name, author and author.who)


def _with_headers(answer: Response, form: str) -> Response:
    answer.headers["Content-Type"] = f"{TEXT}; charset=utf-8" if form == TEXT else form
    answer.headers["Vary"] = "Accept, Cookie, Authorization"
    answer.headers["Cache-Control"] = "no-cache"
    return answer
