"""Packages of the program for Linux, looked at by the distributions' own tools."""

from __future__ import annotations

import shutil
from pathlib import Path

import commands
from commands import ROOT
from environment import PYTHON
from linux import appimage, checks, contents, nfpm
from product import ID, PROGRAM


def packages(folder: Path, into: Path, image: Path, seconds: int) -> list[Path]:
    """Packages the program that was built into `folder`, into the folder `into`.

    `image` is the file of an AppImage, if one can be made; `seconds` since 1970 is the time of all
    that is in them. Raises Failed, also where a tool of a distribution finds something wrong.
    """
    work = ROOT / "build" / "packages"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    glibc = commands.run([PYTHON, ROOT / "scripts" / "glibc.py", folder]).strip()
    entries = contents.of(folder, work, seconds)
    made = nfpm.make(entries, glibc, seconds, into, work)
    appimage.make(entries, image, seconds, work)
    checks.passed(checks.ENTRY, work / f"{PROGRAM}.desktop")
    checks.passed(checks.METAINFO, work / f"{ID}.metainfo.xml")
    for file in made:
        if file.suffix == ".deb":
            checks.passed(checks.LINTIAN, file)
    return made
