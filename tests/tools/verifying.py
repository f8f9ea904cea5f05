"""Folders to verify, and what is reported of them."""

from __future__ import annotations

from pathlib import Path

from hub.folder import Folder
from hub.protocol import events
from hub.protocol.events import Event
from hub.store.history import History
from hub.tools.verify import verify


def event(n: int, do: str = "say", text: str | None = "hello", of: int | None = None) -> bytes:
    at = "2026-11-22T20:17:03.123Z"
    return events.line_of(Event(room="a", n=n, at=at, by="m", do=do, text=text, of=of))


def filled(folder: Folder, count: int = 10, room: str = "a") -> Path:
    path = folder.room_file(room)
    history = History.open(path, room, folder.torn)
    at = "2026-11-22T20:17:03.123Z"
    history.write(
        [
            events.line_of(Event(room=room, n=n, at=at, by="m", do="say", text=f"message {n}"))
            for n in range(1, count + 1)
        ]
    )
    history.sync()
    history.close()
    return path


def checked(folder: Folder) -> tuple[int, list[str]]:
    """The exit status and what was told; fails where anything in the folder was changed."""
    before = state(folder.path)
    told: list[str] = []
    status = verify(folder.path, told.append)
    assert state(folder.path) == before
    return status, told


def state(folder: Path) -> dict[str, tuple[int, ...]]:
    return {
        str(x): (x.lstat().st_ino, x.lstat().st_size, x.lstat().st_mtime_ns, x.lstat().st_mode)
        for x in [folder, *folder.rglob("*")]
    }
