"""100,000 people: a start, newcomers and messages while a thousand read marks a second move."""

from __future__ import annotations

import json
import select
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from environment import PYTHON
from speed.crowd import TimedCrowd
from speed.figures import LOST, MEMORY, P95, Figures, percentile
from speed.proc import Meter, memory_mib, on_core
from speed.stage import HUB_CORE, Hub, Stage, helper_environment
from speed.websocket import Guest, come_in, frame, knock, say

PEOPLE = 100_000
READERS = 100
"""People who say `seen`."""
SEEN_RATE, MESSAGE_RATE, VISITOR_RATE = 1000.0, 20.0, 40.0
"""How many there are a second, of all together."""
WELCOME_P99 = "welcome p99 ms"
P95_MORE = "p95 ms more"
"""By how much messages are slower with read marks than without."""
FILL = Path(__file__).with_name("fill_people.py")


def hundred_thousand(stage: Stage, count: int = PEOPLE) -> Figures:
    """Three rounds on one hub: messages alone, then with read marks, then with newcomers too."""
    rooms = stage.rooms("people")
    shutil.rmtree(rooms)
    rooms.mkdir()
    seconds = 2 * stage.seconds
    marks = int(2 * SEEN_RATE / READERS * seconds) + 10
    tokens = filled(rooms, count, marks)
    began = time.perf_counter()
    with stage.hub(rooms) as hub:
        figures = {"s to start": time.perf_counter() - began, "MiB at start": memory_mib(hub.pid)}
        load = _Load(hub, tokens)
        before = load.run(seconds)
        took = load.run(seconds, seen=SEEN_RATE)
        figures["p95 ms without"] = percentile(before, 0.95) / 1e6
        figures[P95] = percentile(took, 0.95) / 1e6
        figures[P95_MORE] = figures[P95] - figures["p95 ms without"]
        meter = Meter(hub.pid)
        took = load.run(seconds, seen=SEEN_RATE, visitors=VISITOR_RATE)
        figures |= meter.read()
        figures["p95 ms with newcomers"] = percentile(took, 0.95) / 1e6
        figures["welcome p50 ms"] = percentile(load.visitors.took, 0.5) / 1e6
        figures[WELCOME_P99] = percentile(load.visitors.took, 0.99) / 1e6
        figures["seen/s"] = load.seen / (2 * seconds)
        figures[LOST] = load.crowd.missed(lambda i: load.said if i == 0 else 0)
        figures["MiB more"] = figures[MEMORY] - figures["MiB at start"]
        load.close()
    return figures


class Visitors:
    """Newcomers who say hello and go; `took` is from each hello to its welcome, in ns."""

    def __init__(self, port: int) -> None:
        self.took: list[int] = []
        self._port = port
        self._came = 0
        self._poll = select.epoll()
        self._said: dict[int, tuple[socket.socket, int]] = {}

    def come(self) -> None:
        sock = knock(self._port)
        self._said[sock.fileno()] = sock, 0
        self._poll.register(sock.fileno(), select.EPOLLIN)

    def step(self) -> None:
        for fd, _ in self._poll.poll(0):
            sock, said = self._said[fd]
            data = sock.recv(1 << 16)
            if not said and data.endswith(b"\r\n\r\n"):
                self._came += 1
                hello = b'{"do":"hello","name":"visitor %d"}' % self._came
                self._said[fd] = sock, time.perf_counter_ns()
                sock.sendall(frame(hello))
            elif said and b'"do":"welcome"' in data:
                self.took.append(time.perf_counter_ns() - said)
                self._leave(fd)
            elif not data:
                raise ConnectionError("a visitor was not welcomed")

    def close(self) -> None:
        for fd in tuple(self._said):
            self._leave(fd)
        self._poll.close()

    def _leave(self, fd: int) -> None:
        self._poll.unregister(fd)
        self._said.pop(fd)[0].close()


class _Load:
    """One who listens and one who speaks in a room, readers in another, and newcomers."""

    def __init__(self, hub: Hub, tokens: list[str]) -> None:
        self.crowd = TimedCrowd()
        self.visitors = Visitors(hub.port)
        self.said = self.seen = 0
        self._speaker = come_in(hub.port, [Guest("listener"), Guest("speaker")])
        self.crowd.add(self._speaker[0].sock)
        guests = [Guest("", "lobby", token, after=1 << 30) for token in tokens]
        self._readers = [x.sock for x in come_in(hub.port, guests)]
        for sock in self._readers:
            self.crowd.add(sock)
        while self.crowd.read(0.5):  # presence is still being broadcast
            pass

    def run(self, seconds: float, seen: float = 0.0, visitors: float = 0.0) -> list[int]:
        """All at these rates a second; gives how long messages took, in ns."""
        streams = [_Stream(MESSAGE_RATE, self._say)]
        if seen:
            streams.append(_Stream(seen, self._see))
        if visitors:
            streams.append(_Stream(visitors, lambda due: self.visitors.come()))
        del self.crowd.took[:]
        end = time.perf_counter_ns() + int(seconds * 1e9)
        while time.perf_counter_ns() < end:
            for stream in streams:
                stream.step()
            self.crowd.read(0)
            self.visitors.step()
        return list(self.crowd.took)

    def close(self) -> None:
        self.visitors.close()
        self.crowd.close()
        self._speaker[1].sock.close()

    def _say(self, due: int) -> None:
        self.said += 1
        self._speaker[1].sock.sendall(frame(say("general", due, self.said)))

    def _see(self, due: int) -> None:
        turn, reader = divmod(self.seen, len(self._readers))
        self.seen += 1
        text = b'{"do":"seen","room":"lobby","n":%d}' % (turn + 1)
        self._readers[reader].sendall(frame(text))


class _Stream:
    """Something that is done at a rate a second, with the time it was due, in ns."""

    def __init__(self, rate: float, do: Callable[[int], None]) -> None:
        self._every = int(1e9 / rate)
        self._due = time.perf_counter_ns() + self._every
        self._do = do

    def step(self) -> None:
        if self._due <= time.perf_counter_ns():
            self._do(self._due)
            self._due += self._every


def filled(rooms: Path, count: int, messages: int) -> list[str]:
    """Put so many people into a folder, and a room with so many messages; gives some tokens."""
    arguments = [str(rooms), *(str(x) for x in (count, messages, READERS))]
    environment = helper_environment()
    environment["PYTHONPATH"] += f":{FILL.parent.parent}"
    with on_core(HUB_CORE):
        told = subprocess.run(
            [PYTHON, FILL, *arguments],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ).stdout
    tokens: list[str] = json.loads(told)
    return tokens
