"""Runs the tests from a fresh clone: sets up what is missing, then becomes pytest.

`python3 scripts/test.py [--quick] [pytest options] [files, folders or tests]`; pytest's exit status
is the result. `--verbose` is for both: it shows everything that the set-up does, and what pytest
shows with it. `--quick` leaves out the slow tests: it is for the time between two commits.
`--wine` is another run, that of scripts/wine.py: under Wine, on Windows' Python. `--browsers` is
one of what everybody does every day, in Firefox and WebKitGTK.

Tests run in parallel. A run that names a file or a test has no workers, since they take longer to
start than most files take to run; `-n` says otherwise either way.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import commands
import environment
import packages
import window
import wine
import workshop

WORKERS = (os.cpu_count() or 1) + 3
"""Three more than cores, as tests wait for half of their time: on two cores, the suite took 731 s
with four workers, and 645 s with five right after it.
"""
PARALLEL = ["-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder"]
"""A file stays in one worker, as its tests share a hub, a browser, a screen or the executable.

Files come in the order of tests/conftest.py: by their number of tests, xdist's own order, those
with a few long ones were the last, and the other workers waited for them.
"""
HANGS_FAIL = ["-o", "faulthandler_exit_on_timeout=true", "-o", "faulthandler_timeout=600"]
"""Ends the worker whose test hangs: xdist reports the test as failed and starts another worker.

600 seconds, as the longest test took 200 on a machine with twelve times as much to do.
"""


FIRST_HALF = [f"tests/{name}" for name in ("web", "store", "access", "e2e", "faults")]
"""What of the tests takes half of the time to compile."""


def main(arguments: list[str]) -> None:
    environment.require_python()
    commands.verbose(arguments)
    if "--wine" in arguments:
        wine.main([x for x in arguments if x != "--wine"])
    browsers = "--browsers" in arguments
    if browsers:
        arguments = [*(x for x in arguments if x != "--browsers"), "-n0", "tests/browsers"]
    environment.prepare(
        [
            packages.environment(),
            packages.python_packages("requirements.txt", "Python packages"),
            packages.python_packages("requirements-dev.txt", "the tools for tests and builds"),
            packages.page_libraries(tools=True),
            packages.node(),
            window.toolkit(needed=True),
            workshop.for_tests(),
            *(in_browsers() if browsers else ()),
        ]
    )
    # Or each process that a test starts would compile Hearth again, and each worker all tests.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if not browsers and options(arguments)[:1] == PARALLEL[:1]:
        compile_tests(commands.ROOT / "tests" / "__pycache__")
    environment.become("-m", "pytest", f"--rootdir={commands.ROOT}", *options(arguments))


def in_browsers() -> list[environment.Step]:
    """What the tests in other browsers than Chromium need besides."""
    words = "what drives other browsers"
    return [packages.python_packages("requirements-browsers.txt", words), workshop.for_browsers()]


def compile_tests(compiled: Path) -> None:
    """Have two processes compile the tests, where there is no folder `compiled` of them yet.

    pytest keeps what it compiled beside each file. Left to themselves, all workers compile all
    tests at the same time: on two cores that took 40 s in place of 9.
    """
    if compiled.exists():
        return
    collect = [
        str(environment.PYTHON),
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    halves = [FIRST_HALF, ["tests", *(f"--ignore={place}" for place in FIRST_HALF)]]
    started = [
        subprocess.Popen([*collect, *half], cwd=commands.ROOT, stdout=subprocess.DEVNULL)
        for half in halves
    ]
    try:
        for process in started:  # what is wrong with a test is told by pytest itself, later
            process.wait()
    finally:
        for process in started:
            process.kill()


def options(arguments: list[str]) -> list[str]:
    """What pytest is given: the `arguments`, after the options for running them in parallel.

    Only a run of the whole suite fails for a hang: long runs of single tests may take their time.
    """
    if any(".py" in argument for argument in arguments):
        return arguments
    selects = any(not argument.startswith("-") for argument in arguments)
    return [*PARALLEL, *([] if selects else HANGS_FAIL), *arguments]


if __name__ == "__main__":
    main(sys.argv[1:])
