"""Which tests could notice a fault in a line: those that run it, the nearest first."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path, PurePosixPath
from typing import Final

import coverage

from mutation.operators import Mutant

SECONDS: Final = 60.0
"""About how long the tests of one mutant take at most, in seconds."""


class Nearest:
    """Made from the folder that `mutation.contexts` wrote into; `root` is the checkout."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._root = root
        self._data = coverage.CoverageData(str(folder / "coverage"))
        self._data.read()
        self._seconds: dict[str, float] = json.loads((folder / "seconds.json").read_text("utf-8"))
        self._of_file: dict[str, list[str]] = defaultdict(list)
        for test in self._seconds:
            self._of_file[test.partition("::")[0]].append(test)
        self._lines: dict[str, dict[int, list[str]]] = {}

    def tests(self, mutant: Mutant) -> tuple[list[str], float]:
        """The tests to run for a mutant, and about how many seconds they take."""
        own = self._mirrors(mutant.file)
        covering = self._covering(mutant) or self._naming(mutant.file)
        covering.sort(key=lambda test: (test.partition("::")[0] not in own, self._seconds[test]))
        chosen: list[str] = []
        seconds = 0.0
        for test in covering:
            seconds += self._seconds[test]
            if chosen and seconds > SECONDS:
                break
            chosen.append(test)
        return chosen, min(seconds, SECONDS)

    def _covering(self, mutant: Mutant) -> list[str]:
        """The tests that run these lines; none for what is run once, as a module is imported."""
        if mutant.file not in self._lines:
            whole = str(self._root / mutant.file)
            self._lines[mutant.file] = self._data.contexts_by_lineno(whole)
        by_line = self._lines[mutant.file]
        lines = range(mutant.line, mutant.last_line + 1)
        found = {test for line in lines for test in by_line.get(line, ()) if test in self._seconds}
        at_import = any("" in by_line.get(line, ()) for line in lines)
        return [] if at_import else sorted(found)

    def _mirrors(self, file: str) -> set[str]:
        """The test files of a source file: of the same folder and name, or what follows on it."""
        path = PurePosixPath(file)
        folder = PurePosixPath("tests", *path.parts[1:-1])
        return {
            test
            for test in self._of_file
            if PurePosixPath(test).parent == folder
            and (f"{PurePosixPath(test).stem}_").startswith(f"test_{path.stem}_")
        }

    def _naming(self, file: str) -> list[str]:
        """The tests of the files that name a module, its own test files among them."""
        module = ".".join(PurePosixPath(file).with_suffix("").parts)
        parent, _, name = module.rpartition(".")
        named = (module, f"from {parent} import {name}")
        found = self._mirrors(file)
        for test in self._of_file:
            text = (self._root / test).read_text("utf-8")
            if any(x in text for x in named):
                found.add(test)
        return [test for file in sorted(found) for test in self._of_file[file]]
