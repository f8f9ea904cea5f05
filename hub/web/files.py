"""Files are fetched: whole, in ranges, their previews, and the list of those in a room."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from io import FileIO
from typing import Any, Final, Literal, cast

from flask import Blueprint, Response
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict, replace

from hub.attachments import no_such_file
from hub.errors import Refused
from hub.files.kinds import TEXT, is_inline
from hub.files.preview import check_preview
from hub.files.ranges import ranges
from hub.files.room_folder import RoomFolder
from hub.hub import Hub
from hub.identity import reader_of
from hub.names import room_name
from hub.placing import file_gone
from hub.protocol.events import encode
from hub.protocol.sent_file import SentFile
from hub.room import Room
from hub.room_view import event_at
from hub.store import disk
from hub.web.disposition import content_disposition
from hub.web.forms import first
from hub.web.requests import (
    JSON,
    FileAnswer,
    FilePart,
    PlainAnswer,
    Request,
    json_answer,
    number,
    token_of,
)
from hub.web.sending import may_send, own_upload, progress

OPEN: Final = 512
"""Files that are being sent to somebody at a time; each needs a descriptor."""
LISTED: Final = 500
"""Files of one list, at most."""
LIMIT: Final = 100
"""Files of a list, if no limit is given."""
CSP: Final = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
)
"""What a file may do that is opened by itself: nothing."""

_ETAG: Final = re.compile(r'(?:W/)?"([^"]*)"')


class Listed(SentFile, omit_defaults=True, kw_only=True, frozen=True):
    """A file with the message that it belongs to: its number, time, author's name and id. `gone`
    says that somebody took it out of the folder, or changed it there.
    """

    n: int
    at: str
    by: str
    who: str | UnsetType = UNSET
    gone: bool = False


class RoomFiles(Struct):
    """The newest first; `more` says whether there are older ones."""

    files: list[Listed]
    more: bool


def files(hub: Hub, cookie: str) -> Blueprint:
    """The blueprint of fetching files."""
    blueprint = Blueprint("files", __name__, url_prefix="/api/files")
    views = _Files(hub, cookie)
    for rule, view in (
        ("/<name>", views.listed),
        ("/<name>/<id_>", views.file),
        ("/<name>/<id_>/preview", views.preview),
    ):
        blueprint.add_url_rule(rule, view.__name__, cast(Any, view), methods=["GET"])
    return blueprint


class _Files:
    def __init__(self, hub: Hub, cookie: str) -> None:
        self._hub = hub
        self._cookie = cookie
        self._open = 0

    async def listed(self, request: Request, name: str) -> Response:
        room = await self._room(request, name)
        before, limit = number(request, "before"), number(request, "limit")
        if room is None:  # nothing was said in it yet
            return json_answer(RoomFiles([], more=False))
        listed = _listed(room, before, min(LISTED, LIMIT if limit is None else limit))
        attachments = self._hub.attachments
        gone = await attachments.uploads.on_thread(
            _gone, attachments.placing.folder_of(room.name), listed.files
        )
        listed.files = [replace(x, gone=True) if x.id in gone else x for x in listed.files]
        return json_answer(listed)

    async def file(self, request: Request, name: str, id_: str) -> PlainAnswer | FileAnswer:
        room = await self._room(request, name)
        found = room.index.file(id_) if room is not None else None
        if room is not None and found is None and room.index.has_expired(id_):
            raise Refused("file_expired", "This file has expired.", 410)
        if room is None or found is None:
            if request.method == "HEAD":
                return await self._progress(request, name, id_)
            raise no_such_file()
        if self._open >= OPEN:
            raise _busy()
        attachments, file = self._hub.attachments, found[1]
        folder = attachments.placing.folder_of(room.name)
        self._open += 1
        opened: FileIO | None = None

        def close() -> None:
            self._open -= 1
            if opened is not None:
                opened.close()

        try:
            opened = await attachments.uploads.on_thread(folder.open_whole, file.name, file.size)
            return _answer(request, file, opened.fileno(), close)
        except OSError as error:
            close()
            raise (_busy() if error.errno in disk.NONE_LEFT else file_gone()) from None
        except BaseException:
            close()
            raise

    async def preview(self, request: Request, name: str, id_: str) -> PlainAnswer:
        room = await self._room(request, name)
        data, attachments = None, self._hub.attachments
        if room is not None and (found := room.index.file(id_)) is not None:
            folder, file = attachments.placing.folder_of(room.name), found[1]
            # Of a file that somebody took away nothing is shown.
            if await attachments.uploads.on_thread(folder.is_whole, file.name, file.size):
                data = await attachments.preview_of(room.name, id_)
        if data is None:
            raise no_such_file()
        headers = [
            ("Content-Type", check_preview(data)), ("Content-Length", str(len(data))),
            ("Cache-Control", "private, max-age=86400"), ("Content-Security-Policy", CSP),
        ]  # fmt: skip
        return PlainAnswer(data, 200, headers)

    async def _room(self, request: Request, name: str) -> Room | None:
        author = reader_of(self._hub, token_of(request, self._cookie))
        return await self._hub.rooms.find_existing(room_name(name), author and author.who)

    async def _progress(self, request: Request, name: str, id_: str) -> PlainAnswer:
        try:
            author, room = await may_send(self._hub, self._cookie, request, name)
        except Refused as why:
            if why.code == "no_name":  # they may read here, and it is no file of theirs
                raise no_such_file() from None
            raise
        upload = own_upload(self._hub, room, author, id_)
        settled = await self._hub.attachments.uploads.settled(upload)
        if settled is None:
            raise no_such_file()
        return progress(settled)


def _busy() -> Refused:
    return Refused("busy", "Too many files are being fetched. Wait a moment.", 503, 2)


def _listed(room: Room, before: int | None, most: int) -> RoomFiles:
    found: list[Listed] = []
    for n, sent in reversed(room.index.files.items()):
        if before is not None and n >= before:
            continue
        if found and len(found) + len(sent) > most:
            return RoomFiles(found, more=True)
        event = event_at(room.history, n)
        if event is not None:
            found += [
                Listed(**asdict(file), n=n, at=event.at, by=event.by, who=event.who or UNSET)
                for file in sent
            ]
    return RoomFiles(found, more=False)


def _gone(folder: RoomFolder, files: list[Listed]) -> set[str]:
    """The ids of the files that are not in the folder as they were sent."""
    return {x.id for x in files if not folder.is_whole(x.name, x.size)}


def _answer(request: Request, file: SentFile, fd: int, close: Callable[[], object]) -> FileAnswer:
    """The file, or those parts of it that are asked for."""
    tag = f'"{file.sha256}"'
    shown = is_inline(file.type) and first(request.query_string, "download") is None
    place: Literal["inline", "attachment"] = "inline" if shown else "attachment"
    headers = [
        ("ETag", tag),
        ("Accept-Ranges", "bytes"),
        ("Cache-Control", "private, no-cache"),
        ("Content-Security-Policy", CSP),
        ("Content-Disposition", content_disposition(place, file.name)),
    ]
    if _matches(request.headers.get("if-none-match", ""), file.sha256):
        return FileAnswer([b""], 304, headers, close)
    asked = request.headers.get("range")
    if request.headers.get("if-range", tag) != tag or request.method == "HEAD":
        asked = None
    try:
        found = ranges(asked, file.size)
    except Refused as why:
        told = encode({"error": why.body()}) + b"\n"
        headers += [("Content-Range", f"bytes */{file.size}"), ("Content-Type", JSON)]
        return FileAnswer([told], 416, [*headers, ("Content-Length", str(len(told)))], close)
    kind = f"{TEXT}; charset=utf-8" if file.type == TEXT else file.type
    blocks: list[bytes | FilePart]
    if found is None:
        status, blocks = 200, [FilePart(fd, 0, file.size)]
    elif len(found) == 1:
        start, end = found[0]
        status, blocks = 206, [FilePart(fd, start, end - start + 1)]
        headers.append(("Content-Range", f"bytes {start}-{end}/{file.size}"))
    else:
        boundary = secrets.token_hex(16)
        status, blocks = 206, _parts(fd, file.size, found, kind, boundary)
        kind = f"multipart/byteranges; boundary={boundary}"
    size = sum(len(x) if isinstance(x, bytes) else x.length for x in blocks)
    headers += [("Content-Type", kind), ("Content-Length", str(size))]
    return FileAnswer(blocks if size else [b""], status, headers, close)


def _parts(
    fd: int, size: int, found: list[tuple[int, int]], kind: str, boundary: str
) -> list[bytes | FilePart]:
    """Several parts of a file, each under a head of its own."""
    blocks: list[bytes | FilePart] = []
    for start, end in found:
        head = f"\r\n--{boundary}\r\nContent-Type: {kind}\r\n"
        head += f"Content-Range: bytes {start}-{end}/{size}\r\n\r\n"
        blocks += [head.encode(), FilePart(fd, start, end - start + 1)]
    return [*blocks, f"\r\n--{boundary}--\r\n".encode()]


def _matches(header: str, tag: str) -> bool:
    """Whether If-None-Match names this tag, or any."""
    return header.strip() == "*" or tag in _ETAG.findall(header)
