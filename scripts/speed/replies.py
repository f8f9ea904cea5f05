"""A program of its own, on the hub's core: what the answers and votes of a room cost.

`python replies.py FOLDER COUNT` makes three rooms of so many messages: one of nothing else, one in
which every second message is a reply, and one that is a poll with 10,000 votes. It prints as JSON,
of each, seconds to open its file, milliseconds to open it from what is kept of it, MiB that it
takes in memory and MiB that are kept; and milliseconds for a page of 100 of 10,000 replies.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from statistics import median

from hub import room_snapshot, thread_view
from hub.protocol import events
from hub.protocol.events import FORMAT, Event, Header
from hub.protocol.moment import moment
from hub.protocol.polls import Poll
from hub.room import Room
from speed.million import memory_used, opened

START = 1_760_000_000
MANY = 10_000
"""Replies to one message, and votes in one poll."""


def make(file: Path, count: int, kind: str) -> None:
    header = Header(FORMAT, file.stem, "0123456789abcdef", moment(START))
    with open(file, "wb") as lines:
        lines.write(events.line_of(header))
        for n in range(1, count + 1):
            event = Event(
                room=file.stem, n=n, at=moment(START + n), by=f"guest{n % 50}", do="say",
                who=f"p_{n % 50:016x}", text=f"Message {n}: is anybody home? The fire is lit.",
            )  # fmt: skip
            if kind == "replies" and n % 2 == 0:
                event.re = 1 if n <= 2 * MANY else max(1, n - 1 - 7919 * n % 500)
            elif kind == "votes" and n == 1:
                event.poll = Poll(["yes", "no"], question="Is anybody home?")
            elif kind == "votes" and n <= MANY + 1:
                event.do, event.of, event.choice = "vote", 1, [1 + n % 2]
                event.text, event.who = None, f"p_{n:016x}"
            lines.write(events.line_of(event))


def measured(file: Path) -> tuple[dict[str, float], Room]:
    before, began = memory_used(), time.perf_counter()
    room = opened(file)
    told = {"s from its file": time.perf_counter() - began, "MiB in memory": memory_used() - before}
    snapshot = room_snapshot.taken(room)
    assert snapshot is not None
    data = room_snapshot.dump(snapshot)
    told["MiB kept"] = len(data) / (1 << 20)
    took = []
    for _ in range(10):
        began = time.perf_counter()
        opened(file, room_snapshot.load(data))
        took.append(1000 * (time.perf_counter() - began))
    told["ms from what is kept"] = median(took)
    return told, room


async def page(room: Room) -> dict[str, float]:
    took, shown = [], []
    for _ in range(50):
        began = time.perf_counter()
        below = await thread_view.answers_to(room, 1)
        middle = time.perf_counter()
        assert len(thread_view.shown(room, below[:100])) == 100
        took.append(1000 * (middle - began))
        shown.append(1000 * (time.perf_counter() - middle))
    return {"replies": len(below), "ms to find": median(took), "ms for 100": median(shown)}


def main(folder: Path, count: int) -> None:
    told: dict[str, dict[str, float]] = {}
    for kind in ("plain", "replies", "votes"):
        file = folder / f"{kind}.jsonl"
        make(file, count, kind)
        told[kind], room = measured(file)
        if kind == "replies":
            told["page"] = asyncio.run(page(room))
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
