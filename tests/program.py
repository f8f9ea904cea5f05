"""The command that starts Hearth as a process: the sources, or a program that was installed.

`HEARTH_INSTALLED="command …"` names that, as `scripts/clean_debian.py` does for a package. Tests
that know Hearth from outside start it then; those in a browser have it serve their page.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Final

import pytest

INSTALLED: Final = tuple(shlex.split(os.environ.get("HEARTH_INSTALLED", "")))
"""Nothing where the sources are tried."""
HEARTH: Final = INSTALLED or (sys.executable, str(Path(__file__).parents[1] / "launcher.py"))
ONLY_SOURCES: Final = pytest.mark.skipif(
    bool(INSTALLED), reason="changes the program itself, as only sources allow"
)
