"""An AppImage has the packages' files, and what desktops look for at its top."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import commands
from commands import ROOT, Failed
from linux import appimage
from linux.contents import Entry

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="an AppImage has links in it")

SECONDS = 1764460000


def the_entries(folder: Path) -> list[Entry]:
    program = folder / "program"
    program.write_text("#!/bin/sh\n")
    return [
        Entry("/usr/lib/hearth", mode=0o755),
        Entry("/usr/bin/hearth", link="../lib/hearth/hearth"),
        Entry("/usr/lib/hearth/hearth", program, 0o755),
        Entry("/usr/share/applications/hearth.desktop", ROOT / "LICENSE"),
        Entry("/usr/share/icons/hicolor/512x512/apps/hearth.png", ROOT / "ui" / "icon-512.png"),
        Entry("/usr/share/licenses/hearth/LICENSE", ROOT / "LICENSE", only="rpm"),
    ]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Mapping[str, str]]]:
    told: list[tuple[list[str], Mapping[str, str]]] = []

    def run(command: Sequence[str | Path], also_set: Mapping[str, str]) -> str:
        told.append(([str(part) for part in command], also_set))
        return ""

    monkeypatch.setattr(commands, "run", run)
    monkeypatch.delenv(appimage.TOOL, raising=False)
    monkeypatch.delenv(appimage.RUNTIME, raising=False)
    return told


def test_its_top_leads_to_the_program_its_entry_and_its_icon(tmp_path: Path) -> None:
    folder = appimage.lay_out(the_entries(tmp_path), tmp_path / "AppDir")
    assert sorted(os.listdir(folder)) == [
        ".DirIcon",
        "AppRun",
        "hearth.desktop",
        "hearth.png",
        "usr",
    ]
    assert (folder / "AppRun").resolve() == folder / "usr" / "lib" / "hearth" / "hearth"
    assert os.access(folder / "AppRun", os.X_OK)
    assert (folder / ".DirIcon").read_bytes() == (ROOT / "ui" / "icon-512.png").read_bytes()
    assert (folder / "hearth.desktop").is_file()
    assert not (folder / "usr" / "share" / "licenses").exists(), "that is another package's"


def test_without_the_tools_there_is_none(
    tmp_path: Path, ran: list[tuple[list[str], Mapping[str, str]]]
) -> None:
    appimage.make(the_entries(tmp_path), tmp_path / "x.AppImage", SECONDS, tmp_path)
    assert ran == []


def test_with_them_the_tool_packs_it(
    tmp_path: Path,
    ran: list[tuple[list[str], Mapping[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(appimage.TOOL, "/tools/appimagetool")
    monkeypatch.setenv(appimage.RUNTIME, "/tools/runtime")
    file = tmp_path / "x.AppImage"
    appimage.make(the_entries(tmp_path), file, SECONDS, tmp_path)
    ((command, also_set),) = ran
    assert command[0] == "/tools/appimagetool"
    assert command[command.index("--runtime-file") + 1] == "/tools/runtime"
    assert command[-2:] == [str(tmp_path / "AppDir"), str(file)]
    assert also_set == {"SOURCE_DATE_EPOCH": str(SECONDS)}


@pytest.mark.parametrize("name", [appimage.TOOL, appimage.RUNTIME])
def test_one_of_them_alone_is_a_mistake(
    name: str,
    tmp_path: Path,
    ran: list[tuple[list[str], Mapping[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(name, "/tools/x")
    with pytest.raises(Failed, match="needs both"):
        appimage.make(the_entries(tmp_path), tmp_path / "x.AppImage", SECONDS, tmp_path)
    assert ran == []
