"""Folders to verify, and what is reported of them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from hub.files.upload import Upload
from hub.folder import Folder
from hub.keys import Keys
from hub.protocol import events
from hub.protocol.events import Event
from hub.protocol.sent_file import SentFile
from hub.store.history import History
from hub.store.ledger_file import created
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


def sent(id_: str, name: str, data: bytes = b"data") -> SentFile:
    """A file as its message tells of it."""
    return SentFile(
        id=id_, name=name, size=len(data), type="text/plain", sha256=sha256(data).hexdigest()
    )


def put(folder: Folder, room: str, name: str, data: bytes = b"data") -> Path:
    """A file in the folder of a room."""
    path = folder.files / room / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def messages(folder: Folder, room: str, *files: list[SentFile], erased: int = 0) -> Path:
    """A room with a message for each list of files, of which one may be erased."""
    path = folder.room_file(room)
    history = History.open(path, room, folder.torn)
    at, first = "2026-11-22T20:17:03.123Z", history.last + 1
    lines = [
        Event(room=room, n=n, at=at, by="m", do="say", text="", files=each)
        for n, each in enumerate(files, first)
    ]
    if erased:
        lines.append(Event(room=room, n=first + len(files), at=at, by="m", do="erase", of=erased))
    history.write([events.line_of(line) for line in lines])
    history.publish()
    if erased:
        history.blank([erased])
    history.sync()
    history.close()
    return path


def ledger(folder: Folder, *uploads: Upload, doomed: tuple[tuple[str, SentFile], ...] = ()) -> None:
    """A ledger that tells of files without a message, and of files to be removed."""
    keys = Keys({upload.key: events.encode(upload) for upload in uploads})
    for room, file in doomed:
        keys.take(f"doomed/{room}/{file.id}", events.encode(file))
    folder.ledger_file.unlink(missing_ok=True)
    created(folder.ledger_file, keys).close()


def upload(room: str, file: SentFile | None = None, id_: str = "u", *, placed: bool) -> Upload:
    return Upload(
        room=room, id=id_, who="p_1", name="n", type="t", part="0" * 32, at=0, file=file,
        placed=placed,
    )  # fmt: skip
