"""What requests bring and answers bear, the same for every route."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import msgspec
from flask import Request, Response

from hub import protocol
from hub.access.people import Person
from hub.errors import Refused
from hub.hub import Hub

T = TypeVar("T")

JSON: Final = "application/json"


def read_json(request: Request, kind: type[T]) -> T:
    """The JSON body of a request. Raises Refused: 415, 400 for no JSON, 422 for the wrong one."""
    if request.mimetype != JSON:
        raise Refused("wrong_kind", f"Send {JSON}.", 415)
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except msgspec.ValidationError as error:
        raise Refused("invalid", f"That is not what is wanted here: {error}.", 422) from None
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", f"That is not JSON: {error}.", 400) from None


def token_of(request: Request, cookie: str) -> str | None:
    """The session's token: from the header of a program, or the cookie of a browser."""
    if request.authorization is not None and request.authorization.type == "bearer":
        return request.authorization.token
    return request.cookies.get(cookie)


async def person_of(hub: Hub, token: str | None) -> Person | None:
    return hub.people.come_back(token) if token else None


async def check_reader(hub: Hub, token: str | None) -> None:
    """Raises Refused (401) where a stranger may not read this hub."""
    if (hub.settings.hub_code or hub.settings.accounts == "login") and (
        await person_of(hub, token) is None
    ):
        raise Refused("who_are_you", "This hub is not open: join it first.", 401)


def json_answer(members: dict[str, Any], status: int = 200) -> Response:
    answer = Response(protocol.plain(members) + b"\n", status, content_type=JSON)
    answer.headers["Cache-Control"] = "no-store"
    return answer
