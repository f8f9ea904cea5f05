"""Imports the plain `<room>.txt` histories of older chat programs, once each.

The original file is never changed. A room's own file is replaced atomically, so that after a
crash either all of a history is imported or nothing.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Callable, Container, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hub.errors import Refused
from hub.names import file_name, room_name
from hub.protocol import events
from hub.protocol.events import Event
from hub.protocol.moment import moment
from hub.store import disk
from hub.store.history import History

log = logging.getLogger(__name__)

_LINE: Final = re.compile(
    r"\[(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)\] ([^:]{1,200}): ?(.*)", re.DOTALL
)
IMPORTED: Final = "taken"
"""What the event that marks an imported history does."""
TXT_BYTES: Final = 1 << 28
"""Maximum bytes of a plain history."""


def import_txt(
    folder: Path,
    aside: Path,
    stopped: Callable[[], bool] = lambda: False,
    lacking: Container[str] = (),
) -> None:
    """Import every `<room>.txt` of the folder that was not imported yet.

    A file that cannot be imported is logged and left alone. `aside` is the folder for a torn end
    of a room's file. Ends early when `stopped`, which is called often, returns True. What is for a
    room in `lacking`, whose file lacks what was said last, is left for a later start.
    """
    for file in sorted(folder.glob("*.txt")):
        try:
            room = room_name(file.stem)
            if room not in lacking:
                _import(file, folder / file_name(room), room, aside, stopped)
        except (OSError, Refused) as error:
            why = error.strerror if isinstance(error, disk.Unfit) else error
            log.warning("%s was not taken in: %s", file.name, why)
        if stopped():
            return


def messages(text: str) -> Iterator[tuple[str, str, str]]:
    """Return the messages of a plain history as (local time, name, text), in order.

    A line without a time continues the message before it, less one leading tab. Lines before the
    first message and empty lines between messages are dropped.
    """
    at = name = ""
    lines: list[str] = []
    for line in text.split("\n"):
        line = line.rstrip("\r")
        match = _LINE.fullmatch(line)
        if match is None:
            lines.append(line.removeprefix("\t"))
            continue
        if name:
            yield at, name, "\n".join(lines).rstrip("\n")
        at, name, first = match.groups()
        lines = [first]
    if name:
        yield at, name, "\n".join(lines).rstrip("\n")


def _import(file: Path, path: Path, room: str, aside: Path, stopped: Callable[[], bool]) -> None:
    imported = False

    def note(line: bytes) -> None:
        nonlocal imported
        imported = imported or _imported_file(line) == file.name

    history = History.open(path, room, aside, note, stopped=stopped)
    history.close()
    if imported:
        return
    n, lines = history.last, []
    for at, name, text in messages(_decoded(disk.read_file(file, TXT_BYTES))):
        n += 1
        utc = _utc(at)
        lines.append(events.line_of(Event(room=room, n=n, at=utc, by=name, do="say", text=text)))
    if not lines:
        log.warning("%s holds no messages and is not taken in", file.name)
        return
    n += 1
    now = moment(datetime.now(UTC).timestamp())
    lines.append(
        events.line_of(Event(room=room, n=n, at=now, by="Hearth", do=IMPORTED, file=file.name))
    )
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        if path.exists():
            fd = disk.open_file(path, os.O_RDONLY)
            try:
                disk.copy_part(new, fd, 0, os.fstat(fd).st_size, mode=0o644)
            finally:
                os.close(fd)
        with closing(History.open(new, room, aside, stopped=stopped)) as copy:
            copy.write(lines)
            copy.sync()
        disk.replace(new, path)
    finally:
        disk.remove(new)
    disk.sync_folder(path.parent)
    log.info("%s: %d messages taken in", file.name, len(lines) - 1)


def _imported_file(line: bytes) -> str | None:
    try:
        event = events.event_of(line)
    except ValueError:
        return None
    return event.file if event.do == IMPORTED else None


def _decoded(data: bytes) -> str:
    """Decode UTF-8, or else the code page of western Windows."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _utc(local: str) -> str:
    """Convert a local time; the earlier of two where the clock was set back."""
    try:
        return moment(datetime.fromisoformat(local).timestamp())
    except (ValueError, OverflowError, OSError):
        return moment(0)
