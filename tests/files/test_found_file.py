"""A file that somebody put into a folder: what it is, and what it has become meanwhile."""

from __future__ import annotations

import asyncio
import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Refused
from hub.files import found_file
from hub.files.found_file import (
    Reading,
    Shared,
    entries_of,
    is_borne,
    keeping,
    names_in,
    others_of,
    reading,
    shown_name,
)
from hub.files.room_folder import RoomFolder
from hub.store import disk
from tests.e2e.sent_files import png
from tests.uploading import sum_of


@pytest.fixture
def folder(tmp_path: Path) -> RoomFolder:
    (tmp_path / "general").mkdir()
    return RoomFolder(tmp_path / "general")


async def at_once(work: Callable[..., Any], *given: Any) -> Any:
    return work(*given)


def share(folder: RoomFolder, name: str, others: tuple[str, ...] = ()) -> Shared:
    async def main() -> Shared:
        async with reading(folder, name, at_once) as read:
            return await keeping(read, "f1", others, at_once)

    return asyncio.run(main())


def refused(folder: RoomFolder, name: str) -> tuple[int, str, str]:
    before = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    with pytest.raises(Refused) as error:
        share(folder, name)
    if before:
        assert len(os.listdir("/proc/self/fd")) == before, "it is closed"
    return error.value.status, error.value.code, error.value.message


def test_it_is_read_as_one_that_was_sent(
    folder: RoomFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found_file, "STEP_BYTES", 100)
    data = png(30, 20) * 40
    (folder.path / "sea.png").write_bytes(data)
    os.utime(folder.path / "sea.png", (1000, 1000))
    file, since = share(folder, "sea.png")
    assert (file.id, file.name, file.size, file.sha256) == (
        "f1",
        "sea.png",
        len(data),
        sum_of(data),
    )
    assert (file.type, file.width, file.height) == ("image/png", 30, 20)
    assert since == pytest.approx(time.time(), abs=60), "whatever time it bears itself"
    assert folder.choose("SEA.png") == "SEA (2).png", "its name is taken"


@pytest.mark.parametrize(
    ("name", "data", "type_"),
    [
        ("page.html", b"<script>", "application/octet-stream"),
        ("note.txt", b"Tea", "text/plain"),
        ("false.png", b"<script>", "application/octet-stream"),
        ("nothing", b"", "application/octet-stream"),
    ],
)
def test_its_type_is_what_name_and_content_agree_on(
    folder: RoomFolder, name: str, data: bytes, type_: str
) -> None:
    (folder.path / name).write_bytes(data)
    file = share(folder, name).file
    assert (file.type, file.size, file.sha256) == (type_, len(data), sum_of(data))


def test_it_lasts_before_it_is_shared(folder: RoomFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    monkeypatch.setattr(disk, "sync_read", lambda _: synced.append("file"))
    monkeypatch.setattr(disk, "sync_folder", lambda path: synced.append(path.name))
    (folder.path / "plan.pdf").write_bytes(b"x")
    share(folder, "plan.pdf")
    assert synced == ["file", "general"]


def test_a_name_like_that_of_another_one_gets_a_number(folder: RoomFolder) -> None:
    (folder.path / "plan.pdf").write_bytes(b"x")
    assert share(folder, "plan.pdf", ("Plan.PDF",)).file.name == "plan (2).pdf"
    assert os.listdir(folder.path) == ["plan (2).pdf"]


def test_a_change_after_which_the_old_time_was_set_is_seen(folder: RoomFolder) -> None:
    path = folder.path / "plan.pdf"
    path.write_bytes(b"12")

    async def main() -> None:
        async with reading(folder, "plan.pdf", at_once) as read:
            await asyncio.sleep(0.05)
            before = path.stat()
            path.write_bytes(b"34")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            await keeping(read, "f1", (), at_once)

    if os.name != "nt":
        with pytest.raises(Refused, match="changed"):
            asyncio.run(main())


def test_it_is_closed_before_it_gets_another_name(
    folder: RoomFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.path / "a  b.pdf").write_bytes(b"x")
    closed: list[str] = []
    close, adopt = Reading.close, RoomFolder.adopt
    monkeypatch.setattr(Reading, "close", lambda read: (closed.append("closed"), close(read)))

    def adopts(*given: Any) -> str:
        assert closed, "Windows moves nothing that is open"
        return adopt(*given)

    monkeypatch.setattr(RoomFolder, "adopt", adopts)
    assert share(folder, "a  b.pdf").file.name == "a b.pdf"
    assert os.listdir(folder.path) == ["a b.pdf"]


def test_what_cannot_be_read_is_refused(
    folder: RoomFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(folder, "plan.pdf")[:2] == (404, "no_such_file")
    (folder.path / "folder").mkdir()
    assert refused(folder, "folder")[:2] == (422, "file_unfit")
    (folder.path / "plan.pdf").write_bytes(b"x")

    def fails(code: int) -> Callable[..., Any]:
        def fail(*_: object) -> None:
            raise OSError(code, os.strerror(code))

        return fail

    with monkeypatch.context() as patch:
        patch.setattr(disk, "open_file", fails(errno.EACCES))
        assert "cannot be read: Permission denied" in refused(folder, "plan.pdf")[2]
    with monkeypatch.context() as patch:
        patch.setattr(disk, "pread", fails(errno.EIO))
        assert refused(folder, "plan.pdf")[:2] == (422, "file_unfit")
    with monkeypatch.context() as patch:
        patch.setattr(disk, "sync_read", fails(errno.ENOSPC))
        assert refused(folder, "plan.pdf")[:2] == (507, "disk_full")


def test_a_link_in_the_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "plan.pdf").write_bytes(b"x")
    (tmp_path / "general").symlink_to(tmp_path / "other")
    folder = RoomFolder(tmp_path / "general")
    assert names_in(folder.path) == []
    assert refused(folder, "plan.pdf")[:2] == (422, "file_unfit")


def test_names_that_people_may_have_put_there(folder: RoomFolder) -> None:
    for name in ("plan.pdf", ".hidden", "Desktop.ini", "Thumbs.db"):
        (folder.path / name).touch()
    assert names_in(folder.path) == ["plan.pdf"]
    assert names_in(folder.path / "missing") == []


def test_of_many_names_some_are_looked_at() -> None:
    names = ["a", "cafe\u0301", "b", "c"]
    assert others_of(names, {"a", "caf\u00e9"}, 9) == ["b", "c"]
    assert others_of(names, {"a"}, 2) == ["cafe\u0301", "b"]


def test_entries_are_regular_files(folder: RoomFolder) -> None:
    (folder.path / "plan.pdf").write_bytes(b"12")
    os.utime(folder.path / "plan.pdf", (9, 9))
    (folder.path / "folder").mkdir()
    (folder.path / "link").symlink_to("plan.pdf")
    names = ["plan.pdf", "folder", "link", "missing"]
    assert entries_of(folder.path, names, []) == [("plan.pdf", 2, 9)]
    os.link(folder.path / "plan.pdf", folder.path / "PLAN.pdf")  # as where case does not count
    assert entries_of(folder.path, ["plan.pdf"], ["Plan.PDF"]) == [("plan.pdf", 2, 9)]
    assert entries_of(folder.path, ["plan.pdf"], ["PLAN.pdf"]) == []


def test_a_second_name_of_a_known_file_is_none_of_its_own(folder: RoomFolder) -> None:
    for name in ("a  b.pdf", "other.pdf"):
        (folder.path / name).write_bytes(b"x")
    os.link(folder.path / "a  b.pdf", folder.path / "a b.pdf")
    names = os.listdir(folder.path)
    assert {x.name for x in entries_of(folder.path, names, ["missing"])} == {*names}
    left = entries_of(folder.path, ["a  b.pdf", "other.pdf"], ["a b.pdf", "missing"])
    assert [x.name for x in left] == ["other.pdf"]
    assert is_borne(folder.path, "a  b.pdf", ["a b.pdf"])
    assert is_borne(folder.path, "a b.pdf", ["a b.pdf"])
    assert not is_borne(folder.path, "other.pdf", ["a b.pdf"])
    assert not is_borne(folder.path, "gone.pdf", ["a b.pdf"])


def test_a_name_is_shown_as_a_text() -> None:
    assert shown_name("é.pdf") == "é.pdf"
    if os.name != "nt":
        assert shown_name("\udce9.pdf") == "\ufffd.pdf"
