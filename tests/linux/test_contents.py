"""The files of a package: where they go, what may be run, and no trace of where they were made."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import commands
from commands import ROOT
from linux import contents
from linux.contents import Entry

SECONDS = 1764460000
HELP = (
    "usage: Hearth\n\npositional arguments:\n  ROOM  room\n\noptions:\n  -h  help\n\n"
    "settings:\nnames  (empty)  names\n"
)


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """A package of a small program."""
    monkeypatch.setattr(commands, "run", lambda command, also_set: HELP)
    folder, work = tmp_path / "hearth", tmp_path / "work"
    (folder / "_internal" / "ui").mkdir(parents=True)
    work.mkdir()
    for name in ("hearth", "_internal/some.so", "_internal/ui/icon-192.png"):
        (folder / name).write_text(name)
        (folder / name).chmod(0o700)
    (folder / "_internal" / "THIRD-PARTY.txt").write_text("Of others: ä\n", encoding="utf-8")
    return contents.of(folder, work, SECONDS)


@pytest.fixture
def entries(whole: list[Entry]) -> dict[str, Entry]:
    """The same, by place."""
    return {entry.place: entry for entry in whole}


@pytest.mark.parametrize("kind", ["deb", "rpm", "apk", "archlinux"])
def test_each_kind_has_each_place_once(whole: list[Entry], kind: str) -> None:
    its = [entry.place for entry in whole if entry.only in ("", kind)]
    assert len(set(its)) == len(its)
    licences = "/usr/share/licenses/hearth"
    has = {x for x in its if x.startswith(licences)}
    assert has == ({licences, f"{licences}/LICENSE"} if kind in ("rpm", "archlinux") else set())


def test_the_program_alone_may_be_run(entries: dict[str, Entry]) -> None:
    inside = {x.place: x.mode for x in entries.values() if x.source and "/lib/" in x.place}
    assert inside == {
        "/usr/lib/hearth/hearth": 0o755,
        "/usr/lib/hearth/_internal/some.so": 0o644,
        "/usr/lib/hearth/_internal/ui/icon-192.png": 0o644,
        "/usr/lib/hearth/_internal/THIRD-PARTY.txt": 0o644,
    }


def test_the_command_is_a_link_to_it(entries: dict[str, Entry]) -> None:
    assert entries["/usr/bin/hearth"].link == "../lib/hearth/hearth"


def test_each_folder_of_its_own_goes_with_it_and_no_other_does(entries: dict[str, Entry]) -> None:
    folders = {x.place for x in entries.values() if not x.source and not x.link}
    assert folders == {
        "/usr/lib/hearth",
        "/usr/lib/hearth/_internal",
        "/usr/lib/hearth/_internal/ui",
        "/usr/share/doc/hearth",
        "/usr/share/licenses/hearth",
    }


def test_a_desktop_finds_the_icons_the_entry_and_the_description(entries: dict[str, Entry]) -> None:
    for place in (
        "icons/hicolor/192x192/apps/hearth.png",
        "icons/hicolor/512x512/apps/hearth.png",
        "icons/hicolor/scalable/apps/hearth.svg",
        "applications/hearth.desktop",
        "metainfo/chat.hearth.Hearth.metainfo.xml",
        "man/man1/hearth.1.gz",
        "doc/hearth/changelog.gz",
        "doc/hearth/copyright",
    ):
        source = entries[f"/usr/share/{place}"].source
        assert source is not None
        assert source.is_file()


def test_what_is_packed_bears_no_time(entries: dict[str, Entry]) -> None:
    source = entries["/usr/share/doc/hearth/THIRD-PARTY.txt.gz"].source
    assert source is not None
    packed = source.read_bytes()
    assert gzip.decompress(packed).decode() == "Of others: ä\n"
    assert packed[4:8] == bytes(4)


def test_only_debian_has_what_is_lintians_alone(entries: dict[str, Entry]) -> None:
    assert entries[contents.OVERRIDES].only == "deb"


def test_nothing_of_the_persons_own_is_touched(entries: dict[str, Entry]) -> None:
    assert all(place.startswith("/usr/") for place in entries)


def test_the_icons_are_those_of_the_page() -> None:
    assert all(icon.is_file() and ROOT / "ui" in icon.parents for icon in contents.ICONS.values())
