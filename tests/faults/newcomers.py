"""People who come and read while the hub goes down, and who must be known afterwards."""

from __future__ import annotations

import threading
import time

from websockets.exceptions import InvalidMessage

from tests.faults.senders import FAILURES
from tests.talk import Talk

ROOM = "general"


class Newcomer:
    """Talks and reads, and brings somebody new each time; the same person after each fall.

    `known` has the name by each token that was told, `read` how far this one has read for sure:
    who is welcomed later than that was kept is welcomed later than it is on stable storage.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.known: dict[str, str] = {}
        self.read = 0
        self.token = ""
        self.wrong: list[str] = []
        self.brought = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, port: int) -> None:
        self._ending.clear()
        self.brought.clear()
        self._thread = threading.Thread(target=self._work, args=(port,), name=self.name)
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        assert self._thread is not None
        self._thread.join(120)
        assert not self._thread.is_alive(), f"{self.name} is stuck"

    def _work(self, port: int) -> None:
        try:
            with Talk(live(port)) as mine:
                self._come(mine)
                while not self._ending.is_set():
                    self._bring(mine, port)
        except (*FAILURES, InvalidMessage):  # the hub is gone, in the midst of a handshake too
            pass
        except Exception as error:  # noqa: BLE001 - told by the test that reads it
            self.wrong.append(f"{self.name}: {error!r}")

    def _come(self, mine: Talk) -> None:
        if self.token:
            mine.hello(token=self.token)
        else:
            self.token = mine.hello(self.name)["token"]
            self.known[self.token] = self.name
        mine.join(ROOM)

    def _bring(self, mine: Talk, port: int) -> None:
        n = mine.say("hello", ROOM)["n"]
        mine.send("seen", room=ROOM, n=n)
        mine.settle()
        name = f"{self.name} {len(self.known)}"
        with Talk(live(port)) as other:
            self.known[other.hello(name)["token"]] = name
        self.read = n
        self.brought.set()


class Newcomers:
    """Four of them; `check` asks a hub whether it knows everybody."""

    def __init__(self) -> None:
        self.all = [Newcomer(f"n{number}") for number in range(4)]
        self._checked: set[str] = set()

    def start(self, port: int) -> None:
        for each in self.all:
            each.start(port)

    def bringing(self, seconds: float = 60.0) -> None:
        """Wait until each of them has brought somebody."""
        end = time.monotonic() + seconds
        for each in self.all:
            while not each.brought.wait(0.1):
                assert not each.wrong, each.wrong
                assert time.monotonic() < end, f"{each.name} has brought nobody"

    def stop(self) -> None:
        for each in self.all:
            each._ending.set()
        for each in self.all:
            each.stop()

    def check(self, port: int) -> None:
        """Fails where somebody is not known, or has read less than before."""
        wrong = [text for each in self.all for text in each.wrong]
        assert not wrong, wrong
        for each in self.all:
            for token, name in each.known.items():
                if token in self._checked and token != each.token:
                    continue
                with Talk(live(port)) as talk:
                    talk.send("hello", token=token)
                    told = talk.next()
                assert told.get("name") == name, f"{name} is lost: {told}"
                if token == each.token:
                    read = told["read"].get(ROOM, 0)
                    assert read >= each.read, f"{name} had read {each.read}, {read} is lost"
                self._checked.add(token)


def live(port: int) -> str:
    return f"ws://127.0.0.1:{port}/api/live"
