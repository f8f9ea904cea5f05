"""The hub's folder: where each file is, who holds the folder, and how a file is replaced."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from hub import names
from hub.errors import CannotStart
from hub.store import disk

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


SMALL: Final = 1 << 16
"""How many bytes a small file of the hub's own has at most."""


class Folder:
    """One hub's folder. Make it with `open`; only who holds the lock may write in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = path / "files"
        self.hub = path / "hub"
        self.torn = self.hub / "torn"
        self.people_file = self.hub / "people.json"
        self.admission_file = self.hub / "door.json"
        self.audit_file = self.hub / "audit.jsonl"
        self.settings_file = self.hub / "settings.toml"
        self.log_file = self.hub / "hearth.log"
        self._lock_file = self.hub / "lock"
        self._port_file = self.hub / "port"
        self._running_file = self.hub / "running.json"
        self._lock = -1
        self._lock_too = -1

    @classmethod
    def open(cls, path: Path, *, parents: bool = False) -> Folder:
        """Make the folder with its parts where they are missing, and change nothing else.

        A missing parent is made only with `parents`: for a folder that somebody typed it is
        rather a slip. Raises CannotStart where the folder cannot be made or written to.
        """
        folder = cls(path.absolute())
        _make(folder.path, 0o777, parents)
        _make(folder.files, 0o777)
        _make(folder.hub, 0o700)
        for own in (folder.hub, folder.torn):
            if disk.is_link(own):
                raise CannotStart(
                    f"{own} is a link, and what Hearth keeps there is for its owner alone. Put the"
                    " folder itself in its place, or choose another one with --rooms."
                )
        if os.name == "posix" and folder.hub.stat().st_mode & 0o077:
            # A folder copied from a stick may be open to all; a stick itself knows no owners.
            with contextlib.suppress(PermissionError):
                folder.hub.chmod(0o700)
        return folder

    def room_file(self, room: str) -> Path:
        """Give the file of a room's history; `room` is a canonical name."""
        return self.path / names.file_name(room)

    def room_files(self, room: str) -> Path:
        """Give the folder of what was attached in a room; it may not be there yet."""
        return self.files / room

    @property
    def own_files(self) -> list[Path]:
        """Those without which a hub does not start, where something else is in their place."""
        kept = [self.people_file, self.admission_file]
        return [
            *kept, *(x.with_suffix(".last") for x in kept), self.audit_file, self.settings_file,
            self.log_file, self._lock_file,
        ]  # fmt: skip

    @property
    def port(self) -> int | None:
        """The port of the last start; None where there was none or its file is broken."""
        try:
            port = int(disk.read_file(self._port_file, SMALL).decode("ascii"))
        except (OSError, ValueError):
            return None
        return port if 0 < port < 65536 else None

    @port.setter
    def port(self, port: int) -> None:
        disk.write_atomically(self._port_file, b"%d\n" % port)

    def lock(self) -> bool:
        """Hold the folder for the life of this process; False where another process holds it.

        The system lets go of it when the process ends, however it ends. Raises CannotStart where
        there can be no lock.
        """
        if self._lock >= 0:
            return True
        try:
            fd = disk.open_file(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _cannot_write(self._lock_file, error) from error
        try:
            held = _lock(fd)
        except OSError as error:
            os.close(fd)
            raise CannotStart(
                f"{self.path} is on a drive that cannot be locked ({error.strerror}). Choose a"
                " folder on this computer with --rooms."
            ) from error
        # The lock's file may be removed while it is held, and the next start would make another.
        too = _lock_folder(self.path) if held else None
        if too is None:
            os.close(fd)
            return False
        self._lock, self._lock_too = fd, too
        return True

    def close(self) -> None:
        """Say that no hub is running here any more, and let go of the folder."""
        if self._lock < 0:
            return
        # Whatever may hold it open: one that is left counts for nothing.
        with contextlib.suppress(OSError):
            disk.remove(self._running_file)
        _unlock(self._lock)
        os.close(self._lock)
        if self._lock_too >= 0:
            os.close(self._lock_too)
        self._lock = self._lock_too = -1

    def write_running(self, info: dict[str, Any]) -> None:
        """Leave word for a second start of where this hub is; goes with `close`."""
        disk.write_atomically(self._running_file, json.dumps(info).encode())

    def read_running(self) -> dict[str, Any] | None:
        """Give what the hub that holds the folder has left; None where it has left nothing yet.

        A hub that crashed leaves its word behind: it counts only while `lock` gives False.
        """
        try:
            info = json.loads(disk.read_file(self._running_file, SMALL))
        except (OSError, ValueError):
            return None
        return info if isinstance(info, dict) else None


def default_folder(launcher: Path, frozen: bool, environ: Mapping[str, str], platform: str) -> Path:
    """Give the folder to use where none is named.

    `launcher` is launcher.py, or the executable where `frozen`; `platform` is sys.platform. A
    checkout uses rooms/ beside the launcher; an executable does so too if there is one, and
    else uses the user's data directory, whose parents may have to be made.
    """
    beside = launcher.absolute().parent
    if frozen and platform == "darwin":
        # Inside Hearth.app; what is beside it is beside the whole bundle.
        beside = next((p.parent for p in launcher.parents if p.suffix == ".app"), beside)
    rooms = beside / "rooms"
    if not frozen or rooms.is_dir():
        return rooms
    if platform == "win32":
        data = environ.get("LOCALAPPDATA")
        return (Path(data) if data else _home(environ) / "AppData/Local") / "Hearth/rooms"
    if platform == "darwin":
        return _home(environ) / "Library/Application Support/Hearth/rooms"
    data = environ.get("XDG_DATA_HOME", "")
    # The specification has a relative path ignored.
    return (
        Path(data) if data.startswith("/") else _home(environ) / ".local/share"
    ) / "hearth/rooms"


@contextlib.contextmanager
def starting(path: Path) -> Iterator[None]:
    """Turn what the system refuses while a hub starts into CannotStart, which names the file.

    `path` is named where the system names none.
    """
    try:
        yield
    except OSError as error:
        raise _cannot_write(Path(error.filename or path), error) from error


def _make(path: Path, mode: int, parents: bool = False) -> None:
    """Make one folder if it is missing, and see that it can be written to."""
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
    # Asks without writing: a second start must leave no trace.
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


def _home(environ: Mapping[str, str]) -> Path:
    for variable in ("HOME", "USERPROFILE"):
        if environ.get(variable):
            return Path(environ[variable])
    try:
        return Path.home()
    except RuntimeError:
        raise CannotStart("There is no home folder to keep rooms in. Name one: --rooms.") from None


if sys.platform == "win32":

    def _lock(fd: int) -> bool:
        """Take the lock if it is free."""
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _unlock(fd: int) -> None:
        """Let go of the lock, which the system does only some time after the file is closed."""
        os.lseek(fd, 0, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)

    def _lock_folder(path: Path) -> int | None:
        """Needs no lock: a file that is open cannot be removed."""
        return -1

else:

    def _lock(fd: int) -> bool:
        """Take the lock if it is free."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(fd: int) -> None:
        """Goes with the descriptor."""

    def _lock_folder(path: Path) -> int | None:
        """Take the folder's own lock; -1 where a folder cannot be locked, None where it is held."""
        fd = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return None
        except OSError:  # NFS locks no folders
            os.close(fd)
            return -1
        return fd
