"""A log of the names and contents below one folder, from which any state is made that a power cut
could leave.

A name is there for sure, or gone for sure, once its folder was synced after that; what a file holds
is what it held as its last sync began. Of what came later, anything may be there or missing.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hub.store import disk


class Named(NamedTuple):
    """A name came to a file or a folder, or, where that is None, was taken away."""

    path: Path
    what: int | None
    after: int | None = None
    """Where the log has the other half of a move: both are there or none."""


class Filled(NamedTuple):
    """A file held this as its sync began, and the sync ended."""

    what: int
    data: bytes


class FolderSynced(NamedTuple):
    """`before` is how long the log was when the sync began."""

    path: Path
    before: int


class RecordedNames:
    """Records what is done below `folder`; `then` is called after each step."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, folder: Path, then: Callable[[], None]
    ) -> None:
        self.log: list[Named | Filled | FolderSynced] = []
        self._folder = folder
        self._then = then
        self._lock = threading.RLock()
        self._numbers: dict[int, int] = {}  # by inode, as a new file may have that of a removed one
        self._count = 0
        for module, name in (
            (os, "link"), (os, "unlink"), (os, "replace"), (os, "mkdir"), (os, "rmdir"),
            (disk, "open_file"), (disk, "sync_file"), (disk, "sync_folder"),
        ):  # fmt: skip
            real = getattr(module, name)
            step, count = getattr(self, f"_{name}"), 2 if name in ("link", "replace") else 1
            monkeypatch.setattr(module, name, self._recorded(step, real, count))

    def _recorded(
        self, step: Callable[..., None], real: Callable[..., Any], count: int
    ) -> Callable[..., Any]:
        """`count` is how many files or folders the call is given."""

        def done(*given: Any, **more: Any) -> Any:
            paths = [_path(x) for x in given[:count]]
            if not any(x.is_relative_to(self._folder) for x in paths):
                return real(*given, **more)
            with self._lock:
                told: list[Any] = []

                def really() -> Any:
                    told.append(real(*given, **more))
                    return told[0]

                step(really, *paths)
                self._then()
                return told[0]

        return done

    def _number(self, path: Path, *, new: bool = False) -> int:
        """Which file or folder this is, of all that there have been."""
        inode = path.stat().st_ino
        if new or inode not in self._numbers:
            self._count += 1
            self._numbers[inode] = self._count
        return self._numbers[inode]

    def _note(self, path: Path, what: int | None, after: int | None = None) -> None:
        self.log.append(Named(path, what, after))

    def _link(self, really: Callable[[], Any], old: Path, new: Path) -> None:
        really()
        self._note(new, self._number(new))

    def _unlink(self, really: Callable[[], Any], path: Path) -> None:
        really()
        self._note(path, None)

    def _rmdir(self, really: Callable[[], Any], path: Path) -> None:
        self._unlink(really, path)

    def _mkdir(self, really: Callable[[], Any], path: Path) -> None:
        really()
        self._note(path, self._number(path, new=True))

    def _replace(self, really: Callable[[], Any], old: Path, new: Path) -> None:
        really()
        self._note(new, self._number(new))
        self._note(old, None, len(self.log) - 1)

    def _open_file(self, really: Callable[[], Any], path: Path) -> None:
        there = path.exists()
        really()
        if not there:
            self._note(path, self._number(path, new=True))

    def _sync_file(self, really: Callable[[], Any], path: Path) -> None:
        data = path.read_bytes()
        really()
        self.log.append(Filled(self._number(path), data))

    def _sync_folder(self, really: Callable[[], Any], path: Path) -> None:
        before = len(self.log)
        really()
        self.log.append(FolderSynced(path, before))


def state(
    entries: Sequence[Named | Filled | FolderSynced], chance: random.Random
) -> tuple[set[Path], dict[Path, bytes]]:
    """The folders and the files that may be there where the power fails after these entries."""
    synced: dict[Path, int] = {}
    held: dict[int, bytes] = {}
    for entry in entries:
        if isinstance(entry, FolderSynced):
            synced[entry.path] = entry.before
        elif isinstance(entry, Filled):
            held[entry.what] = entry.data
    lasts: dict[int, bool] = {}
    names: dict[Path, int] = {}
    likely: dict[Path, float] = {}  # of each folder's names: one may have been written, another not
    for at, entry in enumerate(entries):
        if not isinstance(entry, Named):
            continue
        often = likely.setdefault(entry.path.parent, chance.choice((0.0, 0.5, 1.0)))
        sure = at < synced.get(entry.path.parent, 0)
        lasts[at] = sure or (chance.random() < often if entry.after is None else lasts[entry.after])
        if entry.what is None and lasts[at]:
            names.pop(entry.path, None)
        elif entry.what is not None and lasts[at]:
            names[entry.path] = entry.what
    folders = {x.path for x in entries if isinstance(x, Named) and not x.path.suffix}
    folders = {x for x in folders if x in names and names[x] not in held and not _is_part(x)}
    files = {x: y for x, y in names.items() if x not in folders}
    return folders, {
        x: held.get(y, bytes(chance.choice((0, 7, 5000))))
        for x, y in files.items()
        if x.parent in folders
    }


def _is_part(path: Path) -> bool:
    return path.parent.name == ".unfinished"


def _path(given: int | str | Path) -> Path:
    return Path(os.readlink(f"/proc/self/fd/{given}")) if isinstance(given, int) else Path(given)
