from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.errors import Refused
from hub.protocol.events import Event, intact, line_of
from hub.store import disk
from hub.store.history import History
from hub.store.open_files import File, Files, Replaced
from tests.windows import another_program

ROOMS = [f"r{number}" for number in range(12)]


def said(room: str, n: int, text: str = "hello") -> bytes:
    at = "2026-11-22T20:17:03.123Z"
    return line_of(Event(room=room, n=n, at=at, by="a", do="say", text=text))


def say(history: History, text: str = "hello") -> None:
    history.write([said(history.room, history.last + 1, text)])
    history.sync()
    history.publish()


@pytest.fixture
def files() -> Files:
    return Files(4)


@pytest.fixture
def rooms(tmp_path: Path, files: Files) -> Iterator[list[History]]:
    """More than can be open at once, each with a message."""
    made = []
    for room in ROOMS:
        path = tmp_path / f"{room}.jsonl"
        made.append(History.open(path, room, tmp_path / "torn", files=files))
        say(made[-1])
    yield made
    for history in made:
        history.close()


def suspended(history: History) -> bool:
    assert history._file is not None
    return history._file.suspended


def test_only_so_many_are_open_and_all_can_be_used(rooms: list[History], files: Files) -> None:
    for turn in range(3):
        for history in rooms:
            assert len(files.opened) == 4
            assert [*history.lines(1, history.last)] == [
                said(history.room, n) for n in range(1, turn + 2)
            ]
            say(history)
    for history in rooms:
        assert intact(history.path.read_bytes().splitlines(keepends=True)[-1])
        assert history.last == 4
    assert len(files.opened) == 4


def test_what_nobody_has_used_the_longest_is_closed(rooms: list[History]) -> None:
    assert [suspended(x) for x in rooms] == [True] * 8 + [False] * 4
    assert rooms[8].line(1)
    assert rooms[0].line(1)
    assert [suspended(x) for x in rooms[8:]] == [False, True, False, False]


def test_what_is_not_synced_yet_stays_open(rooms: list[History]) -> None:
    """Only the descriptor that was written through is sure to tell of a failure."""
    rooms[0].write([said(ROOMS[0], 2)])
    for history in rooms[1:]:
        assert history.line(1)
    assert not suspended(rooms[0])
    rooms[0].sync()
    rooms[0].publish()
    for history in rooms[1:]:
        assert history.line(1)
    assert suspended(rooms[0])
    assert rooms[0].line(2) == said(ROOMS[0], 2)


@pytest.mark.parametrize("how", ["replaced", "removed", "linked", "shrunk"])
def test_one_that_was_changed_meanwhile_is_neither_read_nor_written(
    rooms: list[History], how: str
) -> None:
    history = rooms[0]
    path = history.path
    assert suspended(history)
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    if how == "replaced":
        other.replace(path)
    elif how == "removed":
        path.unlink()
    elif how == "linked":
        path.rename(path.with_name("moved"))
        path.symlink_to(path.with_name("moved"))
    else:
        os.truncate(path, 100)
    there = path.read_bytes() if path.exists() else None
    for _ in range(2):
        with pytest.raises(Refused, match="another program replaced or removed") as refused:
            history.line(1)
        assert (refused.value.status, refused.value.code) == (503, "room_closed")
        with pytest.raises(Refused):
            history.reopen()
        with pytest.raises(Replaced):
            list(history.blocks(1, 1))
    with pytest.raises(Refused, match="Another program replaced or removed"):
        say(history)
    assert (path.read_bytes() if path.exists() else None) == there


def test_one_that_has_grown_meanwhile_is_read_and_not_written(rooms: list[History]) -> None:
    with rooms[0].path.open("ab") as file:
        file.write(b"something else\n")
    assert rooms[0].line(1) == said(ROOMS[0], 1)
    with pytest.raises(Refused, match="Another program changed"):
        say(rooms[0])
    assert rooms[0].path.read_bytes().endswith(b"something else\n")


def test_one_that_is_read_only_is_opened_again_to_be_read(
    tmp_path: Path, files: Files, rooms: list[History], monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms[0].close()
    real = os.open

    def denied(path: object, flags: int, *more: int) -> int:
        if str(path) == str(rooms[0].path) and flags & os.O_RDWR:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(str(path), flags, *more)

    monkeypatch.setattr(os, "open", denied)
    history = History.open(rooms[0].path, ROOMS[0], tmp_path / "torn", files=files)
    for other in rooms[1:]:
        assert other.line(1)
    assert suspended(history)
    assert history.line(1) == said(ROOMS[0], 1)
    history.close()


def test_a_room_that_was_let_go_of_is_not_opened_again(rooms: list[History], files: Files) -> None:
    for history in rooms:
        history.close()
        with pytest.raises(Refused, match="cannot be read"):
            history.line(1)
    assert len(files.opened) == 0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux counts descriptors so")
def test_many_threads_read_and_one_writes_and_no_descriptor_is_lost(
    rooms: list[History], files: Files
) -> None:
    odd: list[object] = []

    def read(number: int) -> None:
        for turn in range(200):
            history = rooms[(number * 5 + turn) % len(rooms)]
            last = history.last
            lines = [*history.lines(1, last)]
            if lines != [said(history.room, n) for n in range(1, last + 1)]:
                odd.append(lines)

    before = len(os.listdir("/proc/self/fd"))
    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for turn in range(120):
        say(rooms[turn * 7 % len(rooms)])
    for thread in threads:
        thread.join()
    assert odd == []
    assert rooms[0].line(1)
    assert len(files.opened) <= files.most
    assert len(os.listdir("/proc/self/fd")) <= before + 4


class Scarce:
    """Lets so many files be open, and no more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, files: Files) -> None:
        self.left = 10**6
        real = disk.open_file

        def open_file(path: Path, flags: int, mode: int = 0o644) -> int:
            if len(files.opened) >= self.left:
                raise OSError(errno.EMFILE, "Too many open files", str(path))
            return real(path, flags, mode)

        monkeypatch.setattr(disk, "open_file", open_file)


def test_where_the_system_has_none_left_another_is_closed(
    rooms: list[History], files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    scarce = Scarce(monkeypatch, files)
    scarce.left = 2
    for history in rooms:
        say(history)
        assert history.line(2)
        assert len(files.opened) <= 2
    files.free(100)
    assert len(files.opened) == 0
    assert rooms[3].line(2)


def test_where_none_can_be_had_at_all_nothing_is_closed_for_good(
    rooms: list[History], files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    scarce = Scarce(monkeypatch, files)
    scarce.left = 0
    before = rooms[0].path.read_bytes()
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            say(rooms[0])
        assert (refused.value.status, refused.value.code) == (503, "busy")
        with pytest.raises(Refused, match="too much open"):
            rooms[0].line(1)
        with pytest.raises(Refused, match="too much open"):
            History.open(rooms[0].path, ROOMS[0], rooms[0].path.parent, files=files)
    assert rooms[0].path.read_bytes() == before
    scarce.left = 4
    say(rooms[0])
    assert rooms[0].last == 2


def test_a_new_room_that_cannot_be_made_can_be_made_later(
    tmp_path: Path, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    scarce = Scarce(monkeypatch, files)
    history = History.open(tmp_path / "new.jsonl", "new", tmp_path, files=files)
    scarce.left = 0
    with pytest.raises(Refused) as refused:
        say(history)
    assert refused.value.code == "busy"
    scarce.left = 4
    say(history)
    assert history.last == 1
    history.close()


def test_a_header_that_was_written_in_part_is_cut_off_before_others_take_the_descriptor(
    tmp_path: Path, files: Files, rooms: list[History], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "empty.jsonl"
    path.touch()
    history = History.open(path, "empty", tmp_path, files=files)
    real = disk.pwrite

    def full(fd: int, data: bytes, offset: int) -> None:
        real(fd, data[:7], offset)
        files.free(100)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk, "pwrite", full)
    monkeypatch.setattr(File, "__exit__", _and_free(files, File.__exit__))
    with pytest.raises(Refused) as refused:
        say(history)
    assert refused.value.status == 507
    assert path.read_bytes() == b""
    monkeypatch.undo()
    say(history)
    assert history.last == 1
    history.close()


def _and_free(files: Files, leave: Callable[..., None]) -> Callable[..., None]:
    def left(self: File, *more: object) -> None:
        leave(self, *more)
        files.free(100)

    return left


def test_a_room_is_wiped_though_it_was_closed(rooms: list[History]) -> None:
    path = rooms[0].path
    os.link(path, path.with_name("held"))  # somebody holds on to it
    assert suspended(rooms[0])
    rooms[0].wipe()
    assert not path.exists()
    assert path.with_name("held").read_bytes() == b""


def test_a_file_in_use_is_not_closed(tmp_path: Path) -> None:
    files = Files(1)
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"x")
    a, b = (
        File(files, tmp_path / x, files.open(tmp_path / x, os.O_RDONLY), os.O_RDONLY, lambda: 1)
        for x in ("a", "b")
    )
    assert a.suspended
    with b, a as fd:
        assert len(files.opened) == 2, "for that long there is one more"
        assert disk.pread(fd, 1, 0) == b"x"
    with a:
        pass
    a.close()
    b.close()
    assert len(files.opened) == 0


def test_a_file_that_is_closed_while_it_is_used_is_let_go_of_afterwards(tmp_path: Path) -> None:
    files, path = Files(2), tmp_path / "a"
    path.write_bytes(b"x")
    file = File(files, path, files.open(path, os.O_RDONLY), os.O_RDONLY, lambda: 1)
    with file as fd:
        file.close()
        assert disk.pread(fd, 1, 0) == b"x"
    assert file.suspended
    assert not files.opened


def test_one_that_is_in_use_or_to_be_synced_is_not_let_go_of(rooms: list[History]) -> None:
    history = rooms[0]
    file = history._file
    assert file is not None
    there = history.path.stat()
    with file:
        assert not file.suspend_idle()
        assert history.suspend() is None
    file.writes += 1
    assert not file.suspend_idle()
    assert history.suspend() is None
    file.synced = file.writes
    assert not file.suspended
    assert history.suspend() == (there.st_size, there.st_mtime_ns)
    assert file.suspended
    assert history.suspend() == (there.st_size, there.st_mtime_ns), "as often as one likes"
    say(history)
    assert not file.suspended


def test_one_that_was_replaced_is_held_on_to(rooms: list[History]) -> None:
    """What was said is in our descriptor alone then, and is kept aside in the end."""
    history = rooms[-1]
    assert not suspended(history)
    with another_program():
        history.path.unlink()
    assert history.suspend() is None
    assert not suspended(history)
    history.close()
    assert len(list((history.path.parent / "torn").iterdir())) == 1
