"""Makes the installer for Windows and tries it in a Windows on which nothing is installed: Wine.

`sudo python3 scripts/clean_windows.py [FOLDER]` sets that up beside the machine's own system (2 GB,
some minutes, on Debian as root). FOLDER is the program's, made on Windows; without one it is what
`python3 scripts/test.py --wine` made. Status 0 only if a version before was installed without a
question, somebody said something in it, this one took its place with what was said, though not
while it ran, was removed with all that it had put anywhere, and left what was said alone.
"""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Final

import environment
import packages
import source_time
from clean_system import GUEST, SAY_AND_STOP, CleanSystem, expect, prepare
from commands import Failed, say
from product import NAME, VERSION
from windows import inno, place

SYSTEM: Final = ("wine32:i386", "wine64")
"""The compiler and what it makes are programs of 32 bits, Hearth is one of 64."""
ARCHITECTURES: Final = ("amd64", "i386")
OLDER: Final = "0.0.1"
QUIETLY: Final = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")
"""https://jrsoftware.org/ishelp/topic_setupcmdline.htm"""
LOCAL: Final = rf"C:\users\{GUEST}\AppData\Local"
INSTALLED: Final = rf"{LOCAL}\Programs\{NAME}"
PROGRAM: Final = rf"{INSTALLED}\{NAME}.exe"
ROOMS: Final = rf"{LOCAL}\{NAME}\rooms"
MENU: Final = rf"C:\users\{GUEST}\AppData\Roaming\Microsoft\Windows\Start Menu\Programs"
SHORTCUTS: Final = (rf"{MENU}\{NAME}.lnk", rf"C:\users\{GUEST}\Desktop\{NAME}.lnk")
ALLOWED: Final = f'"FirewallAllows"="{PROGRAM}"'.replace("\\", r"\\")
"""In the registry, where a backslash stands for the next letter."""
AT_LOGIN: Final = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
WITH_WINE: Final = """
export PATH=/usr/lib/wine:$PATH WINELOADER=/usr/lib/wine/wine WINESERVER=/usr/lib/wine/wineserver64
export WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=;winemenubuilder.exe=d'
exec xvfb-run --auto-servernum sh -c '"$@"; status=$?; wineserver64 -w; exit $status' sh "$@"
"""
"""Each command waits for all of Wine: what that has not written down by then would be lost."""


class CleanWindows:
    """A person's Windows 10, with a drive C and nothing installed, in a clean system."""

    def __init__(self, system: CleanSystem) -> None:
        """Raises Failed."""
        self.system = system
        self.run("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")

    def run(self, *command: str) -> str:
        """Runs a program of Windows and gives what it says. Raises Failed."""
        return self.live("wine", *command)

    def live(self, *command: str) -> str:
        """Runs a program of the system around it, which may start Wine. Raises Failed."""
        return self.system.as_guest("sh", "-c", WITH_WINE, "sh", *command)

    def take(self, path: Path) -> str:
        """Copies a file or folder onto its drive C, and gives its place there."""
        self.system.take(path, f"/home/{GUEST}/.wine/drive_c")
        return rf"C:\{path.name}"

    def seen(self, path: str) -> Path:
        r"""Where a file or folder of its drive C, as `C:\folder\file`, is seen from outside.

        Wine has links there, as from the desktop to the person's own.
        """
        place = self.system.home() / ".wine" / "drive_c"
        for name in path.split("\\")[1:]:
            place /= name
            if place.is_symlink():
                place = self.system.root / os.readlink(place).lstrip("/")
        return place

    def registry(self) -> str:
        """All that is written down for this person in the registry."""
        self.run("reg", "export", r"HKCU\Software", r"C:\registry.reg", "/y")
        return self.seen(r"C:\registry.reg").read_text("utf-16")


def main(arguments: list[str]) -> int:
    """Gives the exit status: 1 where the installer fails, 2 where there is nothing to install."""
    environment.require_python()
    folder = Path(arguments[0]) if arguments else place.FOLDER
    if len(arguments) > 1 or not (folder / f"{NAME}.exe").is_file():
        say("Name the program's folder: python3 scripts/clean_windows.py FOLDER")
        return environment.WRONG_USAGE
    try:
        prepare()
        environment.prepare([packages.environment(), inno.step()])
        with tempfile.TemporaryDirectory(prefix="hearth-windows-") as work:
            say("Setting up a clean system ...")
            windows = CleanWindows(CleanSystem(Path(work, "root"), SYSTEM, ARCHITECTURES))
            say("Making two installers ...")
            compiler = windows.take(inno.FOLDER)
            before, now = (
                made(windows, compiler, folder, Path(work, f"of-{version}"), version)
                for version in (OLDER, VERSION)
            )
            say("Trying them ...")
            tried(windows, before, now)
            size = windows.seen(now).stat().st_size
    except Failed as failure:
        say(f"The installer does not work: {failure}")
        return 1
    print(f"An installer of {size / 1e6:.1f} MB installed Hearth, replaced it and removed it.")
    return 0


def made(windows: CleanWindows, compiler: str, folder: Path, stage: Path, version: str) -> str:
    """The installer of `version`, compiled in there: what it is called there. Raises Failed."""
    inno.stage(folder, stage, source_time.source_time() or 0)
    there = windows.take(stage)
    script = rf"{there}\{inno.SCRIPT}"
    windows.run(rf"{compiler}\{inno.COMPILER}", *inno.options(version), script)
    return rf"{there}\{inno.SETUP}.exe"


def tried(windows: CleanWindows, before: str, now: str) -> None:
    """Installs one version, then the next, lives with both, and removes it. Raises Failed."""
    hearth = ("wine", PROGRAM)
    windows.run(before, *QUIETLY)
    _is_installed(windows, OLDER)
    windows.run("reg", "add", AT_LOGIN, "/v", NAME, "/d", f'"{PROGRAM}" --rooms={ROOMS}')
    expect([], windows.live(*SAY_AND_STOP, "Said before", *hearth))

    meanwhile = f"--meanwhile={shlex.join(['wine', now, *QUIETLY])}"
    told = windows.live(*SAY_AND_STOP, meanwhile, "Said meanwhile", *hearth)
    expect(["Said before", "status 1"], told)
    _is_installed(windows, OLDER)

    windows.run(now, *QUIETLY, "/TASKS=desktop,firewall")
    _is_installed(windows, VERSION)
    if ALLOWED not in windows.registry() or not windows.seen(SHORTCUTS[1]).exists():
        raise Failed("it did not do what it was asked for besides")
    expect(["Said before", "Said meanwhile"], windows.live(*SAY_AND_STOP, "Said after", *hearth))

    windows.run(rf"{INSTALLED}\unins000.exe", *QUIETLY)
    left = [x for x in (INSTALLED, *SHORTCUTS) if windows.seen(x).exists()]
    left += [x for x in windows.registry().splitlines() if NAME in x]
    if left:
        raise Failed(f"removed, it left {', '.join(left)}")
    kept = windows.seen(rf"{ROOMS}\general.jsonl").read_text("utf-8")
    if not all(x in kept for x in ("Said before", "Said meanwhile", "Said after")):
        raise Failed("what was said went with the program")


def _is_installed(windows: CleanWindows, version: str) -> None:
    if f'"DisplayVersion"="{version}"' not in windows.registry():
        raise Failed(f"version {version} is not installed")
    missing = [x for x in (PROGRAM, SHORTCUTS[0]) if not windows.seen(x).exists()]
    if missing:
        raise Failed(f"installed, it has no {', '.join(missing)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
