"""Long tests are named while they run, with and without workers; a hang fails in its worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.progress import Progress

ROOT = Path(__file__).parents[1]

SUITE = """
import time

def test_before():
    pass

def test_that_hangs():
    time.sleep(600)

def test_after():
    pass
"""

PLUGIN = """
from tests import progress
progress.FIRST_NOTICE = 0

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        progress.install(config)
"""


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_long_test_is_named_after_ten_seconds_and_then_ever_more_rarely() -> None:
    said: list[str] = []
    clock = Clock()
    progress = Progress(said.append, clock)
    progress.pytest_runtest_logstart("tests/test_a.py::test_long")
    noticed = []
    for _ in range(100):
        clock.now += 1
        progress.look()
        noticed.append(len(said))
    assert [n + 1 for n in range(100) if noticed[n] > (noticed[n - 1] if n else 0)] == [
        10, 20, 40, 80,
    ]  # fmt: skip
    assert said[1].strip() == "[running for 20 s: tests/test_a.py::test_long]"


def test_what_has_ended_or_died_is_not_named() -> None:
    said: list[str] = []
    clock = Clock()
    progress = Progress(said.append, clock)
    for name in ("ended", "died", "runs"):
        progress.pytest_runtest_logstart(name)
    progress.pytest_runtest_logfinish("ended")
    died = pytest.TestReport("died", ("", None, ""), {}, "failed", "", "???")  # type: ignore[arg-type]
    progress.pytest_runtest_logreport(died)
    clock.now += 15
    progress.look()
    assert said == ["\n[running for 15 s: runs]\n"]


@pytest.mark.slow
def test_a_hang_is_named_and_fails_and_the_others_run(tmp_path: Path) -> None:
    """With workers, as the whole suite runs; what is said goes to a file, as in a CI log."""
    (tmp_path / "test_suite.py").write_text(SUITE)
    (tmp_path / "conftest.py").write_text(PLUGIN)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\n")
    options = ("-n", "2", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=5")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-o", "faulthandler_exit_on_timeout=true"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    assert "[running for " in ended.stdout
    assert "crashed while running 'test_suite.py::test_that_hangs'" in ended.stdout
    assert "in test_that_hangs" in ended.stdout, "the stack tells where"
    assert "1 failed, 2 passed" in ended.stdout
