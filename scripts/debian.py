"""System packages on Debian and its kin: which are missing, and how to install them as root.

Knows apt and dpkg and nothing of what the packages are for.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import commands
from commands import Download, Failed, NoWay, run, say

APT = (
    "apt-get",
    "--yes",
    "--no-install-recommends",
    "--option=DPkg::Lock::Timeout=300",  # seconds; another installation may be running
)
GETS = Download(
    "apt",
    news=r"Get:|Hit:|Unpacking|Setting up|Fetched",
    busy=r"Waiting for|Reading|Building",
    fetched=r"(?!)",
    no_way=r"Could not (resolve|connect)|Temporary failure|Cannot initiate|Unable to connect"
    r"|[Cc]onnection (timed out|refused|failed)|Network is unreachable",
    folders=[Path("/var/lib/apt/lists"), Path("/var/cache/apt/archives")],
)
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1", "LC_ALL": "C.UTF-8"}


def here() -> bool:
    """Whether this system takes its packages from apt."""
    return shutil.which("apt-get") is not None and shutil.which("dpkg-query") is not None


def may_install() -> bool:
    return here() and sys.platform != "win32" and os.geteuid() == 0


def missing(packages: Sequence[str]) -> list[str]:
    """Those of `packages` that are not installed."""
    show = "--showformat=${Package} ${db:Status-Status}\\n"
    told = run(["dpkg-query", "--show", show, *packages], QUIET, allowed=(0, 1))
    return [name for name in packages if f"{name} installed" not in told.splitlines()]


def install(packages: Sequence[str]) -> None:
    """Installs what is missing of `packages`; raises Failed with the command where it may not."""
    wanted = missing(packages) if here() else list(packages)
    if not wanted:
        return
    if not may_install():
        raise Failed(advice(wanted))
    say(f"Setting up: system packages {', '.join(wanted)} ...")
    try:
        _install(wanted)
    except NoWay:
        raise
    except Failed:
        # Lists that are empty or old, a name not known yet, an installation cut short.
        run(["dpkg", "--configure", "--pending"], QUIET)
        told = _get("update")
        try:
            _install(wanted)
        except Failed:
            if re.search(GETS.no_way, told):  # which is no failure to apt
                raise NoWay(GETS.client) from None
            raise


def _install(packages: Sequence[str]) -> None:
    """Fetches all of them first, so that nothing is ended while it changes the system."""
    _get("install", "--download-only", *packages)
    run([*APT, "install", *packages], QUIET, download=GETS._replace(fetched=""))


def _get(*arguments: str) -> str:
    """Has apt fetch something, with little patience: it changes nothing that is installed."""
    seconds = f"{commands.STALLED * 2 / 3:.0f}"
    patience = [f"--option=Acquire::{kind}::Timeout={seconds}" for kind in ("http", "https")]
    return run([*APT, *patience, "--option=Acquire::Retries=0", *arguments], QUIET, download=GETS)


def advice(packages: Sequence[str]) -> str:
    """One sentence that names `packages` and how to get them."""
    names = " ".join(packages)
    if here():
        return f"this machine lacks system packages; install them by: sudo apt-get install {names}"
    return f"this machine lacks what Debian calls {names}; install it with the system's own tools"
