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

from commands import ROOT

sys.path.insert(0, str(ROOT))
from hub.web.built_page import pack
from hub.web.page_joining import joined

PAGE = ROOT / "ui"
ICONS = {
    "win32": ROOT / "scripts" / "windows" / "Hearth.ico",
    "darwin": ROOT / "scripts" / "macos" / "Hearth.icns",
}
"""As these systems take a program's icon; `python3 scripts/icons.py` draws them."""
WINDOW_ICON = PAGE / "icon-192.png"
"""As Linux and macOS take a window's and a notification's icon: as a file."""
WIZARD = ROOT / "scripts" / "windows" / "wizard.bmp"
"""The same, for an installer."""

TYPELIBS = (
    *("GLib", "GObject", "Gio", "GModule", "Gtk", "Gdk", "GdkPixbuf", "Pango", "HarfBuzz", "Atk"),
    *("cairo", "xlib", "freetype2", "WebKit2", "JavaScriptCore", "Soup"),
)
BINDING = ("python3-gi", "libgirepository-1.0-1")


def modules(package: str) -> list[str]:
    """The dotted names of all modules in one of our packages, imported by another or not."""
    found = sorted((ROOT / package).rglob("*.py"))
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found]


def data_files(work: Path) -> list[tuple[str, str]]:
    """Everything that is read as a file at run time; `work` is a folder for what is made of it."""
    notice, page = work / "THIRD-PARTY.txt", work / "ui.zip"
    notice.write_text(licences(), encoding="utf-8")
    pack(PAGE, page)
    files = _there(WINDOW_ICON, ROOT / "rooms" / "README.md", ROOT / "LICENSE")
    return [(str(notice), "."), (str(page), "."), *((str(x), _beside(x)) for x in files)]


def libraries() -> list[str]:
    """The packages of which the page has files, by their names in npm."""
    found = re.compile(r"node_modules/((?:@[^/]+/)?[^/]+)")
    names = {x[1] for x in map(found.match, joined(PAGE).contents) if x}
    return sorted({"emojibase-data", *names})  # ui/emoji/ is made of it


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
    npm = PAGE / "node_modules"
    notices = {
        "Python": _text(*_python_licence()),
        **{name: _python_package(name) for name in packages},
        **{name: _text(*(npm / name).glob("LICEN[CS]E*")) for name in libraries()},
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


def _beside(path: Path) -> str:
    return str(path.relative_to(ROOT).parent)


def _there(*paths: Path) -> list[Path]:
    return [path for path in paths if path.is_file()]


def _text(*paths: Path) -> str:
    return "\n\n".join(path.read_text("utf-8", "replace").strip() for path in _there(*paths))
