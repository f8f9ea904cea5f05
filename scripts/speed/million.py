"""A program of its own, on the hub's core: makes a room of a million messages, and reads it.

`python million.py make FILE COUNT` writes the room's file; `page FILE` opens it as the hub does
and prints JSON: seconds to open, milliseconds for the last 50 in each form. `keep FILE` opens it
and writes what is kept of it beside it; `reopen FILE` opens it from that, time and again.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from statistics import median

from hub import room_snapshot
from hub.protocol import events
from hub.protocol.events import FORMAT, Event, Header
from hub.protocol.moment import moment
from hub.room import Room
from hub.room_opening import open_room
from hub.room_snapshot import RoomSnapshot
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
    room = opened(file)
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


def keep(file: Path) -> dict[str, float]:
    began = time.perf_counter()
    room = opened(file)
    told = {"s from its file alone": time.perf_counter() - began}
    snapshot = room_snapshot.taken(room)
    assert snapshot is not None
    file.with_suffix(".index").write_bytes(room_snapshot.dump(snapshot))
    return told


def reopen(file: Path) -> dict[str, float]:
    took, memory = [], []
    rooms = []  # held, so that each takes memory of its own
    for _ in range(10):
        before = memory_used()
        began = time.perf_counter()
        rooms.append(opened(file, room_snapshot.load(file.with_suffix(".index").read_bytes())))
        took.append(1000 * (time.perf_counter() - began))
        memory.append(memory_used() - before)
        assert rooms[-1].kept == file.stat().st_size
    return {"ms to open": median(took), "MiB a room": median(memory)}


def opened(file: Path, snapshot: RoomSnapshot | None = None) -> Room:
    """A room as the hub opens it. Nothing is written, so no thread for that is started."""
    writer = Writer.__new__(Writer)
    return open_room(
        file, file.stem, file.parent, writer, 0, lambda room, events: None, snapshot=snapshot
    )


def memory_used() -> float:
    """MiB of this program."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        work = {"page": page, "keep": keep, "reopen": reopen}[sys.argv[1]]
        print(json.dumps(work(Path(sys.argv[2]))))
