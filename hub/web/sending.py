"""Files are sent: `PUT`, and as the IETF's draft "Resumable Uploads for HTTP" has it, so that a
transfer goes on where it was: `HEAD` (in hub.web.files) tells how much came, `PATCH` adds to it.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Final, cast
from urllib.parse import quote

from flask import Blueprint, Response

from hub import permissions
from hub.attachments import new_id, no_such_file
from hub.errors import Refused
from hub.files.receiving import QUIET_SECONDS, file_whole, too_slow
from hub.files.safe_names import safe_name
from hub.files.upload import Upload
from hub.hub import Hub
from hub.identity import writer_of
from hub.names import room_name
from hub.protocol import events
from hub.protocol.commands import Say
from hub.protocol.sent_file import FILE_ID
from hub.room import Room
from hub.room_rules import Author
from hub.room_view import event_at
from hub.validation import check_texts
from hub.web.disposition import filename_of
from hub.web.forms import first
from hub.web.post import FORM
from hub.web.refusals import refusal
from hub.web.requests import JSON, PlainAnswer, Request, address_of, token_of
from hub.web.upload_headers import (
    DRAFT,
    PARTIAL,
    Part,
    check_length,
    number_in,
    part_of,
    progress_headers,
)

TRIES: Final = 30
"""How often a message is said anew for a file that came whole, where its sender is too fast."""
LEAST_SECONDS: Final = 0.05
"""Seconds after which a message that was refused for less than that is tried again."""
WAIT_SECONDS: Final = 60.0
"""Seconds that it waits for that at a time, at most: in slow mode it may be an hour."""
UNTOLD: Final = frozenset(["", FORM])
"""Media types that nobody chose: curl sends the latter by itself."""


def sending(hub: Hub, cookie: str) -> Blueprint:
    """The blueprint of sending files."""
    blueprint = Blueprint("sending", __name__, url_prefix="/api/files")
    views = _Sending(hub, cookie)
    for method, rule, view in (
        ("PUT", "/<name>/<id_>", views.put),
        ("PATCH", "/<name>/<id_>", views.patch),
        ("DELETE", "/<name>/<id_>", views.cancel),
        ("PUT", "/<name>/<id_>/preview", views.put_preview),
    ):
        blueprint.add_url_rule(rule, view.__name__, cast(Any, view), methods=[method])
    return blueprint


class _Sending:
    def __init__(self, hub: Hub, cookie: str) -> None:
        self._hub = hub
        self._cookie = cookie
        self._uploads = hub.attachments.uploads

    async def put(
        self, request: Request, name: str, id_: str, body: AsyncIterator[bytes]
    ) -> PlainAnswer:
        """All of a file, or its beginning."""
        author, room = await may_send(self._hub, self._cookie, request, name)
        part = part_of(request)
        given = re.fullmatch(FILE_ID, id_) is not None
        if given and (sent := await self._sent_before(room, author, id_, part, body)) is not None:
            headers = [("Content-Type", JSON), ("Content-Length", str(len(sent)))]
            return PlainAnswer(sent, 200, [*headers, ("Location", file_address(room.name, id_))])
        if part.ends:
            self._check_say(room, author, request, id_)
        called = first(request.query_string, "name")
        called = called or filename_of(request.headers.get("content-disposition", "")) or id_
        kind = "" if request.mimetype in UNTOLD else request.headers["content-type"]
        upload = self._hub.attachments.begin(
            room.name, id_ if given else new_id(), author, safe_name(called), kind, part.length
        )
        try:
            return await self._receive(request, author, upload, part, None, body)
        except BaseException as why:
            # Of an id that nobody knows it cannot go on; and where there is no room, nothing came.
            if not given or (isinstance(why, Refused) and why.status == 507):
                await self._give_up(upload, begun=given)
            raise

    async def patch(
        self, request: Request, name: str, id_: str, body: AsyncIterator[bytes]
    ) -> PlainAnswer | Response:
        """The next part of a file."""
        author, room = await may_send(self._hub, self._cookie, request, name)
        if request.mimetype != PARTIAL:
            raise Refused("wrong_kind", f"Send {PARTIAL}.", 415)
        offset = number_in(request, "upload-offset")
        if offset is None:
            raise Refused("malformed", "Say where it goes on: Upload-Offset.", 400)
        part = part_of(request)
        upload = own_upload(self._hub, room, author, id_)
        if upload.file is not None:
            raise file_whole()
        try:
            return await self._receive(request, author, upload, part, offset, body)
        except Refused as why:
            if why.code != "offset_wrong":
                raise
            answer = refusal(why, request.path)
            answer.headers.extend(progress_headers(why.more["offset"], whole=False))
            return answer

    async def cancel(self, request: Request, name: str, id_: str) -> PlainAnswer:
        author, room = await may_send(self._hub, self._cookie, request, name)
        await self._hub.attachments.cancel(own_upload(self._hub, room, author, id_))
        return PlainAnswer(b"", 204, [DRAFT])

    async def put_preview(self, request: Request, name: str, id_: str) -> PlainAnswer:
        author, room = await may_send(self._hub, self._cookie, request, name)
        upload = own_upload(self._hub, room, author, id_)
        if upload.file is None:
            raise Refused("file_unfinished", "Not all of this file has arrived yet.", 409)
        await self._hub.attachments.preview(upload, request.get_data())
        return PlainAnswer(b"", 204, [])

    # -- what came before ------------------------------------------------------------------

    async def _sent_before(
        self, room: Room, author: Author, id_: str, part: Part, body: AsyncIterator[bytes]
    ) -> bytes | None:
        """The message of a file that its sender sent before, where that is the same file.

        Raises Refused: 409 for another one, and for somebody else's; 408.
        """
        found = room.index.file(id_)
        if found is None:
            return None
        n, file = found
        event = event_at(room.history, n)
        same = event is not None and event.author_id == author.id
        same = same and part.length in (None, file.size)
        if same and part.ends:
            sum_ = part.digest or await self._sum_of(body, file.size)
            same = sum_ == bytes.fromhex(file.sha256)
        if not same:
            raise Refused("file_id_taken", "Another file has this id. Choose another one.", 409)
        return room.history.line(n)

    async def _sum_of(self, body: AsyncIterator[bytes], most: int) -> bytes:
        """The SHA-256 of a body, or nothing where it is longer than `most` bytes.

        Raises Refused: 408 where nothing comes for long.
        """
        sum_, size, now = hashlib.sha256(), 0, asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(QUIET_SECONDS) as quiet:
                async for piece in body:
                    size += len(piece)
                    if size > most:
                        return b""
                    await self._uploads.on_thread(sum_.update, piece)
                    quiet.reschedule(now() + QUIET_SECONDS)
        except TimeoutError:
            raise too_slow() from None
        return sum_.digest()

    # -- what comes ------------------------------------------------------------------------

    async def _receive(
        self, request: Request, author: Author, upload: Upload, part: Part, offset: int | None,
        body: AsyncIterator[bytes],
    ) -> PlainAnswer:  # fmt: skip
        """Take the body of a request as a part of an upload."""
        try:
            came = await self._take(upload, part, offset, body, address_of(request) or "")
        except Refused as why:
            if why.code in ("digest_wrong", "file_too_large"):
                await self._give_up(upload)
            raise
        if not part.ends:
            headers = progress_headers(came, whole=False)
            if request.method == "PATCH":
                return PlainAnswer(b"", 204, headers)
            query = quote(request.query_string, safe="%&=+-._~!$'()*,;:@/?")
            there = file_address(upload.room, upload.id) + (query and f"?{query}")
            headers += [("Location", there), ("Content-Length", "0")]
            return PlainAnswer(b"", 201, headers)
        whole = await self._uploads.whole(upload)
        say = _say(upload.room, upload.id, request)
        if say is None:
            return _whole(events.encode(whole.file) + b"\n", whole)
        return _whole(await self._announce(author, say), whole)

    async def _take(
        self, upload: Upload, part: Part, offset: int | None, body: AsyncIterator[bytes],
        source: str,
    ) -> int:  # fmt: skip
        """Take a body; gives how many bytes of the file are there then."""
        async with self._uploads.receiving(upload, source) as receiving:
            if offset is not None and offset != receiving.offset:
                raise _elsewhere(receiving.offset)
            length = part.length if upload.length is None else upload.length
            if length is not None:
                if part.length not in (None, length):
                    check_length(part.length or 0, length, ends=True)
                if part.size is not None:
                    check_length(receiving.offset + part.size, length, ends=part.ends)
            if part.size:
                receiving.expect(part.size)
            async for piece in body:
                if length is not None:
                    check_length(receiving.offset + len(piece), length, ends=False)
                await receiving.take(piece)
            if part.ends:
                if length is not None:
                    check_length(receiving.offset, length, ends=True)
                await receiving.finish(upload, part.digest)
            return receiving.offset

    async def _give_up(self, upload: Upload, *, begun: bool = False) -> None:
        """Remove an upload, unless another request has begun it anew; with `begun`, only if nothing
        of it came.
        """
        current = self._uploads.get(upload.room, upload.id)
        if current is None or current.part != upload.part or (begun and current.size):
            return
        with suppress(Refused):
            await self._hub.attachments.cancel(current)

    # -- what is said ----------------------------------------------------------------------

    def _check_say(self, room: Room, author: Author, request: Request, id_: str) -> None:
        """Raises Refused, before the file comes, where its message would be refused after it."""
        say = _say(room.name, id_, request)
        if say is None:
            return
        check_texts(say, self._hub.settings.message_bytes)
        try:
            room.permissions.check(say, author)
        except Refused as why:
            if not _passes(why):
                raise

    async def _announce(self, author: Author, say: Say) -> bytes:
        """Say the message of a file that came whole, as soon as its sender may."""
        wait = 0.0
        for _ in range(TRIES):
            await asyncio.sleep(wait)
            try:
                return (await self._hub.post(say.room, author, say))[0]
            except Refused as why:
                if not _passes(why):
                    raise
                wait = max(LEAST_SECONDS, why.retry_after or 0.0)
        raise Refused("too_fast", "That was too fast. Wait a moment, then go on.", 429, wait)


async def may_send(hub: Hub, cookie: str, request: Request, name: str) -> tuple[Author, Room]:
    """Who asks, and the room, where they may say something. Raises Refused if they may not."""
    username = first(request.query_string, "username")
    author = writer_of(hub, token_of(request, cookie), address_of(request), username)
    room = await hub.rooms.find(room_name(name), author.who)
    hub.rooms.let_go(room)  # where nothing was said it can still be asked
    permissions.check_muted(hub.people, author.who)
    room.permissions.check_writes(author)
    return author, room


def own_upload(hub: Hub, room: Room, author: Author, id_: str) -> Upload:
    """The upload of this id, which is the author's. Raises Refused (404)."""
    upload = hub.attachments.uploads.get(room.name, id_)
    if upload is None or upload.who != author.id:
        raise no_such_file()
    return upload


def progress(upload: Upload) -> PlainAnswer:
    """How much of an upload has come."""
    headers = progress_headers(upload.size, whole=upload.file is not None)
    if upload.length is not None:
        headers.append(("Upload-Length", str(upload.length)))
    return PlainAnswer(b"", 204, [*headers, ("Cache-Control", "no-store")])


def file_address(room: str, id_: str) -> str:
    """Where a file is."""
    return f"/api/files/{quote(room)}/{id_}"


def _say(room: str, id_: str, request: Request) -> Say | None:
    """The message of a file; None where it is to wait for one."""
    if first(request.query_string, "announce") == "no":
        return None
    text = first(request.query_string, "text") or ""
    return Say(room=room, text=text, key=id_, files=[id_])


def _passes(why: Refused) -> bool:
    """Whether the message is refused for a moment only; 0.0 is one that is shorter than told."""
    again = why.retry_after
    return why.code in ("too_fast", "slow") and again is not None and again <= WAIT_SECONDS


def _whole(body: bytes, upload: Upload) -> PlainAnswer:
    """The answer, in JSON, to what was the end of a file."""
    assert upload.file is not None
    headers = [
        ("Content-Type", JSON),
        ("Content-Length", str(len(body))),
        ("Location", file_address(upload.room, upload.id)),
    ]
    return PlainAnswer(body, 201, headers + progress_headers(upload.file.size, whole=True))


def _elsewhere(offset: int) -> Refused:
    why = Refused("offset_wrong", "The file goes on at another place.", 409)
    why.more["offset"] = offset
    return why
