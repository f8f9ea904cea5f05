"""A Debian beside the machine's own, with nothing but what a program needs, to try it in.

All commands run in it (chroot), with processes and a network of their own, so that none of them
touches the machine. Needs root and mmdebstrap.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import commands
import debian
from commands import ROOT, Failed

BESIDES: Final = ("python3", "xvfb", "xauth")
"""What tries a program needs these."""
GUEST: Final = "guest"
TOOLS: Final = ("mmdebstrap", "iproute2")
"""What sets it up and runs commands in it."""
SAY_AND_STOP: Final = ("python3", "/srv/scripts/say_and_stop.py")
SMOKE: Final = (
    *("xvfb-run", "--auto-servernum", "python3", "/srv/scripts/smoke.py", "/usr/bin/hearth"),
)
ROOMS: Final = ".local/share/hearth/rooms"
COMPLAINT: Final = "Hearth: "
"""How a line begins that Hearth says of trouble."""
_START: Final = """
set -e
mount --make-rprivate /
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
ip link set lo up
chroot "$@"
"""
"""Not by exec: what a command is told by signals does not reach the first process of all."""
_SHARED: Final = """#!/bin/sh
# Runs a program of the system {root} with the temporary folder, network and processes of this one.
exec /usr/bin/unshare --mount --propagation private /bin/sh -c '
/bin/mount --rbind /tmp {root}/tmp
/bin/mount -t proc proc {root}/proc
/bin/mount --rbind /dev {root}/dev
exec /usr/sbin/chroot {root} {program} "$@"' sh "$@"
"""
PATIENCE: Final = 300
"""Seconds for one command."""


def prepare() -> None:
    """Installs what sets one up. Raises Failed where that cannot be."""
    if not debian.may_install():
        raise Failed("it is tried on Debian, by root")
    debian.install(TOOLS)


class CleanSystem:
    """The system in the folder `root`, which is empty or not there yet."""

    def __init__(
        self, root: Path, packages: Sequence[str], architectures: Sequence[str] = ()
    ) -> None:
        """Sets it up with these `packages`, and a person. Raises Failed.

        `architectures`, as Debian calls them, are there in place of the machine's own alone; it is
        then without security updates, which may have come for one of them and not yet for another.
        """
        self.root = root
        suite = platform.freedesktop_os_release().get("VERSION_CODENAME", "stable")
        released = "sed -i '/-security\\|-updates/d' \"$1/etc/apt/sources.list\""
        several = (f"--architectures={','.join(architectures)}", f"--setup-hook={released}")
        commands.run(
            [
                *("mmdebstrap", "--mode=root", "--variant=minbase"),
                *(several if architectures else ()),
                f"--include={','.join([*packages, *BESIDES])}",
                *(suite, root),
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

    def command(self, program: str, file: Path) -> Path:
        """Writes to `file` a command that runs a program there as one of this system, and as root.

        What drives programs from outside shares its screen and its files with it by this.
        """
        file.write_text(_SHARED.format(root=self.root, program=program), encoding="utf-8")
        file.chmod(0o755)
        return file

    def take(self, path: Path, folder: str = "/srv") -> str:
        """Copies a file or folder into a `folder` there, for the person; gives its place there."""
        place = f"{folder}/{path.name}"
        if path.is_dir():
            shutil.copytree(path, self.root / place[1:])
        else:
            shutil.copy(path, self.root / place[1:])
        self.as_root("chown", "--recursive", f"{GUEST}:", place)
        return place

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


def expect(lines: Sequence[str], told: str) -> None:
    """Raises Failed where `told` are other lines, not counting complaints of Hearth's."""
    found = [line for line in told.splitlines() if not line.startswith(COMPLAINT)]
    if found != list(lines):
        raise Failed(f"where {list(lines)} was to be found, there was {found}")


def expect_removed(system: CleanSystem, said: Sequence[str]) -> None:
    """Raises Failed where a removed package left something, or took along what was said."""
    places = ("usr/bin", "usr/lib", "usr/share/doc", "usr/share/licenses")
    left = [place for place in places if (system.root / place / "hearth").exists()]
    if left:
        raise Failed(f"removed, it left something in {', '.join(left)}")
    kept = (system.home() / ROOMS / "general.jsonl").read_text("utf-8")
    if not all(sentence in kept for sentence in said):
        raise Failed("what was said went with the package")
