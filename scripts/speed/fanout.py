"""Fan-out: one sender with a number of messages in flight, and everybody else in the room."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from itertools import count

from speed.crowd import Crowd, Reader
from speed.evenly import pace
from speed.figures import CPU, LOST, Figures
from speed.floor import floor
from speed.proc import Meter
from speed.stage import Stage
from speed.websocket import Guest, come_in, frame, say

DELIVERIES = "deliveries/s"
BATCH = 32
"""How many messages of the open loop become due together."""
Send = Callable[[int], None]
"""Sends that many messages at once."""


def fan_out(clients: int, in_flight: int, stage: Stage) -> Figures:
    """Hearth: the sender is in the room itself, and its own event is the acknowledgement.

    What may leave at one moment leaves as one frame, as the contract allows both sides.
    """
    with stage.hub() as hub:
        began = time.perf_counter()
        crowd = Crowd()
        for guest in come_in(hub.port, [Guest(f"guest{i:05d}") for i in range(clients)]):
            crowd.add(guest.sock)
        joined = time.perf_counter() - began
        numbers = count()

        def send(messages: int) -> None:
            now = time.perf_counter_ns()
            lines = [say("general", now, next(numbers)) for _ in range(messages)]
            crowd.readers[0].sock.sendall(frame(b"\n".join(lines)))

        figures = keep_in_flight(crowd, crowd.readers[0], in_flight, send, stage.seconds, hub.pid)
        last = crowd.readers[0].last()
        figures[LOST] += sum(reader.last() != last for reader in crowd.readers)
        figures["s to join"] = joined
        crowd.close()
    return figures


def against_floor(clients: int, in_flight: int, stage: Stage) -> Figures:
    """Fan-out, and its ratio to the floor, which is measured right before."""
    sends = floor(stage)["sends/s"]
    figures = fan_out(clients, in_flight, stage)
    return {**figures, "times the floor": figures[DELIVERIES] / sends, "floor sends/s": sends}


def open_loop(clients: int, rate: float, stage: Stage) -> Figures:
    """`rate` messages a second leave whatever was delivered, for 30 s in a full run.

    What was delivered within that time counts; the rest must still come, or is lost.
    """
    seconds = 6 * stage.seconds
    with stage.hub() as hub:
        crowd = Crowd()
        for guest in come_in(hub.port, [Guest(f"guest{i:05d}") for i in range(clients)]):
            crowd.add(guest.sock)
        sender = crowd.readers[0].sock
        sender.settimeout(10)  # a hub that takes nothing any more ends the measurement
        numbers = count()

        def send(due: int) -> None:
            lines = [say("general", due, next(numbers)) for _ in range(BATCH)]
            sender.sendall(frame(b"\n".join(lines)))

        crowd.settle()  # presence is still being broadcast
        pace(crowd, send, rate / BATCH, min(2.0, stage.seconds))
        before = sum(reader.seen for reader in crowd.readers)
        meter = Meter(hub.pid)
        crowd.idle = 0.0
        pace(crowd, send, rate / BATCH, seconds)
        figures = meter.read(crowd.idle)
        delivered = sum(reader.seen for reader in crowd.readers) - before
        sent = next(numbers)
        behind = sent - min(reader.seen for reader in crowd.readers)
        figures[LOST] = crowd.missed(lambda i: sent)
        crowd.close()
    return {DELIVERIES: delivered / seconds, "messages behind at the end": behind, **figures}


def keep_in_flight(
    crowd: Crowd, acknowledged: Reader, in_flight: int, send: Send, seconds: float, pid: int
) -> Figures:
    """Load a server: what `acknowledged` has seen is no longer in flight.

    All that was sent counts, and the time until all of it was delivered. Half a second goes before.
    """
    sent = 0

    def load(duration: float) -> float:
        nonlocal sent
        began = time.perf_counter()
        heard = began
        while (now := time.perf_counter()) < began + duration:
            room = in_flight - (sent - acknowledged.seen)
            if room:
                send(room)
                sent += room
            if crowd.read(0.05):
                heard = now
            elif now - heard > 10:
                raise TimeoutError("the server delivers nothing any more")
        crowd.read_until(lambda: all(reader.seen >= sent for reader in crowd.readers))
        return time.perf_counter() - began

    load(0.5)
    before = sum(reader.seen for reader in crowd.readers)
    meter = Meter(pid)
    took = load(seconds)
    figures = meter.read()
    rate = (sum(reader.seen for reader in crowd.readers) - before) / took
    figures[LOST] = crowd.missed(lambda i: sent)
    each = {"messages/s": rate / len(crowd.readers), "deliveries/CPU s": 100 * rate / figures[CPU]}
    return {DELIVERIES: rate, **each, **figures}


thousand = partial(against_floor, 1000, 64)
sustained = partial(open_loop, 1000, 4200)
two_hundred = partial(fan_out, 200, 256)
