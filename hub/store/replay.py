"""Puts back into the rooms' files what the journal holds and they lack, after a crash.

A power cut may take from a room's file all that was written since its last sync: the file may end
earlier, or hold anything in the place of lines. The journal tells at which byte each line belongs.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from hub.errors import Refused
from hub.names import file_name, room_of_file
from hub.protocol import events
from hub.store import disk
from hub.store.header import HEADER, find_header
from hub.store.journal import NAMES, Group, Journal, groups_of
from hub.store.salvage import HELD, number_of

log = logging.getLogger(__name__)


def open_journal(
    folder: Path, room_file: Callable[[str], Path], aside: Path
) -> tuple[Journal | None, dict[str, OSError]]:
    """Replay the journal of a hub's own folder, then open it.

    Gives what `replay` gives too; where that is anything, the journal is still needed. None in
    place of a journal that cannot be written. Raises OSError where it cannot be read or removed.
    """
    failed = replay(folder, room_file, aside)
    try:
        return Journal(folder, needed=bool(failed)), failed
    except disk.Unfit:
        raise
    except OSError as error:
        if failed:
            raise
        log.warning("Hearth goes on without a journal, as it cannot be written: %s", error)
        for name in NAMES:  # removed texts must not stay in it
            disk.remove(folder / name)
        disk.sync_folder(folder)
        return None, failed


def replay(folder: Path, room_file: Callable[[str], Path], aside: Path) -> dict[str, OSError]:
    """Put into the rooms' files what they lack, and wait until all of it is on stable storage.

    What has no place in its room's file, and what stood in the place of lines, is kept in the
    folder `aside`. Gives the rooms whose files could not be read or written, with the reason:
    the journal is still needed. Raises OSError where it cannot be read, or nothing kept aside.
    """
    failed: dict[str, OSError] = {}
    for room, groups in by_room(groups_of(folder)).items():
        path = room_file(room)
        try:
            unplaced: Sequence[Group] = _put_back(path, groups, aside)
        except (FileNotFoundError, disk.Unfit):
            unplaced = groups
        except OSError as error:
            log.error("%s lacks what the journal holds, and cannot be written: %s",
                      path.name, error.strerror)  # fmt: skip
            failed[room] = error
            continue
        if unplaced:
            kept = _kept(path, b"".join(x for group in unplaced for x in group.lines), aside)
            log.error("What the journal holds has no place in %s any more: it is kept as %s",
                      path.name, kept)  # fmt: skip
    return failed


def by_room(groups: Iterable[Group]) -> dict[str, list[Group]]:
    """The groups of each room, in their order; those of no room are left out."""
    rooms: dict[str, list[Group]] = {}
    for group in groups:
        if room_of_file(file_name(group.room)) == group.room:
            rooms.setdefault(group.room, []).append(group)
        else:
            log.error("The journal holds lines of %.100r, which is no room's name", group.room)
    return rooms


class Compared(NamedTuple):
    """The lines that a file lacks, each with its byte, and groups that have no place in it."""

    lacking: list[tuple[int, bytes]]
    unplaced: list[Group]


def compare(fd: int, groups: Sequence[Group]) -> Compared:
    """Compare the open file of a room with what the journal holds of it.

    A line whose text was taken out since is not lacking. A group has no place where the file is
    another one than it was written to, or was changed since. Raises OSError.
    """
    size = os.fstat(fd).st_size
    try:
        header = find_header(disk.pread(fd, HEADER, 0), size, groups[0].room, "")
    except Refused:
        return Compared([], list(groups))
    lacking: list[tuple[int, bytes]] = []
    whole = header.end  # up to where lines are, or will be
    for at, group in enumerate(groups):
        fits = group.id == header.id and header.closed is None and 0 < header.end <= group.at
        if not fits or not (group.at == whole or _begins(fd, group.at, size)):
            return Compared(lacking, list(groups[at:]))
        missing = _missing(fd, group)
        if missing and _has_others(fd, group):
            return Compared(lacking, list(groups[at:]))
        lacking += missing
        whole = group.at + sum(map(len, group.lines))
    return Compared(lacking, [])


def _begins(fd: int, at: int, size: int) -> bool:
    """Whether a line ends before this byte of a file of `size` bytes."""
    return at <= size and disk.pread(fd, 1, at - 1) == b"\n"


def _missing(fd: int, group: Group) -> list[tuple[int, bytes]]:
    """The lines of a group that are not in their place, each with its byte."""
    there = disk.pread(fd, sum(map(len, group.lines)), group.at)
    start, where = events.line_start(group.room), 0
    missing = []
    for line in group.lines:
        found = there[where : where + len(line)]
        blanked = events.intact(found) and number_of(found, start) == number_of(line, start)
        if found != line and not blanked:
            missing.append((group.at + where, line))
        where += len(line)
    return missing


def _has_others(fd: int, group: Group) -> bool:
    """Whether whole lines of the room stand where the group's lines belong, and are not these."""
    start = events.line_start(group.room)
    places, size = {}, 0
    for line in group.lines:
        places[size] = number_of(line, start)
        size += len(line)
    where = 0
    for line in disk.pread(fd, size + HELD, group.at).split(b"\n")[:-1]:
        if where >= size:
            break
        n = number_of(line, start) if events.intact(line.removesuffix(b"\r") + b"\n") else None
        if n is not None and places.get(where) != n:
            return True
        where += len(line) + 1
    return False


def _put_back(path: Path, groups: Sequence[Group], aside: Path) -> list[Group]:
    """Give a room's file the lines of these groups; gives those that have no place in it."""
    read_only = None
    try:
        fd = disk.open_file(path, os.O_RDWR)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        read_only = error  # it may lack nothing
        fd = disk.open_file(path, os.O_RDONLY)
    try:
        found = compare(fd, groups)
        if found.lacking and read_only is not None:
            raise read_only
        for at, line in found.lacking:
            _keep_what_stands(path, fd, at, line, aside)
            disk.pwrite(fd, line, at)
        if read_only is None or os.name == "posix":  # Windows syncs no file that is only read
            disk.sync_file(fd)
    finally:
        os.close(fd)
    if found.lacking:
        log.warning("%s: %d lines were put back from the journal", path.name, len(found.lacking))
    return found.unplaced


def _keep_what_stands(path: Path, fd: int, at: int, line: bytes, aside: Path) -> None:
    """Copy aside what a line is about to take the place of.

    Not where it is a part of that line, or of the line without its text, which is being removed.
    """
    found = disk.pread(fd, len(line), at)
    blanked = line
    with contextlib.suppress(ValueError):
        blanked = events.blanked(line)
    parts = zip(found, line, blanked, strict=False)
    if any(byte not in (0, ours, without) for byte, ours, without in parts):
        kept = _kept(path, found, aside)
        log.warning("%s: what stood in the place of a line is kept as %s", path.name, kept)


def _kept(path: Path, data: bytes, aside: Path) -> str:
    """Keep bytes aside, in a file whose name comes from them: once, however often it is done."""
    kept = aside / f"{path.stem}-{crc32(data):08x}.jsonl"
    aside.mkdir(mode=0o700, exist_ok=True)
    disk.write_atomically(kept, data)
    return kept.name
