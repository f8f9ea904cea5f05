"""What a desktop reads of the package is what its own tools take for sound."""

from __future__ import annotations

import re
import shutil
import subprocess
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from commands import ROOT, Failed
from hub import __version__
from linux import checks, texts
from product import ID, MAINTAINER

SECONDS = 1764460000
"""2025-11-29, 23:46:40."""


def looked_at(tool: tuple[str, ...], file: Path, text: str) -> subprocess.CompletedProcess[str]:
    """What a tool of a distribution says of a text."""
    if not shutil.which(tool[0]):
        pytest.skip(f"needs {tool[0]}")
    file.write_text(text, encoding="utf-8")
    return subprocess.run([*tool, file], capture_output=True, encoding="utf-8", check=False)


def test_desktops_take_the_entry(tmp_path: Path) -> None:
    ended = looked_at(checks.ENTRY, tmp_path / "hearth.desktop", texts.ENTRY)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_software_centres_take_the_description(tmp_path: Path) -> None:
    file = tmp_path / f"{ID}.metainfo.xml"
    ended = looked_at(checks.METAINFO, file, texts.metainfo(SECONDS))
    assert ended.returncode == 0, ended.stdout


def test_the_window_is_that_of_the_entry() -> None:
    """Which a desktop finds by the name that the program gives itself."""
    title = (ROOT / "hub" / "desktop" / "window" / "title.py").read_text("utf-8")
    assert "GLib.set_prgname(NAME.lower())" in title
    assert "\nStartupWMClass=hearth\n" in texts.ENTRY
    assert "\nExec=hearth\n" in texts.ENTRY


def test_the_description_names_this_version_and_its_day() -> None:
    told = ET.fromstring(texts.metainfo(SECONDS))
    (release,) = told.iter("release")
    assert release.attrib == {"version": __version__, "date": "2025-11-29"}
    assert told.findtext("id") == ID
    assert told.findtext("launchable") == "hearth.desktop"


def changes_of(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (folder / "CHANGELOG.md").write_text(text, encoding="utf-8")
    monkeypatch.setattr(texts, "ROOT", folder)
    return texts.changes(SECONDS)


def test_changes_are_those_of_this_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        f"# Changelog\n\n## Unreleased\n\n- Later\n\n## {__version__} – now\n\n"
        "- One that is\n  told on two lines\n- Two\n\n## 0.0.1\n\n- Before\n"
    )
    told = changes_of(text, tmp_path, monkeypatch)
    assert told == (
        f"hearth ({__version__}) unstable; urgency=medium\n\n"
        "  * One that is told on two lines\n  * Two\n\n"
        f" -- {MAINTAINER}  Sat, 29 Nov 2025 23:46:40 +0000\n"
    )


def test_what_is_not_released_yet_is_this_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = changes_of("## Unreleased\n\n- New\n", tmp_path, monkeypatch)
    assert "\n  * New\n" in told


def test_a_version_without_changes_is_no_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Failed, match=rf"nothing about {re.escape(__version__)}"):
        changes_of("## 0.0.1\n\n- Before\n", tmp_path, monkeypatch)


def test_our_changelog_is_told_in_lines_as_debian_has_them() -> None:
    told = texts.changes(SECONDS)
    assert max(map(len, told.splitlines()[:-1])) <= 80
    assert parsedate_to_datetime(told.rpartition("  ")[2]).timestamp() == SECONDS
    assert len(re.findall(r"^  \* ", told, re.MULTILINE)) > 10


def test_rights_are_those_of_our_licence() -> None:
    told = texts.rights()
    assert "\nCopyright: 2026 Hearth contributors\n" in told
    assert "\n .\n The above copyright notice" in told
    assert "Copyright (c)" not in told


def test_a_licence_of_nobody_is_no_licence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "LICENSE").write_text("MIT License\n")
    monkeypatch.setattr(texts, "ROOT", tmp_path)
    with pytest.raises(Failed, match="whose it is"):
        texts.rights()
