"""Takes out of libraries where their maker's machine had others (DT_RPATH, DT_RUNPATH).

The program looks for its libraries in its own folder. A path of the machine that it was built on
would say which one that was, and be looked into wherever it runs.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

_ELF64_LITTLE: Final = b"\x7fELF\x02\x01"
_DYNAMIC: Final = 2
_NULL, _RPATH, _RUNPATH = 0, 15, 29
_WIDTH: Final = 16
"""Bytes of an entry of the dynamic section: its tag and its value."""


def removed(toc: list[tuple[str, str, str]], folder: Path) -> list[tuple[str, str, str]]:
    """PyInstaller's list with a copy in `folder` in place of each library that had such a path."""
    return [(name, _copy(name, Path(path), folder), kind) for name, path, kind in toc]


def without(library: bytes) -> bytes:
    """The library without such paths; the same where it has none, or is for another machine."""
    if not library.startswith(_ELF64_LITTLE):
        return library
    (first,) = struct.unpack_from("<Q", library, 32)
    size, count = struct.unpack_from("<HH", library, 54)
    for at in range(first, first + size * count, size):
        kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", library, at)
        if kind == _DYNAMIC:
            section = library[offset : offset + length]
            return library[:offset] + _filtered(section) + library[offset + length :]
    return library


def _filtered(section: bytes) -> bytes:
    """The entries that stay, moved up; what is free behind them is empty."""
    entries = [section[at : at + _WIDTH] for at in range(0, len(section), _WIDTH)]
    kept = [x for x in entries if struct.unpack_from("<Q", x)[0] not in (_RPATH, _RUNPATH)]
    return b"".join(kept).ljust(len(section), bytes([_NULL]))


def _copy(name: str, path: Path, folder: Path) -> str:
    library = path.read_bytes()
    changed = without(library)
    if changed == library:
        return str(path)
    copy = folder / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(changed)
    return str(copy)
