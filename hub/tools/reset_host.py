"""Gets the host back in from the computer itself: broken settings aside, lost passwords off."""

from __future__ import annotations

import secrets

from hub import config
from hub.access.people import People
from hub.errors import CannotStart
from hub.folder import Folder, starting
from hub.open_ledger import open_ledger
from hub.store import disk
from hub.store.ledger_lines import line_of


def reset_host(folder: Folder) -> list[str]:
    """Make a folder, whose lock is held, one that its host can start and enter.

    A settings file that cannot be read is renamed. Hosts lose their passwords
    and no more: the name is taken back by saying it in the window or with the ticket. Returns a
    sentence for each thing done. Raises CannotStart where a file cannot be read or written.
    """
    with starting(folder.ledger_file):
        return _reset(folder)


def _reset(folder: Folder) -> list[str]:
    done = []
    try:
        config.load(folder.settings_file, {}, [])
    except CannotStart:
        aside = folder.settings_file.with_name(f"settings.broken-{secrets.token_hex(4)}.toml")
        disk.replace(folder.settings_file, aside)
        done.append(f"The settings could not be read; they are kept as {aside}.")
    ledger = open_ledger(folder)
    people = People(ledger.keys)
    lines: list[bytes] = []
    ledger.keys.watch(lambda changes: lines.append(line_of(changes)))
    for person in people.all():
        if person.host and (person.password is not None or person.banned):
            people.update(person, password=None)
            people.ban(person, False)
            done.append(f"{person.name} is host without a password now.")
    if lines:
        if ledger.file.sound:
            ledger.file.append(b"".join(lines))
        else:
            ledger.file.write_whole(ledger.keys)
    ledger.file.close()
    return done
