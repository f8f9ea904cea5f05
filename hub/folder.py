"""The hub's folder: where each file is, and which process may write there."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hub import names
from hub.errors import CannotStart
from hub.folder_lock import FolderLock
from hub.store import disk
from hub.store.journal import NAMES

SMALL_FILE_BYTES: Final = 1 << 16
"""Maximum bytes of a small file of the hub's own, such as `port`."""


class Folder:
    """One hub's folder, from `open`. Only the process that holds its lock may write there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.hub = path / "hub"
        self.files = path / "files"
        self.unfinished = self.files / ".unfinished"
        self.previews = self.hub / "previews"
        self.torn = self.hub / "torn"
        self.index = self.hub / "index"
        self.ledger_file = self.hub / "ledger.jsonl"
        self.older_people = self.hub / "people.json"
        self.older_door = self.hub / "door.json"
        self.catalog_file = self.hub / "rooms.catalog"
        self.audit_file = self.hub / "audit.jsonl"
        self.settings_file = self.hub / "settings.toml"
        self.log_file = self.hub / "hearth.log"
        self._lock_file = self.hub / "lock"
        self._port_file = self.hub / "port"
        self._running_file = self.hub / "running.json"
        self._lock: FolderLock | None = None

    @classmethod
    def open(cls, path: Path, *, parents: bool = False) -> Folder:
        """Create the folder and its parts where they are missing, and change nothing else.

        A missing parent is created only with `parents`. Raises CannotStart where the folder
        cannot be created or written to.
        """
        folder = cls(path.absolute())
        _make(folder.path, 0o777, parents)
        _make(folder.files, 0o777)
        _make(folder.hub, 0o700)
        for private in (folder.hub, folder.torn, folder.index):
            if disk.is_link(private):
                raise CannotStart(
                    f"{private} is a link, and what Hearth keeps there is for its owner alone. Put"
                    " the folder itself in its place, or choose another one with --rooms."
                )
        if os.name == "posix" and folder.hub.stat().st_mode & 0o077:
            # A copy from a USB stick may be readable by all; the stick itself has no permissions.
            with contextlib.suppress(PermissionError):
                folder.hub.chmod(0o700)
        return folder

    def room_file(self, room: str) -> Path:
        """Return the file of a room's history; `room` is a canonical name."""
        return self.path / names.file_name(room)

    def index_file(self, room: str) -> Path:
        """Return the file of what is known of a room's history; `room` is a canonical name."""
        return (self.index / names.file_name(room)).with_suffix(".index")

    @property
    def own_files(self) -> list[Path]:
        """The files whose place must hold a regular file, or nothing, for the hub to start."""
        older = [] if self.ledger_file.exists() else self.older_files
        return [
            *older, self.ledger_file, self.audit_file, self.settings_file, self.log_file,
            self._lock_file, *(self.hub / x for x in NAMES),
        ]  # fmt: skip

    @property
    def older_files(self) -> list[Path]:
        """The files in which an older Hearth kept people and who may come in, the first one last.

        Where that first one is a folder, it is the one that open_ledger put there.
        """
        people, door = self.older_people, self.older_door
        others = [door.with_suffix(".last"), door, people.with_suffix(".last")]
        return others if people.is_dir() and not disk.is_link(people) else [*others, people]

    @property
    def port(self) -> int | None:
        """The remembered port; None where there is none or its file is broken."""
        try:
            port = int(disk.read_file(self._port_file, SMALL_FILE_BYTES).decode("ascii"))
        except (OSError, ValueError):
            return None
        return port if 0 < port < 65536 else None

    @port.setter
    def port(self, port: int) -> None:
        disk.write_atomically(self._port_file, b"%d\n" % port)

    def lock(self) -> bool:
        """Lock the folder for the life of this process; False where another process holds it.

        Raises CannotStart where there can be no lock.
        """
        if self._lock is not None:
            return True
        with starting(self._lock_file):
            file = disk.open_file(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._lock = FolderLock.acquire(file, self.path)
        except OSError as error:
            raise CannotStart(
                f"{self.path} is on a drive that cannot be locked ({error.strerror}). Choose a"
                " folder on this computer with --rooms."
            ) from error
        return self._lock is not None

    def close(self) -> None:
        """Remove the entry of the running hub and unlock the folder; nothing without the lock."""
        if self._lock is None:
            return
        # Another program may have the file open: an entry that is left counts for nothing.
        with contextlib.suppress(OSError):
            disk.remove(self._running_file)
        self._lock.release()
        self._lock = None

    def write_running(self, info: dict[str, Any]) -> None:
        """Tell a second start where this hub is; removed by `close`."""
        disk.write_atomically(self._running_file, json.dumps(info).encode())

    def read_running(self) -> dict[str, Any] | None:
        """Return the entry of `write_running`, or None where there is none yet.

        A hub that crashed leaves its entry behind: it counts only while `lock` returns False.
        """
        try:
            info = json.loads(disk.read_file(self._running_file, SMALL_FILE_BYTES))
        except (OSError, ValueError):
            return None
        return info if isinstance(info, dict) else None


@contextlib.contextmanager
def starting(path: Path) -> Iterator[None]:
    """Turn an OSError while a hub starts into CannotStart, which names the file.

    That is `path` where the error has no file name.
    """
    try:
        yield
    except OSError as error:
        raise _cannot_write(Path(error.filename or path), error) from error


def _make(path: Path, mode: int, parents: bool = False) -> None:
    """Create one folder if it is missing, and check that it can be written to."""
    try:
        path.mkdir(mode, parents=parents, exist_ok=True)
    except FileExistsError:
        raise CannotStart(
            f"{path} is a file, not a folder. Move it away or choose another folder with --rooms."
        ) from None
    except (FileNotFoundError, NotADirectoryError) as error:
        if path.parent.is_dir():
            raise CannotStart(
                f"{path} cannot be made: {path.parent} takes no folders. Choose another with"
                " --rooms."
            ) from error
        raise CannotStart(
            f"{path} cannot be made, as {path.parent} is no folder. Make that one first, or choose"
            " another with --rooms."
        ) from error
    except OSError as error:
        raise _cannot_write(path, error) from error
    # Checked without writing: a second start must leave no trace.
    if not os.access(path, os.W_OK | os.X_OK):
        raise _cannot_write(path, OSError(_why_not(path), ""))


def _why_not(path: Path) -> int:
    if sys.platform != "win32" and os.statvfs(path).f_flag & os.ST_RDONLY:
        return errno.EROFS
    return errno.EACCES


def _cannot_write(path: Path, error: OSError) -> CannotStart:
    why = {
        errno.EROFS: "its drive is read-only",
        errno.EACCES: "you have no permission to",
        errno.EPERM: "you have no permission to",
        errno.ENOSPC: "the disk is full",
    }.get(error.errno or 0, error.strerror)
    return CannotStart(
        f"{path} cannot be written: {why}. Put that right or choose another folder with --rooms."
    )
