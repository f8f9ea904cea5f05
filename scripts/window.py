"""What only the native window needs on Linux: WebKitGTK and its Python binding in .venv.

Windows and macOS bring their own web view. Without a window Hearth opens in the browser, so for a
start this is never a reason to stop.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from glob import glob
from pathlib import Path

import debian
from commands import Failed, say
from environment import VENV, Step
from packages import pip_install, python_version

TYPELIBS = (
    "/usr/lib/*/girepository-1.0",
    "/usr/lib64/girepository-1.0",
    "/usr/lib/girepository-1.0",
)
BINDING = ("gir1.2-webkit2-4.1", "python3-gi")
COMPILER = ("libgirepository1.0-dev", "libcairo2-dev", "gcc", "pkg-config")
"""What a binding for another Python than the system's is compiled with."""
WINDOWLESS = {"--no-window", "--browser", "--help", "-h", "--version"}


def wanted(arguments: Sequence[str]) -> bool:
    """Whether a start with `arguments` opens the window: it may, and there is a screen."""
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(screen) and WINDOWLESS.isdisjoint(arguments)


def toolkit(needed: bool) -> Step:
    """WebKitGTK and its binding; where it cannot have them and they are not `needed`, says so."""

    def make() -> None:
        try:
            _make()
        except Failed as failure:
            if needed and debian.may_install():
                raise
            say(f"Without Hearth's own window: {failure}")

    return Step("the window's toolkit", is_there, make)


def is_there() -> bool:
    """Whether the window can open as far as files tell."""
    return not sys.platform.startswith("linux") or (_web_view() and (_site() / "gi").exists())


def _make() -> None:
    if not _web_view() or _system_binding() is None:
        debian.install(BINDING)
    binding = _system_binding()
    if binding is None:  # the environment's Python is not the system's version: compile it
        debian.install(COMPILER)
        pip_install("PyGObject==3.50.0")  # newer ones need a library that Debian 12 lacks
        return
    # Its metadata too: packaging tools ask for the version by it.
    for source in (binding, *binding.parent.glob("[Pp]y[Gg][Oo]bject-*-info")):
        link = _site() / source.name
        if link.is_symlink():
            link.unlink()
        link.symlink_to(source)


def _web_view() -> bool:
    return any(glob(f"{folder}/WebKit2-4.1.typelib") for folder in TYPELIBS)


def _system_binding() -> Path | None:
    """The system's own `gi` package, where it was built for the environment's Python version."""
    major, minor = python_version()
    for folder in (
        "/usr/lib/python3/dist-packages",
        f"/usr/lib64/python{major}.{minor}/site-packages",
        f"/usr/lib/python{major}.{minor}/site-packages",
    ):
        if glob(f"{folder}/gi/_gi.cpython-{major}{minor}-*.so"):
            return Path(folder, "gi")
    return None


def _site() -> Path:
    return VENV / "lib" / "python{}.{}".format(*python_version()) / "site-packages"
