"""Idle clients: what each of 10,000 costs that are in rooms and send nothing."""

from __future__ import annotations

import time

from speed.crowd import Crowd
from speed.figures import LOST, MEMORY, Figures
from speed.proc import Meter, allow_sockets, memory_mib
from speed.stage import Stage
from speed.websocket import Guest, come_in

CLIENTS = 10_000
EACH_ROOM = 50
PINGS_EVERY = 20.0
"""Seconds between the hub's pings to a client."""


def clients(stage: Stage, number: int = CLIENTS) -> Figures:
    """Memory a client: the growth of the hub's, without the kernel's buffers."""
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
        _answer_pings(crowd, 3.0)  # until presence is broadcast and people are saved
        meter = Meter(hub.pid)
        _answer_pings(crowd, PINGS_EVERY if stage.seconds >= 5 else PINGS_EVERY / 2)
        figures = meter.read()
        figures[LOST] = crowd.missed(lambda i: 0)
        crowd.close()
        warm[0].sock.close()
    each = (figures[MEMORY] - before) * 1024 / number
    return {"KiB/client": each, "clients": number, "s to join": joined, **figures}


def _answer_pings(crowd: Crowd, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        crowd.read(0.1)
