"""Tries the packages for Fedora and Arch by those systems' own tools, in a clean Debian.

`sudo python3 scripts/clean_others.py PACKAGE ...` sets that up in a temporary folder (1 GB, two
minutes, on Debian as root), for files that end in `.rpm` or `.pkg.tar.zst`. Debian has both tools,
and the libraries under other names: so nobody looks at dependencies. Status 0 only if each package
was installed, somebody said something, it was installed over itself with what was said, its files
were as the tool knows them, it showed its window, was removed, and left what was said alone.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

import environment
from clean_system import SAY_AND_STOP, SMOKE, CleanSystem, expect, expect_removed, prepare
from commands import Failed, say
from linux import nfpm


class Tool(NamedTuple):
    """What installs packages: how it is told to, to compare what is there, and to remove it."""

    debian: str
    """Debian's package of it."""
    install: tuple[str, ...]
    compare: tuple[str, ...]
    remove: tuple[str, ...]


_PACMAN: Final = ("pacman", "--config", "/dev/null", "--noconfirm")
"""As it is by itself: Debian's settings have it look for free space, of which a chroot has none."""
TOOLS_OF: Final = {
    ".rpm": Tool(
        "rpm",
        ("rpm", "--upgrade", "--nodeps", "--replacepkgs"),
        ("rpm", "--verify", "--nodeps", "hearth"),
        ("rpm", "--erase", "hearth"),
    ),
    ".pkg.tar.zst": Tool(
        "pacman-package-manager",
        (*_PACMAN, "--upgrade", "--nodeps", "--nodeps"),
        (*_PACMAN, "--query", "--check", "--check", "--quiet", "hearth"),
        (*_PACMAN, "--remove", "hearth"),
    ),
}
"""By how the names of packages end."""


def main(arguments: list[str]) -> int:
    """Gives the exit status: 1 where a package fails, 2 where there is none."""
    environment.require_python()
    packages = [(Path(x), tool_of(x)) for x in arguments if Path(x).is_file()]
    known = [(path, tool) for path, tool in packages if tool is not None]
    if not known or len(known) != len(arguments):
        say("Name the packages to try: python3 scripts/clean_others.py PACKAGE.rpm ...")
        return environment.WRONG_USAGE
    try:
        prepare()
        with tempfile.TemporaryDirectory(prefix="hearth-clean-") as folder:
            say("Setting up a clean system ...")
            needs = [re.split("[ (]", x)[0] for x in nfpm.NEEDS["deb"]]
            tools = {tool.debian for _, tool in known}
            system = CleanSystem(Path(folder, "root"), [*needs, *sorted(tools)])
            said: list[str] = []
            for package, tool in known:
                try:
                    print(f"{package.name}: {tried(system, tool, package, said)}", flush=True)
                except Failed as failure:
                    raise Failed(f"{package.name} does not work: {failure}") from None
    except Failed as failure:
        say(str(failure))
        return 1
    return 0


def tool_of(name: str) -> Tool | None:
    """What installs a package whose file is called so."""
    return next((tool for end, tool in TOOLS_OF.items() if name.endswith(end)), None)


def tried(system: CleanSystem, tool: Tool, package: Path, said: list[str]) -> str:
    """Installs a package, lives with it, removes it, and gives what smoke.py says.

    `said` are the sentences of those before it, and then its own as well. Raises Failed.
    """
    place = system.take(package)
    for sentence in (f"Said in {package.name}", f"Said after {package.name} came once more"):
        system.as_root(*tool.install, place)
        expect(said, system.as_guest(*SAY_AND_STOP, sentence))
        said.append(sentence)
    try:
        system.as_root(*tool.compare)
    except Failed as failure:
        raise Failed(f"its files are not as it brought them: {failure}") from None
    told = system.as_guest(*SMOKE)
    system.as_root(*tool.remove)
    expect_removed(system, said)
    return told.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
