"""The page as it is sent: built of `ui/` at each start, for an executable once and for all.

Building it takes a tenth of a second, and an archive is one file to unpack in place of hundreds.
"""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from hub.web.page_files import EMOJI, KINDS, File

if TYPE_CHECKING:
    import zipfile

Source: TypeAlias = "Path | zipfile.Path"
"""The folder of the page, or the archive that `pack` made of it."""

INDEX: Final = "index.html"
REFUSED: Final = "refused.html"
VERSION: Final = "version"
"""The entry of an archive that holds the version; the others are named as in the folder."""


class BuiltPage(NamedTuple):
    """The chat page and all that it loads."""

    version: str
    """A hash of all files, for their addresses: what browsers store under one never changes."""
    files: dict[str, File]
    """By their paths below the address of the version."""
    shell: File
    """The page itself."""
    refused: str
    """The page of an address that leads nowhere, with places for `v`, `title` and `message`."""


def built(ui: Source) -> BuiltPage:
    """The page. Raises ValueError for a module that cannot be joined, and OSError; of an archive
    also KeyError and zipfile.BadZipFile.
    """
    return _built(ui) if isinstance(ui, Path) else _unpacked(ui)


def pack(ui: Path, archive: Path) -> None:
    """Write an archive of the page: the same bytes for the same page. Raises as `built`."""
    import zipfile

    page = _built(ui)
    entries = {x.name: x.read_bytes() for x in sorted(ui.glob("*.html"))}
    entries |= {INDEX: page.shell.plain, VERSION: page.version.encode()}
    entries |= {name: file.plain for name, file in page.files.items()}
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in entries.items():
            file.writestr(zipfile.ZipInfo(name), content)


def filled(page: str, **parts: str) -> str:
    """A page with `parts`, which are HTML, in their places."""
    for name, part in parts.items():
        page = page.replace("{{" + name + "}}", part)
    return page


def _built(ui: Path) -> BuiltPage:
    from hub.web.page_joining import joined  # its patterns take 5 ms, which executables need not

    contents, libraries = joined(ui)
    files = {name: File(name, content) for name, content in contents.items()}
    index = (ui / INDEX).read_text(encoding="utf-8")
    v = _version(files, index)
    preload = "\n  ".join(
        f'<link rel="modulepreload" href="/static/{v}/{name}">' for name in sorted(libraries)
    )
    shell = filled(index, v=v, preload=preload).encode()
    return BuiltPage(v, files, File(INDEX, shell), (ui / REFUSED).read_text(encoding="utf-8"))


def _unpacked(archive: zipfile.Path) -> BuiltPage:
    served = KINDS.keys() - {".html"}
    files = {}
    for name in archive.root.namelist():
        path = PurePosixPath(name)
        if name.endswith("/") or path.suffix not in served:
            continue
        entry = archive / name
        files[name] = File(name, entry if path.match(EMOJI) else entry.read_bytes())
    return BuiltPage(
        (archive / VERSION).read_text(encoding="utf-8"),
        files,
        File(INDEX, (archive / INDEX).read_bytes()),
        (archive / REFUSED).read_text(encoding="utf-8"),
    )


def _version(files: dict[str, File], index: str) -> str:
    digest = hashlib.sha256()
    for name, file in files.items():
        digest.update(name.encode() + b"\0" + file.plain + b"\0")
    digest.update(index.encode())
    return digest.hexdigest()[:16]
