"""Tries Hearth on Windows from a fresh clone, on Debian: under Wine, with Windows' own Python.

`python3 scripts/wine.py [--verbose] [pytest options] [files, folders or tests]`: runs the hub's
tests about files, names, locks, ports, starts and stops there, builds Hearth.exe from build.spec,
and drives it from outside. With files, folders or tests it runs those there, and nothing else.

This is for proof alone: what is released is built on Windows. The window needs .NET, which is out
of reach here, so Hearth runs without one.
"""

from __future__ import annotations

import sys

import commands
import environment
import packages


def main(arguments: list[str]) -> None:
    environment.require_python()
    commands.verbose(arguments)
    if not sys.platform.startswith("linux"):
        commands.say("Wine is set up on Debian and its kin; on Windows, Hearth runs as it is.")
        raise SystemExit(environment.CANNOT_START)
    environment.prepare(
        [
            packages.environment(),
            packages.python_packages("requirements.txt", "Python packages"),
            packages.python_packages("requirements-dev.txt", "the tools for tests and builds"),
            packages.page_libraries(),
        ]
    )
    environment.become_main("windows.program", arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
