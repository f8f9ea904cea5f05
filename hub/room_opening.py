"""Opens a room: reads its file, and remembers what its events changed."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from hub.errors import stopping
from hub.protocol import events
from hub.protocol.events import Event
from hub.room import Room
from hub.room_index import KEYS
from hub.room_view import number_of
from hub.store.history import History
from hub.store.open_files import Files
from hub.store.writer import Writer
from hub.unread import Unread

BLANKED: Final = 1000
"""Removed messages that are blanked between two looks for a stop."""


def open_room(
    path: Path,
    name: str,
    aside: Path,
    writer: Writer,
    message_bytes: int,
    changed: Callable[[Room, Sequence[Event]], None],
    files: Files | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Room:
    """Read a room from its file; waits for the disk.

    Takes `writer`, `message_bytes` and `changed` as Room does, and `path`, `aside`, `files` and
    `stopped` as History.open does. Raises Refused as that does.
    """
    room = Room(name, writer, message_bytes, changed)
    no_messages = array("q")
    history = room.history = History.open(
        path, name, aside, lambda line: _note_line(room, line, no_messages),
        files=files, stopped=stopped,
    )  # fmt: skip
    if room.rules.hidden:
        history.mode = 0o600
    no_messages.extend(history.lost(1, history.last))
    room.unread = Unread(history.last, no_messages, room.index.erased)
    try:
        _read_recent(room, stopped)
    except BaseException:
        history.close()
        raise
    return room


def _note_line(room: Room, line: bytes, no_messages: array[int]) -> None:
    """Note a line as the file is read, and the numbers of those that are no messages."""
    try:
        event = events.event_of(line)
    except ValueError:  # a later Hearth's kind of event: kept and passed over
        no_messages.append(number_of(line))
        return
    if event.do != "say":
        no_messages.append(event.n)
        room.note(event)


def _read_recent(room: Room, stopped: Callable[[], bool]) -> None:
    """Remember the latest events, and blank texts that a crash left after their removal."""
    history, erased = room.history, room.index.erased
    for line in history.lines(max(1, history.last - KEYS + 1), history.last):
        if stopped():
            raise stopping()
        try:
            event = events.event_of(line)
        except ValueError:
            continue
        room.index.note_key(event)
        is_message = event.do == "say" and event.n not in erased
        room.unread.note(event.n, event.at, event.who if is_message else None)
        room.at = event.at
    left = room.index.texts_of(erased) if history.closed is None else []
    for at in range(0, len(left), BLANKED):
        if stopped():
            raise stopping()
        history.blank(left[at : at + BLANKED])
