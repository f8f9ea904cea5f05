"""What the distributions' own tools say of a package; each where it is installed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import commands
from commands import say

LINTIAN: Final = ("lintian", "--allow-root", "--fail-on=error,warning")
ENTRY: Final = ("desktop-file-validate",)
METAINFO: Final = ("appstreamcli", "validate", "--no-net", "--no-color")


def passed(tool: Sequence[str], file: Path) -> bool:
    """Whether a tool finds nothing wrong with a file; False where it is not installed.

    Raises Failed with what it finds.
    """
    if not shutil.which(tool[0]):
        say(f"{file.name} was not looked at: this machine lacks {tool[0]}.")
        return False
    commands.run([*tool, file], {"LC_ALL": "C.UTF-8"})
    return True
