"""What the window remembers from one start to the next, in a file of the hub's folder."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Lock, Timer
from typing import Final, Literal

import msgspec

from hub.folder import SMALL_FILE_BYTES
from hub.store import disk

log = logging.getLogger(__name__)

SAVE_SECONDS: Final = 1.0
"""Seconds after a change in which further ones are gathered: a disk may be slow."""
_LARGEST: Final = 100_000
"""Pixels; more than any screen has, and few enough for every toolkit."""


class Place(msgspec.Struct, frozen=True):
    """Where a window is, in pywebview's units, from the upper left corner of the first screen.

    A `maximized` window has the size and place that it will have again as it is restored.
    """

    x: int
    y: int
    width: int
    height: int
    maximized: bool = False

    def is_sane(self) -> bool:
        """Whether a toolkit can be asked for it."""
        far = max(abs(self.x), abs(self.y), self.width, self.height)
        return far <= _LARGEST and min(self.width, self.height) > 0


class Remembered(msgspec.Struct, frozen=True):
    """`zoom` is a factor; `downloads` is the folder of the last download, None before the first;
    `closing` says what comes of closing the window where there is a tray.
    """

    place: Place | None = None
    zoom: float = 1.0
    downloads: str | None = None
    closing: Literal["ask", "keep", "quit"] = "ask"


class Memory:
    """Keeps a Remembered in `file`. A file that cannot be read or written costs only that."""

    def __init__(self, file: Path | None) -> None:
        """`file` is None where nothing is to be kept."""
        self._file = file
        self._lock = Lock()
        self._saving: Timer | None = None
        self.value = self._saved = Remembered() if file is None else _read(file)

    def change(self, **values: object) -> None:
        """Change fields of the value; they are written a little later."""
        self.value = msgspec.structs.replace(self.value, **values)
        if self.value != self._saved and self._saving is None and self._file is not None:
            self._saving = Timer(SAVE_SECONDS, self.save)
            self._saving.daemon = True
            self._saving.start()

    def save(self) -> None:
        """Write what was changed, if anything was; may be called on any thread."""
        with self._lock:
            self._saving = None
            value = self.value
            if self._file is None or value == self._saved:
                return
            try:
                disk.write_atomically(self._file, msgspec.json.encode(value))
                self._saved = value
            except OSError as error:
                log.warning("%s was not written: %s", self._file.name, error.strerror or error)


def _read(file: Path) -> Remembered:
    try:
        found = msgspec.json.decode(disk.read_file(file, SMALL_FILE_BYTES), type=Remembered)
    except (OSError, msgspec.DecodeError):
        return Remembered()
    if found.place is not None and not found.place.is_sane():
        found = msgspec.structs.replace(found, place=None)
    return found
