"""A folder that is copied while people talk, file by file, opens as a folder of its own."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from hub.tools.verify import verify
from tests.conftest import Serve
from tests.serving import Serving

ROOMS = ("general", "kitchen", "zoo")  # before and after `hub` in a copy


class Talking:
    """Somebody who talks in three rooms; `said` is what was acknowledged."""

    def __init__(self, hub: Serving) -> None:
        self.said: dict[str, list[str]] = {room: [] for room in ROOMS}
        self._hub = hub
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        number = 0
        with self._hub.talk() as talk:
            talk.hello("mira")
            for room in ROOMS:
                talk.join(room)
            while not self._ending.is_set():
                number += 1
                for room in ROOMS:
                    talk.say(f"{number}", room)
                    self.said[room].append(f"{number}")


@pytest.mark.parametrize("with_hub", [True, False])
def test_a_copy_made_at_any_moment_opens(serve: Serve, tmp_path: Path, with_hub: bool) -> None:
    hub = serve()
    talking = Talking(hub)
    try:
        while len(talking.said["zoo"]) < 20:
            assert talking._thread.is_alive()
        for number in range(8):
            copy = tmp_path / f"copy{number}"
            before = {room: list(said) for room, said in talking.said.items()}
            _copied(hub.path, copy, with_hub)
            _check(serve, copy, before)
    finally:
        talking.stop()
    assert len(talking.said["zoo"]) > 40, "they talked all the while"


def _copied(folder: Path, copy: Path, with_hub: bool) -> None:
    """Copy as programs do, by name, and not all at once."""
    copy.mkdir()
    for path in sorted(folder.rglob("*")):
        there = copy / path.relative_to(folder)
        if path.is_dir():
            there.mkdir()
        elif with_hub or path.parent.name != "hub":
            shutil.copy(path, there)
    if not with_hub:
        shutil.rmtree(copy / "hub")


def _check(serve: Serve, copy: Path, before: dict[str, list[str]]) -> None:
    of_copy = serve(copy)
    for room, said in before.items():
        there = [event["text"] for event in of_copy.events(room)]
        assert there[: len(said)] == said
        assert of_copy.say("goes on", room)["n"] == len(there) + 1
    of_copy.stop()
    assert verify(copy, lambda line: None) == 0
    of_copy.start()
