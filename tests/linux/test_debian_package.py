"""What a Debian package needs, and what it was like when it had an earlier version."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import commands
from commands import Failed
from linux.debian_package import needs, older


def test_what_it_depends_on_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "libc6 (>= 2.35), libwebkit2gtk-4.1-0, zlib1g\n"
    monkeypatch.setattr(commands, "run", lambda command: told)
    assert needs(Path("hearth.deb")) == ["libc6", "libwebkit2gtk-4.1-0", "zlib1g"]


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
