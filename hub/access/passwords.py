"""Passwords: what is kept of them, and the check that is slow on purpose."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from hub.errors import Refused

SHORTEST: Final = 8
LONGEST: Final = 1024
"""In characters. Longer ones are refused before they cost anything."""

_LOG_N, _R, _P = 16, 8, 1
"""scrypt with 64 MiB; RFC 7914 names the parameters. What is kept bears its own."""
_WAITING: Final = 16


def check_strength(password: str) -> None:
    """Raises Refused (422, "password_weak")."""
    if len(password) < SHORTEST or not password.strip():
        raise Refused("password_weak", f"A password has at least {SHORTEST} characters.", 422)
    if len(password) > LONGEST:
        raise Refused("password_weak", f"A password has at most {LONGEST} characters.", 422)


def kept(password: str) -> str:
    """What is kept of a password: `scrypt$log2 N$r$p$salt$hash`."""
    salt = os.urandom(16)
    return _text(_LOG_N, _R, _P, salt, _scrypt(password, salt, _LOG_N, _R, _P))


def matches(password: str, text: str) -> bool:
    """Whether this is the password of which `text` was kept."""
    _, log_n, r, p, salt, digest = text.split("$")
    found = _scrypt(password, base64.b64decode(salt), int(log_n), int(r), int(p))
    return hmac.compare_digest(found, base64.b64decode(digest))


def outdated(text: str) -> bool:
    """Whether it was kept with weaker parameters than today's."""
    _, log_n, r, p, _, _ = text.split("$")
    return (int(log_n), int(r), int(p)) < (_LOG_N, _R, _P)


class Checker:
    """Does the slow work on threads, two at a time: otherwise logging in is the attack."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(2)
        self._waiting = 0
        self._nobody: str | None = None

    async def keep(self, password: str) -> str:
        """What is kept of a password. Raises Refused: 422, or 429 where too many wait."""
        check_strength(password)
        async with self._place():
            return await asyncio.to_thread(kept, password)

    async def check(self, password: str, text: str | None) -> bool:
        """Whether a password is right; takes as long where there is none to compare with."""
        if len(password) > LONGEST:
            return False
        async with self._place():
            if text is None:
                if self._nobody is None:
                    self._nobody = await asyncio.to_thread(kept, "nobody's password")
                await asyncio.to_thread(matches, password, self._nobody)
                return False
            return await asyncio.to_thread(matches, password, text)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """A place in the short queue, then one of the two."""
        if self._waiting >= _WAITING:
            raise Refused("busy", "Many people are logging in. Wait a moment.", 429, 5)
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1


def _scrypt(password: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    memory = 128 * r * (p + 2 + (1 << log_n))  # OpenSSL refuses without room to spare
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt, n=1 << log_n, r=r, p=p, maxmem=memory, dklen=32,
    )  # fmt: skip


def _text(log_n: int, r: int, p: int, salt: bytes, digest: bytes) -> str:
    parts = (base64.b64encode(x).decode() for x in (salt, digest))
    return "$".join(["scrypt", str(log_n), str(r), str(p), *parts])
