"""Tries the Debian package in a system in which nothing but what it depends on is installed.

`sudo python3 scripts/clean_root.py PACKAGE.deb` sets that up in a temporary folder (1 GB, some
minutes, on Debian as root). Status 0 only if a version before was installed, somebody said
something in it, this one took its place with what was said, showed its window, was removed, and
left what was said alone.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import debian
import environment
from clean_system import CleanSystem
from commands import Failed, say
from linux.debian_package import needs, older

TOOLS = ("mmdebstrap", "iproute2")
ROOMS = ".local/share/hearth/rooms"
RESIDENT = ("python3", "/srv/scripts/resident.py")
SMOKE = ("xvfb-run", "--auto-servernum", "python3", "/srv/scripts/smoke.py", "/usr/bin/hearth")


def main(arguments: list[str]) -> int:
    """Gives the exit status: 1 where the package fails, 2 where there is none."""
    environment.require_python()
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        say("Name the package to try: python3 scripts/clean_root.py PACKAGE.deb")
        return environment.WRONG_USAGE
    try:
        if not debian.may_install():
            raise Failed("it is tried on Debian, by root")
        debian.install(TOOLS)
        with tempfile.TemporaryDirectory(prefix="hearth-clean-") as folder:
            say("Setting up a clean system ...")
            package = Path(arguments[0]).absolute()
            before = older(package, Path(folder))
            system = CleanSystem(Path(folder, "root"), needs(package))
            told = tried(system, before, package)
    except Failed as failure:
        say(f"The package does not work: {failure}")
        return 1
    print(told)
    return 0


def tried(system: CleanSystem, before: Path, package: Path) -> str:
    """Installs one version, then the next, lives with both, and gives what smoke.py says."""
    system.as_root("dpkg", "--install", system.take(before))
    _expect([], system.as_guest(*RESIDENT, "Said before"))
    system.as_root("dpkg", "--install", system.take(package))
    _expect(["Said before"], system.as_guest(*RESIDENT, "Said after"))
    told = system.as_guest(*SMOKE)
    system.as_root("dpkg", "--purge", "hearth")
    left = [
        x for x in ("usr/bin", "usr/lib", "usr/share/doc") if (system.root / x / "hearth").exists()
    ]
    if left:
        raise Failed(f"removed, it left something in {', '.join(left)}")
    kept = (system.home() / ROOMS / "general.jsonl").read_text("utf-8")
    if not ("Said before" in kept and "Said after" in kept):
        raise Failed("what was said went with the package")
    return told.strip()


def _expect(sentences: list[str], told: str) -> None:
    if told.splitlines() != sentences:
        raise Failed(f"where {sentences} had been said, it had {told.splitlines()}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
