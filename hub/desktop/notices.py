"""What whoever started Hearth ought to know: on a terminal, in the log, and on a host's page."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hub.desktop import console

log = logging.getLogger("hearth")

SYNCED: Final = {
    "onedrive": "OneDrive", "dropbox": "Dropbox", "google drive": "Google Drive",
    "googledrive": "Google Drive", "my drive": "Google Drive", "mobile documents": "iCloud",
    "com~apple~clouddocs": "iCloud", "icloud drive": "iCloud", "nextcloud": "Nextcloud",
    "owncloud": "ownCloud", "pclouddrive": "pCloud", "megasync": "MEGA", "yandex.disk":
    "Yandex Disk", "box sync": "Box", "seafile": "Seafile", "syncthing": "Syncthing",
}  # fmt: skip
"""What synced folders are called in small letters, and by whom."""
MARKS: Final = {
    ".stfolder": "Syncthing", ".dropbox": "Dropbox", ".dropbox.cache": "Dropbox",
    ".nextcloudsync.log": "Nextcloud", ".owncloudsync.log": "ownCloud",
}  # fmt: skip
"""What such programs leave in the folders that they sync."""


class Notices(list[str]):
    """Sentences for hosts. They go into the log too; `say` prints them, or only on a terminal."""

    def add(self, text: str, say: Callable[[str], None] = console.tell) -> None:
        self.append(text)
        say(text if text.startswith("Hearth") else f"Hearth: {text}")
        log.warning("%s", text)


def look(notices: Notices, folder: Path) -> None:
    """Add what is to be said of the user and of the place of the hub's `folder`."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        notices.add(
            "Hearth runs as root, and needs no such rights. Start it as an ordinary user: then a"
            " fault in it cannot harm the whole computer."
        )
    program = synced_by(folder)
    if program is not None:
        notices.add(
            f"The folder {folder} is synced by {program}, which copies files while Hearth writes"
            " them and may bring back older ones. Keep it in a folder of this computer alone, with"
            " --rooms."
        )


def synced_by(folder: Path) -> str | None:
    """The program that copies `folder` to other computers, as far as names and marks tell."""
    for place in (folder.absolute(), *folder.absolute().parents):
        name = place.name.lower()
        found = (program for start, program in SYNCED.items() if _is_called(name, start))
        program = next(found, None)
        if program is None and place.name:
            marks = (program for mark, program in MARKS.items() if os.path.lexists(place / mark))
            program = next(marks, None)
        if program is not None:
            return program
    return None


def _is_called(name: str, start: str) -> bool:
    """Whether a folder is called so, or so with an owner behind it, as `OneDrive - School`."""
    return name == start or name.startswith((f"{start} -", f"{start} (", f"{start}-"))
