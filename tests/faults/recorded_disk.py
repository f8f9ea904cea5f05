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


class RecordedDisk:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.log: list[object] = []
        """What was done, in order, and what a test adds."""
        self.syncs_nothing: tuple[str, ...] = ()
        """Names of files whose sync is not recorded, as if it were left out."""
        pwrite, sync_file, ftruncate = disk.pwrite, disk.sync_file, os.ftruncate

        def write(fd: int, data: bytes, offset: int) -> None:
            self.log.append(Write(_path(fd), offset, bytes(data)))
            pwrite(fd, data, offset)

        def cut(fd: int, size: int) -> None:
            self.log.append(Cut(_path(fd), size))
            ftruncate(fd, size)

        def sync(fd: int) -> None:
            path, before = _path(fd), len(self.log)
            sync_file(fd)
            if path.name not in self.syncs_nothing:
                self.log.append(Synced(path, before))

        monkeypatch.setattr(disk, "pwrite", write)
        monkeypatch.setattr(os, "ftruncate", cut)
        monkeypatch.setattr(disk, "sync_file", sync)

    def state(self, entries: Sequence[object], chance: random.Random) -> dict[Path, bytes]:
        """What the files may hold where the power failed after these first `entries` of the log."""
        synced: dict[Path, int] = {}
        for entry in entries:
            if isinstance(entry, Synced):
                synced[entry.path] = max(entry.before, synced.get(entry.path, 0))
        files: dict[Path, bytearray] = {}
        for at, entry in enumerate(entries):
            if isinstance(entry, Write | Cut):
                file = files.setdefault(entry.path, bytearray())
                likely = 1.0 if at < synced.get(entry.path, 0) else chance.choice((0.0, 0.5, 1.0))
                _apply(entry, file, likely, chance)
        return {path: bytes(file) for path, file in files.items()}


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
