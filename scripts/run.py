"""Starts Hearth from a fresh clone: sets up what is missing, then becomes launcher.py.

`python3 scripts/run.py [ROOM] [options]`; the options are those of launcher.py.
"""

from __future__ import annotations

import sys

import environment
import packages
import window


def main(arguments: list[str]) -> None:
    environment.require_python()
    steps = [
        packages.environment(),
        packages.python_packages("requirements.txt", "Python packages"),
        packages.page_libraries(),
    ]
    if window.wanted(arguments):
        steps.append(window.toolkit(needed=False))
    environment.prepare(steps)
    environment.become(str(environment.ROOT / "launcher.py"), *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
