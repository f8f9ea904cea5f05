"""Builds dist/Hearth from a fresh clone and proves that what it built works.

`python3 scripts/build.py [--verbose] [--folder] [PyInstaller options]`; `--verbose` shows all that
the set-up does and what the build says, `--folder` makes what packages hold, too. Status 0 only if
the program started, served the page, kept a message over a restart, stopped cleanly and is no
larger than it should be.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import commands
import environment
import packages
import proof
import source_time
import window
import workshop
from commands import ROOT, say
from environment import PYTHON
from linux import loader

DIST = ROOT / "dist"
PROGRAMS = {"win32": "Hearth.exe", "darwin": "Hearth.app/Contents/MacOS/Hearth"}
PROGRAM = DIST / PROGRAMS.get(sys.platform, "Hearth")
FOLDER = DIST / ("Hearth" if sys.platform == "win32" else "hearth")
"""With `--folder`, but for macOS: the same as a folder, which starts without unpacking."""
SIGNED = {
    "PYINSTALLER_STRICT_BUNDLE_CODESIGN_ERROR": "1",
    "PYINSTALLER_VERIFY_BUNDLE_SIGNATURE": "1",
}
"""On macOS, what cannot be signed, if only for the machine itself, is no program."""
LARGEST = 16_000_000
"""Bytes on Linux; what does not belong shows as weight first."""
SLOWER = (
    "  One whose library was built with PGO makes a faster program: remove .venv and start this "
    "script with it."
)


def main(options: list[str]) -> int:
    environment.require_python()
    options = commands.verbose(options)
    ours = [x for x in options if x == "--folder"]
    environment.prepare(
        [
            packages.environment(),
            packages.python_packages("requirements.txt", "Python packages"),
            packages.python_packages("requirements-dev.txt", "the tools for tests and builds"),
            packages.page_libraries(),
            window.toolkit(needed=True),
            workshop.for_builds(),
            *([loader.step()] if sys.platform.startswith("linux") else []),
        ]
    )
    began = time.monotonic()
    try:
        python = commands.run([PYTHON, ROOT / "scripts" / "interpreter.py"]).splitlines()[1]
        say(f"Building: dist/Hearth with Python {python} ...")
        if "without PGO" in python:
            say(SLOWER)
        build: list[str | Path] = [
            PYTHON,
            "-m",
            "PyInstaller",
            "--noconfirm",
            "--clean",
            "--log-level=WARN",
            *(x for x in options if x not in ours),
        ]
        places: list[str | Path] = ["--distpath", DIST, "--workpath", ROOT / "build"]
        # A cache of this build's own: one that another build is writing, or was interrupted in,
        # ends PyInstaller with a syntax error.
        settings = {"PYTHONHASHSEED": "0", "PYINSTALLER_CONFIG_DIR": str(ROOT / "build" / "cache")}
        settings |= source_time.settings() | SIGNED
        commands.run([*build, *places, ROOT / "build.spec", "--", *ours], settings)
        say(f"Built in {time.monotonic() - began:.0f} s; trying it ...")
        report = proof.of(PROGRAM)
        if sys.platform.startswith("linux"):
            report += f", needs glibc {needed_glibc()}"
    except commands.Failed as failure:
        say(f"Building failed: {failure}")
        return 1
    size = PROGRAM.stat().st_size
    print(f"{PROGRAM.relative_to(ROOT)}: {size / 1e6:.1f} MB, {report}; Python {python}")
    if sys.platform.startswith("linux") and size > LARGEST:
        say(f"Building failed: the program may have {LARGEST / 1e6:.0f} MB at most.")
        return 1
    return 0


def needed_glibc() -> str:
    """The oldest glibc on which the program that was built runs, such as `2.35`."""
    return commands.run([PYTHON, ROOT / "scripts" / "glibc.py", PROGRAM]).strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
