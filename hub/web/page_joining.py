"""The page's own modules and sheets, joined into a few scripts and sheets as browsers get them.

So a first visit takes some twenty requests in place of a hundred and fifty, and no tool has to run
between a change and the page: each module becomes a function that returns what it exports. Our
modules keep to what that needs, or the hub does not start: an import is one line, names are
imported as they are exported, none is exported twice, and imports make no circle.

A module that is only reached by `import('./x.js')` is loaded when that is first called: it is a
file of its own, joined with what nothing else needs. What several of these need is one more. So
is what a worker runs, `new URL('./x.js', import.meta.url)`; it imports nothing of the page's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from typing import Final, NamedTuple

from hub.web.page_files import EMOJI, KINDS

NOT_LOOSE: Final = {".json", ".html"}
"""Of what is beside the modules: npm's files, and the pages, which are filled in first."""

SCRIPT: Final = "main.js"
SHARED: Final = "shared.js"
"""What more than one of the modules needs that are loaded later."""
SHEETS: Final = ("css/page.css", "css/later.css", "css/older.css")
"""What is seen at first, what parts/loaded.js loads, and what older browsers need."""

_IMPORT: Final = re.compile(
    r"^import (?:(?:\{ (?P<names>\w+(?:, \w+)*) \}|\* as (?P<all>\w+)) from )?"
    r"'(?P<path>\.[^']+)';$",
    re.MULTILINE,
)
_EXPORT: Final = re.compile(
    r"^export (?=(?:async function|function\*?|class|const) (\w+))", re.MULTILINE
)
_PASSED_ON: Final = re.compile(
    r"^export \{ (?P<names>\w+(?:, \w+)*) \} from '(?P<path>\.[^']+)';$", re.MULTILINE
)
_LATER: Final = re.compile(r"import\('(\.[^']+\.js)'\)")
"""What a module loads when it needs it."""
_WORKER: Final = re.compile(r"new URL\('(\.[^']+\.js)', import\.meta\.url\)")
_OTHERWISE_LOADED: Final = re.compile(r"import\((?!'\.[^']+\.js'\)).*")
_LEFT: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_SHEET: Final = re.compile(r'^@import "(\w+\.css)";\n', re.MULTILINE)
_LIBRARY: Final = re.compile(r"""(?:\bfrom|\bimport)\s*\(?["'](\.[^"']+\.js)["']""")
_INDENT: Final = re.compile(r"^[ \t]+", re.MULTILINE)
_BREAKS: Final = re.compile(r"(?<=[;{])\n+")
"""Line ends that mean nothing in JavaScript."""
_SPACES: Final = re.compile(r"\s*([{};])\s*")
"""What means nothing in a style sheet."""
_ASIDE: Final = (
    re.compile(r"/\*\*(?:[^*\n]|\*(?!/))*\*/ ?"),
    re.compile(r" // (?<=[;,{}()\]:] // )[^\n]*$", re.MULTILINE),
)
"""Comments beside a statement of JavaScript. A test holds that nothing else looks so."""
_COMMENT: Final = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)


class Joined(NamedTuple):
    """The files as they are sent."""

    contents: dict[str, bytes | Path]
    """By their paths below the address of the version, sorted; as paths where they are large."""
    libraries: set[str]
    """Those that the first script imports: browsers do well to load them together with it."""


def joined(ui: Path) -> Joined:
    """The files of the page, of which `ui` is the folder.

    Raises ValueError for a module that cannot be joined, and OSError.
    """
    modules = _Modules(ui)
    libraries = set(_libraries(ui, modules.libraries))
    later = set(_libraries(ui, modules.later_libraries))
    loose = {x.name for x in ui.iterdir() if x.suffix in KINDS.keys() - NOT_LOOSE}
    files: dict[str, bytes | Path] = {x.relative_to(ui).as_posix(): x for x in ui.glob(EMOJI)}
    files |= {name: (ui / name).read_bytes() for name in loose | libraries | later}
    files |= {name: text.encode() for name, text in modules.texts().items()}
    files |= {name: _sheet(ui / name).encode() for name in SHEETS}
    return Joined(dict(sorted(files.items())), libraries)


class _Import(NamedTuple):
    """`names` of a module or library; None where all are taken, as `space`."""

    path: str
    names: list[str] | None
    space: str


class _Module(NamedTuple):
    imports: list[_Import]
    later: list[str]  # paths of what it loads when it needs it
    exports: list[str]
    body: str


class _Modules:
    """Our modules, and the scripts in which they are sent.

    `libraries` are those that the first script imports, `later_libraries` those that others need.
    """

    def __init__(self, ui: Path) -> None:
        self._ui = ui
        self._modules: dict[str, _Module] = {}  # by path, each after those that it imports
        self._names: set[str] = set()  # that others see because of these modules
        self._above: list[str] = []  # the modules whose imports are being read
        self._read(SCRIPT)
        self._script_of = dict.fromkeys(self._modules, SCRIPT)
        self._script_of |= self._divided()
        self.libraries: set[str] = set()
        self.later_libraries: set[str] = set()
        for path, module in self._modules.items():
            self.later_libraries.update(filter(_is_library, module.later))
            first = self._script_of[path] == SCRIPT
            found = self.libraries if first else self.later_libraries
            found.update(x.path for x in module.imports if _is_library(x.path))

    # -- reading ---------------------------------------------------------------------------

    def _read(self, path: str) -> None:
        """Read a module, and before it those that it imports."""
        if path in self._above:
            raise ValueError(f"ui/{path} imports itself in a circle: {self._above}")
        if path in self._modules:
            return
        self._above.append(path)
        source = (self._ui / path).read_text(encoding="utf-8")
        imports = [x for found in _IMPORT.finditer(source) for x in self._imported(path, found)]
        exports = _EXPORT.findall(source)
        body = _without_comments(_EXPORT.sub("", _IMPORT.sub("", source)))
        later = [_beside(path, x) for way in (_LATER, _WORKER) for x in way.findall(body)]
        if left := _LEFT.search(body) or _OTHERWISE_LOADED.search(body):
            raise ValueError(f"ui/{path} cannot be joined with the others: {left[0]}")
        if twice := self._names & set(exports):
            raise ValueError(f"ui/{path} exports what another module does: {sorted(twice)}")
        self._above.pop()
        module = self._modules[path] = _Module(imports, later, exports, body)
        self._names.update(_named(module))

    def _imported(self, path: str, found: re.Match[str]) -> Iterable[_Import]:
        """Read a module that another imports."""
        imported = _beside(path, found["path"])
        names = found["names"].split(", ") if found["names"] else []
        if _is_library(imported):
            return self._direct(imported, names)
        self._read(imported)
        if missing := set(names) - set(self._modules[imported].exports):
            raise ValueError(f"ui/{path} imports what ui/{imported} lacks: {sorted(missing)}")
        return [_Import(imported, None if found["all"] else names, found["all"] or "")]

    def _direct(self, library: str, names: list[str]) -> Iterable[_Import]:
        """What is imported of a library, from where it is: a file that passes it on is not sent."""
        text = (self._ui / library).read_text(encoding="utf-8")
        origins = {
            name: _beside(library, found["path"])
            for found in _PASSED_ON.finditer(text)
            for name in found["names"].split(", ")
        }
        of: dict[str, list[str]] = {}
        for name in names:
            of.setdefault(origins.get(name, library), []).append(name)
        return [_Import(path, taken, "") for path, taken in (of or {library: names}).items()]

    # -- dividing into scripts -------------------------------------------------------------

    def _divided(self) -> dict[str, str]:
        """In which script each module is sent that is not in the first; these are read here."""
        needed_by: dict[str, set[str]] = {}  # by which of those that are loaded when needed
        entries: set[str] = set()
        waiting = list(self._modules)
        while waiting:
            path = waiting.pop()
            for entry in self._modules[path].later:
                if entry in self._script_of:
                    raise ValueError(f"ui/{path} loads what is there already: ui/{entry}")
                if entry in entries or _is_library(entry):
                    continue
                entries.add(entry)
                self._read(entry)
                reached = self._reached(entry)
                waiting += sorted(reached)  # a set has another order at each start
                for each in reached:
                    needed_by.setdefault(each, set()).add(entry)
        return {
            path: SHARED if len(needing) > 1 else min(needing)
            for path, needing in needed_by.items()
        }

    def _reached(self, path: str) -> set[str]:
        """A module with those that it imports, but for those in the first script."""
        found, waiting = {path}, [path]
        while waiting:
            imports = {x.path for x in self._modules[waiting.pop()].imports}
            fresh = (imports & self._modules.keys()) - self._script_of.keys() - found
            waiting += fresh
            found |= fresh
        return found

    # -- writing ---------------------------------------------------------------------------

    def texts(self) -> dict[str, str]:
        """The scripts, whole."""
        parts: dict[str, list[str]] = {script: [] for script in self._script_of.values()}
        imports: dict[str, dict[str, set[str]]] = {script: {} for script in parts}
        exports: dict[str, set[str]] = {script: set() for script in parts}
        for path, module in self._modules.items():
            script = self._script_of[path]
            parts[script].append(self._part(path, script))
            exports[script].update(module.exports if script != SCRIPT else ())
            for imported, names, _ in module.imports:
                source = self._script_of.get(imported, imported)
                if source == script:
                    continue
                wanted = self._modules[imported].exports if names is None else names
                imports[script].setdefault(source, set()).update(wanted)
                if source in exports:
                    exports[source].update(wanted)
        return {
            script: "".join(
                [
                    *(_import(script, *needed) for needed in sorted(imports[script].items())),
                    *parts[script],
                    f"export {{ {', '.join(sorted(given))} }};\n" if given else "",
                ]
            )
            for script, given in exports.items()
        }

    def _part(self, path: str, script: str) -> str:
        """A module as a function that returns what it exports."""
        module = self._modules[path]
        spaces = "".join(
            f"const {space} = {{ {', '.join(self._modules[imported].exports)} }};\n"
            for imported, names, space in module.imports
            if names is None
        )

        def address(found: re.Match[str]) -> str:
            loaded = _beside(path, found[1])
            return f"import('{_address(script, self._script_of.get(loaded, loaded))}')"

        here = f"new URL('{_address(script, path)}', import.meta.url)"
        body = _LATER.sub(address, module.body).replace("import.meta.url", here)
        body = _BREAKS.sub("", _INDENT.sub("", body)).strip()
        given = f"{{ {', '.join(module.exports)} }}"
        head, end = (f"const {given} = ", f"return {given};\n") if module.exports else ("", "")
        return f"{head}(() => {{\n{spaces}{body}\n{end}}})();\n"


def _named(module: _Module) -> Iterator[str]:
    """The names that others see because of a module: its own, and those of libraries."""
    yield from module.exports
    for imported, names, _ in module.imports:
        if _is_library(imported):
            yield from names or ()


def _without_comments(text: str) -> str:
    for comment in (_COMMENT, *_ASIDE):
        text = comment.sub("", text)
    return text


def _is_library(path: str) -> bool:
    return path.startswith(("vendor/", "node_modules/"))


def _beside(path: str, address: str) -> str:
    """The path of what a module names by an address."""
    return normpath(join(dirname(path), address))


def _address(script: str, path: str) -> str:
    """By what address a script names a path."""
    address = relpath(path, dirname(script) or ".")
    return address if address.startswith(".") else f"./{address}"


def _import(script: str, path: str, names: set[str]) -> str:
    what = f"{{ {', '.join(sorted(names))} }} from " if names else ""
    return f"import {what}'{_address(script, path)}';\n"


def _sheet(path: Path) -> str:
    """A style sheet with those that it imports, in their places."""
    text = path.read_text(encoding="utf-8")
    whole = _SHEET.sub(lambda found: (path.parent / found[1]).read_text(encoding="utf-8"), text)
    return _SPACES.sub(r"\1", re.sub(r"\s*/\*.*?\*/", "", whole, flags=re.DOTALL)).lstrip()


def _libraries(ui: Path, libraries: Iterable[str]) -> Iterator[str]:
    """The modules of libraries that these lead to, with these."""
    waiting = list(libraries)
    found = set(waiting)
    while waiting:
        path = waiting.pop()
        yield path
        text = (ui / path).read_text(encoding="utf-8")
        reached = {normpath(f"{path}/../{named}") for named in _LIBRARY.findall(text)}
        waiting += reached - found
        found |= reached
