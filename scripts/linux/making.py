"""Packages of the program for Linux distributions, looked at by their own tools."""

from __future__ import annotations

import shutil
from pathlib import Path

import commands
from commands import ROOT
from environment import PYTHON
from linux import checks, contents, nfpm
from product import ID, PROGRAM


def packages(folder: Path, into: Path, seconds: int) -> list[Path]:
    """Packages the program that was built into `folder`, into the folder `into`.

    `seconds` since 1970 is the time of all that is in them. Raises Failed, also where a tool of a
    distribution finds something wrong.
    """
    work = ROOT / "build" / "packages"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    glibc = commands.run([PYTHON, ROOT / "scripts" / "glibc.py", folder]).strip()
    made = nfpm.make(contents.of(folder, work, seconds), glibc, seconds, into, work)
    checks.passed(checks.ENTRY, work / f"{PROGRAM}.desktop")
    checks.passed(checks.METAINFO, work / f"{ID}.metainfo.xml")
    for file in made:
        if file.suffix == ".deb":
            checks.passed(checks.LINTIAN, file)
    return made
