"""Takes in the plain `<room>.txt` histories that older chat rooms kept, once each.

The original file is never changed. A room's own file is replaced in one step, so that a crash
leaves either nothing or everything taken in.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Callable, Iterator
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
_TAKEN: Final = "taken"


MOST: Final = 1 << 28
"""How many bytes a plain history has at most."""


def take_in(folder: Path, aside: Path, stopped: Callable[[], bool] = lambda: False) -> None:
    """Take in every `<room>.txt` of the folder that was not taken in yet.

    What cannot be taken in is told in the log and left alone. `aside` is where a torn end of
    a room's file is kept. `stopped` is asked time and again, and ends it where it gives True.
    """
    for file in sorted(folder.glob("*.txt")):
        try:
            room = room_name(file.stem)
            _take_in(file, folder / file_name(room), room, aside, stopped)
        except (OSError, Refused) as error:
            why = error.strerror if isinstance(error, disk.Unfit) else error
            log.warning("%s was not taken in: %s", file.name, why)
        if stopped():
            return


def messages(text: str) -> Iterator[tuple[str, str, str]]:
    """The messages of a plain history as (local time, name, text), in order.

    A line that begins with no time goes on the message before it, without the one tab that
    marks it; what stands before the first message is no message, nor are empty lines between.
    """
    at = name = ""
    said: list[str] = []
    for line in text.split("\n"):
        line = line.rstrip("\r")
        match = _LINE.fullmatch(line)
        if match is None:
            said.append(line.removeprefix("\t"))
            continue
        if name:
            yield at, name, "\n".join(said).rstrip("\n")
        at, name, first = match.groups()
        said = [first]
    if name:
        yield at, name, "\n".join(said).rstrip("\n")


def _take_in(file: Path, path: Path, room: str, aside: Path, stopped: Callable[[], bool]) -> None:
    taken = False

    def note(line: bytes) -> None:
        nonlocal taken
        taken = taken or _taken_file(line) == file.name

    history = History.open(path, room, aside, note, stopped=stopped)
    history.close()
    if taken:
        return
    n, lines = history.last, []
    for at, name, said in messages(_decoded(disk.read_file(file, MOST))):
        n += 1
        utc = _utc(at)
        lines.append(events.line_of(Event(room=room, n=n, at=utc, by=name, do="say", text=said)))
    if not lines:
        log.warning("%s holds no messages and is not taken in", file.name)
        return
    n += 1
    now = moment(datetime.now(UTC).timestamp())
    lines.append(
        events.line_of(Event(room=room, n=n, at=now, by="Hearth", do=_TAKEN, file=file.name))
    )
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        if path.exists():
            there = disk.open_file(path, os.O_RDONLY)
            try:
                disk.keep(new, there, 0, os.fstat(there).st_size, mode=0o644)
            finally:
                os.close(there)
        with closing(History.open(new, room, aside, stopped=stopped)) as copy:
            copy.write(lines)
            copy.sync()
        disk.replace(new, path)
    finally:
        disk.remove(new)
    disk.sync_folder(path.parent)
    log.info("%s: %d messages taken in", file.name, len(lines) - 1)


def _taken_file(line: bytes) -> str | None:
    try:
        event = events.event_of(line)
    except ValueError:
        return None
    return event.file if event.do == _TAKEN else None


def _decoded(data: bytes) -> str:
    """UTF-8 as it should be, else what Windows wrote in the west."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _utc(local: str) -> str:
    """The moment of a local time; where the clock was set back, the first of the two."""
    try:
        return moment(datetime.fromisoformat(local).timestamp())
    except (ValueError, OverflowError, OSError):
        return moment(0)
