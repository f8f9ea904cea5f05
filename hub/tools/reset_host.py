"""Gets the host back in from the computer itself: broken settings aside, lost passwords off."""

from __future__ import annotations

import secrets

from hub import config
from hub.access.people import People
from hub.errors import CannotStart
from hub.folder import Folder, starting
from hub.store import disk
from hub.store.snapshot import SNAPSHOT_BYTES


def reset_host(folder: Folder) -> list[str]:
    """Make a folder, whose lock is held, one that its host can start and enter.

    A settings file that cannot be read is renamed. Hosts lose their passwords
    and no more: the name is taken back by saying it in the window or with the ticket. Returns a
    sentence for each thing done. Raises CannotStart where a file cannot be read or written.
    """
    with starting(folder.people_file):
        return _reset(folder)


def _reset(folder: Folder) -> list[str]:
    done = []
    try:
        config.load(folder.settings_file, {}, [])
    except CannotStart:
        aside = folder.settings_file.with_name(f"settings.broken-{secrets.token_hex(4)}.toml")
        disk.replace(folder.settings_file, aside)
        done.append(f"The settings could not be read; they are kept as {aside}.")
    people = People()
    for file in (folder.people_file, folder.people_file.with_suffix(".last")):
        try:
            people.load(disk.read_file(file, SNAPSHOT_BYTES))
            break
        except (FileNotFoundError, ValueError):  # the hub keeps a damaged one aside at its start
            continue
    else:
        return done
    for person in people.all():
        if person.host and (person.password is not None or person.banned):
            people.update(person, password=None)
            people.ban(person, False)
            done.append(f"{person.name} is host without a password now.")
    if done:
        disk.write_atomically(file, people.dump())
    return done
