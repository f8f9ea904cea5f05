"""Saved posts: 32 senders, each in a room of its own, the next one after the acknowledgement."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import fmean

from speed.crowd import MARK, Reader, TimedCrowd
from speed.figures import LOST, Figures, spread
from speed.proc import Meter
from speed.stage import Stage
from speed.websocket import PADDING, Guest, come_in, frame, say

SENDERS = 32
POSTS = "posts/s"
Send = Callable[[int, Reader], None]
"""Sends the next message of one sender, by its number."""


class Posting:
    """Senders, one for each socket of `crowd`, that keep one message each under way.

    `pid` is the server that acknowledges them. `sent` counts the messages of each sender; whoever
    knows what was stored adds to `lost` what was not.
    """

    def __init__(self, pid: int, crowd: TimedCrowd, send: Send) -> None:
        self.crowd = crowd
        self.sent = [0] * len(crowd.readers)
        self.lost = 0
        self._pid = pid
        self._send = send
        self._loads: list[Figures] = []

    def warm_up(self, seconds: float) -> None:
        """Send for at most a second; that does not count."""
        self._keep_sending(min(1.0, seconds))
        del self.crowd.took[:]

    def load(self, seconds: float) -> None:
        """Send, and wait for the last acknowledgements. Raises TimeoutError without them."""
        before = sum(self.sent)
        meter = Meter(self._pid)
        took = self._keep_sending(seconds)
        figures = meter.read()
        self._loads.append({POSTS: (sum(self.sent) - before) / took, **figures})

    def figures(self) -> Figures:
        """The means of all loads, which are to be of one length, and the spread of all times."""
        means = {name: fmean(load[name] for load in self._loads) for name in self._loads[0]}
        return {**means, **spread(self.crowd.took), LOST: self.lost}

    def _keep_sending(self, seconds: float) -> float:
        """Give how long it took until the last acknowledgement."""
        readers, sent = self.crowd.readers, self.sent
        began = time.perf_counter()
        while time.perf_counter() < began + seconds:
            for number, reader in enumerate(readers):
                if reader.seen == sent[number]:
                    self._send(number, reader)
                    sent[number] += 1
            self.crowd.read(5.0)
        if not self.crowd.read_until(lambda: [reader.seen for reader in readers] == sent):
            raise TimeoutError(f"not answered: {readers[0].tail!r}")
        return time.perf_counter() - began


def over_websocket(stage: Stage) -> Figures:
    with websocket(stage) as posting:
        posting.warm_up(stage.seconds)
        posting.load(stage.seconds)
    return posting.figures()


def over_http(stage: Stage) -> Figures:
    """Connections stay open; the acknowledgement is the answer, which holds the saved event."""

    def connect(port: int) -> list[socket.socket]:
        return [socket.create_connection(("127.0.0.1", port)) for _ in range(SENDERS)]

    def send(number: int, reader: Reader) -> None:
        reader.sock.sendall(post(f"r{number}", f"guest{number}"))

    with _to_a_hub(stage, connect, send) as posting:
        posting.warm_up(stage.seconds)
        posting.load(stage.seconds)
    return posting.figures()


@contextmanager
def websocket(stage: Stage) -> Iterator[Posting]:
    """The acknowledgement is the sender's own event, which bears what it sent."""

    def connect(port: int) -> list[socket.socket]:
        guests = [Guest(f"guest{i}", f"r{i}") for i in range(SENDERS)]
        return [guest.sock for guest in come_in(port, guests)]

    numbers = count()

    def send(number: int, reader: Reader) -> None:
        text = say(f"r{number}", time.perf_counter_ns(), next(numbers))
        reader.sock.sendall(frame(text))

    with _to_a_hub(stage, connect, send) as posting:
        yield posting


def post(room: str, name: str) -> bytes:
    """A request that saves one message; it bears its mark and the time."""
    text = b"%b%d %b" % (MARK, time.perf_counter_ns(), PADDING)
    body = json.dumps({"username": name, "msg": text.decode()}).encode()
    return (
        b"POST /api/chat/%b HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
        % (room.encode(), len(body), body)
    )


@contextmanager
def _to_a_hub(
    stage: Stage, connect: Callable[[int], list[socket.socket]], send: Send
) -> Iterator[Posting]:
    """Counts afterwards what the rooms' files hold."""
    rooms = stage.rooms(f"posts{time.time_ns()}")
    with stage.hub(rooms) as hub:
        crowd = TimedCrowd()
        for sock in connect(hub.port):
            crowd.add(sock)
        posting = Posting(hub.pid, crowd, send)
        yield posting
        posting.lost += crowd.missed(lambda i: posting.sent[i])
        crowd.close()
    saved = sum(_events(file) for file in rooms.glob("r*.jsonl"))
    posting.lost += abs(saved - sum(reader.seen for reader in crowd.readers))


def _events(file: Path) -> int:
    """How many events a room's file holds; the first line is its header."""
    return file.read_bytes().count(b"\n") - 1
