"""Starts Hearth from a fresh clone: sets up what is missing, then becomes launcher.py.

`python3 scripts/run.py [ROOM] [options]`; the options are those of launcher.py, and `--verbose`,
which shows all that the set-up does and which launcher.py does not get.
"""

from __future__ import annotations

import os
import sys

import commands
import earlier
import environment
import packages
import window

TELLS = {"-h", "--help", "--version"}


def main(arguments: list[str]) -> None:
    environment.require_python()
    arguments = commands.verbose(arguments)
    os.environ["HEARTH_PROGRAM"] = sys.argv[0]  # for its usage: what somebody typed
    if not TELLS.isdisjoint(arguments):
        tell(arguments)
    steps = [
        packages.environment(),
        packages.python_packages("requirements.txt", "Python packages", earlier.python_packages),
        packages.page_libraries(earlier.page_libraries),
    ]
    if window.wanted(arguments):
        steps.append(window.toolkit(needed=False))
    environment.prepare(steps)
    environment.become(str(commands.ROOT / "launcher.py"), *arguments)


def tell(arguments: list[str]) -> None:
    """Shows what the arguments ask for and ends the program; needs no packages."""
    sys.path.insert(0, str(commands.ROOT))
    from hub.desktop import options

    options.parse(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
