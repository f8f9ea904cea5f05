"""Requests to return as somebody who is known here, without a proof, and their answers.

Knows no person's name, no HTTP and no file: after a restart everybody has to ask anew.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hub.access.rate_limit import RateLimit
from hub.errors import Refused

ASK_SECONDS: Final = 300.0
"""Seconds for which a request waits for an answer."""
AWAY_SECONDS: Final = 75.0
"""Seconds after which whoever no longer asks for the answer has left. A page asks every two
seconds, or every minute in the background."""
AGAIN_SECONDS: Final = 600.0
"""Seconds after a no before the same address may ask for the same name again."""
MOST: Final = 100
"""Most requests at a time."""
MOST_EACH: Final = 40
"""Most requests of one address at a time: a school class may come through one router."""
MOST_FOR: Final = 3
"""Most requests for one name at a time."""


@dataclass
class ReturnRequest:
    """`who` is the person meant; `made` is in seconds since 1970; `answer` is None until there
    is one; `until`, and `seen` when the asker was last heard of, are of the clock that never jumps.
    """

    id: str
    who: str
    address: str
    agent: str
    made: float
    until: float
    seen: float
    answer: bool | None = None


class ReturnRequests:
    """`clock` gives seconds since 1970, `tick` seconds that never jump."""

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._tick = tick
        self._asks: dict[str, ReturnRequest] = {}  # SHA-256 of the token that the asker was given
        self._from = RateLimit(0.1, MOST_EACH, tick)
        self._for = RateLimit(1 / 60, 2 * MOST_FOR, tick)  # by address and name
        self._refused = RateLimit(1 / AGAIN_SECONDS, 1, tick)

    def ask(self, who: str, address: str, agent: str) -> tuple[ReturnRequest, str]:
        """Ask to be let in as `who`; gives the request and the token to wait with.

        An earlier request for that name from that address ends. Raises Refused (429) where
        too many ask, or this address was told no.
        """
        self._forget()
        place = f"{address} {who}"
        if wait := self._refused.wait(place):
            raise Refused("refused_before", "The answer was no. Ask whoever runs it.", 429, wait)
        self._asks = {
            key: x
            for key, x in self._asks.items()
            if x.answer is not None or (x.address, x.who) != (address, who)
        }
        waiting = [x for x in self._asks.values() if x.answer is None]
        full = (
            len(self._asks) >= MOST
            or sum(x.address == address for x in waiting) >= MOST_EACH
            or sum(x.who == who for x in waiting) >= MOST_FOR
        )
        wait = 30.0 if full else self._from.wait(address) or self._for.take(place)
        if wait:
            raise Refused("too_many_ask", "Too many ask just now. Try again later.", 429, wait)
        self._from.take(address)
        token, now = secrets.token_urlsafe(24), self._tick()
        ask = ReturnRequest(
            secrets.token_hex(6), who, address, agent[:200], self._clock(), now + ASK_SECONDS, now
        )
        self._asks[_hash(token)] = ask
        return ask, token

    def heard(self, token: str) -> tuple[ReturnRequest, float]:
        """The request of a token, and the seconds that are left for it; once answered, it ends.

        Raises Refused (403) where there is nothing, or no longer.
        """
        self._forget()
        ask = self._asks.get(_hash(token))
        if ask is None:
            raise Refused("return_late", "Nobody has answered in time. You can ask again.", 403)
        if ask.answer is not None:
            self.withdraw(token)
        ask.seen = self._tick()
        return ask, ask.until - ask.seen

    def withdraw(self, token: str) -> ReturnRequest | None:
        """The asker waits no longer; gives the request, if there was one."""
        return self._asks.pop(_hash(token), None)

    def waiting(self, who: str | None = None) -> list[ReturnRequest]:
        """Requests without an answer whose asker is there, the oldest first: all, or those for one
        person.
        """
        self._forget()
        left = self._tick() - AWAY_SECONDS
        open_ = [x for x in self._asks.values() if x.answer is None and x.seen > left]
        return [x for x in open_ if who in (None, x.who)]

    def is_open(self, ask: ReturnRequest) -> bool:
        """Whether a request can still be answered, or be waited for again by who has left."""
        self._forget()
        return ask.answer is None and ask in self._asks.values()

    def answer(self, ask: ReturnRequest, yes: bool) -> None:
        """Answer a request."""
        ask.answer = yes
        if not yes:
            self._refused.take(f"{ask.address} {ask.who}")

    def drop(self, *people: str) -> None:
        """End all requests to return as these people, answered or not."""
        self._asks = {key: x for key, x in self._asks.items() if x.who not in people}

    def _forget(self) -> None:
        now = self._tick()
        self._asks = {key: x for key, x in self._asks.items() if x.until > now}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
