"""What requests bring and answers bear, the same for every route."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

import msgspec
from flask import Request, Response

from hub.errors import Refused
from hub.protocol import events
from hub.web.cookies import session
from hub.web.guard import cookie_value

T = TypeVar("T")

Cross = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine on the hub's event loop and gives what it gave."""
Later = Callable[[Coroutine[Any, Any, Response]], Response]
"""Gives at once what stands for the answer that a coroutine makes on the hub's event loop."""

JSON: Final = "application/json"


def read_json(request: Request, kind: type[T]) -> T:
    """The JSON body of a request. Raises Refused: 415, 400 for no JSON, 422 for the wrong one."""
    check_json(request)
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except msgspec.ValidationError as error:
        raise Refused("invalid", f"That is not what is wanted here: {error}.", 422) from None
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", f"That is not JSON: {error}.", 400) from None


def check_json(request: Request) -> None:
    """Raises Refused (415) for a body that is not said to be JSON."""
    if request.mimetype != JSON:
        raise Refused("wrong_kind", f"Send {JSON}.", 415)


def token_of(request: Request, cookie: str) -> str | None:
    """The session's token: from the header of a program, or the cookie of a browser."""
    if request.authorization is not None and request.authorization.type == "bearer":
        return request.authorization.token
    return cookie_value(request.headers.get("Cookie", ""), cookie)


def json_answer(members: object, status: int = 200) -> Response:
    answer = Response(events.encode(members) + b"\n", status, content_type=JSON)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def with_cookie(answer: Response, cookie: str, token: str) -> Response:
    answer.headers.add("Set-Cookie", session(cookie, token))
    return answer
