"""Makes the installer for Windows from a program's folder, by Inno Setup (https://jrsoftware.org).

Its compiler comes in a package of npm's, which is set up in build/ when it is needed. It is a
program for Windows: elsewhere it runs in a system with Wine (`scripts/clean_windows.py`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import bundle
import commands
import packages
from commands import ROOT
from environment import Step
from product import ID, MAINTAINER, NAME, VERSION

SOURCES: Final = ROOT / "scripts" / "windows"
LOCKED: Final = SOURCES / "inno-setup"
PLACE: Final = ROOT / "build" / "inno-setup"
FOLDER: Final = PLACE / "node_modules" / "innosetup" / "bin"
COMPILER: Final = "ISCC.exe"
SCRIPT: Final = "installer.iss"
SETUP: Final = f"{NAME}-setup"


def step() -> Step:
    """The compiler as locked, in a folder of its own."""

    def make() -> None:
        shutil.rmtree(PLACE, ignore_errors=True)
        shutil.copytree(LOCKED, PLACE)
        packages.npm_ci(PLACE)

    def source() -> bytes:
        return (LOCKED / "package-lock.json").read_bytes()

    recorded = packages.recorded("inno-setup", "what makes installers", source, make)
    return recorded._replace(done=lambda: recorded.done() and (FOLDER / COMPILER).is_file())


def make(program: Path, work: Path, seconds: int) -> Path:
    """Compiles an installer of the folder `program`, on Windows, and gives its file.

    `work` is a folder for what it is made of, `seconds` since 1970 the time of all that is in it.
    Raises Failed.
    """
    stage(program, work, seconds)
    commands.run([FOLDER / COMPILER, *options(), work / SCRIPT])
    return work / f"{SETUP}.exe"


def stage(program: Path, into: Path, seconds: int) -> None:
    """Puts what the compiler reads into the folder `into`, in place of what was there."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(program, into / "program")
    for path in (SOURCES / SCRIPT, bundle.ICONS["win32"], bundle.WIZARD):
        shutil.copy(path, into)
    for path in into.rglob("*"):
        os.utime(path, (seconds, seconds))


def options(version: str = VERSION) -> Iterable[str]:
    """What the compiler is told, before the name of the script."""
    told = {
        "Version": version,
        "Name": NAME,
        "Id": ID,
        "Publisher": MAINTAINER.partition(" <")[0],
        "Setup": SETUP,
    }
    return ("/Qp", *(f"/D{name}={value}" for name, value in told.items()))
