"""A disk that fails: no false acknowledgement, that room closes and says so, the others go on."""

from __future__ import annotations

import errno
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.store import disk
from tests.conftest import Launch, Live, Serve
from tests.faults.conftest import MakeDisk
from tests.faults.disk import Disk
from tests.faults.record import events_of, lines_of
from tests.faults.starting import say, served, started
from tests.talk import Talk


def test_a_real_disk_fails_under_one_room(
    make_disk: MakeDisk, tmp_path: Path, launch: Launch
) -> None:
    """One room's file lies on another disk, which dies while somebody talks."""
    disk = make_disk()
    rooms = tmp_path / "rooms"
    rooms.mkdir()
    (disk.path / "bad.jsonl").touch()
    (rooms / "bad.jsonl").touch()
    subprocess.run(["mount", "--bind", disk.path / "bad.jsonl", rooms / "bad.jsonl"], check=True)
    try:
        _fails_under_one_room(disk, rooms, launch)
    finally:
        subprocess.run(["umount", "--lazy", rooms / "bad.jsonl"], check=False)


def _fails_under_one_room(disk: Disk, rooms: Path, launch: Launch) -> None:
    hub = started(launch, rooms)
    with Talk(f"ws://127.0.0.1:{hub.port}/api/live") as mia:
        mia.hello("Mia")
        mia.join("bad")
        mia.join("good")
        saved = [
            mia.say(f"message {number}", "bad", key=f"k{number}")["key"] for number in range(5)
        ]
        disk.cut()
        for number in range(3):
            refused = mia.refused("say", room="bad", text="lost", key=f"lost{number}")
            assert refused == ("room_closed", f"lost{number}")
            assert mia.say(f"message {number}", "good")["n"] == number + 1
        status, error = say(hub.port, "bad", "lost")
        assert (status, error["code"]) == (503, "room_closed")
        assert "started again" in error["message"]
        shown = [x["key"] for x in mia.heard if x.get("room") == "bad" and x["do"] == "say"]
        assert shown == saved
    assert hub.stop() == 0
    assert "bad.jsonl" in hub.complaint
    hub.close()
    subprocess.run(["umount", rooms / "bad.jsonl"], check=True)
    disk.remount()
    subprocess.run(["mount", "--bind", disk.path / "bad.jsonl", rooms / "bad.jsonl"], check=True)
    hub = started(launch, rooms)
    assert [x["key"] for x in events_of(disk.path / "bad.jsonl")] == saved
    status, event = say(hub.port, "bad", "the disk is back")
    assert (status, event["n"]) == (201, len(saved) + 1)
    assert hub.stop() == 0
    hub.close()


class Failing:
    """Makes one call of the hub's fail for one file, once or for good, and counts what follows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file: str | tuple[str, ...] = ""
        self.calls: list[str] = []
        self.fails: dict[str, int] = {}  # by call: how often still, -1 for ever
        self.error = errno.EIO
        self.partly = 0  # so many bytes are written before a write fails
        real_write, real_sync, real_cut = disk.pwrite, disk.sync_file, os.ftruncate

        def pwrite(fd: int, data: bytes, offset: int) -> None:
            if self._now("write", fd):
                real_write(fd, data[: self.partly], offset)
                raise OSError(self.error, os.strerror(self.error))
            real_write(fd, data, offset)

        def sync_file(fd: int) -> None:
            if self._now("sync", fd):
                raise OSError(self.error, os.strerror(self.error))
            real_sync(fd)

        def ftruncate(fd: int, size: int) -> None:
            if self._now("cut", fd):
                raise OSError(self.error, os.strerror(self.error))
            real_cut(fd, size)

        monkeypatch.setattr(disk, "pwrite", pwrite)
        monkeypatch.setattr(disk, "sync_file", sync_file)
        monkeypatch.setattr(os, "ftruncate", ftruncate)

    def _now(self, call: str, fd: int) -> bool:
        if not self.file or not os.readlink(f"/proc/self/fd/{fd}").endswith(self.file):
            return False
        self.calls.append(call)
        left = self.fails.get(call, 0)
        self.fails[call] = left - 1 if left > 0 else left
        return left != 0


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Failing]:
    if not Path("/proc/self/fd").exists():
        pytest.skip("which file a descriptor is can only be asked under Linux")
    yield Failing(monkeypatch)
    monkeypatch.undo()


@pytest.mark.parametrize("partly", [0, 7, 100])
def test_a_write_that_fails_closes_the_room(
    failing: Failing, serve: Serve, live: Live, partly: int
) -> None:
    failing.partly = partly
    _closes(failing, serve, live, {"write": 1})


@pytest.fixture
def no_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a disk without room for one: every file is synced at once."""
    monkeypatch.setattr("hub.hub.open_journal", lambda *_: (None, {}))


@pytest.mark.usefixtures("no_journal")
@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_a_sync_that_fails_is_not_tried_again(
    failing: Failing, serve: Serve, live: Live, error: int
) -> None:
    """The system may have dropped what it could not write; a second sync would find no fault."""
    failing.error = error
    _closes(failing, serve, live, {"sync": 1})
    assert failing.calls.count("sync") == 1


@pytest.mark.usefixtures("no_journal")
@pytest.mark.parametrize("first", ["write", "sync"])
def test_what_cannot_even_be_cut_back_takes_nobodys_place(
    failing: Failing, serve: Serve, live: Live, first: str
) -> None:
    failing.partly = 100
    _closes(failing, serve, live, {first: -1, "cut": -1})


def _closes(failing: Failing, serve: Serve, live: Live, fails: dict[str, int]) -> None:
    hub = serve()
    mia, ben = live("Mia", at=hub), live("Ben", at=hub)
    for talk in (mia, ben):
        talk.join("bad")
        talk.join("good")
    saved = [mia.say(f"message {number}", "bad", key=f"k{number}")["key"] for number in range(3)]
    failing.file, failing.fails = "/bad.jsonl", dict(fails)
    for number in range(3):
        key = f"lost{number}"
        assert mia.refused("say", room="bad", text="x" * 300, key=key) == ("room_closed", key)
        answer = hub.post("/api/chat/bad", {"username": "naor", "msg": "lost"})
        assert answer.error == (503, "room_closed")
        assert ben.say(f"message {number}", "good")["n"] == number + 1
    ben.settle()
    for talk in (mia, ben):
        assert [x["key"] for x in talk.heard if x["do"] == "say" and x["room"] == "bad"] == saved
    assert [x["key"] for x in hub.events("bad")] == saved
    failing.file = ""
    hub.restart()
    hub.events("bad")  # it is open by then
    # What was written, but refused, may stand in the file where not even the cut was possible;
    # then it is a whole line, under a number of its own, or it is cut off as torn.
    there = events_of(hub.folder.room_file("bad"))
    assert [x["key"] for x in there[: len(saved)]] == saved
    assert {x["key"] for x in there[len(saved) :]} <= ({"lost0"} if "cut" in fails else set())
    assert hub.say("after", room="bad")["n"] == len(there) + 1


def test_a_room_whose_first_message_fails_leaves_no_file(failing: Failing, serve: Serve) -> None:
    hub = serve()
    failing.file, failing.fails = "/new.jsonl", {"sync": 1}
    answer = hub.post("/api/chat/new", {"username": "naor", "msg": "lost"})
    assert answer.error == (503, "room_closed")
    assert not hub.folder.room_file("new").exists()
    hub.restart()
    assert hub.say("after", room="new")["n"] == 1


def test_a_disk_that_hangs_holds_up_nobody_but_writers(
    serve: Serve, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sync that takes seconds: readers and the page go on, and then everything is saved."""
    hub = serve()
    hub.say("before")
    go_on = threading.Event()
    real: Callable[[int], None] = disk.sync_file

    def slow(fd: int) -> None:
        go_on.wait(10)
        real(fd)

    mia, ben = live("Mia", at=hub), live("Ben", at=hub)
    mia.join()
    monkeypatch.setattr(disk, "sync_file", slow)
    for number in range(20):
        mia.send("say", room="general", text=f"message {number}", key=f"k{number}")
    assert [x["n"] for x in ben.join("general", after=0)] == [1]
    assert len(hub.events()) == 1
    assert hub.get("/general").status == 200
    assert [x for x in mia.quiet(0.2) if x["do"] == "say"] == []
    go_on.set()
    heard: list[Any] = [mia.expect("say", key=f"k{number}")["n"] for number in range(20)]
    assert heard == list(range(2, 22))
    assert len(lines_of(hub.folder.room_file("general"))) == 21
    assert len(served(hub.port, "general")) == 21


@pytest.mark.parametrize("call", ["write", "sync"])
@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC])
def test_a_ledger_that_cannot_be_written_harms_no_room(
    failing: Failing, serve: Serve, live: Live, call: str, error: int
) -> None:
    """Newcomers over HTTP are told, rooms go on, and everybody is kept once it can be written."""
    hub = serve()
    before = hub.session("anna")
    failing.file = ("/ledger.jsonl", "/.ledger.jsonl.new")  # as it is, and written anew
    failing.fails, failing.error = {call: -1}, error
    for name in ("bela", "carl"):
        assert hub.post("/api/session", {"name": name}).error == (507, "not_saved")
    mia = live("Mia", at=hub)
    mia.join()
    assert mia.say("hello")["n"] == 1
    assert hub.ask("GET", "/api/me", None, before).json["person"]["name"] == "anna"
    failing.file = ""
    dora = hub.session("dora")
    hub.restart()
    for session, name in ((before, "anna"), (dora, "dora")):
        assert hub.ask("GET", "/api/me", None, session).json["person"]["name"] == name
    assert hub.post("/api/session", {"name": "bela"}).error == (409, "name_taken"), "kept at last"
