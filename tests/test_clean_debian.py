"""The trial of a package in a clean system passes what keeps people's words, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import clean_debian
import clean_system
import commands
import debian
from clean_system import CleanSystem
from commands import Failed
from tests.pretended_system import Command, Pretended, leaves_behind, takes_along

Spoil = Callable[[Any, Command], object]


class System(Pretended):
    """With another person in it, and a complaint that the usual port is taken."""

    def __init__(self, root: Path, spoil: Spoil) -> None:
        super().__init__(root, spoil)
        self.of_another = ""
        self.complaint = f"{clean_debian.PORT_TAKEN}, so Hearth is at port 5001 this time.\n"

    def command(self, program: str, file: Path) -> Path:
        file.write_text(program)
        return file

    def as_root(self, *command: str) -> str:
        told = ""
        if "--install" in command:
            self.program.mkdir(parents=True, exist_ok=True)
        elif "--purge" in command:
            self.program.rmdir()
        elif command[: len(clean_system.SAY_AND_STOP)] == clean_system.SAY_AND_STOP:
            told = self.said(command[3]) + self.of_another + self.complaint + "status 0\n"
            self.of_another += "Said by another\n"
        self.spoil(self, command)
        return told


def tried(root: Path, spoil: Spoil) -> str:
    system = System(root, spoil)
    return clean_debian.tried(system, Path("older.deb"), Path("hearth.deb"))  # type: ignore[arg-type]


def test_what_keeps_everything_passes(tmp_path: Path) -> None:
    assert tried(tmp_path, lambda system, command: None) == "hearth: served"


def forgets(system: System, command: Command) -> None:
    if command[-1] == "/srv/hearth.deb":
        system.log.unlink()


def shares_rooms(system: System, command: Command) -> None:
    if command[0] == "useradd":
        system.of_another = "Said before\n"


def tells_nobody(system: System, command: Command) -> None:
    system.complaint = ""


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (forgets, "was to be found, there was"),
        (takes_along, "went with the package"),
        (leaves_behind, "left something in usr/lib"),
        (shares_rooms, "was to be found, there was"),
        (tells_nobody, "has the usual port"),
    ],
)
def test_what_does_not_is_told(spoil: Spoil, words: str, tmp_path: Path) -> None:
    with pytest.raises(Failed, match=words):
        tried(tmp_path, spoil)


def test_the_tests_drive_it_with_and_without_the_web_view(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[tuple[list[str], Mapping[str, str]]] = []
    removed: list[tuple[str, ...]] = []

    def run(command: list[str | Path], also_set: Mapping[str, str]) -> str:
        ran.append(([str(part) for part in command[2:]], also_set))
        return "...\n7 passed\n"

    def note(system: System, command: Command) -> None:
        removed.extend([command] if "--remove" in command else [])

    monkeypatch.setattr(commands, "run", run)
    monkeypatch.setattr(clean_debian, "needs", lambda package: ["libc6", "libwebkit2gtk-4.1-0"])
    system = System(tmp_path, note)
    clean_debian.driven(system, Path("hearth.deb"), tmp_path)  # type: ignore[arg-type]
    installed = {"HEARTH_INSTALLED": str(tmp_path / "hearth")}
    assert (tmp_path / "hearth").read_text() == "/usr/bin/hearth"
    assert ran == [
        (["tests/desktop", "tests/e2e"], installed),
        (["--browsers"], installed),
        (["tests/e2e/test_no_web_view.py", "-n0"], {**installed, "HEARTH_NO_WEB_VIEW": "1"}),
    ]
    assert removed == [("dpkg", "--remove", "--force-depends", "libwebkit2gtk-4.1-0")]
    assert capsys.readouterr().out == "7 passed\n" * 3


@pytest.mark.parametrize("arguments", [[], ["nowhere.deb"], ["a", "b"]])
def test_a_package_that_is_not_there_is_asked_for(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert clean_debian.main(arguments) == 2
    assert "clean_debian.py PACKAGE.deb" in capsys.readouterr().err


def test_only_root_on_debian_may_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "hearth.deb"
    package.touch()
    monkeypatch.setattr(debian, "may_install", lambda: False)
    assert clean_debian.main([str(package)]) == 1
    assert "on Debian, by root" in capsys.readouterr().err


def test_the_trial_is_told_and_its_folder_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "hearth.deb"
    package.touch()
    folders: list[Path] = []

    def made(self: CleanSystem, root: Path, packages: list[str]) -> None:
        assert packages == ["libc6"]
        folders.append(root.parent)

    monkeypatch.setattr(debian, "may_install", lambda: True)
    monkeypatch.setattr(debian, "install", lambda names: None)
    monkeypatch.setattr(clean_debian, "needs", lambda package: ["libc6"])
    monkeypatch.setattr(clean_debian, "older", lambda package, work: work / "older.deb")
    monkeypatch.setattr(CleanSystem, "__init__", made)
    monkeypatch.setattr(clean_debian, "tried", lambda *_: "hearth: served")
    monkeypatch.setattr(clean_debian, "driven", lambda *_: print("driven"))
    assert clean_debian.main([str(package)]) == 0
    assert capsys.readouterr().out == "hearth: served\ndriven\n"
    assert clean_debian.main(["--quick", str(package)]) == 0
    assert capsys.readouterr().out == "hearth: served\n"
    assert not folders[0].exists()
