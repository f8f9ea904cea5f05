"""Reads a hub's folder, changes nothing in it, and tells how each room's file is.

Works beside a running hub: what is only half written at the moment is looked at again.
Knows no event loop and no HTTP.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from hub.access.people import People
from hub.errors import CannotStart, Refused
from hub.folder import Folder
from hub.names import room_name, room_of_file
from hub.protocol import events
from hub.protocol.events import FORMAT, Header
from hub.store import disk
from hub.store.header import NoHeader
from hub.store.history import History
from hub.store.reader import BLOCK
from hub.store.recover import READ_ONLY
from hub.store.snapshot import SNAPSHOT_BYTES

LOOKS: Final = 5
"""How often a file in which something was found is looked at again while that changes."""
RUNS: Final = 50
"""How many runs of numbers are told of."""
BETWEEN: Final = 0.2
"""How long, in seconds, is waited before the next look."""

_OURS: Final = {"README.md", "files", "hub", ".gitignore", ".gitkeep"}


class Finding(NamedTuple):
    """One thing to tell; `damaged` where something of the hub's is not as it should be."""

    text: str
    damaged: bool = True


class Condition(NamedTuple):
    """How a room's file is: how many messages and other events it holds, and what was found.

    `taken` are the older histories that were taken in; None where the file cannot be read.
    """

    messages: int
    others: int
    size: int
    findings: list[Finding]
    taken: frozenset[str] | None = None

    @property
    def damaged(self) -> bool:
        return any(finding.damaged for finding in self.findings)


def check(path: Path, say: Callable[[str], None] = print) -> int:
    """Look through the hub's folder at `path` and say what is there, a line at a time.

    A line for each room, below it what was found in it, then what is there besides, then a
    summary. Gives the exit status: 0 where all is well, 1 where something is damaged. Raises
    CannotStart where there is no folder that can be read.
    """
    folder = Folder(path.absolute())
    rooms, strangers = _entries(folder)
    messages = damaged = 0
    taken: dict[str, frozenset[str] | None] = {}
    for room in rooms:
        condition = condition_of(folder.room_file(room), room)
        messages += condition.messages
        damaged += condition.damaged
        taken[room] = condition.taken
        say(_told(room, condition))
        for finding in condition.findings:
            say(f"    {finding.text}")
    for name in strangers:
        say(f"{name}: {_stranger(folder.path / name, taken)}")
    own = list(_own(folder))
    for finding in own:
        say(finding.text)
    people = list(_people(folder))
    for finding in people:
        say(finding.text)
    for finding in _aside(folder):
        say(finding.text)
    verb = "is" if damaged == 1 else "are"
    well = "all is well" if not damaged else f"{_count(damaged, 'room')} {verb} damaged"
    if any(finding.damaged for finding in people):
        well += ", and the people are damaged" if damaged else ", but the people are damaged"
        damaged += 1
    if own:
        well += ", but Hearth cannot start here" if not damaged else ", and Hearth cannot start"
        damaged += 1
    say(f"{folder.path}: {_count(len(rooms), 'room')}, {_count(messages, 'message')}, {well}.")
    return 1 if damaged else 0


def condition_of(path: Path, room: str) -> Condition:
    """How the file of `room` at `path` is; nothing is changed in it.

    A hub may be writing to it at the moment, so only what two looks in a row find counts.
    """
    condition = _look(path, room)
    for _ in range(LOOKS):
        if not condition.findings:
            break
        time.sleep(BETWEEN)
        before, condition = condition, _look(path, room)
        if condition.findings == before.findings:
            break
        both = [finding for finding in condition.findings if finding in before.findings]
        condition = condition._replace(findings=both)
    return condition


def _entries(folder: Folder) -> tuple[list[str], list[str]]:
    """The rooms of a folder by name, and the names of the entries that are none of Hearth's."""
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
        elif name not in _OURS:
            strangers.append(name)
    return rooms, strangers


def _stranger(path: Path, taken: Mapping[str, frozenset[str] | None]) -> str:
    """What an entry is that is none of Hearth's; `taken` is that of each room's Condition."""
    if path.suffix == ".jsonl":
        return (
            "not a room, as no room can be called so; Hearth leaves it alone. A copy"
            " that another program made may hold messages that the room's own file lacks."
        )
    if path.suffix == ".txt":
        return (
            _older(path, taken)
            if _is_file(path)
            else ("a link, or no file at all; Hearth leaves it alone")
        )
    if path.name.endswith(".new"):
        return "left by a start that was cut off; it can be removed"
    return "not a room; Hearth leaves it alone"


def _older(path: Path, taken: Mapping[str, frozenset[str] | None]) -> str:
    """Whether a plain history was taken in."""
    try:
        room = room_name(path.stem)
    except Refused:
        return "an older history, but no room can be called so; Hearth leaves it alone"
    names = taken.get(room, frozenset())
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


def _look(path: Path, room: str) -> Condition:
    others = _Others()
    try:
        history = History.open(path, room, path.parent, others.note, repair=False)
    except NoHeader:
        advice = [Finding(text) for text in _without_header(path, room)]
        return Condition(0, 0, _size(path), advice)
    except Refused as why:
        return Condition(0, 0, 0, [Finding(why.message)])
    try:
        size = _size(path)
        findings = [*_damage(path, history), *_limits(path, history), *_erased(history, others)]
        lost = len(history.lost(1, history.last))
    except OSError as error:
        return Condition(0, 0, 0, [Finding(f"It cannot be read: {error.strerror or error}.")])
    except Refused as why:
        return Condition(0, 0, 0, [Finding(why.message)])
    finally:
        history.close()
    if not size:
        findings.append(Finding("The file is empty; the first message gives it a header.", False))
    said = history.last - lost - others.count
    return Condition(said, others.count, size, findings, frozenset(others.taken))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # it was taken away just now
        return 0


class _Others:
    """What `check` has to know of the events that are no messages."""

    def __init__(self) -> None:
        self.count = 0
        self.edits: dict[int, list[int]] = {}
        self.erased: list[int] = []
        self.taken: set[str] = set()

    def note(self, line: bytes) -> None:
        self.count += 1
        try:
            event = events.event_of(line)
        except ValueError:  # a later Hearth's kind of event
            return
        if event.do == "edit" and event.of is not None:
            self.edits.setdefault(event.of, []).append(event.n)
        elif event.do == "erase" and event.of is not None:
            self.erased.append(event.of)
        elif event.do == "taken" and event.file is not None:
            self.taken.add(event.file)


def _without_header(path: Path, room: str) -> Iterator[str]:
    """What to do about a file that does not begin as a room's history does."""
    header = events.line_of(Header(FORMAT, room)).decode().rstrip()
    yield (
        "line 1: this is not the header of a room, so Hearth neither shows nor changes the file."
        f" If it is not the history of the room {room}, call it something else than {path.name}."
    )
    yield (
        "If it is: stop Hearth, keep a copy of the file, open it in a text editor, put the next"
        " line, as it is, before all others, save it as UTF-8 text, and start Hearth again."
    )
    yield header


def _damage(path: Path, history: History) -> Iterator[Finding]:
    """What is wrong with the file, with its place in it, and what that means."""
    rows = _lines_at(path, history.places)
    for text, place in zip(history.damage, history.places, strict=True):
        meaning = next((x for words, x in _MEANINGS if words in text), "")
        yield Finding(f"line {rows[place]}, byte {place}: {text}{meaning}")
    if history.untold:
        yield Finding(f"and as much in {_count(history.untold, 'more place')}")
    if history.crlf:
        yield Finding(
            "Lines end in CRLF, as git or an editor under Windows leaves them; that does no harm.",
            damaged=False,
        )
    lost = history.lost(1, history.last)
    if lost:
        yield Finding(f"lost: {_ranges(lost)}")


_MEANINGS: Final = (
    ("header is missing", "; the messages are served all the same"),
    (" torn", "; the next start keeps them aside and cuts them off"),
    ("lacks its end", "; the message is whole, and the next start ends the line"),
    ("stands twice", "; nothing is lost"),
    ("damaged near", "; what stands there is kept in the file and passed over"),
)


def _lines_at(path: Path, places: list[int]) -> dict[int, int]:
    """The number of the line, from 1, in which each of these bytes stands."""
    rows: dict[int, int] = {}
    row, where = 1, 0
    with open(disk.open_file(path, os.O_RDONLY), "rb") as file:
        for place in sorted(set(places)):
            while where < place and (taken := file.read(min(BLOCK, place - where))):
                row += taken.count(b"\n")
                where += len(taken)
            rows[place] = row
    return rows


def _limits(path: Path, history: History) -> Iterator[Finding]:
    """Why a hub would not write to this file."""
    if history.closed not in (None, READ_ONLY):
        yield Finding(str(history.closed), damaged=False)
    elif not path.stat().st_mode & 0o222:
        yield Finding("The file is marked read-only, so nobody can write here.", damaged=False)


def _erased(history: History, others: _Others) -> Iterator[Finding]:
    """Texts that were erased and still stand in the file."""
    erased = [n for of in others.erased for n in (of, *others.edits.get(of, ()))]
    left = [n for n in erased if _has_text(history.line(n))]
    if left:
        yield Finding(
            f"erased, but the text still stands in the file: {_ranges(sorted(set(left)))};"
            " the next start takes it out"
        )


def _has_text(line: bytes | None) -> bool:
    return line is not None and bool(events.members_of(line).get("text"))


def _own(folder: Folder) -> Iterator[Finding]:
    """What stands in the place of the hub's own files and keeps it from starting."""
    for path in (folder.hub, folder.torn):
        if disk.is_link(path):
            yield Finding(f"{path.relative_to(folder.path)}: a link. Put the folder in its place.")
    for path in folder.own_files:
        try:
            os.close(disk.open_file(path, os.O_RDONLY))
        except disk.Unfit as error:
            yield Finding(f"{path.relative_to(folder.path)}: {error.strerror}. Move it away.")
        except OSError:  # not there, or another's
            continue


def _people(folder: Folder) -> Iterator[Finding]:
    """How the file of people is."""
    file, last = folder.people_file, folder.people_file.with_suffix(".last")
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
    for kept in sorted(folder.hub.glob(f"{file.stem}*.damaged-*")):
        yield Finding(f"People: a damaged file is kept as {kept.name}.", damaged=False)


def _people_in(file: Path) -> Finding | None:
    people = People()
    try:
        data = disk.read_file(file, SNAPSHOT_BYTES)
        people.load(data)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Finding(f"People: {file.name} cannot be read: {error.strerror}.")
    except ValueError as error:
        return Finding(f"People: {file.name} is damaged: {error}.")
    return Finding(f"People: {file.name} is good, {len(data):,} bytes.", damaged=False)


def _aside(folder: Folder) -> Iterator[Finding]:
    """What earlier starts cut off and kept."""
    try:
        kept = [entry for entry in folder.torn.iterdir() if entry.is_file()]
    except OSError:
        return
    if kept:
        size = sum(entry.stat().st_size for entry in kept)
        yield Finding(
            f"Kept aside in {folder.torn.relative_to(folder.path)}: {_count(len(kept), 'file')},"
            f" {size:,} bytes.",
            damaged=False,
        )


def _told(room: str, condition: Condition) -> str:
    well = "DAMAGED" if condition.damaged else "good"
    others = f", {_count(condition.others, 'other event')}" if condition.others else ""
    return (
        f"{room}: {_count(condition.messages, 'message')}{others}, {condition.size:,} bytes, {well}"
    )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _ranges(numbers: list[int]) -> str:
    """Rising numbers in words: "message 3", "messages 3, 7-9"."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    told = ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs[:RUNS])
    if len(runs) > RUNS:
        told += ", and others"
    return f"{'message' if len(numbers) == 1 else 'messages'} {told}"
