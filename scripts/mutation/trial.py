"""Runs the tests of a mutant in a copy of the checkout."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from mutation.operators import Mutant

MEMORY: Final = 6 << 30
"""Most bytes of address space that the tests of a mutant may take."""
SLOWER: Final = 4
"""How many times as long as usual the tests of a mutant may take before it counts as noticed."""


class Copy:
    """A copy of a checkout in a folder, in which one mutant at a time is tried."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._folder = folder / "hearth"
        tracked = subprocess.run(
            ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
        )
        for name in filter(None, tracked.stdout.split("\0")):
            if (root / name).is_file():
                (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, self._folder / name)
        (self._folder / ".venv").symlink_to(root / ".venv")
        (self._folder / "ui" / "node_modules").symlink_to(root / "ui" / "node_modules")

    def notices(self, mutant: Mutant, tests: list[str], seconds: float) -> bool:
        """Whether one of the tests fails, or they do not end, with this fault in the code."""
        file = self._folder / mutant.file
        original = file.read_text("utf-8")
        file.write_text(mutant.source(original), "utf-8")
        try:
            return bool(tests) and not self._pass(tests, 30 + SLOWER * seconds)
        finally:
            file.write_text(original, "utf-8")

    def _pass(self, tests: list[str], seconds: float) -> bool:
        options = ("-x", "-q", "-p", "no:cacheprovider")
        running = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=self._folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_bounded,  # noqa: PLW1509  (no other thread of ours holds a lock meanwhile)
        )
        try:
            return running.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            try:
                os.killpg(running.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            running.wait()


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
