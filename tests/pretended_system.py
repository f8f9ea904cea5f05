"""A clean system for the trials of packages, which does as told, and what bad ones do in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import clean_system

Command: TypeAlias = tuple[str, ...]
REMOVAL = {"--purge", "--erase"}
"""One of these is in a command that removes a package."""


class Pretended:
    """The system, with `spoil` called after each command. A trial's test says what root's do."""

    def __init__(self, root: Path, spoil: Callable[[Pretended, Command], object]) -> None:
        self.root, self.spoil = root, spoil
        self.log = self.home() / clean_system.ROOMS / "general.jsonl"
        self.program = root / "usr" / "lib" / "hearth"

    def home(self) -> Path:
        return self.root / "home" / "guest"

    def take(self, file: Path) -> str:
        return f"/srv/{file.name}"

    def as_guest(self, *command: str) -> str:
        if command == clean_system.SMOKE:
            return "hearth: served\n"
        told = self.said(command[-1])
        self.spoil(self, command)
        return told

    def said(self, sentence: str) -> str:
        """Say something; gives what was said before."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        told = self.log.read_text() if self.log.exists() else ""
        self.log.write_text(f"{told}{sentence}\n")
        return told


def takes_along(system: Pretended, command: Command) -> None:
    if REMOVAL & set(command):
        system.log.write_text("")


def leaves_behind(system: Pretended, command: Command) -> None:
    if REMOVAL & set(command):
        system.program.mkdir()
