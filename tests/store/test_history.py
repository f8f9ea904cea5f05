"""Appending, syncing, blanking and wiping."""

import errno
import os
from pathlib import Path

import pytest

from hub.errors import Refused
from hub.protocol import events
from hub.store import disk
from tests.store.files import Durable, all_lines, filled, opened, said, with_crlf
from tests.windows import another_program

pytestmark = pytest.mark.usefixtures("quiet")


def test_a_room_without_a_file_is_empty_and_makes_none(path: Path) -> None:
    room = opened(path)
    assert (room.last, room.damage, room.closed) == (0, [], None)
    assert all_lines(room) == []
    assert room.page(limit=50) == (1, 0)
    assert not path.exists()


def test_the_first_message_makes_the_file_with_its_header(path: Path) -> None:
    lines = filled(path, 2)
    header, *rest = path.read_bytes().splitlines(keepends=True)
    assert rest == lines
    assert events.intact(header)
    assert events.header_of(header).hearth == events.FORMAT
    assert events.header_of(header).room == "general"


def test_nothing_counts_before_the_sync(path: Path) -> None:
    room = opened(path)
    room.write([said(1)])
    assert room.last == 0
    room.sync()
    room.publish()
    assert room.last == 1
    assert room.line(1) == said(1)


def test_lines_survive_and_go_on(path: Path) -> None:
    lines = filled(path, 3)
    room = opened(path)
    assert all_lines(room) == lines
    room.write([said(4)])
    room.sync()
    room.publish()
    assert all_lines(room) == [*lines, said(4)]
    room.close()
    assert opened(path).last == 4


def test_blanking_takes_a_text_out_of_the_file(path: Path) -> None:
    filled(path, 3)
    room = opened(path)
    room.blank([2])
    room.blank([2])
    assert b"message 2" not in path.read_bytes()
    assert events.members_of(room.line(2) or b"")["text"] == ""
    room.close()
    again = opened(path)
    assert again.damage == []
    assert again.last == 3


def test_blanking_takes_files_out_of_a_message_without_a_text(path: Path) -> None:
    filled(path, 1)
    room = opened(path)
    members = events.members_of(said(2)) | {"text": "", "files": [{"id": "f", "name": "secret"}]}
    members.pop("crc", None)
    room.write([events.sealed(events.encode(members))])
    room.sync()
    room.publish()
    assert b"secret" in path.read_bytes()
    room.blank([2])
    assert b"secret" not in path.read_bytes()
    assert events.members_of(room.line(2) or b"")["erased"] is True


def test_a_file_that_becomes_a_link_is_written_no_more(path: Path) -> None:
    filled(path, 2)
    room = opened(path)
    other = path.with_name("moved")
    with another_program():
        path.rename(other)
    path.symlink_to(other)
    before = other.read_bytes()
    with pytest.raises(Refused, match="replaced"):
        room.write([said(3)])
    assert other.read_bytes() == before


def test_a_text_is_taken_out_of_a_line_that_ends_in_crlf(path: Path) -> None:
    lines = filled(path, 3)
    with_crlf(path)
    room = opened(path)
    room.blank([2])
    room.close()
    assert b"message 2" not in path.read_bytes()
    again = opened(path)
    assert (again.last, again.damage) == (3, [])
    assert [again.line(1), again.line(3)] == [lines[0], lines[2]]


def test_a_full_disk_keeps_nothing_and_can_be_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 2)
    before = path.read_bytes()
    room = opened(path)
    real = disk.pwrite

    def full(fd: int, data: bytes, offset: int) -> None:
        real(fd, data[:7], offset)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk, "pwrite", full)
    with pytest.raises(Refused) as refused:
        room.write([said(3)])
    assert refused.value.status == 507
    assert path.read_bytes() == before
    monkeypatch.setattr(disk, "pwrite", real)
    room.write([said(3)])
    room.sync()
    room.publish()
    assert room.last == 3


def test_a_full_disk_that_cannot_be_cut_back_closes_the_room(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 2)
    room = opened(path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk, "pwrite", full)
    monkeypatch.setattr(os, "ftruncate", _fails)
    with pytest.raises(Refused, match="Input/output error") as refused:
        room.write([said(3)])
    assert refused.value.code == "room_closed"
    assert room.closed


def test_a_failed_sync_closes_the_room_and_keeps_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = filled(path, 2)
    room = opened(path)
    room.write([said(3)])
    monkeypatch.setattr(disk, "sync_file", _fails)
    with pytest.raises(Refused) as refused:
        room.sync()
        room.publish()
    assert refused.value.code == "room_closed"
    monkeypatch.undo()
    with pytest.raises(Refused, match="started again"):
        room.write([said(3)])
    assert all_lines(room) == lines
    assert path.read_bytes().endswith(lines[-1])


def test_a_first_message_that_cannot_be_saved_leaves_no_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = opened(path)
    monkeypatch.setattr(disk, "sync_folder", _fails)
    with pytest.raises(Refused):
        room.write([said(1)])
    assert not path.exists()


def test_a_failed_blanking_closes_the_room(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path, 2)
    room = opened(path)
    monkeypatch.setattr(disk, "sync_file", _fails)
    with pytest.raises(Refused):
        room.blank([1])
    assert room.closed


@pytest.mark.parametrize("how", ["grown", "replaced", "removed", "shrunk"])
def test_a_file_that_another_program_touched_is_not_written(path: Path, how: str) -> None:
    filled(path, 2)
    room = opened(path)
    if how == "grown":
        with path.open("ab") as file:
            file.write(b"x")
    elif how == "shrunk":
        os.truncate(path, 10)
    elif how == "replaced":
        other = path.with_name("other")
        other.write_bytes(path.read_bytes())
        with another_program():
            other.replace(path)
    else:
        with another_program():
            path.unlink()
    there = path.read_bytes() if path.exists() else None
    with pytest.raises(Refused, match="Another program"):
        room.write([said(3)])
    assert (path.read_bytes() if path.exists() else None) == there


def test_a_removed_file_is_kept_aside(path: Path) -> None:
    lines = filled(path, 2)
    room = opened(path)
    whole = path.read_bytes()
    with another_program():
        path.unlink()
    with pytest.raises(Refused, match=r"What it held is kept as (\S+) in ") as refused:
        room.write([said(3)])
    assert whole.endswith(lines[-1])
    (kept,) = (x for x in path.parent.rglob("*.jsonl") if x.name in refused.value.message)
    assert kept.read_bytes() == whole


def test_a_removed_file_that_cannot_be_kept_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 2)
    room = opened(path)
    with another_program():
        path.unlink()
    monkeypatch.setattr(disk, "copy_part", _fails)
    with pytest.raises(Refused, match="could not be kept: Input/output error"):
        room.write([said(3)])


def _fails(*_: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


def test_the_header_and_the_name_of_a_new_file_last_before_its_first_line(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    durable = Durable(path, monkeypatch)
    room = opened(path)
    room.write([said(1)])
    assert durable.asked == ["file", f"folder {path.parent.name}"]
    assert events.header_of(durable.kept).room == "general"
    room.sync()
    assert durable


def test_a_text_is_taken_out_on_stable_storage(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path, 3)
    room = opened(path)
    durable = Durable(path, monkeypatch)
    room.blank([2])
    assert b"message 2" not in durable.kept
    room.blank([2])
    assert durable.asked == ["file"], "there was nothing to do the second time"


def test_lines_whose_sync_failed_are_never_shown(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even if whoever hands them out forgets that they were refused."""
    lines = filled(path, 2)
    room = opened(path)
    room.write([said(3)])
    with monkeypatch.context() as broken:
        broken.setattr(disk, "sync_file", _fails)
        with pytest.raises(Refused):
            room.sync()
    room.publish()
    assert all_lines(room) == lines


def test_who_holds_a_wiped_file_open_finds_nothing_in_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 3)
    room = opened(path)
    held = os.open(path, os.O_RDONLY)
    try:
        durable = Durable(path, monkeypatch)
        room.wipe()
        assert durable.kept == b""
        assert disk.pread(held, 100, 0) == b""
    finally:
        os.close(held)
    assert path.exists() == (os.name == "nt"), "what somebody has open stays there, empty"


def test_a_file_that_cannot_be_emptied_is_not_said_to_be_deleted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 3)
    room = opened(path)
    monkeypatch.setattr(os, "ftruncate", _fails)
    with pytest.raises(Refused) as refused:
        room.wipe()
    assert refused.value.code == "not_deleted"
    assert path.exists()


def test_an_empty_file_that_cannot_be_removed_is_told_in_the_log_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 3)
    room = opened(path)
    monkeypatch.setattr(disk, "remove", _fails)
    room.wipe()
    assert path.read_bytes() == b""
