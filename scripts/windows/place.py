"""Where the small Windows is, and how a program is run in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import commands
from commands import ROOT

PLACE: Final = ROOT / "build" / "wine"
PREFIX: Final = PLACE / "prefix"
"""Wine's own: drive C, the registry, and which other drives there are."""
PYTHON: Final = PLACE / "python"
PACKAGES: Final = PLACE / "packages"
PROGRAM: Final = PLACE / "dist" / "Hearth.exe"
FOLDER: Final = PLACE / "dist" / "Hearth"
"""The same as a folder, of which an installer is made."""
HOME: Final = PLACE / "home"
"""Of Wine's user, whose Documents, Desktop and so on would be this user's own folders else."""
COPY: Final = PLACE / "checkout"
"""A copy of the checkout. What runs in there may remove what it works on, and Wine takes links for
folders: an environment there was once removed with the Python that it links to.
"""
DRIVES: Final = {"h:": COPY, "p:": PLACE}
"""All there are besides C: none is this machine's root, so there is no /proc either."""
WINE: Final = Path("/usr/lib/wine/wine64")
"""Debian's start script, `wine`, asks for the Wine of 32 bits too, which nothing here needs."""
SERVER: Final = WINE.with_name("wineserver64")


def on_windows(path: Path) -> str:
    """What a path in the small Windows, or in the checkout's copy, is called in there.

    Raises ValueError for others.
    """
    drive, top = ("H:", COPY) if path.is_relative_to(COPY) else ("P:", PLACE)
    return "\\".join((drive, *path.relative_to(top).parts))


def environment(also_set: Mapping[str, str] | None = None) -> dict[str, str]:
    """All variables of a program in there; the system adds its own, and nobody else's leak in."""
    return {
        "HOME": str(HOME),
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "WINEPREFIX": str(PREFIX),
        "WINEDEBUG": "-all",
        # .NET and Internet Explorer, which it would offer to fetch, and what makes menus for it.
        "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
        "PYTHONPATH": on_windows(PACKAGES),
        # Those beside the sources are the checkout's own Python's, and name its paths.
        "PYTHONPYCACHEPREFIX": on_windows(PLACE / "compiled"),
        **(also_set or {}),
    }


def python(*arguments: str) -> list[str]:
    """The command that starts Windows' Python."""
    return [str(WINE), on_windows(PYTHON / "python.exe"), *arguments]


def run(
    command: Sequence[str],
    seconds: float,
    also_set: Mapping[str, str] | None = None,
    heard: Callable[[str], None] = lambda line: None,
    allowed: Sequence[int] = (0,),
) -> str:
    """Run a command in there, in the copy, and give its output, of which each line is `heard`.

    Raises Failed on a status that is not `allowed`: 124 means that it took longer than `seconds`.
    Its output is a pipe, as it has to be: Windows' Python does not start where it is a file.
    """
    COPY.mkdir(parents=True, exist_ok=True)
    pairs = [f"{name}={value}" for name, value in environment(also_set).items()]
    limit = ["timeout", "--kill-after=10", f"{seconds:.0f}"]
    whole = [*limit, "env", f"--chdir={COPY}", "--ignore-environment", *pairs, *command]
    return commands.run(whole, None, allowed, heard=heard)


def end() -> None:
    """End all programs that still run in there, and wait until they have ended."""
    if PREFIX.is_dir() and SERVER.exists():
        run([str(SERVER), "--kill"], 60, allowed=(0, 1))
        run([str(SERVER), "--wait"], 60)
