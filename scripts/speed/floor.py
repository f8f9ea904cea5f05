"""The floors, one bare `send` a delivery and one bare sync a post, and how much this generator
itself can count.
"""

from __future__ import annotations

import select
import socket
import subprocess
import time
from pathlib import Path

from environment import PYTHON
from speed.crowd import Crowd
from speed.figures import LOST, Figures
from speed.posts import SENDERS
from speed.proc import Meter, on_core
from speed.stage import HUB_CORE, Stage

SPRAY = Path(__file__).with_name("spray.py")
APPENDS = Path(__file__).with_name("appends.py")


def floor(stage: Stage) -> Figures:
    """One message a send to 1,000 sockets: what no server that sends each by itself can beat."""
    figures = _spray(1000, 1, min(stage.seconds, 3.0))
    return {**figures, "us/send": 1e6 / figures["sends/s"]}


def capacity(stage: Stage) -> Figures:
    """64 messages a send: the generator must keep up with far more than any server gives."""
    figures = _spray(1000, 64, min(stage.seconds, 3.0))
    return {"deliveries/s": figures["sends/s"] * 64, **figures}


def appends(stage: Stage) -> Figures:
    """A line to each of as many files as there are senders, each synced, and nothing else."""
    seconds = min(stage.seconds, 3.0)
    folder = stage.rooms(f"appends{time.time_ns()}")
    with on_core(HUB_CORE):
        program = subprocess.Popen(
            [PYTHON, APPENDS, folder, str(SENDERS), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="ascii",
        )
    assert program.stdin is not None
    assert program.stdout is not None
    meter = Meter(program.pid)
    saved = int(program.stdout.readline())
    figures = meter.read()
    program.stdin.close()
    program.wait(10)
    return {"posts/s": saved / seconds, **figures}


def _spray(sockets: int, lines: int, seconds: float) -> Figures:
    with on_core(HUB_CORE):
        spray = subprocess.Popen(
            [PYTHON, SPRAY, str(sockets), str(lines), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="ascii",
        )
    assert spray.stdin is not None
    assert spray.stdout is not None
    crowd = Crowd()
    try:
        port = int(spray.stdout.readline())
        for _ in range(sockets):
            crowd.add(socket.create_connection(("127.0.0.1", port)))
        told = spray.stdout.fileno()
        meter = Meter(spray.pid)
        crowd.read_until(lambda: _readable(told), seconds + 5)
        figures = meter.read()
        sends = int(spray.stdout.readline())
        each = sends // sockets * lines
        figures[LOST] = crowd.missed(lambda i: each)
    finally:
        crowd.close()
        spray.stdin.close()
        spray.wait(10)
    return {"sends/s": sends / seconds, **figures}


def _readable(fd: int) -> bool:
    return bool(select.select([fd], [], [], 0)[0])
