"""The man page has every option and setting of the program, and is one to man."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands import ROOT, Failed
from hub.config import describe
from linux import manual

SECONDS = 1764460000
HELP = """usage: Hearth [-h]

positional arguments:
  ROOM           room to open (general)

options:
  -h, --help     show this
  --rooms DIR    .folder of 'a\\b'

settings:
names  (empty)  further names
size   1 GiB    how large
"""


@pytest.fixture(scope="module")
def told() -> str:
    """What the program says of its options."""
    return subprocess.run(
        [sys.executable, "launcher.py", "--help"],
        cwd=ROOT,
        env={**os.environ, **manual.HELP},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout


def test_it_has_every_option_and_setting(told: str) -> None:
    page = manual.page(told, SECONDS)
    options = ("host", "port", "rooms", "check", r"reset\-host", r"no\-window", "browser", "set")
    for option in options:
        assert rf"\fB\-\-{option}\fR" in page
    for line in describe().splitlines():
        assert rf"\fB{line.split()[0]}\fR" in page


def test_man_has_nothing_to_say_against_it(told: str, tmp_path: Path) -> None:
    if not shutil.which("mandb"):
        pytest.skip("needs man-db")
    file = tmp_path / "hearth.1"
    file.write_text(manual.page(told, SECONDS), encoding="utf-8")
    ended = subprocess.run(
        ["man", "--warnings", "--encoding=UTF-8", "--local-file", file],
        env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANPAGER": "cat"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "hearth - chat with everyone" in ended.stdout


def test_a_text_is_no_command_to_roff() -> None:
    page = manual.page(HELP, SECONDS)
    assert "\n.TP\n\\fB\\-\\-rooms\\fR \\fIDIR\\fR\n\\&.folder of 'a\\eb'\n" in page
    assert "\n[\\fIROOM\\fR]\n[\\fB\\-\\-help\\fR]\n" in page
    assert "\n.TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nshow this\n" in page
    assert "\n\\fBnames\\fR (empty)\nfurther names\n" in page
    assert page.startswith('.TH HEARTH 1 "2025\\-11\\-29"'.replace("\\-", "-"))


@pytest.mark.parametrize(
    "wrong",
    [
        HELP.replace("positional arguments:", "arguments:"),
        HELP.replace("  -h, --help     show this", "  -h, --help\n      show this"),
        HELP.replace("size   1 GiB    how large", "size"),
        "",
    ],
    ids=["no heading", "on two lines", "a setting alone", "nothing"],
)
def test_another_help_is_refused(wrong: str) -> None:
    with pytest.raises(Failed, match="has no rows of"):
        manual.page(wrong, SECONDS)
