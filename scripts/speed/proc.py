"""A process under Linux: its processor time, its memory, and the core that it is pinned to."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from speed.figures import CPU, GENERATOR, MEMORY, Figures


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """Pins what is started within to that core, with all its threads."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {number})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def allow_sockets(number: int) -> None:
    """Raise the limit of descriptors for this process and its hubs; ValueError where it may not."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(number, most), max(number, most)))
    except (ValueError, PermissionError):
        raise ValueError(f"this system lets a process hold {most} sockets, not {number}") from None


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads, in steps of 10 ms (proc(5), fields 14 and 15)."""
    total = 0
    for process in _family(pid):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def memory_mib(pid: int) -> float:
    """Proportional set size: what is shared with others counts in parts."""
    total = 0
    for process in _family(pid):
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
        total += sum(int(size) for size in re.findall(r"^Pss:\s+(\d+) kB", told, re.MULTILINE))
    return total / 1024


def _family(pid: int) -> list[int]:
    """A process and its descendants: a one-file program runs as a child of its unpacker."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


class Meter:
    """Processor time of a server and of this process since the meter was made.

    A generator that waits by polling is not busy: the seconds it polled are `idle`, and deducted.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._began = time.perf_counter()
        self._server = cpu_seconds(pid)
        self._own = time.process_time()

    def read(self, idle: float = 0.0) -> Figures:
        wall = time.perf_counter() - self._began
        return {
            CPU: 100 * (cpu_seconds(self._pid) - self._server) / wall,
            MEMORY: memory_mib(self._pid),
            GENERATOR: max(0.0, 100 * (time.process_time() - self._own - idle) / wall),
        }
