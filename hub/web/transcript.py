"""A page of history as text for people, as JSON, or as the lines of the file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from hub.protocol import events
from hub.protocol.events import Event
from hub.room import Room
from hub.web.sending import file_address

TEXT: Final = "text/plain"
JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"

COUNTED: Final = 1000
"""Most events of a page that says how many answers each message has."""

_HIDDEN: Final = {
    c: "\ufffd"
    for c in (*range(32), *range(127, 160), *range(0x2028, 0x202F), *range(0x2066, 0x206A))
    if chr(c) not in "\t\n"
}
"""Characters that move a terminal's cursor, end a line or change its direction."""


def transcript(room: Room, first: int, last: int, form: str) -> Iterator[bytes]:
    """The events from `first` to `last`, in blocks of about hub.store.reader.BLOCK bytes.

    Between two blocks none is held, so clients that stop reading cost no memory.
    """
    if form == LINES:
        return room.history.blocks(first, last)
    if form == JSON:
        return _json(room, first, last)
    return filter(None, map(_text, room.blocks(first, last)))


def empty_page(name: str) -> bytes:
    """The page, as JSON, of a room in which nothing was said."""
    return events.encode({"room": name, "events": [], "last": 0})


def _json(room: Room, first: int, last: int) -> Iterator[bytes]:
    newest = room.last
    yield b'{"room":%b,"last":%d,' % (events.encode(room.name), newest)
    if lost := room.history.lost(first, last):
        yield b'"damaged":%b,' % events.encode(lost[:1000])
    if last - first < COUNTED and (counts := room.index.replies.counts(first, last, newest)):
        yield b'"replies":%b,' % events.encode(counts)
    yield b'"events":['
    elements = map(_elements, room.blocks(first, last))
    yield next(elements, b"")
    yield from map(b",\n".__add__, elements)
    yield b"]}\n"


def _elements(block: bytes) -> bytes:
    """The lines of a block, joined as the elements of an array."""
    return block[:-1].replace(b"\n", b",\n")


def _text(block: bytes) -> bytes:
    sentences = []
    for line in block[:-1].split(b"\n"):
        try:
            event = events.event_of(line)
        except ValueError:  # an event of a later version
            continue
        if event.do == "say" and (event.text or event.files):
            sentences.append(_sentence(event))
    return "".join(sentences).encode()


def _sentence(event: Event) -> str:
    """A message with the hub's local time, safe to print to a terminal."""
    name = event.by.replace(":", "\ua789")  # looks like a colon, but does not end the name
    sentence = f"[{_local(event.at)}] {name}: {_words(event)}"
    if not sentence.isprintable():
        sentence = sentence.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
        sentence = sentence.translate(_HIDDEN).replace("\n", "\n\t")
    return sentence + "\n"


def _words(event: Event) -> str:
    """What a message says, and a line for each of its files: its name, and where it is."""
    text = event.text or ""
    if not event.files:
        return text
    files = [f"{file.name} {file_address(event.room, file.id)}" for file in event.files]
    return "\n".join([text.rstrip("\r\n"), *files] if text.strip() else files)


_minutes: dict[str, str] = {}


def _local(at: str) -> str:
    """The UTC time of an event as local `YYYY-MM-DD HH:MM:SS`; converted once a minute."""
    minute = _minutes.get(at[:16])
    if minute is None:
        try:
            moment = datetime.fromisoformat(f"{at[:16]}:00+00:00").timestamp()
            minute = time.strftime("%Y-%m-%d %H:%M:", time.localtime(moment))
        except (ValueError, OverflowError, OSError):
            minute = at[:10] + " " + at[11:17]
        if len(_minutes) > 10_000:
            _minutes.clear()
        _minutes[at[:16]] = minute
    return minute + at[17:19]
