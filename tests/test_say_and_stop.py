"""It finds what was said, says its own sentence, and stops Hearth."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import say_and_stop
from commands import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Hearth is installed on Linux")


def lives(folder: Path, command: str, *words: str) -> subprocess.CompletedProcess[str]:
    """One visit, where `hearth` is this command."""
    program = folder / "hearth"
    program.write_text(f"#!/bin/sh\n{command}\n")
    program.chmod(0o755)
    return subprocess.run(
        [sys.executable, "-S", say_and_stop.__file__, *words],
        env={**os.environ, "PATH": f"{folder}:/usr/bin:/bin"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_what_is_said_is_found_at_the_next_visit(tmp_path: Path) -> None:
    rooms = tmp_path / "rooms"
    hearth = f'exec "{sys.executable}" "{ROOT}/launcher.py" --port=0 --rooms="{rooms}" "$@"'
    first, second = (lives(tmp_path, hearth, x) for x in ("One", "Two"))
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert (second.returncode, second.stdout) == (0, "One\n"), second.stderr
    assert not (rooms / "hub" / "running.json").exists(), "it did not stop"


@pytest.mark.slow
def test_another_program_is_started_and_a_command_run_meanwhile(tmp_path: Path) -> None:
    rooms = tmp_path / "rooms"
    hearth = [sys.executable, f"{ROOT}/launcher.py", "--port=0", f"--rooms={rooms}"]
    meanwhile = f"--meanwhile=sh -c 'test -e {rooms}/hub/running.json && exit 7'"
    ended = lives(tmp_path, "exit 1", meanwhile, "One", *hearth)
    assert (ended.returncode, ended.stdout) == (0, "status 7\n"), ended.stderr


def test_a_hearth_that_does_not_start_is_told(tmp_path: Path) -> None:
    ended = lives(tmp_path, "echo no; exit 1", "One")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Hearth did not start" in ended.stderr
