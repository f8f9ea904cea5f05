"""The HTTP API of hosts: their panel, and what they can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from hub import host
from hub.file_space import FileSpaces
from hub.hub import Hub
from hub.identity import author_of
from hub.net import qr
from hub.web.requests import Cross, Request, check_json, json_answer, token_of


def hosting(hub: Hub, cross: Cross, cookie: str, addresses: Callable[[], list[str]]) -> Blueprint:
    """The blueprint of hosts. `addresses` gives the bases at which peers reach the hub."""
    pages = Blueprint("host", __name__, url_prefix="/api")

    @pages.get("/host")
    async def panel(request: Request) -> Response:
        return json_answer(await host.panel(hub, author_of(hub, token_of(request, cookie))))

    spaces = FileSpaces(hub)

    @pages.get("/host/files")
    async def files(request: Request) -> Response:
        host.check_host(author_of(hub, token_of(request, cookie)))
        return json_answer(await spaces.told())

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
