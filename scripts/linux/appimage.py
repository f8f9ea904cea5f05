"""Makes an AppImage: one file that carries the packages' files and mounts them as it starts.

Its tool, and the program that mounts it, come from elsewhere and are fetched by the workflow alone,
each as it is pinned there. https://docs.appimage.org
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import commands
from commands import Failed
from linux.contents import Entry
from product import PROGRAM

TOOL: Final = "HEARTH_APPIMAGETOOL"
"""The setting that names appimagetool; where there is none, no AppImage is made."""
RUNTIME: Final = "HEARTH_APPIMAGE_RUNTIME"
"""The setting that names the program which mounts it (type2-runtime)."""
LINKS: Final = {
    "AppRun": f"usr/bin/{PROGRAM}",
    f"{PROGRAM}.desktop": f"usr/share/applications/{PROGRAM}.desktop",
    f"{PROGRAM}.png": f"usr/share/icons/hicolor/512x512/apps/{PROGRAM}.png",
    ".DirIcon": f"{PROGRAM}.png",
}
"""Where desktops look, and at what; the program is the one that is called AppRun."""


def make(entries: Iterable[Entry], file: Path, seconds: int, work: Path) -> None:
    """Writes the AppImage to `file`, if the environment names the tools.

    `entries` are those of packages, `seconds` since 1970 is the time of all that is in it, and
    `work` a folder for what it is made of. Raises Failed.
    """
    folder = lay_out(entries, work / "AppDir")
    tool, runtime = (os.environ.get(name) for name in (TOOL, RUNTIME))
    if bool(tool) != bool(runtime):
        raise Failed(f"an AppImage needs both {TOOL} and {RUNTIME}")
    if tool and runtime:
        when = {"SOURCE_DATE_EPOCH": str(seconds)}
        commands.run([tool, "--no-appstream", "--runtime-file", runtime, folder, file], when)


def lay_out(entries: Iterable[Entry], folder: Path) -> Path:
    """Puts the files of packages into `folder`, with what an AppImage has beside them."""
    folder.mkdir()
    for entry in entries:
        place = folder / entry.place[1:]
        if entry.only or not (entry.source or entry.link):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.source:
            shutil.copyfile(entry.source, place)
            place.chmod(entry.mode)
        else:
            place.symlink_to(entry.link)
    for name, link in LINKS.items():
        (folder / name).symlink_to(link)
    return folder
