"""A crowd that behaves like people: they read on two devices, come and go, and fill large rooms."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Final, NamedTuple

from speed.crowd import Crowd, Reader, TimedCrowd
from speed.evenly import pace
from speed.figures import CPU, LOST, Figures, spread
from speed.proc import Meter, allow_sockets, cpu_seconds
from speed.stage import Hub, Stage
from speed.websocket import Guest, come_in, frame, say

CPU_MS: Final = "CPU ms a message"

PEOPLE: Final = 1000
LARGE: Final = 10_000
SMALL: Final = 10
AT_A_TIME: Final = 64
"""Sockets of the large room that are read, or closed, between two looks at the small one."""


class Attentive(Crowd):
    """Each client says that it has seen what it received."""

    def _take(self, reader: Reader, end: int) -> int:
        messages = super()._take(reader, end)
        if messages:
            seen = b'{"do":"seen","room":"general","n":%d}' % reader.last()
            reader.sock.sendall(frame(seen))
        return messages


def two_devices(stage: Stage) -> Figures:
    """One message a second to PEOPLE with two devices each, all of which answer `seen`."""
    allow_sockets(2 * PEOPLE + 500)
    with stage.hub() as hub:
        crowd = Attentive()
        first = come_in(hub.port, [Guest(f"guest{i:05d}") for i in range(PEOPLE)])
        second = come_in(hub.port, [Guest("", token=guest.token) for guest in first])
        for guest in (*first, *second):
            crowd.add(guest.sock)
        sender = come_in(hub.port, [Guest("sender", "elsewhere")])[0].sock

        def say_one(number: int) -> None:
            sender.sendall(frame(say("general", time.perf_counter_ns(), number)))
            crowd.read_until(lambda: all(x.seen > number for x in crowd.readers))
            _read_for(crowd, 1.0)  # until it is kept what they have read

        say_one(0)
        messages = max(2, round(2 * stage.seconds))
        meter, before = Meter(hub.pid), cpu_seconds(hub.pid)
        for number in range(messages):
            say_one(number + 1)
        took = cpu_seconds(hub.pid) - before
        figures = meter.read()
        figures[LOST] = crowd.missed(lambda i: messages + 1)
        crowd.close()
        sender.close()
    return {CPU_MS: 1000 * took / messages, **figures}


def coming_and_going(stage: Stage) -> Figures:
    """A room of LARGE in which nobody speaks, and one person comes and goes all the time."""
    with _large_room(stage) as (hub, large):
        meter = Meter(hub.pid)
        end = time.perf_counter() + 2 * stage.seconds
        visits = 0
        while time.perf_counter() < end:
            guest = come_in(hub.port, [Guest("visitor", "large")])[0]
            _read_for(large, 0.3)
            guest.sock.close()
            _read_for(large, 0.3)
            visits += 1
        figures = meter.read()
        figures[LOST] = large.missed(lambda i: 0)
    return {CPU: figures.pop(CPU), "visits": visits, **figures}


def beside_a_large_room(stage: Stage) -> Figures:
    """A room of SMALL with 10 messages a second, beside one of LARGE with 2."""
    with _large_room(stage) as (hub, large):
        rooms = _Rooms(_small_room(hub), large)
        said = count()

        def send(due: int) -> None:
            number = next(said)
            rooms.small.say("small", due, number)
            if number % 5 == 0:
                rooms.large.say("large", due, number)

        pace(rooms, send, 10, 1.0)
        rooms.forget()
        meter = Meter(hub.pid)
        pace(rooms, send, 10, 2 * stage.seconds)
        return rooms.figures(meter)


def beside_many_who_leave(stage: Stage) -> Figures:
    """A room of SMALL with 20 messages a second, while half of a room of LARGE leaves at once."""
    with _large_room(stage) as (hub, large):
        small = _small_room(hub)
        rooms = _Rooms(small, large)
        numbers = count()

        def send(due: int) -> None:
            small.say("small", due, next(numbers))

        pace(rooms, send, 20, 1.0)
        rooms.forget()
        meter = Meter(hub.pid)
        leaving = _leave(large, LARGE // 2)
        pace(_Leaving(rooms, leaving), send, 20, 2.0)
        return rooms.figures(meter)


class SpeakingCrowd(TimedCrowd):
    """Reads from at most AT_A_TIME clients at a time; the first one speaks."""

    said = 0

    def __init__(self) -> None:
        super().__init__(AT_A_TIME)

    def say(self, room: str, due: int, number: int) -> None:
        self.readers[0].sock.sendall(frame(say(room, due, number)))
        self.said += 1

    def lost(self) -> int:
        """How many messages were lost or doubled."""
        return self.missed(lambda i: self.said)


class _Rooms(NamedTuple):
    small: SpeakingCrowd
    large: SpeakingCrowd

    def read(self, timeout: float) -> int:
        return self.small.read(timeout) + self.large.read(0)

    def forget(self) -> None:
        """Wait for what is on its way, and forget how long it took."""
        for crowd in self:
            crowd.lost()
            del crowd.took[:]

    def figures(self, meter: Meter) -> Figures:
        figures = meter.read(self.small.idle + self.large.idle)
        figures[LOST] = sum(crowd.lost() for crowd in self)
        self.small.close()
        if self.large.took:
            figures["p99 ms in the large room"] = spread(self.large.took)["p99 ms"]
        return {**spread(self.small.took), **figures}


class _Leaving(NamedTuple):
    """Has some of a crowd leave at each read of the rooms."""

    rooms: _Rooms
    leaving: Iterator[None]

    def read(self, timeout: float) -> int:
        next(self.leaving, None)
        return self.rooms.read(timeout)


def _leave(crowd: Crowd, number: int) -> Iterator[None]:
    """Close so many clients of a crowd, AT_A_TIME with each step."""
    for left in range(number):
        crowd.drop()
        if left % AT_A_TIME == 0:
            yield


@contextmanager
def _large_room(stage: Stage) -> Iterator[tuple[Hub, SpeakingCrowd]]:
    """A hub with LARGE people in one room."""
    allow_sockets(LARGE + 500)
    with stage.hub() as hub:
        crowd = SpeakingCrowd()
        for guest in come_in(hub.port, [Guest(f"guest{i:05d}", "large") for i in range(LARGE)]):
            crowd.add(guest.sock)
        _read_for(crowd, 2.0)  # until presence is broadcast and the people are saved
        yield hub, crowd
        crowd.close()


def _small_room(hub: Hub) -> SpeakingCrowd:
    crowd = SpeakingCrowd()
    for guest in come_in(hub.port, [Guest(f"member{i}", "small") for i in range(SMALL)]):
        crowd.add(guest.sock)
    _read_for(crowd, 0.5)
    return crowd


def _read_for(crowd: Crowd, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        crowd.read(0.05)
