"""The layout of the sources: how long a file is, and which tests are a file's own."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from statistics import median
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
LONGEST: Final = 350
"""Most lines of a source file."""
MEDIAN: Final = 120
"""Most lines of half of the source files."""


def sources(*places: str) -> list[Path]:
    found = [path for place in places for path in sorted(ROOT.glob(place)) if path.stat().st_size]
    assert found
    return found


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


PYTHON: Final = sources("launcher.py", "build.spec", "hub/**/*.py", "scripts/**/*.py")
MODULES: Final = [
    path
    for path in sources("hub/**/*.py")
    if re.search(r"^ *(def|async def|class) ", path.read_text("utf-8"), re.MULTILINE)
]
"""What has code to test: neither empty packages nor mere names of types."""


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_source_file_is_short_enough_to_be_read_at_a_time(path: Path) -> None:
    assert lines(path) <= LONGEST


def test_half_of_the_source_files_are_shorter_still() -> None:
    assert median(map(lines, PYTHON)) <= MEDIAN


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_module_has_tests_of_its_own(path: Path) -> None:
    """`hub/store/disk.py` has `tests/store/test_disk.py`, or `test_disk_` and a subject."""
    module = PurePosixPath(path.relative_to(ROOT / "hub"))
    folder = ROOT / "tests" / module.parent
    own = [x.name for x in folder.glob(f"test_{module.stem}*.py") if x.stat().st_size]
    assert [x for x in own if f"{x[:-3]}_".startswith(f"test_{module.stem}_")], f"{own}"


@pytest.mark.parametrize(
    "path",
    sources("*.md", "docs/*.md", "hub/**/*.md"),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_what_a_document_refers_to_exists(path: Path) -> None:
    named = re.findall(
        r"(?<![\w/])(?:hub|tests|scripts|ui|docs)/[\w./-]+\.\w+\b", path.read_text("utf-8")
    )
    assert [x for x in named if not (ROOT / x).exists()] == []
