"""Where the one file for Linux unpacks itself if temporary folders are full or let no program run.

Each start sees mounts of its own: /tmp lets no program run, as does TMPDIR, and /var/tmp is full.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.desktop.conftest import Start, events
from tests.faults.disk import Disk, NoDisk

MOUNTED = """set -e
here=$1 full=$2 ours=$3
shift 3
mount --bind "$here" /mnt
mount -t tmpfs -o noexec tmpfs /tmp
mkdir -p "$here"
mount --bind /mnt "$here"
mount -t tmpfs -o noexec tmpfs "$here/tmp"
for folder in /var/tmp $full
do mount -t tmpfs -o size=4m tmpfs "$folder"
done
PATH=$ours exec "$@"
"""
FAULTS = (
    "Hearth cannot start: it found no folder to unpack {needed} MB in. Tried were "
    "{tmp} (no program may run there), /tmp (no program may run there), /var/tmp (full), "
    "{cache} (full). Make room there, or name another folder in TMPDIR.\n"
)
WAITS_FOR_NO_CHILD = ("/usr/bin/env", "--ignore-signal=CHLD")
"""Some programs leave those that they start with such a setting."""
DIALOGS = ("zenity", "kdialog", "xmessage", "notify-send")
GROWTH = 2
"""How many times its own size the program is allowed to have once it is unpacked."""


@pytest.fixture
def program(executable: Path, tmp_path: Path) -> Path:
    if os.geteuid() != 0:
        pytest.skip("needs root, for mounts of its own")
    may_mount = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    tried = subprocess.run(may_mount, capture_output=True, encoding="utf-8", check=False)
    if tried.returncode != 0:
        pytest.skip(f"needs mounts of its own: {tried.stderr}")
    return Path(shutil.copy(executable, tmp_path / "Hearth"))


def mounted(
    here: Path, *command: str | Path, full: Path | str = "", ours: str = "/usr/bin:/bin"
) -> list[str | Path]:
    """The command among those mounts, with `ours` as PATH; `full` is full too."""
    isolated = ("unshare", "--mount", "--propagation", "private")
    return [*isolated, "sh", "-c", MOUNTED, "sh", here, full, ours, *command]


def ended(
    program: Path,
    environment: Mapping[str, str],
    full: Path,
    option: str = "--version",
    stderr: int = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    """A start where nothing can be unpacked."""
    here = program.parent
    (here / "tmp").mkdir()
    full.mkdir(exist_ok=True)
    return subprocess.run(
        mounted(here, *WAITS_FOR_NO_CHILD, program, option, full=full, ours=str(here / "bin")),
        env={"PATH": os.environ["PATH"], "TMPDIR": str(here / "tmp"), **environment},
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def put_on_path(here: Path, *names: str) -> Path:
    """Programs of these names which note what they are given, and where they do so."""
    told = here / "told"
    (here / "bin").mkdir()
    for name in names:
        program = here / "bin" / name
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{told}"\n')
        program.chmod(0o755)
    return told


def unpacked_in(folder: Path) -> int:
    """The bytes on the disk of what was unpacked in this folder, by one start and nobody else."""
    (unpacked,) = folder.glob("_MEI*")
    return sum(path.lstat().st_blocks * 512 for path in unpacked.rglob("*"))


def test_it_unpacks_itself_into_the_first_folder_that_serves(
    program: Path, start: Start, tmp_path: Path
) -> None:
    hub = start(*mounted(tmp_path, program, "--no-window"), environment=os.environ)
    assert events(hub) == []
    cache = tmp_path / ".cache"
    assert GROWTH * 0.8 < unpacked_in(cache) / program.stat().st_size < GROWTH
    assert hub.said[0].startswith("Hearth ")
    hub.stop()
    assert list(cache.iterdir()) == []


def test_it_starts_where_there_is_just_enough_room(program: Path, tmp_path: Path) -> None:
    """The trial of the folder gives back what it took."""
    try:
        disk = Disk(tmp_path / "disk", megabytes=64)
    except NoDisk as why:
        pytest.skip(f"no disk can be mounted here: {why}")
    try:
        space = os.statvfs(disk.path)
        left = int(program.stat().st_size * (GROWTH + 0.1))
        with (disk.path / "taken").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, space.f_bavail * space.f_frsize - left)
        told = subprocess.run(
            [program, "--version"],
            env={"TMPDIR": str(disk.path)},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    finally:
        disk.close()
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize("setting", ["HOME", "XDG_CACHE_HOME", "neither"])
def test_where_none_serves_it_names_each(program: Path, tmp_path: Path, setting: str) -> None:
    cache = tmp_path / ".cache"
    environment = {"HOME": str(tmp_path), "XDG_CACHE_HOME": "not/absolute"}
    full = cache
    if setting == "XDG_CACHE_HOME":
        full = cache = tmp_path / "mine"
        environment = {"XDG_CACHE_HOME": str(cache)}
    elif setting == "neither":
        full = Path(pwd.getpwuid(os.geteuid()).pw_dir)
        cache, environment = full / ".cache", {}
    told = ended(program, environment, full)
    assert (told.returncode, told.stdout) == (3, "")
    needed = program.stat().st_size * GROWTH // 1000000 + 1
    assert told.stderr == FAULTS.format(needed=needed, tmp=tmp_path / "tmp", cache=cache)


@pytest.mark.parametrize("first", range(len(DIALOGS)), ids=DIALOGS)
def test_one_dialog_tells_who_sees_no_terminal(program: Path, tmp_path: Path, first: int) -> None:
    told = put_on_path(tmp_path, *DIALOGS[first:])
    environment = {"HOME": str(tmp_path), "DISPLAY": ":0"}
    failed = ended(program, environment, tmp_path / ".cache", "--room=general")
    assert failed.returncode == 3
    _, words = told.read_text().split("Hearth cannot")
    lines = words.splitlines()
    assert f"Hearth cannot{' '.join(lines)}\n" == failed.stderr
    assert len(lines) > 3, "a dialog may not wrap lines"


@pytest.mark.parametrize("why", ["a terminal is seen", "there is no screen", "no window is due"])
def test_there_is_no_dialog_where_it_is_not_needed(program: Path, tmp_path: Path, why: str) -> None:
    told = put_on_path(tmp_path, "zenity")
    environment = {"HOME": str(tmp_path), "DISPLAY": ":0"}
    terminal, of_the_program = os.openpty()
    option, stderr = "--room=general", subprocess.PIPE
    if why == "a terminal is seen":
        stderr = of_the_program
    elif why == "there is no screen":
        del environment["DISPLAY"]
    else:
        option = "--no-window"
    try:
        failed = ended(program, environment, tmp_path / ".cache", option, stderr)
    finally:
        os.close(of_the_program)
        os.close(terminal)
    assert failed.returncode == 3
    assert not told.exists()


def test_it_tells_too_where_nobody_reads_what_it_prints(program: Path, tmp_path: Path) -> None:
    told = put_on_path(tmp_path, "zenity")
    environment = {"HOME": str(tmp_path), "DISPLAY": ":0"}
    reader, stderr = os.pipe()
    os.close(reader)
    try:
        failed = ended(program, environment, tmp_path / ".cache", "--room=general", stderr)
    finally:
        os.close(stderr)
    assert failed.returncode == 3
    assert "Hearth cannot start" in told.read_text()


@pytest.mark.parametrize(
    "settings",
    [{"_PYI_ARCHIVE_FILE": "/opt/other"}, {"PYINSTALLER_RESET_ENVIRONMENT": "1"}],
    ids=["of another", "reset"],
)
def test_what_another_program_left_in_the_environment_counts_for_nothing(
    program: Path, tmp_path: Path, settings: Mapping[str, str]
) -> None:
    own = {"_PYI_ARCHIVE_FILE": str(program), "_PYI_PARENT_PROCESS_LEVEL": "1"}
    environment = {"HOME": str(tmp_path), **own, **settings}
    assert ended(program, environment, tmp_path / ".cache").returncode == 3
