"""Verifies the file of one room, and changes nothing in it.

Works beside a running hub: what is only half written at the moment is read again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from hub.errors import Refused
from hub.protocol import events
from hub.protocol.sent_file import SentFile
from hub.store import disk
from hub.store.header import NoHeader
from hub.store.history import History
from hub.store.reader import BLOCK
from hub.store.recover import READ_ONLY
from hub.tools.import_txt import IMPORTED

ATTEMPTS: Final = 5
"""How often a file with findings is read again while they change."""
RETRY_SECONDS: Final = 0.2
"""Seconds before a file is read again."""
ERASING_SECONDS: Final = 1.0
"""How long a busy hub may take from the event that erases a text until the text is gone."""
MAX_RANGES: Final = 50
"""How many ranges of message numbers a finding names."""


class Finding(NamedTuple):
    """A sentence for the report; `damaged` where a file of the hub's is not as it should be."""

    text: str
    damaged: bool = True


class Report(NamedTuple):
    """What a room's file holds, in messages, other events and bytes, and what was found in it.

    `imported` are the names of the older histories that were imported into it, and `files` the
    files of its messages, by the number of each; None where the file cannot be read.
    """

    messages: int
    others: int
    size: int
    findings: list[Finding]
    imported: frozenset[str] | None = None
    files: dict[int, list[SentFile]] | None = None

    @property
    def damaged(self) -> bool:
        return any(finding.damaged for finding in self.findings)


def verify_room(path: Path, room: str) -> Report:
    """Verify the file of `room` at `path`.

    A hub may be writing to it, so only findings that two reads in a row agree on count.
    """
    report = _read(path, room)
    for _ in range(ATTEMPTS):
        if not report.findings:
            break
        time.sleep(RETRY_SECONDS)
        before, report = report, _read(path, room)
        if report.findings == before.findings:
            break
        both = [finding for finding in report.findings if finding in before.findings]
        report = report._replace(findings=both)
    return report


def files_of(path: Path, room: str) -> dict[int, list[SentFile]] | None:
    """The files of a room's messages as they are now, as in a Report."""
    return _read(path, room).files


def count(number: int, thing: str) -> str:
    """Return '1 room' or '1,234 rooms'."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _read(path: Path, room: str) -> Report:
    others = _OtherEvents()
    try:
        history = History.open(path, room, path.parent, others.note, repair=False)
    except NoHeader:
        advice = [Finding(text) for text in _header_advice(path, room)]
        return Report(0, 0, _size(path), advice)
    except Refused as why:
        return Report(0, 0, 0, [Finding(why.message)])
    try:
        size = _size(path)
        findings = [*_damage(path, history), *_limits(path, history), *_not_erased(history, others)]
        lost = len(history.lost(1, history.last))
    except OSError as error:
        return Report(0, 0, 0, [Finding(f"It cannot be read: {error.strerror or error}.")])
    except Refused as why:
        return Report(0, 0, 0, [Finding(why.message)])
    finally:
        history.close()
    if not size:
        findings.append(Finding("The file is empty; the first message gives it a header.", False))
    messages = history.last - lost - others.count
    return Report(messages, others.count, size, findings, frozenset(others.imported), others.files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # it was removed just now
        return 0


class _OtherEvents:
    """The events that are not messages: how many, and what the report needs of them; `files` are
    those of messages.
    """

    def __init__(self) -> None:
        self.count = 0
        self.edits: dict[int, list[int]] = {}
        self.erased: list[int] = []
        self.imported: set[str] = set()
        self.files: dict[int, list[SentFile]] = {}
        self._with_file: dict[str, int] = {}

    def note(self, line: bytes) -> None:
        try:
            event = events.event_of(line)
        except ValueError:  # an event of a newer Hearth
            self.count += 1
            return
        if event.do == "say":
            if event.files:
                self.files[event.n] = event.files
                self._with_file.update((file.id, event.n) for file in event.files)
            return
        self.count += 1
        if event.do == "edit" and event.of is not None:
            self.edits.setdefault(event.of, []).append(event.n)
        elif event.do == "erase" and event.of is not None:
            self.erased.append(event.of)
            self.files.pop(event.of, None)
        elif event.do == "expire":
            for id_ in event.ids or ():
                n = self._with_file.pop(id_, 0)
                self.files[n] = [file for file in self.files.get(n, ()) if file.id != id_]
        elif event.do == IMPORTED and event.file is not None:
            self.imported.add(event.file)


def _header_advice(path: Path, room: str) -> Iterator[str]:
    """What to do about a file that does not begin with the header of a room."""
    header = events.line_of(events.Header(events.FORMAT, room)).decode().rstrip()
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
    """What is wrong with the file: where, and what that means."""
    lines = _line_numbers(path, history.places)
    for text, place in zip(history.damage, history.places, strict=True):
        meaning = next((after for words, after in _MEANINGS if words in text), "")
        yield Finding(f"line {lines[place]}, byte {place}: {text}{meaning}")
    if history.untold:
        yield Finding(f"and as much in {count(history.untold, 'more place')}")
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


def _line_numbers(path: Path, places: list[int]) -> dict[int, int]:
    """The number of the line, counted from 1, that contains the byte at each of the places."""
    lines: dict[int, int] = {}
    line, offset = 1, 0
    with open(disk.open_file(path, os.O_RDONLY), "rb") as file:
        for place in sorted(set(places)):
            while offset < place and (block := file.read(min(BLOCK, place - offset))):
                line += block.count(b"\n")
                offset += len(block)
            lines[place] = line
    return lines


def _limits(path: Path, history: History) -> Iterator[Finding]:
    """Why a hub would not write to this file."""
    if history.closed not in (None, READ_ONLY):
        yield Finding(str(history.closed), damaged=False)
    elif not path.stat().st_mode & 0o222:
        yield Finding("The file is marked read-only, so nobody can write here.", damaged=False)


def _not_erased(history: History, others: _OtherEvents) -> Iterator[Finding]:
    """Texts that were erased and are still in the file."""
    erased = [n for of in others.erased for n in (of, *others.edits.get(of, ()))]
    left = [n for n in erased if _has_text(history.line(n))]
    if left:
        time.sleep(ERASING_SECONDS)
        left = [n for n in left if _has_text(history.line(n))]
    if left:
        yield Finding(
            f"erased, but the text still stands in the file: {_ranges(sorted(set(left)))};"
            " the next start takes it out"
        )


def _has_text(line: bytes | None) -> bool:
    return line is not None and events.has_content(line)


def _ranges(numbers: list[int]) -> str:
    """Return rising numbers in words: "message 3", "messages 3, 7-9"."""
    ranges: list[list[int]] = []
    for n in numbers:
        if ranges and n == ranges[-1][1] + 1:
            ranges[-1][1] = n
        else:
            ranges.append([n, n])
    told = ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in ranges[:MAX_RANGES])
    if len(ranges) > MAX_RANGES:
        told += ", and others"
    return f"{'message' if len(numbers) == 1 else 'messages'} {told}"
