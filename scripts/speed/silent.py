"""Clients that do not read and connections that never ask: what they cost everybody else."""

from __future__ import annotations

import http.client
import socket
import time
from itertools import count

from speed.crowd import TimedCrowd
from speed.evenly import pace
from speed.figures import LOST, Figures, spread
from speed.proc import Meter, memory_mib
from speed.stage import Stage
from speed.websocket import Guest, await_text, come_in, frame, introduce, knock, say

SILENT, READERS, RATE = 500, 50, 2000
HALF_OPEN = 2000
SMALL = 4096
"""Bytes of receive buffer of a client that does not read; more would delay the backpressure."""


def readers(stage: Stage) -> Figures:
    """500 clients that stop reading beside 50 that go on, at 2,000 messages a second."""
    with stage.hub() as hub:
        silent = [_silent(hub.port, number) for number in range(SILENT)]
        crowd = TimedCrowd()
        there = come_in(hub.port, [Guest(f"reader{number}") for number in range(READERS)])
        for welcomed in there:
            crowd.add(welcomed.sock)
        crowd.settle()
        before = memory_mib(hub.pid)
        most = before
        numbers = count()
        meter = Meter(hub.pid)
        crowd.idle = 0.0
        seconds = 4 * stage.seconds

        def send(due: int) -> None:
            there[0].sock.sendall(frame(say("general", due, next(numbers))))

        for _ in range(4):
            pace(crowd, send, RATE, seconds / 4)
            most = max(most, memory_mib(hub.pid))
        figures = meter.read(crowd.idle)
        said = next(numbers)
        figures[LOST] = crowd.missed(lambda i: said)
        crowd.close()
        for sock in silent:
            sock.close()
    return {"MiB more": most - before, **spread(crowd.took), **figures}


def half_open(stage: Stage) -> Figures:
    """2,000 connections that never end their request; then somebody opens the page."""
    with stage.hub() as hub:
        held = []
        for _ in range(HALF_OPEN):
            sock = socket.create_connection(("127.0.0.1", hub.port), 10)
            sock.sendall(b"GET /general HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
            held.append(sock)
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=30)
        connection.request("GET", "/general")
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.read()
        took = time.perf_counter() - began
        connection.close()
        for sock in held:
            sock.close()
    return {"s": took}


def _silent(port: int, number: int) -> socket.socket:
    sock = knock(port, SMALL)
    introduce(sock, Guest(f"silent{number:05d}"))
    await_text(sock, b'"do":"joined"')
    return sock
