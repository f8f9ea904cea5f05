"""Latency under a steady load: messages leave when they are due, whatever the hub does.

A message's time runs from the moment that it was due, so that a stall counts for all that waited.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from socket import socket
from typing import Protocol

from environment import PYTHON
from speed.crowd import TimedCrowd
from speed.figures import LOST, P99, Figures, spread
from speed.proc import Meter, allow_sockets
from speed.stage import LAUNCHER, Stage
from speed.websocket import Guest, come_in, frame, say

WARM_UP = 1.0
SLOW_DISK = Path(__file__).with_name("slowdisk.py")


def one_room(clients: int, rate: float, stage: Stage) -> Figures:
    """`rate` messages a second by one of the `clients`, evenly spaced."""
    return steady([clients], rate, stage)


def many_rooms(stage: Stage) -> Figures:
    """100 rooms of 10 members, each of whom sends one message a second: 1,000 a second in all."""
    figures = steady([10] * 100, 1000, stage, everybody=True)
    return {**figures, "p99 ms beyond a sync": figures[P99] - stage.sync_ms}


def thousand_rooms(stage: Stage) -> Figures:
    """1,000 rooms of 10 members, each of which has one message a second: 1,000 a second in all."""
    allow_sockets(10_500)
    return steady([10] * 1000, 1000, stage, everybody=True)


def huge(stage: Stage) -> Figures:
    """10,000 in one room, two messages a second."""
    allow_sockets(10_500)
    return one_room(10_000, 2, stage)


def slow_disk(stage: Stage) -> Figures:
    """32 rooms, one message a second in each, before two; the hub runs as `slowdisk.py` says."""
    return steady([2] * 32, 32, stage, program=(PYTHON, SLOW_DISK))


def steady(
    rooms: list[int],
    rate: float,
    stage: Stage,
    everybody: bool = False,
    program: Sequence[Path] = LAUNCHER,
) -> Figures:
    """Load rooms of these sizes in turn; their first member sends, or with `everybody` each."""
    with stage.hub(program=program) as hub:
        names = [f"room{number}" for number, _ in enumerate(rooms)]
        members = [name for name, size in zip(names, rooms, strict=True) for _ in range(size)]
        crowd = TimedCrowd()
        guests = [Guest(f"guest{i:05d}", name) for i, name in enumerate(members)]
        speakers: dict[str, list[socket]] = {name: [] for name in names}
        for guest, welcomed in zip(guests, come_in(hub.port, guests), strict=True):
            crowd.add(welcomed.sock)
            speakers[guest.room].append(welcomed.sock)
        said = dict.fromkeys(names, 0)
        numbers = count()

        def send(due: int) -> None:
            number = next(numbers)
            name = names[number % len(names)]
            there = speakers[name]
            speaker = there[number // len(names) % len(there)] if everybody else there[0]
            speaker.sendall(frame(say(name, due, number)))
            said[name] += 1

        crowd.settle()  # presence is still being broadcast
        pace(crowd, send, rate, min(WARM_UP, stage.seconds))
        crowd.missed(lambda i: said[members[i]])
        del crowd.took[:]
        meter = Meter(hub.pid)
        crowd.idle = 0.0
        seconds = 2 * stage.seconds
        before = sum(reader.seen for reader in crowd.readers)
        pace(crowd, send, rate, seconds)
        figures = meter.read(crowd.idle)
        figures[LOST] = crowd.missed(lambda i: said[members[i]])
        delivered = sum(reader.seen for reader in crowd.readers) - before
        crowd.close()
    return {"deliveries/s": delivered / seconds, **spread(crowd.took), **figures}


class Readable(Protocol):
    """Something that is read between two messages."""

    def read(self, timeout: float) -> int: ...


def pace(crowd: Readable, send: Callable[[int], None], rate: float, seconds: float) -> None:
    """Call `send` at `rate` a second with the time it was due, in ns; read in between."""
    every = int(1e9 / rate)
    due = time.perf_counter_ns() + every
    end = due + int(seconds * 1e9)
    while due < end:
        while due < end and due <= time.perf_counter_ns():  # all that became due as we read
            send(due)
            due += every
        # Asked over and over: epoll sleeps in whole milliseconds, and the hub's core would have to
        # wake ours for each delivery, which it does for nobody on another machine.
        crowd.read(0)


hundred_thousand = partial(one_room, 200, 500)
small = partial(one_room, 100, 10)
large = partial(one_room, 1000, 20)
