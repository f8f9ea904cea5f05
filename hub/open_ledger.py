"""Opens the ledger of a folder, and takes in once what an older Hearth kept in its place."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from hub.access.admission import Admission
from hub.access.older import door_in, people_in
from hub.access.person import LOOKS, prepare
from hub.errors import CannotStart
from hub.folder import Folder
from hub.keys import Keys
from hub.store import disk
from hub.store.ledger_file import LedgerFile, created, opened
from hub.store.ledger_lines import Newer

log = logging.getLogger(__name__)

OLDER_BYTES: Final = 1 << 28
"""Most bytes of an older file that is read."""
README: Final = b"""\
Hearth keeps people, their devices and who may come in in the file ledger.jsonl, beside this folder.

This folder stands where an older Hearth had the file people.json, so that such a one does not
start: it would know nobody, and let everybody in. What it left is kept in here, and may be deleted
once nobody wants to go back to it: it holds hashes of passwords of that time. Leave the folder.
"""


class Opened(NamedTuple):
    keys: Keys
    file: LedgerFile


def open_ledger(folder: Folder) -> Opened:
    """The ledger of a folder whose lock is held; it is made where it is missing.

    Where any of it was lost, who may come in may be lost: nobody new may until a host says so.
    Raises CannotStart where a newer Hearth wrote it, OSError where it cannot be read or written.
    """
    path = folder.ledger_file
    try:
        file, found = opened(path, folder.torn)
    except Newer:
        raise newer(path) from None
    except FileNotFoundError:
        keys = _older(folder)
        file = created(path, keys)
    else:
        keys = found.keys
        if found.damage.places:
            keys.take(LOOKS, None)  # a name may be lost of somebody who is not
            shut(Admission(keys))  # and kept so, as what is damaged is written anew
    _guard(folder)
    return Opened(keys, file)


def shut(admission: Admission) -> None:
    """Let nobody new in until a host says otherwise."""
    log.error(
        "Who may come in cannot be read: nobody new may until a host says so. Somebody may be"
        " banned no longer: a host should look through the people."
    )
    admission.set_mode("login")


def newer(path: Path) -> CannotStart:
    return CannotStart(
        f"A newer Hearth wrote {path}. Start that one, or choose another folder with --rooms."
    )


def _older(folder: Folder) -> Keys:
    """What an older Hearth kept."""
    if folder.older_people.is_dir():
        log.error("%s is missing: everybody has to come in anew", folder.ledger_file.name)
        keys, well = Keys(), False
    else:
        people, _ = _read(folder.older_people, people_in)
        door, well = _read(folder.older_door, door_in)
        keys = Keys(people | door)
        prepare(keys)  # so that the file has who holds which name
    if not well:
        shut(Admission(keys))
    return keys


def _read(
    file: Path, items_in: Callable[[bytes], dict[str, bytes]]
) -> tuple[dict[str, bytes], bool]:
    """What a file holds, or else the state before it.

    Gives whether the newest state could be read too. Raises OSError.
    """
    well = True
    for each in (file, file.with_suffix(".last")):
        try:
            return items_in(disk.read_file(each, OLDER_BYTES)), well
        except FileNotFoundError:
            continue
        except (ValueError, RecursionError):
            log.error("%s is damaged", each.name)
            well = False
    return {}, well


def _guard(folder: Folder) -> None:
    """Put a folder in the place of people.json, with what an older Hearth left: see README.

    Whatever it left later, its own people, is not taken in.
    """
    guard = folder.older_people
    made = not guard.is_dir() or disk.is_link(guard)
    place = guard.with_name(f".{guard.name}.new") if made else guard
    left = [file for file in folder.older_files if os.path.lexists(file) and file != place]
    if not (made or left):
        return
    place.mkdir(mode=0o700, exist_ok=True)
    disk.write_atomically(place / "README.txt", README)
    for file in left:
        to = place / file.name
        if os.path.lexists(to):
            to = place / f"{file.name}-{secrets.token_hex(4)}"
        disk.replace(file, to)
        log.warning("%s of an older Hearth is kept as %s/%s", file.name, guard.name, to.name)
    disk.sync_folder(place)
    if made:
        disk.replace(place, guard)
    disk.sync_folder(guard.parent)
