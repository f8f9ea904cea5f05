"""How long faults are tried: a short run by default, a long one by option."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.disk import Disk, NoDisk

MakeDisk = Callable[..., Disk]


class _Run(NamedTuple):
    """An option and its defaults: for a short run, and with `--long`."""

    short: int
    long: int
    what: str


RUNS = {
    "kill-cycles": _Run(6, 1000, "how often a hub under load is killed"),
    "file-kills": _Run(3, 500, "how often a hub is killed to which files are sent"),
    "power-cycles": _Run(1, 67, "how often the power fails twice, on each of three file systems"),
    "states": _Run(1, 40, "how many states of a recorded disk are tried for each moment"),
    "start-pairs": _Run(5, 200, "how often two starts race for one folder"),
    "nuls": _Run(60, 8192, "how many counts of NULs, spread from 1 to 8,192, end a file"),
    "flips": _Run(4000, 10**9, "how many of the bits of a file are flipped at most"),
    "rooms-at-once": _Run(300, 2000, "how many rooms a hub with 256 descriptors has"),
    "asleep": _Run(4, 60, "how many seconds a hub or a client is stopped"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults", "tests/faults (name the folder on the command line)")
    for name, run in RUNS.items():
        told = f"{run.what} ({run.short}; {run.long} with --long)"
        group.addoption(f"--{name}", type=int, metavar="N", help=told)


def _times(name: str) -> Callable[[pytest.FixtureRequest], int]:
    @pytest.fixture(name=name.replace("-", "_"))
    def times(request: pytest.FixtureRequest) -> int:
        # The options are unknown where the folder was only found and not named.
        option = request.config.getoption
        asked: int | None = option(name.replace("-", "_"), None)
        long = option("long", default=False)
        return asked if asked is not None else (RUNS[name].long if long else RUNS[name].short)

    return times


kill_cycles = _times("kill-cycles")
file_kills = _times("file-kills")
power_cycles = _times("power-cycles")
states = _times("states")
start_pairs = _times("start-pairs")
nuls = _times("nuls")
flips = _times("flips")
asleep = _times("asleep")
rooms_at_once = _times("rooms-at-once")


@pytest.fixture
def make_disk(tmp_path: Path) -> Iterator[MakeDisk]:
    """Makes disks in files, on which the power can fail; removes them."""
    if not sys.platform.startswith("linux"):
        pytest.skip("a disk of one's own needs Linux")
    made: list[Disk] = []

    def make(name: str = "disk", megabytes: int = 64, kind: str = "ext4") -> Disk:
        try:
            made.append(Disk(tmp_path / name, megabytes, kind))
        except NoDisk as why:
            pytest.skip(f"no disk can be mounted here: {why}")
        return made[-1]

    yield make
    for disk in made:
        disk.close()
