"""A build is told what to make and when, and is no build where it came out too large."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

import build
import commands
import environment
import proof
import source_time

Told = tuple[list[str], dict[str, str]]


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Told]:
    """Gives what PyInstaller was told, and its settings; nothing is built."""
    told: list[Told] = []

    def run(command: Sequence[str | Path], also_set: Mapping[str, str] | None = None) -> str:
        words = [str(part) for part in command]
        if "PyInstaller" in words:
            told.append((words, dict(also_set or {})))
        return "2.35\n" if words[1].endswith("glibc.py") else "3.11.2, here\n3.11.2, there\n"

    program = tmp_path / "Hearth"
    program.write_bytes(b"the program")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "PROGRAM", program)
    monkeypatch.setattr(environment, "prepare", lambda steps: None)
    monkeypatch.setattr(commands, "run", run)
    monkeypatch.setattr(proof, "of", lambda *program: "served after 1 s")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv(source_time.SETTING, "1764460000")
    return lambda: told[-1]


def test_it_says_what_it_made_and_which_glibc_that_needs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build.main([]) == 0
    made = "Hearth: 0.0 MB, served after 1 s, needs glibc 2.35; Python 3.11.2, there\n"
    assert capsys.readouterr().out == made
    monkeypatch.setattr(sys, "platform", "darwin")
    assert build.main([]) == 0
    assert "glibc" not in capsys.readouterr().out


def test_its_time_is_the_sources(built: Callable[[], Told]) -> None:
    build.main([])
    assert built()[1][source_time.SETTING] == "1764460000"


def test_a_time_that_is_none_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(source_time.SETTING, "now")
    assert build.main([]) == 1
    assert "Building failed: SOURCE_DATE_EPOCH is 'now'" in capsys.readouterr().err


def test_build_spec_gets_its_own_option_and_pyinstaller_the_others(
    built: Callable[[], Told],
) -> None:
    build.main(["--folder", "--log-level=INFO"])
    words = built()[0]
    assert words.index("--log-level=INFO") < words.index(str(build.ROOT / "build.spec"))
    assert words[-2:] == ["--", "--folder"]
    assert words.count("--folder") == 1
    build.main([])
    assert "--folder" not in built()[0]


def test_one_that_is_too_large_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "LARGEST", len(b"the program") - 1)
    assert build.main([]) == 1
    assert "may have 0 MB at most" in capsys.readouterr().err
    monkeypatch.setattr(build, "LARGEST", len(b"the program"))
    assert build.main([]) == 0
