"""Before anybody is told: what the strictest disk would have kept at that moment.

A strict disk keeps of a file what was there at its last sync, and a file at all only if its
folder was synced after it was made. ext4 is kinder than that about folders, so a power cut there
cannot show that a folder's sync is missing; this does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.store import disk
from hub.store.journal import NAMES
from tests.conftest import Live, Serve
from tests.serving import Serving
from tests.talk import line


class StrictDisk:
    """Watches what histories do; `kept` is what would be there after a power cut now."""

    def __init__(self) -> None:
        self.synced: dict[Path, bytes] = {}
        self.names: set[Path] = set()

    def sync_file(self, fd: int, really: Callable[[int], None] = disk.sync_file) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{fd}"))
        there = path.read_bytes() if path.exists() else b""
        really(fd)
        self.synced[path] = there

    def sync_folder(self, folder: Path, really: Callable[[Path], None] = disk.sync_folder) -> None:
        there = set(folder.iterdir())
        really(folder)
        self.names |= there

    def kept(self, path: Path) -> bytes:
        return self.synced.get(path, b"") if path in self.names else b""

    def keeps(self, line: bytes, room: Path) -> bool:
        """Whether a line would be in the file of its room after the next start."""
        places = [room, *(room.parent / "hub" / name for name in NAMES)]
        return room in self.names and any(line in self.kept(place) for place in places)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> Iterator[StrictDisk]:
    if not Path("/proc/self/fd").exists():
        pytest.skip("which file a descriptor is can only be asked under Linux")
    strict = StrictDisk()
    monkeypatch.setattr(disk, "sync_file", strict.sync_file)
    monkeypatch.setattr(disk, "sync_folder", strict.sync_folder)
    yield strict
    monkeypatch.undo()


def _shown(hub: Serving, strict: StrictDisk) -> list[bool]:
    """From now on: for each batch that is handed out, whether it would survive at that moment."""
    survives: list[bool] = []

    def watch(room: Any) -> None:
        whole = room._broadcast

        def broadcast(text: bytes, **more: Any) -> None:
            if b'"n":' in text:
                survives.append(strict.keeps(text + b"\n", room.history.path))
            whole(text, **more)

        room._broadcast = broadcast

    def watch_all() -> None:
        open_ = hub.server._hub.rooms.open  # type: ignore[union-attr]

        def open_and_watch(name: str) -> Any:
            room = open_(name)
            if room is not None and not hasattr(room, "watched"):
                room.watched = True
                watch(room)
            return room

        hub.server._hub.rooms.open = open_and_watch  # type: ignore[method-assign, union-attr]

    hub.on_loop(watch_all)
    return survives


def test_nobody_is_told_before_the_strictest_disk_would_keep_it(
    strict: StrictDisk, serve: Serve, live: Live
) -> None:
    hub = serve()
    survives = _shown(hub, strict)
    mia = live("Mia", at=hub)
    for room in ("general", "kitchen"):
        mia.join(room)
        for number in range(5):
            said = mia.say(f"message {number}", room=room)
            assert said["n"] == number + 1
        hub.say("over HTTP", room=room)
    mia.do("edit", of=1, text="changed")
    mia.do("erase", of=2)
    assert len(survives) == 14
    assert all(survives), survives


def test_a_text_that_was_erased_is_gone_for_good_when_it_is_told(
    strict: StrictDisk, serve: Serve, live: Live
) -> None:
    hub = serve()
    mia = live("Mia", at=hub)
    mia.join()
    mia.say("a secret")
    mia.do("erase", of=1)
    for place in (hub.folder.room_file("general"), *(hub.folder.hub / name for name in NAMES)):
        assert b'"n":1,' in place.read_bytes() or place.name in NAMES
        assert b"a secret" not in strict.kept(place)


@pytest.mark.parametrize("order", [("edit", "erase"), ("erase", "edit")])
def test_an_edit_and_its_removal_in_one_breath_leave_no_text(
    strict: StrictDisk, serve: Serve, live: Live, order: tuple[str, str]
) -> None:
    hub = serve()
    mia = live("Mia", at=hub)
    mia.join()
    mia.say("a secret")
    texts = {"edit": "another secret", "erase": None}
    mia.frame("\n".join(line(do, room="general", of=1, text=texts[do], key=do) for do in order))
    answered: set[str] = set()
    while answered != set(order):  # an edit that comes second is refused, and that before
        answered |= {mia.until(lambda x: x.get("key") in order)["key"]}
    mia.settle()
    hub.stop()
    assert b"secret" not in strict.kept(hub.folder.room_file("general"))
    hub.start()
