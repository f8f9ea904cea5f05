"""Rooms of millions of messages: opened, the last page, and all of it streamed over HTTP."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from functools import partial
from pathlib import Path

from environment import PYTHON
from speed.figures import LOST, Figures
from speed.proc import Meter, memory_mib, on_core
from speed.stage import HUB_CORE, Stage, helper_environment

COUNT = 1_000_000
LARGE = 5_000_000
MILLION = Path(__file__).with_name("million.py")
FORMS = {"text": "text/plain", "JSON": "application/json", "NDJSON": "application/x-ndjson"}
NEEDLE = b"is anybody home"


def page(stage: Stage, count: int = COUNT) -> Figures:
    """The last 50 inside the hub, from cursor to bytes, without HTTP."""
    told = json.loads(helper("page", str(_room(stage, count))))
    return {
        "ms a page": told["application/json"],
        "ms a page as NDJSON": told["application/x-ndjson"],
        "ms a page as text": told["text/plain"],
        "s to open": told["open s"],
    }


def reopened(stage: Stage, count: int = LARGE) -> Figures:
    """A room opened as a start does: from its file alone, then from what is kept beside it."""
    file = str(_room(stage, count))
    return {**json.loads(helper("keep", file)), **json.loads(helper("reopen", file))}


def stream(form: str, stage: Stage, count: int = COUNT) -> Figures:
    """The whole room over one HTTP connection; memory is asked for all along the way."""
    file = _room(stage, count)
    with stage.hub(file.parent) as hub:
        _get(hub.port, f"/api/chat/{file.stem}?limit=50", FORMS[form], hub.pid)
        before = memory_mib(hub.pid)
        meter = Meter(hub.pid)
        size, found, took, most = _get(hub.port, f"/api/chat/{file.stem}", FORMS[form], hub.pid)
        figures = meter.read()
    return {
        "MB/s": size / took / 1e6,
        "MiB more at most": max(0.0, most - before),
        "MB in all": size / 1e6,
        **figures,
        LOST: abs(count - found),
    }


def _get(port: int, path: str, accept: str, pid: int) -> tuple[int, int, float, float]:
    """Read one answer to its end: bytes, messages, seconds, the most MiB that the hub had."""
    size = found = 0
    most = 0.0
    asked = began = time.perf_counter()
    buffer = bytearray(1 << 18)
    rest = b""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        while taken := sock.recv_into(buffer):
            size += taken
            data = rest + buffer[:taken]
            found += data.count(NEEDLE)
            rest = bytes(data[1 - len(NEEDLE) :])
            if (now := time.perf_counter()) - asked > 0.2:
                most, asked = max(most, memory_mib(pid)), now
    return size, found, time.perf_counter() - began, max(most, memory_mib(pid))


def _room(stage: Stage, count: int) -> Path:
    """The file of a room of so many messages, made once in a run of the program."""
    file = stage.rooms(f"messages-{count}") / "big.jsonl"
    if not file.exists():
        helper("make", str(file), str(count))
    return file


def helper(*arguments: str, program: Path = MILLION) -> str:
    with on_core(HUB_CORE):
        return subprocess.run(
            [PYTHON, program, *arguments],
            env=helper_environment(),
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ).stdout


text = partial(stream, "text")
whole_json = partial(stream, "JSON")
ndjson = partial(stream, "NDJSON")
