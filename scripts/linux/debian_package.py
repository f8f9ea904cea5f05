"""What a Debian package tells of itself, and the same one as an earlier version."""

from __future__ import annotations

import re
from pathlib import Path

import commands
from commands import Failed


def needs(package: Path) -> list[str]:
    """The names of the packages that it depends on. Raises Failed."""
    told = commands.run(["dpkg-deb", "--field", package, "Depends"])
    return re.findall(r"(?:^|, )([\w.+-]+)", told)


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
