"""The page below the browser: its modules in Node, what eslint and tsc say of it, and its types."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

import packages

ROOT = Path(__file__).parent.parent
UI = ROOT / "ui"
TESTS = sorted((UI / "test").glob("*.test.js"))


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Node in ui/ to its end."""
    return subprocess.run(
        [packages.node_program(), *arguments],
        cwd=UI,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name.removesuffix(".test.js"))
def test_the_modules_of_the_page(file: Path) -> None:
    ended = node("--test-reporter=spec", str(file.relative_to(UI)))
    if ended.returncode != 0:
        failures = ended.stdout.partition("failing tests:")[2] or ended.stdout + ended.stderr
        pytest.fail(failures, pytrace=False)
    assert re.search(r"(?m)^\S+ pass [1-9]", ended.stdout), "a file of tests without a test"


def test_each_test_file_is_named_after_what_it_tests() -> None:
    modules = {file.stem for file in UI.glob("lib/*.js")}
    assert {file.name.removesuffix(".test.js") for file in TESTS} <= modules
    assert len(TESTS) > 9
