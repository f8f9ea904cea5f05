"""The thundering herd: a hub restarts and all its clients reconnect at once."""

from __future__ import annotations

import time

from speed.crowd import Crowd
from speed.figures import LOST, Figures
from speed.proc import Meter
from speed.stage import Stage
from speed.websocket import Guest, come_in, frame, introduce, knock, say

CLIENTS = 1000
BEHIND = 100


def restart(stage: Stage, clients: int = CLIENTS) -> Figures:
    """From the start of the new hub's process until the last client has all that it missed.

    The clients bear the token of their first visit and ask for what came after their last number.
    """
    rooms = stage.rooms(f"herd{time.time_ns()}")
    with stage.hub(rooms) as hub:
        guests = [Guest(f"guest{i:05d}") for i in range(clients)]
        welcomed = come_in(hub.port, guests)
        first = Crowd()
        for visit in welcomed:
            first.add(visit.sock)
        lines = [say("general", time.perf_counter_ns(), number) for number in range(BEHIND)]
        welcomed[0].sock.sendall(frame(b"\n".join(lines)))
        lost = first.missed(lambda i: BEHIND)
        time.sleep(1.0)  # the people are kept a moment later
    first.close()
    began = time.perf_counter()
    with stage.hub(rooms) as hub:
        meter = Meter(hub.pid)
        started = time.perf_counter() - began
        crowd = Crowd()
        socks = [knock(hub.port) for _ in guests]
        for sock, guest, visit in zip(socks, guests, welcomed, strict=True):
            introduce(sock, guest._replace(token=visit.token, after=0))
            crowd.add(sock)
        crowd.read_until(lambda: all(reader.seen >= BEHIND for reader in crowd.readers))
        took = time.perf_counter() - began
        figures = meter.read()
        figures[LOST] = lost + crowd.missed(lambda i: BEHIND)
        crowd.close()
    return {"s until all caught up": took, "s of it to start": started, **figures}
