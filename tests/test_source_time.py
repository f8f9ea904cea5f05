"""Builds bear the time of their commit, or what the caller says, and none where nobody knows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import commands
import source_time
from commands import Failed


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of the checkout; nothing is set."""
    monkeypatch.setattr(commands, "ROOT", tmp_path)
    monkeypatch.delenv(source_time.SETTING, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return tmp_path


def test_it_is_the_commits(checkout: Path) -> None:
    who = ["-c", "user.name=Naor", "-c", "user.email=naor@example.org"]
    for words in (["init", "-q"], [*who, "commit", "-q", "--allow-empty", "-m", "One"]):
        subprocess.run(["git", *words], cwd=checkout, check=True)
    told = subprocess.run(
        ["git", "show", "-s", "--format=%ct"], cwd=checkout, check=True, capture_output=True
    )
    assert source_time.source_time() == int(told.stdout)
    assert source_time.settings() == {source_time.SETTING: told.stdout.decode().strip()}


def test_what_is_set_already_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(source_time.SETTING, "1234567890")
    assert source_time.source_time() == 1234567890


@pytest.mark.parametrize("told", ["yesterday", "-1", "1e9", "١"])
def test_what_is_set_wrongly_is_named(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(source_time.SETTING, told)
    with pytest.raises(Failed, match="takes seconds since 1970"):
        source_time.source_time()


def test_sources_without_a_history_have_none() -> None:
    assert source_time.source_time() is None
    assert source_time.settings() == {}


def test_it_is_written_as_the_world_reads_it() -> None:
    assert source_time.written(0) == "1970-01-01T00:00:00Z"
    assert source_time.written(1764460000) == "2025-11-29T23:46:40Z"


def test_without_git_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert source_time.source_time() is None
