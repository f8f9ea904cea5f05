"""Tries the Debian package in a system in which nothing but what it depends on is installed.

`sudo python3 scripts/clean_debian.py [--quick] PACKAGE.deb` sets that up in a temporary folder (1
GB, on Debian as root; a quarter of an hour, and with `--quick` two minutes). Status 0 only if a
version before was installed, somebody said something in it, this one took its place with what was
said, served two people of that computer at a time, showed its window, was removed, and left what
was said alone. Without `--quick` it is installed again and passes the tests that know Hearth from
outside: its window, tray, notifications, three browsers, and once more without the web view.
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from pathlib import Path

import commands
import environment
from clean_system import (
    COMPLAINT,
    GUEST,
    SAY_AND_STOP,
    SMOKE,
    CleanSystem,
    expect,
    expect_removed,
    prepare,
)
from commands import ROOT, Failed, say
from linux.debian_package import needs, older

OTHER = "other"
PORT_TAKEN = f"{COMPLAINT}Another program holds port 5000"


def main(arguments: list[str]) -> int:
    """Gives the exit status: 1 where the package fails, 2 where there is none."""
    environment.require_python()
    quick = "--quick" in arguments
    arguments = [x for x in arguments if x != "--quick"]
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        say("Name the package to try: python3 scripts/clean_debian.py PACKAGE.deb")
        return environment.WRONG_USAGE
    try:
        prepare()
        with tempfile.TemporaryDirectory(prefix="hearth-clean-") as folder:
            say("Setting up a clean system ...")
            package = Path(arguments[0]).absolute()
            before = older(package, Path(folder))
            system = CleanSystem(Path(folder, "root"), needs(package))
            told = tried(system, before, package)
            print(told, flush=True)
            if not quick:
                driven(system, package, Path(folder))
    except Failed as failure:
        say(f"The package does not work: {failure}")
        return 1
    return 0


def tried(system: CleanSystem, before: Path, package: Path) -> str:
    """Installs one version, then the next, lives with both, and gives what smoke.py says."""
    system.as_root("dpkg", "--install", system.take(before))
    expect([], system.as_guest(*SAY_AND_STOP, "Said before"))
    system.as_root("dpkg", "--install", system.take(package))
    expect(["Said before"], system.as_guest(*SAY_AND_STOP, "Said after"))
    _serves_two(system, ["Said before", "Said after"])
    told = system.as_guest(*SMOKE)
    system.as_root("dpkg", "--purge", "hearth")
    expect_removed(system, ["Said before", "Said after"])
    return told.strip()


def _serves_two(system: CleanSystem, said: list[str]) -> None:
    """Raises Failed where two people cannot use it at a time, each with rooms of their own."""
    system.as_root("useradd", "--create-home", OTHER)
    other = shlex.join([*SAY_AND_STOP, "Said by another", *_started_by(OTHER)])
    for before in ([], ["Said by one", "Said by another"]):
        told = system.as_root(
            *SAY_AND_STOP, f"--meanwhile={other}", "Said by one", *_started_by(GUEST)
        )
        if PORT_TAKEN not in told:
            raise Failed("nobody was told that another person's Hearth has the usual port")
        expect([*said, *before, "status 0"], told)


def _started_by(person: str) -> list[str]:
    """What starts Hearth as somebody who is logged in, told by root."""
    become = ("setpriv", f"--reuid={person}", f"--regid={person}", "--clear-groups")
    return [*become, "env", f"HOME=/home/{person}", f"USER={person}", "hearth"]


def driven(system: CleanSystem, package: Path, work: Path) -> None:
    """Has the tests drive the package from outside. Raises Failed."""
    system.as_root("dpkg", "--install", system.take(package))
    told = {"HEARTH_INSTALLED": str(system.command("/usr/bin/hearth", work / "hearth"))}
    tests = (sys.executable, ROOT / "scripts" / "test.py")
    for chosen in (["tests/desktop", "tests/e2e"], ["--browsers"]):
        say(f"Driving it: {' '.join(chosen)} ...")
        _pass(commands.run([*tests, *chosen], told))
    view = next(x for x in needs(package) if "webkit" in x)
    system.as_root("dpkg", "--remove", "--force-depends", view)
    without = ["tests/e2e/test_no_web_view.py", "-n0"]
    say("Driving it without the web view ...")
    _pass(commands.run([*tests, *without], {**told, "HEARTH_NO_WEB_VIEW": "1"}))


def _pass(told: str) -> None:
    """Prints how tests ended. Raises Failed where all of them were skipped."""
    ended = told.strip().rpartition("\n")[2]
    if " passed" not in ended:
        raise Failed(f"none of the tests ran: {ended}")
    print(ended, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
