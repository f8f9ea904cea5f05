"""The plain chat room under load, served by its stand-in `plainchat.py` on the hub's core."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from commands import ROOT
from environment import PYTHON
from speed.figures import LOST, Figures, spread
from speed.proc import Meter, on_core
from speed.stage import HUB_CORE, Stage
from speed.visitors import Visitors


def room(clients: int, rate: float, stage: Stage) -> Figures:
    """`rate` messages a second to `clients`; with 0 the next one leaves after the answer."""
    with _served(stage) as (port, pid):
        visitors = Visitors(port, clients)
        meter = Meter(pid)
        began = time.perf_counter()
        while (now := time.perf_counter() - began) < 2 * stage.seconds:
            due = visitors.said < now * rate if rate else visitors.said == visitors.answered
            if due:
                visitors.say()
            visitors.step(0.005)
        posts = visitors.said / (time.perf_counter() - began)
        lost = _missing(visitors)
        figures = meter.read()
        visitors.close()
    took = spread(visitors.took)
    return {"deliveries/s": posts * clients, "posts/s": posts, **took, **figures, LOST: lost}


def _missing(visitors: Visitors) -> int:
    """What does not come within ten more seconds counts as lost."""
    end = time.perf_counter() + 10
    while time.perf_counter() < end:
        if all(poller.seen >= visitors.said for poller in visitors.pollers):
            break
        visitors.step(0.05)
    return sum(abs(poller.seen - visitors.said) for poller in visitors.pollers)


@contextmanager
def _served(stage: Stage) -> Iterator[tuple[int, int]]:
    """The stand-in on the hub's core; gives its port and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = stage.rooms(f"plain{time.time_ns()}")
    with on_core(HUB_CORE):
        program: list[str | Path] = [PYTHON, ROOT / "scripts" / "plainchat.py", folder, str(port)]
        served = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        yield port, served.pid
    finally:
        served.kill()
        served.wait(10)


hundred = partial(room, 100, 10)
two_hundred = partial(room, 200, 0)
