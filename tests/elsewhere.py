"""Tests that use what their system lacks: skipped there, and they say what it is.

Much of what tests do to a file or a process, such as to put a pipe in its place, only POSIX has,
and some of it only Linux. On Linux nothing is skipped by this, so that a slip of the pen fails.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import pytest

MODULES = ("os", "resource", "select", "signal", "socket", "time", "fcntl")
"""Those of Python that have other names in them on other systems, or are not there."""
_PATCHED = re.compile(r"<module '(\w+)'.*> has no attribute '(\w+)'")
"""How pytest's monkeypatch says that there is nothing to put something in the place of."""
TESTS = Path(__file__).parent


@contextmanager
def skips(system: str = sys.platform) -> Iterator[None]:
    """Within it, a test that misses a name of such a module is skipped, but not on Linux."""
    try:
        yield
    except (AttributeError, ModuleNotFoundError) as error:
        what = missed(error)
        if what is None or system == "linux":
            raise
        pytest.skip(f"this system has no {what}")


def missed(error: AttributeError | ModuleNotFoundError) -> str | None:
    """The name that a test missed; None for any other error, and where the hub missed it."""
    if isinstance(error, ModuleNotFoundError):
        name = str(error.name)
    elif patched := _PATCHED.match(str(error)):
        name = f"{patched[1]}.{patched[2]}"
    else:
        name = f"{getattr(error.obj, '__name__', '')}.{error.name}"
    ours = name.partition(".")[0] in MODULES and _last(error.__traceback__).is_relative_to(TESTS)
    return name if ours else None


def _last(trace: TracebackType | None) -> Path:
    """The file in which an error came up, pytest's own aside."""
    file = Path()
    while trace is not None:
        raised = Path(trace.tb_frame.f_code.co_filename)
        file = file if raised.name == "monkeypatch.py" else raised
        trace = trace.tb_next
    return file
