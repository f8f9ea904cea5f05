"""The session's cookie. Browsers send cookies to all ports of a host, so its name holds the
hub's own id; those of earlier versions held the port. Knows no person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from werkzeug.http import dump_cookie

Headers = Sequence[tuple[bytes, bytes]]
Used = Callable[[str], float | None]
"""When the device of a token was last used, in seconds since 1970; None where it is not known."""

PREFIX: Final = "hearth_"
_PREFIX: Final = PREFIX.encode()
MOST: Final = 20
"""Most such cookies that are looked at: one for each port that a hub ever had."""
SESSION_SECONDS: Final = 400 * 86400
"""Seconds for which a browser keeps its session: the most that browsers grant."""


class Adopted(NamedTuple):
    """A request whose session stood under another cookie name.

    `headers` are as they are to be read; `renewed` and `ended` are values of `Set-Cookie` that
    give the browser its session under today's name, and take the others away.
    """

    headers: list[tuple[bytes, bytes]]
    renewed: bytes
    ended: list[bytes]


def adopt(headers: Headers, cookie: str, used: Used) -> Adopted | None:
    """Find a session of this hub under another name than `cookie`; None where there is none.

    The one under `cookie` wins if it is known, else the one used last. Sessions of other
    hubs on the same host are left alone.
    """
    lines = b"; ".join([value for name, value in headers if name == b"cookie"])
    count = lines.count(_PREFIX)
    if not count or (count == 1 and cookie.encode() in lines):
        return None
    line = lines.decode("latin-1")
    found = {
        name: value
        for name, value in reversed([_pair(part) for part in line.split(";")])
        if name.startswith(PREFIX)
    }
    others = {
        name: when
        for name, value in list(found.items())[-MOST:]
        if name != cookie and (when := used(value)) is not None
    }
    if not others:
        return None
    token = found.get(cookie)
    if token is None or used(token) is None:
        token = found[max(others, key=lambda name: others[name])]
    rest = [x.strip() for x in line.split(";") if _pair(x)[0] != cookie]
    line = "; ".join([f"{cookie}={token}", *rest])
    kept = [(name, value) for name, value in headers if name != b"cookie"]
    return Adopted(
        [*kept, (b"cookie", line.encode("latin-1"))],
        session(cookie, token).encode("latin-1"),
        [session(name, "", 0).encode("latin-1") for name in others],
    )


def session(cookie: str, token: str, seconds: int = SESSION_SECONDS) -> str:
    """The value of `Set-Cookie`; with 0 `seconds` the browser forgets the cookie."""
    return dump_cookie(cookie, token, max_age=seconds, path="/", httponly=True, samesite="Strict")


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip(), value.strip()
