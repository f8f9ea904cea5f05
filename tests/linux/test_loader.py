"""The loader of the one file is built once, from locked sources, with a part of our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import commands
import packages
from commands import Failed
from linux import loader


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "a place" / "loader"
    monkeypatch.setattr(packages, "RECORD", tmp_path / "hearth.json")
    monkeypatch.setattr(loader, "PLACE", place)
    monkeypatch.setattr(loader, "PROGRAM", place / "run")
    return place


def test_it_is_built_once_with_our_part(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[tuple[str, ...]] = []

    def run(command: Sequence[str | Path]) -> str:
        Path(command[-1]).write_text("our part")
        return ""

    def install(*arguments: str, settings: Mapping[str, str]) -> None:
        built.append(arguments)
        assert Path(settings["LDFLAGS"].strip("'")).read_text() == "our part"
        made = Path(arguments[arguments.index("--target") + 1], "PyInstaller/bootloader/Linux-64")
        made.mkdir(parents=True)
        (made / "run").write_text("the loader")
        (made / "run_d").touch()

    monkeypatch.setattr(commands, "run", run)
    monkeypatch.setattr(packages, "pip_install", install)
    step = loader.step()
    assert not step.done()
    step.make()
    assert loader.step().done()
    assert [path.read_text() for path in place.iterdir()] == ["the loader"]
    (arguments,) = built
    assert {"--require-hashes", "--no-binary=pyinstaller"} <= set(arguments)
    (place / "run").unlink()
    assert not loader.step().done()


def test_without_a_compiler_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failed, match=r"\bcc\b"):
        loader.step().make()
    assert not loader.step().done()


def test_it_is_built_anew_where_its_sources_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: Path
) -> None:
    place.mkdir(parents=True)
    (place / "run").touch()
    monkeypatch.setattr(loader, "SOURCE", tmp_path / "part.c")
    sources = (loader.ROOT / loader.LOCK).read_bytes()
    (tmp_path / "part.c").write_bytes(b"old")
    packages.recorded("loader", "", lambda: sources + b"old", lambda: None).make()
    assert loader.step().done()
    (tmp_path / "part.c").write_bytes(b"new")
    assert not loader.step().done()
