"""System packages for tests and builds; running Hearth needs none of them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping

import debian
from commands import Failed, say
from environment import Step
from packages import note, python_version

TESTS: Mapping[str, str | None] = {
    "chromium": "chromium",
    "chromium-headless-shell": None,
    "xvfb": "Xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "wmctrl": "wmctrl",
    "x11-utils": "xwininfo",
    "dunst": "dunst",
    "iproute2": "ip",
    "e2fsprogs": "mkfs.ext4",
    "fonts-noto-core": None,
    "fonts-noto-cjk": None,
    "fonts-noto-color-emoji": None,
}
"""Debian's name for each package, and the program in it by which other systems are asked."""

BROWSERS: Mapping[str, str | None] = {
    "firefox-esr": "firefox-esr",
    "webkit2gtk-driver": "WebKitWebDriver",
}
"""Those besides Chromium in which tests/browsers runs."""

BUILDS: Mapping[str, str | None] = {
    "binutils": "strip",
    "gcc": "cc",
    "libc6-dev": None,
    "zlib1g-dev": None,
}


def for_tests() -> Step:
    """What tests drive: a browser, a screen with windows, networks, a file system, fonts."""
    return _step("what tests need of the system", {**BUILDS, **TESTS})


def for_browsers() -> Step:
    """What the tests in other browsers drive."""
    return _step("other browsers", BROWSERS)


def for_builds() -> Step:
    """What PyInstaller and its loader need of the system."""
    return _step("what a build needs of the system", BUILDS)


def _step(words: str, programs: Mapping[str, str | None]) -> Step:
    """A step that installs where it may and else names what is missing and goes on."""

    def make() -> None:
        try:
            debian.install(_missing(programs))
        except Failed as failure:
            if debian.may_install():
                raise
            say(f"Some tests will be skipped: {failure}")

    return Step(words, lambda: not _missing(programs), make)


def _missing(programs: Mapping[str, str | None]) -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    if debian.here():
        return debian.missing([*programs, *_shared_python()])
    return [name for name, program in programs.items() if program and not shutil.which(program)]


def _shared_python() -> list[str]:
    """Debian's Python is linked whole; PyInstaller wants the library that comes beside it."""
    if note("home") != "/usr/bin":
        return []
    return ["libpython{}.{}".format(*python_version())]
