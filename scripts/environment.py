"""Makes a checkout ready: takes the steps that are not done yet, one set-up at a time.

Owns the lock and the hand-over to the virtual environment's Python; knows nothing of what the steps
do. Standard library alone, in syntax that older Pythons can still read, so that they can be told
what is missing instead of failing on a line of it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, NamedTuple, NoReturn

import interruptions
from commands import ROOT, Failed, NoWay, say

VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)

WRONG_USAGE = 2
CANNOT_START = 3
INTERRUPTED = 130


def nothing_to_go_on_with() -> str:
    return ""


class Step(NamedTuple):
    """One thing to set up: its words on screen, whether it is there, and how to make it.

    `done` is asked at every start, so it must be quick: a look at a file or two. `enough` is asked
    where there was no way to a registry: it says what of an earlier set-up serves in its place, or
    nothing.
    """

    words: str
    done: Callable[[], bool]
    make: Callable[[], None]
    enough: Callable[[], str] = nothing_to_go_on_with


def require_python(version: Sequence[int] = sys.version_info[:3]) -> None:
    """Ends the program with status 2 and one sentence where `version` is too old for Hearth."""
    if tuple(version[:2]) < OLDEST:
        have = ".".join(str(part) for part in version[:3])
        need = ".".join(str(part) for part in OLDEST)
        say(f"Hearth needs Python {need} or newer; this is Python {have}.")
        raise SystemExit(WRONG_USAGE)


def prepare(steps: Sequence[Step]) -> None:
    """Makes every step that is not done, in order; ends the program with status 3 if one fails."""
    if all(step.done() for step in steps):
        return
    try:
        with interruptions.raised(), _only_one():
            for step in steps:
                if not step.done():
                    say(f"Setting up: {step.words} ...")
                    _make(step)
    except Failed as failure:
        say(f"Setting up failed: {failure}")
        raise SystemExit(CANNOT_START) from None
    except KeyboardInterrupt:
        say("Setting up was interrupted; the next start goes on with it.")
        raise SystemExit(INTERRUPTED) from None


def become(*arguments: str) -> NoReturn:
    """Goes on as the environment's Python with `arguments`: same terminal, signals and status."""
    command = [str(PYTHON), *arguments]
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(PYTHON, command)
    # Windows has no exec that keeps the console: wait, and leave Ctrl+C to the child.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(subprocess.call(command))


def become_main(module: str, arguments: Sequence[str]) -> NoReturn:
    """Goes on in `main` of a module in scripts/ that needs the environment's packages."""
    scripts = str(ROOT / "scripts")
    program = f"from {module} import main; sys.exit(main(sys.argv[1:]))"
    become("-c", f"import sys; sys.path.insert(0, {scripts!r}); {program}", *arguments)


def _make(step: Step) -> None:
    try:
        step.make()
    except NoWay as failure:
        kept = step.enough()
        if not kept:
            raise
        client = str(failure).partition(";")[0]
        say(f"Setting up: {client}. Going on with {kept}; the next start tries again.")


@contextmanager
def _only_one() -> Iterator[None]:
    """Holds the checkout's set-up lock; the system lets go of it even if we are killed."""
    with open(ROOT / ".venv.lock", "a") as file:
        if not _take(file):
            say("Setting up: waiting for another set-up to finish ...")
            while not _take(file):
                time.sleep(0.2)
        yield


def _take(file: IO[str]) -> bool:
    """Takes the lock if nobody has it; closing the file gives it back."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
