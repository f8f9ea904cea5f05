"""The HTTP API of what people say of themselves."""

from __future__ import annotations

from flask import Blueprint, Response

from hub import account
from hub.access.statuses import Status
from hub.hub import Hub
from hub.web.requests import Request, read_json, token_of


def statuses(hub: Hub, cookie: str) -> Blueprint:
    """The blueprint of one's own status."""
    pages = Blueprint("statuses", __name__, url_prefix="/api/me/status")

    @pages.put("")
    async def say(request: Request) -> Response:
        asked = read_json(request, Status)
        await account.set_status(hub, token_of(request, cookie), asked)
        return Response(status=204)

    @pages.delete("")
    async def end(request: Request) -> Response:
        await account.set_status(hub, token_of(request, cookie), None)
        return Response(status=204)

    return pages
