"""The trial of packages by other systems' tools passes what keeps people's words, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import clean_others
import clean_system
import debian
from clean_others import Tool, tool_of
from clean_system import CleanSystem
from commands import Failed
from tests.pretended_system import Command, Pretended, leaves_behind, takes_along

NAMES = ("hearth-0.1.0-1.x86_64.rpm", "hearth-0.1.0-1-x86_64.pkg.tar.zst")

Spoil = Callable[[Any, Command], object]


class System(Pretended):
    """With other systems' tools in it."""

    def as_root(self, *command: str) -> str:
        if "--upgrade" in command:
            self.program.mkdir(parents=True, exist_ok=True)
        elif "--erase" in command or "--remove" in command:
            self.program.rmdir()
        self.spoil(self, command)
        return "done\n"


def tried(root: Path, spoil: Spoil, name: str = NAMES[0]) -> str:
    system, tool = System(root, spoil), tool_of(name)
    assert tool is not None
    return clean_others.tried(system, tool, Path(name), [])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_what_keeps_everything_passes(tmp_path: Path, name: str) -> None:
    commands: list[tuple[str, ...]] = []
    assert tried(tmp_path, lambda _, command: commands.append(command), name) == "hearth: served"
    tool = tool_of(name)
    assert tool is not None
    install = (*tool.install, f"/srv/{name}")
    of_root = [x for x in commands if x[:2] != clean_system.SAY_AND_STOP]
    assert of_root == [install, install, tool.compare, tool.remove]


def test_the_next_package_finds_what_was_said_in_the_one_before(tmp_path: Path) -> None:
    system, said = System(tmp_path, lambda *_: None), list[str]()
    for name in NAMES:
        tool = tool_of(name)
        assert tool is not None
        clean_others.tried(system, tool, Path(name), said)  # type: ignore[arg-type]
    assert system.log.read_text().splitlines() == said
    assert len(set(said)) == 4


def forgets(system: System, command: Command) -> None:
    if "--upgrade" in command and system.log.exists():
        system.log.unlink()


def changes_files(system: System, command: Command) -> None:
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
