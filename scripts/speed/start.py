"""From the start of the process to the first page served, with a warm file cache."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from speed.figures import MEMORY, Figures
from speed.outcomes import Absent
from speed.proc import memory_mib
from speed.stage import LAUNCHER, Stage


def checkout(stage: Stage) -> Figures:
    return _start(stage, LAUNCHER)


def one_file(stage: Stage) -> Figures:
    """The packaged program, which unpacks itself first."""
    if stage.executable is None or not stage.executable.exists():
        raise Absent("no program was built: python3 scripts/build.py makes dist/Hearth")
    return _start(stage, (stage.executable,))


def _start(stage: Stage, program: Sequence[Path]) -> Figures:
    began = time.perf_counter()
    with stage.hub(program=program) as hub:
        with urllib.request.urlopen(f"{hub.running.address}/general", timeout=30) as page:
            if b"<html" not in page.read():
                raise RuntimeError("that was not the page")
        took = time.perf_counter() - began
        return {"s": took, MEMORY: memory_mib(hub.pid)}
