"""Uses a Hearth that runs as a process, from outside."""

from __future__ import annotations

import atexit
import functools
import http.client
import json
import re
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.launching import Launched
from tests.patience import PATIENCE

CHAT = "/api/chat/general"


def ask(port: int, method: str, path: str, body: Any = None, host: str = "127.0.0.1") -> Any:
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        kind = {"Content-Type": "application/json", "Accept": "application/json"}
        connection.request(method, path, json.dumps(body) if body else None, kind)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def say(port: int, text: str, room: str = "general") -> None:
    status, told = ask(port, "POST", f"/api/chat/{room}", {"username": "naor", "msg": text})
    assert status == 201, told


def texts(port: int, room: str = "general") -> list[str]:
    return [x["text"] for x in ask(port, "GET", f"/api/chat/{room}")[1]["events"]]


def fails(started: Launched, status: int, *words: str) -> None:
    """Assert that it ends with this status and one line on stderr that contains these words."""
    assert started.ended() == status, started.complaint
    lines = started.complaint.strip().splitlines()
    assert len(lines) == 1, started.complaint
    for word in words:
        assert word in lines[0]
    assert started.lines == [], "no address was printed"


class Browser:
    """A browser on this computer, with a cookie jar."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.headers = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{port}"}

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            text = json.dumps(body) if body is not None else b"" if method != "GET" else None
            connection.request(method, path, text, self.headers)
            answer = connection.getresponse()
            told = answer.read()
            if answer.headers["Set-Cookie"]:
                self.headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]
            return answer.status, json.loads(told) if told else None
        finally:
            connection.close()

    def done(self, method: str, path: str, body: Any = None) -> Any:
        status, told = self.ask(method, path, body)
        assert status < 300, told
        return told


def link_of(started: Launched) -> tuple[int, str]:
    """Read stdout up to the link of --reset-host; returns its port and ticket."""
    while not (found := re.fullmatch(r"You are the host at http://[^/]+:(\d+)/general#ticket=(\S+)",
                                     started.line())):  # fmt: skip
        pass
    return int(found[1]), found[2]


@functools.cache
def compositor() -> dict[str, str]:
    """An environment with a display on which nobody draws."""
    if sys.platform != "linux":
        return {}
    folder = tempfile.TemporaryDirectory(prefix="hearth-display-")  # a socket's path is short
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{folder.name}/wayland")
    listening.listen(4096)  # nobody accepts
    atexit.register(lambda: (listening.close(), folder.cleanup()))
    return {"WAYLAND_DISPLAY": f"{folder.name}/wayland"}


def recording_browser(folder: Path) -> tuple[dict[str, str], Callable[[], str]]:
    """Return an environment whose browser records the URL it opens, and a function to await it."""
    program, told = folder / "browser", folder / "told"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {told}.new && mv {told}.new {told}\n')
    program.chmod(0o755)

    def opened() -> str:
        deadline = time.monotonic() + 60
        while not told.exists():
            assert time.monotonic() < deadline, "no browser was opened"
            time.sleep(0.02)
        return told.read_text()

    return {**compositor(), "BROWSER": f"{program} %s"}, opened


def opened_by(folder: Path) -> list[str]:
    """Return by what people came in with a ticket, from the audit."""
    lines = (folder / "rooms" / "hub" / "audit.jsonl").read_text("utf-8").splitlines()
    return [x["by"] for x in map(json.loads, lines) if x["do"] == "opened"]
