"""A program of its own, on the hub's core: makes a room of a million messages, and pages in it.

`python million.py make FILE COUNT` writes the room's file; `python million.py page FILE` opens it
as the hub does and prints JSON: seconds to open, milliseconds for the last 50 in each form.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median

from hub.protocol import events
from hub.protocol.events import FORMAT, Event, Header
from hub.protocol.moment import moment
from hub.room_opening import open_room
from hub.store.writer import Writer
from hub.web.transcript import JSON, LINES, TEXT, transcript

PAGE = 50


def make(file: Path, count: int) -> None:
    start = 1_760_000_000
    header = Header(FORMAT, file.stem, "0123456789abcdef", moment(start))
    with open(file, "wb") as lines:
        lines.write(events.line_of(header))
        for n in range(1, count + 1):
            event = Event(
                room=file.stem, n=n, at=moment(start + n), by=f"guest{n % 50}", do="say",
                who=f"p_{n % 50:016x}", text=f"Message {n}: is anybody home? The fire is lit.",
                key=f"k{n}",
            )  # fmt: skip
            lines.write(events.line_of(event))


def page(file: Path) -> dict[str, float]:
    began = time.perf_counter()
    room = open_room(file, file.stem, file.parent, _no_writer(), 0, lambda room, events: None)
    told = {"open s": time.perf_counter() - began}
    for form in (JSON, LINES, TEXT):
        took = []
        for _ in range(200):
            began = time.perf_counter()
            first, last = room.history.page(limit=PAGE)
            served = b"".join(transcript(room, first, last, form))
            took.append(1000 * (time.perf_counter() - began))
            assert served.count(b"is anybody home") == PAGE
        told[form] = median(took)
    return told


def _no_writer() -> Writer:
    """Nothing is written here, so no thread for it is started."""
    return Writer.__new__(Writer)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        print(json.dumps(page(Path(sys.argv[2]))))
