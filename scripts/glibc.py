"""Says which glibc a program needs that was built for Linux: what its libraries ask for by name.

`python glibc.py PROGRAM` prints it, as `2.35`, for a folder or for one file of PyInstaller's.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_SYMBOL_VERSION = re.compile(rb"\0GLIBC_(\d+)\.(\d+)(?:\.\d+)?(?=\0)")
_ELF = b"\x7fELF"


def main(arguments: list[str]) -> None:
    print(needed(_files(Path(arguments[0]))))


def needed(files: Iterable[bytes]) -> str:
    """The newest version that any of these programs and libraries asks for; '' if none does."""
    found = (
        (int(major), int(minor))
        for content in files
        if content.startswith(_ELF)
        for major, minor in _SYMBOL_VERSION.findall(content)
    )
    return "{}.{}".format(*newest) if (newest := max(found, default=None)) else ""


def _files(program: Path) -> Iterator[bytes]:
    """What is in it: of one file what it unpacks, and what unpacks it."""
    if program.is_dir():
        yield from (path.read_bytes() for path in program.rglob("*") if path.is_file())
        return
    from PyInstaller.archive.readers import CArchiveReader  # of the environment

    yield program.read_bytes()
    archive = CArchiveReader(str(program))
    for name, (*_, kind) in archive.toc.items():
        if kind in "bx":
            yield archive.extract(name)


if __name__ == "__main__":
    main(sys.argv[1:])
