"""The folder of a room's files: names, links, drives, and what others do in it meanwhile."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from hub.files import room_folder as module
from hub.files.room_folder import RoomFolder, make_own
from hub.store import disk
from tests.store.files import Durable
from tests.windows import FEWER_NAMES, has_mode


@pytest.fixture
def folder(tmp_path: Path) -> RoomFolder:
    return RoomFolder(tmp_path / "general")


@pytest.fixture
def part(tmp_path: Path) -> Path:
    path = tmp_path / "part"
    path.write_bytes(b"content")
    return path


def no_links(*_: Any, **__: Any) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_names_are_numbered(folder: RoomFolder) -> None:
    names = ["a.pdf", "a.pdf", "A.PDF", "a (2).pdf", "a.pdf"]
    assert [folder.choose(x) for x in names] == [
        "a.pdf", "a (2).pdf", "A (3).PDF", "a (2) (2).pdf", "a (4).pdf",
    ]  # fmt: skip


def test_names_that_some_system_takes_for_one_are_two(folder: RoomFolder) -> None:
    assert folder.choose("Müll.txt") == "Müll.txt"
    assert folder.choose("mu\u0308ll.txt") == "mu\u0308ll (2).txt"


def test_what_is_there_is_left_and_what_is_borne_is_not_given_again(folder: RoomFolder) -> None:
    folder.path.mkdir()
    (folder.path / "A.pdf").write_bytes(b"by hand")
    assert not folder.listed
    assert folder.choose("a.pdf", ["gone.pdf"]) == "a (2).pdf"
    assert folder.listed
    assert folder.choose("gone.pdf") == "gone (2).pdf"


def test_a_file_is_moved_and_lasts(
    folder: RoomFolder, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    durable = Durable(part, monkeypatch)
    folder.place(part, "a.pdf")
    assert (folder.path / "a.pdf").read_bytes() == b"content"
    assert not part.exists()
    assert durable.asked == ["folder general", f"folder {folder.path.parent.name}"]


@pytest.mark.parametrize("private", [True, False])
def test_private_files_are_for_their_owner_alone(tmp_path: Path, part: Path, private: bool) -> None:
    before = os.umask(0o022)
    try:
        folder = RoomFolder(tmp_path / "x", private=private)
        folder.place(part, "a.pdf")
    finally:
        os.umask(before)
    assert has_mode(folder.path, 0o700 if private else 0o755)
    assert has_mode(folder.path / "a.pdf", 0o600 if private else 0o644)


@pytest.mark.parametrize("links", [True, False])
def test_nothing_that_is_there_is_replaced(
    folder: RoomFolder, part: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    name = folder.choose("a.pdf")
    folder.path.mkdir()
    (folder.path / name).write_bytes(b"a stranger's")
    with pytest.raises(FileExistsError):
        folder.place(part, name)
    assert (folder.path / name).read_bytes() == b"a stranger's"
    assert part.read_bytes() == b"content"
    assert folder.choose("a.pdf") == "a (2).pdf"


@pytest.mark.parametrize("error", [errno.EPERM, errno.ENOTSUP, errno.EINVAL, errno.EXDEV])
def test_a_drive_without_links(
    folder: RoomFolder, part: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def link(*_: Any, **__: Any) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "link", link)
    folder.place(part, "a.pdf")
    assert (folder.path / "a.pdf").read_bytes() == b"content"
    assert not part.exists()


def test_no_empty_file_is_left_where_a_file_cannot_be_moved(
    folder: RoomFolder, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(disk, "replace", no_links)
    with pytest.raises(OSError, match="not permitted"):
        folder.place(part, folder.choose("a.pdf"))
    assert list(folder.path.iterdir()) == []
    assert part.read_bytes() == b"content"
    assert folder.choose("a.pdf") == "a.pdf", "its name is free again"


def test_an_error_of_the_disk_is_told(
    folder: RoomFolder, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "link", broken)
    with pytest.raises(OSError, match="Input/output"):
        folder.place(part, "a.pdf")
    assert part.read_bytes() == b"content"


@pytest.mark.parametrize("kind", ["link", "file"])
def test_what_is_no_folder_is_left_alone(tmp_path: Path, part: Path, kind: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.pdf").write_bytes(b"content")
    path = tmp_path / "general"
    if kind == "link":
        path.symlink_to(outside)
    else:
        path.write_bytes(b"a file")
    folder = RoomFolder(path)
    for work in (
        lambda: folder.choose("a.pdf"),
        lambda: folder.place(part, "b.pdf"),
        lambda: folder.open("a.pdf"),
        lambda: folder.copy("a.pdf", tmp_path / "copy", 7),
    ):
        with pytest.raises(OSError, match=r".") as error:
            work()
        assert not isinstance(error.value, FileExistsError), "another name would not help"
    assert folder.remove("a.pdf") == 0
    assert [x.name for x in outside.iterdir()] == ["a.pdf"]
    assert part.exists()


def test_a_link_in_the_place_of_a_file_is_not_followed(folder: RoomFolder, tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.write_bytes(b"content")
    folder.path.mkdir()
    (folder.path / "a.pdf").symlink_to(outside)
    with pytest.raises(disk.Unfit):
        folder.open("a.pdf")
    with pytest.raises(disk.Unfit):
        folder.copy("a.pdf", tmp_path / "copy", 7)
    assert not folder.has(tmp_path / "none", "a.pdf")
    folder.remove("a.pdf")
    assert outside.read_bytes() == b"content"


def test_what_a_crash_left(folder: RoomFolder, part: Path, tmp_path: Path) -> None:
    folder.path.mkdir()
    there = folder.path / "a.pdf"
    assert not folder.has(part, "a.pdf"), "not moved yet"
    os.link(part, there)
    assert folder.has(part, "a.pdf"), "both names"
    assert not part.exists()
    assert folder.has(part, "a.pdf"), "moved"
    part.write_bytes(b"content")
    assert not folder.has(part, "a.pdf"), "somebody else's"
    assert part.exists()
    part.unlink()
    there.unlink()
    assert not folder.has(part, "a.pdf"), "neither"


def test_a_file_of_another_size_is_gone(folder: RoomFolder, part: Path, tmp_path: Path) -> None:
    folder.place(part, "a.pdf")
    folder.open_whole("a.pdf", 7).close()
    with pytest.raises(FileNotFoundError):
        folder.open_whole("a.pdf", 8)
    with pytest.raises(FileNotFoundError):
        folder.copy("a.pdf", tmp_path / "copy", 8)
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("links", [True, False])
def test_a_copy_outlives_its_original(
    folder: RoomFolder, part: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    folder.place(part, "a.pdf")
    mode = (folder.path / "a.pdf").stat().st_mode
    copy = tmp_path / "copy"
    folder.copy("a.pdf", copy, 7)
    RoomFolder(tmp_path / "private-1", private=True).place(copy, "a.pdf")
    assert (folder.path / "a.pdf").stat().st_mode == mode
    assert folder.remove("a.pdf") == 7
    assert (tmp_path / "private-1" / "a.pdf").read_bytes() == b"content"


def test_nothing_is_left_of_a_copy_that_failed(
    folder: RoomFolder, part: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Any, target: Any, _: int) -> None:
        target.write(b"con")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", no_links)
    folder.place(part, "a.pdf")
    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(OSError, match="No space"):
        folder.copy("a.pdf", tmp_path / "copy", 7)
    assert not (tmp_path / "copy").exists()


def test_the_last_file_takes_the_folder_with_it_but_none_that_was_put_there(
    folder: RoomFolder, part: Path
) -> None:
    folder.place(part, folder.choose("a.pdf"))
    (folder.path / "mine.txt").write_bytes(b"mine")
    assert folder.remove("a.pdf") == 7
    assert folder.remove("a.pdf") == 0
    assert [x.name for x in folder.path.iterdir()] == ["mine.txt"]
    assert folder.choose("a.pdf") == "a (2).pdf", "a removal may be under way"
    folder.free("a.pdf")
    assert folder.choose("a.pdf") == "a.pdf", "its name is free again"
    (folder.path / "mine.txt").unlink()
    folder.remove("a.pdf")
    assert not folder.path.exists()
    assert folder.remove("a.pdf") == 0


def test_a_folder_is_not_removed_while_a_file_comes(tmp_path: Path) -> None:
    folder = RoomFolder(tmp_path / "general")
    failed: list[OSError] = []

    def work(name: str) -> None:
        try:
            for _ in range(100):
                part = tmp_path / f"part {name}"
                part.write_bytes(b"x")
                folder.place(part, name)
                folder.remove(name)
        except BaseException as error:  # noqa: BLE001  (told below)
            failed.append(error)

    threads = [threading.Thread(target=work, args=(f"{n}.txt",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


def test_a_folder_that_cannot_be_read(folder: RoomFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(path: Path) -> list[str]:
        raise PermissionError(errno.EACCES, "Permission denied")

    folder.path.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(module.os, "listdir", unreadable)
        with pytest.raises(PermissionError):
            folder.choose("a.pdf")
    assert folder.choose("a.pdf") == "a.pdf"


def test_folders_of_the_hub_itself(tmp_path: Path) -> None:
    make_own(tmp_path / "own")
    make_own(tmp_path / "own")
    assert has_mode(tmp_path / "own", 0o700)
    (tmp_path / "link").symlink_to(tmp_path / "own")
    with pytest.raises(disk.Unfit):
        make_own(tmp_path / "link")


@FEWER_NAMES
@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_somebody_put_here_gets_a_free_name(
    folder: RoomFolder, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    folder.path.mkdir()
    for name in ("a.pdf", "b?.pdf", "b_ (2).pdf"):
        (folder.path / name).write_bytes(name.encode())
    assert folder.adopt("a.pdf", "a.pdf", []) == "a.pdf"
    assert folder.choose("b_.pdf") == "b_.pdf"
    (folder.path / "b_.pdf").write_bytes(b"of somebody else")
    assert folder.adopt("b?.pdf", "b_.pdf", ["b_.pdf"]) == "b_ (3).pdf"
    assert {x.name: x.read_bytes() for x in folder.path.iterdir()} == {
        "a.pdf": b"a.pdf", "b_.pdf": b"of somebody else", "b_ (2).pdf": b"b_ (2).pdf",
        "b_ (3).pdf": b"b?.pdf",
    }  # fmt: skip
    assert folder.adopt("a.pdf", "a.pdf", ["A.pdf"]) == "a (2).pdf"
    with pytest.raises(FileNotFoundError):
        folder.adopt("missing?", "missing_", [])


def test_a_second_name_that_a_crash_left_goes(folder: RoomFolder) -> None:
    folder.path.mkdir()
    (folder.path / "a  b.pdf").write_bytes(b"x")
    os.link(folder.path / "a  b.pdf", folder.path / "a b.pdf")
    assert folder.adopt("a  b.pdf", "a b.pdf", []) == "a b.pdf"
    assert os.listdir(folder.path) == ["a b.pdf"]


def test_a_name_that_is_composed_anew_needs_no_number(folder: RoomFolder) -> None:
    folder.path.mkdir()
    (folder.path / "cafe\u0301.pdf").write_bytes(b"x")
    folder.choose("other")
    assert folder.adopt("cafe\u0301.pdf", "caf\u00e9.pdf", []) == "caf\u00e9.pdf"
    assert [unicodedata.normalize("NFC", x) for x in os.listdir(folder.path)] == ["caf\u00e9.pdf"]
    assert folder.choose("caf\u00e9.pdf") == "caf\u00e9 (2).pdf"


def test_what_cannot_be_moved_keeps_its_one_name(
    folder: RoomFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.path.mkdir()
    path = folder.path / "a  b.pdf"
    path.write_bytes(b"x")
    remove = disk.remove

    def fails(given: Path) -> None:
        if given == path:
            raise PermissionError(errno.EACCES, "somebody reads it")
        remove(given)

    monkeypatch.setattr(disk, "remove", fails)
    with pytest.raises(PermissionError):
        folder.adopt("a  b.pdf", "a b.pdf", [])
    assert os.listdir(folder.path) == ["a  b.pdf"]


@FEWER_NAMES
def test_a_name_that_is_taken_just_now_is_chosen_again(folder: RoomFolder) -> None:
    folder.path.mkdir()
    (folder.path / "b?.pdf").write_bytes(b"x")
    folder.choose("other")
    (folder.path / "b_.pdf").write_bytes(b"of somebody else")
    assert folder.adopt("b?.pdf", "b_.pdf", []) == "b_ (2).pdf"
