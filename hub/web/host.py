"""The HTTP API of hosts: their panel, and what they can do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, request
from msgspec import Struct

from hub import host
from hub.file_space import FileSpaces
from hub.found_files import FoundFiles
from hub.hub import Hub
from hub.identity import author_of
from hub.names import room_name
from hub.net import qr
from hub.room_rules import Author
from hub.web.requests import (
    JSON,
    Cross,
    Request,
    check_json,
    json_answer,
    read_json,
    token_of,
)

WAIT_SECONDS: Final = 45.0
"""Seconds that a request waits until a file is shared; a large one takes longer."""


class Share(Struct):
    """`id` is that of a file that was found in a room, `text` what its message says besides."""

    room: str
    id: str
    text: str = ""


class Sharing(Struct):
    sharing: bool


def hosting(hub: Hub, cross: Cross, cookie: str, addresses: Callable[[], list[str]]) -> Blueprint:
    """The blueprint of hosts. `addresses` gives the bases at which peers reach the hub."""
    pages = Blueprint("host", __name__, url_prefix="/api")

    @pages.get("/host")
    async def panel(request: Request) -> Response:
        return json_answer(await host.panel(hub, author_of(hub, token_of(request, cookie))))

    def host_of(request: Request) -> Author:
        author = author_of(hub, token_of(request, cookie))
        host.check_host(author)
        return author

    spaces = FileSpaces(hub)

    @pages.get("/host/files")
    async def files(request: Request) -> Response:
        host_of(request)
        return json_answer(await spaces.told())

    found = FoundFiles(hub)

    @pages.get("/host/files/found")
    async def found_files(request: Request) -> Response:
        return json_answer(await found.found(host_of(request)))

    @pages.post("/host/files/found")
    async def share(request: Request) -> Response:
        host_of(request)
        asked = read_json(request, Share)
        room = room_name(asked.room)
        sharing = found.share(lambda: host_of(request), room, asked.id, asked.text)
        done, _ = await asyncio.wait([sharing], timeout=WAIT_SECONDS)
        if not done:
            return json_answer(Sharing(sharing=True), 202)
        return Response(sharing.result(), 201, content_type=JSON)

    @pages.post("/host")
    def do() -> Response:
        check_json(request)
        told = cross(_do(hub, token_of(request, cookie), request.get_data()))
        if "invite" in told:
            base = next(iter(addresses()), request.host_url)
            url = f"{base}general#invite={told['invite']}"
            told |= {"url": url, "qr": qr.matrix(url)}
        return json_answer(told)

    return pages


async def _do(hub: Hub, token: str | None, data: bytes) -> dict[str, Any]:
    author = author_of(hub, token)
    host.check_host(author)  # anyone else is not told whether what they sent makes sense
    return await host.do(hub, author, host.deed(data))
