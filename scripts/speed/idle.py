"""Idle clients: 10,000 who are in rooms and say nothing; what each costs."""

from __future__ import annotations

import resource
import time

from speed.crowd import Crowd
from speed.figures import LOST, MEMORY, Figures
from speed.proc import Meter, memory_mib
from speed.stage import Stage
from speed.websocket import Guest, come_in

CLIENTS = 10_000
EACH_ROOM = 50
PINGS_EVERY = 20.0
"""How often the hub asks each client whether it is there, in seconds."""


def clients(stage: Stage, number: int = CLIENTS) -> Figures:
    """Memory is what the hub has more than before, a client; the kernel's buffers not counted."""
    allow_sockets(number + 500)
    with stage.hub() as hub:
        warm = come_in(hub.port, [Guest("first", "warm")])
        before = memory_mib(hub.pid)
        began = time.perf_counter()
        crowd = Crowd()
        guests = [Guest(f"guest{i:05d}", f"room{i // EACH_ROOM}") for i in range(number)]
        for guest in come_in(hub.port, guests):
            crowd.add(guest.sock)
        joined = time.perf_counter() - began
        _answer_pings(crowd, 3.0)  # until who is here is told and the people are on disk
        meter = Meter(hub.pid)
        _answer_pings(crowd, PINGS_EVERY if stage.seconds >= 5 else PINGS_EVERY / 2)
        figures = meter.read()
        figures[LOST] = crowd.missed(lambda i: 0)
        crowd.close()
        warm[0].sock.close()
    each = (figures[MEMORY] - before) * 1024 / number
    return {"KiB/client": each, "clients": number, "s to join": joined, **figures}


def allow_sockets(number: int) -> None:
    """Let this process and the hubs it starts hold so many; raises ValueError where it may not."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(number, most), max(number, most)))
    except (ValueError, PermissionError):
        raise ValueError(f"this system lets a process hold {most} sockets, not {number}") from None


def _answer_pings(crowd: Crowd, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        crowd.read(0.1)
