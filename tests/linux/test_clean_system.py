"""The clean system: set up with what a package needs, and apart from the machine in all it runs."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import commands
from commands import Failed
from linux.clean_system import CleanSystem, older

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="is a Debian")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The commands that would have run."""
    told: list[list[str]] = []

    def run(command: Sequence[str | Path], also_set: Mapping[str, str] | None = None) -> str:
        told.append([str(part) for part in command])
        if command[0] == "mmdebstrap":
            (tmp_path / "root" / "srv").mkdir(parents=True)
        return "libc6 (>= 2.35), libwebkit2gtk-4.1-0, zlib1g\n" if "Depends" in command else "said"

    monkeypatch.setattr(commands, "run", run)
    monkeypatch.setattr(
        platform, "freedesktop_os_release", lambda: {"VERSION_CODENAME": "bookworm"}
    )
    return told


def test_it_has_what_the_package_needs_and_what_tries_it(
    ran: list[list[str]], tmp_path: Path
) -> None:
    CleanSystem(tmp_path / "root", tmp_path / "hearth.deb")
    made = ran[1]
    assert "--include=libc6,libwebkit2gtk-4.1-0,zlib1g,python3,xvfb,xauth" in made
    assert made[-2:] == ["bookworm", str(tmp_path / "root")]
    assert (tmp_path / "root" / "srv" / "scripts" / "smoke.py").is_file()


def test_everything_runs_apart_in_it(ran: list[list[str]], tmp_path: Path) -> None:
    root = str(tmp_path / "root")
    system = CleanSystem(tmp_path / "root", tmp_path / "hearth.deb")
    assert system.as_root("dpkg", "--purge", "hearth") == "said"
    system.as_guest("hearth", "--version")
    for command in ran[2:]:
        assert "unshare" in command
        assert {"--mount", "--pid", "--net", "--kill-child"} <= set(command)
        assert root in command
    assert ran[-2][-4:] == [root, "dpkg", "--purge", "hearth"]
    assert "--userspec=guest" in ran[-1]
    assert "--userspec=guest" not in ran[-2]


def test_a_file_is_taken_into_it(ran: list[list[str]], tmp_path: Path) -> None:
    (tmp_path / "some.deb").write_text("some")
    system = CleanSystem(tmp_path / "root", tmp_path / "hearth.deb")
    assert system.take(tmp_path / "some.deb") == "/srv/some.deb"
    assert (tmp_path / "root" / "srv" / "some.deb").read_text() == "some"


def test_an_older_package_is_the_same_by_another_version(tmp_path: Path) -> None:
    if not shutil.which("dpkg-deb"):
        pytest.skip("needs dpkg-deb")
    control = tmp_path / "new" / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    control.write_text(
        "Package: hearth\nVersion: 1.2.3\nArchitecture: all\nMaintainer: N <n@example.org>\n"
        "Description: Chat\n"
    )
    (tmp_path / "new" / "file").write_text("some")
    package = tmp_path / "hearth.deb"
    subprocess.run(
        ["dpkg-deb", "--build", tmp_path / "new", package], check=True, capture_output=True
    )
    made = older(package, tmp_path)
    told = subprocess.run(
        ["dpkg-deb", "--field", made, "Package", "Version"], capture_output=True, check=True
    ).stdout
    assert told == b"Package: hearth\nVersion: 0.0.1\n"
    listed = subprocess.run(["dpkg-deb", "--contents", made], capture_output=True, check=True)
    assert b"./file" in listed.stdout


def test_a_package_without_a_version_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = tmp_path / "older" / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    control.write_text("Package: hearth\n")
    monkeypatch.setattr(commands, "run", lambda command: "")
    with pytest.raises(Failed, match=r"hearth\.deb has no version"):
        older(tmp_path / "hearth.deb", tmp_path)
