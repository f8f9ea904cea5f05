"""The catalog: what it knows counts while the files are as they were, and otherwise not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import msgpack

from hub import catalog
from hub.catalog import HEAD, look, read, write
from hub.resting import STAMP
from hub.store import disk

Spoil = Callable[[Path], object]


def record(file: Path) -> bytes:
    there = file.stat()
    stamp = STAMP.pack(there.st_size, there.st_mtime_ns)
    return stamp + bytes(8) + msgpack.encode({"n": 1, "s": 1})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three rooms with their catalog, and what is no room."""
    folder = tmp_path / "rooms"
    (folder / "hub").mkdir(parents=True)
    for name in ("a", "b", "c"):
        (folder / f"{name}.jsonl").write_text(name)
    (folder / "files").mkdir()
    (folder / "a.txt").touch()
    records = {x: record(folder / f"{x}.jsonl") for x in ("a", "b", "c")}
    write(folder / "hub" / "rooms.catalog", records)
    return folder


def seen(folder: Path, *no_room: str) -> tuple[list[str], list[str]]:
    """The rooms that are at rest, and all other files."""
    known = look(folder / "hub" / "rooms.catalog", folder, no_room)
    return known.at_rest.public(), known.files


def test_files_that_are_as_they_were_are_not_to_be_read(folder: Path) -> None:
    assert seen(folder) == (["a", "b", "c"], [])
    (folder / "d.jsonl").touch()
    (folder / "Not A Room.jsonl").touch()
    assert seen(folder) == (["a", "b", "c"], ["Not A Room.jsonl", "d.jsonl"])


def grows(file: Path) -> None:
    before = file.stat()
    file.write_text("longer")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def is_written_at_another_time(file: Path) -> None:
    os.utime(file, ns=(1, file.stat().st_mtime_ns + 100))  # what Windows counts in


def becomes_a_link(file: Path) -> None:
    before = file.stat()
    elsewhere = file.rename(file.with_suffix(".elsewhere"))
    file.symlink_to(elsewhere)
    os.utime(file, ns=(1, before.st_mtime_ns), follow_symlinks=False)


def becomes_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    "spoil", [grows, is_written_at_another_time, becomes_a_link, becomes_a_folder]
)
def test_a_file_that_is_another_by_now_is_to_be_read(folder: Path, spoil: Spoil) -> None:
    spoil(folder / "b.jsonl")
    assert seen(folder) == (["a", "c"], ["b.jsonl"])


def test_a_link_of_the_same_size_and_time_is_no_file(folder: Path) -> None:
    file = folder / "b.jsonl"
    file.unlink()
    file.symlink_to("x")
    there = file.lstat()
    records = read(folder / "hub" / "rooms.catalog")
    stamp = STAMP.pack(there.st_size, there.st_mtime_ns)
    write(folder / "hub" / "rooms.catalog", records | {"b": stamp + records["b"][STAMP.size :]})
    assert seen(folder) == (["a", "c"], ["b.jsonl"])


def test_a_room_whose_file_is_gone_is_none(folder: Path) -> None:
    (folder / "b.jsonl").unlink()
    assert seen(folder) == (["a", "c"], [])


def test_a_room_that_must_not_be_at_rest_is_not(folder: Path) -> None:
    assert seen(folder, "b") == (["a", "c"], ["b.jsonl"])


def without(part: slice) -> Spoil:
    def spoil(file: Path) -> None:
        data = bytearray(file.read_bytes())
        del data[part]
        file.write_bytes(data)

    return spoil


def flipped(at: int) -> Spoil:
    def spoil(file: Path) -> None:
        data = bytearray(file.read_bytes())
        data[at] ^= 1
        file.write_bytes(data)

    return spoil


def is_of_another_version(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(HEAD, HEAD.replace(b"2", b"3"), 1))


def is_sound_but_no_catalog(file: Path) -> None:
    body = msgpack.encode(["no", "catalog"])
    file.write_bytes(HEAD + catalog._sum(body) + body)


def is_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def is_a_link(file: Path) -> None:
    file.symlink_to(file.rename(file.with_suffix(".elsewhere")))


def has_a_hidden_room_without_a_state(file: Path) -> None:
    room = file.parent.parent / "dm-1.jsonl"
    room.touch()
    write(file, read(file) | {"dm-1": record(room)[: STAMP.size + 8]})


SPOILS: list[Spoil] = [
    without(slice(None)), without(slice(0, 1)), without(slice(-1, None)), without(slice(20, 25)),
    flipped(0), flipped(len(HEAD)), flipped(-1), flipped(60), is_of_another_version,
    is_sound_but_no_catalog, is_a_folder, is_a_link,
]  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILS, ids=[str(x) for x in range(len(SPOILS))])
def test_a_catalog_that_is_not_sound_counts_for_nothing(
    folder: Path, spoil: Spoil, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(folder / "hub" / "rooms.catalog")
    assert seen(folder) == ([], ["a.jsonl", "b.jsonl", "c.jsonl"])
    assert "rooms.catalog cannot be used" in caplog.text


def test_a_record_that_is_none_takes_the_whole_catalog_with_it(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    has_a_hidden_room_without_a_state(folder / "hub" / "rooms.catalog")
    assert seen(folder) == ([], ["a.jsonl", "b.jsonl", "c.jsonl", "dm-1.jsonl"])
    assert "rooms.catalog cannot be used" in caplog.text


def test_without_a_catalog_nothing_is_said(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "hub" / "rooms.catalog").unlink()
    assert seen(folder) == ([], ["a.jsonl", "b.jsonl", "c.jsonl"])
    assert caplog.text == ""


def test_a_folder_that_cannot_be_listed_has_no_rooms(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refused)
    assert seen(folder) == ([], [])
    assert "cannot be listed" in caplog.text


def test_it_is_replaced_as_a_whole_and_nobody_waits_for_the_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "hub" / "rooms.catalog"

    def no_sync(of: object) -> None:
        raise AssertionError("it waits for the disk")

    monkeypatch.setattr(disk, "sync_file", no_sync)
    monkeypatch.setattr(disk, "sync_folder", no_sync)
    write(file, {"b": record(folder / "b.jsonl")})
    assert list(read(file)) == ["b"]
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    assert [x.name for x in file.parent.iterdir()] == ["rooms.catalog"]
