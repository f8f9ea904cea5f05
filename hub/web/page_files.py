"""The files of the page as browsers get them: ours joined into one script and one sheet.

So a first visit takes some twenty requests in place of a hundred and fifty, and no tool has to run
between a change and the page: each module becomes a function that returns what it exports. Our
modules keep to what that needs, or the hub does not start: an import is one line, names are
imported as they are exported, none is exported twice, and imports make no circle.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Final

KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
"""The files that are served, with their types: `mimetypes` would read the Windows registry."""

SCRIPT: Final = "main.js"
SHEET: Final = "css/page.css"
COMPRESSED: Final = (".js", ".css", ".svg", ".webmanifest")
"""By gzip alone: over plain HTTP, browsers accept brotli and zstd from their own computer only."""

_IMPORT: Final = re.compile(
    r"^import (?:(?:\{ (?P<names>\w+(?:, \w+)*) \}|\* as (?P<all>\w+)) from )?"
    r"'(?P<path>\.[^']+)';$",
    re.MULTILINE,
)
_EXPORT: Final = re.compile(
    r"^export (?=(?:async function|function\*?|class|const) (\w+))", re.MULTILINE
)
_LEFT: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_SHEET: Final = re.compile(r'^@import "(\w+\.css)";\n', re.MULTILINE)
_LIBRARY: Final = re.compile(r"""(?:\bfrom|\bimport)\s*\(?["'](\.[^"']+\.js)["']""")
_COMMENT: Final = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)


class File:
    """A file as it is sent: `plain`, and `gzipped` once somebody asks for it so."""

    def __init__(self, name: str, plain: bytes) -> None:
        self.kind = KINDS[PurePosixPath(name).suffix]
        self.plain = plain
        self.compresses = PurePosixPath(name).suffix in COMPRESSED

    @cached_property
    def gzipped(self) -> bytes:
        return gzip.compress(self.plain, mtime=0)


def page_files(ui: Path) -> dict[str, File]:
    """The files by their paths below the address of the version; `ui` is the folder of the page.

    Raises ValueError for a module that cannot be joined, and OSError.
    """
    script = _Script(ui)
    loose = [x.relative_to(ui).as_posix() for x in ui.iterdir() if x.suffix in KINDS]
    files = {name: (ui / name).read_bytes() for name in [*loose, *_libraries(ui, script.vendors)]}
    files[SCRIPT] = script.text().encode()
    files[SHEET] = _sheet(ui / SHEET).encode()
    return {name: File(name, plain) for name, plain in sorted(files.items())}


def version(files: dict[str, File], *more: Path) -> str:
    """A hash of all files, for their addresses: what browsers store under one never changes."""
    digest = hashlib.sha256()
    for name, file in files.items():
        digest.update(name.encode() + b"\0" + file.plain + b"\0")
    for path in more:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class _Script:
    """Our modules, from `SCRIPT` on, each after those that it imports."""

    def __init__(self, ui: Path) -> None:
        self.vendors: dict[str, set[str]] = {}  # path -> the names that are imported from it
        self._ui = ui
        self._exports: dict[str, list[str]] = {}  # path -> names
        self._parts: list[str] = []
        self._above: list[str] = []  # the modules whose imports are being read
        self._read(SCRIPT)

    def text(self) -> str:
        """The whole script."""
        libraries = (
            f"import {{ {', '.join(sorted(names))} }} from './{path}';\n"
            for path, names in sorted(self.vendors.items())
        )
        return "".join([*libraries, *self._parts])

    def _read(self, path: str) -> None:
        if path in self._above:
            raise ValueError(f"ui/{path} imports itself in a circle: {self._above}")
        self._above.append(path)
        source = (self._ui / path).read_text(encoding="utf-8")
        spaces = [self._imported(path, found) for found in _IMPORT.finditer(source)]
        names = _EXPORT.findall(source)
        body = _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", source)))
        if left := _LEFT.search(body):
            raise ValueError(f"ui/{path} cannot be joined with the others: {left[0]}")
        known = {x for names in [*self._exports.values(), *self.vendors.values()] for x in names}
        if twice := known & set(names):
            raise ValueError(f"ui/{path} exports what another module does: {sorted(twice)}")
        self._exports[path] = names
        self._above.pop()
        body = body.replace("import.meta.url", f"new URL('{path}', import.meta.url)").strip()
        given = f"{{ {', '.join(names)} }}"
        head, end = (f"const {given} = ", f"return {given};\n") if names else ("", "")
        self._parts.append(f"// {path}\n{head}(() => {{\n{''.join(spaces)}{body}\n{end}}})();\n")

    def _imported(self, path: str, found: re.Match[str]) -> str:
        """Read a module that another imports. Returns what has to be declared for that."""
        imported = normpath(f"{path}/../{found['path']}")
        names = found["names"].split(", ") if found["names"] else []
        if imported.startswith("vendor/"):
            self.vendors.setdefault(imported, set()).update(names)
            return ""
        if imported not in self._exports:
            self._read(imported)
        if missing := set(names) - set(self._exports[imported]):
            raise ValueError(f"ui/{path} imports what ui/{imported} lacks: {sorted(missing)}")
        return (
            f"const {found['all']} = {{ {', '.join(self._exports[imported])} }};\n"
            if found["all"]
            else ""
        )


def _sheet(path: Path) -> str:
    """A style sheet with those that it imports, in their places."""
    text = path.read_text(encoding="utf-8")
    whole = _SHEET.sub(lambda found: (path.parent / found[1]).read_text(encoding="utf-8"), text)
    return _COMMENT.sub("", whole)


def _libraries(ui: Path, vendors: dict[str, set[str]]) -> Iterator[str]:
    """The modules of libraries that `vendors` lead to, with these."""
    waiting, found = list(vendors), set(vendors)
    while waiting:
        path = waiting.pop()
        yield path
        text = (ui / path).read_text(encoding="utf-8")
        reached = {normpath(f"{path}/../{named}") for named in _LIBRARY.findall(text)}
        waiting += reached - found
        found |= reached
