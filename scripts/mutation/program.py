"""The command line of mutation testing."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from mutation.contexts import FOLDER
from mutation.nearest import Nearest
from mutation.operators import Mutant, mutants
from mutation.trial import Copy

ROOT: Final = Path(__file__).resolve().parent.parent.parent
LEFT_OUT: Final = (
    "tests/e2e", "tests/desktop/test_executable.py", "tests/desktop/test_window.py",
    "tests/desktop/test_host_window.py", "tests/faults", "tests/net/test_mdns.py",
    "tests/test_bench.py", "tests/test_launcher.py", "tests/test_offline.py", "tests/test_page.py",
    "tests/test_progress.py", "tests/test_quality.py", "tests/test_scripts.py",
    "tests/test_test_command.py",
)  # fmt: skip
"""Tests that run little of hub/ in their own process, or take too long to be run often."""


def main(arguments: list[str]) -> int:
    """Try a sample of mutants; gives 0 if the tests noticed enough of them."""
    asked = _options(arguments)
    folder = Path(tempfile.mkdtemp(prefix="hearth-mutants-"))
    try:
        if asked.again:
            sample = [Mutant(**x) for x in json.loads(asked.again.read_text("utf-8"))]
        else:
            sample = _sample(asked.only, asked.sample, asked.seed)
        nearest = Nearest(_map(asked.map, folder, asked.tests), ROOT)
        survived = _try_all(sample, nearest, folder, asked.jobs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    share = 1 - len(survived) / len(sample)
    print(f"{len(sample) - len(survived)} of {len(sample)} mutants were noticed: {share:.1%}")
    if asked.out:
        asked.out.write_text(json.dumps([asdict(x) for x in survived], indent=1), "utf-8")
    return 0 if share >= asked.least else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("mutants.py", description="Do the tests notice faults?")
    parser.add_argument("--sample", type=int, default=300, help="how many mutants (300)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    parser.add_argument("--only", nargs="*", default=["hub"], help="files or folders (hub)")
    parser.add_argument("--tests", nargs="*", default=["tests"], help="by which (tests)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at a time")
    parser.add_argument("--least", type=float, default=0.9, help="share to be noticed (0.9)")
    parser.add_argument("--map", type=Path, help="keep in DIR which test runs what")
    parser.add_argument("--out", type=Path, help="write those that nothing noticed to FILE")
    parser.add_argument("--again", type=Path, help="try those of FILE, written by --out")
    return parser.parse_args(arguments)


def _sample(only: list[str], count: int, seed: int) -> list[Mutant]:
    """So many mutants, chosen by chance from all, the same ones for the same code and seed."""
    files = [
        file.relative_to(ROOT).as_posix()
        for path in only
        for file in sorted((ROOT / path).rglob("*.py") if (ROOT / path).is_dir() else [ROOT / path])
    ]
    every = [mutant for file in files for mutant in mutants(ROOT, file)]
    print(f"{len(every)} mutants in {len(files)} files", flush=True)
    chance = random.Random(seed)  # noqa: S311  (nobody has to guess it)
    return chance.sample(every, min(count, len(every)))


def _map(kept: Path | None, folder: Path, tests: list[str]) -> Path:
    """Run the tests once to learn which of them run which line."""
    folder = kept or folder / "map"
    if (folder / "seconds.json").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    print("Running the tests once, to learn which lines each of them runs ...", flush=True)
    environment = {**os.environ, FOLDER: str(folder), "PYTHONPATH": str(ROOT / "scripts")}
    ignored = [f"--ignore={path}" for path in LEFT_OUT]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "mutation.contexts"]
    subprocess.run([*command, *ignored, *tests], cwd=ROOT, env=environment, check=True)
    return folder


def _try_all(sample: list[Mutant], nearest: Nearest, folder: Path, jobs: int) -> list[Mutant]:
    copies: SimpleQueue[Copy] = SimpleQueue()
    for job in range(jobs):
        copies.put(Copy(ROOT, folder / str(job)))
    chosen = [nearest.tests(mutant) for mutant in sample]
    began = time.monotonic()

    def one(at: int) -> bool:
        copy = copies.get()
        try:
            noticed = copy.notices(sample[at], *chosen[at])
        finally:
            copies.put(copy)
        if not noticed:
            mutant = sample[at]
            line = (ROOT / mutant.file).read_text("utf-8")[mutant.start : mutant.end]
            was, now = (" ".join(x.split())[:70] for x in (line, mutant.text))
            count = len(chosen[at][0])
            print(f"{mutant.file}:{mutant.line}: {mutant.what}: {was!r} -> {now!r} ({count} tests)",
                  flush=True)  # fmt: skip
        elif at % 20 == 19:
            print(
                f"... {at + 1} of {len(sample)} after {time.monotonic() - began:.0f} s", flush=True
            )
        return noticed

    with ThreadPoolExecutor(jobs) as pool:
        noticed = list(pool.map(one, range(len(sample))))
    return [mutant for mutant, seen in zip(sample, noticed, strict=True) if not seen]
