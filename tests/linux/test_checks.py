"""A distribution's tool is heard where it is there, and missed aloud where it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from commands import Failed
from linux import checks

SAYS = "import sys; print('E: ' + sys.argv[1]); sys.exit({})"


def test_what_it_finds_is_told(tmp_path: Path) -> None:
    tool = (sys.executable, "-c", SAYS.format(2))
    with pytest.raises(Failed, match=r"E: \S+hearth\.deb"):
        checks.passed(tool, tmp_path / "hearth.deb")


def test_nothing_found_is_passed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.passed((sys.executable, "-c", SAYS.format(0)), tmp_path / "hearth.deb")
    assert capsys.readouterr().err == ""


def test_a_tool_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert not checks.passed(("no-such-tool",), Path("hearth.deb"))
    told = "hearth.deb was not looked at: this machine lacks no-such-tool.\n"
    assert capsys.readouterr().err == told
