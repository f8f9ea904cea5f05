"""Packages are made of a folder, and fail with what a distribution's tool finds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import commands
from commands import Failed
from linux import checks, contents, making, nfpm

SECONDS = 1764460000


@pytest.fixture
def looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Which tool is to look at which file; nothing is built and nothing packaged."""
    seen: list[tuple[str, str]] = []

    def make(entries: object, glibc: str, seconds: int, into: Path, work: Path) -> list[Path]:
        assert (glibc, seconds) == ("2.35", SECONDS)
        return [into / "hearth.apk", into / "hearth.deb"]

    def passed(tool: Sequence[str], file: Path) -> bool:
        seen.append((tool[0], file.name))
        return True

    monkeypatch.setattr(making, "ROOT", tmp_path)
    monkeypatch.setattr(commands, "run", lambda command: "2.35\n")
    monkeypatch.setattr(contents, "of", lambda *_: [])
    monkeypatch.setattr(nfpm, "make", make)
    monkeypatch.setattr(checks, "passed", passed)
    return seen


def test_each_tool_looks_at_what_it_knows(looked_at: list[tuple[str, str]], tmp_path: Path) -> None:
    made = making.packages(tmp_path / "hearth", tmp_path, tmp_path / "x.AppImage", SECONDS)
    assert [path.name for path in made] == ["hearth.apk", "hearth.deb"]
    assert looked_at == [
        ("desktop-file-validate", "hearth.desktop"),
        ("appstreamcli", "chat.hearth.Hearth.metainfo.xml"),
        ("lintian", "hearth.deb"),
    ]


def test_what_one_finds_ends_it(
    looked_at: list[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def passed(tool: Sequence[str], file: Path) -> bool:
        raise Failed("E: hearth: no-manual-page")

    monkeypatch.setattr(checks, "passed", passed)
    with pytest.raises(Failed, match="no-manual-page"):
        making.packages(tmp_path / "hearth", tmp_path, tmp_path / "x.AppImage", SECONDS)


def test_what_an_earlier_release_left_is_gone(
    looked_at: list[tuple[str, str]], tmp_path: Path
) -> None:
    left = tmp_path / "build" / "packages" / "old"
    left.mkdir(parents=True)
    making.packages(tmp_path / "hearth", tmp_path, tmp_path / "x.AppImage", SECONDS)
    assert not left.exists()
