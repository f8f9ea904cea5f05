"""Puts faults into hub/, one at a time, and tells which of them no test notices.

`python3 scripts/mutants.py [--sample N] [--seed N] [--only PATH ...] [--out FILE]` sets up what is
missing, runs the tests once to learn which lines each of them runs, then tries each fault in a
copy of the checkout. Its exit status is 0 where 90 % were noticed. On Linux; 300 take about half
an hour on two cores.
"""

from __future__ import annotations

import sys

import environment
import packages
import workshop


def main(arguments: list[str]) -> None:
    environment.require_python()
    environment.prepare(
        [
            packages.environment(),
            packages.python_packages("requirements.txt", "Python packages"),
            packages.python_packages("requirements-dev.txt", "the tools for tests and builds"),
            packages.page_libraries(),
            workshop.for_tests(),
        ]
    )
    environment.become_main("mutation.program", arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
