"""The time of what is built, which stands in builds and packages in place of the clock's.

So whoever builds a commit later gets the same bytes (https://reproducible-builds.org).
"""

from __future__ import annotations

import os
import time

import commands
from commands import Failed

SETTING = "SOURCE_DATE_EPOCH"
"""The variable by which build tools are told it; where it is set already, it counts."""


def source_time() -> int | None:
    """Seconds since 1970 of the commit that is checked out; None where nothing tells them.

    Raises Failed where the setting is no number.
    """
    told = os.environ.get(SETTING, "")
    if told:
        if not (told.isascii() and told.isdigit()):
            raise Failed(f"{SETTING} is {told!r}; it takes seconds since 1970")
        return int(told)
    try:
        return int(commands.run(["git", "log", "-1", "--format=%ct"]))
    except (Failed, ValueError):  # no git, or sources that came without their history
        return None


def settings() -> dict[str, str]:
    """What a build tool is to find in its environment."""
    seconds = source_time()
    return {} if seconds is None else {SETTING: str(seconds)}


def written(seconds: int) -> str:
    """A time as RFC 3339 has it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
