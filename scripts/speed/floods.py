"""What others still get while one address, or a few, ask for all that they can.

The hub has its usual limits here. The others are one reader at another address, who asks for
what a page asks for, one request after the other.
"""

from __future__ import annotations

import http.client
import subprocess
import time
from functools import partial
from itertools import cycle
from pathlib import Path

from environment import PYTHON
from speed.figures import P50, P95, Figures, percentile
from speed.flood import PASSWORD, asked
from speed.history import helper
from speed.proc import Meter, memory_mib
from speed.stage import Hub, Stage, helper_environment

FLOOD = Path(__file__).with_name("flood.py")
LONG = 230_000
"""Messages of the history that the stalled readers ask for: 46 MB."""
MOST = "MiB at most"
LATER = "MiB after it"
EVERY = 0.005
"""How long, in seconds, the reader thinks between an answer and the next request."""
_PATHS = ("/api/health", "/general", "/api/chat/general?after=0")


def flood(kind: str, stage: Stage) -> Figures:
    """The spread of the answers that others wait for, and the memory that the hub takes."""
    with stage.hub(_furnish(kind, stage), settings=()) as hub:
        told = {"name": "naor", "password": PASSWORD}
        asked(hub.port, "127.0.0.1", "POST", "/api/session", told)
        _others(hub, 0.5)
        with subprocess.Popen(
            [PYTHON, FLOOD, kind, str(hub.port), "60"],
            env=helper_environment() | {"PYTHONPATH": str(FLOOD.parents[1])},
            stdin=subprocess.PIPE,  # it ends with this
            stdout=subprocess.PIPE,
            encoding="ascii",
        ) as flooding:
            assert flooding.stdout is not None
            if flooding.stdout.readline() != "begun\n":
                raise RuntimeError("the flood did not begin")
            meter = Meter(hub.pid)
            took, most = _others(hub, 2 * stage.seconds)
            figures = meter.read()
        _others(hub, 1.0)
        after = memory_mib(hub.pid)
    return {
        P50: percentile(took, 0.5) / 1e6,
        P95: percentile(took, 0.95) / 1e6,
        MOST: most,
        LATER: after,
        "answers/s": len(took) / (2 * stage.seconds),
        **figures,
    }


def _others(hub: Hub, seconds: float) -> tuple[list[int], float]:
    """The latency of each answer in ns, and the peak of the hub's memory in MiB."""
    took: list[int] = []
    most = 0.0
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=60)
    looked = 0.0
    end = time.perf_counter() + seconds
    for path in cycle(_PATHS):
        began = time.perf_counter()
        if began > end:
            break
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or not (body or "chat" in path):
            raise RuntimeError(f"{path} was answered {answer.status}")
        took.append(round((time.perf_counter() - began) * 1e9))
        if began - looked > 0.2:
            most, looked = max(most, memory_mib(hub.pid)), began
        time.sleep(EVERY)
    connection.close()
    return took, max(most, memory_mib(hub.pid))


def _furnish(kind: str, stage: Stage) -> Path | None:
    """A folder with the long history where the flood asks for one."""
    if kind not in ("readers", "replays"):
        return None
    file = stage.rooms("long") / "long.jsonl"
    if not file.exists():
        helper("make", str(file), str(LONG))
    return file.parent


pings = partial(flood, "pings")
unknown = partial(flood, "unknown")
malformed = partial(flood, "malformed")
typing = partial(flood, "typing")
requests = partial(flood, "requests")
readers = partial(flood, "readers")
replays = partial(flood, "replays")
forms = partial(flood, "forms")
logins = partial(flood, "logins")
passwords = partial(flood, "passwords")
