"""Builds PyInstaller's loader for Linux with a part of our own, which finds where to unpack.

The loader that PyInstaller's package carries ends unseen where the temporary folder is full or lets
no program run. Its sources are in the package's source archive, which builds itself when pip
installs it: https://pyinstaller.org/en/stable/bootloader-building.html
"""

from __future__ import annotations

import shlex
import shutil
import tempfile
from pathlib import Path
from typing import Final

import commands
import packages
from commands import ROOT
from environment import Step

SOURCE: Final = Path(__file__).with_name("unpacking_folder.c")
LOCK: Final = "requirements-loader.txt"
PLACE: Final = ROOT / "build" / "loader"
PROGRAM: Final = PLACE / "run"
"""What the one file begins with; the archive of all that it carries is put behind it."""


def step() -> Step:
    """The loader, from the locked sources of PyInstaller; needs a C compiler, and zlib's header."""

    def make() -> None:
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.mkdir(parents=True)
        with tempfile.TemporaryDirectory(dir=PLACE) as folder:
            part = Path(folder, "unpacking_folder.o")
            commands.run(["cc", "-O2", "-fPIE", "-c", SOURCE, "-o", part])
            packages.pip_install(
                *("--require-hashes", "--no-deps", "--no-binary=pyinstaller", "--no-cache-dir"),
                *("--no-build-isolation", "--target", folder, "-r", str(ROOT / LOCK)),
                settings={"LDFLAGS": shlex.quote(str(part))},
            )
            (made,) = Path(folder).glob("PyInstaller/bootloader/Linux-*/run")
            shutil.move(made, PROGRAM)

    def sources() -> bytes:
        return (ROOT / LOCK).read_bytes() + SOURCE.read_bytes()

    recorded = packages.recorded("loader", "what unpacks the one file", sources, make)
    return recorded._replace(done=lambda: recorded.done() and PROGRAM.is_file())
