"""A Debian beside the machine's own, with nothing but what a package needs, to try it in.

All commands run in it (chroot), with processes and a network of their own, so that none of them
touches the machine. Needs root and mmdebstrap.
"""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import commands
from commands import ROOT, Failed

BESIDES: Final = ("python3", "xvfb", "xauth")
"""What tries the program needs these; the program does not."""
GUEST: Final = "guest"
_START: Final = """
set -e
mount --make-rprivate /
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
ip link set lo up
chroot "$@"
"""
"""Not by exec: what a command is told by signals does not reach the first process of all."""
PATIENCE: Final = 300
"""Seconds for one command."""


class CleanSystem:
    """The system in the folder `root`, which is empty or not there yet."""

    def __init__(self, root: Path, package: Path) -> None:
        """Sets it up with what `package` depends on, and a person. Raises Failed."""
        self.root = root
        needs = commands.run(["dpkg-deb", "--field", package, "Depends"])
        wanted = [*re.findall(r"(?:^|, )([\w.+-]+)", needs), *BESIDES]
        suite = platform.freedesktop_os_release().get("VERSION_CODENAME", "stable")
        commands.run(
            [
                *("mmdebstrap", "--mode=root", "--variant=minbase"),
                *(f"--include={','.join(wanted)}", suite, root),
            ]
        )
        shutil.copytree(ROOT / "scripts", root / "srv" / "scripts")
        self.as_root("useradd", "--create-home", GUEST)

    def as_root(self, *command: str) -> str:
        """Runs a command there as root and gives what it says. Raises Failed."""
        return self._run([str(self.root)], command)

    def as_guest(self, *command: str) -> str:
        """Runs a command there as a person. Raises Failed."""
        home = ("env", f"HOME=/home/{GUEST}", f"USER={GUEST}")
        return self._run([f"--userspec={GUEST}", str(self.root)], [*home, *command])

    def take(self, file: Path) -> str:
        """Copies a file into it and gives its place there."""
        shutil.copy(file, self.root / "srv")
        return f"/srv/{file.name}"

    def home(self) -> Path:
        """The person's folder, seen from outside."""
        return self.root / "home" / GUEST

    def _run(self, chroot: Sequence[str], command: Sequence[str]) -> str:
        # $0 is the folder, $@ what chroot is to be told.
        start = ["sh", "-c", _START, str(self.root), *chroot, *command]
        apart = (
            "timeout",
            f"{PATIENCE}",
            "unshare",
            "--mount",
            "--pid",
            "--net",
            "--fork",
            "--kill-child",
        )
        path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        return commands.run([*apart, *start], {**path, "LC_ALL": "C.UTF-8"})


def older(package: Path, work: Path) -> Path:
    """The same package as version 0.0.1 would have been, in the folder `work`. Raises Failed."""
    commands.run(["dpkg-deb", "--raw-extract", package, work / "older"])
    control = work / "older" / "DEBIAN" / "control"
    text, changed = re.subn(r"(?m)^Version: .*$", "Version: 0.0.1", control.read_text("utf-8"))
    if not changed:
        raise Failed(f"{package.name} has no version")
    control.write_text(text, encoding="utf-8")
    commands.run(["dpkg-deb", "--root-owner-group", "--build", work / "older", work / "older.deb"])
    return work / "older.deb"
