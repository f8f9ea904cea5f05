"""Files of a room as the tests of the store make and open them."""

import os
import tracemalloc
from pathlib import Path

import pytest

from hub.protocol import events
from hub.protocol.events import Event
from hub.store import disk
from hub.store.history import History


def said(n: int, text: str = "hello", room: str = "general", do: str = "say") -> bytes:
    return events.line_of(Event(room=room, n=n, at="2026-11-22T20:17:03.123Z", by="a", do=do,
                                  text=text))  # fmt: skip


def opened(path: Path, **options: object) -> History:
    return History.open(path, "general", path.parent / "torn", **options)  # type: ignore[arg-type]


def filled(path: Path, count: int) -> list[bytes]:
    """Make a file of so many messages; gives their lines."""
    lines = [said(n, f"message {n}") for n in range(1, count + 1)]
    room = opened(path)
    room.write(lines)
    room.sync()
    room.publish()
    room.close()
    return lines


def all_lines(room: History) -> list[bytes]:
    return list(room.lines(1, room.last))


def peak(path: Path, **options: object) -> tuple[History, int]:
    """The history, and how many bytes Python held at most while it was opened."""
    tracemalloc.start()
    try:
        room = opened(path, **options)
        return room, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


MIB = 1 << 20


def with_crlf(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


class Durable:
    """What is on stable storage of one file, as far as its syncs promise.

    `kept` is what it held when it was last synced; `asked` are the calls in their order.
    """

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        self.kept = path.read_bytes() if path.exists() else b""
        self.asked: list[str] = []
        sync_file, sync_folder = disk.sync_file, disk.sync_folder

        def file(fd: int) -> None:
            sync_file(fd)
            if path.exists() and os.path.samestat(os.fstat(fd), path.stat()):
                self.kept = path.read_bytes()
                self.asked.append("file")
            else:
                self.asked.append("another file")

        def folder(which: Path) -> None:
            sync_folder(which)
            self.asked.append(f"folder {which.name}")

        monkeypatch.setattr(disk, "sync_file", file)
        monkeypatch.setattr(disk, "sync_folder", folder)

    def __bool__(self) -> bool:
        """Whether all that the file holds now is on stable storage."""
        return self.kept == self.path.read_bytes()
