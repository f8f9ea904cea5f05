"""When the files of rooms are synced, and what happens where a disk fails at any call."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest

from hub.errors import Refused
from hub.protocol import events
from hub.store import commit, disk, journal
from hub.store.commit import Commit
from hub.store.history import History
from hub.store.journal import NAMES, PAGE, groups_of
from hub.store.replay import open_journal
from tests.patience import PATIENCE
from tests.store.files import said

ROOMS = ("a", "b")


class Calls:
    """What is asked of the disk in `folder`, by file; the call number `fails_at` fails.

    `lasting` says that all later calls for that file fail too.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.log: list[tuple[str, str]] = []
        self.fails_at = -1
        self.lasting = False
        self.error = errno.EIO
        self.partly = 0
        self._folder = folder
        self._failed = ""
        write, sync, cut = disk.pwrite, disk.sync_file, os.ftruncate

        def pwrite(fd: int, data: bytes, at: int) -> None:
            self._call("write", fd, lambda: write(fd, data[: self.partly], at))
            write(fd, data, at)

        def sync_file(fd: int) -> None:
            self._call("sync", fd)
            sync(fd)

        def ftruncate(fd: int, size: int) -> None:
            self._call("cut", fd)
            cut(fd, size)

        monkeypatch.setattr(disk, "pwrite", pwrite)
        monkeypatch.setattr(disk, "sync_file", sync_file)
        monkeypatch.setattr(os, "ftruncate", ftruncate)

    def fail_for_good(self, name: str) -> None:
        """Let every call for the file of that name fail from now on."""
        self.lasting, self._failed = True, name

    def _call(self, call: str, fd: int, before: Callable[[], None] = lambda: None) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{fd}"))
        number = len(self.log)
        self.log.append((call, path.name))
        if number == self.fails_at:
            self._failed = path.name
        if number == self.fails_at or (self.lasting and path.name == self._failed):
            before()
            raise OSError(self.error, os.strerror(self.error))


class Place:
    """Two rooms and a journal, as a hub has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.commit: Commit | None = None
        self.histories: dict[str, History] = {}
        self.saved: dict[str, list[bytes]] = {room: [] for room in ROOMS}
        self.refused: list[bytes] = []
        self.half_erased = b""

    def file(self, room: str) -> Path:
        return self.folder / f"{room}.jsonl"

    def start(self, most: int = 100) -> None:
        (self.folder / "hub").mkdir(parents=True, exist_ok=True)
        opened, failed = open_journal(self.folder / "hub", self.file, self.folder / "torn")
        assert failed == {}
        self.commit = Commit(opened, most)
        self.histories = {
            room: History.open(self.file(room), room, self.folder / "torn") for room in ROOMS
        }

    def say(self, rooms: str = "ab", text: str = "hello") -> None:
        """One batch, with a message for each of these rooms."""
        assert self.commit is not None
        written = []
        for room in rooms:
            history = self.histories[room]
            line = said(history.last + 1, text, room)
            try:
                history.write([line])
            except Refused:
                self.refused.append(line)
            else:
                written.append((history, [line]))
        for (history, lines), why in zip(written, self.commit.save(written), strict=True):
            if why is None:
                history.publish()
                self.saved[history.room] += lines
            else:
                self.refused += lines

    def erase(self, room: str, n: int) -> None:
        assert self.commit is not None
        line = self.saved[room][n - 1]
        self.half_erased = events.blanked(line)
        self.commit.blank(self.histories[room], [n])
        self.saved[room][n - 1] = self.half_erased

    def end(self) -> None:
        """Stop in order, after a look at what is there."""
        assert self.commit is not None
        self.commit.end()
        self.check()
        for history in self.histories.values():
            history.close()

    def check(self) -> None:
        """What was saved is there, in its order; what was refused is nowhere."""
        for room, history in self.histories.items():
            there = list(history.lines(1, history.last))
            for line, found in zip(self.saved[room], there, strict=False):
                assert found in (line, self.half_erased)
            assert len(there) >= len(self.saved[room])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(journal, "SIZE", 4 * PAGE)
    place = Place(tmp_path / "rooms")
    place.start()
    return place


@pytest.fixture
def calls(place: Place, monkeypatch: pytest.MonkeyPatch) -> Calls:
    if not Path("/proc/self/fd").exists():
        pytest.skip("which file a descriptor is can only be asked under Linux")
    return Calls(monkeypatch, place.folder)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets the time come at which files are synced."""
    passed = [0.0]
    real = commit.time.monotonic
    monkeypatch.setattr(commit.time, "monotonic", lambda: real() + passed[0])

    def later() -> None:
        passed[0] += 2 * commit.SECONDS

    return later


def caught_up(place: Place, later: Callable[[], None]) -> None:
    """Wait until the files are synced behind, and the writer has heard of it."""
    assert place.commit is not None
    while place.commit.wait is not None:
        later()
        place.commit.catch_up()


def syncs(calls: Calls) -> list[str]:
    return [name for call, name in calls.log if call == "sync"]


def test_a_batch_costs_one_sync_and_its_files_are_synced_later(
    place: Place, calls: Calls, later: Callable[[], None]
) -> None:
    place.say()
    calls.log.clear()
    assert place.commit is not None
    for _ in range(3):
        place.say()
        place.commit.catch_up()
    assert syncs(calls) == [NAMES[0]] * 3
    assert 0 < (place.commit.wait or 0) <= commit.SECONDS
    later()
    assert place.commit.wait == 0
    place.commit.catch_up()
    place.say()
    caught_up(place, later)
    assert set(syncs(calls)[3:]) == {"a.jsonl", "b.jsonl", NAMES[1]}
    assert not any(history._file.unsynced for history in place.histories.values() if history._file)
    assert place.commit.wait is None, "there is nothing to do any more"
    place.end()
    assert list(groups_of(place.folder / "hub")) == []


def test_where_syncs_take_long_the_next_ones_are_further_off(
    place: Place, later: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place.commit is not None
    for took, least, most in ((0.0, 0, 1), (0.3, 2, 3), (60.0, 4, 5)):
        monkeypatch.setattr(commit.Syncs, "took", took)
        place.say()
        assert least < (place.commit.wait or 0) <= most
        for _ in range(3):
            later()
        assert place.commit.wait == 0
        caught_up(place, later)
        assert place.commit.wait is None
    place.end()


def test_how_long_syncs_take_is_known(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place.commit is not None
    sync = History.sync_behind
    monkeypatch.setattr(History, "sync_behind", lambda history: (sleep(0.2), sync(history)))
    place.say()
    assert place.commit._syncs.took == 0
    place.end()
    assert place.commit._syncs.took >= 0.2


def test_slow_syncs_go_one_after_the_other_until_somebody_waits_for_them() -> None:
    syncs, gate, under_way = commit.Syncs(), Event(), SimpleQueue[object]()

    def sync(history: object) -> None:
        under_way.put(history)
        assert gate.wait(PATIENCE)
        sleep(2 * commit.SLOW)

    files: Any = ("a", "b", "c", "d")
    try:
        syncs.begin(sync, files)
        assert {under_way.get(timeout=PATIENCE) for _ in files} == set(files), (
            "at first side by side"
        )
        gate.set()
        assert syncs.wait() == dict.fromkeys(files)
        gate.clear()
        syncs.begin(sync, files)
        assert under_way.get(timeout=PATIENCE) == "a"
        sleep(0.2)
        assert under_way.empty()
        waiting = Thread(target=syncs.wait)
        waiting.start()
        assert {under_way.get(timeout=PATIENCE) for _ in files[1:]} == set(files[1:])
        gate.set()
        waiting.join(30)
        assert not syncs.busy
    finally:
        gate.set()
        syncs.stop()


def test_files_that_are_synced_may_be_closed(place: Place, later: Callable[[], None]) -> None:
    place.say()
    file = place.histories["a"]._file
    assert file is not None
    assert not file.idle
    assert place.commit is not None
    caught_up(place, later)
    assert file.idle
    file.suspend()
    place.say()
    place.end()


def test_so_many_files_and_no_more_are_left_unsynced(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.start(most=2)
    assert place.commit is not None
    place.say("a")
    place.commit.catch_up()
    assert place.commit._unsynced
    place.say("b")
    place.commit.catch_up()
    assert not place.commit._unsynced
    place.end()


def test_a_full_segment_waits_for_the_files_and_a_larger_batch_goes_to_them(
    place: Place, calls: Calls
) -> None:
    for _ in range(12):
        place.say()
    place.say(text="x" * 4 * PAGE)
    assert syncs(calls)[-2:] in (["a.jsonl", "b.jsonl"], ["b.jsonl", "a.jsonl"])
    place.say()
    assert syncs(calls)[-1] in NAMES
    place.end()
    assert place.refused == []


def test_an_erased_text_is_nowhere(place: Place) -> None:
    place.say(text="a secret")
    for _ in range(9):
        place.say()
    place.erase("a", 1)
    held = b"".join(x.read_bytes() for x in place.folder.rglob("*") if x.is_file())
    assert held.count(b"a secret") == 1, "that of room b is in its file"
    place.say()
    place.end()


def test_what_the_journal_does_not_hold_costs_it_nothing(place: Place, calls: Calls) -> None:
    place.say()
    place.end()
    place.start()
    calls.log.clear()
    place.erase("a", 1)
    assert calls.log == [("write", "a.jsonl"), ("sync", "a.jsonl")]
    place.end()


def test_a_room_is_forgotten(place: Place) -> None:
    place.say(text="a secret")
    assert place.commit is not None
    history = place.histories.pop("a")
    place.commit.forget(history)
    history.wipe()
    held = b"".join(x.read_bytes() for x in place.folder.rglob("*") if x.is_file())
    assert held.count(b"a secret") == 1
    place.say("b")
    place.end()


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("partly", [0, 100, PAGE + 100])
def test_a_journal_that_cannot_be_written_is_done_without(
    place: Place, calls: Calls, caplog: pytest.LogCaptureFixture, error: int, partly: int
) -> None:
    place.say()
    calls.error, calls.partly = error, partly
    calls.fails_at = len(calls.log) + 2  # after the writes to two files
    place.say()
    assert calls.log[calls.fails_at] == ("write", NAMES[0])
    assert list(groups_of(place.folder / "hub")) == []
    calls.log.clear()
    place.say()
    assert sorted(syncs(calls)) == ["a.jsonl", "b.jsonl"]
    assert place.refused == []
    assert caplog.text.count("goes on without it") == 1
    place.end()
    place.start()
    place.check()
    place.say()
    assert (place.folder / "hub" / NAMES[0]).exists(), "the next start has one again"
    place.end()


def test_a_file_that_cannot_be_synced_later_is_in_the_journal(
    place: Place, calls: Calls, later: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Its room closes, the others go on, and the next start puts it back."""
    place.say()
    begun = place.file("a").stat().st_size
    place.say()
    calls.fail_for_good("a.jsonl")
    assert place.commit is not None
    caught_up(place, later)
    assert "journal is kept for the next start" in caplog.text
    place.say()
    assert [events.event_of(x).room for x in place.refused] == ["a"]
    calls.lasting = False
    place.end()
    assert list(groups_of(place.folder / "hub"))
    os.truncate(place.file("a"), begun)  # the system dropped what it could not write
    place.start()
    place.check()
    place.say()
    place.end()


@pytest.mark.slow
def test_any_one_call_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same conversation, time and again: each time the next call fails, once or for good."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("which file a descriptor is can only be asked under Linux")
    monkeypatch.setattr(journal, "SIZE", 4 * PAGE)
    for error in (errno.EIO, errno.ENOSPC):
        for lasting in (False, True):
            for partly in (0, 50):
                tried = _each_call_fails(tmp_path / "rooms", monkeypatch, error, lasting, partly)
                assert tried > 40


def _each_call_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: int, lasting: bool, partly: int
) -> int:
    number = 0
    while True:
        place = Place(folder)
        place.start()
        with monkeypatch.context() as patch:
            calls = Calls(patch, folder)
            calls.error, calls.lasting, calls.partly = error, lasting, partly
            calls.fails_at = number
            for turn in range(7):
                place.say("ab" if turn % 2 else "a")
            with suppress(Refused, OSError, IndexError):  # the log tells; the next start does it
                place.erase("a", 1)
            place.say("b")
            place.end()
        _starts_again(place)
        shutil.rmtree(folder)
        if len(calls.log) <= number:
            return number
        number += 1


def _starts_again(place: Place) -> None:
    place.start()
    place.check()
    shown = [x for history in place.histories.values() for x in history.lines(1, history.last)]
    for room, history in place.histories.items():
        assert history.closed is None, room
        numbers = [events.event_of(x).n for x in shown if events.event_of(x).room == room]
        assert numbers == list(range(1, len(numbers) + 1))
    place.end()


def test_a_journal_that_cannot_be_emptied_of_a_text_is_removed(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    place.say(text="a secret")
    place.say()

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(journal.Segment, "empty", fails)
        place.erase("a", 1)
    held = b"".join(x.read_bytes() for x in place.folder.rglob("*") if x.is_file())
    assert held.count(b"a secret") == 1, "that of room b is in its file"
    assert "cannot be emptied" in caplog.text
    place.say()
    place.end()


def test_an_erased_text_that_a_kept_journal_holds_is_told_of(
    place: Place, calls: Calls, later: Callable[[], None]
) -> None:
    """A sync has failed: what another file lacks is there alone, so it cannot be emptied."""
    place.say(text="a secret")
    calls.fail_for_good("b.jsonl")
    caught_up(place, later)
    with pytest.raises(Refused, match="cannot be removed until Hearth is started again"):
        place.erase("a", 1)
    assert events.event_of(place.histories["a"].line(1) or b"").text == ""
    calls.lasting = False
    place.end()
    place.start()
    held = b"".join(x.read_bytes() for x in place.folder.rglob("*") if x.is_file())
    assert held.count(b"a secret") == 1, "that of room b is in its file"
    place.end()


def test_a_line_that_is_written_while_its_file_is_synced_is_synced_later(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file may not be closed: only this descriptor tells what could not be written."""
    begun, written = Event(), Event()
    real = disk.sync_file

    def slow(fd: int) -> None:
        begun.set()
        assert written.wait(PATIENCE)
        real(fd)

    place.say("a")
    monkeypatch.setattr(disk, "sync_file", slow)
    assert place.commit is not None
    history = place.histories["a"]
    file = history._file
    assert file is not None
    place.commit._sync_behind()
    assert begun.wait(PATIENCE)
    line = said(2, room="a")
    history.write([line])
    written.set()
    place.commit._wait_behind()
    assert not file.idle
    assert place.commit.save([(history, [line])]) == [None]
    history.publish()
    place.saved["a"].append(line)
    assert file.unsynced
    place.end()
    assert not file.unsynced


def test_a_file_that_was_closed_before_it_was_synced_is_no_synced_file(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.say()
    place.histories.pop("a").close()
    place.end()
    assert "journal is kept for the next start" in caplog.text
    assert [x.room for x in groups_of(place.folder / "hub")] == ["a", "b"]


def test_a_sync_that_begins_during_a_write_does_not_cover_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.say("a")
    history = place.histories["a"]
    real = disk.pwrite

    def synced_meanwhile(fd: int, data: bytes, at: int) -> None:
        history.sync_behind()
        real(fd, data, at)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "pwrite", synced_meanwhile)
        history.write([said(2, room="a")])
    assert history._file is not None
    assert history._file.unsynced
    assert not history._file.idle
    history.sync_behind()
    assert history._file.idle
