"""What people say of themselves: a line, an emoji, that they are not to be disturbed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import Struct

from hub.access.person import STATUS
from hub.access.records import Changes
from hub.keys import Keys


class Status(Struct, omit_defaults=True):
    """`until` is in seconds since 1970, 0 for no end; who is `busy` is not to be disturbed."""

    text: str = ""
    emoji: str = ""
    until: float = 0.0
    busy: bool = False


_status: Final = msgspec.json.Decoder(Status)


class Statuses:
    """The statuses that `keys` hold, by person; `clock` gives seconds since 1970."""

    def __init__(self, keys: Keys, clock: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self._clock = clock

    def of(self, who: str) -> Status | None:
        """The status of a person, if they have one whose time is not over."""
        status = _decoded(self._keys.get(STATUS + who))
        return None if status is None or 0 < status.until <= self._clock() else status

    def set(self, who: str, status: Status | None) -> None:
        """Give a person this status in place of another, or none."""
        changes = Changes(self._keys)
        changes.value(STATUS + who, status)
        changes.put()

    def clear_over(self) -> list[str]:
        """Take away those whose time is over; gives whose they were."""
        ends = self._ends()
        over = [who for who, until in ends.items() if until <= self._clock()]
        changes = Changes(self._keys)
        for who in over:
            changes.value(STATUS + who, None)
        changes.put()
        return over

    def seconds_left(self) -> float | None:
        """Seconds until the first of them is over; None where none has an end."""
        ends = self._ends()
        return max(0.0, min(ends.values()) - self._clock()) if ends else None

    def _ends(self) -> dict[str, float]:
        found = ((who, _decoded(value)) for who, value in self._keys.group(STATUS).items())
        return {who: status.until for who, status in found if status and status.until}


def _decoded(value: bytes | None) -> Status | None:
    """Nothing where the value is no status: a later Hearth may keep others."""
    try:
        return None if value is None else _status.decode(value)
    except ValueError:
        return None
