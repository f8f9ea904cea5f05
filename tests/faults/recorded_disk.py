"""A log of what reaches the disk, from which any state is made that a power cut could leave.

What was written to a file before its last sync began is there. Of what came later, any sectors may
be there and any missing, in any order: where the file had grown, zeros stand in their place.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from hub.store import disk

SECTOR = 512
"""Bytes that a disk writes as one, at least: of a page of 4 KiB any eighths may be missing."""


class Write(NamedTuple):
    path: Path
    at: int
    data: bytes


class Cut(NamedTuple):
    path: Path
    size: int


class Synced(NamedTuple):
    """`before` is how long the log was when the sync began."""

    path: Path
    before: int


class Renamed(NamedTuple):
    """The file at `new` took the name `path`."""

    new: Path
    path: Path


class FolderSynced(NamedTuple):
    """`before` is how long the log was when the sync began."""

    before: int


class RecordedDisk:
    """Records what is done below `folder`: hubs of other tests may be about to stop meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._folder = folder
        self.log: list[object] = []
        """What was done, in order, and what a test adds."""
        self.syncs_nothing: tuple[str, ...] = ()
        """Names of files whose sync is not recorded, as if it were left out."""
        pwrite, sync_file, ftruncate = disk.pwrite, disk.sync_file, os.ftruncate
        replace, sync_folder = disk.replace, disk.sync_folder

        def write(fd: int, data: bytes, offset: int) -> None:
            self._note(_path(fd), Write(_path(fd), offset, bytes(data)))
            pwrite(fd, data, offset)

        def cut(fd: int, size: int) -> None:
            self._note(_path(fd), Cut(_path(fd), size))
            ftruncate(fd, size)

        def sync(fd: int) -> None:
            path, before = _path(fd), len(self.log)
            sync_file(fd)
            if path.name not in self.syncs_nothing:
                self._note(path, Synced(path, before))

        def rename(new: Path, path: Path) -> None:
            replace(new, path)
            self._note(path, Renamed(new, path))

        def named(path: Path) -> None:
            before = len(self.log)
            sync_folder(path)
            self._note(path, FolderSynced(before))

        monkeypatch.setattr(disk, "replace", rename)
        monkeypatch.setattr(disk, "sync_folder", named)
        monkeypatch.setattr(disk, "pwrite", write)
        monkeypatch.setattr(os, "ftruncate", cut)
        monkeypatch.setattr(disk, "sync_file", sync)

    def _note(self, path: Path, entry: object) -> None:
        if path.is_relative_to(self._folder):
            self.log.append(entry)

    def state(self, entries: Sequence[object], chance: random.Random) -> dict[Path, bytes]:
        """What the files may hold where the power failed after these first `entries` of the log."""
        of = _files(entries)
        synced: dict[int, int] = {}
        named = 0  # up to here names are on stable storage
        for at, entry in enumerate(entries):
            if isinstance(entry, Synced):
                synced[of[at]] = max(entry.before, synced.get(of[at], 0))
            elif isinstance(entry, FolderSynced):
                named = entry.before
        files: dict[int, bytearray] = {}
        names: dict[Path, int] = {}
        for at, entry in enumerate(entries):
            if isinstance(entry, Write | Cut):
                names.setdefault(entry.path, of[at])
                file = files.setdefault(of[at], bytearray())
                likely = 1.0 if at < synced.get(of[at], 0) else chance.choice((0.0, 0.5, 1.0))
                _apply(entry, file, likely, chance)
            elif isinstance(entry, Renamed) and (at < named or chance.random() < 0.5):
                names[entry.path] = of[at]
                names.pop(entry.new, None)
        return {path: bytes(files[file]) for path, file in names.items()}


def _files(entries: Sequence[object]) -> dict[int, int]:
    """For each entry that is about a file, which one that is, whatever its name is by then."""
    of: dict[int, int] = {}
    now: dict[Path, int] = {}
    for at, entry in enumerate(entries):
        if isinstance(entry, Renamed):
            of[at] = now[entry.path] = now.pop(entry.new)
        elif isinstance(entry, Write | Cut | Synced):
            of[at] = now.setdefault(entry.path, at)
    return of


def _apply(entry: Write | Cut, file: bytearray, likely: float, chance: random.Random) -> None:
    if isinstance(entry, Cut):
        if chance.random() < likely:
            del file[entry.size :]
            file.extend(bytes(entry.size - len(file)))
        return
    for begin, end in _sectors(entry):
        if chance.random() < likely:
            file.extend(bytes(max(0, end - len(file))))
            file[begin:end] = entry.data[begin - entry.at : end - entry.at]


def _sectors(write: Write) -> Iterator[tuple[int, int]]:
    at, end = write.at, write.at + len(write.data)
    while at < end:
        until = min(end, (at // SECTOR + 1) * SECTOR)
        yield at, until
        at = until


def _path(fd: int) -> Path:
    return Path(os.readlink(f"/proc/self/fd/{fd}"))
