"""A release is what each system is given, with its sums, or it is none."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

import build
import environment
import linux.making
import macos.app
import release
import sbom
import source_time
import windows.inno
from commands import Failed
from macos import disk_image

SECONDS = 1764460000
ASKED: list[list[str]] = []


@pytest.fixture(autouse=True)
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which things were built; nothing is built, packaged or listed anew."""
    folder = tmp_path / "dist"
    inside = folder / "as-a-folder" / "hearth"  # apart: to some systems the two names are one
    (inside / "_internal").mkdir(parents=True)
    (folder / "Hearth").write_bytes(b"the program")
    (folder / "Hearth").chmod(0o755)
    (inside / "_internal" / "THIRD-PARTY.txt").write_text("Of others\n")
    ASKED.clear()

    def built(options: list[str]) -> int:
        ASKED.append(options)
        return 0

    def made(folder: Path, into: Path, image: Path, seconds: int) -> list[Path]:
        assert image.name == "Hearth-linux-x86_64.AppImage"
        (into / "hearth.deb").write_bytes(b"a package")
        return [into / "hearth.deb"]

    monkeypatch.setattr(build, "DIST", folder)
    monkeypatch.setattr(build, "PROGRAM", folder / "Hearth")
    monkeypatch.setattr(build, "FOLDER", inside)
    monkeypatch.setattr(build, "main", built)
    monkeypatch.setattr(release, "RELEASE", folder / "release")
    monkeypatch.setattr(environment, "prepare", lambda steps: None)
    monkeypatch.setattr(linux.making, "packages", made)
    monkeypatch.setattr(sbom, "of_python", lambda file, seconds: file.write_text("python"))
    monkeypatch.setattr(sbom, "of_page", lambda file, version, seconds: file.write_text("page"))
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv(source_time.SETTING, str(SECONDS))
    return folder


def test_linux_has_one_file_packages_lists_and_sums(
    dist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (dist / "release").mkdir()
    (dist / "release" / "of-an-earlier-version.deb").touch()
    assert release.main(["--verbose"]) == 0
    assert ASKED == [["--verbose", "--folder"]]
    names = [path.name for path in sorted((dist / "release").iterdir())]
    assert names == [
        "Hearth-THIRD-PARTY.txt",
        "Hearth-linux-x86_64.tar.gz",
        "Hearth-page.cdx.json",
        "Hearth-python.cdx.json",
        "SHA256SUMS",
        "hearth.deb",
    ]
    sums = (dist / "release" / "SHA256SUMS").read_text("utf-8")
    assert capsys.readouterr().out == sums
    assert [line.split("  ")[1] for line in sums.splitlines()] == [
        name for name in names if name != "SHA256SUMS"
    ]


@pytest.mark.skipif("sys.platform != 'linux'", reason="asks sha256sum")
def test_its_sums_are_those_that_people_check(dist: Path) -> None:
    assert release.main([]) == 0
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=dist / "release", check=False
    )
    assert checked.returncode == 0


def test_sums_have_none_of_themselves(dist: Path) -> None:
    (dist / "release").mkdir()
    (dist / "release" / "some").touch()
    assert release.write_sums(dist / "release") == release.write_sums(dist / "release")


@pytest.fixture
def app(dist: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hearth.app, on a Mac with hdiutil."""
    program = dist / "Hearth.app" / "Contents" / "MacOS" / "Hearth"
    program.parent.mkdir(parents=True)
    program.touch(0o755)

    def make(app: Path, file: Path, work: Path) -> Path:
        file.write_text(app.name)
        return file

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    monkeypatch.setattr(build, "PROGRAM", program)
    monkeypatch.setattr(disk_image, "make", make)
    monkeypatch.setattr(macos.app, "faults", lambda app: [])
    return program.parents[2]


def test_macos_has_its_app_in_a_disk_image(app: Path, dist: Path) -> None:
    assert release.main([]) == 0
    assert ASKED == [[]]
    assert sorted(os.listdir(dist / "release")) == ["Hearth-macos-arm64.dmg", "SHA256SUMS"]
    assert (dist / "release" / "Hearth-macos-arm64.dmg").read_text() == "Hearth.app"


def test_an_app_with_a_fault_is_no_release(
    app: Path, dist: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(macos.app, "faults", lambda app: ["Hearth.icns is no icon"])
    assert release.main([]) == 1
    assert capsys.readouterr().err.endswith("Hearth.app: Hearth.icns is no icon\n")
    assert os.listdir(dist / "release") == []


def test_windows_has_the_program_its_folder_and_an_installer(
    dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(program: Path, work: Path, seconds: int) -> Path:
        assert seconds == SECONDS
        (dist / "Setup.exe").write_text(program.name)
        return dist / "Setup.exe"

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(platform, "machine", lambda: "AMD64")
    monkeypatch.setattr(windows.inno, "make", make)
    assert release.main([]) == 0
    assert ASKED == [["--folder"]]
    files = ["Hearth-windows-x86_64-setup.exe", "Hearth-windows-x86_64.exe"]
    files += ["Hearth-windows-x86_64.zip", "SHA256SUMS"]
    assert sorted(os.listdir(dist / "release")) == files


def test_a_build_that_fails_is_no_release(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "main", lambda options: 1)
    assert release.main([]) == 1
    assert not (dist / "release").exists()


def test_a_package_that_is_not_sound_is_no_release(
    dist: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def made(folder: Path, into: Path, image: Path, seconds: int) -> list[Path]:
        raise Failed("E: hearth: no-manual-page")

    monkeypatch.setattr(linux.making, "packages", made)
    assert release.main([]) == 1
    assert capsys.readouterr().err == "There is no release: E: hearth: no-manual-page\n"
    assert not (dist / "release" / "SHA256SUMS").exists()


def test_what_has_no_time_is_no_release(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(source_time, "source_time", lambda: None)
    assert release.main([]) == 1
    assert "set SOURCE_DATE_EPOCH" in capsys.readouterr().err
