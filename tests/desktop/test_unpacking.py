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
    "Hearth cannot start: it found no folder to unpack 45 MB in. Tried were "
    "{tmp} (no program may run there), /tmp (no program may run there), /var/tmp (full), "
    "{cache} (full). Make room there, or name another folder in TMPDIR.\n"
)


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


def version(
    program: Path, environment: Mapping[str, str], full: Path, stderr: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Ask for the version where nothing can be unpacked."""
    here = program.parent
    (here / "tmp").mkdir()
    full.mkdir(exist_ok=True)
    return subprocess.run(
        mounted(here, program, "--version", full=full, ours=str(here / "bin")),
        env={"PATH": os.environ["PATH"], "TMPDIR": str(here / "tmp"), **environment},
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def put_on_path(here: Path, name: str) -> Path:
    """A program of that name which writes down what it is given, and where it does so."""
    told = here / "told"
    program = here / "bin" / name
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}"\n')
    program.chmod(0o755)
    return told


def test_it_unpacks_itself_into_the_first_folder_that_serves(
    program: Path, start: Start, tmp_path: Path
) -> None:
    hub = start(*mounted(tmp_path, program, "--no-window"), environment=os.environ)
    assert events(hub) == []
    (unpacked,) = (tmp_path / ".cache").iterdir()
    assert unpacked.name.startswith("_MEI")
    assert hub.said[0].startswith("Hearth ")
    hub.stop()
    assert list((tmp_path / ".cache").iterdir()) == []


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
    ended = version(program, environment, full)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == FAULTS.format(tmp=tmp_path / "tmp", cache=cache)


@pytest.mark.parametrize("name", ["zenity", "kdialog", "xmessage", "notify-send"])
def test_a_dialog_tells_who_sees_no_terminal(program: Path, tmp_path: Path, name: str) -> None:
    told = put_on_path(tmp_path, name)
    environment = {"HOME": str(tmp_path), "DISPLAY": ":0"}
    ended = version(program, environment, tmp_path / ".cache")
    assert ended.returncode == 3
    words = told.read_text().removesuffix("\n").split("Hearth cannot", 1)[1]
    assert f"Hearth cannot{words}\n".replace("\n", " ").strip() == ended.stderr.strip()
    assert len(words.splitlines()) > 3, "a dialog may not wrap lines"


@pytest.mark.parametrize("sees", ["a terminal", "no screen"])
def test_there_is_no_dialog_where_it_is_not_needed(
    program: Path, tmp_path: Path, sees: str
) -> None:
    told = put_on_path(tmp_path, "zenity")
    terminal, of_the_program = os.openpty()
    try:
        if sees == "a terminal":
            environment = {"HOME": str(tmp_path), "DISPLAY": ":0"}
            ended = version(program, environment, tmp_path / ".cache", of_the_program)
        else:
            ended = version(program, {"HOME": str(tmp_path)}, tmp_path / ".cache")
    finally:
        os.close(of_the_program)
        os.close(terminal)
    assert ended.returncode == 3
    assert not told.exists()
