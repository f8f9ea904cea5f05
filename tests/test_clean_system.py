"""The clean system: set up with what it is to have, and apart from the machine in all it runs."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import commands
import debian
from clean_system import CleanSystem

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="is a Debian")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The commands that would have run."""
    told: list[list[str]] = []

    def run(command: Sequence[str | Path], also_set: Mapping[str, str] | None = None) -> str:
        told.append([str(part) for part in command])
        if command[0] == "mmdebstrap":
            (tmp_path / "root" / "srv").mkdir(parents=True)
        return "said"

    monkeypatch.setattr(commands, "run", run)
    monkeypatch.setattr(
        platform, "freedesktop_os_release", lambda: {"VERSION_CODENAME": "bookworm"}
    )
    return told


def test_it_has_what_it_is_to_have_and_what_tries_it(ran: list[list[str]], tmp_path: Path) -> None:
    CleanSystem(tmp_path / "root", ["libc6", "zlib1g"])
    made = ran[0]
    assert "--include=libc6,zlib1g,python3,xvfb,xauth" in made
    assert made[-2:] == ["bookworm", str(tmp_path / "root")]
    assert not [x for x in made if x.startswith(("--architectures", "--setup-hook"))]
    assert (tmp_path / "root" / "srv" / "scripts" / "smoke.py").is_file()


def test_it_can_have_programs_of_two_architectures(ran: list[list[str]], tmp_path: Path) -> None:
    CleanSystem(tmp_path / "root", ["wine32:i386"], ["amd64", "i386"])
    made = ran[0]
    assert "--architectures=amd64,i386" in made
    assert "--include=wine32:i386,python3,xvfb,xauth" in made
    (hook,) = (x for x in made if x.startswith("--setup-hook="))
    sources = tmp_path / "etc" / "apt" / "sources.list"
    sources.parent.mkdir(parents=True)
    lines = [f"deb http://example.org/x {x} main" for x in ("a", "a-updates", "a-security")]
    sources.write_text("\n".join(lines))
    subprocess.run(["sh", "-c", hook.partition("=")[2], "sh", tmp_path], check=True)
    assert sources.read_text().splitlines() == lines[:1]


def test_everything_runs_apart_in_it(ran: list[list[str]], tmp_path: Path) -> None:
    root = str(tmp_path / "root")
    system = CleanSystem(tmp_path / "root", [])
    assert system.as_root("dpkg", "--purge", "hearth") == "said"
    system.as_guest("hearth", "--version")
    for command in ran[1:]:
        assert "unshare" in command
        assert {"--mount", "--pid", "--net", "--kill-child"} <= set(command)
        assert root in command
    assert ran[-2][-4:] == [root, "dpkg", "--purge", "hearth"]
    assert "--userspec=guest" in ran[-1]
    assert "--userspec=guest" not in ran[-2]


def test_a_file_or_a_folder_is_taken_into_it_for_the_person(
    ran: list[list[str]], tmp_path: Path
) -> None:
    (tmp_path / "some.deb").write_text("some")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("file")
    root = tmp_path / "root"
    system = CleanSystem(root, [])
    assert system.take(tmp_path / "some.deb") == "/srv/some.deb"
    assert (root / "srv" / "some.deb").read_text() == "some"
    assert ran[-1][-4:] == ["chown", "--recursive", "guest:", "/srv/some.deb"]
    system.home().mkdir(parents=True)
    assert system.take(tmp_path / "folder", "/home/guest") == "/home/guest/folder"
    assert (system.home() / "folder" / "file").read_text() == "file"


def test_a_program_there_is_run_as_one_of_this_system(ran: list[list[str]], tmp_path: Path) -> None:
    if not debian.may_install():
        pytest.skip("needs Debian and root, to change what is mounted where")
    system = CleanSystem(tmp_path / "root", [])
    system.root = Path("/")
    command = system.command("/usr/bin/printf", tmp_path / "said")
    told = subprocess.run([command, "%s,", "it's", "two words"], capture_output=True, check=True)
    assert told.stdout == b"it's,two words,"
