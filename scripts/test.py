"""Runs every test from a fresh clone: sets up what is missing, then becomes pytest.

`python3 scripts/test.py [pytest options]`; pytest's exit status is the result. `--verbose` is for
both: it shows all that the set-up does, and what pytest shows by it.
"""

from __future__ import annotations

import sys

import environment
import packages
import window
import workshop


def main(arguments: list[str]) -> None:
    environment.require_python()
    environment.verbose(arguments)
    environment.prepare(
        [
            packages.environment(),
            packages.python_packages("requirements.txt", "Python packages"),
            packages.python_packages("requirements-dev.txt", "the tools for tests and builds"),
            packages.page_libraries(tools=True),
            packages.node(),
            window.toolkit(needed=True),
            workshop.for_tests(),
        ]
    )
    environment.become("-m", "pytest", f"--rootdir={environment.ROOT}", *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
