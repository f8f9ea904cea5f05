"""Verifies the files of one room's messages, changes nothing, and follows no link.

Works beside a running hub: the room's folder is listed before the ledger is read, and that before
the room is read again, so that what comes or goes meanwhile is known.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from hub.files.safe_names import is_plain
from hub.files.upload import DOOMED, KIND, Upload, file_in, upload_in
from hub.folder import Folder
from hub.protocol.sent_file import SentFile
from hub.store import disk
from hub.store.ledger_lines import Newer, read
from hub.tools.verify_room import count, files_of

MOST_NAMES: Final = 20
"""Names of a finding, at most."""
MOST_LINES: Final = 100
"""Files of one room that are told of, at most."""

Borne = Mapping[int, list[SentFile]]
"""The files of a room's messages, by the number of each message."""


class FileKeys(NamedTuple):
    """What the ledger says of files: those without a message, and those that are to be removed,
    each with its room.
    """

    uploads: list[Upload]
    doomed: list[tuple[str, SentFile]]

    def placed(self, room: str) -> set[str]:
        """The names of files in the folder of a room whose message may still come."""
        files = [x.file for x in self.uploads if x.room == room and x.placed]
        return {composed(file.name) for file in files if file is not None}

    def removed(self, room: str) -> set[str]:
        return {composed(file.name) for other, file in self.doomed if other == room}


class RoomFiles:
    """The files of one room. `damage` are those that are not as they were sent, with the number of
    the message and what is wrong; `strays` the names of entries that no message bears.
    """

    def __init__(self, folder: Folder, room: str, borne: Borne | None) -> None:
        self.room = room
        self.damage: list[tuple[int, SentFile, str]] = []
        self.strays: list[str] = []
        self.number = self.size = 0
        self._file = folder.room_file(room)
        self._folder = disk.extended(folder.files / room)
        self._unknown = borne is None
        borne = borne or {}
        self._obstacle = _obstacle(self._folder)
        if self._obstacle is None:
            names = _names_in(borne)
            self.strays = [x for x in names_of(self._folder) if composed(x) not in names]
        for n, files in borne.items():
            for file in files:
                self.number += 1
                self.size += file.size
                wrong = self._obstacle or _wrong(self._folder, file)
                if wrong is not None:
                    self.damage.append((n, file, wrong))

    @property
    def is_odd(self) -> bool:
        """Whether there is something to tell of."""
        return bool(self.damage or self.strays or self._obstacle)

    @property
    def summary(self) -> str:
        state = "DAMAGED" if self.damage else "good"
        if self._unknown:
            state = "it cannot be told whose they are"
        sent = f"{count(self.number, 'file')}, {count(self.size, 'byte')}, "
        return f"files/{self.room}: {'' if self._unknown else sent}{state}"

    def look_again(self, ledger: FileKeys) -> None:
        """Leave out what only a running hub did meanwhile."""
        borne = files_of(self._file, self.room)
        if borne is not None:
            self.damage = [
                (n, file, wrong) for n, file, wrong in self.damage if file in borne.get(n, ())
            ]
        known = _names_in(borne or {}) | ledger.placed(self.room) | ledger.removed(self.room)
        self.strays = [
            x for x in self.strays if composed(x) not in known and os.path.lexists(self._folder / x)
        ]

    def sentences(self) -> Iterator[str]:
        """What was found, in words."""
        if self._obstacle and not self.damage:
            yield f"{self._obstacle}; Hearth leaves it alone."
        for n, file, wrong in self.damage[:MOST_LINES]:
            yield f"{printable(file.name)}, of message {n}: {wrong}"
        if len(self.damage) > MOST_LINES:
            yield f"and {len(self.damage) - MOST_LINES:,} more"
        if self.strays and not self._unknown:
            yield f"no message has, and Hearth leaves alone: {listed(self._folder, self.strays)}"


def _wrong(folder: Path, file: SentFile) -> str | None:
    """What is wrong with a file; None where it is as it was sent."""
    if not is_plain(file.name):
        return "no file can be called so"
    try:
        fd = disk.open_file(folder / file.name, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return "it is gone"
    except disk.Unfit as error:
        return f"{error.strerror}"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    try:
        size = os.fstat(fd).st_size
        if size != file.size:
            return f"it was changed: it has {count(size, 'byte')} instead of {file.size:,}"
        if _sum(fd, size) != file.sha256:
            return "it was changed: it has as many bytes, but others"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    finally:
        os.close(fd)
    return None


def _sum(fd: int, size: int) -> str:
    """SHA-256 of so many bytes of a file, of which few are held at a time."""
    sum_, at = hashlib.sha256(), 0
    while at < size and (block := disk.pread(fd, min(disk.BLOCK, size - at), at)):
        sum_.update(block)
        at += len(block)
    return sum_.hexdigest()


def _obstacle(folder: Path) -> str | None:
    """What is in the place of a room's folder, or keeps it from being listed."""
    if disk.is_link(folder):
        return "its folder is a link, and Hearth follows none"
    if folder.exists() and not folder.is_dir():
        return "its folder is none"
    try:
        with os.scandir(folder):
            return None
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"its folder cannot be listed: {error.strerror}"


def file_keys(folder: Folder) -> FileKeys:
    """Nothing of one that cannot be read: that is told elsewhere."""
    try:
        fd = disk.open_file(folder.ledger_file, os.O_RDONLY)
    except OSError:
        return FileKeys([], [])
    try:
        keys = read(fd, folder.ledger_file.name, logged=False).keys
    except (OSError, Newer):
        return FileKeys([], [])
    finally:
        os.close(fd)
    uploads = [x for _, value in keys.items(KIND) if (x := upload_in(value)) is not None]
    doomed = [
        (key.rpartition("/")[0], file)
        for key, value in keys.items(DOOMED)
        if (file := file_in(value)) is not None
    ]
    return FileKeys(uploads, doomed)


def names_of(folder: Path) -> list[str]:
    """The names in a folder, sorted; none where it is missing or cannot be read."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _names_in(borne: Borne) -> set[str]:
    return {composed(file.name) for files in borne.values() for file in files}


def composed(name: str) -> str:
    """A name as Hearth chose it: some systems give it in another form."""
    return unicodedata.normalize("NFC", name)


def listed(folder: Path, names: list[str]) -> str:
    """The first of some names, each with what it is if that is no file."""
    told = ", ".join(printable(name) + _kind(folder / name) for name in names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return f"{told}, and {more:,} more" if more > 0 else told


def _kind(path: Path) -> str:
    if disk.is_link(path):
        return " (a link)"
    if path.is_dir():
        return "/"
    return "" if path.is_file() else " (no file)"


def printable(name: str) -> str:
    """A name as it can be told, whatever characters it has."""
    return "".join(
        x if x.isprintable() else x.encode("unicode_escape").decode("ascii") for x in name
    )
