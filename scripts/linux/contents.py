"""The files of a package: each with its place on the system, and nothing of where it was made."""

from __future__ import annotations

import gzip
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

import commands
from commands import ROOT
from linux import manual, texts
from product import ID, PROGRAM

HOME: Final = f"/usr/lib/{PROGRAM}"
"""The program's own folder: for what no user calls by itself (FHS 3.0, 4.7)."""
SHARE: Final = "/usr/share"
ABOUT_IT: Final = f"{SHARE}/doc/{PROGRAM}"
OVERRIDES: Final = f"{SHARE}/lintian/overrides/{PROGRAM}"
PAGE: Final = ROOT / "ui"
ICONS: Final = {
    "192x192/apps": PAGE / "icon-192.png",
    "512x512/apps": PAGE / "icon-512.png",
    "scalable/apps": PAGE / "mark.svg",
}


class Entry(NamedTuple):
    """One place in a package: a copy of `source`, a link to what `link` names, or a folder."""

    place: str
    source: Path | None = None
    mode: int = 0o644
    link: str = ""
    only: str = ""
    """The kind of package that has it; '' for all."""


def of(folder: Path, work: Path, seconds: int) -> list[Entry]:
    """Everything in a package of the program that was built into `folder`.

    What has to be written first comes into `work`; `seconds` since 1970 is the release's time.
    Raises Failed.
    """
    told = commands.run([folder / PROGRAM, "--help"], manual.HELP)
    notices = next(folder.rglob("THIRD-PARTY.txt"))
    written = {
        f"{SHARE}/applications/{PROGRAM}.desktop": texts.ENTRY,
        f"{SHARE}/metainfo/{ID}.metainfo.xml": texts.metainfo(seconds),
        f"{SHARE}/man/man1/{PROGRAM}.1.gz": manual.page(told, seconds),
        f"{ABOUT_IT}/changelog.gz": texts.changes(seconds),
        f"{ABOUT_IT}/copyright": texts.rights(),
        OVERRIDES: texts.OVERRIDES,
    }
    entries = [Entry(f"/usr/bin/{PROGRAM}", link=f"../lib/{PROGRAM}/{PROGRAM}")]
    entries += [_program(folder, path) for path in sorted(folder.rglob("*")) if path.is_file()]
    entries += [
        Entry(place, _write(work / Path(place).name, text), only=_only(place))
        for place, text in written.items()
    ]
    entries += [
        Entry(f"{SHARE}/icons/hicolor/{size}/{PROGRAM}{icon.suffix}", icon)
        for size, icon in ICONS.items()
    ]
    entries += [Entry(f"{ABOUT_IT}/THIRD-PARTY.txt.gz", _packed(notices, work))]
    entries += [
        Entry(f"{SHARE}/licenses/{PROGRAM}/LICENSE", ROOT / "LICENSE", only=kind)
        for kind in ("rpm", "archlinux")
    ]
    return [*_folders(entries), *entries]


def _folders(entries: list[Entry]) -> list[Entry]:
    """The folders that are the package's own, so that they go with it."""
    own = (f"{HOME}/", f"{ABOUT_IT}/", f"{SHARE}/licenses/{PROGRAM}/")
    found = {
        (str(parent), entry.only)
        for entry in entries
        for parent in PurePosixPath(entry.place).parents
        if f"{parent}/".startswith(own)
    }
    return [Entry(place, mode=0o755, only=only) for place, only in sorted(found)]


def _program(folder: Path, path: Path) -> Entry:
    """A file of the program's: only the program itself is to be run."""
    inside = path.relative_to(folder).as_posix()
    return Entry(f"{HOME}/{inside}", path, 0o755 if inside == PROGRAM else 0o644)


def _only(place: str) -> str:
    return "deb" if place == OVERRIDES else ""


def _write(file: Path, text: str) -> Path:
    content = text.encode()
    file.write_bytes(gzip.compress(content, mtime=0) if file.suffix == ".gz" else content)
    return file


def _packed(notices: Path, work: Path) -> Path:
    return _write(work / "THIRD-PARTY.txt.gz", notices.read_text("utf-8"))
