"""Where a forwarded message comes from."""

from __future__ import annotations

from msgspec import Struct


class Origin(Struct, omit_defaults=True):
    """Who said it and when; `room` and `n` only where everybody may see it there."""

    by: str
    at: str
    who: str | None = None
    room: str | None = None
    n: int | None = None
