"""The trial of packages by other systems' tools passes what keeps people's words, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import clean_others
import clean_system
import debian
from clean_others import Tool, tool_of
from clean_system import CleanSystem
from commands import Failed

NAMES = ("hearth-0.1.0-1.x86_64.rpm", "hearth-0.1.0-1-x86_64.pkg.tar.zst")

Spoil = Callable[["Pretended", tuple[str, ...]], object]


class Pretended:
    """A clean system that does as told, but for what `spoil` does at each command."""

    def __init__(self, root: Path, spoil: Spoil) -> None:
        self.root, self.spoil = root, spoil
        self.log = self.home() / clean_system.ROOMS / "general.jsonl"
        self.program = root / "usr" / "lib" / "hearth"

    def home(self) -> Path:
        return self.root / "home" / "guest"

    def take(self, file: Path) -> str:
        return f"/srv/{file.name}"

    def as_root(self, *command: str) -> str:
        if "--upgrade" in command:
            self.program.mkdir(parents=True, exist_ok=True)
        elif "--erase" in command or "--remove" in command:
            self.program.rmdir()
        self.spoil(self, command)
        return "done\n"

    def as_guest(self, *command: str) -> str:
        if command == clean_system.SMOKE:
            return "hearth: served\n"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        told = self.log.read_text() if self.log.exists() else ""
        self.log.write_text(f"{told}{command[-1]}\n")
        return told


def tried(root: Path, spoil: Spoil, name: str = NAMES[0]) -> str:
    system, tool = Pretended(root, spoil), tool_of(name)
    assert tool is not None
    return clean_others.tried(system, tool, Path(name), [])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_what_keeps_everything_passes(tmp_path: Path, name: str) -> None:
    commands: list[tuple[str, ...]] = []
    assert tried(tmp_path, lambda _, command: commands.append(command), name) == "hearth: served"
    tool = tool_of(name)
    assert tool is not None
    install = (*tool.install, f"/srv/{name}")
    assert commands == [install, install, tool.compare, tool.remove]


def test_the_next_package_finds_what_was_said_in_the_one_before(tmp_path: Path) -> None:
    system, said = Pretended(tmp_path, lambda *_: None), list[str]()
    for name in NAMES:
        tool = tool_of(name)
        assert tool is not None
        clean_others.tried(system, tool, Path(name), said)  # type: ignore[arg-type]
    assert system.log.read_text().splitlines() == said
    assert len(set(said)) == 4


def forgets(system: Pretended, command: tuple[str, ...]) -> None:
    if "--upgrade" in command and system.log.exists():
        system.log.unlink()


def takes_along(system: Pretended, command: tuple[str, ...]) -> None:
    if "--erase" in command:
        system.log.write_text("")


def leaves_behind(system: Pretended, command: tuple[str, ...]) -> None:
    if "--erase" in command:
        system.program.mkdir()


def changes_files(system: Pretended, command: tuple[str, ...]) -> None:
    if "--verify" in command:
        raise Failed("S.5....T.  /usr/bin/hearth (status 1)")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (forgets, "was to be found, there was"),
        (takes_along, "went with the package"),
        (leaves_behind, "left something in usr/lib"),
        (changes_files, "not as it brought them: S.5....T.  /usr/bin/hearth"),
    ],
)
def test_what_does_not_is_told(spoil: Spoil, words: str, tmp_path: Path) -> None:
    with pytest.raises(Failed, match=words):
        tried(tmp_path, spoil)


@pytest.mark.parametrize("arguments", [[], ["nowhere.rpm"], ["there.deb"], ["there.rpm", "no.rpm"]])
def test_packages_that_are_not_there_are_asked_for(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for name in ("there.deb", "there.rpm"):
        Path(name).touch()
    assert clean_others.main(arguments) == 2
    assert "clean_others.py PACKAGE.rpm" in capsys.readouterr().err


def test_only_root_on_debian_may_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / NAMES[0]).touch()
    monkeypatch.setattr(debian, "may_install", lambda: False)
    assert clean_others.main([str(tmp_path / NAMES[0])]) == 1
    assert "on Debian, by root" in capsys.readouterr().err


def test_each_is_tried_in_one_system_that_has_its_tool_and_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders: list[Path] = []

    def made(self: CleanSystem, root: Path, packages: list[str]) -> None:
        libraries = ["libc6", "libwebkit2gtk-4.1-0", "zlib1g"]
        assert packages == [*libraries, "pacman-package-manager", "rpm"]
        folders.append(root.parent)

    def one(system: CleanSystem, tool: Tool, package: Path, said: list[str]) -> str:
        return f"served, by {tool.debian}"

    for name in NAMES:
        (tmp_path / name).touch()
    monkeypatch.setattr(debian, "may_install", lambda: True)
    monkeypatch.setattr(debian, "install", lambda names: None)
    monkeypatch.setattr(CleanSystem, "__init__", made)
    monkeypatch.setattr(clean_others, "tried", one)
    assert clean_others.main([str(tmp_path / name) for name in NAMES]) == 0
    assert capsys.readouterr().out == (
        f"{NAMES[0]}: served, by rpm\n{NAMES[1]}: served, by pacman-package-manager\n"
    )
    assert not folders[0].exists()
