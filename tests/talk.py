"""A client of `/api/live` over a real WebSocket."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.patience import PATIENCE


class Talk:
    """`lines` are all lines received, verbatim; `heard` are the same, parsed."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None, **options: Any) -> None:
        self.lines: list[bytes] = []
        self.heard: list[dict[str, Any]] = []
        self._waiting: deque[bytes] = deque()
        options = {
            "close_timeout": 2,
            "compression": None,
            "max_size": None,
            "max_queue": None,
            **options,
        }
        told = dict(headers or {})
        self._stack = ExitStack()
        self.socket = self._stack.enter_context(
            connect(url, additional_headers=told, open_timeout=PATIENCE, proxy=None, **options)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._stack.close()

    # -- sending ----------------------------------------------------------------------------

    def send(self, do: str, **members: Any) -> None:
        self.frame(line(do, **members))

    def frame(self, text: str | bytes) -> None:
        self.socket.send(text, text=True)

    def hello(self, name: str | None = None, **members: Any) -> dict[str, Any]:
        """Send hello; gives the welcome."""
        self.send("hello", name=name, **members)
        return self.expect("welcome")

    def join(self, room: str = "general", after: int | None = None) -> list[dict[str, Any]]:
        """Join a room; gives the events that were replayed."""
        self.send("join", room=room, after=after)
        before = len(self.heard)
        self.expect("joined", room=room)
        return [x for x in self.heard[before:] if x.get("room") == room and "n" in x]

    def say(self, text: str, room: str = "general", **members: Any) -> dict[str, Any]:
        """Send a message and wait for its acknowledgement; gives the event."""
        key = members.setdefault("key", f"k{time.monotonic_ns()}")
        return self.do("say", room=room, text=text, **members | {"key": key})

    def do(self, do: str, room: str = "general", **members: Any) -> dict[str, Any]:
        """Send a command that is saved and wait for its event."""
        key = members.setdefault("key", f"k{time.monotonic_ns()}")
        self.send(do, room=room, **members)
        event = self.until(lambda x: x.get("key") == key)
        assert event["do"] == do, event
        return event

    def refused(self, do: str, **members: Any) -> tuple[str, str | None]:
        """Send a command that must be refused; gives the code and the key of the refusal."""
        self.send(do, **members)
        told = self.expect("refused")
        assert told["message"].endswith((".", "?")), told
        return told["code"], told.get("key")

    # -- receiving ---------------------------------------------------------------------------

    def next(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next line. Raises TimeoutError, or ConnectionClosed if the hub closed."""
        if not self._waiting:
            frame = self.socket.recv(timeout=max(0.0, seconds), decode=False)
            assert isinstance(frame, bytes)
            self._waiting.extend(frame.split(b"\n"))
        taken = self._waiting.popleft()
        self.lines.append(taken)
        told: dict[str, Any] = json.loads(taken)
        self.heard.append(told)
        return told

    def until(self, wanted: Any, seconds: float = PATIENCE) -> dict[str, Any]:
        """The first line from now on for which `wanted` is true."""
        end = time.monotonic() + seconds
        while True:
            try:
                told = self.next(end - time.monotonic())
            except TimeoutError:
                raise AssertionError(f"not heard; the last were {self.heard[-10:]}") from None
            if wanted(told):
                return told

    def expect(self, do: str, seconds: float = PATIENCE, **members: Any) -> dict[str, Any]:
        """The first line from now on that does this and has these members."""
        wanted = {"do": do, **members}
        return self.until(lambda x: wanted.items() <= x.items(), seconds)

    def quiet(self, seconds: float) -> list[dict[str, Any]]:
        """All that is received within `seconds`."""
        end = time.monotonic() + seconds
        before = len(self.heard)
        while (left := end - time.monotonic()) > 0:
            try:
                self.next(left)
            except TimeoutError:
                break
        return self.heard[before:]

    def settle(self) -> list[dict[str, Any]]:
        """All that is received before the hub has answered one more command."""
        before = len(self.heard)
        self.send("erase", room="general", of=2**53, key="settle")
        self.expect("refused", key="settle")
        return self.heard[before:-1]

    def closed(self, seconds: float = PATIENCE) -> tuple[int, str]:
        """Read until the hub closes; gives the code and the reason (1006 without a close frame)."""
        end = time.monotonic() + seconds
        while True:
            try:
                self.next(end - time.monotonic())
            except ConnectionClosed as error:
                return (error.rcvd.code, error.rcvd.reason) if error.rcvd else (1006, "")
            except TimeoutError:
                raise AssertionError(f"not closed; the last were {self.heard[-10:]}") from None


def line(do: str, **members: Any) -> str:
    """One command as JSON; members that are None are left out."""
    return json.dumps({"do": do} | {x: y for x, y in members.items() if y is not None})
