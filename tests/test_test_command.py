"""The test command: what runs in parallel, what `--quick` leaves out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import test as command

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("arguments", "workers", "hangs_fail"),
    [
        ([], True, True),
        (["--quick"], True, True),
        (["-q", "-x", "--durations=5"], True, True),
        (["-n0"], True, True),  # pytest takes the last -n
        (["tests/web"], True, False),
        (["-k", "fold"], True, False),
        (["--fuzz", "10000"], True, False),
        (["tests/faults", "--long"], True, False),
        (["tests/store/test_disk.py"], False, False),
        (["tests/store/test_disk.py::test_a", "-x"], False, False),
        (["-n", "2", "tests/store/test_disk.py"], False, False),
    ],
)
def test_files_and_tests_have_no_workers(
    arguments: list[str], workers: bool, hangs_fail: bool
) -> None:
    given = command.options(arguments)
    assert given[len(given) - len(arguments) :] == arguments, "pytest's own options pass through"
    assert (given[: len(command.PARALLEL)] == command.PARALLEL) is workers
    assert ("faulthandler_exit_on_timeout=true" in given) is hangs_fail


def test_the_tests_of_a_file_run_in_one_worker(tmp_path: Path) -> None:
    source = """
import os
import pytest

@pytest.mark.parametrize("number", range(8))
def test_it(number):
    with open({!r} + os.environ["PYTEST_XDIST_WORKER"], "a") as file:
        file.write("x")
"""
    for name in "abcd":
        place = f"{tmp_path}/{name}-"
        (tmp_path / f"test_{name}.py").write_text(source.format(place), encoding="utf-8")
    own = ("-c", "/dev/null", "--rootdir", str(tmp_path), "-p", "no:cacheprovider")
    subprocess.run(
        [sys.executable, "-m", "pytest", *own, *command.PARALLEL, "-n2", tmp_path], check=True
    )
    kept = [file.read_text(encoding="utf-8") for file in tmp_path.glob("?-gw*")]
    assert kept == ["x" * 8] * 4


@pytest.mark.slow
def test_the_tests_are_compiled_before_the_workers_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command.commands, "ROOT", tmp_path)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    files = [tmp_path / place / "test_a.py" for place in [*command.FIRST_HALF, "tests"]]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("def test_it():\n    assert True\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    compiled = tmp_path / "tests" / "__pycache__"
    command.compile_tests(compiled)
    for file in files:
        assert list((file.parent / "__pycache__").glob("test_a.*pytest*.pyc")), file
    before = {file: file.stat().st_mtime_ns for file in compiled.iterdir()}
    files[-1].write_text("def test_it():\n    assert 1\n", encoding="utf-8")
    command.compile_tests(compiled)
    assert {file: file.stat().st_mtime_ns for file in compiled.iterdir()} == before


def test_other_browsers_are_set_up_only_for_their_own_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepared: list[list[str]] = []
    became: list[tuple[str, ...]] = []
    monkeypatch.setattr(
        command.environment, "prepare", lambda steps: prepared.append([x.words for x in steps])
    )
    monkeypatch.setattr(command.environment, "become", lambda *given: became.append(given))
    monkeypatch.setattr(command, "compile_tests", lambda _: None)
    command.main(["-x"])
    command.main(["--browsers", "-x"])
    plain, browsers = prepared
    assert browsers == [*plain, "what drives other browsers", "other browsers"]
    assert "tests/browsers" not in became[0]
    assert became[1][-3:] == ("-x", "-n0", "tests/browsers")
    assert "--browsers" not in became[1]


@pytest.mark.slow
def test_quick_leaves_out_slow_tests_and_folders() -> None:
    """What would take longest to collect does not matter for it, and is not looked at."""
    other = [f"--ignore=tests/{name}" for name in ("access", "files", "net", "store", "web")]
    collect = ("-p", "no:cacheprovider", "--collect-only", "-q", "--quick", *other, "tests")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *collect],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    tests = [line for line in ended.stdout.splitlines() if "::" in line]
    assert any("test_files_and_tests_have_no_workers" in test for test in tests), ended.stderr
    left_out = ("tests/e2e/", "tests/desktop/", "tests/faults/")
    assert [test for test in tests if test.startswith(left_out)] == []
    assert [test for test in tests if "test_quick_leaves_out" in test] == [], "it is slow itself"
