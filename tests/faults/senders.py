"""People who keep talking while the hub goes down, and what must be true afterwards."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.faults.record import lines_of
from tests.patience import PATIENCE

WINDOW = 16
"""How many messages of one sender wait for their acknowledgement at a time."""
FAILURES = (ConnectionClosed, OSError, TimeoutError, EOFError)


class Said(NamedTuple):
    room: str
    text: str


class Sender:
    """Says things in `rooms`, in turn; after a fall says again, in order, what has no answer.

    `acknowledged` holds the lines by key, `heard` all lines that the hub showed, of anybody;
    `refused` the refusals since the last start, `fell` how that ended, `wrong` what should
    never happen.
    """

    def __init__(self, name: str, rooms: Iterable[str]) -> None:
        self.name = name
        self.rooms = list(rooms)
        self.said: dict[str, Said] = {}
        self.acknowledged: dict[str, bytes] = {}
        self.heard: dict[str, list[bytes]] = {}
        self.refused: dict[str, dict[str, Any]] = {}
        self.wrong: list[str] = []
        self.fell = ""
        self.talking = threading.Event()
        self._token: str | None = None
        self._ending = threading.Event()
        self._last = False
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> dict[str, Said]:
        return {key: said for key, said in self.said.items() if key not in self.acknowledged}

    def start(self, port: int) -> None:
        """Talk to the hub at this port until it falls, or until `stop`."""
        self._ending.clear()
        self.talking.clear()
        self.refused.clear()
        self.fell = ""
        self._thread = threading.Thread(target=self._work, args=(port,), name=self.name)
        self._thread.start()

    def stop(self, *, answered: bool = False) -> None:
        """Say nothing new; with `answered`, wait until everything has its answer."""
        self._last = answered
        self._ending.set()
        if self._thread is not None:
            self._thread.join(120)
            assert not self._thread.is_alive(), f"{self.name} is stuck"
        self._last = False

    def _work(self, port: int) -> None:
        try:
            with connect(
                f"ws://127.0.0.1:{port}/api/live", compression=None, max_size=None, proxy=None,
                open_timeout=PATIENCE, close_timeout=0.2, ping_interval=None,
            ) as socket:  # fmt: skip
                self._come_in(socket)
                self._talk(socket)
        except FAILURES as error:
            self.fell = repr(error)
        except Exception as error:  # noqa: BLE001 - told by the test that reads it
            self.wrong.append(f"{self.name}: {error!r}")

    def _come_in(self, socket: ClientConnection) -> None:
        who = {"token": self._token} if self._token else {"name": self.name}
        _send(socket, do="hello", **who)
        welcome = json.loads(socket.recv(timeout=PATIENCE))
        if welcome["do"] != "welcome":
            self.wrong.append(f"{self.name} was not let in again: {welcome}")
            return
        self._token = welcome.get("token", self._token)
        for room in self.rooms:
            _send(socket, do="join", room=room)
        for key, said in self.waiting.items():
            _send(socket, do="say", room=said.room, text=said.text, key=key)

    def _talk(self, socket: ClientConnection) -> None:
        open_ = set(self.waiting)
        while not self.wrong:
            if self._ending.is_set():
                if not self._last or not open_:
                    return
            else:
                while len(open_) < WINDOW:
                    open_.add(self._say(socket))
            seconds = 40.0 if self._last else 0.1
            try:
                frame = socket.recv(timeout=seconds, decode=False)
            except TimeoutError:
                if seconds > 1:
                    raise
                continue
            assert isinstance(frame, bytes)
            for line in frame.split(b"\n"):
                self._take(line, open_)

    def _say(self, socket: ClientConnection) -> str:
        number = len(self.said)
        key = f"{self.name}-{number:06}"
        said = self.said[key] = Said(self.rooms[number % len(self.rooms)], key + " " + "." * 40)
        _send(socket, do="say", room=said.room, text=said.text, key=key)
        return key

    def _take(self, line: bytes, open_: set[str]) -> None:
        if b'"n":' not in line:
            told = json.loads(line)
            if told["do"] == "refused":
                self.refused[told["key"]] = told
                time.sleep(0.02)  # not to press a hub that cannot save
                open_.discard(told["key"])
            return
        room = line[9 : line.index(b'"', 9)].decode()
        self.heard.setdefault(room, []).append(line + b"\n")
        if b'"by":"%b"' % self.name.encode() in line:
            key = json.loads(line)["key"]
            open_.discard(key)
            self.acknowledged[key] = line + b"\n"
            self.talking.set()


class Senders:
    """Eight people; `compare` holds what they know against what the folder holds."""

    def __init__(self, rooms: Callable[[int], Iterable[str]], count: int = 8) -> None:
        self.all = [Sender(f"s{number}", rooms(number)) for number in range(count)]
        self._lines: dict[str, list[bytes]] = {}

    def start(self, port: int) -> None:
        for sender in self.all:
            sender.start(port)

    def talking(self, seconds: float = 60.0) -> None:
        """Wait until each of them has had an answer."""
        end = time.monotonic() + seconds
        for sender in self.all:
            while not sender.talking.wait(0.1):
                assert not sender.wrong, sender.wrong
                assert time.monotonic() < end, f"{sender.name} has had no answer"

    def stop(self, *, answered: bool = False) -> None:
        for sender in self.all:
            sender._last = answered
            sender._ending.set()
        for sender in self.all:
            sender.stop(answered=answered)

    @property
    def acknowledged(self) -> int:
        return sum(len(sender.acknowledged) for sender in self.all)

    @property
    def unanswered(self) -> list[str]:
        """Who still has messages without an answer, and why."""
        return [
            f"{x.name}: {len(x.waiting)} {x.fell} {list(x.refused.values())[:1]}"
            for x in self.all
            if x.waiting
        ]

    def compare(self, folder: Path) -> dict[str, list[bytes]]:
        """Fails where anything is lost, doubled, out of order or damaged; gives all lines."""
        wrong = [text for sender in self.all for text in sender.wrong]
        assert not wrong, wrong
        there = {file.stem: lines_of(file) for file in folder.glob("*.jsonl")}
        for sender in self.all:
            for key, line in sender.acknowledged.items():
                room = sender.said[key].room
                assert room in there, f"{key} was acknowledged, but {room} has no file"
                n = json.loads(line)["n"]
                assert n <= len(there[room]), f"{key}, number {n} of {room}, is lost"
                assert there[room][n - 1] == line, f"{key}, number {n} of {room}, is another now"
            for room, lines in sender.heard.items():
                lost = set(lines) - set(there[room])
                assert not lost, f"{room}: shown to {sender.name}, but lost: {sorted(lost)[:3]}"
        for room, lines in there.items():
            self._compare_order(room, lines)
        return there

    def _compare_order(self, room: str, lines: list[bytes]) -> None:
        told: dict[str, list[str]] = {}
        for line in lines:
            event = json.loads(line)
            told.setdefault(event["by"], []).append(event["key"])
        for sender in self.all:
            keys = told.pop(sender.name, [])
            doubled = {key for key in keys if keys.count(key) > 1} if _twice(keys) else set()
            assert not doubled, f"{room}: doubled: {sorted(doubled)[:5]}"
            assert keys == sorted(keys), f"{room}: {sender.name}'s messages changed places"
            of_room = [key for key, said in sender.said.items() if said.room == room]
            assert keys == of_room[: len(keys)], f"{room}: {sender.name} has a gap"
        assert not told, f"{room}: nobody said what {sorted(told)} says"


def _twice(keys: list[str]) -> bool:
    return len(set(keys)) < len(keys)


def _send(socket: ClientConnection, **members: Any) -> None:
    with suppress(TimeoutError):
        socket.send(json.dumps(members), text=True)
