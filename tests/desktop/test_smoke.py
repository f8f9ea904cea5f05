"""What tries a release where it was not built: it passes what works, and nothing else."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import proof
import smoke
from commands import Failed
from tests.desktop.conftest import ROOT
from tests.program import HEARTH

HUB = """
import json, os, sys, time
rooms = next(x.removeprefix("--rooms=") for x in sys.argv if x.startswith("--rooms="))
os.mkdir(f"{rooms}/hub")
def note(by, do, end="\\n"):
    with open(f"{rooms}/hub/audit.jsonl", "a") as file:
        file.write(json.dumps({"by": by, "do": do}) + end)
print("Hearth 1 is at http://127.0.0.1:1/general", flush=True)
"""
"""A program that says where it is, and serves nothing."""


def a_hub(folder: Path, *lines: str) -> tuple[str, Path]:
    """The command for a program that does this once it has said where it is."""
    file = folder / "hub.py"
    file.write_text("\n".join([HUB, *lines]))
    return sys.executable, file


def test_without_a_screen_the_rest_is_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one, tests/desktop/test_executable.py has the executable tried."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.chdir(ROOT)
    assert smoke.main([*HEARTH]) == 0
    shown = capsys.readouterr()
    assert re.fullmatch(
        r"\S+: served after \d\.\d+ s, again after .*; there is no screen for a window\n", shown.out
    )
    assert shown.err == ""


def test_what_does_not_serve_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke.main([str(x) for x in a_hub(tmp_path)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "It does not work: http://127.0.0.1:1/api/health answered" in shown.err


def test_something_else_that_answers_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "_ask", lambda address: b'{"app": "another"}')
    with pytest.raises(Failed, match="does not say that it is well"):
        proof.of(*a_hub(tmp_path, "time.sleep(60)"))


@pytest.mark.parametrize("arguments", [[], ["nowhere/Hearth"], ["scripts"]])
def test_a_program_that_is_not_there_is_asked_for(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert smoke.main(arguments) == 2
    assert "scripts/smoke.py PROGRAM" in capsys.readouterr().err


def test_a_page_in_a_browser_is_no_window(tmp_path: Path) -> None:
    program = a_hub(tmp_path, "note('a browser on this computer', 'opened')", "time.sleep(60)")
    with pytest.raises(Failed, match="came up in a browser on this computer"):
        proof.window(*program)


def test_a_page_that_does_not_come_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that is being written, or of something else, is none of its coming."""
    monkeypatch.setattr(proof, "PATIENCE", 1.5)
    own = repr(proof.OWN_WINDOW)
    program = a_hub(
        tmp_path, f"note({own}, 'named')", f"note({own}, 'opened', '')", "time.sleep(60)"
    )
    with pytest.raises(Failed, match="came up nowhere"):
        proof.window(*program)


def test_a_program_that_ends_before_its_page_comes_fails(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="came up nowhere; it said:\nHearth 1 is at"):
        proof.window(*a_hub(tmp_path))
