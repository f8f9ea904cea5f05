"""The executable's own environment and files."""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path

import pytest

from hub.desktop import frozen
from hub.errors import CannotStart
from hub.web.built_page import pack
from tests.launching import ROOT


@pytest.fixture
def executable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Makes this process look like the inner one of the executable; gives its unpacked folder."""
    pytest.importorskip("fcntl", reason="the executable that this looks like is that of Linux")
    unpacked = tmp_path / "_MEI123"
    unpacked.mkdir()
    for name, value in (("FROZEN", True), ("ONE_FILE", True), ("ROOT", unpacked)):
        monkeypatch.setattr(frozen, name, value)
    monkeypatch.setattr(sys, "platform", "linux")
    for variable in (
        "APPIMAGE",
        "APPDIR",
        "LD_LIBRARY_PATH",
        "LD_LIBRARY_PATH_ORIG",
        "HEARTH_TMPDIR",
        "GI_TYPELIB_PATH",
    ):
        monkeypatch.delenv(variable, raising=False)
    return unpacked


def test_from_source() -> None:
    assert (frozen.FROZEN, frozen.ONE_FILE) == (False, False)
    assert frozen.ROOT == ROOT
    assert frozen.PROGRAM == ROOT / "launcher.py"
    assert frozen.ui() == ROOT / "ui"


def test_the_executable_has_an_archive_in_place_of_the_pages_folder(executable: Path) -> None:
    frozen.ui.cache_clear()
    try:
        pack(ROOT / "ui", executable / "ui.zip")
        assert (frozen.ui() / "mark.svg").read_text(encoding="utf-8").startswith("<svg")
        (executable / "ui.zip").unlink()
        assert (frozen.ui() / "icons.svg").read_text(encoding="utf-8").startswith("<svg"), (
            "it is open"
        )
    finally:
        frozen.ui.cache_clear()


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04"], ids=["gone", "empty", "cut off"])
def test_an_executable_whose_page_cannot_be_read_says_so(
    executable: Path, content: bytes | None
) -> None:
    archive = executable / "ui.zip"
    if content is not None:
        archive.write_bytes(content)
    with pytest.raises(CannotStart, match=r"ui\.zip.* cannot be read: .* Install Hearth again"):
        frozen.ui()


def test_the_program_is_the_file_that_was_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An AppImage is mounted elsewhere at each start; what starts at login has to be the image."""
    mounted = tmp_path / ".mount_x"
    program = mounted / "usr" / "lib" / "hearth" / "hearth"
    monkeypatch.setattr(frozen, "FROZEN", True)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.delenv("APPIMAGE", raising=False)
    monkeypatch.delenv("APPDIR", raising=False)
    assert frozen._program() == program
    monkeypatch.setenv("APPIMAGE", str(tmp_path / "Hearth.AppImage"))
    assert frozen._program() == program
    monkeypatch.setenv("APPDIR", str(tmp_path / "of-a-terminal"))
    assert frozen._program() == program, "another program's image started ours"
    monkeypatch.setenv("APPDIR", str(mounted))
    assert frozen._program() == tmp_path / "Hearth.AppImage"


def test_from_source_only_webkit_is_told_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/mine")
    monkeypatch.delenv("WEBKIT_DISABLE_DMABUF_RENDERER", raising=False)
    before = dict(os.environ)
    with frozen.unpacked():
        assert {**before, "WEBKIT_DISABLE_DMABUF_RENDERER": "1"} == dict(os.environ)
    monkeypatch.delenv("WEBKIT_DISABLE_DMABUF_RENDERER")


@pytest.mark.parametrize("original", ["/mine", None])
def test_other_programs_get_the_original_library_path(
    executable: Path, monkeypatch: pytest.MonkeyPatch, original: str | None
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", str(executable))
    if original is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", original)
    monkeypatch.setenv("APPDIR", "/tmp/.mount_x")
    with frozen.unpacked():
        assert os.environ.get("LD_LIBRARY_PATH") == original
        assert "APPDIR" not in os.environ
        assert "LD_LIBRARY_PATH_ORIG" not in os.environ
        typelibs = os.environ["GI_TYPELIB_PATH"].split(":")
    assert typelibs[-1] == str(executable / "gi_typelibs"), "the system's own come first"


@pytest.mark.parametrize("original", ["/mine", ""])
def test_other_programs_get_the_original_temporary_folder(
    executable: Path, monkeypatch: pytest.MonkeyPatch, original: str
) -> None:
    monkeypatch.setenv("TMPDIR", str(executable.parent))
    monkeypatch.setenv("HEARTH_TMPDIR", original)
    with frozen.unpacked():
        assert os.environ.get("TMPDIR", "") == original
        assert "HEARTH_TMPDIR" not in os.environ


def left_by_a_killed_program(folder: Path, name: str = "_MEI456", hours: float = 2) -> Path:
    """What one unpacked in this folder so long ago."""
    left = folder / name
    left.mkdir()
    (left / "ui.zip").touch()
    began = time.time() - hours * 3600
    os.utime(left, (began, began))
    return left


def test_what_killed_programs_left_where_no_system_cleans_up_is_removed(
    executable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    folder = executable.parent
    abandoned = left_by_a_killed_program(folder)
    locked = left_by_a_killed_program(folder, "_MEI457")
    beginning = left_by_a_killed_program(folder, "_MEI458", hours=0.5)
    of_another = left_by_a_killed_program(folder, "_MEI459")
    (of_another / "ui.zip").rename(of_another / "data.zip")
    os.utime(of_another, (0, 0))
    (folder / "_MEI460").symlink_to(abandoned)
    fd = os.open(locked, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_SH)
    monkeypatch.setenv("HEARTH_TMPDIR", "")
    (executable / "ui.zip").touch()
    os.utime(executable, (0, 0))
    with frozen.unpacked():
        assert not abandoned.exists()
        assert {locked, beginning, of_another, executable} <= set(folder.iterdir())
    os.close(fd)


def test_nothing_is_removed_where_files_cannot_be_locked(
    executable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    left = left_by_a_killed_program(executable.parent)
    monkeypatch.setattr(fcntl, "flock", _refuse)
    monkeypatch.setenv("HEARTH_TMPDIR", "")
    with frozen.unpacked():
        assert left.exists()


def test_nothing_is_removed_where_the_system_does_so(executable: Path) -> None:
    left = left_by_a_killed_program(executable.parent)
    with frozen.unpacked():
        assert left.exists()


def _refuse(fd: int, how: int) -> None:
    raise OSError(errno.ENOLCK, "No locks available")


def test_the_unpacked_files_are_locked_as_systemd_looks_for_before_it_removes_what_is_old(
    executable: Path,
) -> None:
    import fcntl

    fd = os.open(executable, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(fd, fcntl.LOCK_UN)
    with frozen.unpacked(), pytest.raises(BlockingIOError):
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(fd)


def test_where_files_cannot_be_locked_it_runs_all_the_same(
    executable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    monkeypatch.setattr(fcntl, "flock", _refuse)
    with frozen.unpacked():
        assert executable.exists()


def test_the_unpacked_files_are_removed_only_if_the_outer_process_ended(
    executable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with frozen.unpacked():
        pass
    assert executable.exists(), "the outer process removes it"
    with pytest.raises(KeyboardInterrupt), frozen.unpacked():
        monkeypatch.setattr(os, "getppid", lambda: 1)
        raise KeyboardInterrupt
    assert not executable.exists()
