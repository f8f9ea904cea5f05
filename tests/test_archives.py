"""An archive is the same bytes whoever packs it, and keeps the right to run what may be run."""

from __future__ import annotations

import os
import tarfile
import zipfile
from pathlib import Path

import pytest

import archives

SECONDS = 1764460000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hearth" / "_internal").mkdir(parents=True)
    (tmp_path / "hearth" / "hearth").write_bytes(b"the program")
    (tmp_path / "hearth" / "hearth").chmod(0o755)
    (tmp_path / "hearth" / "_internal" / "THIRD-PARTY.txt").write_text("Of others\n", newline="\n")
    return tmp_path / "hearth"


@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows has no right to run a file")
def test_one_file_keeps_the_right_to_run_and_nothing_of_its_maker(folder: Path) -> None:
    program, file = folder / "hearth", folder.parent / "hearth.tar.gz"
    first = archives.tar(program, file, SECONDS).read_bytes()
    os.utime(program, (1, 1))
    program.chmod(0o700)
    assert archives.tar(program, file, SECONDS).read_bytes() == first
    assert first[4:8] == bytes(4), "the time in the head of what gzip packs"
    with tarfile.open(file) as archive:
        (entry,) = archive.getmembers()
    assert (entry.name, entry.mode, entry.mtime) == ("hearth", 0o755, SECONDS)
    assert (entry.uid, entry.gid, entry.uname, entry.gname) == (0, 0, "", "")


@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows has no right to run a file")
def test_only_what_may_be_run_here_may_be_run_there(folder: Path) -> None:
    (folder / "_internal" / "THIRD-PARTY.txt").chmod(0o600)
    with tarfile.open(archives.tar(folder, folder.parent / "x.tar.gz", SECONDS)) as archive:
        modes = {entry.name: entry.mode for entry in archive}
    assert modes == {
        "hearth": 0o755,
        "hearth/_internal": 0o755,
        "hearth/_internal/THIRD-PARTY.txt": 0o644,
        "hearth/hearth": 0o755,
    }


def test_a_folder_for_windows_is_packed_with_its_name_and_no_time_of_its_own(folder: Path) -> None:
    first = archives.zip_folder(folder, folder.parent / "x.zip", SECONDS).read_bytes()
    os.utime(folder / "hearth", (1_000_000_000, 1_000_000_000))
    file = archives.zip_folder(folder, folder.parent / "x.zip", SECONDS)
    assert file.read_bytes() == first
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["hearth/_internal/THIRD-PARTY.txt", "hearth/hearth"]
        assert archive.read("hearth/hearth") == b"the program"
        assert {entry.date_time for entry in archive.infolist()} == {(2025, 11, 29, 23, 46, 40)}
        assert archive.testzip() is None
