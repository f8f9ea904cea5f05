"""A room's events as readers are shown them: edits applied, erased texts and expired files gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hub.protocol import events
from hub.protocol.events import Event
from hub.room_index import RoomIndex
from hub.store.history import History

VERSIONS: Final = 100
"""Versions of one message that are shown, the newest."""


def number_of(line: bytes) -> int:
    """The `n` of an event's line, whatever kind of event it is.

    Only the room stands before it, in whose name there is no quotation mark.
    """
    at = line.index(b',"n":') + 5
    return int(line[at : line.index(b",", at)])


def shown_blocks(history: History, index: RoomIndex, first: int, last: int) -> Iterator[bytes]:
    """The lines of the events from `first` to `last` as they are shown, in blocks.

    Lines that nothing has changed are the bytes of the file. May be read on any thread, also
    while the index grows. Between two blocks nothing of them is held.
    """
    blocks = history.blocks(first, last)
    if not index.edits and not index.erased and not index.expired:
        return blocks
    return filter(None, (_shown_block(history, index, block) for block in blocks))


def _shown_block(history: History, index: RoomIndex, block: bytes) -> bytes:
    shown = []
    for line in block[:-1].split(b"\n"):
        n = number_of(line)
        if n in index.erased or n in index.edits or n in index.expired:
            try:
                line = _shown(history, index, n, line)
            except ValueError:  # a later Hearth's kind of line
                continue
        shown.append(line + b"\n")
    return b"".join(shown)


def _shown(history: History, index: RoomIndex, n: int, line: bytes) -> bytes:
    members = events.members_of(line)
    if n in index.erased:
        members["text"], members["erased"] = "", True
        members.pop("to", None)
        members.pop("poll", None)
        members.pop("files", None)
        return events.encode(members)
    expired = index.expired.get(n, ())
    for file in members.get("files") or ():
        if file["id"] in expired:
            file["expired"] = True
    if n in index.edits:
        newest = index.edits[n][-1]
        edit = history.line(newest)
        if edit is not None:
            changed = events.event_of(edit)
            members["text"], members["edited"] = changed.text, newest
            members.pop("to", None)
            if changed.to:
                members["to"] = changed.to
    return events.encode(members)


def versions(history: History, index: RoomIndex, n: int) -> list[Event] | None:
    """The message `n` as it was said and each edit of it, the newest first; at most VERSIONS.

    None where there is no such message, nothing where it was removed. May be read on any thread.
    Raises Refused (503) where the file cannot be read.
    """
    said = event_at(history, n)
    if said is None or said.do != "say":
        return None
    numbers = [n, *index.edits.get(n, ())]
    found = [event_at(history, each) for each in reversed(numbers[-VERSIONS:])]
    if n in index.erased:  # asked last: their texts go while they are read
        return []
    return [event for event in found if event is not None]


def event_at(history: History, n: int) -> Event | None:
    """The event `n` as it stands in the file, None where it is none that is known here.

    Raises Refused (503) where the file cannot be read.
    """
    line = history.line(n)
    try:
        return events.event_of(line) if line is not None else None
    except ValueError:  # a later Hearth's kind of event
        return None
