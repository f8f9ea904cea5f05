"""The trial of a package in a clean system passes what keeps people's words, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import clean_root
import debian
from clean_system import CleanSystem
from commands import Failed


class Pretended:
    """A clean system that does as told, but for what `spoil` does at each command."""

    def __init__(self, root: Path, spoil: Callable[[Path, tuple[str, ...]], None]) -> None:
        self.root, self.spoil = root, spoil
        self.log = self.home() / clean_root.ROOMS / "general.jsonl"
        self.program = root / "usr" / "lib" / "hearth"

    def home(self) -> Path:
        return self.root / "home" / "guest"

    def take(self, file: Path) -> str:
        return f"/srv/{file.name}"

    def as_root(self, *command: str) -> str:
        if command[1] == "--install":
            self.program.mkdir(parents=True, exist_ok=True)
        else:
            self.program.rmdir()
        self.spoil(self.root, command)
        return ""

    def as_guest(self, *command: str) -> str:
        if command == clean_root.SMOKE:
            return "hearth: served\n"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        told = self.log.read_text() if self.log.exists() else ""
        self.log.write_text(told + command[-1] + "\n")
        self.spoil(self.root, command)
        return told


def tried(root: Path, spoil: Callable[[Path, tuple[str, ...]], None]) -> str:
    system = Pretended(root, spoil)
    return clean_root.tried(system, Path("older.deb"), Path("hearth.deb"))  # type: ignore[arg-type]


def test_what_keeps_everything_passes(tmp_path: Path) -> None:
    assert tried(tmp_path, lambda root, command: None) == "hearth: served"


def log(root: Path) -> Path:
    return root / "home" / "guest" / clean_root.ROOMS / "general.jsonl"


def forgets(root: Path, command: tuple[str, ...]) -> None:
    if command[-1] == "/srv/hearth.deb":
        log(root).unlink()


def takes_along(root: Path, command: tuple[str, ...]) -> None:
    if "--purge" in command:
        log(root).write_text("")


def leaves_behind(root: Path, command: tuple[str, ...]) -> None:
    if "--purge" in command:
        (root / "usr" / "lib" / "hearth").mkdir()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (forgets, "had been said, it had"),
        (takes_along, "went with the package"),
        (leaves_behind, "left something in usr/lib"),
    ],
)
def test_what_does_not_is_told(
    spoil: Callable[[Path, tuple[str, ...]], None], words: str, tmp_path: Path
) -> None:
    with pytest.raises(Failed, match=words):
        tried(tmp_path, spoil)


@pytest.mark.parametrize("arguments", [[], ["nowhere.deb"], ["a", "b"]])
def test_a_package_that_is_not_there_is_asked_for(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert clean_root.main(arguments) == 2
    assert "clean_root.py PACKAGE.deb" in capsys.readouterr().err


def test_only_root_on_debian_may_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "hearth.deb"
    package.touch()
    monkeypatch.setattr(debian, "may_install", lambda: False)
    assert clean_root.main([str(package)]) == 1
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
    monkeypatch.setattr(clean_root, "needs", lambda package: ["libc6"])
    monkeypatch.setattr(clean_root, "older", lambda package, work: work / "older.deb")
    monkeypatch.setattr(CleanSystem, "__init__", made)
    monkeypatch.setattr(clean_root, "tried", lambda *_: "hearth: served")
    assert clean_root.main([str(package)]) == 0
    assert capsys.readouterr().out == "hearth: served\n"
    assert not folders[0].exists()
