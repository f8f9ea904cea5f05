"""The program: chooses scenarios, measures them in order, prints and writes the outcomes."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from commands import ROOT, say
from environment import CANNOT_START
from speed import machine
from speed.chart import chart
from speed.figures import medians
from speed.outcomes import Absent, Outcome, Scenario
from speed.report import markdown, table
from speed.scenarios import ALL, PARTS
from speed.stage import OWN_CORE, Stage

QUICK_SECONDS, SECONDS = 2.0, 5.0
QUICK_MIB, MIB = 256, 4096


def main(arguments: list[str]) -> int:
    """Give the exit status: 0 where everything was measured, whatever the figures say."""
    options = _options(arguments)
    if not sys.platform.startswith("linux") or (os.cpu_count() or 1) <= OWN_CORE:
        say("Measuring needs Linux and two cores: one for the hub, one for the load.")
        return CANNOT_START
    chosen = [x for x in ALL if not options.only or x.name in options.only]
    options.out.mkdir(parents=True, exist_ok=True)
    place = ROOT / "build"
    place.mkdir(exist_ok=True)
    os.sched_setaffinity(0, {OWN_CORE})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    with tempfile.TemporaryDirectory(prefix="bench-", dir=place) as folder:
        sync = machine.sync_time(Path(folder))
        facts = machine.facts(Path(folder), sync)
        seconds = QUICK_SECONDS if options.quick else SECONDS
        mib = options.file_mib or (QUICK_MIB if options.quick else MIB)
        stage = Stage(Path(folder), seconds, options.executable, sync[0], mib, options.nginx)
        outcomes = []
        for scenario in chosen:
            outcome = measure(scenario, stage, 1 if options.quick else scenario.times)
            outcomes.append(outcome)
            print("\n".join(table([outcome])[2:]), flush=True)
    parts = {
        name: [outcome for outcome in outcomes if outcome.scenario in scenarios]
        for name, scenarios in PARTS.items()
    }
    command = shlex.join(["python3", "scripts/bench.py", *arguments])
    report = markdown(facts, parts, 1 if options.quick else 3, command)
    (options.out / "bench.md").write_text(report, encoding="utf-8")
    (options.out / "bench.svg").write_text(chart(outcomes), encoding="utf-8")
    print(f"\n{report}")
    return 0


def measure(scenario: Scenario, stage: Stage, times: int) -> Outcome:
    """Run a scenario `times` times; a failure is shown in its row, and the next one runs."""
    runs = []
    for number in range(times):
        say(f"{scenario.name} ({number + 1} of {times}) ...")
        try:
            runs.append(scenario.measure(stage))
        except Absent as absent:
            return Outcome(scenario, {}, str(absent))
        except Exception as error:  # noqa: BLE001  (told in the table)
            return Outcome(scenario, {}, f"failed: {type(error).__name__}: {error}")
    return Outcome(scenario, medians(runs))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.py", description="Measures Hearth on this machine, and others beside it."
    )
    parser.add_argument("--quick", action="store_true", help="one short run each, not three")
    parser.add_argument("--only", metavar="NAME", nargs="+", choices=[x.name for x in ALL],
                        help="only these: " + ", ".join(x.name for x in ALL))  # fmt: skip
    parser.add_argument("--out", metavar="DIR", type=Path, default=ROOT / "docs",
                        help="where bench.md and bench.svg go (docs)")  # fmt: skip
    parser.add_argument("--executable", metavar="FILE", type=Path, default=ROOT / "dist" / "Hearth",
                        help="the packaged program (dist/Hearth)")  # fmt: skip
    parser.add_argument("--file-mib", metavar="N", type=int,
                        help=f"MiB of a large file ({MIB}, with --quick {QUICK_MIB})")  # fmt: skip
    parser.add_argument("--nginx", metavar="FILE", type=Path,
                        help="the nginx to measure beside (the system's, or Debian's)")  # fmt: skip
    return parser.parse_args(arguments)
