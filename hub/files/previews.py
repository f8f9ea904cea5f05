"""The folder of previews: a small picture for each file whose sender made one."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from hub.files.preview import PREVIEW_BYTES, preview_name
from hub.files.room_folder import make_own
from hub.store import disk


class Previews:
    """`folder` is made with the first. Waits for the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changing = Lock()  # one thread at a time writes a file

    def path(self, room: str, id_: str) -> Path:
        """Where the preview of a file is; `room` is a canonical name."""
        return self._folder / preview_name(room, id_)

    def keep(self, room: str, id_: str, data: bytes) -> None:
        """Have it last. Raises OSError."""
        with self._changing:
            make_own(self._folder)
            disk.write_atomically(self.path(room, id_), data)

    def get(self, room: str, id_: str) -> bytes | None:
        """The preview of a file; None where there is none."""
        try:
            return disk.read_file(self.path(room, id_), PREVIEW_BYTES)
        except OSError:
            return None

    def remove(self, room: str, id_: str) -> None:
        """Take it away if it is there. Raises OSError."""
        with self._changing:
            disk.remove(self.path(room, id_))
