"""Builds what is committed twice, in two places that share nothing, and compares every byte.

`python3 scripts/same_bytes.py` takes some minutes, and 2 GB below the system's temporary folder.
Each place is a clone with an environment of its own. Status 0 only if both made the same files.
"""

from __future__ import annotations

import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import commands
import environment
from commands import ROOT, Failed, say

PLACES = ("one", "another/of/a longer name")
MADE_BY = "scripts/release.py"


def main(arguments: list[str]) -> int:
    environment.require_python()
    commands.verbose(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="hearth-same-") as folder:
            one, other = (made(Path(folder, place)) for place in PLACES)
    except Failed as failure:
        say(f"Building twice failed: {failure}")
        return 1
    for name in differing(one, other):
        say(f"{name}: {one.get(name, 'not there')}, then {other.get(name, 'not there')}")
    if one != other:
        return 1
    print(f"Twice the same {len(one)} files.")
    return 0


def made(clone: Path) -> dict[str, str]:
    """Clones what is committed into `clone`, builds there, and gives the sums of what it made."""
    clone.parent.mkdir(parents=True, exist_ok=True)
    commands.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, clone])
    say(f"Building in {clone} ...")
    commands.run([sys.executable, clone / MADE_BY])
    return sums(clone / "dist")


def sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file in it, and whether it may be run, by its path there."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        + (" (a program)" if path.stat().st_mode & 0o100 else "")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The files that are not in both, or not the same there."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
