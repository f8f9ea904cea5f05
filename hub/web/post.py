"""`POST /api/chat/<room>`: a message in any of the forms that one may be sent in, saved.

All of it runs on the event loop, but for large forms: to parse one takes long, and a thread gives
others their turn meanwhile. JSON and text are decoded by one call into C, which a thread would not
interrupt.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from io import BytesIO
from typing import Annotated, Final
from urllib.parse import quote

import msgspec
from flask import Blueprint
from msgspec import Meta, Struct
from werkzeug.formparser import FormDataParser

from hub.errors import Refused
from hub.hub import Hub
from hub.identity import writer_of
from hub.names import room_name
from hub.protocol.commands import Key, Number, Say
from hub.protocol.events import event_of
from hub.protocol.polls import Poll
from hub.protocol.sent_file import MOST_FILES, FileId
from hub.web.forms import fields
from hub.web.requests import JSON, PlainAnswer, Request, address_of, read_json, token_of

SHORT_FORM: Final = 1 << 12
"""Bytes of a form up to which it is parsed on the event loop: the worst takes 2 ms."""
PARTS: Final = 1000
"""Parts of a multipart form, above which it is refused."""
PART_BYTES: Final = 500_000
"""Bytes of all fields of a multipart form, above which it is refused."""

FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"

Fields = dict[str, list[str]]


class Post(Struct):
    """A message as JSON; with `poll`, `msg` is the question."""

    msg: str
    username: str | None = None
    key: Key | None = None
    re: Number | None = None
    to: dict[str, str] | None = None
    poll: Poll | None = None
    files: Annotated[list[FileId], Meta(max_length=MOST_FILES)] | None = None


def posting(hub: Hub, cookie: str, threads: Executor) -> Blueprint:
    """The blueprint of posted messages. Large forms are parsed on `threads`."""
    blueprint = Blueprint("post", __name__, url_prefix="/api")

    @blueprint.post("/chat/<name>")
    async def say(request: Request, name: str) -> PlainAnswer:
        name = room_name(name)
        if len(request.get_data()) > SHORT_FORM and request.mimetype in (FORM, MULTIPART):
            post = await asyncio.get_running_loop().run_in_executor(threads, read_post, request)
        else:
            post = read_post(request)
        author = writer_of(hub, token_of(request, cookie), address_of(request), post.username)
        command = Say(
            room=name,
            text=post.msg,
            key=post.key,
            re=post.re,
            to=post.to,
            poll=post.poll,
            files=post.files,
        )
        line, new = await hub.post(name, author, command)
        there = f"/api/chat/{quote(name)}?after={event_of(line).n - 1}&limit=1"
        size = str(len(line))
        headers = [("Content-Type", JSON), ("Content-Length", size), ("Location", there)]
        return PlainAnswer(line, 201 if new else 200, headers)

    return blueprint


def read_post(request: Request) -> Post:
    """The message in the body of a request, completed by its query.

    Raises Refused: 400 for what is not UTF-8 or not JSON, 415 for a body of another kind, 422.
    """
    kind = request.mimetype
    query = _fields(request.query_string)
    username, key = (query.get(name, [None])[0] for name in ("username", "key"))
    if kind == JSON:
        post = read_json(request, Post)
        post.username, post.key = post.username or username, post.key or _key(key)
        return post
    if kind == MULTIPART:
        return _form(_multipart(request), username, key)
    if kind and kind != FORM and not kind.startswith("text/"):
        raise Refused("wrong_kind", "Send a form, JSON or plain text.", 415)
    text = _utf8(request.get_data())
    if kind == FORM:
        form = _fields(request.get_data())
        if "msg" in form:
            return _form(form, username, key)
    return Post(text, username, _key(key))


def _fields(data: bytes) -> Fields:
    """The fields of a form or a query. Raises Refused (400) where they are not UTF-8."""
    try:
        return fields(data)
    except UnicodeDecodeError:
        raise _not_utf8() from None


def _multipart(request: Request) -> Fields:
    """The first value of each field of a multipart form; what is broken has none.

    Raises Refused: 400 where it is not UTF-8, 422 without a message. Raises Werkzeug's
    RequestEntityTooLarge for too many parts.
    """
    data = request.get_data()
    _utf8(data)  # the parser would put replacement characters
    parser = FormDataParser(
        lambda *_, **__: BytesIO(), max_form_memory_size=PART_BYTES, max_form_parts=PARTS
    )
    _, form, _ = parser.parse(BytesIO(data), MULTIPART, len(data), request.mimetype_params)
    if "msg" not in form:
        raise Refused("invalid", "The field msg is missing.", 422)
    return {name: [value] for name, value in form.items()}


def _form(form: Fields, username: str | None, key: str | None) -> Post:
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
