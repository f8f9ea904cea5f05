"""Hearth as a process that faults happen to."""

from __future__ import annotations

import http.client
import json
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conftest import Launch
from tests.launching import Launched
from tests.patience import PATIENCE

NO_LIMITS = ("--set", "message_rate=0", "--set", "connections_per_address=0")


def started(launch: Launch, folder: Path, **options: Any) -> Launched:
    """A hub that has opened, and so repaired, every room of its folder."""
    hub = launch(*NO_LIMITS, rooms=folder, **options)
    hub.ready()
    rooms_of(hub.port)
    return hub


def killed(hub: Launched) -> None:
    hub.process.send_signal(signal.SIGKILL)
    hub.process.wait(60)
    hub.close()


def frozen(hub: Launched) -> None:
    """Stop a hub, and return when no thread of it does anything any more.

    The signal alone is not enough: on a busy machine the thread that is to pass it on to the others
    may wait for a processor, while these go on. One that waits in the system for a disk stops
    before it comes back from there.
    """
    hub.process.send_signal(signal.SIGSTOP)
    threads = Path(f"/proc/{hub.process.pid}/task")
    while any(_state(thread) in "RS" for thread in threads.iterdir()):
        time.sleep(0.001)


def _state(thread: Path) -> str:
    try:
        return (thread / "stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return "X"


def rooms_of(port: int) -> dict[str, dict[str, Any]]:
    """What the hub tells of its rooms, by name."""
    status, body = ask(port, "GET", "/api/rooms")
    assert status == 200, body
    return {room["name"]: room for room in json.loads(body)["rooms"]}


def served(port: int, room: str) -> list[bytes]:
    """A room's lines as the hub serves them."""
    status, body = ask(port, "GET", f"/api/chat/{room}", {"Accept": "application/x-ndjson"})
    assert status == 200, body
    return body.splitlines(keepends=True)


def say(port: int, room: str, text: str, name: str = "naor") -> tuple[int, dict[str, Any]]:
    """Say something over HTTP; gives the status, and the event or the error."""
    body = json.dumps({"username": name, "msg": text})
    status, told = ask(
        port, "POST", f"/api/chat/{room}", {"Content-Type": "application/json"}, body
    )
    answer: dict[str, Any] = json.loads(told)
    return status, answer.get("error", answer)


def ask(
    port: int,
    method: str,
    path: str,
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
