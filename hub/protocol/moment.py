"""The time of an event, as text."""

from __future__ import annotations

from time import gmtime, strftime

_second = -1
_prefix = ""


def moment(seconds: float) -> str:
    """Format a time in seconds since 1970 as UTC, ISO 8601 with milliseconds.

    What all times of one second share is formatted once for them.
    """
    global _second, _prefix
    whole = int(seconds // 1)
    if whole != _second:
        _prefix = strftime("%Y-%m-%dT%H:%M:%S", gmtime(whole))
        _second = whole
    return f"{_prefix}.{int((seconds - whole) * 1000):03d}Z"
