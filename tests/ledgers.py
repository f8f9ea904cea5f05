"""A ledger's file: read by a second pair of eyes, and changed while no hub runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hub.access.records import Changes
from hub.folder import Folder
from hub.hub import Hub
from hub.open_ledger import open_ledger
from hub.store.ledger_lines import line_of
from tests.faults.record import is_whole


def kept_in(path: Path) -> dict[str, Any]:
    """What the file of a ledger holds; fails where a line is not whole, or the header is missing.

    A running hub may be about to end the last line: that one does not count.
    """
    data = path.read_bytes()
    unused = len(data) - len(data.rstrip(b"\n"))
    header, *lines = data[: len(data) - max(0, unused - 1)].splitlines(keepends=True)
    assert json.loads(header)["ledger"] == 1
    if lines and not lines[-1].endswith(b"\n"):
        lines.pop()
    items: dict[str, Any] = {}
    for line in (header, *lines):
        assert is_whole(line), f"{path.name}: {line!r}"
        for key, value in json.loads(line).items():
            items.pop(key, None) if value is None else items.update({key: value})
    for key in ("ledger", "batch", "crc"):
        del items[key]
    return items


def people_in(path: Path) -> list[dict[str, Any]]:
    """The people in the file of a ledger."""
    return [value for key, value in kept_in(path).items() if key.startswith("person/")]


def put(folder: Folder, changes: dict[str, bytes | None]) -> None:
    """Change the ledger of a folder on which no hub runs."""
    _, file = open_ledger(folder)
    file.append(line_of(changes))
    file.close()


def set_devices(hub: Hub, who: str, **members: Any) -> None:
    """Set members of all devices of a person."""
    changes = Changes(hub.keys)
    hub.people.devices.changing_of(changes, who, programs=True, **members)
    changes.put()
