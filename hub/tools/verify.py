"""Verifies a hub's folder, changes nothing in it, and reports on each room and on the rest.

Works beside a running hub. Knows no event loop and no HTTP.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from hub.access.admission import Admission
from hub.access.devices import KIND, Devices
from hub.access.older import people_in
from hub.access.person import PERSON, person_in
from hub.errors import CannotStart, Refused
from hub.folder import Folder
from hub.names import room_name, room_of_file
from hub.open_ledger import OLDER_BYTES, newer
from hub.protocol.sent_file import SentFile
from hub.store import disk
from hub.store.journal import Group, groups_of
from hub.store.ledger_lines import Newer, read
from hub.store.replay import Compared, by_room, compare
from hub.tools.verify_files import look, verify_files
from hub.tools.verify_room import Finding, Report, count, verify_room

_HEARTHS_OWN: Final = {"README.md", "files", "hub", ".gitignore", ".gitkeep"}
"""Entries of the folder, besides rooms, that belong there."""


def verify(path: Path, say: Callable[[str], None] = print) -> int:
    """Verify the hub's folder at `path` and report with `say`, a line at a time.

    There is a line for each room, followed by the findings in it, then what else is in the folder,
    then a summary. Returns the exit status: 0 where all is well, 1 where something is damaged.
    Raises CannotStart where there is no folder that can be read.
    """
    folder = Folder(path.absolute())
    journal = list(_journal(folder))  # first: a running hub writes to the files before
    before = look(folder)
    rooms, strangers = _entries(folder)
    messages = damaged = 0
    imported: dict[str, frozenset[str] | None] = {}
    files: dict[str, dict[int, list[SentFile]] | None] = {}
    for room in rooms:
        report = verify_room(folder.room_file(room), room)
        messages += report.messages
        damaged += report.damaged
        imported[room] = report.imported
        files[room] = report.files
        say(_summary(room, report))
        for finding in report.findings:
            say(f"    {finding.text}")
    lacking = verify_files(folder, before, files, say)
    for name in strangers:
        say(f"{name}: {_stranger(folder.path / name, imported)}")
    obstacles, people = list(_obstacles(folder)), list(_people(folder))
    for finding in (*obstacles, *journal, *people, *_kept_aside(folder)):
        say(finding.text)
    verb = "is" if damaged == 1 else "are"
    well = "all is well" if not damaged else f"{count(damaged, 'room')} {verb} damaged"
    for findings, told in (
        (people, "the people are damaged"),
        (journal, "the journal is damaged"),
    ):
        if any(finding.damaged for finding in findings):
            well += f", and {told}" if damaged else f", but {told}"
            damaged += 1
    if lacking:
        told = f"files of {count(lacking, 'room')} are gone or changed"
        well += f", and {told}" if damaged else f", but {told}"
        damaged += 1
    if obstacles:
        well += ", but Hearth cannot start here" if not damaged else ", and Hearth cannot start"
        damaged += 1
    say(f"{folder.path}: {count(len(rooms), 'room')}, {count(messages, 'message')}, {well}.")
    return 1 if damaged else 0


def _entries(folder: Folder) -> tuple[list[str], list[str]]:
    """The rooms of a folder, and the names of entries that are not Hearth's, both sorted."""
    try:
        names = sorted(entry.name for entry in folder.path.iterdir())
    except OSError as error:
        raise CannotStart(
            f"{folder.path} cannot be read: {error.strerror}. Name the hub's folder with --rooms."
        ) from error
    rooms: list[str] = []
    strangers: list[str] = []
    for name in names:
        room = room_of_file(name) if name.endswith(".jsonl") else None
        if room is not None and os.path.lexists(folder.room_file(room)):
            rooms.append(room)
        elif name not in _HEARTHS_OWN:
            strangers.append(name)
    return rooms, strangers


def _summary(room: str, report: Report) -> str:
    well = "DAMAGED" if report.damaged else "good"
    others = f", {count(report.others, 'other event')}" if report.others else ""
    return f"{room}: {count(report.messages, 'message')}{others}, {report.size:,} bytes, {well}"


def _stranger(path: Path, imported: Mapping[str, frozenset[str] | None]) -> str:
    """What an entry is that is not Hearth's; `imported` is that of each room's Report."""
    if path.suffix == ".jsonl":
        return (
            "not a room, as no room can be called so; Hearth leaves it alone. A copy"
            " that another program made may hold messages that the room's own file lacks."
        )
    if path.suffix == ".txt":
        if not _is_file(path):
            return "a link, or no file at all; Hearth leaves it alone"
        return _older_history(path, imported)
    if path.name.endswith(".new"):
        return "left by a start that was cut off; it can be removed"
    return "not a room; Hearth leaves it alone"


def _older_history(path: Path, imported: Mapping[str, frozenset[str] | None]) -> str:
    """Whether an older history was imported."""
    try:
        room = room_name(path.stem)
    except Refused:
        return "an older history, but no room can be called so; Hearth leaves it alone"
    names = imported.get(room, frozenset())
    if names is None:
        return (
            f"an older history; whether it was taken in cannot be told, as the file of the room"
            f" {room} cannot be read"
        )
    if path.name in names:
        return "an older history, already taken in; Hearth leaves it alone"
    return "an older history, not taken in yet; the next start does so if it holds messages"


def _is_file(path: Path) -> bool:
    return path.is_file() and not disk.is_link(path)


def _obstacles(folder: Folder) -> Iterator[Finding]:
    """What is in the place of the hub's own files and keeps it from starting."""
    for path in (folder.hub, folder.torn):
        if disk.is_link(path):
            yield Finding(f"{path.relative_to(folder.path)}: a link. Put the folder in its place.")
    for path in folder.own_files:
        try:
            os.close(disk.open_file(path, os.O_RDONLY))
        except disk.Unfit as error:
            yield Finding(f"{path.relative_to(folder.path)}: {error.strerror}. Move it away.")
        except OSError:  # missing, or not readable by this user
            continue


def _journal(folder: Folder) -> Iterator[Finding]:
    """What the journal holds and the rooms' files lack: there is such only after a crash."""
    try:
        rooms = by_room(groups_of(folder.hub))
    except disk.Unfit:  # it is told as what keeps Hearth from starting
        return
    except OSError as error:
        yield Finding(f"Journal: it cannot be read: {error.strerror}.")
        return
    for room, groups in rooms.items():
        found = _compared(folder.room_file(room), groups)
        if found.lacking:
            yield Finding(
                f"Journal: {count(len(found.lacking), 'line')} of the room {room} that its file"
                " lacks; the next start puts them back.",
                damaged=False,
            )
        if found.unplaced:
            lines = sum(len(group.lines) for group in found.unplaced)
            yield Finding(
                f"Journal: {count(lines, 'line')} of the room {room} without a place in its"
                f" file; the next start keeps them in {folder.torn.relative_to(folder.path)}.",
                damaged=False,
            )


def _compared(path: Path, groups: list[Group]) -> Compared:
    """What the file lacks of these groups; none have a place in one that cannot be read."""
    try:
        fd = disk.open_file(path, os.O_RDONLY)
    except OSError:
        return Compared([], groups)
    try:
        return compare(fd, groups)
    except OSError:
        return Compared([], groups)
    finally:
        os.close(fd)


def _people(folder: Folder) -> Iterator[Finding]:
    """The state of the ledger, or of the files that the next start takes in as one."""
    file = folder.ledger_file
    try:
        yield from _ledger(file)
    except FileNotFoundError:
        yield from _older_people(folder)
    except disk.Unfit:  # it is told as what keeps Hearth from starting
        pass
    except Newer:
        yield Finding(f"People: {newer(file)}")
    except OSError as error:
        yield Finding(f"People: {file.name} cannot be read: {error.strerror}.")
    else:
        left = [x.name for x in folder.older_files if os.path.lexists(x)]
        if left:
            yield Finding(
                f"People: an older Hearth left {', '.join(left)}; the next start puts that aside.",
                damaged=False,
            )
    for kept in sorted(folder.hub.glob(f"{folder.older_people.stem}*.damaged-*")):
        yield Finding(f"People: a damaged file is kept as {kept.name}.", damaged=False)


def _ledger(file: Path) -> Iterator[Finding]:
    """Raises Newer, OSError."""
    fd = disk.open_file(file, os.O_RDONLY)
    try:
        found = read(fd, file.name, logged=False)
        size = os.fstat(fd).st_size
    finally:
        os.close(fd)
    people = [person_in(value) for value in found.keys.group(PERSON).values()]
    devices = found.keys.group(KIND)
    unread = people.count(None) + len(devices) - len(Devices(found.keys, time.time).known)
    unread += Admission(found.keys).unread
    if unread:
        yield Finding(f"People: {file.name} has {count(unread, 'key')} that cannot be read.")
    for sentence in found.damage.sentences:
        yield Finding(
            f"People: {file.name} is {sentence}; the next start takes what can be read, keeps a"
            " copy, and lets nobody new in until a host says so."
        )
    if found.damage.untold:
        more = count(found.damage.untold, "more place")
        yield Finding(f"People: {more} {'is' if found.damage.untold == 1 else 'are'} damaged.")
    if not (unread or found.damage.places):
        number = len(people)
        yield Finding(
            f"People: {file.name} is good, {'1 person' if number == 1 else f'{number:,} people'},"
            f" {size:,} bytes.",
            damaged=False,
        )
    if found.size < found.end:
        torn = count(found.end - found.size, "byte")
        yield Finding(
            f"People: the last {torn} of {file.name} are not whole, as after a crash or in a copy"
            " of a running hub's folder; the next start puts them aside.",
            damaged=False,
        )


def _older_people(folder: Folder) -> Iterator[Finding]:
    """What an older Hearth left."""
    file, last = folder.older_people, folder.older_people.with_suffix(".last")
    if file.is_dir():
        yield Finding(
            f"People: {folder.ledger_file.name} is missing; everybody has to come in anew."
        )
        return
    state = _people_in(file)
    if state is None and not last.exists():
        yield Finding("People: nobody has come in yet.", damaged=False)
    elif state is None:
        before = _people_in(last)
        good = before is not None and not before.damaged
        yield Finding(
            f"People: {file.name} is missing; the next start takes {last.name}"
            + (" instead." if good else ", which is damaged too."),
            damaged=not good,
        )
    else:
        yield state


def _people_in(file: Path) -> Finding | None:
    try:
        data = disk.read_file(file, OLDER_BYTES)
        people_in(data)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Finding(f"People: {file.name} cannot be read: {error.strerror}.")
    except (ValueError, RecursionError) as error:
        return Finding(f"People: {file.name} is damaged: {error}.")
    return Finding(
        f"People: {file.name} is good, {len(data):,} bytes; the next start takes it in.",
        damaged=False,
    )


def _kept_aside(folder: Folder) -> Iterator[Finding]:
    """What earlier starts cut off a file and kept."""
    try:
        kept = [entry for entry in folder.torn.iterdir() if entry.is_file()]
    except OSError:
        return
    if kept:
        size = sum(entry.stat().st_size for entry in kept)
        yield Finding(
            f"Kept aside in {folder.torn.relative_to(folder.path)}: {count(len(kept), 'file')},"
            f" {size:,} bytes.",
            damaged=False,
        )
