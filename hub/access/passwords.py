"""Password hashes (scrypt), and the threads that compute them: slow on purpose."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from typing import Final, TypeVar

from hub.access.rate_limit import RateLimit
from hub.errors import Refused
from hub.threads import Pool

T = TypeVar("T")

SHORTEST: Final = 8
"""Fewest characters of a password."""
LONGEST: Final = 1024
"""Most characters of a password: longer ones are refused before they cost anything."""

_LOG_N, _R, _P = 16, 8, 1
"""scrypt's parameters (RFC 7914), which take 64 MiB. Each hash bears those it was made with."""
THREADS: Final = 2
"""Passwords that are hashed at a time: each takes 64 MiB and a core."""
NICE: Final = 10
"""Steps of priority (nice) by which these threads stand back."""
QUEUE: Final = 64
"""Most passwords under way, with those that wait for a thread."""
EACH: Final = 32
"""Most passwords under way from one address: a school class at once."""
BURST: Final = 64
"""Most passwords at once from one address, before the rate limit holds."""


def check_strength(password: str) -> None:
    """Raises Refused (422, "password_weak")."""
    if len(password) < SHORTEST or not password.strip():
        raise Refused("password_weak", f"A password has at least {SHORTEST} characters.", 422)
    if len(password) > LONGEST:
        raise Refused("password_weak", f"A password has at most {LONGEST} characters.", 422)


def kept(password: str) -> str:
    """The hash of a password, as it is kept: `scrypt$log2 N$r$p$salt$hash`."""
    salt = os.urandom(16)
    return _text(_LOG_N, _R, _P, salt, _scrypt(password, salt, _LOG_N, _R, _P))


def matches(password: str, text: str) -> bool:
    """Whether this is the password whose hash is `text`."""
    _, log_n, r, p, salt, digest = text.split("$")
    found = _scrypt(password, base64.b64decode(salt), int(log_n), int(r), int(p))
    return hmac.compare_digest(found, base64.b64decode(digest))


def outdated(text: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    _, log_n, r, p, _, _ = text.split("$")
    return (int(log_n), int(r), int(p)) < (_LOG_N, _R, _P)


class Checker:
    """Computes hashes on threads of its own, behind a short queue; waiting holds no other thread.

    `rate` is in passwords a second of one address, 0 for no limit.
    """

    def __init__(self, rate: float = 0.0) -> None:
        self._threads = Pool(THREADS, "password", _step_back)
        self._rate_limit = RateLimit(rate, BURST)
        self._under_way: Counter[str] = Counter()  # by address
        self._stopped: Refused | None = None
        self._nobody = _text(_LOG_N, _R, _P, os.urandom(16), os.urandom(32))
        """The hash of nobody's password: what is compared with where there is none."""

    async def keep(self, password: str, address: str) -> str:
        """The hash of a password that came from this address.

        Raises Refused: 422 for a weak one, 429 for too many from one address, 503 at once
        where too many wait, and what `stop` was given.
        """
        check_strength(password)
        return await self._hashed(address, lambda: kept(password))

    async def check(self, password: str, text: str | None, address: str) -> bool:
        """Whether a password fits the hash `text`; takes as long where there is none.

        Raises Refused as `keep` does, but for a weak one.
        """
        if len(password) > LONGEST:
            return False
        return await self._hashed(address, lambda: self._matches(password, text))

    def stop(self, why: Refused) -> None:
        """Refuse what waits and whatever comes later."""
        self._stopped = why
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _hashed(self, address: str, work: Callable[[], T]) -> T:
        if self._stopped is not None:
            raise self._stopped
        if self._under_way.total() >= QUEUE or self._under_way[address] >= EACH:
            raise Refused("busy", "Many passwords are being checked. Wait a moment.", 503, 5)
        wait = self._rate_limit.take(address)
        if wait:
            raise Refused("busy", "Too many passwords from one place. Wait a moment.", 429, wait)
        self._under_way[address] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except asyncio.CancelledError:
            if self._stopped is not None:
                raise self._stopped from None
            raise
        finally:
            self._under_way[address] -= 1
            if not self._under_way[address]:
                del self._under_way[address]

    def _matches(self, password: str, text: str | None) -> bool:
        return matches(password, self._nobody if text is None else text) and text is not None


def _step_back() -> None:
    """Lower this thread's priority, so that hashing does not delay anything else."""
    if sys.platform == "linux":  # where a priority is that of a thread alone
        own = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + NICE)


def _scrypt(password: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    memory = 128 * r * (p + 2 + (1 << log_n))  # OpenSSL refuses without room to spare
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt, n=1 << log_n, r=r, p=p, maxmem=memory, dklen=32,
    )  # fmt: skip


def _text(log_n: int, r: int, p: int, salt: bytes, digest: bytes) -> str:
    parts = (base64.b64encode(x).decode() for x in (salt, digest))
    return "$".join(["scrypt", str(log_n), str(r), str(p), *parts])
