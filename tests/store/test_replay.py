"""What a start puts back from the journal, and what it leaves alone."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hub.protocol import events
from hub.store import disk
from hub.store.history import History
from hub.store.journal import NAMES, Group, Journal, groups_of
from hub.store.replay import compare, open_journal, replay
from tests.store.files import all_lines, filled, opened, said, with_crlf

SEVEN = [said(n, f"message {n}") for n in range(1, 8)]


class Folder:
    """A hub's folder after a crash: general has five messages, the journal the last four of them
    and two more, in two batches.
    """

    def __init__(self, path: Path) -> None:
        self.hub, self.aside = path / "hub", path / "hub" / "torn"
        self.hub.mkdir()
        self.file = path / "general.jsonl"
        self.lines = filled(self.file, 5)
        self.whole = self.file.read_bytes()
        room = opened(self.file)
        at = len(self.whole) - sum(map(len, self.lines[1:]))
        room.close()
        self.groups = [
            Group("general", room.id, at, SEVEN[1:3]),
            Group("general", room.id, at + sum(map(len, SEVEN[1:3])), SEVEN[3:]),
        ]
        self.give(self.groups)

    def give(self, groups: Sequence[Group]) -> None:
        journal = Journal(self.hub)
        journal.append(groups)
        journal.close()

    def room_file(self, room: str) -> Path:
        return self.file.with_name(f"{room}.jsonl")

    def replay(self) -> dict[str, OSError]:
        return replay(self.hub, self.room_file, self.aside)

    def lines_now(self) -> list[bytes]:
        room = opened(self.file)
        try:
            return all_lines(room)
        finally:
            room.close()

    def kept(self) -> list[bytes]:
        return [x.read_bytes() for x in sorted(self.aside.glob("*"))]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_what_a_file_lacks_is_put_back(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    assert folder.replay() == {}
    assert folder.lines_now() == SEVEN
    assert folder.kept() == []
    assert "general.jsonl: 2 lines were put back from the journal" in caplog.text
    whole = folder.file.read_bytes()
    caplog.clear()
    assert folder.replay() == {}
    assert folder.file.read_bytes() == whole
    assert caplog.text == ""


def test_however_much_of_the_file_is_missing(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "sync_file", lambda fd: None)
    for size in range(folder.groups[0].at, len(folder.whole), 7):
        folder.file.write_bytes(folder.whole[:size])
        folder.replay()
        assert folder.lines_now() == SEVEN
        assert folder.kept() == []


def test_zeros_in_the_place_of_lines(folder: Folder) -> None:
    at = folder.groups[0].at
    folder.file.write_bytes(folder.whole[: at + 10] + bytes(len(folder.whole) - at - 10))
    folder.replay()
    assert folder.lines_now() == SEVEN
    assert folder.kept() == []


def test_what_else_stood_in_the_place_of_a_line_is_kept(folder: Folder) -> None:
    odd = b"something else".ljust(len(SEVEN[2]) - 1) + b"\n"
    folder.file.write_bytes(folder.whole.replace(SEVEN[2], odd))
    folder.replay()
    assert folder.lines_now() == SEVEN
    assert folder.kept() == [odd]


def test_a_text_that_was_taken_out_stays_out(folder: Folder) -> None:
    blanked = events.blanked(SEVEN[2])
    folder.file.write_bytes(folder.whole.replace(SEVEN[2], blanked))
    folder.replay()
    assert folder.lines_now() == [*SEVEN[:2], blanked, *SEVEN[3:]]


def test_what_came_after_the_journal_is_left(folder: Folder) -> None:
    """Without a journal that can be written, files alone are."""
    folder.replay()
    room = opened(folder.file)
    room.write([said(8)])
    room.sync()
    room.close()
    folder.replay()
    assert folder.lines_now() == [*SEVEN, said(8)]


def _another_header(folder: Folder) -> None:
    folder.file.unlink()
    filled(folder.file, 5)


def _an_older_copy(folder: Folder) -> None:
    folder.file.write_bytes(folder.whole[: folder.groups[0].at - 5])


def _other_lines(folder: Folder) -> None:
    """As where somebody took a message out and numbered what followed anew."""
    folder.file.write_bytes(folder.whole.replace(SEVEN[2], said(4, "message 4")))


def _no_room(folder: Folder) -> None:
    folder.file.write_bytes(b"This is the minutes of our meeting.\n" * 20)


def _removed(folder: Folder) -> None:
    folder.file.unlink()


def _a_link(folder: Folder) -> None:
    folder.file.rename(folder.file.with_name("elsewhere"))
    folder.file.symlink_to("elsewhere")


def _a_folder(folder: Folder) -> None:
    folder.file.unlink()
    folder.file.mkdir()


@pytest.mark.parametrize(
    "change", [_another_header, _an_older_copy, _no_room, _removed, _a_link, _a_folder]
)
def test_what_has_no_place_any_more_is_kept_aside(
    folder: Folder, change: Callable[[Folder], None], caplog: pytest.LogCaptureFixture
) -> None:
    change(folder)
    before = folder.file.read_bytes() if folder.file.is_file() else None
    for _ in range(2):
        assert folder.replay() == {}
    assert folder.kept() == [b"".join(SEVEN[1:])]
    assert "has no place in general.jsonl any more: it is kept as general-" in caplog.text
    assert before == (folder.file.read_bytes() if folder.file.is_file() else None)


def test_lines_among_others_are_kept_aside(folder: Folder) -> None:
    _other_lines(folder)
    before = folder.file.read_bytes()
    folder.replay()
    assert folder.kept() == [b"".join(SEVEN[1:])]
    assert folder.file.read_bytes() == before


@pytest.mark.parametrize("prepared", [with_crlf, lambda path: None])
def test_a_header_that_is_damaged_or_ends_in_crlf_is_the_same_header(
    tmp_path: Path, prepared: Callable[[Path], None]
) -> None:
    """The history took it so when it was opened, and it was written on."""
    folder = Folder(tmp_path)
    prepared(folder.file)
    data = folder.file.read_bytes()
    if prepared is not with_crlf:
        data = data.replace(b'"hearth"', b'"Hearth"', 1)
    folder.file.write_bytes(data)
    room = opened(folder.file)
    group = Group("general", room.id, len(data), [said(6)])
    room.close()
    folder.give([group])
    folder.replay()
    assert folder.lines_now()[-1] == said(6)
    assert folder.kept() == []


def test_rooms_that_fail_are_told_and_the_others_go_on(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    kitchen = folder.room_file("kitchen")
    room = History.open(kitchen, "kitchen", folder.aside)
    room.write([said(1, room="kitchen")])
    room.sync()
    room.close()
    size = kitchen.stat().st_size
    folder.give([*folder.groups, Group("kitchen", room.id, size, [said(2, room="kitchen")])])
    real = disk.pwrite

    def fails(fd: int, data: bytes, at: int) -> None:
        if b"general" in data:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(fd, data, at)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "pwrite", fails)
        journal, failed = open_journal(folder.hub, folder.room_file, folder.aside)
    assert list(failed) == ["general"]
    assert kitchen.read_bytes().endswith(said(2, room="kitchen"))
    assert journal is not None
    assert journal.needed
    journal.end()
    assert len(list(groups_of(folder.hub))) == 3, "it is still needed"
    journal, failed = open_journal(folder.hub, folder.room_file, folder.aside)
    assert (folder.lines_now(), failed) == (SEVEN, {})
    assert journal is not None
    assert not journal.needed
    journal.end()
    assert list(groups_of(folder.hub)) == []


def test_a_file_that_may_only_be_read_fails_where_it_lacks_something(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = disk.open_file

    def may_only_be_read(path: Path, flags: int, mode: int = 0o644) -> int:
        if flags & os.O_RDWR and path == folder.file:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, flags, mode)

    monkeypatch.setattr(disk, "open_file", may_only_be_read)
    assert list(folder.replay()) == ["general"]
    folder.file.write_bytes(folder.whole + SEVEN[5] + SEVEN[6])
    assert folder.replay() == {}


def test_files_are_synced_before_the_journal_is_emptied(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    real = disk.sync_file

    def sync_file(fd: int) -> None:
        calls.append("sync" if os.fstat(fd).st_ino == folder.file.stat().st_ino else "empty")
        real(fd)

    monkeypatch.setattr(disk, "sync_file", sync_file)
    journal, _ = open_journal(folder.hub, folder.room_file, folder.aside)
    assert journal is not None
    journal.close()
    assert calls == ["sync", "empty"]


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_without_room_for_a_journal_there_is_none(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: int
) -> None:
    real = disk.pwrite

    def fails(fd: int, data: bytes, at: int) -> None:
        if data.startswith(b"\n"):
            raise OSError(error, os.strerror(error))
        real(fd, data, at)

    monkeypatch.setattr(disk, "pwrite", fails)
    assert open_journal(folder.hub, folder.room_file, folder.aside) == (None, {})
    assert folder.lines_now() == SEVEN
    assert "goes on without a journal" in caplog.text
    assert not any((folder.hub / name).exists() for name in NAMES), "texts would stay in them"


def test_what_stands_in_its_place_is_told(folder: Folder) -> None:
    (folder.hub / NAMES[0]).unlink()
    (folder.hub / NAMES[0]).mkdir()
    with pytest.raises(disk.Unfit):
        open_journal(folder.hub, folder.room_file, folder.aside)


def test_a_comparison_changes_nothing(folder: Folder) -> None:
    fd = os.open(folder.file, os.O_RDONLY)
    found = compare(fd, folder.groups)
    os.close(fd)
    end = len(folder.whole)
    assert found.lacking == [(end, SEVEN[5]), (end + len(SEVEN[5]), SEVEN[6])]
    assert found.unplaced == []
    assert folder.file.read_bytes() == folder.whole


@pytest.mark.parametrize("text", ["message 3, and more", "3"])
def test_lines_of_another_length_are_not_written_over(folder: Folder, text: str) -> None:
    """The room went on elsewhere, without the journal, and came back."""
    begun = folder.whole[: folder.groups[0].at]
    elsewhere = begun + b"".join(said(n, text) for n in range(2, 5))
    folder.file.write_bytes(elsewhere)
    folder.replay()
    assert folder.file.read_bytes() == elsewhere
    assert folder.kept() == [b"".join(SEVEN[1:])]


def test_a_text_that_was_half_taken_out_is_not_kept_aside(folder: Folder) -> None:
    """The power failed meanwhile; its removal is carried out once the line is whole again."""
    blanked = events.blanked(SEVEN[2])
    middle = SEVEN[2].index(b"message") + 3
    half = blanked[:middle] + SEVEN[2][middle:]
    folder.file.write_bytes(folder.whole.replace(SEVEN[2], half))
    folder.replay()
    assert folder.lines_now() == SEVEN
    assert folder.kept() == []


@pytest.mark.skipif(os.name == "nt", reason="Windows syncs no file that is only read")
def test_a_file_that_may_only_be_read_is_synced_before_the_journal_is_emptied(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.replay()
    real, synced = disk.open_file, []

    def may_only_be_read(path: Path, flags: int, mode: int = 0o644) -> int:
        if flags & os.O_RDWR and path == folder.file:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(path, flags, mode)

    monkeypatch.setattr(disk, "open_file", may_only_be_read)
    monkeypatch.setattr(disk, "sync_file", lambda fd: synced.append(os.fstat(fd).st_ino))
    assert folder.replay() == {}
    assert synced == [folder.file.stat().st_ino]


@pytest.mark.parametrize("room", ["../general", "a/b", "", "x" * 300, "General", "a\0b", "con"])
def test_a_name_that_no_room_has_is_passed_over(folder: Folder, room: str) -> None:
    odd = [Group(room, "id", 100, [said(1, room=room)])]
    folder.give([*odd, *folder.groups])
    assert folder.replay() == {}
    assert folder.lines_now() == SEVEN


@pytest.mark.parametrize("at", [-5, 0, 1, 10**6, 2**63, 2**70])
def test_a_place_that_is_none_is_passed_over(folder: Folder, at: int) -> None:
    folder.give([Group("general", folder.groups[0].id, at, [said(9)])])
    assert folder.replay() == {}
    assert folder.file.read_bytes() == folder.whole
    assert folder.kept() == [said(9)]


def test_a_file_of_a_newer_hearth_is_left_alone(folder: Folder) -> None:
    header = events.Header(events.FORMAT + 1, "general", folder.groups[0].id)
    data = events.line_of(header) + b"".join(SEVEN[:2])
    folder.file.write_bytes(data)
    folder.give([Group("general", folder.groups[0].id, len(data), SEVEN[2:])])
    folder.replay()
    assert folder.file.read_bytes() == data
    assert folder.kept() == [b"".join(SEVEN[2:])]
