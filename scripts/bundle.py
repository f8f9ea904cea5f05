"""What the program carries besides its Python modules: the page, the typelibs, the licences.

Used by build.spec. Every function gives pairs or triples as PyInstaller takes them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from glob import glob
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "ui"
ICONS = {
    "win32": ROOT / "scripts" / "windows" / "Hearth.ico",
    "darwin": ROOT / "scripts" / "macos" / "Hearth.icns",
}
"""As these systems take a program's icon; `python3 scripts/icons.py` draws them."""
WIZARD = ROOT / "scripts" / "windows" / "wizard.bmp"
"""The same, for an installer."""

TYPELIBS = (
    *("GLib", "GObject", "Gio", "GModule", "Gtk", "Gdk", "GdkPixbuf", "Pango", "HarfBuzz", "Atk"),
    *("cairo", "xlib", "freetype2", "WebKit2", "JavaScriptCore", "Soup"),
)
SERVED = (".html", ".js", ".css", ".svg", ".png", ".woff2", ".webmanifest")
BINDING = ("python3-gi", "libgirepository-1.0-1")
_IMPORT = re.compile(rb"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+\.js)["']""")


def modules(package: str) -> list[str]:
    """The dotted names of all modules in one of our packages, imported by another or not."""
    found = sorted((ROOT / package).rglob("*.py"))
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found]


def data_files(work: Path) -> list[tuple[str, str]]:
    """Everything that is read as a file at run time; the licences are written to `work` first."""
    notice = work / "THIRD-PARTY.txt"
    notice.write_text(licences(), encoding="utf-8")
    files = [*page(), *_there(ROOT / "rooms" / "README.md", ROOT / "LICENSE")]
    return [(str(notice), "."), *((str(path), _beside(path)) for path in files)]


def page() -> list[Path]:
    """The page's own files, and of its libraries the modules that those import, one by another."""
    own = [path for path in PAGE.rglob("*") if path.is_file() and _is_own(path)]
    reached = set(own)
    waiting = [path for path in own if path.suffix == ".js"]
    while waiting:
        module = waiting.pop()
        for named in _IMPORT.findall(module.read_bytes()):
            imported = (module.parent / named.decode()).resolve()
            if imported not in reached:
                if not imported.is_file():
                    raise FileNotFoundError(f"{module} imports {imported}")
                reached.add(imported)
                waiting.append(imported)
    return sorted(reached)


def typelibs() -> list[tuple[str, str, str]]:
    """The descriptions by which Python finds the host's libraries, for hosts that lack them."""
    found = {
        Path(path).name: path
        for folder in ("/usr/lib", "/usr/lib64", "/usr/lib/*")
        for path in glob(f"{folder}/girepository-1.0/*.typelib")
    }
    versions = {
        "Gtk": "3.0",
        "Gdk": "3.0",
        "WebKit2": "4.1",
        "JavaScriptCore": "4.1",
        "Soup": "3.0",
    }
    wanted = [
        name
        for name in found
        for library, _, version in [name.removesuffix(".typelib").partition("-")]
        if library in TYPELIBS and version == versions.get(library, version)
    ]
    return [(f"gi_typelibs/{name}", found[name], "DATA") for name in sorted(wanted)]


def licences() -> str:
    """The notices of everything in the program that others wrote."""
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    packages = [line.partition("==")[0] for line in locked if line[:1].isalnum()]
    imported = {path.relative_to(PAGE).parts[1] for path in page() if not _is_own(path)}
    libraries = sorted({"emojibase-data", *imported})  # ui/emoji/ is made of it
    notices = {
        "Python": _text(*_python_licence()),
        **{name: _python_package(name) for name in packages},
        **{name: _text(*(PAGE / "node_modules" / name).glob("LICEN[CS]E*")) for name in libraries},
        **{name: _text(Path("/usr/share/doc", name, "copyright")) for name in BINDING},
    }
    return "\n\n".join(f"{'=' * 20} {name}\n\n{text}" for name, text in notices.items() if text)


def _python_package(name: str) -> str:
    """The licence files of an installed package, or what it says of its licence; '' if not here."""
    try:
        package = distribution(name)
    except PackageNotFoundError:  # of another system
        return ""
    notice = re.compile(r"LICEN[CS]E|COPYING|NOTICE|AUTHORS", re.IGNORECASE)
    files = [Path(str(path.locate())) for path in package.files or () if notice.match(path.name)]
    told = package.metadata.json.get("license_expression") or package.metadata.json.get("license")
    return _text(*files) or f"Licence: {told}"


def _python_licence() -> Iterator[Path]:
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    yield from _there(
        Path(sys.base_prefix, "lib", version, "LICENSE.txt"),
        Path(sys.base_prefix, "LICENSE.txt"),
        Path("/usr/share/doc", version, "copyright"),
    )


def _is_own(path: Path) -> bool:
    """Whether the file is ours and part of the page: not a library's, a test's or a tool's."""
    inside = path.relative_to(PAGE)
    if inside.parts[0] == "emoji":
        return True
    return inside.parts[0] not in ("node_modules", "test") and path.suffix in SERVED


def _beside(path: Path) -> str:
    return str(path.relative_to(ROOT).parent)


def _there(*paths: Path) -> list[Path]:
    return [path for path in paths if path.is_file()]


def _text(*paths: Path) -> str:
    return "\n\n".join(path.read_text("utf-8", "replace").strip() for path in _there(*paths))
