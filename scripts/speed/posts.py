"""Saved posts: 32 senders, each in a room of its own, the next one after the acknowledgement."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from speed.crowd import MARK, Reader, TimedCrowd
from speed.figures import LOST, Figures, spread
from speed.proc import Meter
from speed.stage import Stage
from speed.websocket import PADDING, Guest, come_in, frame, say

SENDERS = 32
Send = Callable[[int, Reader], None]
"""Sends the next message of one sender, by its number."""


def over_websocket(stage: Stage) -> Figures:
    """The acknowledgement is the sender's own event, which bears what it sent."""

    def connect(port: int) -> list[socket.socket]:
        guests = [Guest(f"guest{i}", f"r{i}") for i in range(SENDERS)]
        return [guest.sock for guest in come_in(port, guests)]

    numbers = count()

    def send(number: int, reader: Reader) -> None:
        text = say(f"r{number}", time.perf_counter_ns(), next(numbers))
        reader.sock.sendall(frame(text))

    return _one_after_the_other(stage, connect, send)


def over_http(stage: Stage) -> Figures:
    """Connections stay open; the acknowledgement is the answer, which holds the saved event."""

    def connect(port: int) -> list[socket.socket]:
        return [socket.create_connection(("127.0.0.1", port)) for _ in range(SENDERS)]

    def send(number: int, reader: Reader) -> None:
        reader.sock.sendall(post(f"r{number}", f"guest{number}"))

    return _one_after_the_other(stage, connect, send)


def post(room: str, name: str) -> bytes:
    """A request that saves one message; it bears its mark and the time."""
    text = b"%b%d %b" % (MARK, time.perf_counter_ns(), PADDING)
    body = json.dumps({"username": name, "msg": text.decode()}).encode()
    return (
        b"POST /api/chat/%b HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
        % (room.encode(), len(body), body)
    )


def _one_after_the_other(
    stage: Stage, connect: Callable[[int], list[socket.socket]], send: Send
) -> Figures:
    rooms = stage.rooms(f"posts{time.time_ns()}")
    with stage.hub(rooms) as hub:
        crowd = TimedCrowd()
        for sock in connect(hub.port):
            crowd.add(sock)
        sent = [0] * SENDERS
        _load(crowd, sent, send, min(1.0, stage.seconds))
        del crowd.took[:]
        before = sum(reader.seen for reader in crowd.readers)
        meter = Meter(hub.pid)
        took = _load(crowd, sent, send, stage.seconds)
        figures = meter.read()
        lost = crowd.missed(lambda i: sent[i])
        acknowledged = sum(reader.seen for reader in crowd.readers)
        crowd.close()
    saved = sum(_events(file) for file in rooms.glob("r*.jsonl"))
    lost += abs(saved - acknowledged)
    return {"posts/s": (acknowledged - before) / took, **spread(crowd.took), **figures, LOST: lost}


def _load(crowd: TimedCrowd, sent: list[int], send: Send, seconds: float) -> float:
    """Keep one message of each sender under way, then wait for the last ones; gives the time."""
    began = time.perf_counter()
    while time.perf_counter() < began + seconds:
        for number, reader in enumerate(crowd.readers):
            if reader.seen == sent[number]:
                send(number, reader)
                sent[number] += 1
        crowd.read(5.0)
    if not crowd.read_until(lambda: [reader.seen for reader in crowd.readers] == sent):
        raise TimeoutError(f"not answered: {crowd.readers[0].tail!r}")
    return time.perf_counter() - began


def _events(file: Path) -> int:
    """How many events a room's file holds; the first line is its header."""
    return file.read_bytes().count(b"\n") - 1
