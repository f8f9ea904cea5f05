"""The disk is full: nothing half done, and it goes on by itself once there is room."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.conftest import Launch
from tests.faults.record import events_of
from tests.faults.starting import say, served, started
from tests.launching import Launched
from tests.talk import Talk


class Scarce(Protocol):
    """A folder in which room can run out."""

    path: Path

    def fill(self, hub: Launched) -> None: ...

    def free(self, hub: Launched) -> None: ...


class SmallDisk:
    """A real disk, filled by another program's file."""

    def __init__(self, disk: Path) -> None:
        self.path = disk / "rooms"
        self._filler = disk / "filler"

    def fill(self, hub: Launched) -> None:
        """Fill all but the blocks that the hub's own files have begun."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (4096, 64, 1):
                try:
                    while file.write(b"x" * size) == size:
                        pass
                except OSError:
                    continue

    def free(self, hub: Launched) -> None:
        self._filler.unlink()


class Limit:
    """No file may grow any more: what a quota does, and it needs no root."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "rooms"

    def fill(self, hub: Launched) -> None:
        import resource

        largest = max(x.stat().st_size for x in self.path.glob("*.jsonl"))
        resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, (largest + 100, -1))

    def free(self, hub: Launched) -> None:
        import resource

        resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, (-1, -1))


@pytest.fixture(params=["disk", "limit"])
def scarce(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scarce]:
    if not sys.platform.startswith("linux"):
        pytest.skip("limits of another process can only be set under Linux")
    if request.param == "disk":
        yield SmallDisk(request.getfixturevalue("small_disk"))
    else:
        yield Limit(tmp_path)


def test_senders_are_told_and_it_goes_on_once_there_is_room(scarce: Scarce, launch: Launch) -> None:
    hub = started(launch, scarce.path)
    with Talk(f"ws://127.0.0.1:{hub.port}/api/live") as mia:
        mia.hello("Mia")
        mia.join()
        saved = [mia.say("before")["key"]]
        scarce.fill(hub)
        refused = _until_refused(mia, hub, saved)
        after = _again(scarce, mia, hub, saved, refused)
    events = events_of(scarce.path / "general.jsonl")
    assert [x["key"] for x in events if "key" in x] == saved
    assert [x["text"] for x in events if "key" not in x] == [after]
    assert hub.stop() == 0
    again = started(launch, scarce.path)
    assert b"".join(served(again.port, "general")).count(b"\n") == len(events)
    assert "general" not in (hub.complaint + again.complaint), "something was damaged"


def _until_refused(mia: Talk, hub: Launched, saved: list[str]) -> list[str]:
    """Say things until there is no room for them, on the socket and over HTTP."""
    refused: list[str] = []
    for number in range(400):
        key = f"k{number}"
        mia.send("say", room="general", text="x" * 1000, key=key)
        told = mia.until(lambda x, key=key: x.get("key") == key)
        if told["do"] == "refused":
            assert told["code"] == "disk_full", told
            refused.append(key)
            status, error = say(hub.port, "general", "y" * 1000)
            assert (status, error["code"]) == (507, "disk_full")
            if len(refused) == 5:
                break
        else:
            assert not refused, "saved, although there is no room"
            saved.append(key)
    assert len(refused) == 5
    # What was refused was shown to nobody, and the room is still there to be read.
    shown = [x["key"] for x in mia.heard if x["do"] == "say" and x["by"] == "Mia"]
    assert shown == saved
    assert len(served(hub.port, "general")) == len(saved)
    return refused


def _again(scarce: Scarce, mia: Talk, hub: Launched, saved: list[str], refused: list[str]) -> str:
    """There is room again: what was refused is said again, with the same keys, and saved."""
    scarce.free(hub)
    for key in refused:
        assert mia.say("x" * 1000, key=key)["n"] == len(saved) + 1
        saved.append(key)
    status, event = say(hub.port, "general", "there is room again")
    assert (status, event["n"]) == (201, len(saved) + 1)
    return str(event["text"])


def test_no_room_for_a_new_room(small_disk: Path, launch: Launch) -> None:
    """Not even the header fits: nothing is left of the room until there is room for it."""
    disk = SmallDisk(small_disk)
    hub = started(launch, disk.path)
    assert say(hub.port, "general", "first")[0] == 201
    disk.fill(hub)
    for _ in range(3):
        status, error = say(hub.port, "new", "first")
        assert (status, error["code"]) == (507, "disk_full")
        assert not (disk.path / "new.jsonl").exists()
    disk.free(hub)
    assert say(hub.port, "new", "first")[0] == 201
    assert [x["n"] for x in events_of(disk.path / "new.jsonl")] == [1]
    assert hub.stop() == 0


def test_who_comes_in_while_the_disk_is_full_is_still_known(
    small_disk: Path, launch: Launch
) -> None:
    """What was in the ledger stays there, and whoever comes in meanwhile is welcome."""
    disk = SmallDisk(small_disk)
    hub = started(launch, disk.path)
    with Talk(f"ws://127.0.0.1:{hub.port}/api/live") as mia:
        token = mia.hello("Mia")["token"]
        mia.join()
        mia.say("hello")
    disk.fill(hub)
    for number in range(3):
        with Talk(f"ws://127.0.0.1:{hub.port}/api/live") as other:
            other.send("hello", name=f"guest {number}")
            other.next()
            time.sleep(0.3)
    hub.process.kill()
    hub.process.wait()
    disk.free(hub)
    again = started(launch, disk.path)
    with Talk(f"ws://127.0.0.1:{again.port}/api/live") as mia:
        assert mia.hello(token=token)["name"] == "Mia"
    assert again.stop() == 0
