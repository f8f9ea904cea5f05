"""Whether what an earlier set-up left is good enough to start Hearth, where nothing can be fetched.

A changed lock file mostly means newer packages of the same kind. What is there serves in their
place if the program, run on it, does what it is for. The tools for tests and builds are held to
their locks: what they found would be worth nothing else.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from commands import ROOT, Failed, run, say
from environment import PYTHON

VERSIONS = """
import sys
from importlib.metadata import PackageNotFoundError, version
for name in sys.argv[1:]:
    try:
        print(name, version(name))
    except PackageNotFoundError:
        print(name)
"""


def python_packages() -> str:
    """In words what serves in place of requirements.txt, or '' where the program does not run."""
    import proof  # here, as a start with nothing to set up need not wait for it

    needed = dict(_pinned(ROOT / "requirements.txt"))
    say("Setting up: trying the packages that are there ...")
    try:
        told = run([PYTHON, "-c", VERSIONS, *needed]).splitlines()
        proof.of(PYTHON, ROOT / "launcher.py")
    except Failed:
        return ""
    there = dict(line.split() for line in told if " " in line)
    return _words({name: there.get(name, "") for name in needed}, needed)


def page_libraries() -> str:
    """The page's libraries that serve: all in the same major version, or '' if one is not."""
    import bundle

    locked = json.loads((ROOT / "ui" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {
        path: x["version"] for path, x in locked["packages"].items() if path and not x.get("dev")
    }
    there = {path: _installed(ROOT / "ui" / path) for path in packages}
    if any(there[path].split(".")[0] != wanted.split(".")[0] for path, wanted in packages.items()):
        return ""
    try:
        bundle.libraries()
    except FileNotFoundError:
        return ""
    return _words(there, packages)


def _pinned(lock: Path) -> list[tuple[str, str]]:
    """The packages of a lock file with their versions, those of other systems left out."""
    found = re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)(.*)", lock.read_text(encoding="utf-8"))
    return [(name, version) for name, version, marker in found if ";" not in marker]


def _installed(folder: Path) -> str:
    try:
        told = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        return ""
    return str(told)


def _words(there: dict[str, str], wanted: dict[str, str]) -> str:
    """What differs, as `flask 3.1.2 for 3.1.3`."""
    old = [
        f"{Path(name).name} {there[name] or 'left out'} for {version}"
        for name, version in wanted.items()
        if there[name] != version
    ]
    return ", ".join(old) or "what is there"
