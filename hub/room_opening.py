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
from hub.room_snapshot import RoomSnapshot
from hub.room_view import number_of
from hub.store.checkpoint import Outdated
from hub.store.history import History
from hub.store.open_files import Files
from hub.store.writer import Writer

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
    *,
    snapshot: RoomSnapshot | None = None,
    repair: bool = True,
    until: int | None = None,
) -> Room:
    """Read a room from its file; waits for the disk.

    Takes `writer`, `message_bytes` and `changed` as Room does, and `path`, `aside`, `files`,
    `stopped`, `repair` and `until` as History.open does. Where the file fits the `snapshot`, only
    what came since is read. Raises Refused as that does.
    """
    room = Room(name, writer, message_bytes, changed)
    noted = _Noted(room)
    after = None
    try:
        if snapshot is not None:
            after = snapshot.checkpoint
            snapshot.restore(room)
            room.kept = snapshot.end
        history = room.history = History.open(
            path, name, aside, noted.line, repair=repair, files=files, stopped=stopped,
            after=after, until=until,
        )  # fmt: skip
    except (Outdated, ValueError, LookupError):
        if snapshot is None:
            raise
        return open_room(
            path, name, aside, writer, message_bytes, changed, files, stopped,
            repair=repair, until=until,
        )  # fmt: skip
    if room.rules.hidden:
        history.mode = 0o600
    room.index.replies.settle()
    first = max(room.unread.last, history.last - KEYS) + 1
    noted.no_messages.extend(history.lost(1, history.last))
    room.unread.extend(history.last, noted.no_messages, noted.removed)
    room.unread.forget_before(history.last - KEYS + 1)
    try:
        _read_recent(room, first, noted.removed, stopped)
    except BaseException:
        history.close()
        raise
    return room


class _Noted:
    """What is noted as the file of a room is read: the numbers of those that are no messages, and
    of messages that were removed.
    """

    def __init__(self, room: Room) -> None:
        self.no_messages = array("q")
        self.removed = array("q")
        self._room = room

    def line(self, line: bytes) -> None:
        """Note a line that may be no message's."""
        try:
            event = events.event_of(line)
        except ValueError:  # a later Hearth's kind of event: kept and passed over
            self.no_messages.append(number_of(line))
            return
        self._room.note(event)
        if event.do != "say":
            self.no_messages.append(event.n)
        if event.do == "erase" and event.of is not None:
            self.removed.append(event.of)


def _read_recent(
    room: Room, first: int, removed: Sequence[int], stopped: Callable[[], bool]
) -> None:
    """Remember the latest events, from `first` on, and blank texts of messages that were `removed`
    which a crash left after their removal.
    """
    history, erased = room.history, room.index.erased
    for line in history.lines(first, history.last):
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
    left = room.index.texts_of(removed) if history.closed is None else []
    for at in range(0, len(left), BLANKED):
        if stopped():
            raise stopping()
        history.blank(left[at : at + BLANKED])
