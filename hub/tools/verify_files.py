"""Verifies the files of messages: whether each is there as it was sent, and what is there besides.

Changes nothing and follows no link. Works beside a running hub.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from hub.files.preview import preview_name
from hub.files.safe_names import is_plain
from hub.folder import Folder
from hub.protocol.sent_file import SentFile
from hub.store import disk
from hub.tools.verify_room import count
from hub.tools.verify_room_files import (
    Borne,
    FileKeys,
    RoomFiles,
    composed,
    file_keys,
    listed,
    names_of,
)

_OWN: Final = {".gitignore", ".gitkeep", "README.md"}
_RANDOM: Final = re.compile("[0-9a-f]{32}")  # what parts and previews are called


class Before(NamedTuple):
    """What there was before the rooms were read: see `look`."""

    previews: list[str]
    known: set[str]


def look(folder: Folder) -> Before:
    """Look for what a room has to know later on; called before the rooms are read."""
    names = [] if disk.is_link(folder.previews) else names_of(folder.previews)
    previews = [name for name in names if _RANDOM.fullmatch(name)]
    ledger = file_keys(folder)
    ids = [(upload.room, upload.id) for upload in ledger.uploads]
    ids += [(room, file.id) for room, file in ledger.doomed]
    return Before(previews, {preview_name(room, id_) for room, id_ in ids})


def verify_files(
    folder: Folder, before: Before, rooms: Mapping[str, Borne | None], say: Callable[[str], None]
) -> int:
    """Verify the files of all rooms and report with `say`, a line at a time.

    `rooms` has what each room's messages bear, None where that is unknown. Those in which
    something is found come last. Gives the number of rooms of which files are gone or changed.
    """
    odd: list[RoomFiles] = []
    for room, borne in rooms.items():
        found = RoomFiles(folder, room, borne)
        if found.is_odd:
            odd.append(found)
        elif found.number:
            say(found.summary)
    foreign = [name for name in names_of(folder.files) if _is_foreign(folder, name, rooms)]
    ledger = file_keys(folder)
    damaged = 0
    for found in odd:
        found.look_again(ledger)
        damaged += bool(found.damage)
        if found.is_odd or found.number:
            say(found.summary)
            for text in found.sentences():
                say(f"    {text}")
    for text in _rest(folder, ledger, foreign, rooms):
        say(text)
    stray = _stray_previews(before, rooms)
    number, size = _sizes(folder.previews / name for name in stray)
    if number:
        say(f"Previews: {number:,} of no file, {count(size, 'byte')}; they can be removed.")
    return damaged


def _is_foreign(folder: Folder, name: str, rooms: Mapping[str, Borne | None]) -> bool:
    return composed(name) not in rooms and name not in {folder.unfinished.name, *_OWN}


def _rest(
    folder: Folder, ledger: FileKeys, foreign: list[str], rooms: Mapping[str, Borne | None]
) -> Iterator[str]:
    """What is in the folder of files besides those of rooms."""
    foreign = [x for x in foreign if not _has_become_a_room(folder, x, ledger)]
    if foreign:
        yield f"files: of no room, and Hearth leaves alone: {listed(folder.files, foreign)}"
    linked = disk.is_link(folder.unfinished)
    paths = [] if linked else [folder.unfinished / x for x in names_of(folder.unfinished)]
    number, size = _sizes(paths)
    waiting = _waiting(ledger, rooms)
    if waiting or number:
        yield (
            f"Uploads: {waiting:,} without a message so far, and"
            f" {count(number, 'part')} in files/.unfinished, {count(size, 'byte')}. Hearth removes"
            " what nobody goes on with after a day."
        )
    if linked:
        yield "files/.unfinished: a link. Put the folder in its place."
    number, size = _sizes(
        folder.files / room / file.name
        for room, file in ledger.doomed
        if is_plain(file.name) and not _bears(rooms.get(room), file)
    )
    if number:
        yield (
            f"Removed: {count(number, 'file')} of messages that are gone, {count(size, 'byte')};"
            " the next start removes that too."
        )


def _waiting(ledger: FileKeys, rooms: Mapping[str, Borne | None]) -> int:
    """How many uploads have no message: a running hub forgets one a moment after that is there."""
    asked = {upload.room for upload in ledger.uploads}
    borne = {
        (room, file.id)
        for room in asked
        for files in (rooms.get(room) or {}).values()
        for file in files
    }
    return sum((upload.room, upload.id) not in borne for upload in ledger.uploads)


def _has_become_a_room(folder: Folder, name: str, ledger: FileKeys) -> bool:
    """Whether there is a room of this name by now, or is about to be, or was until now."""
    room = composed(name)
    if os.path.lexists(folder.files.parent / f"{room}.jsonl") or ledger.placed(room):
        return True
    removed = ledger.removed(room)
    path = folder.files / name
    return bool(removed) and not disk.is_link(path) and {*map(composed, names_of(path))} <= removed


def _bears(borne: Borne | None, file: SentFile) -> bool:
    return any(file.id == x.id for files in (borne or {}).values() for x in files)


def _stray_previews(before: Before, rooms: Mapping[str, Borne | None]) -> list[str]:
    """The previews that belong to nothing; none while it is unknown what some room has."""
    if not before.previews or None in rooms.values():
        return []
    known = before.known | {
        preview_name(room, file.id)
        for room, borne in rooms.items()
        for files in (borne or {}).values()
        for file in files
    }
    return [name for name in before.previews if name not in known]


def _sizes(paths: Iterable[Path]) -> tuple[int, int]:
    """How many of these files there are, and how many bytes they have."""
    sizes = []
    for path in paths:
        try:
            sizes.append(path.lstat().st_size)
        except OSError:
            continue
    return len(sizes), sum(sizes)
