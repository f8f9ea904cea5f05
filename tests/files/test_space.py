"""How much room there is for files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hub.errors import Refused
from hub.files.space import FREE_BYTES, Space, bytes_in

GIB = 1 << 30


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def disk_has(monkeypatch: pytest.MonkeyPatch, total: int, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(total, total - free, free))


def refused(work: Callable[[int], Any], size: int) -> tuple[int, str]:
    with pytest.raises(Refused) as error:
        work(size)
    return error.value.status, error.value.code


def test_one_file(tmp_path: Path) -> None:
    space = Space(tmp_path, 1000, 0)
    space.check_size(1000)
    assert refused(space.check_size, 1001) == (413, "file_too_large")
    Space(tmp_path, 0, 0).check_size(1 << 60)


@pytest.mark.parametrize(
    ("most", "told"),
    [(1000, "1000 bytes"), (1536, "1.5 KiB"), (1 << 20, "1 MiB"), (3 << 40, "3072 GiB")],
)
def test_the_limit_is_told(tmp_path: Path, most: int, told: str) -> None:
    with pytest.raises(Refused, match=f"at most {told} here"):
        Space(tmp_path, most, 0).check_size(most + 1)


def test_all_files_together(tmp_path: Path) -> None:
    space = Space(tmp_path, 0, 1000)
    space.used = 400
    space.expect(500)
    assert refused(space.expect, 101) == (507, "files_full")
    space.came(300)
    assert space.used == 700
    assert refused(space.expect, 101) == (507, "files_full")
    space.release(200)
    space.expect(300)
    space.removed(10_000)
    assert space.used == 0


def test_some_of_the_disk_stays_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = Space(tmp_path, 0, 0)
    disk_has(monkeypatch, 10 * GIB, 2 * GIB)
    space.expect(GIB)
    assert refused(space.expect, 1) == (507, "disk_full")
    space.release(GIB)
    disk_has(monkeypatch, 1000 * GIB, FREE_BYTES + 5)
    space.expect(5)
    assert refused(space.expect, 1) == (507, "disk_full")


def test_a_disk_that_tells_nothing_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_: Path) -> None:
        raise OSError

    monkeypatch.setattr(shutil, "disk_usage", unknown)
    Space(tmp_path, 0, 0).expect(1 << 60)


def test_what_is_there_is_counted_without_following_links(tmp_path: Path) -> None:
    folder, outside = tmp_path / "files", tmp_path / "outside"
    for path in (folder / "a" / "one", folder / ".unfinished" / "two", outside / "three"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 100)
    (folder / "link").symlink_to(outside)
    (folder / "a" / "link").symlink_to(outside / "three")
    assert bytes_in(folder) == 200
    assert bytes_in(tmp_path / "none") == 0


def test_what_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = Space(tmp_path, 7, 0)
    disk_has(monkeypatch, 50 * GIB, 20 * GIB)
    assert (space.each, space.on_disk()) == (7, (20 * GIB, 5 * GIB))
    disk_has(monkeypatch, 5000 * GIB, 20 * GIB)
    assert space.on_disk() == (20 * GIB, FREE_BYTES)

    def unknown(_: object) -> None:
        raise OSError

    monkeypatch.setattr(shutil, "disk_usage", unknown)
    assert space.on_disk() is None
    space.check_room(1)


def test_what_somebody_put_there_is_counted_once(tmp_path: Path) -> None:
    space = Space(tmp_path, 0, 0)
    space.used, space.counted = 100, 50.0
    space.found(10, since=49.0)
    assert space.used == 100
    space.found(10, since=51.0)
    assert space.used == 110
