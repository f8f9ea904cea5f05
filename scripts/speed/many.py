"""A program of its own: `python many.py FOLDER COUNT` writes the files of many rooms."""

from __future__ import annotations

import sys
from pathlib import Path

from hub.protocol import events
from hub.protocol.events import FORMAT, Event, Header
from hub.protocol.moment import moment

SAID = 3
YEAR = 365 * 86400


def fill(folder: Path, count: int) -> None:
    """Rooms of three messages each, the last one at any time of a year."""
    for number in range(count):
        room, start = f"room-{number:06}", 1_740_000_000 + number * 7919 * 311 % YEAR
        lines = [events.line_of(Header(FORMAT, room, f"{number:016x}", moment(start)))]
        for n in range(1, SAID + 1):
            event = Event(
                room=room, n=n, at=moment(start + n), by=f"guest{n}", who=f"p_{n:016x}", do="say",
                text=f"Message {n} of {room}: is anybody home?",
            )  # fmt: skip
            lines.append(events.line_of(event))
        (folder / f"{room}.jsonl").write_bytes(b"".join(lines))


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]))
