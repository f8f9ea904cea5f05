"""What all views read from a request, and put into an answer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final, NamedTuple, TypeVar

import flask
import msgspec
from flask import Response
from werkzeug.datastructures import Authorization
from werkzeug.http import parse_options_header

from hub.errors import Refused
from hub.protocol import events
from hub.web.cookies import session
from hub.web.forms import first
from hub.web.guard import cookie_value
from hub.web.wire.asgi import Scope
from hub.web.wire.connection_limits import source
from hub.web.wire.wsgi import combined

T = TypeVar("T")

Cross = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine on the hub's event loop for a thread, which waits for what it returns."""

JSON: Final = "application/json"


class Request:
    """A request whose body has arrived, as a view on the event loop is given it.

    It reads as Flask's does, but reads nothing before it is asked. Names of `headers` are in lower
    case here.
    """

    def __init__(self, scope: Scope, body: bytes) -> None:
        self.method: str = scope["method"]
        self.path: str = "/" + scope["path"].lstrip("/")
        self.query_string: bytes = scope["query_string"]
        self.headers = combined(scope["headers"])
        self.server: tuple[str, int | None] | None = scope.get("server")
        self.remote_addr: str | None = (scope.get("client") or [None])[0]
        self._body = body

    def get_data(self) -> bytes:
        return self._body

    @property
    def mimetype(self) -> str:
        return self._content_type[0].lower()

    @property
    def mimetype_params(self) -> dict[str, str]:
        return self._content_type[1]

    @property
    def _content_type(self) -> tuple[str, dict[str, str]]:
        return parse_options_header(self.headers.get("content-type"))

    @property
    def authorization(self) -> Authorization | None:
        return Authorization.from_header(self.headers.get("authorization"))


AnyRequest = Request | flask.Request


class PlainAnswer(NamedTuple):
    """What a view may give in place of a Response, which takes several times as long to make.

    `headers` are all but those that every answer bears. A long body comes in blocks, one at least.
    Flask takes such a tuple too.
    """

    body: bytes | list[bytes]
    status: int
    headers: list[tuple[str, str]]


class FilePart(NamedTuple):
    """A part of an open file, which the system sends by itself."""

    fd: int
    offset: int
    length: int


class FileAnswer(NamedTuple):
    """What a view on the event loop gives with parts of a file among its blocks, one at least.

    `headers` are as above, with Content-Length. `close` is called in the end.
    """

    blocks: list[bytes | FilePart]
    status: int
    headers: list[tuple[str, str]]
    close: Callable[[], object]


def read_json(request: AnyRequest, kind: type[T]) -> T:
    """Decode the body. Raises Refused: 415, 400 for no JSON, 422 for JSON of another shape."""
    check_json(request)
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except msgspec.ValidationError as error:
        raise Refused("invalid", f"That is not what is wanted here: {error}.", 422) from None
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", f"That is not JSON: {error}.", 400) from None


def check_json(request: AnyRequest) -> None:
    """Raises Refused (415) for a body that is not said to be JSON."""
    if request.mimetype != JSON:
        raise Refused("wrong_kind", f"Send {JSON}.", 415)


def token_of(request: AnyRequest, cookie: str) -> str | None:
    """The session's token: from the Authorization header, or from a browser's cookie."""
    authorization = request.authorization
    if authorization is not None and authorization.type == "bearer":
        return authorization.token
    return cookie_value(request.headers.get("cookie", ""), cookie)


def address_of(request: AnyRequest) -> str:
    """The address that limits are counted for; the unspecified one where there is none."""
    return source(request.remote_addr or "::")


def number(request: AnyRequest, name: str) -> int | None:
    """A number of the query, None where it is not given. Raises Refused (400)."""
    text = first(request.query_string, name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise Refused("malformed", f"{name} must be a whole number.", 400)
    return int(text)


def json_answer(members: object, status: int = 200) -> Response:
    """An answer that is made for one client and not to be stored."""
    answer = Response(events.encode(members) + b"\n", status, content_type=JSON)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def long_answer(blocks: list[bytes]) -> PlainAnswer:
    """The same from JSON that is made already, in blocks."""
    headers = [("Content-Type", JSON), ("Content-Length", str(sum(map(len, blocks))))]
    return PlainAnswer(blocks, 200, [*headers, ("Cache-Control", "no-store")])


def with_cookie(answer: Response, cookie: str, token: str) -> Response:
    answer.headers.add("Set-Cookie", session(cookie, token))
    return answer
