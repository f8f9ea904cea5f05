"""The HTTP API of rooms: what was said, and saying something."""

from __future__ import annotations

from typing import Final

import msgspec
from flask import Blueprint, Request, Response, request
from msgspec import Struct
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

import hub as package
from hub.errors import Refused
from hub.hub import Hub
from hub.identity import reader_of, writer_of
from hub.names import room_name
from hub.protocol import events
from hub.protocol.commands import Key, Number, Say
from hub.room import Room
from hub.web.forms import fields, first
from hub.web.openapi import openapi
from hub.web.requests import JSON, Cross, Later, json_answer, read_json, token_of
from hub.web.transcript import LINES, TEXT, transcript
from hub.web.wire.connection_limits import source

KINDS: Final = 32
"""So many kinds of answer are looked at in an Accept header."""


class Post(Struct):
    """A message as JSON."""

    msg: str
    username: str | None = None
    key: Key | None = None
    re: Number | None = None


def api(hub: Hub, cross: Cross, later: Later, cookie: str) -> Blueprint:
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

    @pages.post("/chat/<name>")
    def say(name: str) -> Response:
        name = room_name(name)
        post = _post(request)
        asker = token_of(request, cookie), source(request.remote_addr or "::")
        return later(_say(hub, asker, name, post))

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


async def _say(hub: Hub, asker: tuple[str | None, str | None], name: str, post: Post) -> Response:
    author = writer_of(hub, *asker, post.username)
    say = Say(room=name, text=post.msg, key=post.key, re=post.re)
    line, new = await hub.post(name, author, say)
    answer = Response(line, 201 if new else 200, content_type=JSON)
    n = events.event_of(line).n
    answer.headers["Location"] = f"/api/chat/{name}?after={n - 1}&limit=1"
    return answer


def _post(request: Request) -> Post:
    """The message that a request holds, in any of the ways that one may be sent."""
    kind = request.mimetype
    query = _fields(request.query_string)
    username, key = (query.get(name, [None])[0] for name in ("username", "key"))
    if kind == JSON:
        post = read_json(request, Post)
        return Post(post.msg, post.username or username, post.key or _key(key), post.re)
    if kind == "multipart/form-data":
        _utf8(request.get_data())  # the parser would put other letters for what is none
        if "msg" not in request.form:
            raise Refused("invalid", "The field msg is missing.", 422)
        return _form({x: [value] for x, value in request.form.items()}, username, key)
    if kind and kind != "application/x-www-form-urlencoded" and not kind.startswith("text/"):
        raise Refused("wrong_kind", "Send a form, JSON or plain text.", 415)
    text = _utf8(request.get_data())
    if kind == "application/x-www-form-urlencoded":
        form = _fields(request.get_data())
        if "msg" in form:
            return _form(form, username, key)
    return Post(text, username, _key(key))


def _fields(data: bytes) -> dict[str, list[str]]:
    """The fields of a form or a query. Raises Refused (400) where they are not UTF-8."""
    try:
        return fields(data)
    except UnicodeDecodeError:
        raise _not_utf8() from None


def _form(form: dict[str, list[str]], username: str | None, key: str | None) -> Post:
    def field(name: str) -> str | None:
        return form.get(name, [""])[0] or None

    answer_to = field("re")
    if answer_to is not None and not (answer_to.isascii() and answer_to.isdigit()):
        raise Refused("invalid", "re must be the number of a message.", 422)
    return Post(
        form.get("msg", [""])[0],
        field("username") or username,
        _key(field("key") or key),
        int(answer_to[:17]) if answer_to else None,
    )


def _key(text: str | None) -> str | None:
    """The key of a message that is not JSON; an empty one is none. Raises Refused (422)."""
    if not text:
        return None
    try:
        return msgspec.convert(text, Key)
    except msgspec.ValidationError as error:
        raise Refused("invalid", f"That is no key: {error}.", 422) from None


def _utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _not_utf8() from None


def _not_utf8() -> Refused:
    return Refused("not_utf8", "The text is not UTF-8.", 400)


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
