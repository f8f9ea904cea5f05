"""Measures Hearth on this machine, and what it is compared with beside it.

`python3 scripts/bench.py [--quick] [--only NAME ...] [--out DIR] [--executable FILE]` sets up what
is missing, prints the table and writes `bench.md` and `bench.svg` into `docs/` or DIR.
"""

from __future__ import annotations

import sys

import environment
import packages


def main(arguments: list[str]) -> int:
    environment.require_python()
    environment.prepare(
        [
            packages.environment(),
            packages.python_packages("requirements.txt", "Python packages"),
            packages.page_libraries(),
        ]
    )
    from speed.program import main as measure  # not before: an old Python cannot read it

    return measure(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
