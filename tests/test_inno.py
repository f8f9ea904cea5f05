"""What Inno Setup's compiler is given and told."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

import commands
import hub
import packages
from windows import inno

SECONDS = 1764460000


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "Hearth" / "_internal").mkdir(parents=True)
    (tmp_path / "Hearth" / "Hearth.exe").write_bytes(b"MZ")
    (tmp_path / "Hearth" / "_internal" / "LICENSE").touch()
    return tmp_path / "Hearth"


def test_it_has_the_program_and_all_that_the_script_names(program: Path, tmp_path: Path) -> None:
    into = tmp_path / "stage"
    (into / "program").mkdir(parents=True)
    (into / "program" / "of-an-earlier-version").touch()
    inno.stage(program, into, SECONDS)
    files = {x.relative_to(into).as_posix() for x in into.rglob("*") if x.is_file()}
    assert files == {
        "Hearth.ico", "installer.iss", "wizard.bmp", "program/Hearth.exe",
        "program/_internal/LICENSE",
    }  # fmt: skip
    assert {int(x.stat().st_mtime) for x in into.rglob("*")} == {SECONDS}, "the same bytes"


def test_each_name_in_the_script_is_told_on_the_command_line() -> None:
    script = (inno.SOURCES / inno.SCRIPT).read_text("utf-8")
    told = dict(re.findall(r"^/D(\w+)=(.+)$", "\n".join(inno.options()), re.MULTILINE))
    assert set(re.findall(r"{#(\w+)}", script)) == told.keys()
    assert told["Version"] == hub.__version__
    assert told["Publisher"] == "Hearth contributors"
    assert "/DVersion=0.0.1" in inno.options("0.0.1")


def test_the_compiler_makes_one_file_of_it(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(commands, "run", lambda x: ran.append([str(part) for part in x]))
    made = inno.make(program, tmp_path / "stage", SECONDS)
    assert made == tmp_path / "stage" / "Hearth-setup.exe"
    (command,) = ran
    assert command[0].endswith("ISCC.exe")
    assert command[-1] == str(tmp_path / "stage" / "installer.iss")


def test_the_compiler_is_set_up_once_as_it_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[str]] = []
    place = tmp_path / "inno-setup"
    folder = place / "node_modules" / "innosetup" / "bin"

    def npm_ci(where: Path) -> None:
        asked.append(sorted(x.name for x in where.iterdir()))
        folder.mkdir(parents=True)
        (folder / "ISCC.exe").touch()

    monkeypatch.setattr(inno, "PLACE", place)
    monkeypatch.setattr(inno, "FOLDER", folder)
    monkeypatch.setattr(packages, "RECORD", tmp_path / "record.json")
    monkeypatch.setattr(packages, "npm_ci", npm_ci)
    step = inno.step()
    assert not step.done()
    step.make()
    assert step.done()
    assert asked == [[".npmrc", "package-lock.json", "package.json"]]
    shutil.rmtree(place)
    assert not step.done(), "whoever empties build/ has it set up again"
