from __future__ import annotations

import ast
import errno
import os
import socket
import stat
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from hub.store import disk
from hub.store.disk import Unfit
from tests.windows import has_mode, moves_nothing_open

POSIX = os.name == "posix"


def listing(path: Path) -> set[str]:
    return {file.relative_to(path).as_posix() for file in path.rglob("*")}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"what it holds")
    return path


def make(kind: str, path: Path) -> None:
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        if not hasattr(socket, "AF_UNIX"):
            pytest.skip("Python makes no such sockets here")
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)  # in the folder itself, as such an address may only be short
    else:
        path.with_name("target").write_bytes(b"another's")
        path.symlink_to("/dev/null" if kind == "device" else path.with_name("target"))


@pytest.mark.parametrize("kind", ["pipe", "folder", "socket", "link", "device"])
@pytest.mark.parametrize(
    "flags", [os.O_RDONLY, os.O_RDWR, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_APPEND]
)
def test_nothing_but_a_file_is_opened_and_nothing_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, flags: int
) -> None:
    monkeypatch.chdir(tmp_path)
    make(kind, tmp_path / "odd")
    with pytest.raises(Unfit, match="link" if kind in ("link", "device") else "not a file") as odd:
        disk.open_file(tmp_path / "odd", flags)
    assert odd.value.filename == str(tmp_path / "odd")
    assert "  " not in str(odd.value.strerror)


@pytest.mark.parametrize("knows", [True, False])
def test_a_link_that_comes_between_the_look_and_the_opening(
    file: Path, monkeypatch: pytest.MonkeyPatch, knows: bool
) -> None:
    """Where the system can refuse links itself, and where it cannot, as Windows."""
    link = file.with_name("link")
    link.write_bytes(b"a file")
    real = os.lstat

    def lstat(path: Path) -> os.stat_result:
        there = real(path)
        if path == link and link.is_file() and not link.is_symlink():
            link.unlink()
            link.symlink_to(file)
        return there

    monkeypatch.setattr(os, "lstat", lstat)
    monkeypatch.setattr(disk, "_sees_links", knows)
    if not knows:
        monkeypatch.setattr(disk, "_SAFELY", disk._SAFELY & ~getattr(os, "O_NOFOLLOW", 0))
    with pytest.raises(Unfit, match="link"):
        disk.open_file(link, os.O_RDONLY)
    assert file.read_bytes() == b"what it holds"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("C:\\rooms\\files", "\\\\?\\C:\\rooms\\files"),
        ("C:\\here\\..\\rooms/files", "\\\\?\\C:\\rooms\\files"),
        ("\\\\server\\share\\rooms", "\\\\?\\UNC\\server\\share\\rooms"),
        ("\\\\?\\C:\\rooms", "\\\\?\\C:\\rooms"),
    ],
)
def test_paths_that_windows_takes_whatever_their_length(given: str, taken: str) -> None:
    assert disk.extended_name(given) == taken


def test_a_name_and_its_folder_may_be_long_together(tmp_path: Path) -> None:
    folder = disk.extended(tmp_path / ("a" * 200))
    assert (str(folder) == str(tmp_path / ("a" * 200))) == POSIX
    folder.mkdir()
    disk.write_atomically(folder / ("b" * 200), b"here")
    assert disk.read_file(folder / ("b" * 200), 10) == b"here"
    disk.remove(folder / ("b" * 200))
    assert list(folder.iterdir()) == []
    assert disk.extended(Path("relative")) == Path("relative")


def test_a_file_is_read_up_to_its_bound(file: Path) -> None:
    assert disk.read_file(file, 13) == b"what it holds"
    with pytest.raises(Unfit, match="larger than"):
        disk.read_file(file, 12)
    with pytest.raises(FileNotFoundError):
        disk.read_file(file.with_name("nowhere"), 10)


def test_a_file_that_grows_as_it_is_read_has_the_same_bound(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fstat

    def fstat(fd: int) -> os.stat_result:
        return os.stat_result((*real(fd)[:6], 5, *real(fd)[7:]))

    monkeypatch.setattr(os, "fstat", fstat)
    monkeypatch.setattr(os.path, "samestat", lambda *_: True)
    assert disk.read_file(file, 13) == b"what it holds"
    with pytest.raises(Unfit, match="larger than"):
        disk.read_file(file, 12)


def test_a_small_file_takes_little_memory_whatever_its_bound(file: Path) -> None:
    tracemalloc.start()
    try:
        assert disk.read_file(file, 1 << 30) == b"what it holds"
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_what_is_a_link(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = file.with_name("link")
    link.symlink_to("nowhere")
    assert disk.is_link(link)
    assert not disk.is_link(file)
    assert not disk.is_link(file.parent)
    assert not disk.is_link(file.with_name("nowhere"))
    junction = SimpleNamespace(st_mode=stat.S_IFDIR, st_reparse_tag=0xA0000003)
    monkeypatch.setattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003, raising=False)
    monkeypatch.setattr(os, "lstat", lambda _: junction)
    assert disk.is_link(file.parent)


@pytest.mark.parametrize("told", [True, False])
def test_a_part_is_kept_as_it_is(file: Path, monkeypatch: pytest.MonkeyPatch, told: bool) -> None:
    """Also where the system does not tell of holes."""
    if not told:
        monkeypatch.delattr(os, "SEEK_DATA", raising=False)
    monkeypatch.setattr(disk, "BLOCK", 1000)
    there = b"a" * 1500 + b"\0" * 9000 + b"b" * 700 + b"\0" * 5000
    file.write_bytes(there)
    os.truncate(file, 30_000)
    there = there.ljust(30_000, b"\0")
    kept = file.parent / "aside" / "kept"
    fd = os.open(file, os.O_RDONLY)
    try:
        disk.copy_part(kept, fd, 10, 30_000)
        assert kept.read_bytes() == there[10:]
        assert has_mode(kept, 0o600)
        with pytest.raises(FileExistsError):
            disk.copy_part(kept, fd, 0, 5)
        disk.copy_part(kept.with_name("some"), fd, 100, 1700)
        disk.copy_part(kept.with_name("none"), fd, 5, 5)
    finally:
        os.close(fd)
    assert kept.with_name("some").read_bytes() == there[100:1700]
    assert kept.with_name("none").read_bytes() == b""


class TestWriteAtomically:
    def test_a_new_file(self, tmp_path: Path) -> None:
        disk.write_atomically(tmp_path / "people.json", b"{}\r\n")
        assert (tmp_path / "people.json").read_bytes() == b"{}\r\n"
        assert listing(tmp_path) == {"people.json"}
        if POSIX:
            assert stat.S_IMODE((tmp_path / "people.json").stat().st_mode) == 0o600

    @pytest.mark.skipif(not POSIX, reason="a matter of POSIX permissions")
    def test_another_mode(self, tmp_path: Path) -> None:
        disk.write_atomically(tmp_path / "x", b"", 0o640)
        assert stat.S_IMODE((tmp_path / "x").stat().st_mode) & ~0o640 == 0

    def test_an_old_file_is_replaced(self, tmp_path: Path) -> None:
        file = tmp_path / "x"
        file.write_bytes(b"old and longer")
        disk.write_atomically(file, b"new")
        assert file.read_bytes() == b"new"

    def test_what_a_crash_left_is_in_nobodys_way(self, tmp_path: Path) -> None:
        (tmp_path / ".x.new").write_bytes(b"half")
        disk.write_atomically(tmp_path / "x", b"new")
        assert listing(tmp_path) == {"x"}

    @pytest.mark.parametrize("call", ["sync_file", "replace"])
    def test_a_failure_leaves_the_old_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
    ) -> None:
        def fail(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        (tmp_path / "x").write_bytes(b"old")
        monkeypatch.setattr(disk, call, fail)
        with pytest.raises(OSError, match="No space"):
            disk.write_atomically(tmp_path / "x", b"new")
        assert (tmp_path / "x").read_bytes() == b"old"
        assert listing(tmp_path) == {"x"}

    def test_one_that_nobody_waits_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise AssertionError("it waits for the disk")

        (tmp_path / "x").write_bytes(b"old")
        monkeypatch.setattr(disk, "sync_file", fail)
        monkeypatch.setattr(disk, "sync_folder", fail)
        disk.write_atomically(tmp_path / "x", b"new", synced=False)
        assert (tmp_path / "x").read_bytes() == b"new"
        assert listing(tmp_path) == {"x"}

    def test_it_is_on_stable_storage_before_it_has_its_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls: list[str] = []
        for name in ("sync_file", "replace", "sync_folder"):
            real = getattr(disk, name)

            def noted(*given: object, name: str = name, real: object = real) -> None:
                calls.append(name)
                assert callable(real)
                real(*given)

            monkeypatch.setattr(disk, name, noted)
        disk.write_atomically(tmp_path / "x", b"new")
        assert calls == ["sync_file", "replace", "sync_folder"]

    def test_windows_is_given_time(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real, tries = os.replace, []

        def busy(path: Path, target: Path) -> None:
            tries.append(path)
            if len(tries) < 3:
                raise PermissionError(13, "Access is denied")
            real(path, target)

        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.setattr(os, "replace", busy)
        disk.write_atomically(tmp_path / "x", b"new")
        assert (tmp_path / "x").read_bytes() == b"new"
        assert len(tries) == 3

    def test_what_somebody_else_keeps_open_for_good(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "x").write_bytes(b"old")
        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.setattr(disk.time, "sleep", lambda seconds: None)
        with (tmp_path / "x").open("rb"):
            moves_nothing_open(monkeypatch)
            with pytest.raises(PermissionError):
                disk.write_atomically(tmp_path / "x", b"new")
        assert (tmp_path / "x").read_bytes() == b"old"
        assert listing(tmp_path) == {"x"}


class TestAppend:
    def test_a_short_write_is_finished(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = os.fdopen

        class Slow:
            """A file that takes three bytes at a time."""

            def __init__(self, fd: int, *_: object, **__: object) -> None:
                self._file = real(fd, "ab", buffering=0)

            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_: object) -> None:
                self._file.close()

            def write(self, data: bytes) -> int | None:
                return self._file.write(data[:3])

        monkeypatch.setattr(os, "fdopen", Slow)
        disk.append(tmp_path / "x", b"a whole line\n")
        disk.append(tmp_path / "x", b"another\n")
        assert (tmp_path / "x").read_bytes() == b"a whole line\nanother\n"

    def test_a_link_is_not_followed(self, tmp_path: Path) -> None:
        make("link", tmp_path / "odd")
        with pytest.raises(Unfit, match="link"):
            disk.append(tmp_path / "odd", b"x")


class TestSyncOnMacOS:
    """The part of another system: run here with its calls put in the place of ours."""

    @pytest.fixture
    def flushes(self, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
        calls = SimpleNamespace(F_FULLFSYNC=51, asked=[], fsyncs=[], error=0)

        def fcntl(fd: int, command: int) -> int:
            calls.asked.append((fd, command))
            if calls.error:
                raise OSError(calls.error, os.strerror(calls.error))
            return 0

        calls.fcntl = fcntl
        monkeypatch.setattr(os, "fsync", calls.fsyncs.append)
        return calls

    @pytest.fixture
    def sync(self, flushes: SimpleNamespace) -> Callable[[int], None]:
        source = Path(disk.__file__).read_text("utf-8")
        tree = ast.parse(source)
        (own,) = [
            part
            for node in tree.body
            if isinstance(node, ast.If) and "darwin" in ast.unparse(node.test)
            for part in node.body
            if isinstance(part, ast.FunctionDef)
        ]
        found: dict[str, Any] = {"fcntl": flushes, "os": os, "errno": errno}
        exec(ast.unparse(own), found)
        return cast(Callable[[int], None], found["sync_file"])

    def test_the_drive_is_told_to_flush(
        self, sync: Callable[[int], None], flushes: SimpleNamespace
    ) -> None:
        sync(7)
        assert (flushes.asked, flushes.fsyncs) == ([(7, 51)], [])

    @pytest.mark.parametrize("why", [errno.ENOTSUP, errno.EINVAL, errno.ENOTTY])
    def test_a_drive_that_cannot_is_synced_as_well_as_it_can_be(
        self, sync: Callable[[int], None], flushes: SimpleNamespace, why: int
    ) -> None:
        flushes.error = why
        sync(7)
        assert flushes.fsyncs == [7]

    @pytest.mark.parametrize("why", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
    def test_what_could_not_be_written_is_not_hidden(
        self, sync: Callable[[int], None], flushes: SimpleNamespace, why: int
    ) -> None:
        flushes.error = why
        with pytest.raises(OSError, match=os.strerror(why)):
            sync(7)
        assert flushes.fsyncs == []
