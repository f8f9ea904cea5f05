"""A folder of many rooms: a start with the catalog of the stop before, and the list of rooms."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.request
from pathlib import Path

from speed import many_people
from speed.figures import MEMORY, Figures, percentile
from speed.history import helper
from speed.proc import memory_mib
from speed.stage import LAUNCHER, Stage

COUNT = 100_000
MANY = Path(__file__).with_name("many.py")
FEW = ("prlimit", "--nofile=1024:1024", *LAUNCHER)


def hundred_thousand(stage: Stage) -> Figures:
    return many(stage, COUNT)


def with_people(stage: Stage) -> Figures:
    """The same with as many people as there are rooms."""
    return many(stage, COUNT, COUNT)


def many(stage: Stage, count: int, people: int = 0) -> Figures:
    """The start of a hub that knows its rooms, then the whole list while others ask."""
    folder = stage.rooms(f"rooms{count}people{people}")
    if not (folder / "hub").exists():
        helper(str(folder), str(count), program=MANY)
        if people:
            many_people.filled(folder, people, 1)
        with stage.hub(folder) as hub:
            _ask(f"{hub.running.address}/api/rooms?limit=1")  # once all have been read
    began = time.perf_counter()
    with stage.hub(folder, FEW) as hub:
        _ask(f"{hub.running.address}/general")
        page = time.perf_counter() - began
        piece = json.loads(_ask(f"{hub.running.address}/api/rooms?limit=1000"))
        listed = time.perf_counter() - began
        memory = memory_mib(hub.pid)
        whole, waits = _whole_list(hub.port)
        found = _timed(f"{hub.running.address}/api/rooms?find=no+such+room")
        there = count + bool(people)  # with whom there came a room
        if len(piece["rooms"]) != min(there, 1000) or whole["rooms"] != there:
            raise RuntimeError("the list of rooms is not whole")
    return {
        "s": page,
        "s until the list": listed,
        MEMORY: memory,
        "s for the whole list": whole["s"],
        "ms for others meanwhile, p99": percentile(waits, 0.99) * 1e3,
        "ms to look for a text": found * 1e3,
    }


def _whole_list(port: int) -> tuple[dict[str, float], list[float]]:
    """How many rooms it has and how long it took; and how long each of other requests did."""
    told: dict[str, float] = {}

    def ask() -> None:
        began = time.perf_counter()
        rooms = _ask(f"http://127.0.0.1:{port}/api/rooms").count(b'"name":')
        told.update(s=time.perf_counter() - began, rooms=rooms)

    asking = threading.Thread(target=ask)
    asking.start()
    waits: list[float] = []
    other = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while asking.is_alive() or not waits:
        began = time.perf_counter()
        other.request("GET", "/api/rooms?limit=1")
        other.getresponse().read()
        waits.append(time.perf_counter() - began)
    other.close()
    return told, waits


def _timed(address: str) -> float:
    began = time.perf_counter()
    _ask(address)
    return time.perf_counter() - began


def _ask(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=300) as answer:
        content: bytes = answer.read()
        return content
