"""What a reader may rely on in every file: rules, formatting, types, layers; and in the locks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ON_LINUX = ("bench", "mutants", "screenshots")
"""Scripts that measure, and take pictures, on Linux alone, with the packages that they are of."""
ANYWHERE = (
    *("launcher.py", "hub"),
    *(f"scripts/{x.name}" for x in sorted(ROOT.glob("scripts/*.py")) if x.stem not in ON_LINUX),
)
"""What is run on Windows and macOS too."""


@pytest.mark.parametrize(
    "command",
    [
        ("-m", "ruff", "check", "--quiet", "--output-format=concise", "."),
        ("-m", "ruff", "format", "--check", "--quiet", ".", "build.spec"),
        ("-m", "mypy"),
        *(
            ("-m", "mypy", f"--platform={system}", f"--cache-dir=.mypy_cache/{system}", *ANYWHERE)
            for system in ("win32", "darwin")
        ),
        ("-c", "from importlinter.cli import lint_imports_command as main; main()"),
    ],
    ids=["rules", "format", "types", "types-on-windows", "types-on-macos", "layers"],
)
def test_sources_keep_their_promises(command: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_everything_locked_is_pinned_by_hash() -> None:
    for lock in ROOT.glob("requirements*.txt"):
        text = lock.read_text(encoding="utf-8")
        entries = [part for part in text.replace("\\\n", " ").splitlines() if part[:1].isalnum()]
        assert entries, f"{lock.name} pins nothing"
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries), lock.name


def test_the_locks_name_no_place_to_download_from() -> None:
    locks = ROOT.glob("requirements*.txt")
    assert [lock.name for lock in locks if "://" in lock.read_text(encoding="utf-8")] == []
    page = json.loads((ROOT / "ui" / "package-lock.json").read_text(encoding="utf-8"))
    for name, entry in page["packages"].items():
        entry.pop("funding", None)  # where to give, which npm notes beside what it locks
        assert "://" not in json.dumps(entry), name
        assert not name or entry["integrity"].startswith("sha512-"), name
