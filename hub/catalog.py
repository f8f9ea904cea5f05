"""The catalog: one file with the records of all rooms at rest, so that a start opens none of them.

It only saves reading. A record counts while the room's file has the size and the time that it had,
and a catalog that is missing, older or damaged counts for nothing.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Container, Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Final, NamedTuple

from msgspec import msgpack

from hub.names import file_name
from hub.resting import STAMP
from hub.rooms_at_rest import RoomsAtRest
from hub.store import disk

log = logging.getLogger(__name__)

HEAD: Final = b"hearth rooms 2\n"
"""How a catalog begins; the number is that of its form."""
SUM_BYTES: Final = 16
MOST_BYTES: Final = 1 << 30
"""Bytes of the largest catalog that is read."""

_USELESS: Final = "%s cannot be used, so all rooms are read anew: %s"
_decoder: Final = msgpack.Decoder(dict[str, bytes])


class Known(NamedTuple):
    """The rooms of a folder whose records count, and the names of all other files of rooms."""

    at_rest: RoomsAtRest
    files: list[str]


def write(path: Path, records: Mapping[str, bytes]) -> None:
    """Replace the catalog. Nobody waits for the disk: one that is cut short counts for nothing.

    Raises OSError.
    """
    body = msgpack.encode(records)
    disk.write_atomically(path, b"".join((HEAD, _sum(body), body)), synced=False)


def read(path: Path) -> dict[str, bytes]:
    """The records of a catalog, none of one that counts for nothing."""
    try:
        data = disk.read_file(path, MOST_BYTES)
        start = len(HEAD) + SUM_BYTES
        body = memoryview(data)[start:]
        if data[:start] != HEAD + _sum(body):
            raise ValueError("it is damaged, or another Hearth's")
        return _decoder.decode(body)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as why:
        log.warning(_USELESS, path.name, why)
        return {}


def look(path: Path, folder: Path, no_room: Container[str] = ()) -> Known:
    """Compare the catalog at `path` with the files of a folder; `no_room` are not at rest."""
    records = read(path)
    try:
        files = _compare(records, folder, no_room)
        return Known(RoomsAtRest(records), files)
    except ValueError as why:
        log.warning(_USELESS, path.name, why)
        return Known(RoomsAtRest({}), sorted([*files, *map(file_name, records)]))
    except OSError as why:
        log.error("%s cannot be listed: %s", folder, why)
        return Known(RoomsAtRest({}), [])


def _compare(records: dict[str, bytes], folder: Path, no_room: Container[str]) -> list[str]:
    """Take out the records that do not count; gives the names of the files without one."""
    files, known = [], 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.endswith(".jsonl"):
                continue
            name = entry.name[: -len(".jsonl")]
            record = records.get(name)
            if record is not None and name not in no_room and _is_same(entry, record):
                known += 1
            else:
                records.pop(name, None)
                files.append(entry.name)
    if known < len(records):
        for name in records.keys() - {x[: -len(".jsonl")] for x in os.listdir(folder)}:
            del records[name]
    return sorted(files)


def _is_same(entry: os.DirEntry[str], record: bytes) -> bool:
    """Whether a file is as it was when the record was made."""
    try:
        there = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    same = record.startswith(STAMP.pack(there.st_size, there.st_mtime_ns))
    return same and S_ISREG(there.st_mode)


def _sum(body: bytes | memoryview) -> bytes:
    return hashlib.blake2b(body, digest_size=SUM_BYTES).digest()
