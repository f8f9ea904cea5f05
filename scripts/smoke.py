"""Tries a built program where it was not built, as its users get it.

`python3 scripts/smoke.py PROGRAM [ARGUMENT ...]` needs no set-up. Status 0 only if the program
started, served, kept a message over a restart and stopped; and, where there is a screen, showed its
page in its own window.
"""

from __future__ import annotations

import sys
from pathlib import Path

import environment
import proof
import window
from commands import Failed, say


def main(arguments: list[str]) -> int:
    """Gives the exit status: 1 where the program fails, 2 where there is none."""
    environment.require_python()
    if not arguments or not Path(arguments[0]).is_file():
        say("Name the program to try: python3 scripts/smoke.py PROGRAM [ARGUMENT ...]")
        return environment.WRONG_USAGE
    program: list[str | Path] = [Path(arguments[0]).absolute(), *arguments[1:]]
    try:
        told = proof.of(*program)
        told += f", {proof.window(*program)}" if _screen() else "; there is no screen for a window"
    except Failed as failure:
        say(f"It does not work: {failure}")
        return 1
    print(f"{arguments[0]}: {told}")
    return 0


def _screen() -> bool:
    """Whether a window can be shown; Windows and macOS always have a screen."""
    return sys.platform in ("win32", "darwin") or window.wanted([])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
